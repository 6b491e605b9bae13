import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Construct, IDependable } from 'constructs';
import type { JobKindName } from './limits/job-kinds';
import type { ModelData } from './model-data';
import type { QualityGate } from './quality-gate';
import type { Served } from './trained-model';
import type { ArtifactSource } from './training-job-artifact';

/** A job as a workflow launches it: what the construct of the same kind would ask for. */
export interface RetrainingJob {
  readonly kind: JobKindName;
  /** What errors about it are about. */
  readonly scope: Construct;
  readonly namePrefix: string;
  readonly request: { readonly [member: string]: unknown };
  readonly jobNameIn: readonly string[];
  /** The roles that are handed on. */
  readonly roles: readonly IRole[];
  readonly metricNames: readonly string[];
  /** Its own, where the workflow has none. */
  readonly gate?: QualityGate;
  readonly acceptTimeLimit: boolean;
  /** How long it takes at most; no number where nothing says so. */
  readonly longestSeconds: number;
  readonly dependencies: readonly IDependable[];
  readonly volumeKeys: readonly string[];
  /** The final value of a metric of the job that the stack has run itself, if it waits for one. */
  readonly deployed?: (metricName: string) => string;
  /** What it makes, if it makes a model. */
  readonly trained?: { readonly artifact: Omit<ArtifactSource, 'uri'>; readonly served: (modelData: ModelData) => Served };
}
