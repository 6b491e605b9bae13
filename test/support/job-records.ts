import type { SimulatedTime } from './simulated-time';

import { TESTED_KINDS, type TestedKind } from './tested-kinds';

type Tree = { [member: string]: any };

/** An error that a service answers with. */
export class ServiceFault extends Error {
  constructor(name: string, message: string, public readonly status = 400) {
    super(message);
    this.name = name;
  }
}

interface JobRecord {
  readonly kind: TestedKind;
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
const arnOf = ({ arnType }: TestedKind, name: string) => `arn:aws:sagemaker:eu-west-1:123456789012:${arnType}/${name}`;

/** SageMaker's records of jobs: jobs run until a test ends them. */
export class JobRecords {
  public readonly records = new Map<string, JobRecord>();
  public readonly launched: string[] = [];
  public readonly stopped: string[] = [];
  /** What DescribeAlgorithm answers, by the name or ARN asked for. */
  public readonly algorithms = new Map<string, Tree>();

  /** Jobs fail as soon as they are launched. */
  public failAtOnce = false;

  constructor(private readonly time: SimulatedTime, private readonly kinds: readonly TestedKind[] = TESTED_KINDS) {}

  /** A job that was there before; a training job unless it says otherwise. */
  public put(name: string, record: Partial<JobRecord> & { request: Tree }): void {
    this.records.set(name, { kind: this.kinds[0]!, created: this.time.now() - 3_600_000, tags: {}, status: 'InProgress', secondary: 'Training', metrics: [], ...record });
  }

  public end(name: string, status: string, secondary = status, failureReason?: string): void {
    Object.assign(this.records.get(name)!, { status, secondary, failureReason });
  }

  public running(): string[] {
    return [...this.records].filter(([name]) => this.current(name).status === 'InProgress').map(([name]) => name);
  }

  public call(operation: string, input: Tree): Tree {
    const kind = this.kinds.find((each) => [each.create, each.describe, each.stop, each.remove, each.update].includes(operation));
    if (kind) { return this.callOf(kind, operation, String(input[`${kind.member}Name`]), input); }
    switch (operation) {
      case 'DescribeAlgorithm': return this.algorithm(String(input.AlgorithmName));
      case 'ListTags': return { Tags: Object.entries(this.byArn(input.ResourceArn).tags).map(([Key, Value]) => ({ Key, Value })) };
      case 'AddTags': Object.assign(this.byArn(input.ResourceArn).tags, tagMap(input.Tags)); return {};
      case 'DeleteTags': for (const key of input.TagKeys as string[]) { delete this.byArn(input.ResourceArn).tags[key]; } return {};
      default: throw new ServiceFault('UnknownOperationException', operation);
    }
  }

  private callOf(kind: TestedKind, operation: string, name: string, input: Tree): Tree {
    if (operation === kind.create) { return this.create(kind, name, input); }
    if (this.records.get(name)?.kind !== kind) { throw new ServiceFault(...kind.notFound); }
    switch (operation) {
      case kind.describe: return this.describe(name);
      case kind.stop: return this.stop(name);
      case kind.remove: return this.remove(name);
      default: return this.update(name, input);
    }
  }

  private create(kind: TestedKind, name: string, input: Tree): Tree {
    if (name.length > kind.longestName) { throw new ServiceFault('ValidationException', `${name} is longer than ${kind.longestName} characters`); }
    if (this.records.has(name)) {
      throw new ServiceFault('ResourceInUse', `Job names must be unique within an AWS account and region, and a job with this name already exists (${arnOf(kind, name)})`);
    }
    const { Tags, ...request } = input;
    this.records.set(name, { kind, request, created: this.time.now(), tags: tagMap(Tags), status: 'InProgress', secondary: 'Starting', metrics: [] });
    this.launched.push(name);
    if (this.failAtOnce) { this.end(name, 'Failed', 'Failed', 'AlgorithmError'); }
    return { [`${kind.member}Arn`]: arnOf(kind, name) };
  }

  private algorithm(name: string): Tree {
    const algorithm = this.algorithms.get(name);
    if (!algorithm) { throw new ServiceFault('ValidationException', `Algorithm ${name} does not exist.`); }
    return algorithm;
  }

  private stop(name: string): Tree {
    const job = this.current(name);
    if (job.status !== 'InProgress') { throw new ServiceFault('ValidationException', `The request was rejected because the job is in status ${job.status}.`); }
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
    return { TrainingJobArn: arnOf(job.kind, name) };
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
      [`${job.kind.member}Name`]: name,
      [`${job.kind.member}Arn`]: arnOf(job.kind, name),
      [`${job.kind.member}Status`]: job.status,
      FailureReason: job.failureReason,
      CreationTime: job.created / 1000,
      WarmPoolStatus: job.warmPool === undefined ? undefined : { Status: job.warmPool },
      ...job.kind.described(job, name),
    };
  }

  private current(name: string): JobRecord {
    const job = this.records.get(name);
    if (!job) { throw new ServiceFault(...this.kinds[0]!.notFound); }
    if (job.status === 'Stopping' && job.stopRequestedAt !== undefined && this.time.now() - job.stopRequestedAt >= STOPPING_TAKES_MS) {
      Object.assign(job, { status: 'Stopped', secondary: 'Stopped' });
    }
    if (job.releasedAt !== undefined && this.time.now() - job.releasedAt >= RELEASE_TAKES_MS) { job.warmPool = 'Terminated'; }
    return job;
  }

  private byArn(arn: string): JobRecord {
    return this.current(String(arn).replace(/^.*\//, ''));
  }
}

const tagMap = (tags: Tree[] | undefined) => Object.fromEntries((tags ?? []).map(({ Key, Value }) => [Key, Value])) as { [key: string]: string };
