import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface TranscriptStep {
  readonly stack?: string;
  readonly event?: 'Create' | 'Update' | 'Delete';
  readonly to?: 'Resource' | 'Outcome';
  readonly properties?: unknown;
  readonly oldProperties?: unknown;
  readonly PhysicalResourceId?: string;
  readonly RequestId?: string;
  readonly answered?: boolean;
  readonly expect?: 'SUCCESS' | 'FAILED';
  readonly launched?: readonly string[];
  readonly stopped?: readonly string[];
  readonly reasonHas?: readonly string[];
  readonly reason?: string;
  readonly neverLeftRunning?: readonly string[];
  readonly tagsApplied?: boolean;
  readonly dataRepeated?: boolean;
  readonly artifactsKept?: readonly string[];
  readonly derivedArtifact?: boolean;
  readonly answersIdentical?: boolean;
  readonly atLeastOneAnswer?: boolean;
  readonly sagemaker?: string;
  readonly fault?: string;
  readonly after?: string;
}

export interface Transcript {
  readonly name: string;
  readonly confidence: string;
  readonly steps: readonly TranscriptStep[];
  readonly note?: string;
}

/** Event sequences of CloudFormation, written from AWS's documents and from issues, independently of this code. */
export function transcripts(): readonly Transcript[] {
  const file = join(__dirname, '..', 'transcripts', 'cloudformation-transcripts.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { paths: Transcript[] }).paths;
}
