import { SIGNALS } from '../cli/signals';
import type { OneRun } from './one-run';

/** Shows a job of a local SageMaker until it has ended. */
export type Follow = (job: JobToFollow) => Promise<void>;

export interface JobToFollow {
  readonly kind: 'TrainingJob' | 'HyperParameterTuningJob' | 'TransformJob';
  readonly name: string;
  readonly endpoint: string;
  /** A file to draw it to. */
  readonly picture?: string;
  /** Draws, and says nothing. */
  readonly isQuiet: boolean;
}

/** How a job has ended. */
export interface EndedJob {
  /** Of the Describe call. */
  readonly document: { readonly [member: string]: unknown };
  readonly status: string;
  /** 0 completed, 1 failed, 3 stopped or out of time; after Ctrl-C, SIGTERM or SIGHUP 130, 143 or 129. */
  readonly exitCode: number;
}

const LOOK = 100;

/** Runs a job to its end. The first Ctrl-C stops it, so that it may leave what it has; the second ends it at once. */
export async function runJob(run: Pick<OneRun, 'machine' | 'output' | 'construct'>, kind: JobToFollow['kind'], name: string, request: object, follow: Follow, picture?: string): Promise<EndedJob> {
  const { machine, output } = run;
  const described = () => machine.sageMaker.call(`Describe${kind}`, { [`${kind}Name`]: name });
  const statusOf = (document: Record<string, unknown>) => String(document[`${kind}Status`]);
  await machine.sageMaker.call(`Create${kind}`, { ...request, [`${kind}Name`]: name });
  const interrupts = new Interrupts(
    () => {
      output.progress(output.paint('yellow', `stopping ${name}, which may still leave what it has; Ctrl-C once more ends it at once`));
      void machine.sageMaker.call(`Stop${kind}`, { [`${kind}Name`]: name }).catch(() => undefined);
    },
    (exitCode) => void machine.close().finally(() => process.exit(exitCode)),
  );
  try {
    if (output.isJson && picture === undefined) {
      while (!ENDED.has(statusOf(await described()))) { await new Promise((resolve) => { setTimeout(resolve, LOOK); }); }
    } else {
      await follow({ kind, name, endpoint: machine.endpoint, picture, isQuiet: output.isJson });
    }
    const document = await described();
    const status = statusOf(document);
    return { document, status, exitCode: interrupts.exitCode ?? (status === 'Completed' ? 0 : status === 'Stopped' ? 3 : 1) };
  } finally {
    interrupts.forget();
  }
}

const ENDED: ReadonlySet<string> = new Set(['Completed', 'Failed', 'Stopped']);

/** Ctrl-C, and what else asks this process to end, while something is under way. */
export class Interrupts {
  /** What the first of them ends this process with. */
  exitCode?: number;
  private readonly listeners: readonly (readonly [signal: string, listener: () => void])[];

  /** @param second is told the exit code */
  constructor(first: () => void, second: (exitCode: number) => void) {
    this.listeners = Object.entries(SIGNALS).map(([signal, exitCode]) => [signal, () => {
      const isFirst = this.exitCode === undefined;
      this.exitCode ??= exitCode;
      if (isFirst) { first(); } else { second(this.exitCode); }
    }]);
    for (const [signal, listener] of this.listeners) { process.on(signal, listener); }
  }

  forget(): void {
    for (const [signal, listener] of this.listeners) { process.removeListener(signal, listener); }
  }
}

/** A name for a job: what the app's jobs of that construct begin with, and something that none has had. */
export function jobName(prefix: string, longest: number, given: string | undefined): string {
  const unique = Date.now().toString(16).slice(-8) + Math.floor(Math.random() * 256).toString(16).padStart(2, '0');
  return given ?? `${prefix.slice(0, longest - unique.length - 1).replace(/-+$/, '')}-${unique}`;
}
