import { Token, type Stack } from 'aws-cdk-lib/core';
import { Hyperparameters } from 'cdk-sagemaker';
import { files, trained, type Factory } from '../support/built-in';
// every hyperparameter of the Python SDK's classes: its name, legal values with the text that the SDK makes of them, and illegal values
import ROWS from './sdk-hyperparameters.json';

type Row = [name: string, values: { legal: [value: unknown, text: string][]; illegal: unknown[] }];
const rows = Object.entries(ROWS).flatMap(([factory, props]) => Object.entries(props).map(([prop, row]): [Factory, string, Row] => [factory as Factory, prop, row as Row]));

/** What else is needed for a value to make sense. */
const alongside = (prop: string, value: unknown): object => ({
  ...(prop === 'dimensionReductionType' ? { dimensionReductionTarget: 10 } : {}),
  ...(value === 'multiclass_classifier' ? { numClasses: 3 } : {}),
});
/** A set of records would say another number of features. */
const plainFiles = (prop: string) => (prop === 'featureDim' ? (stack: Stack) => ({ inputs: { train: files(stack, 'train') } }) : undefined);

describe('A hyperparameter that the Python SDK has a class for', () => {
  test('is known: all 154 of them', () => {
    // feature_dim and mini_batch_size of all algorithms are the other two
    expect(rows).toHaveLength(152);
  });

  test.each(rows)('%s.%s is sent as the SDK sends it', (factory, prop, [name, { legal }]) => {
    for (const [value, text] of legal) {
      expect(trained(factory, { ...alongside(prop, value), [prop]: value }, plainFiles(prop)).hyperparameters).toMatchObject({ [name]: text });
    }
  });

  test.each(rows)('rejects %s.%s out of its range', (factory, prop, [, { illegal }]) => {
    for (const value of illegal) {
      expect(() => trained(factory, { ...alongside(prop, value), [prop]: value })).toThrow(`Stack/Train: algorithm.${prop} must be `);
    }
  });

  test.each(rows)('%s.%s may be known at deployment only', (factory, prop, [name, { legal }]) => {
    const [value] = legal[0]!;
    const token = (of: unknown) => (typeof of === 'number' ? Token.asNumber({ Ref: 'Parameter' }) : Token.asString({ Ref: 'Parameter' }));
    const { hyperparameters } = trained(factory, { ...alongside(prop, value), [prop]: Array.isArray(value) ? [token(value[0])] : token(value) }, plainFiles(prop));
    expect(JSON.stringify(hyperparameters[name])).toContain('{"Ref":"Parameter"}');
  });
});

describe('A hyperparameter', () => {
  test.each([
    ['kMeans', { k: 1 }, 'algorithm.k must be a whole number at least 2, got 1'],
    ['kMeans', { tol: 1.5 }, 'algorithm.tol must be a number between 0 and 1, got 1.5'],
    ['kMeans', { numTrials: 0 }, 'algorithm.numTrials must be a whole number at least 1, got 0'],
    ['kMeans', { evalMetrics: ['mse'] }, 'algorithm.evalMetrics must be a list of msd, ssd, got ["mse"]'],
    ['kMeans', { initMethod: 'best' }, 'algorithm.initMethod must be one of random, kmeans++, got best'],
    ['kMeans', { k: undefined }, 'algorithm.k must be given, got undefined'],
    ['linearLearner', { beta2: 'auto' }, 'algorithm.beta2 must be a number at least 0 and below 1, got auto'],
    ['linearLearner', { normalizeData: 'auto' }, 'algorithm.normalizeData must be true or false, got auto'],
    ['linearLearner', { quantile: 1 }, 'algorithm.quantile must be a number above 0 and below 1, got 1'],
    ['linearLearner', { momentum: 1 }, 'algorithm.momentum must be a number at least 0 and below 1, got 1'],
    ['linearLearner', { useBias: 'maybe' }, 'algorithm.useBias must be true or false, got maybe'],
    ['linearLearner', { positiveExampleWeightMult: 'heavy' }, 'algorithm.positiveExampleWeightMult must be auto, balanced or a number above 0, as text, got heavy'],
    ['ntm', { encoderLayers: [0] }, 'algorithm.encoderLayers must be a list of whole numbers at least 1, got [0]'],
    ['imageClassification', { numLayers: 19 }, 'algorithm.numLayers must be one of 18, 20, 32, 34, 44, 50, 56, 101, 110, 152, 200, got 19'],
    ['deepAr', { timeFreq: 'weekly' }, 'algorithm.timeFreq must be M, W, D, H or min, with a number before it, like 5min, got weekly'],
    ['objectDetection', { learningRate: 0 }, 'algorithm.learningRate must be a number above 0 and at most 1, got 0'],
  ] as [Factory, object, string][])('rejects a value of %s with what is allowed: %j', (factory, props, message) => {
    expect(() => trained(factory, props)).toThrow(`Stack/Train: ${message}`);
  });

  const withMap = (map: object, props: object = {}, factory: Factory | 'xgboost' = 'kMeans') => trained(factory, props, () => ({ hyperparameters: Hyperparameters.of({ ...map }) })).hyperparameters;

  test('of the user\'s own map is merged with the props', () => {
    expect(withMap({ novelty: 0.5, verbose: true })).toEqual({ force_dense: 'True', k: '10', feature_dim: '784', novelty: '0.5', verbose: 'True' });
  });

  test('of the user\'s own map is sent as the algorithm knows it', () => {
    expect(withMap({ local_lloyd_tol: 1, eval_metrics: ['msd', 'ssd'], extra_center_factor: 'auto', half_life_time_size: '5' }))
      .toMatchObject({ local_lloyd_tol: '1.0', eval_metrics: '["msd", "ssd"]', extra_center_factor: 'auto', half_life_time_size: '5' });
    expect(withMap({ eval_metrics: '["msd"]' })).toMatchObject({ eval_metrics: '["msd"]' });
    expect(withMap({ monotone_constraints: '(0, 1)', one_drop: 1, single_precision_histogram: 'true' }, {}, 'xgboost'))
      .toMatchObject({ monotone_constraints: '(0, 1)', one_drop: '1', single_precision_histogram: 'true' });
  });

  test('of the user\'s own map is checked where it is known', () => {
    expect(() => withMap({ local_lloyd_tol: 2 })).toThrow('Stack/Train: hyperparameters.local_lloyd_tol must be a number between 0 and 1, got 2');
    expect(() => withMap({ eval_metrics: '["mse"]' })).toThrow('hyperparameters.eval_metrics must be a list of msd, ssd');
    expect(() => withMap({ local_lloyd_tol: null })).toThrow('hyperparameters.local_lloyd_tol must be a number between 0 and 1, got null');
    expect(() => withMap({ eval_metrics: 'msd' })).toThrow('hyperparameters.eval_metrics must be a list of msd, ssd');
  });

  test('may be auto in the map, where the algorithm finds the value by itself', () => {
    expect(withMap({ beta_2: 'auto', normalize_data: 'auto' }, {}, 'linearLearner')).toMatchObject({ beta_2: 'auto', normalize_data: 'auto' });
    expect(() => withMap({ beta_2: 1 }, {}, 'linearLearner')).toThrow('hyperparameters.beta_2 must be a number at least 0 and below 1, or auto, got 1');
  });

  test('is named once, in the props or in the map', () => {
    expect(() => withMap({ local_lloyd_max_iter: 5 }, { maxIterations: 5 })).toThrow('Stack/Train: hyperparameters.local_lloyd_max_iter must be left out, for algorithm.maxIterations says it, got 5');
  });

  test('that follows from the data is not another in the map', () => {
    expect(() => withMap({ mini_batch_size: 500 }, {}, 'randomCutForest')).toThrow('Stack/Train: hyperparameters.mini_batch_size must be 1000 for Random Cut Forest, got 500');
    expect(withMap({ mini_batch_size: 1000 }, {}, 'randomCutForest')).toMatchObject({ mini_batch_size: '1000' });
    expect(() => withMap({ force_dense: false })).toThrow('hyperparameters.force_dense must be True for K-Means, got false');
  });
});

describe('Values that belong together', () => {
  test.each([
    ['linearLearner', { predictorType: 'multiclass_classifier' }, 'algorithm.numClasses must be at least 3 for predictorType multiclass_classifier, got undefined'],
    ['linearLearner', { predictorType: 'multiclass_classifier', numClasses: 2 }, 'algorithm.numClasses must be at least 3 for predictorType multiclass_classifier, got 2'],
    ['knn', { dimensionReductionType: 'sign' }, 'algorithm.dimensionReductionTarget must be given with dimensionReductionType, got undefined'],
    ['knn', { dimensionReductionTarget: 784 }, 'algorithm.dimensionReductionTarget must be less than the number of features, which is 784, got 784'],
    ['xgboost', { objective: 'multi:softmax' }, 'algorithm.numClass must be given for the objective multi:softmax, got undefined'],
    ['semanticSegmentation', { lrScheduler: 'step' }, 'algorithm.lrSchedulerStep must be given for lrScheduler step, got undefined'],
    ['seq2Seq', { rnnNumHidden: 513 }, 'algorithm.rnnNumHidden must be an even number, got 513'],
  ] as [Factory, object, string][])('rejects %s with %j', (factory, props, message) => {
    expect(() => trained(factory, props)).toThrow(`Stack/Train: ${message}`);
  });

  test('are taken when all are there', () => {
    expect(trained('linearLearner', { predictorType: 'multiclass_classifier', numClasses: 3 }).hyperparameters).toMatchObject({ num_classes: '3' });
    expect(trained('knn', { dimensionReductionType: 'sign', dimensionReductionTarget: 783 }).hyperparameters).toMatchObject({ dimension_reduction_target: '783' });
    expect(trained('xgboost', { objective: 'multi:softprob', numClass: 3 }).hyperparameters).toMatchObject({ num_class: '3' });
  });
});
