import { brokenRule, type HyperparameterDefinition } from './algorithm-hyperparameters';
import { time, type IsUnknown, type Path, type Violation } from './constraints';
import { list, wrong, type Tree } from './training-job-rules';
import { rangedNames } from './tuning-definition';

/** An algorithm resource, as far as training goes by it: a part of what DescribeAlgorithm answers. */
export interface AlgorithmDescription {
  readonly AlgorithmName?: string;
  /** There for products of AWS Marketplace. */
  readonly ProductId?: string;
  readonly TrainingSpecification?: {
    readonly TrainingImage?: string;
    readonly SupportedHyperParameters?: readonly HyperparameterDefinition[];
    readonly SupportedTrainingInstanceTypes?: readonly string[];
    readonly SupportsDistributedTraining?: boolean;
    readonly MetricDefinitions?: readonly { readonly Name?: string }[];
    readonly TrainingChannels?: readonly ChannelDefinition[];
  };
}

/** A channel, as DescribeAlgorithm defines it. */
export interface ChannelDefinition {
  readonly Name?: string;
  readonly IsRequired?: boolean;
  readonly SupportedContentTypes?: readonly string[];
  readonly SupportedCompressionTypes?: readonly string[];
  readonly SupportedInputModes?: readonly string[];
}


/** A rule of one algorithm. Values that are not known yet pass. */
type Rule = (request: Tree, algorithm: Algorithm, isUnknown: IsUnknown) => Iterable<Violation>;

interface Algorithm {
  /** What it is called in messages. */
  readonly name: string;
  readonly isProduct: boolean;
  readonly spec: NonNullable<AlgorithmDescription['TrainingSpecification']>;
}

const RULES: readonly Rule[] = [inputMode, instances, distribution, hyperparameters, ranges, objective, channels, channelOptions, isolation, waiting];

/**
 * What a request for a training job has that its algorithm does not take. The same at synthesis, by a specification that
 * the user gives, and in the handler, by what SageMaker says of the algorithm.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TrainingSpecification.html
 */
export function algorithmViolations(request: object, description: AlgorithmDescription, isUnknown: IsUnknown = () => false): Violation[] {
  const algorithm = { name: nameOf(request, description, isUnknown), isProduct: given(description.ProductId), spec: description.TrainingSpecification ?? {} };
  return RULES.flatMap((rule) => [...rule(request, algorithm, isUnknown)]);
}

function nameOf(request: Tree, { AlgorithmName }: AlgorithmDescription, isUnknown: IsUnknown): string {
  const named = request.AlgorithmSpecification?.AlgorithmName as unknown;
  return AlgorithmName ?? (typeof named === 'string' && !isUnknown(named) ? named.split('/').at(-1)! : 'the algorithm');
}

const given = (value: unknown): boolean => value !== undefined && value !== null;
/** Whether a list of what is supported says anything, and not this. */
const excludes = (supported: readonly string[] | undefined, value: unknown): boolean => supported !== undefined && supported?.length > 0 && !supported.includes(String(value));

/** The mode of a job must be one that every channel takes, whether the job has the channel or not: so the Python SDK has it. */
function* inputMode({ AlgorithmSpecification: asked }: Tree, { name, spec }: Algorithm, isUnknown: IsUnknown): Iterable<Violation> {
  const mode = asked?.TrainingInputMode;
  if (!given(mode) || isUnknown(mode)) { return; }
  const common = ['File', 'Pipe', 'FastFile'].filter((each) => (spec.TrainingChannels ?? []).every((channel) => !excludes(channel.SupportedInputModes, each)));
  // channels that have no mode in common are told theirs one by one
  if (excludes(common, mode)) { yield wrong(['AlgorithmSpecification', 'TrainingInputMode'], `be ${common.join(' or ')}, which every channel of ${name} takes`, mode); }
}

function* instances({ ResourceConfig: config }: Tree, { name, spec }: Algorithm, isUnknown: IsUnknown): Iterable<Violation> {
  const entries: [Path, unknown][] = [[['ResourceConfig', 'InstanceType'], config?.InstanceType]];
  for (const member of ['InstanceGroups', 'InstancePreferences']) {
    list(config?.[member], isUnknown).forEach((entry, index) => entries.push([['ResourceConfig', member, index, 'InstanceType'], entry?.InstanceType]));
  }
  for (const [path, type] of entries) {
    if (given(type) && !isUnknown(type) && excludes(spec.SupportedTrainingInstanceTypes, type)) {
      yield wrong(path, `be one of ${spec.SupportedTrainingInstanceTypes!.join(', ')}, on which ${name} runs`, type);
    }
  }
}

function* distribution({ ResourceConfig: config }: Tree, { name, spec }: Algorithm, isUnknown: IsUnknown): Iterable<Violation> {
  if (spec.SupportsDistributedTraining !== false) { return; }
  const counts = (entries: Tree[]) => entries.map((entry) => entry?.InstanceCount).filter((count): count is number => typeof count === 'number' && !isUnknown(count));
  const total = counts([config ?? {}, ...list(config?.InstanceGroups, isUnknown)]).reduce((sum, count) => sum + count, 0);
  const most = Math.max(total, ...counts(list(config?.InstancePreferences, isUnknown)));
  if (most > 1) { yield wrong(['ResourceConfig', 'InstanceCount'], `be 1, for ${name} does not train on several instances`, most); }
}

function* hyperparameters({ HyperParameters: texts, ParameterRanges }: Tree, { name, spec }: Algorithm, isUnknown: IsUnknown): Iterable<Violation> {
  const definitions = spec.SupportedHyperParameters ?? [];
  for (const [key, text] of Object.entries(texts ?? {})) {
    const definition = definitions.find(({ Name }) => Name === key);
    if (!definition) {
      yield { ...wrong(['HyperParameters', key], oneThatItHas(name, definitions), key), isName: true };
      continue;
    }
    const rule = isUnknown(text) ? undefined : brokenRule(definition, String(text));
    if (rule !== undefined) { yield wrong(['HyperParameters', key], `${rule} for ${name}`, text); }
  }
  for (const { Name: required, IsRequired, DefaultValue } of definitions) {
    if (IsRequired === true && !given(DefaultValue) && !given(texts?.[required!]) && !rangedNames(ParameterRanges as Tree | undefined).includes(required!)) { yield wrong(['HyperParameters', required!], `be given, for ${name} requires it`); }
  }
}

function oneThatItHas(name: string, definitions: readonly HyperparameterDefinition[]): string {
  const known = definitions.map(({ Name }) => Name).join(', ');
  return known === '' ? `be left out, for ${name} has no hyperparameters` : `be one that ${name} has: ${known}`;
}

/** The type of hyperparameter that each list of ranges is for, and where its values are. */
const RANGE_VALUES: { readonly [list: string]: readonly [type: string | undefined, members: readonly string[]] } = {
  ContinuousParameterRanges: ['Continuous', ['MinValue', 'MaxValue']],
  IntegerParameterRanges: ['Integer', ['MinValue', 'MaxValue']],
  CategoricalParameterRanges: ['Categorical', ['Values']],
  AutoParameters: [undefined, ['ValueHint']],
};

/** What a tuning job searches: each value of a range is one that the hyperparameter may have. */
function* ranges({ ParameterRanges }: Tree, { name, spec }: Algorithm, isUnknown: IsUnknown): Iterable<Violation> {
  const definitions = spec.SupportedHyperParameters ?? [];
  for (const [member, [type, valuesIn]] of Object.entries(RANGE_VALUES)) {
    for (const [index, range] of list(ParameterRanges?.[member], isUnknown).entries()) {
      const at = (...path: (string | number)[]): Path => ['ParameterRanges', member, index, ...path];
      if (isUnknown(range.Name)) { continue; }
      const definition = definitions.find(({ Name }) => Name === range.Name);
      if (!definition) { yield wrong(at('Name'), oneThatItHas(name, definitions), range.Name); continue; }
      if (definition.IsTunable === false) { yield wrong(at(), `be left out, for ${name} does not let ${range.Name} be tuned`, range.Name); continue; }
      if (type !== undefined && definition.Type !== type) { yield wrong(at(), `be ${rangeFor(definition)} for ${name}`, type); continue; }
      for (const each of valuesIn) {
        const values = Array.isArray(range[each]) ? (range[each] as unknown[]).map((value, place): [Path, unknown] => [at(each, place), value]) : [[at(each), range[each]] as [Path, unknown]];
        for (const [path, value] of values) {
          const rule = !given(value) || isUnknown(value) ? undefined : brokenRule(definition, String(value));
          if (rule !== undefined) { yield wrong(path, `${rule} for ${name}`, value); }
        }
      }
    }
  }
}

const rangeFor = ({ Type }: HyperparameterDefinition) => (Type === 'FreeText' ? 'left out, since it is free text' : `a range of type ${Type}`);

/** What the jobs of a tuning job are compared by: definitions of the user's own apart, an algorithm has the metrics that it has. */
function* objective({ Objective, AlgorithmSpecification: asked }: Tree, { name, spec }: Algorithm, isUnknown: IsUnknown): Iterable<Violation> {
  const metric = Objective?.MetricName;
  const known = [...spec.MetricDefinitions ?? [], ...list(asked?.MetricDefinitions, isUnknown)].map(({ Name }) => Name);
  if (given(metric) && !isUnknown(metric) && known.length > 0 && !known.includes(metric) && !known.some(isUnknown)) {
    yield wrong(['Objective', 'MetricName'], `be one of ${known.join(', ')}, which ${name} reports`, metric);
  }
}

/** The model that training goes on from; algorithms need not name its channel. */
const MODEL_TYPE = 'application/x-sagemaker-model';

function* channels({ InputDataConfig }: Tree, { name, spec }: Algorithm, isUnknown: IsUnknown): Iterable<Violation> {
  if (given(InputDataConfig) && isUnknown(InputDataConfig)) { return; }
  const known = (spec.TrainingChannels ?? []).map((channel) => channel.Name);
  const inputs = list(InputDataConfig, isUnknown);
  for (const [index, channel] of inputs.entries()) {
    if (!known.includes(channel?.ChannelName) && channel?.ContentType !== MODEL_TYPE) {
      yield wrong(['InputDataConfig', index, 'ChannelName'], `be one of the channels of ${name}: ${known.join(', ')}`, channel?.ChannelName);
    }
  }
  for (const { Name: required, IsRequired } of spec.TrainingChannels ?? []) {
    if (IsRequired === true && !inputs.some((channel) => channel?.ChannelName === required)) {
      yield wrong(['InputDataConfig'], `have the channel ${required}, which ${name} requires`, inputs.map((channel) => channel?.ChannelName).join(', ') || 'none');
    }
  }
}

function* channelOptions({ InputDataConfig, AlgorithmSpecification: asked }: Tree, { name, spec }: Algorithm, isUnknown: IsUnknown): Iterable<Violation> {
  for (const [index, channel] of list(InputDataConfig, isUnknown).entries()) {
    const definition = spec.TrainingChannels?.find(({ Name }) => Name === channel?.ChannelName);
    if (!definition) { continue; }
    const options: [string, unknown, readonly string[] | undefined][] = [
      ['InputMode', channel.InputMode ?? asked?.TrainingInputMode, definition.SupportedInputModes],
      ['CompressionType', channel.CompressionType, definition.SupportedCompressionTypes],
      ['ContentType', mediaType(channel.ContentType, isUnknown), definition.SupportedContentTypes?.map((type) => mediaType(type, isUnknown) as string)],
    ];
    for (const [member, value, supported] of options) {
      if (!given(value) || isUnknown(value) || value === MODEL_TYPE || !excludes(supported, value)) { continue; }
      yield wrong(['InputDataConfig', index, member], `be one of ${supported!.join(', ')}, which ${name} takes by this channel`, channel[member] ?? value);
    }
  }
}

/** A type without its parameters, which say more of the same: `text/csv; label_size=1`. */
const mediaType = (type: unknown, isUnknown: IsUnknown) => (typeof type === 'string' && !isUnknown(type) ? type.split(';')[0].trim().toLowerCase() : type);

function* isolation({ EnableNetworkIsolation: isolated }: Tree, { name, isProduct }: Algorithm, isUnknown: IsUnknown): Iterable<Violation> {
  if (isProduct && isolated !== true && !isUnknown(isolated)) {
    yield wrong(['EnableNetworkIsolation'], `be true, for ${name} is a product of AWS Marketplace, which runs without a network only (prop networkIsolation: true)`, isolated);
  }
}

/** Products that keep no checkpoints get no more of spot capacity. */
const LONGEST_UNSAVED_SECONDS = 3600;

function* waiting({ StoppingCondition: limits, CheckpointConfig, EnableManagedSpotTraining }: Tree, { name, isProduct }: Algorithm, isUnknown: IsUnknown): Iterable<Violation> {
  const wait = limits?.MaxWaitTimeInSeconds;
  if (!isProduct || EnableManagedSpotTraining !== true || given(CheckpointConfig) || typeof wait !== 'number' || isUnknown(wait) || wait <= LONGEST_UNSAVED_SECONDS) { return; }
  yield wrong(['StoppingCondition', 'MaxWaitTimeInSeconds'], `be at most 1 hour for ${name}, a product of AWS Marketplace, without checkpoints`, time(wait));
}
