import { BUILT_IN_FACTS, type BuiltInFacts, type BuiltInName } from '../request/built-in-algorithms';
import { rulesOf, textByRule, type Rule } from '../request/hyperparameter-rules';
import { call, literal, object, optional, type Code } from './code';
import { valueOfStr } from './hyperparameters';
import { ecrImage, isImage, versionsIn, type Images } from './images';
import type { Program } from './program';
import type { Tree } from './tree';
import { member } from './values';

/** An algorithm of Amazon's own whose image it is. */
export interface FoundBuiltIn {
  readonly name: BuiltInName;
  readonly code: Code;
  /** Those which the props don't say. */
  readonly others: Tree;
  /** What the props make, and the library by itself. */
  readonly texts: { readonly [name: string]: string };
}

const FACTORIES: { readonly [name in BuiltInName]: string } = {
  'blazingtext': 'blazingText', 'factorization-machines': 'factorizationMachines', 'forecasting-deepar': 'deepAr', 'image-classification': 'imageClassification', 'ipinsights': 'ipInsights',
  'kmeans': 'kMeans', 'knn': 'knn', 'lda': 'lda', 'linear-learner': 'linearLearner', 'ntm': 'ntm', 'object-detection': 'objectDetection', 'object2vec': 'object2Vec', 'pca': 'pca',
  'randomcutforest': 'randomCutForest', 'semantic-segmentation': 'semanticSegmentation', 'seq2seq': 'seq2Seq', 'xgboost': 'xgboost',
};

/** Batches that the library sends where none are said. */
const BATCHES: { readonly [name: string]: string } = { randomcutforest: '1000', object2vec: '32' };

/** What a job of the algorithm must have, by what the library checks. */
interface Asked {
  readonly channels: readonly string[];
  readonly isManifestOfAttributes: boolean;
  readonly hasMetrics: boolean;
  readonly ranges: readonly string[];
}

/** The algorithm, where the library has it and takes what it is given. */
export function builtInAlgorithm(program: Program, images: Images, specification: Tree, given: { readonly [name: string]: string }, asked: Asked): FoundBuiltIn | undefined {
  const image = ecrImage(specification.TrainingImage);
  if (!image || image.region !== program.target.region || asked.hasMetrics) { return undefined; }
  for (const algorithm of Object.keys(FACTORIES) as BuiltInName[]) {
    const version = (algorithm === 'xgboost' ? versionsIn(image) : ['1']).find((each) => isImage(images, algorithm, image, { version: each }));
    if (version !== undefined) { return found(algorithm, version, specification, given, asked); }
  }
  return undefined;
}

function found(algorithm: BuiltInName, version: string, specification: Tree, given: { readonly [name: string]: string }, asked: Asked): FoundBuiltIn | undefined {
  const facts: BuiltInFacts = BUILT_IN_FACTS[algorithm];
  const channels = [...facts.channels, ...(asked.isManifestOfAttributes ? [] : facts.fileChannels ?? [])];
  if (!channels.every((channel) => asked.channels.includes(channel))) { return undefined; }
  const props: { [prop: string]: Code } = {};
  const texts: { [name: string]: string } = {};
  const others: { [name: string]: unknown } = {};
  const rules = rulesOf(algorithm);
  const known = new Set(rules.map(([, rule]) => rule.name));
  for (const [prop, rule] of rules) {
    const text = given[rule.name];
    const value = text === undefined ? undefined : valueFor(rule, text);
    if (value !== undefined) {
      props[prop] = literal(value);
      texts[rule.name] = text!;
    } else if (rule.isRequired) {
      return undefined;
    } else if (text !== undefined && textByRule(rule, text) === text) {
      others[rule.name] = text;
      texts[rule.name] = text;
    }
  }
  for (const [hyperparameter, text] of Object.entries(given)) { if (!known.has(hyperparameter)) { others[hyperparameter] = valueOfStr(text); texts[hyperparameter] = text; } }
  if (!areTogether(algorithm, facts, known, given)) { return undefined; }
  if (algorithm === 'kmeans') { if (given.force_dense !== undefined && given.force_dense !== 'True') { return undefined; } delete others.force_dense; texts.force_dense = 'True'; }
  if (BATCHES[algorithm] !== undefined && texts.mini_batch_size === undefined) { texts.mini_batch_size = BATCHES[algorithm]!; }
  const options = object({ ...props, inputMode: specification.TrainingInputMode === 'File' ? undefined : member('InputMode', specification.TrainingInputMode), metricsTimeSeries: optional(specification.EnableSageMakerMetricsTimeSeries) });
  const isOptional = algorithm === 'randomcutforest' || algorithm === 'seq2seq';
  const args = algorithm === 'xgboost' ? [literal(version), options ?? literal({})] : [options ?? (isOptional ? undefined : literal({}))];
  return { name: algorithm, code: call(`BuiltInAlgorithm.${FACTORIES[algorithm]}`, ...args), others, texts };
}

/** What the library wants to know besides; otherwise the algorithm is an image as any other. */
function areTogether(algorithm: BuiltInName, facts: BuiltInFacts, known: ReadonlySet<string>, given: { readonly [name: string]: string }): boolean {
  if (facts.needsFeatureDim && known.has('feature_dim') && given.feature_dim === undefined) { return false; }
  if (algorithm === 'pca' && given.mini_batch_size === undefined) { return false; }
  if (algorithm === 'linear-learner' && given.predictor_type === 'multiclass_classifier' && !(Number(given.num_classes) >= 3)) { return false; }
  if (algorithm === 'knn' && given.dimension_reduction_type !== undefined && given.dimension_reduction_target === undefined) { return false; }
  if (algorithm === 'knn' && Number(given.dimension_reduction_target ?? 0) >= Number(given.feature_dim ?? Infinity)) { return false; }
  if (algorithm === 'xgboost' && /^multi:soft(max|prob)$/.test(given.objective ?? '') && given.num_class === undefined) { return false; }
  if (algorithm === 'semantic-segmentation' && given.lr_scheduler === 'step' && given.lr_scheduler_step === undefined) { return false; }
  return !(algorithm === 'seq2seq' && Number(given.rnn_num_hidden ?? 0) % 2 !== 0);
}

/** A value of the prop's type that comes out as this text. */
function valueFor(rule: Rule, text: string): unknown {
  const strict = { ...rule, mayBeAuto: false };
  return valuesOf(rule, text).find((value) => textByRule(strict, value) === text);
}

function valuesOf(rule: Rule, text: string): unknown[] {
  const [kind] = rule.kind.split(' ');
  switch (kind) {
    case 'whole': case 'float': case 'number': return [Number(text)];
    case 'flag': case 'truth': case 'bit': return [true, false];
    case 'list': try { return [JSON.parse(text)].filter(Array.isArray); } catch { return []; }
    case 'csv': return [text.split(',').map((entry) => (rule.kind.includes(' ') ? Number(entry) : entry))];
    default: return [text];
  }
}
