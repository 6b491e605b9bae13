import type { SageMakerApi } from './sagemaker-api';

/** A job that runs, for people who wait for it. */
export interface JobProgress {
  readonly name: string;
  readonly secondaryStatus: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** What its program has printed last. */
  readonly lastLine?: string;
}

/** Kinds of jobs, as their operations and members are called. */
export type JobMember = 'TrainingJob' | 'HyperParameterTuningJob' | 'TransformJob' | 'ProcessingJob';

export interface JobLogs {
  logLines(jobName: string, from?: number, kind?: JobMember): { readonly lines: string[]; readonly next: number };
}

type Answer = Record<string, unknown>;
const KINDS: Readonly<Record<JobMember, (job: Answer) => unknown>> = {
  TrainingJob: ({ SecondaryStatus: status }) => status,
  HyperParameterTuningJob: ({ HyperParameterTuningJobStatus: status, TrainingJobStatusCounters: counters }) => (
    `${String(status)}, ${jobsOf(counters as Readonly<Record<string, number>>)}`),
  TransformJob: ({ TransformJobStatus: status }) => status,
  ProcessingJob: ({ ProcessingJobStatus: status }) => status,
};

/** Looks at the jobs of a stack: those that carry its tag. */
export class JobProgresses {
  private readonly seen = new Map<string, { next: number; lastLine?: string }>();

  constructor(private readonly sageMaker: SageMakerApi & Partial<JobLogs>) {}

  async of(stackId: string): Promise<JobProgress[]> {
    const jobs: JobProgress[] = [];
    for (const kind of Object.keys(KINDS) as JobMember[]) {
      for (const status of ['InProgress', 'Stopping']) {
        const listed = await this.sageMaker.call(`List${kind}s`, { StatusEquals: status, MaxResults: 100 });
        for (const summary of listed[`${kind}Summaries`] as Answer[]) {
          const { Tags: tags } = await this.sageMaker.call('ListTags', { ResourceArn: summary[`${kind}Arn`] });
          if (!(tags as { Key: string; Value: string }[]).some(({ Key, Value }) => Key === 'cdk-sagemaker:stack' && Value === stackId)) { continue; }
          const name = String(summary[`${kind}Name`]);
          const job = await this.sageMaker.call(`Describe${kind}`, { [`${kind}Name`]: name });
          jobs.push({ name, secondaryStatus: String(KINDS[kind](job)), since: (summary.CreationTime as Date).getTime(), lastLine: this.lastLine(kind, name) });
        }
      }
    }
    return jobs;
  }

  private lastLine(kind: JobMember, name: string): string | undefined {
    const seen = this.seen.get(`${kind} ${name}`) ?? { next: 0 };
    const { lines, next } = this.sageMaker.logLines?.(name, seen.next, kind) ?? { lines: [], next: 0 };
    const lastLine = lines.filter((line) => line.trim() !== '').at(-1) ?? seen.lastLine;
    this.seen.set(`${kind} ${name}`, { next, lastLine });
    return lastLine;
  }
}

function jobsOf({ InProgress: running = 0, ...others }: Readonly<Record<string, number>>): string {
  return `${running} training jobs run, ${Object.values(others).reduce((sum, count) => sum + count, 0)} have ended`;
}
