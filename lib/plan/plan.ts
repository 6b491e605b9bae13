/** What a deployment will do, as `plan` answers it: data alone, for people and programs. */
export interface Plan {
  readonly stacks: readonly StackPlan[];
}

/** What a deployment of one stack will do. */
export interface StackPlan {
  /** What the CDK calls it: `Stage/Stack`. */
  readonly path: string;
  readonly stackName: string;
  /** What it is compared with, for people: `the local AWS`, `123456789012/eu-west-1`, the folder of an assembly. */
  readonly comparedWith: string;
  /** Whether the stack is there on the other side. */
  readonly isDeployed: boolean;
  /** Why nothing can be deployed as it is; what is said of jobs and endpoints is for when it can be. */
  readonly refused?: string;
  /** Why the deployment of the stack will fail after it has begun, whatever becomes of its jobs: what has run by then is rolled back. */
  readonly fails?: string;
  readonly jobs: readonly JobPlan[];
  readonly endpoints: readonly EndpointPlan[];
}

/**
 * What becomes of a job.
 *
 * `launches`: the construct is new, and no such run is there. `retrains`: another run than the one that is deployed, and it is not there yet.
 * `adopts`: another run, which is trained, or in training, already. `in-place`: the same run, whose tags and the like change.
 * `unchanged`: the same run, and SageMaker is told nothing of what changes. `stops`: the construct goes; what runs, or may run, is stopped. `leaves`: the construct goes, and its job has ended.
 * `unknown`: it hangs on values that only the deployment knows. `fails`: the deployment will be refused at this job, for `reason`.
 * `blocked`: it needs what fails, or goes when all else is done: nothing becomes of it.
 */
export type JobVerdict = 'launches' | 'retrains' | 'adopts' | 'in-place' | 'unchanged' | 'stops' | 'leaves' | 'unknown' | 'fails' | 'blocked';

/** A member that differs; a side that does not have it has no text. */
export interface MemberChange {
  /** `HyperParameters.epochs`, `InputDataConfig.train.DataSource.S3DataSource.S3Uri`. */
  readonly path: string;
  readonly old?: string;
  readonly new?: string;
  /** Whether it determines the result of the job: whether it is why it runs again. */
  readonly counts: boolean;
}

/** What becomes of one job. */
export interface JobPlan {
  readonly path: string;
  readonly logicalId: string;
  /** `TrainingJob`, `HyperParameterTuningJob`, `TransformJob`, `ProcessingJob`. */
  readonly kind: string;
  readonly verdict: JobVerdict;
  readonly changes: readonly MemberChange[];
  /** The job that there is. */
  readonly oldJob?: string;
  /** The job that there will be, where its name is known before. */
  readonly newJob?: string;
  /** What the verdict hangs on, where it is unknown: `the ARN of Digits/Bucket`. */
  readonly hangsOn: readonly string[];
  /** Why, where the changes do not say it: `digits-train-0123456789 has failed`. */
  readonly reason?: string;
  /** At most so much, where something is launched. */
  readonly usage?: Usage;
}

/** The upper bound of what something that runs may use. */
export interface Usage {
  /** By instance type. An endpoint has no end: its hours are those of a month (730), and `isRunning` says so. */
  readonly instances: readonly { readonly instanceType: string; readonly hours?: number }[];
  /** Of all of them together: less than their sum where one may run in place of another. Not there where there is no bound. */
  readonly hours?: number;
  readonly isRunning: boolean;
  /** Why there is no bound, where there is none: `a transform job has no time limit`. */
  readonly unbounded?: string;
  /** In the currency of the price list, where one is given and has all of them. */
  readonly cost?: number;
  /** What the price list that is given has no price of: `ml.m5.large`, `what is serverless`. */
  readonly unpriced?: readonly string[];
}

export type EndpointVerdict = 'creates' | 'updates' | 'replaces' | 'deletes' | 'unchanged' | 'unknown' | 'blocked';

/** What becomes of one endpoint. */
export interface EndpointPlan {
  readonly path: string;
  readonly logicalId: string;
  readonly verdict: EndpointVerdict;
  /** How it is updated: `blue/green, all at once`, `canary of 10 % for 10 minutes`, `rolling`. */
  readonly how?: string;
  /** The models of each variant, before and after. */
  readonly models: readonly { readonly variant: string; readonly old?: string; readonly new?: string }[];
  readonly changes: readonly MemberChange[];
  readonly hangsOn: readonly string[];
  readonly usage?: Usage;
  /** Of the one that there is. */
  readonly oldUsage?: Usage;
}
