import type { SageMakerApi } from './sagemaker-api';

/** A job that runs, for people who wait for it. */
export interface JobProgress {
  readonly name: string;
  readonly secondaryStatus: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** What its script has printed last. */
  readonly lastLine?: string;
}

export interface JobLogs {
  logLines(trainingJobName: string, from?: number): { readonly lines: string[]; readonly next: number };
}

/** Looks at the jobs of a stack: those that carry its tag. */
export class JobProgresses {
  private readonly seen = new Map<string, { next: number; lastLine?: string }>();

  constructor(private readonly sageMaker: SageMakerApi & Partial<JobLogs>) {}

  async of(stackId: string): Promise<JobProgress[]> {
    const jobs: JobProgress[] = [];
    for (const status of ['InProgress', 'Stopping']) {
      const { TrainingJobSummaries: summaries } = await this.sageMaker.call('ListTrainingJobs', { StatusEquals: status });
      for (const { TrainingJobName: name, TrainingJobArn: arn, CreationTime: created } of summaries as { TrainingJobName: string; TrainingJobArn: string; CreationTime: Date }[]) {
        const { Tags: tags } = await this.sageMaker.call('ListTags', { ResourceArn: arn });
        if (!(tags as { Key: string; Value: string }[]).some(({ Key, Value }) => Key === 'cdk-sagemaker:stack' && Value === stackId)) { continue; }
        const { SecondaryStatus: secondary } = await this.sageMaker.call('DescribeTrainingJob', { TrainingJobName: name });
        jobs.push({ name, secondaryStatus: String(secondary), since: created.getTime(), lastLine: this.lastLine(name) });
      }
    }
    return jobs;
  }

  private lastLine(name: string): string | undefined {
    const seen = this.seen.get(name) ?? { next: 0 };
    const { lines, next } = this.sageMaker.logLines?.(name, seen.next) ?? { lines: [], next: 0 };
    const lastLine = lines.filter((line) => line.trim() !== '').at(-1) ?? seen.lastLine;
    this.seen.set(name, { next, lastLine });
    return lastLine;
  }
}
