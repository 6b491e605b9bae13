import { Annotations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { AlgorithmContext } from '../algorithm-options';
import { S3DataType, type DataSourceConfig } from '../data-source-config';
import type { BuiltInFacts, BuiltInName } from './built-in-algorithms';
import { isToken, refuse } from './checks';
import { instanceTypes } from './instance-types';

type Texts = { readonly [hyperparameter: string]: string };

/** Longest an algorithm that keeps no checkpoints may wait for spot capacity. */
const LONGEST_WAIT_SECONDS = 3600;
const GPU = /^ml\.(p|g|gr)\d/;
/** Versions of XGBoost that train on CPUs alone. */
const CPU_XGBOOST = /^(1|latest|0\..*|1\.0-.*)$/;

/** What SageMaker or the algorithm refuses for certain. */
export function checkBuiltIn(job: IConstruct, algorithm: BuiltInName, facts: BuiltInFacts, context: AlgorithmContext, texts: Texts): void {
  checkTogether(job, algorithm, context, texts);
  if (context.metrics && context.metrics.length > 0) {
    refuse(job, 'metrics', `be left out for ${facts.title}, which defines its own: ${facts.metrics.join(', ')}`, context.metrics.map((metric) => metric.metricName));
  }
  const { maxWait } = context.capacity;
  if (maxWait && !maxWait.isUnresolved() && maxWait.toSeconds() > LONGEST_WAIT_SECONDS && !facts.hasCheckpoints) {
    refuse(job, 'capacity.maxWait', `be at most 1 hour for ${facts.title}, which keeps no checkpoints`, maxWait.toHumanString());
  }
}

/** The channels, which hyperparameters follow from. */
export function checkChannels(job: IConstruct, facts: BuiltInFacts, { inputs }: AlgorithmContext): void {
  const files = inputs.train?.s3DataType === S3DataType.AUGMENTED_MANIFEST_FILE ? [] : facts.fileChannels ?? [];
  const missing = [...facts.channels, ...files].filter((channel) => !(channel in inputs));
  if (missing.length > 0) { refuse(job, 'inputs', `have the channel ${missing.join(' and ')}, without which ${facts.title} does not train`, Object.keys(inputs)); }
}

/** Values that go together or don't, as the Python SDK and the algorithm's documents have it. */
function checkTogether(job: IConstruct, algorithm: BuiltInName, { capacity }: AlgorithmContext, texts: Texts): void {
  const given = (name: string) => texts[name] !== undefined;
  const number = (name: string) => (given(name) && !isToken(texts[name]) ? Number(texts[name]) : undefined);
  if (algorithm === 'linear-learner' && texts.predictor_type === 'multiclass_classifier' && (!given('num_classes') || (number('num_classes') ?? 3) < 3)) {
    refuse(job, 'algorithm.numClasses', 'be at least 3 for predictorType multiclass_classifier', number('num_classes'));
  }
  if (algorithm === 'knn' && given('dimension_reduction_type') && !given('dimension_reduction_target')) {
    refuse(job, 'algorithm.dimensionReductionTarget', 'be given with dimensionReductionType', undefined);
  }
  if (algorithm === 'knn' && (number('dimension_reduction_target') ?? 0) >= (number('feature_dim') ?? Infinity)) {
    refuse(job, 'algorithm.dimensionReductionTarget', `be less than the number of features, which is ${texts.feature_dim}`, number('dimension_reduction_target'));
  }
  if (algorithm === 'xgboost' && /^multi:soft(max|prob)$/.test(texts.objective ?? '') && !given('num_class')) {
    refuse(job, 'algorithm.numClass', `be given for the objective ${texts.objective}`, undefined);
  }
  if (algorithm === 'semantic-segmentation' && texts.lr_scheduler === 'step' && !given('lr_scheduler_step')) {
    refuse(job, 'algorithm.lrSchedulerStep', 'be given for lrScheduler step', undefined);
  }
  if (algorithm === 'seq2seq' && (number('rnn_num_hidden') ?? 0) % 2 !== 0) { refuse(job, 'algorithm.rnnNumHidden', 'be an even number', number('rnn_num_hidden')); }
  const count = instanceCount(capacity);
  if (algorithm === 'lda' && count !== undefined && count > 1) { refuse(job, 'capacity.instanceCount', 'be 1 for LDA, which trains on a single instance', count); }
}

/** What the algorithm's documents advise against, or what a later version may take. The ids are part of the API (docs/limits.md). */
export function warnOfBuiltIn(job: IConstruct, algorithm: BuiltInName, version: string, facts: BuiltInFacts, context: AlgorithmContext, texts: Texts, inputMode: string): void {
  const warn = (id: string, text: string) => Annotations.of(job).addWarningV2(`cdk-sagemaker:${id}`, text);
  const { title } = facts;
  const onGpu = runsOnGpu(context.capacity);
  const onCpus = facts.processor === 'CPU' || (algorithm === 'xgboost' && CPU_XGBOOST.test(version)) || texts.mode === 'batch_skipgram';
  if (facts.processor === 'GPU' && onGpu === false) { warn('algorithmNeedsGpu', `${title} is documented to train on instances with GPUs only`); }
  if (onCpus && onGpu) { warn('algorithmUsesNoGpu', `${title} makes no use of GPUs as it is set; instances without are cheaper`); }
  if (algorithm === 'xgboost' && texts.tree_method === 'gpu_hist' && onGpu === false) { warn('algorithmNeedsGpu', 'the treeMethod gpu_hist of XGBoost needs an instance with a GPU'); }
  const isSingle = facts.isSingle || (algorithm === 'blazingtext' && texts.mode !== 'batch_skipgram' && !isToken(texts.mode));
  if (isSingle && (instanceCount(context.capacity) ?? 1) > 1) { warn('algorithmOfOneInstance', `${title} trains on one instance as it is set; further ones are paid for and idle, or refused`); }
  for (const [channel, data] of Object.entries(context.inputs)) { warnOfChannel(warn, channel, data, facts, inputMode); }
}

function warnOfChannel(warn: (id: string, text: string) => void, channel: string, data: DataSourceConfig, facts: BuiltInFacts, inputMode: string): void {
  const known = [...facts.channels, ...facts.fileChannels ?? [], ...facts.otherChannels];
  if (!known.includes(channel)) { warn('unknownChannel', `${facts.title} is not known to read the channel ${channel}; it reads ${known.join(', ')}`); }
  const { contentType, distribution } = data.options;
  const types = facts.contentTypes[channel] ?? facts.contentTypes['*'];
  if (contentType !== undefined && !isToken(contentType) && !types.includes('*') && !types.includes(contentType.split(';')[0].trim().toLowerCase())) {
    warn('unknownContentType', `${facts.title} is not known to read ${contentType} from the channel ${channel}; it reads ${types.join(', ')}`);
  }
  const mode = data.options.inputMode ?? (data.s3DataType === 'AugmentedManifestFile' ? 'Pipe' : inputMode);
  if (facts.readsFiles && mode === 'Pipe') { warn('algorithmReadsFiles', `${facts.title} is not known to read the channel ${channel} from a pipe; it reads files`); }
  if (channel === 'train' && facts.trainDistribution && !data.fileSystem && (distribution ?? 'FullyReplicated') !== facts.trainDistribution) {
    warn('algorithmShardsData', `${facts.title} is documented to take the channel train with DataDistribution.SHARDED_BY_S3_KEY only`);
  }
}

/** How many instances there are, where that is known. */
export function instanceCount({ instanceCount: count, instanceGroups, instancePreferences }: AlgorithmContext['capacity']): number | undefined {
  const counts = instanceGroups ? Object.values(instanceGroups).map((group) => group.instanceCount ?? 1) : [count];
  if (counts.some((each) => each === undefined || isToken(each)) || instancePreferences?.some((each) => each.instanceCount !== undefined)) { return undefined; }
  return (counts as number[]).reduce((sum, each) => sum + each, 0);
}

/** Whether all instances have GPUs (true) or none (false), where that is known. */
function runsOnGpu(capacity: AlgorithmContext['capacity']): boolean | undefined {
  const types = instanceTypes(capacity).map(([, type]) => type);
  if (types.length === 0 || types.some(isToken)) { return undefined; }
  const withGpu = types.filter((type) => GPU.test(type)).length;
  return withGpu === types.length ? true : withGpu === 0 ? false : undefined;
}
