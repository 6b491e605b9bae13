import type { JobMember } from '../job-progress';
import type { ServingAnswer } from './container-server';

/** What a test wants to happen here in place of what would: faults of the service, and jobs that are not run. */
export interface Interference {
  /** Whether a job's program will not be run: then it need not be one that can run here. */
  isScripted(kind: JobMember, name: string): boolean;
  /** What is to happen to a job that begins. Each part of it happens to one job. */
  planOf(job: { readonly kind: JobMember; readonly name: string; readonly isSpot?: boolean }): JobPlan;
  /** Why an endpoint's instances can't be had, if so. */
  noCapacityFor(endpointName: string): string | undefined;
  /** Waits as long as an endpoint is to be slow; the answer is one in place of the model's. */
  answerOf(endpointName: string): Promise<ServingAnswer | undefined>;
  /** Time does not go on before this is done. */
  whileBusy<T>(work: Promise<T>): Promise<T>;
}

export interface JobPlan {
  readonly outcome?: ScriptedOutcome;
  /** Only of managed spot training. */
  readonly spot?: SpotPlan;
}

/** What becomes of a job whose program is not run. Times are milliseconds. */
export interface ScriptedOutcome {
  /** The log begins with it: who has wanted that. */
  readonly note: string;
  /** From its creation to its end. */
  readonly after: number;
  /** Of that, until it has instances. @default 0 */
  readonly starting?: number;
  /** Why it fails. */
  readonly reason?: string;
  /** It ends before it has instances. */
  readonly neverStarts?: boolean;
  /** Files of the model's archive, or the archive. */
  readonly artifact?: { readonly [path: string]: string | Uint8Array } | Uint8Array;
  readonly metrics?: { readonly [name: string]: number };
  readonly log?: readonly string[];
  /** What it leaves in S3, by URI. */
  readonly objects?: { readonly [uri: string]: string | Uint8Array };
}

/** When there are spot instances for a job, and when they are taken away. Times are milliseconds. */
export interface SpotPlan {
  /** Before it has instances at all. Infinity: never. */
  readonly wait: number;
  readonly interruptions: readonly SpotInterruption[];
}

export interface SpotInterruption {
  /** Of the program's running time. */
  readonly after?: number;
  /** When a line of the log has this. */
  readonly atLine?: string;
  /** Until there are instances again. Infinity: never. */
  readonly wait: number;
}
