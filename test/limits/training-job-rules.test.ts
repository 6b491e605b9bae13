import { againstRules } from '../../lib/limits/training-job-rules';
import { written } from '../../lib/limits/constraints';

type Tree = { [member: string]: any };

const CHANNEL = { ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/train' } } };
const PIPE = { ...CHANNEL, InputMode: 'Pipe' };
const VPC = { SecurityGroupIds: ['sg-1'], Subnets: ['subnet-1'] };
const FILES = { ChannelName: 'train', DataSource: { FileSystemDataSource: { FileSystemId: 'fs-01234567', FileSystemType: 'EFS', FileSystemAccessMode: 'ro', DirectoryPath: '/' } } };
const LEGAL: Tree = {
  AlgorithmSpecification: { TrainingImage: 'image', TrainingInputMode: 'File' },
  OutputDataConfig: { S3OutputPath: 's3://models/mnist' },
  ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 30 },
  StoppingCondition: { MaxRuntimeInSeconds: 3600 },
};
const SPOT = { EnableManagedSpotTraining: true, StoppingCondition: { MaxRuntimeInSeconds: 3600, MaxWaitTimeInSeconds: 3600 } };
const PREFERENCES = { InstanceCount: 1, InstancePreferences: [{ InstanceType: 'ml.p5.48xlarge' }, { InstanceType: 'ml.p4d.24xlarge' }] };
const GROUPS = { InstanceGroups: [{ InstanceType: 'ml.m5.large', InstanceCount: 1, InstanceGroupName: 'a' }] };
const SERVERLESS = { AlgorithmSpecification: undefined, ResourceConfig: undefined, ServerlessJobConfig: { BaseModelArn: 'arn', JobType: 'FineTuning' } };
const rules = (names: string[]) => names.map((RuleConfigurationName) => ({ RuleConfigurationName, RuleEvaluatorImage: 'image' }));
const s3 = (more: Tree, type = 'S3Prefix') => ({ ...CHANNEL, ...more, DataSource: { S3DataSource: { S3DataType: type, S3Uri: 's3://data/train' } } });

const found = (more: Tree) => againstRules({ ...LEGAL, ...more }).map(({ path, rule }) => `${written(path)} must ${rule}`);

describe('Rules over several members', () => {
  /** A rule, what breaks it and what just holds it. */
  test.each<[string, Tree, RegExp, Tree]>([
    ['one of image and algorithm: both', { AlgorithmSpecification: { TrainingImage: 'i', AlgorithmName: 'a', TrainingInputMode: 'File' } }, /AlgorithmSpecification.AlgorithmName must be the only one/, { AlgorithmSpecification: { AlgorithmName: 'a', TrainingInputMode: 'File' } }],
    ['one of image and algorithm: none', { AlgorithmSpecification: { TrainingInputMode: 'File' } }, /TrainingImage must be the only one/, {}],
    ['a job needs an algorithm', { AlgorithmSpecification: undefined }, /^AlgorithmSpecification must be given, unless the job is serverless/, SERVERLESS],
    ['a job needs instances', { ResourceConfig: undefined }, /^ResourceConfig must be given/, SERVERLESS],
    ['a job needs an end', { StoppingCondition: undefined }, /^StoppingCondition must be given/, { ...SERVERLESS, StoppingCondition: undefined }],
    ['a serverless job has no algorithm', { ...SERVERLESS, AlgorithmSpecification: LEGAL.AlgorithmSpecification }, /^AlgorithmSpecification must be left out for a serverless job/, SERVERLESS],
    ['a serverless job has no spot capacity', { ...SERVERLESS, ...SPOT }, /^EnableManagedSpotTraining must be left out/, SERVERLESS],
    ['a serverless job has no environment', { ...SERVERLESS, Environment: { A: 'b' } }, /^Environment must be left out/, SERVERLESS],
    ['a serverless job has no retries', { ...SERVERLESS, RetryStrategy: { MaximumRetryAttempts: 2 } }, /^RetryStrategy must be left out/, SERVERLESS],
    ['a serverless job has no checkpoints', { ...SERVERLESS, CheckpointConfig: { S3Uri: 's3://b' } }, /^CheckpointConfig must be left out/, SERVERLESS],
    ['a serverless job has no debugger', { ...SERVERLESS, DebugHookConfig: { S3OutputPath: 's3://b' } }, /^DebugHookConfig must be left out/, SERVERLESS],
    ['a serverless job has no debugger rules', { ...SERVERLESS, DebugRuleConfigurations: rules(['a']) }, /^DebugRuleConfigurations must be left out/, SERVERLESS],
    ['a serverless job has no experiment', { ...SERVERLESS, ExperimentConfig: { RunName: 'a' } }, /^ExperimentConfig must be left out/, SERVERLESS],
    ['a serverless job has no profiler', { ...SERVERLESS, ProfilerConfig: { DisableProfiler: true } }, /^ProfilerConfig must be left out/, SERVERLESS],
    ['a serverless job has no profiler rules', { ...SERVERLESS, ProfilerRuleConfigurations: rules(['a']) }, /^ProfilerRuleConfigurations must be left out/, SERVERLESS],
    ['a serverless job has no TensorBoard', { ...SERVERLESS, TensorBoardOutputConfig: { S3OutputPath: 's3://b' } }, /^TensorBoardOutputConfig must be left out/, SERVERLESS],
    ['a profiler that is off has no rules', { ProfilerConfig: { DisableProfiler: true }, ProfilerRuleConfigurations: rules(['a']) }, /^ProfilerRuleConfigurations must be left out where the profiler is disabled/, { ProfilerConfig: { DisableProfiler: false }, ProfilerRuleConfigurations: rules(['a']) }],
    ['an evaluation says how', { ...SERVERLESS, ServerlessJobConfig: { BaseModelArn: 'arn', JobType: 'Evaluation' } }, /EvaluationType must be given/, { ...SERVERLESS, ServerlessJobConfig: { BaseModelArn: 'arn', JobType: 'Evaluation', EvaluationType: 'BenchmarkEvaluation' } }],
    ['a registry of one\'s own is in the VPC', { AlgorithmSpecification: { ...LEGAL.AlgorithmSpecification, TrainingImageConfig: { TrainingRepositoryAccessMode: 'Vpc' } } }, /^VpcConfig must be given for an image/, { AlgorithmSpecification: { ...LEGAL.AlgorithmSpecification, TrainingImageConfig: { TrainingRepositoryAccessMode: 'Vpc' } }, VpcConfig: VPC }],
    ['Chainer needs a network', { EnableNetworkIsolation: true, AlgorithmSpecification: { TrainingImage: '1.dkr.ecr.eu.amazonaws.com/sagemaker-chainer:5.0.0-cpu-py3', TrainingInputMode: 'File' } }, /^EnableNetworkIsolation must be left out/, { EnableNetworkIsolation: true }],
    ['metrics have names of their own', { AlgorithmSpecification: { ...LEGAL.AlgorithmSpecification, MetricDefinitions: [{ Name: 'a', Regex: 'x' }, { Name: 'a', Regex: 'y' }] } }, /MetricDefinitions must be unique/, { AlgorithmSpecification: { ...LEGAL.AlgorithmSpecification, MetricDefinitions: [{ Name: 'a', Regex: 'x' }, { Name: 'b', Regex: 'x' }] } }],
    ['spot capacity has a wait', { EnableManagedSpotTraining: true }, /MaxWaitTimeInSeconds must be given for spot/, SPOT],
    ['a wait is at least the run', { ...SPOT, StoppingCondition: { MaxRuntimeInSeconds: 3601, MaxWaitTimeInSeconds: 3600 } }, /MaxWaitTimeInSeconds must be at least the maximum run time/, SPOT],
    ['a wait is for spot capacity', { StoppingCondition: { MaxRuntimeInSeconds: 1, MaxWaitTimeInSeconds: 2 } }, /MaxWaitTimeInSeconds must be left out unless capacity is spot/, {}],
    ['no warm pool of spot capacity', { ...SPOT, ResourceConfig: { ...LEGAL.ResourceConfig, KeepAlivePeriodInSeconds: 60 } }, /KeepAlivePeriodInSeconds must be left out for spot/, { ...SPOT, ResourceConfig: { ...LEGAL.ResourceConfig, KeepAlivePeriodInSeconds: 0 } }],
    ['groups instead of a type', { ResourceConfig: { ...GROUPS, InstanceType: 'ml.m5.large' } }, /InstanceType must be left out with InstanceGroups/, { ResourceConfig: GROUPS }],
    ['groups instead of a count', { ResourceConfig: { ...GROUPS, InstanceCount: 1 } }, /InstanceCount must be left out with InstanceGroups/, { ResourceConfig: GROUPS }],
    ['no warm pool of groups', { ResourceConfig: { ...GROUPS, KeepAlivePeriodInSeconds: 60 } }, /KeepAlivePeriodInSeconds must be left out with InstanceGroups/, { ResourceConfig: GROUPS }],
    ['groups have names of their own', { ResourceConfig: { InstanceGroups: [...GROUPS.InstanceGroups, ...GROUPS.InstanceGroups] } }, /InstanceGroups must be unique/, { ResourceConfig: GROUPS }],
    ['a type is needed', { ResourceConfig: { InstanceCount: 1 } }, /InstanceType must be given/, {}],
    ['a count is needed', { ResourceConfig: { InstanceType: 'ml.m5.large' } }, /InstanceCount must be given with InstanceType/, {}],
    ['preferences instead of a type', { ResourceConfig: { ...PREFERENCES, InstanceType: 'ml.m5.large' } }, /InstanceType must be left out with InstancePreferences/, { ResourceConfig: PREFERENCES }],
    ['preferences instead of groups', { ResourceConfig: { InstancePreferences: PREFERENCES.InstancePreferences, ...GROUPS } }, /InstanceGroups must be left out with InstancePreferences/, { ResourceConfig: PREFERENCES }],
    ['preferences without placement', { ResourceConfig: { ...PREFERENCES, InstancePlacementConfig: { EnableMultipleJobs: true } } }, /InstancePlacementConfig must be left out with InstancePreferences/, { ResourceConfig: PREFERENCES }],
    ['preferences without spot', { ...SPOT, ResourceConfig: PREFERENCES }, /^EnableManagedSpotTraining must be left out with InstancePreferences/, { ResourceConfig: PREFERENCES }],
    ['counts of all preferences or of none', { ResourceConfig: { InstancePreferences: [{ InstanceType: 'a', InstanceCount: 1 }, { InstanceType: 'b' }] } }, /an InstanceCount in each entry or in none/, { ResourceConfig: { InstancePreferences: [{ InstanceType: 'a', InstanceCount: 1 }] } }],
    ['counts of preferences or of the job', { ResourceConfig: { InstanceCount: 1, InstancePreferences: [{ InstanceType: 'a', InstanceCount: 1 }] } }, /InstanceCount must be left out where the preferences have counts/, { ResourceConfig: PREFERENCES }],
    ['a count somewhere', { ResourceConfig: { InstancePreferences: [{ InstanceType: 'a' }] } }, /InstanceCount must be given where the preferences have no counts/, { ResourceConfig: PREFERENCES }],
    ['training plans of preferences or of the job', { ResourceConfig: { InstanceCount: 1, TrainingPlanArn: 'p', InstancePreferences: [{ InstanceType: 'a', TrainingPlanArns: ['q'] }] } }, /TrainingPlanArn must be left out where the preferences/, { ResourceConfig: { ...PREFERENCES, TrainingPlanArn: 'p' } }],
    ['preferences are of different types', { ResourceConfig: { InstanceCount: 1, InstancePreferences: [{ InstanceType: 'a' }, { InstanceType: 'a' }] } }, /InstancePreferences must be unique/, { ResourceConfig: PREFERENCES }],
    ['channels have names of their own', { InputDataConfig: [CHANNEL, CHANNEL] }, /^InputDataConfig must be unique/, { InputDataConfig: [CHANNEL, { ...CHANNEL, ChannelName: 'test' }] }],
    ['a channel has one source', { InputDataConfig: [{ ...CHANNEL, DataSource: { ...CHANNEL.DataSource, DatasetSource: { DatasetArn: 'a' } } }] }, /DataSource must be one of S3DataSource/, { InputDataConfig: [CHANNEL] }],
    ['a channel has a source', { InputDataConfig: [{ ...CHANNEL, DataSource: {} }] }, /DataSource must be one of S3DataSource/, { InputDataConfig: [CHANNEL] }],
    ['file systems are in a VPC', { InputDataConfig: [FILES] }, /^VpcConfig must be given for the data of a file system/, { InputDataConfig: [FILES], VpcConfig: VPC }],
    ['file systems are files', { InputDataConfig: [{ ...FILES, InputMode: 'Pipe' }], VpcConfig: VPC }, /InputMode must be File for the data of a file system/, { InputDataConfig: [FILES], VpcConfig: VPC }],
    ['groups of a channel are of the capacity', { ResourceConfig: GROUPS, InputDataConfig: [{ ...CHANNEL, DataSource: { S3DataSource: { ...CHANNEL.DataSource.S3DataSource, InstanceGroupNames: ['b'] } } }] }, /InstanceGroupNames must be of a/, { ResourceConfig: GROUPS, InputDataConfig: [{ ...CHANNEL, DataSource: { S3DataSource: { ...CHANNEL.DataSource.S3DataSource, InstanceGroupNames: ['a'] } } }] }],
    ['compression is for pipes', { InputDataConfig: [s3({ CompressionType: 'Gzip' })] }, /CompressionType must be left out unless the channel is a pipe/, { InputDataConfig: [{ ...PIPE, CompressionType: 'Gzip' }] }],
    ['wrappers are for pipes', { InputDataConfig: [s3({ RecordWrapperType: 'RecordIO' })] }, /RecordWrapperType must be left out unless/, { InputDataConfig: [{ ...PIPE, RecordWrapperType: 'RecordIO' }, s3({ ChannelName: 'b', RecordWrapperType: 'None' })] }],
    ['augmented manifests are pipes', { InputDataConfig: [s3({}, 'AugmentedManifestFile')] }, /InputMode must be Pipe for an augmented manifest/, { InputDataConfig: [s3({ InputMode: 'Pipe' }, 'AugmentedManifestFile')] }],
    ['fast files have a prefix', { InputDataConfig: [s3({ InputMode: 'FastFile' }, 'ManifestFile')] }, /S3DataType must be S3Prefix for InputMode.FAST_FILE/, { InputDataConfig: [s3({ InputMode: 'FastFile' })] }],
    ['a model to go on from is files', { InputDataConfig: [s3({ InputMode: 'Pipe', ContentType: 'application/x-sagemaker-model' })] }, /InputMode must be File for the model/, { InputDataConfig: [s3({ ContentType: 'application/x-sagemaker-model' })] }],
    ['security groups once each', { VpcConfig: { ...VPC, SecurityGroupIds: ['a', 'a'] } }, /SecurityGroupIds must be unique/, { VpcConfig: VPC }],
    ['subnets once each', { VpcConfig: { ...VPC, Subnets: ['a', 'a'] } }, /Subnets must be unique/, { VpcConfig: VPC }],
    ['S3 Express takes no key', { OutputDataConfig: { S3OutputPath: 's3://models--use1-az4--x-s3/a', KmsKeyId: 'key' } }, /KmsKeyId must be left out for a bucket of S3 Express/, { OutputDataConfig: { S3OutputPath: 's3://models/a', KmsKeyId: 'key' } }],
    ['debugger rules have names of their own', { DebugRuleConfigurations: rules(['a', 'a']) }, /DebugRuleConfigurations must be unique/, { DebugRuleConfigurations: rules(['a', 'b']) }],
    ['profiler rules have names of their own', { ProfilerRuleConfigurations: rules(['a', 'a']) }, /ProfilerRuleConfigurations must be unique/, { ProfilerRuleConfigurations: rules(['a']), DebugRuleConfigurations: rules(['a']) }],
  ])('%s', (_rule, breaks, message, holds) => {
    expect(found(breaks)).toContainEqual(expect.stringMatching(message));
    expect(found(holds)).toEqual([]);
  });

  test('let what is not known yet pass', () => {
    const unknown = (value: unknown) => typeof value === 'string' && value.startsWith('?');
    expect(againstRules({
      ...LEGAL, ...SPOT, StoppingCondition: { MaxRuntimeInSeconds: '?run', MaxWaitTimeInSeconds: '?wait' },
      InputDataConfig: [{ ...CHANNEL, InputMode: '?mode', CompressionType: 'Gzip' }], VpcConfig: { Subnets: ['?', '?'], SecurityGroupIds: ['?', '?'] },
    }, unknown)).toEqual([]);
  });
});
