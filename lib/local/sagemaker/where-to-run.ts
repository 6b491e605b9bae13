import { EngineError } from '../containers/engine';
import { ServiceError } from '../service-error';
import { JobFailure } from './failure-reason';
import type { Machine } from './machine';

export interface JobToPlace {
  readonly machine: Machine;
  readonly imageUri: string;
  /** @throws ServiceError: why it can't run as a process */
  readonly checkAsProcess: () => void;
  /** Put before the reason why it can't run. */
  readonly whose: 'ClientError: ' | '';
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * The image to run a job or a model in, as the engine has it; nothing for one that runs as a process.
 *
 * @throws EngineError, JobFailure: why it can run in neither way
 */
export async function imageToRun({ machine: { containers }, imageUri, checkAsProcess, whose, log, signal }: JobToPlace): Promise<string | undefined> {
  const refusal = refusalOf(checkAsProcess);
  try {
    const image = await containers?.image(imageUri, { isNeeded: refusal !== undefined, log, signal });
    if (image === undefined && refusal !== undefined) { throw new JobFailure(whose + refusal); }
    return image;
  } catch (error) {
    if (!(error instanceof EngineError) || refusal === undefined) { throw error; }
    throw new JobFailure(`${whose}${error.message}. Without a container: ${refusal}`);
  }
}

function refusalOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof ServiceError) { return error.message; }
    throw error;
  }
}
