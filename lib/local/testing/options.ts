import type { Time } from './time';

export interface LocalSageMakerOptions {
  /** Where everything is kept; another one on the same folder goes on with it. @default - a temporary folder, which goes away */
  readonly folder?: string;
  /** @default us-east-1 */
  readonly region?: string;
  /** `real`: time passes by itself, and faster by `clock.advance`. `virtual`: it stands still but for `clock.advance`. @default real */
  readonly clock?: 'real' | 'virtual';
  /** What a virtual clock shows at first. @default - the time of the system */
  readonly startTime?: Date;
  /** How jobs and endpoints are run: as `docs/command-line.md` says. @default process */
  readonly mode?: 'auto' | 'container' | 'process';
  /** How long a program has between SIGTERM and SIGKILL, in real time. @default 120 seconds, as at AWS */
  readonly stopGrace?: Time;
  /** The port of the API. @default - one that is free */
  readonly port?: number;
  /** The port of S3. @default - one that is free */
  readonly s3Port?: number;
}

/** What a client of the AWS SDK takes. */
export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** A job at the moment. */
export interface JobState {
  readonly name: string;
  readonly kind: 'TrainingJob' | 'HyperParameterTuningJob' | 'TransformJob' | 'ProcessingJob';
  readonly status: string;
  /** Of a training job. */
  readonly secondaryStatus?: string;
  readonly failureReason?: string;
  /** The s3 URI of a training job's model. */
  readonly artifact?: string;
}

/** An endpoint at the moment. */
export interface EndpointState {
  readonly name: string;
  readonly status: string;
  readonly failureReason?: string;
}

/** A call of the API that has come in. */
export interface Call {
  readonly operation: string;
  /** By the clock of the local SageMaker. */
  readonly time: Date;
  /** The HTTP status of the answer; nothing while there is none, and where the connection broke off. */
  readonly status?: number;
}
