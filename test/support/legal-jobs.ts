import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Duration, Size, type Stack } from 'aws-cdk-lib/core';
import {
  Algorithm, Capacity, Checkpoints, Completion, ContainerImage, CustomizationTechnique, DataDistribution, DataSource, DebugHook, EvaluationType, FileSystemAccess, Hyperparameters,
  InputCompression, InputMode, Metric, Mlflow, ModelPackageOutput, MonitoringRule, OutputCompression, OutputLocation, ParameterEfficientFineTuning, Profiler, RecordWrapper,
  S3DataType, ServerlessJob, TensorBoardOutput, type AlgorithmConfig, type DataSourceConfig, type MonitoringRuleConfig, type S3ChannelOptions, type TrainingJobProps,
} from 'cdk-sagemaker';
import type { BoundTrainingJob } from '../../lib/request/training-job-request';
import { BASE_MODEL, DATASET, EVALUATOR, fileSystem, GROUP, key, login, lustre, network, PACKAGE, PLAN, TRACKING_SERVER } from './every-prop';
import { Dice } from './dice';
import { bucketNamed, IMAGE_URI } from './stacks';

/** What the jobs of a stack share; made once, since constructs are dear. */
export class Surroundings {
  public readonly bucket: IBucket;
  public readonly key: IKey;
  public readonly network: ReturnType<typeof network>;
  public readonly fileSystem: ReturnType<typeof fileSystem>;
  public readonly lustre: ReturnType<typeof lustre>;
  public readonly login: ReturnType<typeof login>;

  public constructor(stack: Stack) {
    this.bucket = bucketNamed(stack, 'data');
    this.key = key(stack, 'key');
    this.network = network(stack);
    this.fileSystem = fileSystem(stack);
    this.lustre = lustre(stack);
    this.login = login(stack);
  }
}

/** Props, and what they are bound to, made of the same choices. */
export interface LegalJob { readonly props: TrainingJobProps; readonly bound: BoundTrainingJob }

const ANY_TEXT = 'abc XYZ 019 _-=+:;,.\'"\\/{}[]()<>$%&äß日本🙂';
const WORDS = 'abc XYZ 019 _-.:';

export function legalJob(seed: number, around: Surroundings): LegalJob {
  const dice = new Dice(seed);
  return dice.chance(10) ? serverlessJob(dice, around) : instanceJob(dice, around);
}

function instanceJob(dice: Dice, around: Surroundings): LegalJob {
  const shared = sharedProps(dice, around);
  const { algorithm, algorithmConfig } = algorithmChoice(dice, around);
  const maxRuntime = Duration.seconds(dice.from(1, 20_000));
  const capacity = capacityChoice(dice, around, maxRuntime);
  const groups = Object.keys(capacity.config.instanceGroups ?? {});
  const hasVpc = algorithmConfig.image?.isInVpc === true || dice.chance(40);
  const { inputs, configs } = channelChoice(dice, around, algorithmConfig.inputMode ?? InputMode.FILE, groups, hasVpc);
  const isIsolated = dice.chance(30);
  const checkpoints = capacity.config.maxWait || dice.chance(30) ? { options: { localPath: dice.maybe(() => `/opt/ml/${dice.text(1, 30)}`) }, prefix: `points/${dice.text(0, 20)}` } : undefined;
  const hook = dice.maybe(() => ({ collections: dice.maybe(() => dice.map(0, 5, () => dice.map(0, 4, () => dice.text(0, 40)))), parameters: dice.maybe(() => dice.map(0, 5, () => dice.text(0, 50))), localPath: dice.maybe(() => `/opt/${dice.text(1, 9)}`) }));
  const canBeProfiled = !capacity.config.instanceType?.startsWith('ml.trn');
  const profilerOptions = !canBeProfiled ? undefined : dice.maybe(() => ({ interval: dice.maybe(() => Duration.millis(dice.one([100, 200, 500, 1000, 5000, 60_000]))), parameters: dice.maybe(() => dice.map(0, 5, () => dice.text(0, 50))) }));
  const isUnprofiled = profilerOptions === undefined && dice.chance(20);
  const [debugRules, profilerRules] = [ruleChoice(dice, around), isUnprofiled || !canBeProfiled ? undefined : ruleChoice(dice, around)];
  const boards = dice.maybe(() => ({ localPath: dice.maybe(() => `/opt/${dice.text(1, 9)}`) }));
  return {
    props: {
      ...shared.props, algorithm, capacity, maxRuntime, inputs,
      completion: dice.chance(20) ? Completion.started() : undefined,
      maxPending: dice.maybe(() => Duration.seconds(dice.from(1800, 90_000))),
      maxRetries: dice.maybe(() => dice.from(1, 30)),
      metrics: dice.maybe(() => Array.from({ length: dice.from(0, 5) }, (_, n) => Metric.regex(`${dice.text(1, 20, WORDS)}${n}`, dice.text(1, 60, ANY_TEXT)))),
      environment: dice.maybe(() => dice.map(0, 8, () => dice.text(0, 200, `${ANY_TEXT}\n`), () => `_${dice.text(0, 20)}`)),
      experiment: dice.maybe(() => ({ experimentName: dice.maybe(() => dice.text(1, 100)), trialName: dice.maybe(() => dice.text(1, 100)), runName: dice.text(1, 9) })),
      networkIsolation: isIsolated || undefined,
      checkpoints: checkpoints && Checkpoints.fromBucket(around.bucket, checkpoints.prefix, checkpoints.options),
      debugHook: hook && DebugHook.toBucket(around.bucket, 'tensors/', hook),
      profiler: profilerOptions ? Profiler.toBucket(around.bucket, 'profile/', profilerOptions) : isUnprofiled ? Profiler.disabled() : undefined,
      debugRules: debugRules?.rules, profilerRules: profilerRules?.rules,
      tensorBoard: boards && TensorBoardOutput.fromBucket(around.bucket, 'boards/', boards),
      ...(hasVpc ? around.network : {}),
    },
    bound: {
      ...shared.bound, algorithm: algorithmConfig, inputs: configs,
      checkpoints: checkpoints && { s3Uri: `s3://data/${checkpoints.prefix}`, localPath: checkpoints.options.localPath },
      debugHook: hook && { s3Uri: 's3://data/tensors/', options: hook },
      profiler: profilerOptions ? { s3Uri: 's3://data/profile/', options: profilerOptions } : isUnprofiled ? { options: {} } : undefined,
      debugRules: debugRules?.configs, profilerRules: profilerRules?.configs,
      tensorBoard: boards && { s3Uri: 's3://data/boards/', localPath: boards.localPath },
      network: hasVpc ? { subnets: around.network.vpcSubnets.subnets, securityGroups: around.network.securityGroups } : undefined,
    },
  };
}

function serverlessJob(dice: Dice, around: Surroundings): LegalJob {
  const shared = sharedProps(dice, around);
  const common = { baseModel: BASE_MODEL, acceptEula: dice.maybe(() => dice.chance(50)), evaluator: dice.maybe(() => EVALUATOR) };
  const tuning = { ...common, technique: dice.one(Object.values(CustomizationTechnique)), peft: dice.maybe(() => ParameterEfficientFineTuning.LORA), sequenceLength: dice.maybe(() => dice.one(['1K', '8K', '128K'])) };
  const evaluation = { ...common, evaluationType: dice.one(Object.values(EvaluationType)) };
  const isTuning = dice.chance(50);
  const { inputs, configs } = channelChoice(dice, around, InputMode.FILE, [], false);
  return {
    props: {
      ...shared.props, algorithm: Algorithm.serverless(isTuning ? ServerlessJob.fineTuning(tuning) : ServerlessJob.evaluation(evaluation)), capacity: Capacity.serverless(),
      maxRuntime: Duration.seconds(dice.from(1, 90_000)), inputs,
    },
    bound: { ...shared.bound, algorithm: { serverless: isTuning ? { jobType: 'FineTuning', ...tuning } : { jobType: 'Evaluation', ...evaluation } }, inputs: configs },
  };
}

/** What every kind of job may have. */
function sharedProps(dice: Dice, { bucket, key: encryptionKey }: Surroundings) {
  const output = { encryptionKey: dice.maybe(() => encryptionKey), compression: dice.maybe(() => dice.one(Object.values(OutputCompression))) };
  const prefix = dice.text(0, 30);
  const mlflow = dice.maybe(() => ({ experimentName: dice.maybe(() => dice.text(1, 200, WORDS)), runName: dice.maybe(() => dice.text(1, 200, WORDS)) }));
  const source = dice.maybe(() => ({ sourceModelPackage: dice.maybe(() => PACKAGE) }));
  return {
    props: {
      hyperparameters: dice.maybe(() => Hyperparameters.of(dice.map<unknown>(0, 10, () => dice.one([dice.from(-5, 5000), dice.chance(50), dice.text(0, 100, ANY_TEXT), [1, 'a'], { a: 1.5 }, 1e-7, null])))),
      output: OutputLocation.fromBucket(bucket, prefix, output),
      mlflow: mlflow && Mlflow.fromResource(TRACKING_SERVER, mlflow),
      modelPackage: source && ModelPackageOutput.inGroup(GROUP, source),
      encryptInterContainerTraffic: dice.maybe(() => dice.chance(50)),
      remoteDebug: dice.maybe(() => dice.chance(50)), infraCheck: dice.maybe(() => dice.chance(50)), sessionTagChaining: dice.maybe(() => dice.chance(50)),
      revision: dice.maybe(() => dice.text(1, 30)),
    } satisfies Partial<TrainingJobProps>,
    bound: {
      output: { bucket, prefix, options: output }, mlflow: mlflow && { resource: TRACKING_SERVER, options: mlflow }, modelPackage: source && { group: GROUP, ...source },
      roleArn: 'arn:aws:iam::123456789012:role/jobs', region: 'eu-west-1',
    } satisfies Partial<BoundTrainingJob>,
  };
}

function algorithmChoice(dice: Dice, around: Surroundings): { algorithm: Algorithm; algorithmConfig: AlgorithmConfig } {
  const inputMode = dice.one(Object.values(InputMode));
  const metricsTimeSeries = dice.maybe(() => dice.chance(50));
  if (dice.chance(20)) { return { algorithm: Algorithm.fromAlgorithmName('my-algorithm', { inputMode, metricsTimeSeries }), algorithmConfig: { algorithmName: 'my-algorithm', inputMode, metricsTimeSeries } }; }
  const words = { entrypoint: dice.maybe(() => Array.from({ length: dice.from(1, 5) }, () => dice.text(0, 50, ANY_TEXT))), arguments: dice.maybe(() => Array.from({ length: dice.from(1, 5) }, () => dice.text(0, 50, ANY_TEXT))) };
  const isInVpc = dice.chance(20);
  const credentialsProvider = dice.maybe(() => around.login);
  const uri = isInVpc ? `registry.example.com/${dice.text(1, 30)}` : IMAGE_URI;
  return {
    algorithm: Algorithm.image(isInVpc ? ContainerImage.fromRegistry(uri, { credentialsProvider }) : ContainerImage.fromUri(uri), { inputMode, metricsTimeSeries, ...words }),
    algorithmConfig: { image: isInVpc ? { imageUri: uri, isInVpc, credentialsProvider } : { imageUri: uri }, inputMode, metricsTimeSeries, ...words },
  };
}

const TYPES = ['ml.m5.large', 'ml.g5.xlarge', 'ml.p4d.24xlarge', 'ml.p5.48xlarge', 'ml.trn1.32xlarge'];

function capacityChoice(dice: Dice, { key: volumeKey }: Surroundings, maxRuntime: Duration): Capacity {
  const storage = { volumeSize: dice.maybe(() => Size.gibibytes(dice.from(1, 16_384))), volumeKey: dice.maybe(() => volumeKey) };
  const instance = { instanceType: dice.one(TYPES), instanceCount: dice.maybe(() => dice.from(1, 40)), ...storage };
  const maxWait = Duration.seconds(maxRuntime.toSeconds() + dice.from(0, 50_000));
  const keepAlive = dice.maybe(() => Duration.seconds(dice.from(0, 21_600)));
  switch (dice.from(1, 4)) {
    case 1: return Capacity.spot({ ...instance, maxWait });
    case 2: return Capacity.instanceGroups({ ...storage, groups: dice.map(1, 5, () => ({ instanceType: dice.one(TYPES), instanceCount: dice.maybe(() => dice.from(1, 9)) })), maxWait: dice.maybe(() => maxWait) });
    case 3: {
      const counted = dice.chance(50);
      const preferences = TYPES.slice(0, dice.from(1, 5)).map((instanceType) => ({ instanceType, instanceCount: counted ? dice.from(1, 9) : undefined, trainingPlan: dice.maybe(() => PLAN) }));
      return Capacity.instancePreferences(preferences, { ...storage, keepAlive, instanceCount: counted ? undefined : dice.maybe(() => dice.from(1, 9)) });
    }
    default: return Capacity.onDemand({
      ...instance, keepAlive, trainingPlan: dice.maybe(() => PLAN),
      placement: dice.maybe(() => ({ instances: dice.maybe(() => dice.map(0, 10, () => dice.from(1, 9))), multipleJobs: dice.maybe(() => dice.chance(50)) })),
    });
  }
}

function channelChoice(dice: Dice, around: Surroundings, algorithmMode: InputMode, groups: string[], hasVpc: boolean) {
  const inputs: { [channel: string]: DataSource } = {};
  const configs: { [channel: string]: DataSourceConfig } = {};
  for (let n = dice.from(0, 6); n > 0; n--) {
    const [source, config] = oneChannel(dice, around, algorithmMode, groups, hasVpc);
    const name = `${dice.text(1, 20, 'abcXYZ019._-')}${n}`;
    inputs[name] = source;
    configs[name] = config;
  }
  return { inputs, configs };
}

function oneChannel(dice: Dice, { bucket, fileSystem: files, lustre: fast }: Surroundings, algorithmMode: InputMode, groups: string[], hasVpc: boolean): [DataSource, DataSourceConfig] {
  const contentType = dice.maybe(() => dice.text(0, 60, 'abc/-+.'));
  const revision = dice.maybe(() => dice.text(1, 9));
  const inputMode = dice.maybe(() => dice.one(Object.values(InputMode)));
  const mode = inputMode ?? algorithmMode;
  const options: S3ChannelOptions = {
    contentType, revision, inputMode,
    compression: mode === InputMode.PIPE ? dice.maybe(() => InputCompression.GZIP) : undefined,
    recordWrapper: mode === InputMode.PIPE ? dice.maybe(() => RecordWrapper.RECORD_IO) : undefined,
    shuffleSeed: dice.maybe(() => dice.from(0, 99)), distribution: dice.maybe(() => dice.one(Object.values(DataDistribution))),
    instanceGroups: groups.length > 0 ? dice.maybe(() => groups.slice(0, dice.from(1, groups.length))) : undefined,
    acceptEula: dice.maybe(() => dice.chance(50)),
  };
  const key_ = dice.text(1, 20);
  switch (dice.from(1, 6)) {
    case 1: if (mode === InputMode.FAST_FILE) { break; } return [DataSource.fromManifest(bucket, key_, { ...options, dataPrefix: 'd/' }), { s3Uri: `s3://data/${key_}`, s3DataType: S3DataType.MANIFEST_FILE, options }];
    case 2: {
      const piped = { ...options, inputMode: InputMode.PIPE };
      const attributeNames = Array.from({ length: dice.from(1, 16) }, () => dice.text(1, 9));
      return [DataSource.fromAugmentedManifest(bucket, key_, { ...piped, dataPrefix: 'd/', attributeNames }), { s3Uri: `s3://data/${key_}`, s3DataType: S3DataType.AUGMENTED_MANIFEST_FILE, attributeNames, options: piped }];
    }
    case 3: {
      if (!hasVpc || algorithmMode !== InputMode.FILE) { break; }
      const access = dice.one(Object.values(FileSystemAccess));
      const directory = `/${dice.text(0, 20)}`;
      return dice.chance(50)
        ? [DataSource.fromFileSystem(files, { directory, access, contentType, revision }), { fileSystem: { fileSystemId: files.fileSystemId, fileSystemType: 'EFS', directoryPath: directory, access }, options: { contentType, revision } }]
        : [DataSource.fromLustre(fast, { directory, access, contentType, revision, mountName: 'abcdef' }), { fileSystem: { fileSystemId: fast.fileSystemId, fileSystemType: 'FSxLustre', directoryPath: `/abcdef${directory}`, access }, options: { contentType, revision } }];
    }
    case 4: return [DataSource.fromDataset(DATASET, { contentType, revision, inputMode }), { dataset: DATASET, options: { contentType, revision, inputMode } }];
    case 5: if (mode === InputMode.FAST_FILE) { break; } return [DataSource.fromConversations(bucket, key_, options), { s3Uri: `s3://data/${key_}`, s3DataType: S3DataType.CONVERSE, options }];
  }
  return [DataSource.fromBucket(bucket, key_, options), { s3Uri: `s3://data/${key_}`, options }];
}

function ruleChoice(dice: Dice, { bucket }: Surroundings): { rules: { [name: string]: MonitoringRule }; configs: { [name: string]: MonitoringRuleConfig } } | undefined {
  if (!dice.chance(25)) { return undefined; }
  const rules: { [name: string]: MonitoringRule } = {};
  const configs: { [name: string]: MonitoringRuleConfig } = {};
  for (let n = dice.from(1, 4); n > 0; n--) {
    const outputBucket = dice.maybe(() => bucket);
    const options = {
      parameters: dice.maybe(() => dice.map(0, 5, () => dice.text(0, 50))), instanceType: dice.maybe(() => 'ml.t3.medium'), volumeSize: dice.maybe(() => Size.gibibytes(dice.from(1, 99))),
      localPath: dice.maybe(() => `/opt/${dice.text(1, 9)}`), outputBucket, outputPrefix: outputBucket && 'rules/',
    };
    rules[`rule${n}`] = MonitoringRule.image(ContainerImage.fromUri(IMAGE_URI), options);
    configs[`rule${n}`] = { imageUri: IMAGE_URI, options, s3Uri: options.outputBucket && 's3://data/rules/' };
  }
  return { rules, configs };
}
