import type { Constraint, Limits } from './constraints';

/**
 * What CreateTrainingJob takes, member by member. Where the service's model is weaker than its prose, the prose holds.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html
 */

/** A URI of S3; two slashes in a row, of which the service makes an empty folder or an error, only after the scheme. */
export const S3_URI = /^(https|s3):\/\/[^/\n]+(\/[^/\n]+)*\/?$/;
export const URI: Constraint = { length: [1, 1024], pattern: S3_URI, words: 'a URI of S3 with single slashes: s3://bucket/prefix' };
const FOLDER: Constraint = { length: [1, 4096], pattern: /^.*$/, words: 'a folder, on a single line' };
export const KEY: Constraint = { length: [0, 2048], pattern: /^[a-zA-Z0-9:/_-]*$/, words: 'the id or the ARN of a key' };
export const INSTANCE_TYPE: Constraint = { pattern: /^ml\.[a-z0-9-]+\.[a-z0-9-]+$/, words: 'an instance type of SageMaker, for instance ml.m5.xlarge' };
const INSTANCES: Constraint = { range: [1, 2_147_483_647] };
const VOLUME: Constraint = { range: [1, 65_536], unit: 'GiB' };
const IMAGE: Constraint = { length: [1, 255], pattern: /^.*$/, words: 'an image, on a single line' };
export const WORD: Constraint = { length: [0, 256], pattern: /^.*$/, words: 'a single line' };
const NAME_256: Constraint = { length: [1, 256], pattern: /^.*$/, words: 'a single line' };
const EXPERIMENT_NAME: Constraint = { pattern: /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,119}$/, words: '1 to 120 letters, digits and dashes, with no dash at either end' };
const PLAN: Constraint = { length: [50, 2048], pattern: /^arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:training-plan\/.*$/, words: 'the ARN of a training plan' };
const hubContent = (type: string): Constraint => ({
  length: [1, 2048],
  pattern: new RegExp(`^arn:[a-z0-9-.]{1,63}:sagemaker:\\w+(-\\w+)+:([0-9]{12}|aws):hub-content/[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}/${type}/[a-zA-Z0-9](-*[a-zA-Z0-9]){0,63}(/\\d{1,4}\\.\\d{1,4}\\.\\d{1,4})?$`),
  words: `the ARN of a hub's content of type ${type}`,
});

const rules = (member: string): Limits => ({
  [member]: { count: [0, 20] },
  [`${member}[]`]: { required: ['RuleConfigurationName', 'RuleEvaluatorImage'] },
  [`${member}[].RuleConfigurationName`]: NAME_256,
  [`${member}[].LocalPath`]: FOLDER,
  [`${member}[].S3OutputPath`]: URI,
  [`${member}[].RuleEvaluatorImage`]: IMAGE,
  [`${member}[].InstanceType`]: INSTANCE_TYPE,
  [`${member}[].VolumeSizeInGB`]: VOLUME,
  [`${member}[].RuleParameters`]: { count: [0, 100] },
  [`${member}[].RuleParameters{name}`]: NAME_256,
  [`${member}[].RuleParameters{}`]: WORD,
});

const smallMap = (member: string): Limits => ({ [member]: { count: [0, 20] }, [`${member}{name}`]: NAME_256, [`${member}{}`]: WORD });

/** What several calls have, with the same limits. */
export const TAGS: Limits = {
  'Tags': { count: [0, 50] },
  'Tags[]': { required: ['Key', 'Value'] },
  'Tags[].Key': { length: [1, 128], pattern: /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u, words: 'letters, digits, spaces and _ . : / = + - @, not beginning with aws:' },
  'Tags[].Value': { length: [0, 256], pattern: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u, words: 'letters, digits, spaces and _ . : / = + - @' },
};
export const EXPERIMENT: Limits = {
  'ExperimentConfig.ExperimentName': EXPERIMENT_NAME,
  'ExperimentConfig.TrialName': EXPERIMENT_NAME,
  'ExperimentConfig.TrialComponentDisplayName': EXPERIMENT_NAME,
  'ExperimentConfig.RunName': EXPERIMENT_NAME,
};

export const TRAINING_JOB_LIMITS: Limits = {
  '': { required: ['RoleArn', 'OutputDataConfig'] },
  'TrainingJobName': { pattern: /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/, words: '1 to 63 letters, digits and dashes, with no dash at either end' },
  'HyperParameters': { count: [0, 100] },
  'HyperParameters{name}': NAME_256,
  'HyperParameters{}': { length: [0, 2500], pattern: /^.*$/, words: 'a single line' },
  'AlgorithmSpecification': { required: ['TrainingInputMode'] },
  'AlgorithmSpecification.TrainingImage': IMAGE,
  'AlgorithmSpecification.AlgorithmName': {
    length: [1, 170], pattern: /^(arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:[a-z-]*\/)?[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/, words: 'the name or the ARN of an algorithm',
  },
  'AlgorithmSpecification.TrainingInputMode': { oneOf: ['File', 'Pipe', 'FastFile'] },
  'AlgorithmSpecification.MetricDefinitions': { count: [0, 40] },
  'AlgorithmSpecification.MetricDefinitions[]': { required: ['Name', 'Regex'] },
  'AlgorithmSpecification.MetricDefinitions[].Name': { length: [1, 255], pattern: /^.+$/, words: 'a single line' },
  'AlgorithmSpecification.MetricDefinitions[].Regex': { length: [1, 500], pattern: /^.+$/, words: 'a single line' },
  'AlgorithmSpecification.ContainerEntrypoint': { count: [1, 100] },
  'AlgorithmSpecification.ContainerEntrypoint[]': { length: [0, 256] },
  'AlgorithmSpecification.ContainerArguments': { count: [1, 100] },
  'AlgorithmSpecification.ContainerArguments[]': { length: [0, 256] },
  'AlgorithmSpecification.TrainingImageConfig': { required: ['TrainingRepositoryAccessMode'] },
  'AlgorithmSpecification.TrainingImageConfig.TrainingRepositoryAccessMode': { oneOf: ['Platform', 'Vpc'] },
  'AlgorithmSpecification.TrainingImageConfig.TrainingRepositoryAuthConfig': { required: ['TrainingRepositoryCredentialsProviderArn'] },
  'AlgorithmSpecification.TrainingImageConfig.TrainingRepositoryAuthConfig.TrainingRepositoryCredentialsProviderArn': {
    length: [1, 2048], pattern: /^arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:[0-9]{12}:function:.*$/, words: 'the ARN of a function',
  },
  'RoleArn': { length: [20, 2048], pattern: /^arn:aws[a-z-]*:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/, words: 'the ARN of a role' },
  'InputDataConfig': { count: [1, 20] },
  'InputDataConfig[]': { required: ['ChannelName', 'DataSource'] },
  'InputDataConfig[].ChannelName': { pattern: /^[A-Za-z0-9._-]{1,64}$/, words: 'named with 1 to 64 letters, digits, dots, dashes and underscores' },
  'InputDataConfig[].DataSource.S3DataSource': { required: ['S3DataType', 'S3Uri'] },
  'InputDataConfig[].DataSource.S3DataSource.S3DataType': { oneOf: ['ManifestFile', 'S3Prefix', 'AugmentedManifestFile', 'Converse'] },
  'InputDataConfig[].DataSource.S3DataSource.S3Uri': URI,
  'InputDataConfig[].DataSource.S3DataSource.S3DataDistributionType': { oneOf: ['FullyReplicated', 'ShardedByS3Key'] },
  'InputDataConfig[].DataSource.S3DataSource.AttributeNames': { count: [0, 16] },
  'InputDataConfig[].DataSource.S3DataSource.AttributeNames[]': NAME_256,
  'InputDataConfig[].DataSource.S3DataSource.InstanceGroupNames': { count: [0, 5] },
  'InputDataConfig[].DataSource.S3DataSource.InstanceGroupNames[]': { length: [1, 64] },
  'InputDataConfig[].DataSource.S3DataSource.ModelAccessConfig': { required: ['AcceptEula'] },
  'InputDataConfig[].DataSource.S3DataSource.HubAccessConfig': { required: ['HubContentArn'] },
  'InputDataConfig[].DataSource.S3DataSource.HubAccessConfig.HubContentArn': { length: [1, 255], pattern: /^.*$/, words: 'the ARN of the content of a hub' },
  'InputDataConfig[].DataSource.FileSystemDataSource': { required: ['FileSystemId', 'FileSystemAccessMode', 'FileSystemType', 'DirectoryPath'] },
  'InputDataConfig[].DataSource.FileSystemDataSource.FileSystemId': { length: [11, 21], pattern: /^fs-[0-9a-f]{8,}$/, words: 'the id of a file system' },
  'InputDataConfig[].DataSource.FileSystemDataSource.FileSystemAccessMode': { oneOf: ['rw', 'ro'] },
  'InputDataConfig[].DataSource.FileSystemDataSource.FileSystemType': { oneOf: ['EFS', 'FSxLustre'] },
  'InputDataConfig[].DataSource.FileSystemDataSource.DirectoryPath': FOLDER,
  'InputDataConfig[].DataSource.DatasetSource': { required: ['DatasetArn'] },
  'InputDataConfig[].DataSource.DatasetSource.DatasetArn': hubContent('DataSet'),
  'InputDataConfig[].ContentType': WORD,
  'InputDataConfig[].CompressionType': { oneOf: ['None', 'Gzip'] },
  'InputDataConfig[].RecordWrapperType': { oneOf: ['None', 'RecordIO'] },
  'InputDataConfig[].InputMode': { oneOf: ['File', 'Pipe', 'FastFile'] },
  'InputDataConfig[].ShuffleConfig': { required: ['Seed'] },
  'InputDataConfig[].ShuffleConfig.Seed': { range: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] },
  'OutputDataConfig': { required: ['S3OutputPath'] },
  'OutputDataConfig.KmsKeyId': KEY,
  'OutputDataConfig.S3OutputPath': URI,
  'OutputDataConfig.CompressionType': { oneOf: ['GZIP', 'NONE'] },
  'ResourceConfig.InstanceType': INSTANCE_TYPE,
  'ResourceConfig.InstanceCount': INSTANCES,
  'ResourceConfig.VolumeSizeInGB': VOLUME,
  'ResourceConfig.VolumeKmsKeyId': KEY,
  'ResourceConfig.KeepAlivePeriodInSeconds': { seconds: [0, 21_600] },
  'ResourceConfig.InstanceGroups': { count: [1, 5] },
  'ResourceConfig.InstanceGroups[]': { required: ['InstanceType', 'InstanceCount', 'InstanceGroupName'] },
  'ResourceConfig.InstanceGroups[].InstanceType': INSTANCE_TYPE,
  'ResourceConfig.InstanceGroups[].InstanceCount': INSTANCES,
  'ResourceConfig.InstanceGroups[].InstanceGroupName': { length: [1, 64], pattern: /^.+$/, words: 'a single line' },
  'ResourceConfig.TrainingPlanArn': PLAN,
  'ResourceConfig.InstancePlacementConfig.PlacementSpecifications': { count: [0, 10] },
  'ResourceConfig.InstancePlacementConfig.PlacementSpecifications[]': { required: ['InstanceCount'] },
  'ResourceConfig.InstancePlacementConfig.PlacementSpecifications[].UltraServerId': { length: [1, 256] },
  'ResourceConfig.InstancePlacementConfig.PlacementSpecifications[].InstanceCount': INSTANCES,
  'ResourceConfig.InstancePreferences': { count: [1, 5] },
  'ResourceConfig.InstancePreferences[]': { required: ['InstanceType'] },
  'ResourceConfig.InstancePreferences[].InstanceType': INSTANCE_TYPE,
  'ResourceConfig.InstancePreferences[].InstanceCount': INSTANCES,
  'ResourceConfig.InstancePreferences[].TrainingPlanArns': { count: [1, 1] },
  'ResourceConfig.InstancePreferences[].TrainingPlanArns[]': PLAN,
  'VpcConfig': { required: ['SecurityGroupIds', 'Subnets'] },
  'VpcConfig.SecurityGroupIds': { count: [1, 5] },
  'VpcConfig.SecurityGroupIds[]': { length: [1, 32], pattern: /^[-0-9a-zA-Z]+$/, words: 'the id of a security group' },
  'VpcConfig.Subnets': { count: [1, 16] },
  'VpcConfig.Subnets[]': { length: [1, 32], pattern: /^[-0-9a-zA-Z]+$/, words: 'the id of a subnet' },
  'StoppingCondition.MaxRuntimeInSeconds': { seconds: [1, 2_419_200] },
  'StoppingCondition.MaxWaitTimeInSeconds': { seconds: [1, 2_147_483_647] },
  'StoppingCondition.MaxPendingTimeInSeconds': { seconds: [1800, 2_419_200] },
  ...TAGS,
  'CheckpointConfig': { required: ['S3Uri'] },
  'CheckpointConfig.S3Uri': URI,
  'CheckpointConfig.LocalPath': FOLDER,
  'DebugHookConfig': { required: ['S3OutputPath'] },
  'DebugHookConfig.LocalPath': FOLDER,
  'DebugHookConfig.S3OutputPath': URI,
  ...smallMap('DebugHookConfig.HookParameters'),
  'DebugHookConfig.CollectionConfigurations': { count: [0, 20] },
  'DebugHookConfig.CollectionConfigurations[].CollectionName': NAME_256,
  ...smallMap('DebugHookConfig.CollectionConfigurations[].CollectionParameters'),
  ...rules('DebugRuleConfigurations'),
  'TensorBoardOutputConfig': { required: ['S3OutputPath'] },
  'TensorBoardOutputConfig.LocalPath': FOLDER,
  'TensorBoardOutputConfig.S3OutputPath': URI,
  ...EXPERIMENT,
  'ProfilerConfig.S3OutputPath': URI,
  'ProfilerConfig.ProfilingIntervalInMilliseconds': { oneOf: [100, 200, 500, 1000, 5000, 60_000] },
  ...smallMap('ProfilerConfig.ProfilingParameters'),
  ...rules('ProfilerRuleConfigurations'),
  'Environment': { count: [0, 100] },
  'Environment{name}': { pattern: /^[a-zA-Z_][a-zA-Z0-9_]{0,511}$/, words: 'of 1 to 512 letters, digits and underscores, without a digit first' },
  'Environment{}': { length: [0, 512] },
  'RetryStrategy': { required: ['MaximumRetryAttempts'] },
  'RetryStrategy.MaximumRetryAttempts': { range: [1, 30] },
  'ServerlessJobConfig': { required: ['BaseModelArn', 'JobType'] },
  'ServerlessJobConfig.BaseModelArn': hubContent('Model'),
  'ServerlessJobConfig.JobType': { oneOf: ['FineTuning', 'Evaluation'] },
  'ServerlessJobConfig.CustomizationTechnique': { oneOf: ['SFT', 'DPO', 'RLVR', 'RLAIF'] },
  'ServerlessJobConfig.Peft': { oneOf: ['LORA'] },
  'ServerlessJobConfig.EvaluationType': { oneOf: ['LLMAJEvaluation', 'CustomScorerEvaluation', 'BenchmarkEvaluation'] },
  'ServerlessJobConfig.EvaluatorArn': { pattern: /^.*$/, words: 'an ARN, on a single line' },
  'ServerlessJobConfig.SequenceLength': { oneOf: ['1K', '2K', '4K', '8K', '16K', '32K', '64K', '128K'] },
  'MlflowConfig': { required: ['MlflowResourceArn'] },
  'MlflowConfig.MlflowResourceArn': { length: [1, 2048], pattern: /^arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:mlflow-[a-zA-Z-]*\/.*$/, words: 'the ARN of a tracking server or an app of MLflow' },
  'MlflowConfig.MlflowExperimentName': NAME_256,
  'MlflowConfig.MlflowRunName': NAME_256,
  'ModelPackageConfig': { required: ['ModelPackageGroupArn'] },
  'ModelPackageConfig.ModelPackageGroupArn': { length: [1, 2048], pattern: /^arn:aws[a-z-]*:sagemaker:[a-z0-9-]{9,16}:[0-9]{12}:model-package-group\/\S{1,2048}$/, words: 'the ARN of a model package group' },
  'ModelPackageConfig.SourceModelPackageArn': { length: [1, 2048], pattern: /^arn:aws[a-z-]*:sagemaker:[a-z0-9-]{9,16}:[0-9]{12}:model-package\/\S{1,2048}$/, words: 'the ARN of a model package' },
};
