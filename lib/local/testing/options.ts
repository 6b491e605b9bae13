import { localMode } from '../containers/containers';
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

const OPTIONS: readonly string[] = ['folder', 'region', 'clock', 'startTime', 'mode', 'stopGrace', 'port', 's3Port'] satisfies readonly (keyof LocalSageMakerOptions)[];

/** @throws Error that names what is wrong */
export function checkOptions(options: LocalSageMakerOptions): void {
  const { clock = 'real', startTime, mode = 'process', region, port, s3Port } = options;
  const stranger = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (stranger !== undefined) { throw new Error(`there is no option ${stranger}; there is ${OPTIONS.join(', ')}`); }
  if (clock !== 'real' && clock !== 'virtual') { throw new Error(`clock must be 'real' or 'virtual', got ${JSON.stringify(clock)}`); }
  if (startTime !== undefined && clock === 'real') { throw new Error("startTime needs clock: 'virtual'"); }
  localMode(mode, (rule) => new Error(`mode ${rule} ${JSON.stringify(mode)}`));
  if (region === '') { throw new Error('region must not be empty'); }
  for (const [name, number] of Object.entries({ port, s3Port })) {
    if (number !== undefined && !(Number.isInteger(number) && number >= 0 && number <= 65_535)) { throw new Error(`${name} must be a number from 0 to 65535, got ${JSON.stringify(number)}`); }
  }
}
