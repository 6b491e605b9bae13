import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ListTagsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { followJob, readJob, type JobListener, type JobWorld } from './follow-job';
import { hasEnded, jobNameOf, TRAINING_JOB, type DescribedJob } from './job-kinds';
import { clock, descriptionLines, progressLine, summaryLines, transitionLine } from './job-text';
import { LogReader } from './log-reader';

/** How AWS, or the local AWS, is reached. */
export interface ConnectionOptions {
  readonly region?: string;
  readonly profile?: string;
  /** Endpoint of the local AWS. */
  readonly endpoint?: string;
}

export interface LogsOptions extends ConnectionOptions {
  readonly follow?: boolean;
  readonly json?: boolean;
  /** Only lines after this time, in milliseconds since 1970. */
  readonly since?: number;
  /** Only this many of the last lines. */
  readonly tail?: number;
}

/** Where a command prints: results to one, progress to the other. */
export interface Terminal {
  readonly out: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** The exit code of a job that was stopped; 0 is completed or running, 1 failed. */
const STOPPED = 3;

/** Prints a job's log lines, transitions and metrics; with `follow`, until it has ended. @returns the exit code */
export async function logs(nameOrArn: string, options: LogsOptions, terminal: Terminal): Promise<number> {
  const name = jobNameOf(nameOrArn, TRAINING_JOB);
  const { sageMaker, cloudWatch } = clients(options);
  const reader = new LogReader(cloudWatch, TRAINING_JOB.logGroup, name, options.since);
  const world: JobWorld = {
    describe: () => TRAINING_JOB.describe(sageMaker, name),
    lines: () => reader.next(),
    sleep: (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); }),
  };
  const printer = new Printer(terminal, options, () => reader.hosts);
  const left = () => { printer.finish(); terminal.err.write(`${name} goes on; it was not stopped\n`); process.exit(130); };
  if (options.follow) { process.once('SIGINT', left); }
  const pauseMs = options.endpoint === undefined ? 5000 : 300;
  const { job, metrics } = options.follow ? await followJob(world, printer, { pauseMs, quietLooks: 2 }) : await readJob(world, printer);
  process.removeListener('SIGINT', left);
  printer.end(job, metrics);
  return job.status === 'Failed' ? 1 : job.status === 'Stopped' ? STOPPED : 0;
}

/** Prints what a job is, was made of and came to. @returns the exit code */
export async function describe(nameOrArn: string, options: ConnectionOptions & { readonly json?: boolean }, terminal: Terminal): Promise<number> {
  const name = jobNameOf(nameOrArn, TRAINING_JOB);
  const { sageMaker } = clients(options);
  const job = await TRAINING_JOB.describe(sageMaker, name);
  if (options.json) {
    terminal.out.write(`${JSON.stringify(job.document, undefined, 2)}\n`);
    return 0;
  }
  const { Tags = [] } = await sageMaker.send(new ListTagsCommand({ ResourceArn: job.arn })).catch(() => ({ Tags: [] }));
  const region = job.arn.split(':')[3];
  const console_ = options.endpoint === undefined ? `https://${region}.console.aws.amazon.com/sagemaker/home?region=${region}#/${TRAINING_JOB.page(job.name)}` : undefined;
  const lines = descriptionLines(job, { console: console_, logGroup: TRAINING_JOB.logGroup }, new Map(Tags.map(({ Key, Value }) => [String(Key), String(Value)])));
  terminal.out.write(`${lines.join('\n')}\n`);
  return 0;
}

function clients({ region, profile, endpoint }: ConnectionOptions): { sageMaker: SageMakerClient; cloudWatch: CloudWatchLogsClient } {
  // whoever runs this command did not choose the SDK, which is bundled
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  // the SDK reads the profile from there
  if (profile !== undefined) { process.env.AWS_PROFILE = profile; }
  const config = endpoint === undefined ? { region } : { region: region ?? 'us-east-1', endpoint, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  return { sageMaker: new SageMakerClient(config), cloudWatch: new CloudWatchLogsClient(config) };
}

/** Lines for people, or one JSON document a line. A progress line stands below them on a terminal. */
class Printer implements JobListener {
  private readonly kept: string[] = [];
  private hasProgress = false;

  public constructor(private readonly terminal: Terminal, private readonly options: LogsOptions, private readonly hosts: () => number) {}

  public line(line: Parameters<JobListener['line']>[0], metrics: Parameters<JobListener['line']>[1]): void {
    if (this.options.json) {
      this.print(JSON.stringify({ time: new Date(line.time).toISOString(), host: line.host, line: line.text, ...(metrics.length > 0 ? { metrics: Object.fromEntries(metrics.map(({ name, value }) => [name, value])) } : {}) }));
      return;
    }
    const text = metrics.reduce((shown, metric) => shown.replace(metric.text, this.bold(metric.text)), line.text);
    this.print(this.hosts() > 1 ? `${line.host}  ${text}` : text);
  }

  public transition(transition: DescribedJob['transitions'][number]): void {
    if (this.options.json) { this.print(JSON.stringify({ time: transition.start.toISOString(), status: transition.status, message: transition.message })); } else { this.aside(transitionLine(transition)); }
  }

  public looked(job: DescribedJob, metrics: ReadonlyMap<string, number>): void {
    if (!this.options.follow || this.options.json || this.terminal.err.isTTY !== true || hasEnded(job)) { return; }
    this.finish();
    this.terminal.err.write(progressLine(job, Date.now(), metrics).slice(0, (process.stderr.columns ?? 80) - 1));
    this.hasProgress = true;
  }

  /** What is kept for --tail, and how it ended. */
  public end(job: DescribedJob, metrics: ReadonlyMap<string, number>): void {
    this.finish();
    for (const text of this.kept) { this.terminal.out.write(`${text}\n`); }
    if (this.options.json) {
      this.terminal.out.write(`${JSON.stringify({ job: job.name, status: job.status, secondaryStatus: job.secondaryStatus, reason: job.reason, metrics: Object.fromEntries(job.finalMetrics.length > 0 ? job.finalMetrics.map(({ name, value }) => [name, value]) : metrics), trainingSeconds: job.trainingSeconds, billableSeconds: job.billableSeconds })}\n`);
      return;
    }
    for (const text of summaryLines(job, metrics)) { this.terminal.err.write(`${text}\n`); }
    if (!hasEnded(job) && job.created) { this.terminal.err.write(`running for ${clock((Date.now() - job.created.getTime()) / 1000)}; --follow waits for its end\n`); }
  }

  /** Takes the progress line away. */
  public finish(): void {
    if (this.hasProgress) { this.terminal.err.write('\r\u001b[K'); }
    this.hasProgress = false;
  }

  private print(text: string): void {
    this.finish();
    if (this.options.tail === undefined || this.options.follow) { this.terminal.out.write(`${text}\n`); return; }
    this.kept.push(text);
    if (this.kept.length > this.options.tail) { this.kept.shift(); }
  }

  private aside(text: string): void {
    this.finish();
    this.terminal.err.write(`${text}\n`);
  }

  private bold(text: string): string {
    return this.terminal.out.isTTY === true && process.env.NO_COLOR === undefined ? `\u001b[1m${text}\u001b[0m` : text;
  }
}
