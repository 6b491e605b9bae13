import type { SimulatedTime } from './simulated-time';

type Tree = { [member: string]: any };

/** An error that a service answers with. */
export class ServiceFault extends Error {
  constructor(name: string, message: string, public readonly status = 400) {
    super(message);
    this.name = name;
  }
}

interface JobRecord {
  readonly request: Tree;
  readonly created: number;
  tags: { [key: string]: string };
  status: string;
  secondary: string;
  failureReason?: string;
  stopRequestedAt?: number;
  metrics: Tree[];
  /** Status of the warm pool that the job has left. */
  warmPool?: string;
  /** When the pool was given back, which takes a while. */
  releasedAt?: number;
}

export const STOPPING_TAKES_MS = 100_000;
export const RELEASE_TAKES_MS = 90_000;
const ARN = 'arn:aws:sagemaker:eu-west-1:123456789012:training-job/';

/** SageMaker's records of training jobs: jobs run until a test ends them. */
export class JobRecords {
  public readonly records = new Map<string, JobRecord>();
  public readonly launched: string[] = [];
  public readonly stopped: string[] = [];
  /** What DescribeAlgorithm answers, by the name or ARN asked for. */
  public readonly algorithms = new Map<string, Tree>();

  /** Jobs fail as soon as they are launched. */
  public failAtOnce = false;

  constructor(private readonly time: SimulatedTime) {}

  /** A job that was there before. */
  public put(name: string, record: Partial<JobRecord> & { request: Tree }): void {
    this.records.set(name, { created: this.time.now() - 3_600_000, tags: {}, status: 'InProgress', secondary: 'Training', metrics: [], ...record });
  }

  public end(name: string, status: string, secondary = status, failureReason?: string): void {
    Object.assign(this.records.get(name)!, { status, secondary, failureReason });
  }

  public running(): string[] {
    return [...this.records].filter(([name]) => this.current(name).status === 'InProgress').map(([name]) => name);
  }

  public call(operation: string, input: Tree): Tree {
    switch (operation) {
      case 'CreateTrainingJob': return this.create(input);
      case 'DescribeTrainingJob': return this.describe(String(input.TrainingJobName));
      case 'DescribeAlgorithm': return this.algorithm(String(input.AlgorithmName));
      case 'StopTrainingJob': return this.stop(String(input.TrainingJobName));
      case 'DeleteTrainingJob': return this.remove(String(input.TrainingJobName));
      case 'UpdateTrainingJob': return this.update(String(input.TrainingJobName), input);
      case 'ListTags': return { Tags: Object.entries(this.byArn(input.ResourceArn).tags).map(([Key, Value]) => ({ Key, Value })) };
      case 'AddTags': Object.assign(this.byArn(input.ResourceArn).tags, tagMap(input.Tags)); return {};
      case 'DeleteTags': for (const key of input.TagKeys as string[]) { delete this.byArn(input.ResourceArn).tags[key]; } return {};
      default: throw new ServiceFault('UnknownOperationException', operation);
    }
  }

  private create(input: Tree): Tree {
    const name = String(input.TrainingJobName);
    if (this.records.has(name)) {
      throw new ServiceFault('ResourceInUse', `Training job names must be unique within an AWS account and region, and a training job with this name already exists (${ARN}${name})`);
    }
    const { Tags, ...request } = input;
    this.records.set(name, { request, created: this.time.now(), tags: tagMap(Tags), status: 'InProgress', secondary: 'Starting', metrics: [] });
    this.launched.push(name);
    if (this.failAtOnce) { this.end(name, 'Failed', 'Failed', 'AlgorithmError'); }
    return { TrainingJobArn: ARN + name };
  }

  private algorithm(name: string): Tree {
    const algorithm = this.algorithms.get(name);
    if (!algorithm) { throw new ServiceFault('ValidationException', `Algorithm ${name} does not exist.`); }
    return algorithm;
  }

  private stop(name: string): Tree {
    const job = this.current(name);
    if (job.status !== 'InProgress') { throw new ServiceFault('ValidationException', `The request was rejected because the training job is in status ${job.status}.`); }
    Object.assign(job, { status: 'Stopping', secondary: 'Stopping', stopRequestedAt: this.time.now() });
    this.stopped.push(name);
    return {};
  }

  private update(name: string, input: Tree): Tree {
    const job = this.current(name);
    const keepAlive = input.ResourceConfig?.KeepAlivePeriodInSeconds;
    if (keepAlive !== undefined) {
      job.request.ResourceConfig.KeepAlivePeriodInSeconds = keepAlive;
      if (keepAlive === 0) { job.releasedAt = this.time.now(); }
    } else if (job.status !== 'InProgress') {
      throw new ServiceFault('ValidationException', `The request was rejected because the training job is in status ${job.status}.`);
    }
    return { TrainingJobArn: ARN + name };
  }

  private remove(name: string): Tree {
    if (['Available', 'InUse'].includes(this.current(name).warmPool ?? '')) { throw new ServiceFault('ValidationException', 'The training job has a warm pool that is not Terminated.'); }
    this.records.delete(name);
    return {};
  }

  private describe(name: string): Tree {
    const job = this.current(name);
    return {
      ...job.request,
      TrainingJobArn: ARN + name,
      TrainingJobStatus: job.status,
      SecondaryStatus: job.secondary,
      FailureReason: job.failureReason,
      CreationTime: job.created / 1000,
      BillableTimeInSeconds: 60,
      FinalMetricDataList: job.metrics,
      WarmPoolStatus: job.warmPool === undefined ? undefined : { Status: job.warmPool },
      ModelArtifacts: { S3ModelArtifacts: job.status === 'Completed' ? `${job.request.OutputDataConfig.S3OutputPath}/${name}/output/model.tar.gz` : '' },
    };
  }

  private current(name: string): JobRecord {
    const job = this.records.get(name);
    if (!job) { throw new ServiceFault('ValidationException', 'Requested resource not found.'); }
    if (job.status === 'Stopping' && job.stopRequestedAt !== undefined && this.time.now() - job.stopRequestedAt >= STOPPING_TAKES_MS) {
      Object.assign(job, { status: 'Stopped', secondary: 'Stopped' });
    }
    if (job.releasedAt !== undefined && this.time.now() - job.releasedAt >= RELEASE_TAKES_MS) { job.warmPool = 'Terminated'; }
    return job;
  }

  private byArn(arn: string): JobRecord {
    return this.current(String(arn).replace(ARN, ''));
  }
}

const tagMap = (tags: Tree[] | undefined) => Object.fromEntries((tags ?? []).map(({ Key, Value }) => [Key, Value])) as { [key: string]: string };
