import { description, descriptionLines, type Surroundings } from '../../lib/operate/describe';
import type { Document, JobKind } from '../../lib/operate/job-kind';
import { trainingJob } from '../../lib/operate/training-job-kind';
import { transformJob } from '../../lib/operate/transform-job-kind';
import { tuningJob } from '../../lib/operate/tuning-job-kind';
import { START } from '../support/job-view';

const at = (seconds: number) => new Date(START + seconds * 1000);
const shown = (kind: JobKind, document: Document, surroundings: Surroundings = {}) =>
  descriptionLines(description(kind, kind.view(document), kind.sections(document), surroundings, START), (label) => label);

test('a spot job on two kinds of instances, in columns', () => {
  const document = {
    TrainingJobName: 'job', TrainingJobArn: 'arn:aws:sagemaker:us-east-1:123456789012:training-job/job', TrainingJobStatus: 'Stopped', SecondaryStatus: 'MaxWaitTimeExceeded',
    CreationTime: at(0), LastModifiedTime: at(130), TrainingStartTime: at(10), TrainingEndTime: at(110), TrainingTimeInSeconds: 100, BillableTimeInSeconds: 40, EnableManagedSpotTraining: true,
    SecondaryStatusTransitions: [{ Status: 'Starting', StartTime: at(0), EndTime: at(10), StatusMessage: 'Launching' }, { Status: 'Stopped', StartTime: at(130), StatusMessage: '' }],
    ResourceConfig: { VolumeSizeInGB: 30, InstanceGroups: [{ InstanceGroupName: 'gpu', InstanceType: 'ml.p3.2xlarge', InstanceCount: 1 }, { InstanceGroupName: 'cpu', InstanceType: 'ml.c5.xlarge', InstanceCount: 2 }] },
    StoppingCondition: { MaxRuntimeInSeconds: 60, MaxWaitTimeInSeconds: 120 }, TuningJobArn: 'arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/tune',
    InputDataConfig: [{ ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'ManifestFile', S3Uri: 's3://b/m' } } }, { ChannelName: 'efs', DataSource: { FileSystemDataSource: { FileSystemType: 'EFS', FileSystemId: 'fs-1', DirectoryPath: '/d' } } }],
  };
  expect(shown(trainingJob, document, { owner: { stackName: 'Digits', logicalId: 'Train1', others: [['team', 'vision']] }, console: 'https://console', logs: 'https://logs' })).toEqual([
    'training job  job',
    'status        Stopped (MaxWaitTimeExceeded)',
    'history       2026-01-01 12:00:00  10 s  Starting  Launching',
    '              2026-01-01 12:02:10  0 s   Stopped',
    'time          created 2026-01-01 12:00:00 UTC, ended 2026-01-01 12:01:50 UTC',
    '              training 300 s, billable 120 s, managed spot saved 60.0%',
    'instances     1 x ml.p3.2xlarge  group gpu, managed spot, 30 GB',
    '              2 x ml.c5.xlarge   group cpu, managed spot, 30 GB',
    'limits        runtime 60 s, with waiting 120 s',
    'tuning job    tune',
    'inputs        train  s3://b/m (ManifestFile)',
    '              efs    EFS fs-1:/d',
    'stack         Digits, Train1',
    'tags          team  vision',
    'arn           arn:aws:sagemaker:us-east-1:123456789012:training-job/job',
    'logs          /aws/sagemaker/TrainingJobs, streams job/*',
    '              https://logs',
    'console       https://console',
  ]);
});

test('a tuning job: what is searched, how far it is, the best of its training jobs, and what these have in common', () => {
  const document = {
    HyperParameterTuningJobName: 'tune', HyperParameterTuningJobArn: 'arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/tune', HyperParameterTuningJobStatus: 'InProgress',
    CreationTime: at(-600), LastModifiedTime: at(-1), ConsumedResources: { RuntimeInSeconds: 900 }, TuningJobCompletionDetails: { NumberOfTrainingJobsObjectiveNotImproving: 2, ConvergenceDetectedTime: at(-10) },
    HyperParameterTuningJobConfig: {
      Strategy: 'Bayesian', HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'accuracy' }, TrainingJobEarlyStoppingType: 'Auto', RandomSeed: 7,
      ResourceLimits: { MaxNumberOfTrainingJobs: 20, MaxParallelTrainingJobs: 2 }, TuningJobCompletionCriteria: { TargetObjectiveMetricValue: 0.99 },
      ParameterRanges: {
        ContinuousParameterRanges: [{ Name: 'rate', MinValue: '0.001', MaxValue: '0.1', ScalingType: 'Logarithmic' }], IntegerParameterRanges: [{ Name: 'depth', MinValue: '2', MaxValue: '8', ScalingType: 'Auto' }],
        CategoricalParameterRanges: [{ Name: 'solver', Values: ['"adam"', '"sgd"'] }],
      },
    },
    TrainingJobDefinition: {
      StaticHyperParameters: { epochs: '3' }, AlgorithmSpecification: { TrainingImage: 'image:1', TrainingInputMode: 'File' }, RoleArn: 'role', OutputDataConfig: { S3OutputPath: 's3://out' },
      HyperParameterTuningResourceConfig: { InstanceConfigs: [{ InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 5 }, { InstanceType: 'ml.m4.large', InstanceCount: 1, VolumeSizeInGB: 5 }] }, StoppingCondition: { MaxRuntimeInSeconds: 60 },
    },
    TrainingJobStatusCounters: { Completed: 3, InProgress: 1, RetryableError: 1, NonRetryableError: 1, Stopped: 0 },
    BestTrainingJob: { TrainingJobName: 'tune-002-0a1b2c3d', FinalHyperParameterTuningJobObjectiveMetric: { MetricName: 'accuracy', Value: 0.9 }, TunedHyperParameters: { rate: '0.01', depth: '4' } },
    OverallBestTrainingJob: { TrainingJobName: 'older-001-0a1b2c3d', FinalHyperParameterTuningJobObjectiveMetric: { MetricName: 'accuracy', Value: 0.95 } },
    WarmStartConfig: { WarmStartType: 'IdenticalDataAndAlgorithm', ParentHyperParameterTuningJobs: [{ HyperParameterTuningJobName: 'older' }] },
  };
  expect(shown(tuningJob, document)).toEqual([
    'tuning job       tune',
    'status           InProgress',
    'time             created 2026-01-01 11:50:00 UTC, 10 min 00 s ago',
    'strategy         Bayesian, early stopping Auto, seed 7',
    'objective        Maximize  accuracy',
    'training jobs    3 completed, 1 in progress, 2 failed, 0 stopped',
    '                 runtime 900 s',
    'at most          20 training jobs, 2 at once',
    '                 until the objective is 0.99',
    'convergence      converged at 2026-01-01 11:59:50',
    '                 2 training jobs since the best one are no better',
    'best             tune-002-0a1b2c3d  accuracy  0.9',
    'best with        depth  4',
    '                 rate   0.01',
    'overall best     older-001-0a1b2c3d  accuracy  0.95',
    'warm start       IdenticalDataAndAlgorithm',
    '                 older',
    'ranges           depth   integer  2 to 8',
    '                 rate    number   0.001 to 0.1, Logarithmic',
    '                 solver  one of   "adam", "sgd"',
    'instances        1 x ml.m5.large  preference 1, on demand',
    '                 1 x ml.m4.large  preference 2, on demand',
    'limits           runtime 60 s',
    'image            image:1',
    'role             role',
    'output           s3://out',
    'hyperparameters  epochs  3',
    'arn              arn:aws:sagemaker:us-east-1:123456789012:hyper-parameter-tuning-job/tune',
    'logs             /aws/sagemaker/TrainingJobs, streams tune-*',
  ]);
  expect(tuningJob.view(document).standing).toEqual({
    texts: ['6 of 20 training jobs: 3 completed, 1 in progress, 2 failed', 'best accuracy=0.9: tune-002-0a1b2c3d'],
    data: { trainingJobs: { completed: 3, inProgress: 1, failed: 2, stopped: 0 }, best: { job: 'tune-002-0a1b2c3d', metric: 'accuracy', value: 0.9, hyperparameters: { rate: '0.01', depth: '4' } } },
  });
});

test('a tuning job of several definitions, each with its objective and ranges', () => {
  const definition = (name: string, image: string) => ({
    DefinitionName: name, TuningObjective: { Type: 'Minimize', MetricName: 'loss' }, HyperParameterRanges: { IntegerParameterRanges: [{ Name: 'k', MinValue: '1', MaxValue: '9' }] },
    AlgorithmSpecification: { TrainingImage: image },
  });
  const lines = shown(tuningJob, {
    HyperParameterTuningJobName: 'tune', HyperParameterTuningJobArn: 'arn', HyperParameterTuningJobStatus: 'Completed', CreationTime: at(0), HyperParameterTuningEndTime: at(60),
    TrainingJobDefinitions: [definition('one', 'image:1'), definition('two', 'image:2')],
  });
  expect(lines).toEqual([
    'tuning job  tune', 'status      Completed', 'time        created 2026-01-01 12:00:00 UTC, ended 2026-01-01 12:01:00 UTC',
    'objective   Minimize  loss  of one', '            Minimize  loss  of two',
    'definition  one', 'ranges      k  integer  1 to 9', 'image       image:1', 'definition  two', 'ranges      k  integer  1 to 9', 'image       image:2',
    'arn         arn', 'logs        /aws/sagemaker/TrainingJobs, streams tune-*',
  ]);
});

test('a transform job: model, input and output, and nothing of training', () => {
  const document = {
    TransformJobName: 'score', TransformJobArn: 'arn', TransformJobStatus: 'Failed', FailureReason: 'ClientError: no', ModelName: 'model', CreationTime: at(0), TransformStartTime: at(10), TransformEndTime: at(70),
    BatchStrategy: 'MultiRecord', MaxPayloadInMB: 6, MaxConcurrentTransforms: 4, ModelClientConfig: { InvocationsTimeoutInSeconds: 60, InvocationsMaxRetries: 1 },
    TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://in/' } }, ContentType: 'text/csv', SplitType: 'Line', CompressionType: 'None' },
    TransformOutput: { S3OutputPath: 's3://out/', Accept: 'text/csv', AssembleWith: 'Line' }, TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 2 },
    DataProcessing: { InputFilter: '$[1:]', OutputFilter: '$', JoinSource: 'Input' }, Environment: { B: '2', A: '1' },
  };
  expect(shown(transformJob, document)).toEqual([
    'transform job  score',
    'status         Failed: ClientError: no',
    'time           created 2026-01-01 12:00:00 UTC, ended 2026-01-01 12:01:10 UTC',
    'model          model',
    'instances      2 x ml.m5.large',
    'batches        MultiRecord, at most 6 MB, 4 at once',
    'calls          60 s each, 1 retries',
    'input          s3://in/',
    '               text/csv, split by Line',
    'output         s3://out/',
    '               text/csv, joined by Line',
    'filters        input $[1:], joined with Input, output $',
    'environment    A  1',
    '               B  2',
    'arn            arn',
    'logs           /aws/sagemaker/TransformJobs, streams score/*',
  ]);
  expect(transformJob.view(document)).toMatchObject({ instances: 2, started: at(10).getTime(), ended: at(70).getTime() });
  expect(transformJob.view(document)).not.toHaveProperty('trainingSeconds');
});
