import { ProcessGroup, type ProcessEnd, type ProcessOptions } from './process-group';
import { startOfProcess } from './process-start';

/** A program under way, as a process of this machine or in containers. */
export interface Running {
  /** What a later process of the local AWS recognizes it by; nothing for what is found in another way. */
  readonly process?: { readonly pid: number; readonly start?: string };
  /** Resolves when it has ended and all it wrote has been read. Never rejects. */
  readonly end: Promise<ProcessEnd>;
  readonly hasEnded: boolean;
  /** SIGTERM, and SIGKILL when that was not enough. */
  stop(graceMilliseconds: number): Promise<ProcessEnd>;
  /** SIGKILL at once. */
  kill(): void;
}

export type OnOutput = NonNullable<ProcessOptions['onOutput']>;

/** A program as a process, which ends with this one, and all that it has started with it. */
export function runProcess(command: readonly string[], options: ProcessOptions): Running {
  const group = new ProcessGroup(command, { ...options, isMarked: true });
  group.input.end();
  return {
    process: group.pid === undefined ? undefined : { pid: group.pid, start: startOfProcess(group.pid) },
    end: group.end,
    get hasEnded() { return group.hasEnded; },
    stop: (grace) => group.stop(grace),
    kill: () => group.signal('SIGKILL'),
  };
}
