import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { JobKindFacts } from '../limits/job-kinds';
import type { MetricDefinition } from './metrics';

/** A change of a job's secondary status. */
export interface Transition {
  readonly status: string;
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end?: number;
}

/** What SageMaker has as the last value of a metric. */
export interface FinalMetric {
  readonly name: string;
  readonly value: number;
}

/** What all kinds of job have in common, as it is shown. Times are milliseconds since 1970. */
export interface JobView {
  readonly name: string;
  readonly arn: string;
  /** `InProgress`, `Completed`, `Failed`, `Stopping` or `Stopped`. */
  readonly status: string;
  readonly secondaryStatus?: string;
  readonly reason?: string;
  readonly created: number;
  readonly modified: number;
  readonly transitions: readonly Transition[];
  /** When billing began. */
  readonly started?: number;
  readonly ended?: number;
  /** Nothing for a job that has none of its own. */
  readonly instances?: number;
  /** Of one instance, as SageMaker counts them. */
  readonly trainingSeconds?: number;
  readonly billableSeconds?: number;
  readonly isSpot?: boolean;
  readonly metricDefinitions: readonly MetricDefinition[];
  readonly finalMetrics: readonly FinalMetric[];
  /** How it stands, as only this kind of job can say it: for people, and as members of a JSON document. */
  readonly standing?: { readonly texts: readonly string[]; readonly data: object };
}

/** A part of `describe`: a label, and rows of cells below each other. */
export interface Section {
  readonly label: string;
  readonly rows: readonly (readonly string[])[];
}

/** A Describe call's answer. */
export type Document = { readonly [member: string]: unknown };

/** All that differs between the kinds of job. Code that reads a row exists once. */
export interface JobKind extends Pick<JobKindFacts, 'noun' | 'arnType' | 'longestName' | 'logGroup' | 'logStreams' | 'page'> {
  /** Whether a stream that begins so is the job's. @default - all are */
  readonly isLogStream?: (name: string, stream: string) => boolean;
  readonly describe: (client: SageMakerClient, name: string) => Promise<Document>;
  /** Names with this part, the newest first, a page at a time. */
  readonly list: (client: SageMakerClient, part: string, page?: string) => Promise<{ readonly jobs: readonly ListedJob[]; readonly next?: string }>;
  readonly view: (document: Document) => JobView;
  /** What `describe` shows of this kind alone. */
  readonly sections: (document: Document) => Section[];
}

export interface ListedJob {
  readonly name: string;
  readonly arn: string;
}

const ENDED: ReadonlySet<string> = new Set(['Completed', 'Failed', 'Stopped', 'Deleting', 'DeleteFailed']);
/** A word that this version does not know is a job that runs. */
export const hasEnded = ({ status }: Pick<JobView, 'status'>) => ENDED.has(status);

/** Milliseconds since 1970. */
export const timeOf = (date: Date | undefined) => date?.getTime();
