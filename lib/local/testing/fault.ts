import { checkFault } from './fault-kinds';
import type { Time } from './time';

/** How often a fault happens: once, unless this says otherwise. */
export interface Often {
  /** So many times, or as long as it is there. @default 1, or 'always' where it `lasts` */
  readonly times?: number | 'always';
  /** From when it is injected, by the clock of the local SageMaker. @default - for ever */
  readonly lasts?: Time;
}

/** Which calls of the API a fault is for. */
export interface CallFault extends Often {
  /** An operation of SageMaker, its runtime, S3, CloudWatch Logs or CloudWatch; `*` stands for anything: `Describe*`. */
  readonly operation: string;
}

/** Which jobs a fault is for. */
export interface JobFault extends Often {
  /** The name of a job; `*` stands for anything. */
  readonly job: string;
}

/** Which endpoints a fault is for. */
export interface EndpointFault extends Often {
  /** The name of an endpoint; `*` stands for anything. */
  readonly endpoint: string;
}

export interface ServerErrorFault extends CallFault {
  /** @default 500 */
  readonly status?: 500 | 503;
}

export interface ErrorFault extends CallFault {
  /** As SDKs know it, for instance `ResourceInUse`. */
  readonly name: string;
  readonly message: string;
  /** @default 400 */
  readonly status?: number;
}

export interface LimitFault extends CallFault {
  /** @default - that of the request */
  readonly instanceType?: string;
}

export interface CutFault extends CallFault {
  /** Whether what was asked for is done all the same. @default false */
  readonly afterEffect?: boolean;
}

export interface SlowAnswerFault extends CallFault {
  /** In real time, as clients wait. */
  readonly by: Time;
}

export interface SpotWaitFault extends JobFault {
  /** Until there are instances. */
  readonly wait: Time;
}

export interface SpotInterruptionFault extends JobFault {
  /** After so much training. */
  readonly after?: Time;
  /** When a line of the job's log has this text. */
  readonly atLine?: string;
  /** Until there are instances again. @default - never: the job is stopped by its MaxWaitTimeInSeconds */
  readonly wait?: Time;
}

export interface ModelErrorFault extends EndpointFault {
  /** What the model answers. @default 500 */
  readonly status?: number;
  /** @default Internal Server Error */
  readonly message?: string;
}

export interface SlowEndpointFault extends EndpointFault {
  /** In real time, as clients wait. SageMaker waits for 60 seconds. */
  readonly by: Time;
}

/** A fault as JSON has it: its name, and what it takes. */
export type FaultDocument = { readonly [fault: string]: object };

/** Something that goes wrong at AWS, to go wrong here: once, unless `times` or `lasts` says otherwise. */
export class Fault {
  /** The call is refused with `ThrottlingException`, `Rate exceeded` (S3: `SlowDown`). SDKs try again. */
  public static throttle(fault: CallFault): Fault { return new Fault({ throttle: fault }); }

  /** The call is refused with `InternalFailure`, or `ServiceUnavailable` for 503. SDKs try again. */
  public static serverError(fault: ServerErrorFault): Fault { return new Fault({ serverError: fault }); }

  /** The call is refused with `AccessDeniedException`. */
  public static accessDenied(fault: CallFault): Fault { return new Fault({ accessDenied: fault }); }

  /** The call is refused with `ResourceLimitExceeded`: the account has no quota for the instance type. */
  public static limitExceeded(fault: LimitFault): Fault { return new Fault({ limitExceeded: fault }); }

  /** The call is refused with another error of the service. */
  public static error(fault: ErrorFault): Fault { return new Fault({ error: fault }); }

  /** The connection breaks off before there is an answer. SDKs try again. */
  public static cutConnection(fault: CutFault): Fault { return new Fault({ cutConnection: fault }); }

  /** There is no answer. The client's own time limit ends it. */
  public static noAnswer(fault: CallFault): Fault { return new Fault({ noAnswer: fault }); }

  /** The answer comes late. */
  public static slowAnswer(fault: SlowAnswerFault): Fault { return new Fault({ slowAnswer: fault }); }

  /** There are no instances: the job fails with `CapacityError`, the endpoint with `InsufficientInstanceCapacity`. A managed spot training job waits for them in vain. */
  public static noCapacity(fault: JobFault | EndpointFault): Fault { return new Fault({ noCapacity: fault }); }

  /** A managed spot training job has to wait for its instances. */
  public static spotWait(fault: SpotWaitFault): Fault { return new Fault({ spotWait: fault }); }

  /** A managed spot training job loses its instances: SIGTERM, status `Interrupted`, and a new beginning on its checkpoints. Several happen one after the other. */
  public static spotInterruption(fault: SpotInterruptionFault): Fault { return new Fault({ spotInterruption: fault }); }

  /** The model answers with an error: `ModelError` for the client. */
  public static modelError(fault: ModelErrorFault): Fault { return new Fault({ modelError: fault }); }

  /** The model answers late. */
  public static slowEndpoint(fault: SlowEndpointFault): Fault { return new Fault({ slowEndpoint: fault }); }

  /** A fault of a JSON file: `{ "throttle": { "operation": "CreateTrainingJob", "times": 2 } }`. */
  public static fromJson(document: FaultDocument): Fault { return new Fault(document); }

  /** @throws Error that names what is wrong with it */
  private constructor(private readonly document: FaultDocument) { checkFault(document); }

  public toJSON(): FaultDocument { return this.document; }
}
