import type { Stack } from 'aws-cdk-lib/core';
import { Capacity, DataSource, type TrainingJobProps } from 'cdk-sagemaker';
import { records, trained, type Factory } from '../support/built-in';
import { bucketNamed } from '../support/stacks';

const RECORDS = [{
  ChannelName: 'train',
  DataSource: { S3DataSource: { S3DataType: 'ManifestFile', S3Uri: 's3://my-bucket1000/data/.amazon.manifest', S3DataDistributionType: 'ShardedByS3Key' } },
}];

/** What the Python SDK sends for the same: hyperparameters and image. All read 1000 records of 784 features. */
const TWINS: [what: string, factory: Factory, props: object, image: string, hyperparameters: { [name: string]: string }, overrides?: (stack: Stack) => Partial<TrainingJobProps>][] = [
  ['FactorizationMachines', 'factorizationMachines', { numFactors: 10, predictorType: 'binary_classifier', epochs: 2 },
    '174872318107.dkr.ecr.us-west-2.amazonaws.com/factorization-machines:1',
    { num_factors: '10', predictor_type: 'binary_classifier', epochs: '2', feature_dim: '784' }],
  ['IPInsights', 'ipInsights', { numEntityVectors: 100, vectorDim: 16 },
    '174872318107.dkr.ecr.us-west-2.amazonaws.com/ipinsights:1',
    { num_entity_vectors: '100', vector_dim: '16', feature_dim: '784' }],
  ['KMeans with everything', 'kMeans', {
    k: 10, initMethod: 'kmeans++', maxIterations: 5, tol: 0.5, numTrials: 3, localInitMethod: 'random', halfLifeTimeSize: 0, epochs: 2, centerFactor: 3, evalMetrics: ['msd', 'ssd'],
  }, '174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:1',
  {
    force_dense: 'True', k: '10', init_method: 'kmeans++', local_lloyd_max_iter: '5', local_lloyd_tol: '0.5', local_lloyd_num_trials: '3', local_lloyd_init_method: 'random',
    half_life_time_size: '0', epochs: '2', extra_center_factor: '3', eval_metrics: '["msd", "ssd"]', feature_dim: '784',
  }],
  ['KMeans on two instances', 'kMeans', { k: 10, miniBatchSize: 500 }, '174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:1',
    { force_dense: 'True', k: '10', feature_dim: '784', mini_batch_size: '500' }, () => ({ capacity: Capacity.onDemand({ instanceType: 'ml.c4.xlarge', instanceCount: 2 }) })],
  ['KNN', 'knn', { k: 5, sampleSize: 1000, predictorType: 'classifier' }, '174872318107.dkr.ecr.us-west-2.amazonaws.com/knn:1',
    { k: '5', sample_size: '1000', predictor_type: 'classifier', feature_dim: '784' }],
  ['LDA', 'lda', { numTopics: 5, alpha0: 0.1, miniBatchSize: 100 }, '266724342769.dkr.ecr.us-west-2.amazonaws.com/lda:1',
    { num_topics: '5', alpha0: '0.1', feature_dim: '784', mini_batch_size: '100' }],
  ['LinearLearner', 'linearLearner', { predictorType: 'binary_classifier', useBias: true, epochs: 3, learningRate: 0.1 }, '174872318107.dkr.ecr.us-west-2.amazonaws.com/linear-learner:1',
    { predictor_type: 'binary_classifier', use_bias: 'True', epochs: '3', learning_rate: '0.1', feature_dim: '784', mini_batch_size: '1000' }],
  ['NTM', 'ntm', { numTopics: 5, encoderLayers: [100, 50] }, '174872318107.dkr.ecr.us-west-2.amazonaws.com/ntm:1',
    { num_topics: '5', encoder_layers: '[100, 50]', feature_dim: '784' }],
  ['Object2Vec', 'object2Vec', { epochs: 5, enc0MaxSeqLen: 10, enc0VocabSize: 100 }, '174872318107.dkr.ecr.us-west-2.amazonaws.com/object2vec:1',
    { mini_batch_size: '32', epochs: '5', enc0_max_seq_len: '10', enc0_vocab_size: '100', feature_dim: '784' }],
  ['PCA', 'pca', { numComponents: 3, subtractMean: false }, '174872318107.dkr.ecr.us-west-2.amazonaws.com/pca:1',
    { num_components: '3', subtract_mean: 'False', feature_dim: '784', mini_batch_size: '500' }],
  ['RandomCutForest', 'randomCutForest', { numSamplesPerTree: 256, numTrees: 50, evalMetrics: ['accuracy', 'precision_recall_fscore'] },
    '174872318107.dkr.ecr.us-west-2.amazonaws.com/randomcutforest:1',
    { num_samples_per_tree: '256', num_trees: '50', eval_metrics: '["accuracy", "precision_recall_fscore"]', feature_dim: '784', mini_batch_size: '1000' }],
];

describe('The request of an algorithm of the Python SDK', () => {
  test.each(TWINS.map((twin) => [twin[0], twin] as const))('is what the SDK sends: %s', (_what, [, factory, props, image, hyperparameters, overrides]) => {
    const { request } = trained(factory, props, overrides);
    expect(request.AlgorithmSpecification).toEqual({ TrainingImage: image, TrainingInputMode: 'File' });
    expect(request.HyperParameters).toEqual(hyperparameters);
    expect(request.InputDataConfig).toEqual(RECORDS);
  });

  const batchOf = (factory: Factory, numRecords: number, instanceCount: number, props: object = {}) => trained(factory, props, (stack) => ({
    inputs: { train: records(stack, numRecords) }, capacity: Capacity.onDemand({ instanceType: 'ml.c4.xlarge', instanceCount }),
  })).hyperparameters.mini_batch_size;

  test('takes no more records at a time than an instance has', () => {
    expect(batchOf('linearLearner', 5000, 1)).toBe('1000');
    expect(batchOf('linearLearner', 1501, 2)).toBe('750');
    expect(batchOf('linearLearner', 1, 2)).toBe('1');
    expect(batchOf('pca', 5000, 1)).toBe('500');
    expect(batchOf('pca', 700, 3)).toBe('233');
    expect(batchOf('pca', 700, 3, { miniBatchSize: 600 })).toBe('600');
  });

  test('counts the instances of all groups', () => {
    const capacity = Capacity.instanceGroups({ groups: { a: { instanceType: 'ml.c4.xlarge', instanceCount: 3 }, b: { instanceType: 'ml.c5.xlarge' } } });
    expect(trained('pca', {}, () => ({ capacity })).hyperparameters.mini_batch_size).toBe('250');
  });

  test('has a batch size of its own for those that need one, and none for the others', () => {
    expect(batchOf('randomCutForest', 10, 1)).toBe('1000');
    expect(batchOf('object2Vec', 10, 1)).toBe('32');
    expect(batchOf('object2Vec', 10, 1, { miniBatchSize: 64 })).toBe('64');
    for (const factory of ['kMeans', 'knn', 'factorizationMachines', 'ntm', 'ipInsights'] as const) { expect(batchOf(factory, 10, 1)).toBeUndefined(); }
  });

  test('is made of files too, with the number of features in the props', () => {
    const { request } = trained('linearLearner', { featureDim: 20 }, (stack) => ({
      inputs: { train: DataSource.fromBucket(bucketNamed(stack, 'tables'), 'train/', { contentType: 'text/csv' }) },
    }));
    expect(request.HyperParameters).toEqual({ predictor_type: 'binary_classifier', feature_dim: '20' });
    expect(request.InputDataConfig[0]).toMatchObject({ ContentType: 'text/csv', DataSource: { S3DataSource: { S3DataDistributionType: 'FullyReplicated' } } });
  });

  const withFiles = (factory: Factory, props: object = {}) => trained(factory, props, (stack) => ({ inputs: { train: DataSource.fromBucket(bucketNamed(stack, 'tables'), 'train/') } }));

  test.each(['kMeans', 'pca', 'factorizationMachines', 'knn', 'lda', 'ntm', 'randomCutForest'] as const)('rejects %s without the number of features', (factory) => {
    expect(() => withFiles(factory)).toThrow('Stack/Train: algorithm.featureDim must be given for ');
  });

  test('rejects PCA without the size of batches, where the number of records is not known', () => {
    expect(() => withFiles('pca', { featureDim: 20 })).toThrow('Stack/Train: algorithm.miniBatchSize must be given where the number of records or of instances is not known');
    expect(withFiles('pca', { featureDim: 20, miniBatchSize: 100 }).hyperparameters).toMatchObject({ mini_batch_size: '100' });
  });

  test('rejects a number of features that is not that of the records', () => {
    expect(() => trained('kMeans', { featureDim: 785 })).toThrow('Stack/Train: algorithm.featureDim must be that of the records of the channel train, which is 784, got 785');
    expect(trained('kMeans', { featureDim: 784 }).hyperparameters).toMatchObject({ feature_dim: '784' });
  });

  test('rejects numbers of records and features that are none', () => {
    const ofRecords = (numbers: object) => trained('kMeans', {}, (stack) => ({ inputs: { train: DataSource.ofRecords(DataSource.fromBucket(bucketNamed(stack, 'records'), 'records/'), numbers) } }));
    expect(() => ofRecords({ numRecords: 0 })).toThrow('Stack/Train: inputs: numRecords must be a whole number between 1 and');
    expect(() => ofRecords({ featureDim: 1.5 })).toThrow('Stack/Train: inputs: featureDim must be a whole number between 1 and');
  });
});

describe('The request of an algorithm without a class in the Python SDK', () => {
  test('is that of the generic estimator: XGBoost', () => {
    const { request } = trained('xgboost', { objective: 'reg:squarederror', numRound: 50, eta: 0.2 }, (stack) => ({
      inputs: {
        train: DataSource.fromBucket(bucketNamed(stack, 'my-bucket'), 'train', { contentType: 'libsvm' }),
        validation: DataSource.fromBucket(bucketNamed(stack, 'my-bucket2'), 'val', { contentType: 'libsvm' }),
      },
      capacity: Capacity.onDemand({ instanceType: 'ml.m5.xlarge' }),
    }));
    expect(request.AlgorithmSpecification).toEqual({ TrainingImage: '246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-xgboost:1.7-1', TrainingInputMode: 'File' });
    expect(request.HyperParameters).toEqual({ objective: 'reg:squarederror', num_round: '50', eta: '0.2' });
    expect(request.InputDataConfig).toEqual([['train', 'my-bucket', 'train'], ['validation', 'my-bucket2', 'val']].map(([ChannelName, bucket, key]) => ({
      ChannelName, ContentType: 'libsvm', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `s3://${bucket}/${key}`, S3DataDistributionType: 'FullyReplicated' } },
    })));
  });

  test('says nothing of records, which such an algorithm has no words for', () => {
    expect(trained('blazingText').hyperparameters).toEqual({ mode: 'supervised' });
    expect(trained('xgboost').hyperparameters).toEqual({ num_round: '50' });
  });

  test.each([
    ['xgboost', { regLambda: 1, csvWeights: true, deterministicHistogram: false, maxDepth: 5, subsample: 1 },
      { num_round: '50', lambda: '1', csv_weights: '1', deterministic_histogram: 'false', max_depth: '5', subsample: '1' }],
    ['blazingText', { subwords: true, learningRate: 0.00001 }, { mode: 'supervised', subwords: 'True', learning_rate: '1e-05' }],
    ['deepAr', { testQuantiles: [0.1, 0.5], cardinality: '[2, 3]' },
      { context_length: '30', prediction_length: '30', epochs: '20', time_freq: 'D', test_quantiles: '[0.1, 0.5]', cardinality: '[2, 3]' }],
    ['imageClassification', { imageShape: [3, 224, 224], lrSchedulerStep: [10, 20], usePretrainedModel: true, beta1: 0.9, kvStore: 'dist_sync' },
      { num_classes: '10', num_training_samples: '500', image_shape: '3,224,224', lr_scheduler_step: '10,20', use_pretrained_model: '1', beta_1: '0.9', kv_store: 'dist_sync' }],
    ['objectDetection', { imageShape: 512, earlyStopping: true }, { num_classes: '10', num_training_samples: '500', image_shape: '512', early_stopping: 'True' }],
    ['semanticSegmentation', { backbone: 'resnet-101', usePretrainedModel: false, gamma1: 0.5 },
      { num_classes: '21', num_training_samples: '500', backbone: 'resnet-101', use_pretrained_model: 'False', gamma1: '0.5' }],
    ['seq2Seq', { maxSeqLenSource: 60, rnnNumHidden: 512, bucketingEnabled: false }, { max_seq_len_source: '60', rnn_num_hidden: '512', bucketing_enabled: 'false' }],
  ] as [Factory, object, object][])('has the spelling that %s is documented to read', (factory, props, hyperparameters) => {
    expect(trained(factory, props).hyperparameters).toEqual(hyperparameters);
  });
});
