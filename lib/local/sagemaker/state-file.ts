import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type {
  AsyncInferenceConfig, CreateEndpointConfigInput, CreateHyperParameterTuningJobRequest, CreateModelInput, CreateProcessingJobRequest, CreateTrainingJobRequest, CreateTransformJobRequest, DataCaptureConfig, DeploymentConfig, MetricData, ProductionVariant, Tag,
} from '@aws-sdk/client-sagemaker';
import { readWhole, writeWhole } from '../whole-file';

/** Times are milliseconds since 1970. */
export interface Transition {
  readonly status: string;
  readonly start: number;
  end?: number;
  readonly message: string;
}

/** A job of any kind. */
export interface JobRecord {
  readonly arn: string;
  status: 'InProgress' | 'Completed' | 'Failed' | 'Stopping' | 'Stopped';
  created: number;
  modified: number;
  reason?: string;
  /** The process that runs its program, and when it started: another one may get its number. */
  process?: { readonly pid: number; readonly start?: string };
}

export interface TrainingJobRecord extends JobRecord {
  readonly request: CreateTrainingJobRequest;
  /** ARN of the tuning job that has launched it. */
  readonly tuningJob?: string;
  /** What its log begins with. */
  readonly notes?: readonly string[];
  secondaryStatus: string;
  transitions: Transition[];
  trainingStart?: number;
  trainingEnd?: number;
  /** When its spot instances were taken away, while there are none. */
  interrupted?: number;
  /** How long it has had no instances since it began to train, in milliseconds. */
  withoutInstances?: number;
  artifact?: string;
  metrics?: Array<Omit<MetricData, 'Timestamp'> & { readonly Timestamp: number }>;
  attempts: number;
}

/** A training job that a tuning job has launched. */
export interface TuningChild {
  readonly name: string;
  /** Which of the tuning job's definitions it is made of. */
  readonly definition: number;
  readonly tuned: Readonly<Record<string, string>>;
}

export interface TuningJobRecord extends JobRecord {
  readonly request: CreateHyperParameterTuningJobRequest;
  /** Every choice follows from it. */
  readonly seed: number;
  /** How many combinations of values have been taken, used or not. */
  taken: number;
  readonly children: TuningChild[];
  /** Those of its parents that have a value of the objective. */
  readonly inherited?: readonly TuningChild[];
  ended?: number;
}

export interface TransformJobRecord extends JobRecord {
  readonly request: CreateTransformJobRequest;
  /** A copy: the model may be deleted meanwhile. */
  readonly model: CreateModelInput;
  /** The machine, as the names of its logs have it. */
  readonly instance: string;
  started?: number;
  ended?: number;
}

export interface ProcessingJobRecord extends JobRecord {
  readonly request: CreateProcessingJobRequest;
  started?: number;
  ended?: number;
  exitMessage?: string;
}

export interface ModelRecord {
  readonly arn: string;
  readonly request: CreateModelInput;
  readonly created: number;
}

export interface EndpointConfigRecord {
  readonly arn: string;
  readonly request: CreateEndpointConfigInput;
  readonly created: number;
}

/** What a variant of an endpoint serves, and how it takes part. The model is a copy: AWS too serves on when it is deleted. */
export interface VariantState {
  readonly variant: ProductionVariant;
  readonly model: CreateModelInput;
  weight: number;
  instances?: number;
  /** It gets copies of requests; its answers go nowhere. */
  readonly isShadow?: boolean;
}

/** A configuration as an endpoint runs it. */
export interface EndpointPlan {
  readonly configName: string;
  readonly variants: VariantState[];
  readonly async?: AsyncInferenceConfig;
  capture?: DataCaptureConfig;
}

export interface EndpointRecord {
  readonly arn: string;
  readonly name: string;
  /** What serves. */
  plan: EndpointPlan;
  /** What an update under way moves to. */
  next?: EndpointPlan;
  /** How the last update moved, or the one under way moves. */
  deployment?: DeploymentConfig;
  status: 'Creating' | 'Updating' | 'RollingBack' | 'SystemUpdating' | 'InService' | 'Failed' | 'Deleting';
  reason?: string;
  created: number;
  modified: number;
}

export interface SageMakerState {
  trainingJobs: Record<string, TrainingJobRecord>;
  tuningJobs: Record<string, TuningJobRecord>;
  transformJobs: Record<string, TransformJobRecord>;
  processingJobs: Record<string, ProcessingJobRecord>;
  models: Record<string, ModelRecord>;
  endpointConfigs: Record<string, EndpointConfigRecord>;
  endpoints: Record<string, EndpointRecord>;
  /** ARN -> tags. */
  tags: Record<string, Tag[]>;
}

/** What the local SageMaker knows, in a file: whoever opens the folder later goes on from there. */
export class StateFile {
  public readonly state: SageMakerState;
  /** Hears of each change. */
  public onSave: () => void = () => undefined;

  constructor(private readonly file: string) {
    mkdirSync(dirname(file), { recursive: true });
    this.state = { trainingJobs: {}, tuningJobs: {}, transformJobs: {}, processingJobs: {}, models: {}, endpointConfigs: {}, endpoints: {}, tags: {}, ...readWhole<Partial<SageMakerState>>(file, LOST) };
  }

  /** At once: an answer is only given for what would survive. */
  public save(): void {
    writeWhole(this.file, JSON.stringify(this.state));
    this.onSave();
  }
}

const LOST = 'put a copy in its place, or delete it, which forgets all jobs, models and endpoints; stacks whose resources they were can be destroyed and deployed again';
