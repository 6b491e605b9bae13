import type { JobKindName } from '../../lib/limits/job-kinds';

type Tree = { [member: string]: any };

/** What the simulated SageMaker has to know of a kind of job; nothing of it is read from the handler's own table. */
export interface TestedKind {
  readonly kind: JobKindName;
  readonly create: string;
  readonly describe: string;
  readonly stop: string;
  readonly remove?: string;
  readonly update?: string;
  /** What members and messages call it. */
  readonly member: string;
  readonly arnType: string;
  readonly prefix: string;
  readonly longestName: number;
  /** The error that the service has for a name it does not know. */
  readonly notFound: readonly [name: string, message: string];
  readonly jobArn: string;
  /** A run whose letter is part of what counts, as CloudFormation hands it over: all strings. */
  readonly request: (letter: string) => Tree;
  /** What Describe says besides the request, name, ARN and status. */
  readonly described: (job: { readonly request: Tree; readonly status: string; readonly secondary: string; readonly created: number; readonly metrics: Tree[] }, name: string) => Tree;
  /** What the outcome is asked for; `derives`: the first of them says where the result is, which the name of the job tells. */
  readonly attributes: readonly string[];
  readonly derives: boolean;
}

const ROLE = 'arn:aws:iam::123456789012:role/cdk-sagemaker/mnist/role';
const IMAGE = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/mnist:1.0';
export const OUTPUT = 's3://models/mnist';

const usual = (kind: string) => ({ create: `Create${kind}`, describe: `Describe${kind}`, stop: `Stop${kind}`, member: kind });
const artifact = (request: Tree, name: string) => `${request.OutputDataConfig.S3OutputPath}/${name}/output/model.tar.gz`;

export const TRAINING: TestedKind = {
  kind: 'TrainingJob',
  ...usual('TrainingJob'),
  remove: 'DeleteTrainingJob',
  update: 'UpdateTrainingJob',
  arnType: 'training-job',
  prefix: 'mnist-train',
  longestName: 63,
  notFound: ['ValidationException', 'Requested resource not found.'],
  jobArn: 'TrainingJobArn',
  request: (letter) => ({
    RoleArn: ROLE,
    AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: 'File' },
    HyperParameters: { run: letter },
    OutputDataConfig: { S3OutputPath: OUTPUT },
    ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: '1', VolumeSizeInGB: '30' },
    StoppingCondition: { MaxRuntimeInSeconds: '3600' },
  }),
  described: (job, name) => ({
    SecondaryStatus: job.secondary,
    BillableTimeInSeconds: 60,
    FinalMetricDataList: job.metrics,
    ModelArtifacts: { S3ModelArtifacts: job.status === 'Completed' ? artifact(job.request, name) : '' },
  }),
  attributes: ['ModelArtifacts', 'Status'],
  derives: true,
};

export const TUNING: TestedKind = {
  kind: 'HyperParameterTuningJob',
  ...usual('HyperParameterTuningJob'),
  remove: 'DeleteHyperParameterTuningJob',
  arnType: 'hyper-parameter-tuning-job',
  prefix: 'mnist-tune',
  longestName: 32,
  notFound: ['ResourceNotFound', 'Amazon SageMaker can\'t find a tuning job of that name'],
  jobArn: 'HyperParameterTuningJobArn',
  request: (letter) => {
    const { HyperParameters: _none, ResourceConfig: resources, ...definition } = TRAINING.request(letter);
    return {
      HyperParameterTuningJobConfig: {
        Strategy: 'Random',
        ResourceLimits: { MaxNumberOfTrainingJobs: '4', MaxParallelTrainingJobs: '2', MaxRuntimeInSeconds: '3600' },
        HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'accuracy' },
        ParameterRanges: { ContinuousParameterRanges: [{ Name: 'lr', MinValue: '0.1', MaxValue: '0.5' }], IntegerParameterRanges: [], CategoricalParameterRanges: [] },
      },
      TrainingJobDefinition: {
        ...definition,
        AlgorithmSpecification: { ...definition.AlgorithmSpecification, MetricDefinitions: [{ Name: 'accuracy', Regex: 'acc=([0-9.]+)' }] },
        StaticHyperParameters: { run: letter },
        HyperParameterTuningResourceConfig: resources,
      },
    };
  },
  described: (job, name) => ({
    HyperParameterTuningEndTime: (job.created + (job.secondary === 'MaxRuntimeExceeded' ? 3_600_000 : 1_800_000)) / 1000,
    TrainingJobStatusCounters: { Completed: 3, InProgress: 0, RetryableError: 0, NonRetryableError: 1, Stopped: 0 },
    BestTrainingJob: job.metrics.length === 0 ? undefined : {
      TrainingJobName: `${name}-001-0a1b2c3d`, TrainingJobArn: `arn:aws:sagemaker:eu-west-1:123456789012:training-job/${name}-001-0a1b2c3d`, TrainingJobStatus: 'Completed',
      CreationTime: job.created / 1000, TunedHyperParameters: { lr: '0.25' }, FinalHyperParameterTuningJobObjectiveMetric: { Type: 'Maximize', ...job.metrics[0] },
    },
  }),
  attributes: ['Status', 'CompletedJobs'],
  derives: false,
};

export const TRANSFORM: TestedKind = {
  kind: 'TransformJob',
  ...usual('TransformJob'),
  arnType: 'transform-job',
  prefix: 'mnist-score',
  longestName: 63,
  notFound: ['ValidationException', 'Could not find requested job with name'],
  jobArn: 'TransformJobArn',
  request: (letter) => ({
    ModelName: 'mnist',
    TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `s3://batches/${letter}` } } },
    TransformOutput: { S3OutputPath: `${OUTPUT}/scores` },
    TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: '1' },
  }),
  described: () => ({}),
  attributes: ['OutputPath', 'Status'],
  derives: true,
};

export const TESTED_KINDS: readonly TestedKind[] = [TRAINING, TUNING, TRANSFORM];
