import type { IConstruct } from 'constructs';
import type { AlgorithmContext } from '../algorithm-options';
import type { BuiltInFacts, BuiltInName } from './built-in-algorithms';
import { instanceCount } from './built-in-checks';
import { knowsHyperparameter } from './built-in-hyperparameters';
import { isToken, refuse } from './checks';
import { pythonStr } from './python-text';

type Texts = { readonly [hyperparameter: string]: string };

/** Largest default of `mini_batch_size`, which is that many or, where they are fewer, the records of an instance. */
const LARGEST_BATCH: Partial<Record<BuiltInName, number>> = { 'linear-learner': 1000, 'pca': 500 };
/** Defaults of `mini_batch_size` that the Python SDK always sends. */
const FIXED_BATCH: Partial<Record<BuiltInName, number>> = { randomcutforest: 1000, object2vec: 32 };

/** What of the hyperparameters follows from the data: how many features there are, and how many records are taken at a time. */
export function recordHyperparameters(job: IConstruct, algorithm: BuiltInName, facts: BuiltInFacts, context: AlgorithmContext, given: Texts): Texts {
  if (!knowsHyperparameter(algorithm, 'featureDim')) { return {}; }
  const records = context.inputs.train?.records;
  const texts: Texts = {
    ...(algorithm === 'kmeans' ? { force_dense: 'True' } : {}),
    ...entry('feature_dim', featureDim(job, facts, records?.featureDim, given)),
    ...entry('mini_batch_size', miniBatchSize(job, algorithm, context, records?.numRecords, given)),
  };
  for (const [name, text] of Object.entries(texts)) {
    const users: unknown = context.hyperparameters?.values[name];
    if (users !== undefined && !isToken(users) && pythonStr(users) !== text) { refuse(job, `hyperparameters.${name}`, `be ${text} for ${facts.title}`, users); }
  }
  return texts;
}

function featureDim(job: IConstruct, facts: BuiltInFacts, ofRecords: number | undefined, given: Texts): string | undefined {
  const own = given.feature_dim;
  if (own === undefined && ofRecords === undefined && facts.needsFeatureDim) {
    refuse(job, 'algorithm.featureDim', `be given for ${facts.title}, or with the records of the channel train (DataSource.fromRecordSet)`, undefined);
  }
  if (ofRecords === undefined) { return undefined; }
  if (own !== undefined && !isToken(own) && !isToken(ofRecords) && own !== String(ofRecords)) {
    refuse(job, 'algorithm.featureDim', `be that of the records of the channel train, which is ${ofRecords}`, own);
  }
  return own === undefined ? pythonStr(ofRecords) : undefined;
}

function miniBatchSize(job: IConstruct, algorithm: BuiltInName, { capacity, ranges }: AlgorithmContext, numRecords: number | undefined, given: Texts): string | undefined {
  const own = given.mini_batch_size;
  const fixed = FIXED_BATCH[algorithm];
  if (fixed !== undefined) { return own === undefined ? String(fixed) : undefined; }
  // for a tuner the Python SDK sends it, where the number of records is known
  if (algorithm === 'kmeans' && ranges && numRecords !== undefined && own === undefined && !('mini_batch_size' in ranges)) { return '5000'; }
  const largest = LARGEST_BATCH[algorithm];
  if (largest === undefined || own !== undefined) { return undefined; }
  const count = instanceCount(capacity);
  if (numRecords === undefined || isToken(numRecords) || count === undefined) {
    return algorithm === 'pca' ? refuse(job, 'algorithm.miniBatchSize', 'be given where the number of records or of instances is not known', undefined) : undefined;
  }
  return String(Math.min(largest, Math.max(1, Math.floor(numRecords / count))));
}

const entry = (name: string, value: string | undefined): Texts => (value === undefined ? {} : { [name]: value });
