import type { KindName } from '../../lib/from-job';
import type { Tree } from '../../lib/from-job/tree';

/** Requests as users have them, one for each thing that a request can say. They are of one account in one Region. */
export const TARGET = { account: '123456789012', region: 'eu-west-1' } as const;
const ROLE = 'arn:aws:iam::123456789012:role/service-role/Training';
const OWN_IMAGE = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/digits:1.0';
const DLC = '763104351884.dkr.ecr.eu-west-1.amazonaws.com';
const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/0f1e2d3c';

const prefix = (ChannelName: string, more: Tree = {}, s3: Tree = {}) => ({ ChannelName, DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `s3://data/${ChannelName}/`, S3DataDistributionType: 'FullyReplicated', ...s3 } }, ...more });
const on = (InstanceType: string, more: Tree = {}) => ({ InstanceType, InstanceCount: 1, VolumeSizeInGB: 30, ...more });

export const training = (more: Tree = {}): Tree => ({
  TrainingJobName: 'digits-2024-05-01-10-00-00-000', RoleArn: ROLE, AlgorithmSpecification: { TrainingImage: OWN_IMAGE, TrainingInputMode: 'File' }, OutputDataConfig: { S3OutputPath: 's3://models/digits' },
  ResourceConfig: on('ml.m5.xlarge'), StoppingCondition: { MaxRuntimeInSeconds: 5400 }, InputDataConfig: [prefix('train')], ...more,
});

const SCRIPT = {
  sagemaker_submit_directory: '"s3://code/digits/sourcedir.tar.gz"', sagemaker_program: '"train.py"', sagemaker_container_log_level: '20', sagemaker_job_name: '"digits-2024-05-01-10-00-00-000"',
  sagemaker_region: '"eu-west-1"',
};
const script = (image: string, type: string, hyperparameters: Tree = {}, more: Tree = {}) => training({
  AlgorithmSpecification: { TrainingImage: `${DLC}/${image}`, TrainingInputMode: 'File', EnableSageMakerMetricsTimeSeries: true }, ResourceConfig: on(type), HyperParameters: { ...SCRIPT, ...hyperparameters }, ...more,
});

const definition = (more: Tree = {}): Tree => ({
  RoleArn: ROLE, AlgorithmSpecification: { TrainingImage: OWN_IMAGE, TrainingInputMode: 'File', MetricDefinitions: [{ Name: 'loss', Regex: 'loss=(.*?);' }] }, OutputDataConfig: { S3OutputPath: 's3://models/digits' },
  HyperParameterTuningResourceConfig: on('ml.m5.xlarge'), StoppingCondition: { MaxRuntimeInSeconds: 3600 }, InputDataConfig: [prefix('train')], StaticHyperParameters: { epochs: '5', 'layers': '[64, 32]' }, ...more,
});
const ranges = (more: Tree = {}): Tree => ({ ContinuousParameterRanges: [{ Name: 'lr', MinValue: '0.0', MaxValue: '0.1', ScalingType: 'Linear' }], IntegerParameterRanges: [], CategoricalParameterRanges: [], ...more });
const tuning = (config: Tree = {}, more: Tree = {}): Tree => ({
  HyperParameterTuningJobName: 'tune-240501-1000', TrainingJobDefinition: definition(),
  HyperParameterTuningJobConfig: {
    Strategy: 'Bayesian', ResourceLimits: { MaxNumberOfTrainingJobs: 4, MaxParallelTrainingJobs: 2 }, TrainingJobEarlyStoppingType: 'Off', HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: 'loss' },
    ParameterRanges: ranges(), ...config,
  }, ...more,
});

const transform = (more: Tree = {}): Tree => ({
  TransformJobName: 'scores-2024-05-01-10-00-00-000', ModelName: 'digits', TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/batch/' } }, ContentType: 'text/csv', SplitType: 'Line' },
  TransformOutput: { S3OutputPath: 's3://scores/digits', AssembleWith: 'Line', Accept: 'text/csv' }, TransformResources: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1 }, ...more,
});

const model = (more: Tree = {}): Tree => ({ ModelName: 'digits', ExecutionRoleArn: ROLE, PrimaryContainer: { Image: OWN_IMAGE, ModelDataUrl: 's3://models/digits/model.tar.gz', Environment: { LEVEL: 'info' } }, ...more });
const instances = (more: Tree = {}): Tree => ({ VariantName: 'AllTraffic', ModelName: 'digits', InstanceType: 'ml.m5.large', InitialInstanceCount: 1, InitialVariantWeight: 1, ...more });
const config = (more: Tree = {}): Tree => ({ EndpointConfigName: 'digits-config', ProductionVariants: [instances()], ...more });
const endpoint = { EndpointName: 'digits', EndpointConfigName: 'digits-config' };

export interface Fixture {
  /** Of several, the last is what it is about. */
  readonly requests: readonly (readonly [kind: KindName, request: Tree])[];
  /** Words that the program has. */
  readonly has?: readonly string[];
  /** Words that it has not. */
  readonly hasNot?: readonly string[];
}

const one = (kind: KindName) => (request: Tree, ...has: string[]): Fixture => ({ requests: [[kind, request]], has, hasNot: ['overrides'] });
const job = one('TrainingJob');
const tuner = one('HyperParameterTuningJob');
const served = one('Model');
const behind = (variants: Tree, ...has: string[]): Fixture => ({ requests: [['Model', model()], ['EndpointConfig', config(variants)], ['Endpoint', endpoint]], has, hasNot: ['addProperty'] });

export const FIXTURES: { readonly [name: string]: Fixture } = {
  'an image of one\'s own': job(training({ HyperParameters: { 'epochs': '20', 'learning-rate': '0.1', 'verbose': 'True', 'name': 'x', '5': '5', 'true': 'True', 'None': 'None', 'this': 'it\'s "so"' } }), 'epochs: 20, \'learning-rate\': 0.1, verbose: true, name: \'x\', true: true', 'Duration.minutes(90)'),
  'a script on PyTorch': job(script('pytorch-training:2.1.0-cpu-py310', 'ml.m5.xlarge', { epochs: '20', name: '"x"', layers: '[64, 32]' }), 'Framework.pytorch(\'2.1.0\')', 'Script.fromBucket(codeBucket', 'layers: [64, 32]'),
  'a script on TensorFlow': job(script('tensorflow-training:2.19.0-gpu-py312', 'ml.g5.xlarge', { model_dir: '"s3://models/digits/digits-2024-05-01-10-00-00-000/model"' }), 'Framework.tensorflow(\'2.19.0\')'),
  'a script on Hugging Face': job(script('huggingface-pytorch-training:1.13.1-transformers4.26.0-gpu-py39-cu117-ubuntu20.04', 'ml.p3.2xlarge'), 'transformersVersion: \'4.26.0\', pytorchVersion: \'1.13.1\''),
  'a script on Scikit-learn': job(training({ AlgorithmSpecification: { TrainingImage: '141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3', TrainingInputMode: 'File' }, HyperParameters: SCRIPT }), 'Framework.sklearn(\'1.2-1\')'),
  'a script on a newer PyTorch': job(script('pytorch-training:9.9.0-gpu-py313-cu140-ubuntu24.04-sagemaker', 'ml.g5.xlarge'), 'unlistedVersion: true'),
  'an isolated script': job(script('pytorch-training:2.1.0-cpu-py310', 'ml.m5.xlarge', { sagemaker_submit_directory: '"/opt/ml/input/data/code/sourcedir.tar.gz"' }, {
    EnableNetworkIsolation: true, InputDataConfig: [prefix('code', {}, { S3Uri: 's3://code/digits/sourcedir.tar.gz' }), prefix('train')],
  }), 'networkIsolation: true', 'Script.fromBucket'),
  'a script on an image of one\'s own': job(training({ HyperParameters: { ...SCRIPT, sagemaker_container_log_level: '10', epochs: '2' } }), 'ContainerLogLevel.DEBUG', 'Algorithm.image'),
  'processes by mpirun': job(script('pytorch-training:1.12.0-gpu-py38', 'ml.p3.16xlarge', { sagemaker_mpi_enabled: 'true', sagemaker_mpi_num_of_processes_per_host: '8', sagemaker_mpi_custom_mpi_options: '""' }), 'Distribution.mpi({ processesPerHost: 8 })'),
  'processes by torchrun': job(script('pytorch-training:2.1.0-gpu-py310', 'ml.p3.16xlarge', { sagemaker_torch_distributed_enabled: 'true', sagemaker_instance_type: '"ml.p3.16xlarge"' }), 'Distribution.torchDistributed()'),
  'K-Means': job(training({
    AlgorithmSpecification: { TrainingImage: '438346466558.dkr.ecr.eu-west-1.amazonaws.com/kmeans:1', TrainingInputMode: 'File' },
    HyperParameters: { k: '10', feature_dim: '784', local_lloyd_num_trials: 'auto', force_dense: 'True', eval_metrics: '["msd"]', local_lloyd_tol: '0.5', epochs: '2' },
  }), 'BuiltInAlgorithm.kMeans({ k: 10', 'local_lloyd_num_trials: \'auto\''),
  'XGBoost': job(training({
    AlgorithmSpecification: { TrainingImage: '141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1', TrainingInputMode: 'Pipe' },
    HyperParameters: { objective: 'reg:squarederror', num_round: '50', eta: '0.2', own: '1' }, InputDataConfig: [prefix('train', { ContentType: 'text/csv' })],
  }), 'BuiltInAlgorithm.xgboost(\'1.7-1\'', 'InputMode.PIPE'),
  'spot with checkpoints': job(training({
    EnableManagedSpotTraining: true, StoppingCondition: { MaxRuntimeInSeconds: 7200, MaxWaitTimeInSeconds: 86400 }, CheckpointConfig: { S3Uri: 's3://points/run-1/', LocalPath: '/opt/ml/points' }, RetryStrategy: { MaximumRetryAttempts: 3 },
  }), 'Capacity.spot({ instanceType: \'ml.m5.xlarge\', maxWait: Duration.days(1) })', 'Duration.hours(2)'),
  'channels of every kind': job(training({
    InputDataConfig: [
      prefix('train', { ContentType: 'text/csv', CompressionType: 'Gzip', RecordWrapperType: 'RecordIO', InputMode: 'Pipe', ShuffleConfig: { Seed: 7 } }, { S3DataDistributionType: 'ShardedByS3Key' }),
      prefix('all', {}, { S3Uri: 's3://data' }),
      prefix('model', { ContentType: 'application/x-sagemaker-model', InputMode: 'File' }, { S3Uri: 's3://models/old/model.tar.gz' }),
      { ChannelName: 'listed', DataSource: { S3DataSource: { S3DataType: 'ManifestFile', S3Uri: 's3://data/a/list.manifest', S3DataDistributionType: 'FullyReplicated' } } },
      { ChannelName: 'pictures', InputMode: 'Pipe', DataSource: { S3DataSource: { S3DataType: 'AugmentedManifestFile', S3Uri: 's3://data/a/augmented.json', S3DataDistributionType: 'FullyReplicated', AttributeNames: ['source-ref', 'class'] } } },
    ],
  }), 'DataSource.fromAugmentedManifest', 'DataSource.fromModelData', 'DataSource.fromS3Uri'),
  'file systems in a VPC': job(training({
    VpcConfig: { Subnets: ['subnet-1', 'subnet-2'], SecurityGroupIds: ['sg-1'] }, EnableInterContainerTrafficEncryption: true,
    InputDataConfig: [
      { ChannelName: 'train', DataSource: { FileSystemDataSource: { FileSystemId: 'fs-0123456789', FileSystemType: 'EFS', FileSystemAccessMode: 'rw', DirectoryPath: '/train' } } },
      { ChannelName: 'test', DataSource: { FileSystemDataSource: { FileSystemId: 'fs-9876543210', FileSystemType: 'FSxLustre', FileSystemAccessMode: 'ro', DirectoryPath: '/abcdef/test' } } },
    ],
  }), 'Vpc.fromVpcAttributes', 'DataSource.fromLustre'),
  'groups of instances': job(training({ ResourceConfig: { VolumeSizeInGB: 50, VolumeKmsKeyId: KEY, InstanceGroups: [{ InstanceGroupName: 'a', InstanceType: 'ml.c5.xlarge', InstanceCount: 2 }, { InstanceGroupName: 'b', InstanceType: 'ml.g4dn.xlarge', InstanceCount: 1 }] }, InputDataConfig: [prefix('train', {}, { InstanceGroupNames: ['a'] })] }), 'Capacity.instanceGroups'),
  'a warm pool, a key and files as they are': job(training({ ResourceConfig: on('ml.m5.xlarge', { KeepAlivePeriodInSeconds: 600 }), OutputDataConfig: { S3OutputPath: 's3://models/digits', KmsKeyId: KEY, CompressionType: 'NONE' } }), 'keepAlive: Duration.minutes(10)', 'Key.fromKeyArn', 'OutputCompression.NONE'),
  'metrics, tags, variables, experiment, remote debugging': job(training({
    AlgorithmSpecification: { TrainingImage: OWN_IMAGE, TrainingInputMode: 'FastFile', MetricDefinitions: [{ Name: 'acc', Regex: 'acc=\'(\\d+)\'' }], ContainerEntrypoint: ['python3', 'run.py'], ContainerArguments: ['--fast'] },
    Tags: [{ Key: 'team', Value: 'digits' }], Environment: { A: 'it\'s', B: '' }, ExperimentConfig: { ExperimentName: 'e', TrialName: 't' }, RemoteDebugConfig: { EnableRemoteDebug: true }, InfraCheckConfig: { EnableInfraCheck: false },
    SessionChainingConfig: { EnableSessionTagChaining: true }, ResourceConfig: on('ml.g5.xlarge'),
  }), 'Tags.of(digits).add(\'team\', \'digits\')', 'entrypoint'),
  'debugger and profiler': job(training({
    DebugHookConfig: { S3OutputPath: 's3://models/digits', CollectionConfigurations: [{ CollectionName: 'gradients', CollectionParameters: { save_interval: '500' } }, { CollectionName: 'own' }], HookParameters: { a: 'b' } },
    DebugRuleConfigurations: [{ RuleConfigurationName: 'V', RuleEvaluatorImage: '929884845733.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-debugger-rules:latest', RuleParameters: { rule_to_invoke: 'VanishingGradient', action_json: '{\\"name\\": \\"stoptraining\\", \\"training_job_prefix\\": \\"digits-2024-05-01-10-00-00-000\\"}' } }],
    ProfilerConfig: { S3OutputPath: 's3://profiles/x/', ProfilingIntervalInMilliseconds: 1000, DisableProfiler: false }, TensorBoardOutputConfig: { S3OutputPath: 's3://boards/x', LocalPath: '/tmp/b' },
  }), 'BuiltInRule.VANISHING_GRADIENT', 'RuleAction.stopTraining()', 'Duration.seconds(1)'),
  'an algorithm resource': job(training({ AlgorithmSpecification: { AlgorithmName: 'arn:aws:sagemaker:eu-west-1:123456789012:algorithm/own', TrainingInputMode: 'File' }, HyperParameters: { depth: '3' } }), 'Algorithm.fromAlgorithmName'),
  'a serverless job': job({
    TrainingJobName: 'talks', RoleArn: ROLE, OutputDataConfig: { S3OutputPath: 's3://models/talks' }, StoppingCondition: { MaxRuntimeInSeconds: 86400 },
    ServerlessJobConfig: { BaseModelArn: 'arn:aws:sagemaker:eu-west-1:aws:hub-content/SageMakerPublicHub/Model/llama-3/1.0.0', AcceptEula: true, JobType: 'FineTuning', CustomizationTechnique: 'SFT', Peft: 'LORA' },
    InputDataConfig: [{ ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'Converse', S3Uri: 's3://data/talks/', S3DataDistributionType: 'FullyReplicated' } } }],
  }, 'ServerlessJob.fineTuning', 'Capacity.serverless()'),
  'hyperparameters that no value comes out as': { requests: [['TrainingJob', script('pytorch-training:2.1.0-cpu-py310', 'ml.m5.xlarge', { lr: '1e-05', eps: '1.0', raw: 'adam', __proto__x: '1' })]], has: ['overrides: { HyperParameters: { eps: \'1.0\', raw: \'adam\' } }'] },
  'a member that no prop has': { requests: [['TrainingJob', training({ ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 30 }, DebugHookConfig: { S3OutputPath: 's3://elsewhere', CollectionConfigurations: [] } })]], has: ['overrides'] },
  'a tuning job': tuner(tuning({}, { TrainingJobDefinition: definition({ Environment: { A: 'b' }, RetryStrategy: { MaximumRetryAttempts: 2 } }), Tags: [{ Key: 'a', Value: 'b' }] }), 'ParameterRange.continuous(\'0.0\', 0.1, { scaling: ScalingType.LINEAR })'),
  'Hyperband with everything': tuner(tuning({
    Strategy: 'Hyperband', StrategyConfig: { HyperbandStrategyConfig: { MinResource: 1, MaxResource: 9 } }, ResourceLimits: { MaxNumberOfTrainingJobs: 9, MaxParallelTrainingJobs: 1, MaxRuntimeInSeconds: 7200 }, RandomSeed: 3,
    TuningJobCompletionCriteria: { TargetObjectiveMetricValue: 0.1, BestObjectiveNotImproving: { MaxNumberOfTrainingJobsNotImproving: 4 }, ConvergenceDetected: { CompleteOnConvergence: 'Enabled' } },
    ParameterRanges: ranges({ CategoricalParameterRanges: [{ Name: 'opt', Values: ['sgd', '1', 'True'] }], IntegerParameterRanges: [{ Name: 'units', MinValue: '1', MaxValue: '9007199254740993', ScalingType: 'Auto' }] }),
  }), 'TuningStrategy.hyperband({ minResource: 1, maxResource: 9 })', 'ParameterRange.categorical(\'sgd\', 1, true)', '\'9007199254740993\''),
  'jobs that take longer than a deployment waits': tuner(tuning({ ResourceLimits: { MaxNumberOfTrainingJobs: 500, MaxParallelTrainingJobs: 1 } }), 'Completion.started()'),
  'a warm start': tuner(tuning({ TrainingJobEarlyStoppingType: 'Auto' }, { WarmStartConfig: { WarmStartType: 'TransferLearning', ParentHyperParameterTuningJobs: [{ HyperParameterTuningJobName: 'before' }] } }), 'WarmStart.transferLearning(before)', 'earlyStopping: true'),
  'Autotune': tuner(tuning({ ParameterRanges: { AutoParameters: [{ Name: 'depth', ValueHint: '3' }] } }, { Autotune: { Mode: 'Enabled' } }), 'ParameterRange.auto(3)'),
  'a framework that is tuned': tuner(tuning({ ParameterRanges: ranges({ CategoricalParameterRanges: [{ Name: 'opt', Values: ['"sgd"', '"adam"'] }] }) }, {
    TrainingJobDefinition: definition({
      AlgorithmSpecification: { TrainingImage: `${DLC}/pytorch-training:2.1-gpu-py310`, TrainingInputMode: 'File', MetricDefinitions: [{ Name: 'loss', Regex: 'loss=(.*)' }] }, HyperParameterTuningResourceConfig: on('ml.p3.2xlarge'),
      StaticHyperParameters: { ...SCRIPT, sagemaker_estimator_class_name: '"PyTorch"', sagemaker_estimator_module: '"sagemaker.pytorch.estimator"' },
    }),
  }), 'Framework.pytorch(\'2.1\')', 'ParameterRange.categorical(\'sgd\', \'adam\')'),
  'several definitions': tuner({
    HyperParameterTuningJobName: 'both', HyperParameterTuningJobConfig: { Strategy: 'Random', ResourceLimits: { MaxNumberOfTrainingJobs: 4, MaxParallelTrainingJobs: 1 }, TrainingJobEarlyStoppingType: 'Off' },
    TrainingJobDefinitions: ['a', 'b'].map((DefinitionName) => definition({ DefinitionName, TuningObjective: { Type: 'Minimize', MetricName: 'loss' }, HyperParameterRanges: ranges() })),
  }, 'definitions: {'),
  'instances to choose from': tuner(tuning({}, { TrainingJobDefinition: definition({ HyperParameterTuningResourceConfig: { InstanceConfigs: [{ InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 30 }, { InstanceType: 'ml.c5.xlarge', InstanceCount: 2, VolumeSizeInGB: 40 }] } }) }), 'Capacity.instancePreferences'),
  'a transform job with filters': { requests: [['TransformJob', transform({
    BatchStrategy: 'MultiRecord', MaxPayloadInMB: 2, MaxConcurrentTransforms: 4, Environment: { A: 'b' }, DataProcessing: { InputFilter: '$[1:]', OutputFilter: '$[0,-1]', JoinSource: 'Input' },
    ModelClientConfig: { InvocationsTimeoutInSeconds: 600, InvocationsMaxRetries: 1 }, DataCaptureConfig: { DestinationS3Uri: 's3://captured/digits', GenerateInferenceId: true, KmsKeyId: KEY }, Tags: [{ Key: 'a', Value: 'b' }],
  })]], has: ['Model.fromModelName', 'joinSource: JoinSource.INPUT', 'Size.mebibytes(2)'], hasNot: ['overrides'] },
  'a transform job with its model': { requests: [['Model', model()], ['TransformJob', transform()]], has: ['model: digitsModel'], hasNot: ['fromModelName'] },
  'a model of one container': served(model(), 'ModelData.fromBucket(modelsBucket, \'digits/model.tar.gz\')'),
  'a model of a framework': served(model({ PrimaryContainer: { Image: `${DLC}/pytorch-inference:2.1.0-cpu-py310`, ModelDataUrl: 's3://models/digits/model.tar.gz', Environment: { SAGEMAKER_PROGRAM: 'inference.py', SAGEMAKER_SUBMIT_DIRECTORY: '/opt/ml/model/code', SAGEMAKER_CONTAINER_LOG_LEVEL: '20', SAGEMAKER_REGION: 'eu-west-1', MORE: '1' } } }), 'Framework.pytorch(\'2.1.0\')', 'environment: { MORE: \'1\' }'),
  'a pipeline': served({ ModelName: 'pipe', ExecutionRoleArn: ROLE, InferenceExecutionConfig: { Mode: 'Direct' }, Containers: ['a', 'b'].map((ContainerHostname) => ({ ContainerHostname, Image: OWN_IMAGE, ModelDataUrl: `s3://models/${ContainerHostname}.tar.gz` })) }, 'PipelineExecution.DIRECT'),
  'a pipeline with a framework': { requests: [
    ['Model', { ModelName: 'pipe', ExecutionRoleArn: ROLE, InferenceExecutionConfig: { Mode: 'Serial' }, Containers: [
      { Image: '141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3', ModelDataUrl: 's3://models/a.tar.gz', Environment: { SAGEMAKER_PROGRAM: 'serve.py', SAGEMAKER_SUBMIT_DIRECTORY: 's3://code/digits/sourcedir.tar.gz', SAGEMAKER_CONTAINER_LOG_LEVEL: '20', SAGEMAKER_REGION: 'eu-west-1' } },
      { Image: OWN_IMAGE, ModelDataUrl: 's3://models/b.tar.gz' },
    ] }], ['EndpointConfig', config({ ProductionVariants: [instances({ ModelName: 'pipe' })] })],
  ], has: ['framework: Framework.sklearn(\'1.2-1\')', 'instanceType: \'ml.m5.large\''] },
  'many models': served(model({ PrimaryContainer: { Image: OWN_IMAGE, Mode: 'MultiModel', ModelDataUrl: 's3://models/tenants/', MultiModelConfig: { ModelCacheSetting: 'Disabled' } } }), 'multiModel: true, modelCache: false'),
  'a model package': served({ ModelName: 'packed', ExecutionRoleArn: ROLE, Containers: [{ ModelPackageName: 'arn:aws:sagemaker:eu-west-1:123456789012:model-package/digits/3', Environment: { A: 'b' } }] }, 'ModelPackage.fromModelPackageArn'),
  'a folder of files with a license': served(model({ EnableNetworkIsolation: true, VpcConfig: { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] }, PrimaryContainer: { Image: OWN_IMAGE, ModelDataSource: { S3DataSource: { S3Uri: 's3://models/llama/', S3DataType: 'S3Prefix', CompressionType: 'None', ModelAccessConfig: { AcceptEula: true } } } } }), 'acceptEula: true', 'networkIsolation: true'),
  'an endpoint': behind({ KmsKeyId: KEY, Tags: [{ Key: 'a', Value: 'b' }] }, 'variants: { AllTraffic: Variant.onInstances(digitsModel, { instanceType: \'ml.m5.large\' }) }'),
  'a serverless endpoint': behind({ ProductionVariants: [{ VariantName: 'AllTraffic', ModelName: 'digits', InitialVariantWeight: 1, ServerlessConfig: { MemorySizeInMB: 4096, MaxConcurrency: 20 } }] }, 'Variant.serverless(digitsModel, { memorySize: Size.gibibytes(4), maxConcurrency: 20 })'),
  'an asynchronous endpoint': behind({
    AsyncInferenceConfig: { ClientConfig: { MaxConcurrentInvocationsPerInstance: 4 }, OutputConfig: { S3OutputPath: 's3://answers/digits', S3FailurePath: 's3://answers/failed', KmsKeyId: KEY, NotificationConfig: { SuccessTopic: 'arn:aws:sns:eu-west-1:123456789012:done', IncludeInferenceResponseIn: ['SUCCESS_NOTIFICATION_TOPIC'] } } },
  }, 'AsyncInference.toBucket', 'answerInSuccessMessage: true'),
  'data capture': behind({
    DataCaptureConfig: { EnableCapture: true, InitialSamplingPercentage: 100, DestinationS3Uri: 's3://captured/digits', CaptureOptions: [{ CaptureMode: 'InputAndOutput' }], CaptureContentTypeHeader: { CsvContentTypes: ['text/csv'], JsonContentTypes: ['application/json'] } },
  }, 'samplingPercentage: 100'),
  'several variants, and all that instances have': behind({
    ProductionVariants: [
      instances({ VariantName: 'a', InitialVariantWeight: 9, InitialInstanceCount: 2, VolumeSizeInGB: 50, ModelDataDownloadTimeoutInSeconds: 900, ContainerStartupHealthCheckTimeoutInSeconds: 600, InstanceType: 'ml.g5.xlarge', InferenceAmiVersion: 'al2023-ami-sagemaker-inference-gpu-4-1', EnableSSMAccess: true }),
      instances({ VariantName: 'b', RoutingConfig: { RoutingStrategy: 'LEAST_OUTSTANDING_REQUESTS' }, ManagedInstanceScaling: { Status: 'ENABLED', MinInstanceCount: 1, MaxInstanceCount: 4 }, CoreDumpConfig: { DestinationS3Uri: 's3://crashes/b', KmsKeyId: KEY } }),
    ],
  }, 'weight: 9', 'Routing.leastOutstandingRequests()', 'maxInstanceCount: 4'),
  'a shadow': behind({ ShadowProductionVariants: [instances({ VariantName: 'shadow', ModelName: 'other', InitialVariantWeight: 0.5 })] }, 'shadowVariants', 'Model.fromModelName(this, \'Other\', \'other\')'),
  'explanations': behind({
    ExplainerConfig: { ClarifyExplainerConfig: { EnableExplanations: '`true`', InferenceConfig: { FeatureHeaders: ['a', 'b'], MaxPayloadInMB: 2 }, ShapConfig: { ShapBaselineConfig: { MimeType: 'text/csv', ShapBaseline: '0.5,1' }, NumberOfSamples: 3, UseLogit: true } } },
  }, 'Explainer.clarify'),
  'an explainer of texts': behind({
    ExplainerConfig: { ClarifyExplainerConfig: { ShapConfig: { ShapBaselineConfig: { MimeType: 'text/csv', ShapBaseline: '0.5,1' }, TextConfig: { Language: 'en', Granularity: 'token' } } } },
  }, 'text: { granularity: TextGranularity.TOKEN, language: TextLanguage.ENGLISH }'),
};
