import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SYSTEM_CLOCK, type Clock } from '../clock';
import { LocalCloudWatch } from '../cloudwatch/local-cloudwatch';
import type { Containers } from '../containers/containers';
import { copyOf } from '../copy-of';
import { ImageStore } from '../images/image-store';
import type { JobLogs, JobMember } from '../job-progress';
import { LogStore } from '../logs/log-store';
import { LogsApi } from '../logs/logs-api';
import { MINUTE } from '../pace';
import { PythonEnvironments } from '../python-environment';
import type { S3Folder } from '../s3-folder';
import type { AsyncInvocation, AsyncInvocationAnswer, Invocation, InvocationAnswer, SageMakerApi, SageMakerRuntimeApi } from '../sagemaker-api';
import { ServiceError } from '../service-error';
import { EndpointConfigs } from './endpoint-configs';
import { Endpoints } from './endpoints';
import type { Interference } from './interference';
import type { Answer } from './jobs';
import type { ListInput } from './listing';
import type { Machine } from './machine';
import { Models } from './models';
import { ProcessingJobs } from './processing-jobs';
import { StateChanges, type StateChange } from './state-changes';
import { StateFile } from './state-file';
import { Tags } from './tags';
import { algorithmResource } from './training-job-rules';
import { TrainingJobs } from './training-jobs';
import { TransformJobs } from './transform-jobs';
import { TuningJobs } from './tuning-jobs';
import { validateInput } from './validate';

export interface LocalSageMakerOptions {
  /** Where state, logs and the files of running jobs go; nothing is written elsewhere. */
  readonly folder: string;
  readonly s3: S3Folder;
  /** URL at which scripts reach that S3 folder. */
  readonly s3Endpoint: string;
  /** @default us-east-1 */
  readonly region?: string;
  /** @default 123456789012 */
  readonly accountId?: string;
  /** @default the system's */
  readonly clock?: Clock;
  /** @default virtual environments in the user's cache folder, made from python3 */
  readonly python?: PythonEnvironments;
  /** The images of the user's own. @default those in the folder `images` beside the state */
  readonly images?: ImageStore;
  /** @default - everything runs as a process */
  readonly containers?: Containers;
  /** What training jobs use from where it lies: path in the container -> folder or file of this machine. @default - nothing, everything comes from S3 */
  readonly volumes?: ReadonlyMap<string, string>;
  /** How long a script has between SIGTERM and SIGKILL, in milliseconds. @default 120,000, as in SageMaker */
  readonly stopGrace?: number;
  /** How long a minute of a deployment's waits and of an alarm's periods takes, in milliseconds. @default that of pace.ts */
  readonly minute?: number;
  /** What a test wants to happen. @default nothing */
  readonly interference?: Interference;
  /** Hears of each job and endpoint that is in another state. @default nobody */
  readonly onChange?: (change: StateChange) => void;
  /** What is wrong here rather than in a job. @default nowhere */
  readonly log?: (line: string) => void;
}

type Operations = Readonly<Record<string, (input: never) => Record<string, unknown> | Promise<Record<string, unknown>>>>;

/**
 * SageMaker on this machine: jobs and endpoints are containers, or processes, that run the user's programs.
 * A new one on the same folder goes on where the last one ended.
 */
export class LocalSageMaker implements SageMakerApi, SageMakerRuntimeApi {
  /** The logs of its jobs and endpoints, as CloudWatch Logs has them. */
  public readonly logs: LogsApi;
  /** The metrics of its endpoints, and alarms on them. */
  public readonly cloudWatch: LocalCloudWatch;
  private readonly jobs: Readonly<Record<JobMember, { logLines: JobLogs['logLines']; isLost(name: string): boolean; describe(name: string): Answer }>>;
  /** What has processes, in the order in which it comes up. */
  private readonly running: readonly { readonly isAtRest: boolean; recover(): void; close(): Promise<void> }[];
  private readonly endpoints: Endpoints;
  private readonly operations: Operations;

  constructor(options: LocalSageMakerOptions) {
    const clock = options.clock ?? SYSTEM_CLOCK;
    const machine: Machine = {
      folder: options.folder,
      s3: options.s3,
      s3Endpoint: options.s3Endpoint,
      region: options.region ?? 'us-east-1',
      accountId: options.accountId ?? '123456789012',
      clock,
      logs: new LogStore(join(options.folder, 'logs'), clock),
      python: options.python ?? new PythonEnvironments(),
      containers: options.containers,
      volumes: options.volumes,
      images: options.images ?? new ImageStore(join(options.folder, 'images')),
      stopGrace: options.stopGrace ?? 120_000,
      minute: options.minute ?? MINUTE,
      interference: options.interference,
      log: options.log ?? (() => undefined),
    };
    this.logs = new LogsApi({ store: machine.logs, region: machine.region, accountId: machine.accountId });
    this.cloudWatch = new LocalCloudWatch({ file: join(options.folder, 'cloudwatch.json'), clock, region: machine.region, accountId: machine.accountId, minute: machine.minute });
    mkdirSync(options.folder, { recursive: true });
    const file = new StateFile(join(options.folder, 'sagemaker.json'));
    const models = new Models(machine, file);
    const configs = new EndpointConfigs(machine, file, models);
    const tags = new Tags(file);
    const jobs = new TrainingJobs(machine, file);
    const tuning = new TuningJobs(machine, file, jobs);
    const processing = new ProcessingJobs(machine, file);
    const transforms = new TransformJobs(machine, file, models);
    const endpoints = this.endpoints = new Endpoints(machine, file, configs, models, this.cloudWatch);
    this.operations = {
      ...jobOperations('TrainingJob', jobs),
      DeleteTrainingJob: ({ TrainingJobName }: { TrainingJobName: string }) => jobs.delete(TrainingJobName),
      UpdateTrainingJob: jobs.update.bind(jobs),
      ...jobOperations('HyperParameterTuningJob', tuning),
      DeleteHyperParameterTuningJob: ({ HyperParameterTuningJobName }: { HyperParameterTuningJobName: string }) => tuning.delete(HyperParameterTuningJobName),
      ListTrainingJobsForHyperParameterTuningJob: tuning.listTrainingJobs.bind(tuning),
      ...jobOperations('TransformJob', transforms),
      ...jobOperations('ProcessingJob', processing),
      DeleteProcessingJob: ({ ProcessingJobName }: { ProcessingJobName: string }) => processing.delete(ProcessingJobName),
      CreateModel: models.create.bind(models),
      DescribeModel: ({ ModelName }: { ModelName: string }) => models.describe(ModelName),
      DeleteModel: ({ ModelName }: { ModelName: string }) => models.delete(ModelName),
      ListModels: models.list.bind(models),
      CreateEndpointConfig: configs.create.bind(configs),
      DescribeEndpointConfig: ({ EndpointConfigName }: { EndpointConfigName: string }) => configs.describe(EndpointConfigName),
      DeleteEndpointConfig: ({ EndpointConfigName }: { EndpointConfigName: string }) => configs.delete(EndpointConfigName),
      ListEndpointConfigs: configs.list.bind(configs),
      CreateEndpoint: endpoints.create.bind(endpoints),
      DescribeEndpoint: ({ EndpointName }: { EndpointName: string }) => endpoints.describe(EndpointName),
      UpdateEndpoint: endpoints.update.bind(endpoints),
      UpdateEndpointWeightsAndCapacities: endpoints.updateWeights.bind(endpoints),
      DeleteEndpoint: ({ EndpointName }: { EndpointName: string }) => endpoints.delete(EndpointName),
      ListEndpoints: endpoints.list.bind(endpoints),
      DescribeAlgorithm: ({ AlgorithmName }: { AlgorithmName: string }) => { throw algorithmResource(AlgorithmName); },
      AddTags: ({ ResourceArn, Tags: added }: { ResourceArn: string; Tags: [] }) => tags.add(ResourceArn, added),
      ListTags: ({ ResourceArn }: { ResourceArn: string }) => tags.list(ResourceArn),
      DeleteTags: ({ ResourceArn, TagKeys }: { ResourceArn: string; TagKeys: string[] }) => tags.delete(ResourceArn, TagKeys),
    };
    this.jobs = { TrainingJob: jobs, HyperParameterTuningJob: tuning, TransformJob: transforms, ProcessingJob: processing };
    this.running = [jobs, tuning, processing, transforms, endpoints];
    const { onChange } = options;
    if (onChange !== undefined) {
      const kinds = { ...this.jobs, Endpoint: endpoints };
      const changes = new StateChanges(file.state, (kind, name) => copyOf(kinds[kind].describe(name)), onChange);
      file.onSave = () => changes.look();
    }
    this.running.forEach((each) => each.recover());
  }

  /** Whether a job was lost with the process that ran it. */
  public isLost(kind: string, name: string): boolean {
    return Object.hasOwn(this.jobs, kind) && this.jobs[kind as JobMember].isLost(name);
  }

  /** What it knows. */
  public get operationNames(): readonly string[] {
    return Object.keys(this.operations);
  }

  public async call(operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>> {
    const perform = Object.hasOwn(this.operations, operation) ? this.operations[operation] : undefined;
    if (perform === undefined) { throw new ServiceError('UnknownOperationException', `The local SageMaker does not know the operation ${operation}.`); }
    // A copy, so that neither side sees what the other does to it later.
    const copy = copyOf(input);
    validateInput(operation, copy);
    return copyOf(await perform(copy as never));
  }

  public invoke(endpointName: string, invocation: Invocation): Promise<InvocationAnswer> {
    return this.endpoints.invoke(endpointName, invocation);
  }

  public invokeAsync(endpointName: string, invocation: AsyncInvocation): AsyncInvocationAnswer {
    return this.endpoints.invokeAsync(endpointName, invocation);
  }

  /**
   * The lines of a job's log from a position on, and the position for the next call. Starts at 0; empty for a job
   * that has written nothing, or that does not exist.
   */
  public logLines(jobName: string, from = 0, kind: JobMember = 'TrainingJob'): { readonly lines: string[]; readonly next: number } {
    return this.jobs[kind].logLines(jobName, from);
  }

  /** Whether a job is under way. */
  public get hasJobs(): boolean {
    return !this.running.every((each) => each === this.endpoints || each.isAtRest);
  }

  /** Whether no job is under way, and there is no endpoint. */
  public get isAtRest(): boolean {
    return this.running.every((each) => each.isAtRest);
  }

  /** Ends every process it has started. What was under way is gone on with, or reported as failed, by the next one on this folder. */
  public async close(): Promise<void> {
    await Promise.all(this.running.map((each) => each.close()));
  }
}

interface KindOfJobs {
  create(request: never): Answer;
  describe(name: string): Answer;
  stop(name: string): Answer;
  list(input: ListInput): Answer;
}

/** What can be done with a job of any kind. */
function jobOperations(member: JobMember, jobs: KindOfJobs): Operations {
  return {
    [`Create${member}`]: jobs.create.bind(jobs),
    [`Describe${member}`]: (input: Record<string, string>) => jobs.describe(input[`${member}Name`] as string),
    [`Stop${member}`]: (input: Record<string, string>) => jobs.stop(input[`${member}Name`] as string),
    [`List${member}s`]: jobs.list.bind(jobs),
  };
}
