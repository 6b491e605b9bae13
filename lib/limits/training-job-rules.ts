import { time, type IsUnknown, type Path, type Violation } from './constraints';

/** A request, as far as it is known. */
export type Tree = { readonly [member: string]: any };

/** A rule over several members. Values that are not known yet pass. */
export type Rule = (request: Tree, isUnknown: IsUnknown) => Iterable<Violation>;

/**
 * What CreateTrainingJob takes together. The handler refuses a request by the same rules before it launches anything.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html
 */
const RULES: readonly Rule[] = [
  serverless, algorithm, metrics, spot, resources, preferences, channelNames, channelSources, channelModes, network, outputs, ruleNames, profiler,
];

export function againstRules(request: Tree, isUnknown: IsUnknown = () => false): Violation[] {
  return RULES.flatMap((rule) => [...rule(request, isUnknown)]);
}

export const wrong = (path: Path, rule: string, value?: unknown): Violation => ({ path, rule, value });
/** A member that says something. */
export const given = (value: unknown): boolean => value !== undefined && value !== null && value !== false;
export const list = (value: unknown, isUnknown: IsUnknown): Tree[] => (Array.isArray(value) && !isUnknown(value) ? value as Tree[] : []);

/** Members that a job on instances of the service's choice can't have. */
const NOT_SERVERLESS = [
  'AlgorithmSpecification', 'EnableManagedSpotTraining', 'Environment', 'RetryStrategy', 'CheckpointConfig', 'DebugHookConfig', 'DebugRuleConfigurations',
  'ExperimentConfig', 'ProfilerConfig', 'ProfilerRuleConfigurations', 'TensorBoardOutputConfig',
];
const NEEDED = ['AlgorithmSpecification', 'ResourceConfig', 'StoppingCondition'];

function* serverless(request: Tree): Iterable<Violation> {
  const job = request.ServerlessJobConfig;
  if (!given(job)) {
    for (const member of NEEDED) { if (!given(request[member])) { yield wrong([member], 'be given, unless the job is serverless'); } }
    return;
  }
  for (const member of NOT_SERVERLESS) { if (given(request[member])) { yield wrong([member], 'be left out for a serverless job', request[member]); } }
  if (job.JobType === 'Evaluation' && !given(job.EvaluationType)) { yield wrong(['ServerlessJobConfig', 'EvaluationType'], 'be given for an evaluation'); }
}

function* algorithm({ AlgorithmSpecification: spec, EnableNetworkIsolation, VpcConfig }: Tree, isUnknown: IsUnknown): Iterable<Violation> {
  if (!given(spec)) { return; }
  const [image, name] = [spec.TrainingImage, spec.AlgorithmName];
  if (given(image) === given(name)) {
    yield wrong(['AlgorithmSpecification', given(image) ? 'AlgorithmName' : 'TrainingImage'], 'be the only one of TrainingImage and AlgorithmName, of which one is needed', given(image) ? name : undefined);
  }
  if (spec.TrainingImageConfig?.TrainingRepositoryAccessMode === 'Vpc' && !given(VpcConfig)) {
    yield wrong(['VpcConfig'], 'be given for an image in a registry of one\'s own, which is reached through it');
  }
  if (EnableNetworkIsolation === true && given(image) && !isUnknown(image) && /\/(sagemaker-chainer|sagemaker-rl-[^/]*)(:|@|$)/.test(image)) {
    yield wrong(['EnableNetworkIsolation'], 'be left out for images of Chainer and of reinforcement learning, which don\'t run without a network', true);
  }
}

function* metrics({ AlgorithmSpecification: spec }: Tree, isUnknown: IsUnknown): Iterable<Violation> {
  yield* twice(['AlgorithmSpecification', 'MetricDefinitions'], list(spec?.MetricDefinitions, isUnknown).map((metric) => metric?.Name), isUnknown);
}

function* spot(request: Tree, isUnknown: IsUnknown): Iterable<Violation> {
  const { MaxRuntimeInSeconds: run, MaxWaitTimeInSeconds: wait } = request.StoppingCondition ?? {};
  const path = ['StoppingCondition', 'MaxWaitTimeInSeconds'];
  if (isUnknown(request.EnableManagedSpotTraining)) { return; }
  if (request.EnableManagedSpotTraining !== true) {
    if (given(wait)) { yield wrong(path, 'be left out unless capacity is spot', time(wait)); }
    return;
  }
  if (!given(wait)) { yield wrong(path, 'be given for spot capacity'); }
  if (given(wait) && given(run) && !isUnknown(wait) && !isUnknown(run) && wait < run) { yield wrong(path, `be at least the maximum run time, which is ${time(run)}`, time(wait)); }
  if (request.ResourceConfig?.KeepAlivePeriodInSeconds) { yield wrong(['ResourceConfig', 'KeepAlivePeriodInSeconds'], 'be left out for spot capacity', request.ResourceConfig.KeepAlivePeriodInSeconds); }
}

function* resources({ ResourceConfig: config }: Tree, isUnknown: IsUnknown): Iterable<Violation> {
  if (!given(config)) { return; }
  const at = (member: string): Path => ['ResourceConfig', member];
  if (given(config.InstanceGroups)) {
    for (const member of ['InstanceType', 'InstanceCount']) { if (given(config[member])) { yield wrong(at(member), 'be left out with InstanceGroups', config[member]); } }
    if (config.KeepAlivePeriodInSeconds) { yield wrong(at('KeepAlivePeriodInSeconds'), 'be left out with InstanceGroups', config.KeepAlivePeriodInSeconds); }
    yield* twice(at('InstanceGroups'), list(config.InstanceGroups, isUnknown).map((group) => group?.InstanceGroupName), isUnknown);
  } else if (!given(config.InstancePreferences)) {
    if (!given(config.InstanceType)) { yield wrong(at('InstanceType'), 'be given, or InstanceGroups, or InstancePreferences'); }
    if (!given(config.InstanceCount)) { yield wrong(at('InstanceCount'), 'be given with InstanceType'); }
  }
}

function* preferences({ ResourceConfig: config, EnableManagedSpotTraining }: Tree, isUnknown: IsUnknown): Iterable<Violation> {
  if (!given(config?.InstancePreferences) || isUnknown(config.InstancePreferences)) { return; }
  const at = (...member: (string | number)[]): Path => ['ResourceConfig', ...member];
  for (const member of ['InstanceType', 'InstanceGroups', 'InstancePlacementConfig']) {
    if (given(config[member])) { yield wrong(at(member), 'be left out with InstancePreferences', config[member]); }
  }
  if (EnableManagedSpotTraining === true) { yield wrong(['EnableManagedSpotTraining'], 'be left out with InstancePreferences', true); }
  const entries = list(config.InstancePreferences, isUnknown);
  const counted = entries.filter((entry) => given(entry?.InstanceCount)).length;
  if (counted > 0 && counted < entries.length) { yield wrong(at('InstancePreferences'), 'have an InstanceCount in each entry or in none', `${counted} of ${entries.length}`); }
  if (counted > 0 && given(config.InstanceCount)) { yield wrong(at('InstanceCount'), 'be left out where the preferences have counts', config.InstanceCount); }
  if (counted === 0 && !given(config.InstanceCount)) { yield wrong(at('InstanceCount'), 'be given where the preferences have no counts'); }
  if (given(config.TrainingPlanArn) && entries.some((entry) => given(entry?.TrainingPlanArns))) {
    yield wrong(at('TrainingPlanArn'), 'be left out where the preferences have training plans', config.TrainingPlanArn);
  }
  yield* twice(at('InstancePreferences'), entries.map((entry) => entry?.InstanceType), isUnknown);
}

function* channelNames({ InputDataConfig }: Tree, isUnknown: IsUnknown): Iterable<Violation> {
  yield* twice(['InputDataConfig'], list(InputDataConfig, isUnknown).map((channel) => channel?.ChannelName), isUnknown);
}

const SOURCES = ['S3DataSource', 'FileSystemDataSource', 'DatasetSource'];

function* channelSources(request: Tree, isUnknown: IsUnknown): Iterable<Violation> {
  const groups = list(request.ResourceConfig?.InstanceGroups, isUnknown).map((group) => group?.InstanceGroupName);
  for (const [index, channel] of list(request.InputDataConfig, isUnknown).entries()) {
    const source = channel?.DataSource;
    if (!given(source) || isUnknown(source)) { continue; }
    const at = (...member: string[]): Path => ['InputDataConfig', index, 'DataSource', ...member];
    const kinds = SOURCES.filter((kind) => given(source[kind]));
    if (kinds.length !== 1) { yield wrong(at(), `be one of ${SOURCES.join(', ')}`, kinds.join(' and ') || undefined); }
    if (given(source.FileSystemDataSource) && !given(request.VpcConfig)) { yield wrong(['VpcConfig'], 'be given for the data of a file system'); }
    const chosen = source.S3DataSource?.InstanceGroupNames;
    const unknown = list(chosen, isUnknown).map(String).find((name) => !isUnknown(name) && !groups.includes(name) && !groups.some(isUnknown));
    if (unknown !== undefined) { yield wrong(at('S3DataSource', 'InstanceGroupNames'), groups.length > 0 ? `be of ${groups.join(', ')}` : 'be left out unless the capacity has groups', unknown); }
  }
}

/** A channel of this type is the model that incremental training goes on from. */
const MODEL_TYPE = 'application/x-sagemaker-model';

function* channelModes({ InputDataConfig, AlgorithmSpecification: spec }: Tree, isUnknown: IsUnknown): Iterable<Violation> {
  for (const [index, channel] of list(InputDataConfig, isUnknown).entries()) {
    const mode = channel?.InputMode ?? spec?.TrainingInputMode;
    if (!given(channel) || mode === undefined || isUnknown(mode)) { continue; }
    const at = (...member: string[]): Path => ['InputDataConfig', index, ...member];
    const type = channel.DataSource?.S3DataSource?.S3DataType;
    if (mode !== 'Pipe') {
      for (const [member, none] of [['CompressionType', 'None'], ['RecordWrapperType', 'None']]) {
        const value = channel[member];
        if (given(value) && value !== none && !isUnknown(value)) { yield wrong(at(member), 'be left out unless the channel is a pipe (InputMode.PIPE)', `${value} with ${mode}`); }
      }
      if (type === 'AugmentedManifestFile') { yield wrong(at('InputMode'), 'be Pipe for an augmented manifest', mode); }
    }
    if (mode === 'FastFile' && given(type) && type !== 'S3Prefix' && !isUnknown(type)) { yield wrong(at('DataSource', 'S3DataSource', 'S3DataType'), 'be S3Prefix for InputMode.FAST_FILE', type); }
    if (mode !== 'File' && given(channel.DataSource?.FileSystemDataSource)) { yield wrong(at('InputMode'), 'be File for the data of a file system', mode); }
    if (channel.ContentType === MODEL_TYPE && mode !== 'File') { yield wrong(at('InputMode'), 'be File for the model that training goes on from', mode); }
  }
}

function* network({ VpcConfig }: Tree, isUnknown: IsUnknown): Iterable<Violation> {
  for (const member of ['SecurityGroupIds', 'Subnets']) {
    yield* twice(['VpcConfig', member], list(VpcConfig?.[member], isUnknown) as readonly unknown[], isUnknown);
  }
}

/** Directory buckets of S3 Express One Zone end like this; they take no key of KMS. */
export const EXPRESS = /^(s3|https):\/\/[^/]+--x-s3(\/|$)/;

function* outputs({ OutputDataConfig: output }: Tree, isUnknown: IsUnknown): Iterable<Violation> {
  const uri = output?.S3OutputPath;
  if (given(output?.KmsKeyId) && output.KmsKeyId !== '' && typeof uri === 'string' && !isUnknown(uri) && EXPRESS.test(uri)) {
    yield wrong(['OutputDataConfig', 'KmsKeyId'], 'be left out for a bucket of S3 Express One Zone', output.KmsKeyId);
  }
}

function* ruleNames(request: Tree, isUnknown: IsUnknown): Iterable<Violation> {
  for (const member of ['DebugRuleConfigurations', 'ProfilerRuleConfigurations']) {
    yield* twice([member], list(request[member], isUnknown).map((rule) => rule?.RuleConfigurationName), isUnknown);
  }
}

function* profiler({ ProfilerConfig, ProfilerRuleConfigurations: rules }: Tree, isUnknown: IsUnknown): Iterable<Violation> {
  if (ProfilerConfig?.DisableProfiler === true && list(rules, isUnknown).length > 0) { yield wrong(['ProfilerRuleConfigurations'], 'be left out where the profiler is disabled', rules.length); }
}

/** Values that are there twice. */
export function* twice(path: Path, values: readonly unknown[], isUnknown: IsUnknown): Iterable<Violation> {
  const seen = new Set<unknown>();
  for (const value of values) {
    if (value === undefined || value === null || isUnknown(value)) { continue; }
    if (seen.has(value)) { yield wrong(path, 'be unique', `${String(value)} twice`); return; }
    seen.add(value);
  }
}
