import { clientsFor, SYSTEM_CLOCK, type Clients, type Clock, type Target } from './clients';
import { CommandError, inWords } from './faults';
import { findJob, type FoundJob } from './find-job';
import type { JobKind } from './job-kind';
import { Screen, type Terminal } from './screen';

export interface JobOptions extends Target {
  /** A name, an ARN, or a construct's path. */
  readonly job: string;
  readonly stack?: string;
  readonly json: boolean;
  readonly color: boolean;
}

/** What the commands run in. @default - this process, AWS or the local AWS, and real time */
export interface Surface {
  readonly out: Terminal;
  readonly err: Terminal;
  readonly clock: Clock;
  readonly clients?: Clients;
}

export const PROCESS: Surface = { out: process.stdout, err: process.stderr, clock: SYSTEM_CLOCK };

/**
 * Looks for a job, and does with it what a command does.
 *
 * @param kinds kinds of job that the command is about. @default - all
 * @throws CommandError
 */
export async function withJob(
  options: JobOptions, surface: Surface, work: (found: FoundJob, clients: Clients, screen: Screen) => Promise<number>, kinds?: readonly JobKind[],
): Promise<number> {
  const screen = new Screen({ ...surface, json: options.json, color: options.color });
  const clients = surface.clients ?? clientsFor({ ...options, region: options.region ?? regionOfArn(options.job) });
  try {
    return await work(await findJob({ ...options, kinds }, clients), clients, screen);
  } catch (error) {
    throw error instanceof CommandError ? error : new CommandError(inWords(error));
  } finally {
    clients.sageMaker.destroy();
    clients.logs.destroy();
  }
}

export const regionOfArn = (job: string) => /^arn:[^:]+:sagemaker:([^:]+):/.exec(job)?.[1];
