import {
  Algorithm, AlgorithmHyperparameter, AlgorithmSpecification, BuiltInAlgorithm, Capacity, DataSource, Hyperparameters, InputMode, Metric, OutputLocation, type AlgorithmSpecificationOptions,
} from 'cdk-sagemaker';
import { Duration, Size, Tags } from 'aws-cdk-lib/core';
import { on, s3, type Place, type Twin } from '../recorded';

/** `RecordSet('s3://my-bucket/data/.amazon.manifest', num_records=1000, feature_dim=784, channel='train')`. */
const records = (at: Place, key = 'data/.amazon.manifest', featureDim = 784, numRecords = 1000) =>
  ({ train: DataSource.fromRecordSet(at.bucket('my-bucket'), key, { dataPrefix: key.replace('.amazon.manifest', ''), numRecords, featureDim }) });
const job = (at: Place, algorithm: Algorithm, instances = 1) => at.job({ algorithm, capacity: on('ml.c4.xlarge', instances), inputs: records(at) });

const ALGORITHM_ARN = 'arn:aws:sagemaker:us-west-2:123456789012:algorithm/some-algorithm';
export const SOME_ALGORITHM: AlgorithmSpecificationOptions = {
  instanceTypes: ['ml.c4.xlarge', 'ml.m4.xlarge'],
  channels: {
    training: { required: true, contentTypes: ['text/csv'], inputModes: [InputMode.FILE, InputMode.PIPE] },
    validation: { contentTypes: ['text/csv'], inputModes: [InputMode.FILE] },
  },
  hyperparameters: {
    max_leaf_nodes: AlgorithmHyperparameter.integer({ min: 1, max: 100000, required: true, defaultValue: 100 }),
    lr: AlgorithmHyperparameter.continuous({ min: 0, max: 1 }),
    mode: AlgorithmHyperparameter.categorical(['a', 'b'], { defaultValue: 'a' }),
    free: AlgorithmHyperparameter.freeText(),
  },
};
export const someAlgorithm = (options: Partial<AlgorithmSpecificationOptions> = {}, more: { inputMode?: InputMode } = {}) =>
  Algorithm.fromAlgorithmName(ALGORITHM_ARN, { specification: AlgorithmSpecification.of({ ...SOME_ALGORITHM, ...options }), ...more });

export const ALGORITHMS: { readonly [name: string]: Twin } = {
  algo_factorization_machines: (at) => job(at, BuiltInAlgorithm.factorizationMachines({ numFactors: 10, predictorType: 'binary_classifier', epochs: 2 })),
  algo_ipinsights: (at) => job(at, BuiltInAlgorithm.ipInsights({ numEntityVectors: 100, vectorDim: 16 })),
  algo_kmeans: (at) => job(at, BuiltInAlgorithm.kMeans({
    k: 10, initMethod: 'kmeans++', maxIterations: 5, tol: 0.5, numTrials: 3, localInitMethod: 'random', halfLifeTimeSize: 0, epochs: 2, centerFactor: 3, evalMetrics: ['msd', 'ssd'],
  })),
  algo_kmeans_min: (at) => job(at, BuiltInAlgorithm.kMeans({ k: 10, miniBatchSize: 500 }), 2),
  algo_kmeans_record_set_deploy: (at) => at.job({
    algorithm: BuiltInAlgorithm.kMeans({ k: 2 }), capacity: on('ml.c4.xlarge', 2), inputs: records(at, 'kmeans/KMeans-2024-01-01-00-00-00-000/.amazon.manifest', 4, 10),
  }).toModel('Model').deploy('Endpoint', { instanceType: 'ml.c4.xlarge' }),
  algo_knn: (at) => job(at, BuiltInAlgorithm.knn({ k: 5, sampleSize: 1000, predictorType: 'classifier' })),
  algo_lda: (at) => job(at, BuiltInAlgorithm.lda({ numTopics: 5, alpha0: 0.1, miniBatchSize: 100 })),
  algo_ntm: (at) => job(at, BuiltInAlgorithm.ntm({ numTopics: 5, encoderLayers: [100, 50] })),
  algo_object2vec: (at) => job(at, BuiltInAlgorithm.object2Vec({ epochs: 5, enc0MaxSeqLen: 10, enc0VocabSize: 100, miniBatchSize: 32 })),
  algo_randomcutforest: (at) => job(at, BuiltInAlgorithm.randomCutForest({ numSamplesPerTree: 256, numTrees: 50, evalMetrics: ['accuracy', 'precision_recall_fscore'] })),
  algo_xgboost_builtin: (at) => at.job({
    algorithm: BuiltInAlgorithm.xgboost('1.7-1', { objective: 'reg:squarederror', numRound: 50, eta: 0.2 }), capacity: on('ml.m5.xlarge'), output: OutputLocation.fromBucket(at.bucket('out'), 'xgb'),
    inputs: { train: s3('s3://my-bucket/train', { contentType: 'libsvm' }), validation: s3('s3://my-bucket/val', { contentType: 'libsvm' }) },
  }).toModel('Model').deploy('Endpoint', { instanceType: 'ml.m5.xlarge' }),
  algorithm_estimator: (at) => at.job({ algorithm: someAlgorithm() }),
  algorithm_estimator_options: (at) => {
    const made = at.job({
      algorithm: someAlgorithm(), capacity: Capacity.spot({ instanceType: 'ml.c4.xlarge', instanceCount: 2, volumeSize: Size.gibibytes(50), maxWait: Duration.seconds(172800) }),
      hyperparameters: Hyperparameters.of({ max_leaf_nodes: 5, lr: 0.5, mode: 'b', free: 'text' }), metrics: [Metric.regex('m', 'm=(.*)')], ...at.network(['subnet-1'], ['sg-1']),
      inputs: { training: s3('s3://my-bucket/train'), validation: s3('s3://my-bucket/v', { contentType: 'text/csv' }) },
    });
    Tags.of(made).add('a', 'b');
  },
};
