/**
 * What is known of Amazon's own algorithms beside their hyperparameters.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/common-info-all-im-models.html
 */
export interface BuiltInFacts {
  /** As it is called in messages. */
  readonly title: string;
  /** Channels without which it does not train. */
  readonly channels: readonly string[];
  /** Channels that it does not train without either, but where the train channel has a manifest with attributes. */
  readonly fileChannels?: readonly string[];
  /** Channels that it makes use of. */
  readonly otherChannels: readonly string[];
  /** What the data of each channel may be; `*` stands for the channels that are not named. */
  readonly contentTypes: { readonly [channel: string]: readonly string[] };
  /** What it reports, the service's own definitions of it included. */
  readonly metrics: readonly string[];
  /** The processors that it trains on, if not on both kinds. */
  readonly processor?: 'CPU' | 'GPU';
  /** It trains on one instance. */
  readonly isSingle?: boolean;
  /** It reads files, no pipes. */
  readonly readsFiles?: boolean;
  /** It goes on from checkpoints, so that it may wait for spot capacity for more than an hour. */
  readonly hasCheckpoints?: boolean;
  /** How many features there are must be known. */
  readonly needsFeatureDim?: boolean;
  /** How the instances must share the train channel. */
  readonly trainDistribution?: string;
}

const PROTOBUF = 'application/x-recordio-protobuf';
const RECORDS = { '*': [PROTOBUF, 'text/csv'] };
const PICTURES = ['application/x-recordio', 'application/x-image', 'image/jpeg', 'image/png'];
/** The artifact of an earlier job, to go on from. */
const MODEL = ['application/x-sagemaker-model'];

const of = (sets: readonly string[], names: readonly string[]) => sets.flatMap((set) => names.map((name) => `${set}:${name}`));
const WORK = of(['train'], ['progress', 'throughput']);
const LINEAR = ['absolute_loss', 'binary_classification_accuracy', 'binary_f_beta', 'mse', 'objective_loss', 'precision', 'recall'];
const CLASSES = ['dcg', 'macro_f_beta', 'macro_precision', 'macro_recall', 'multiclass_accuracy', 'multiclass_top_k_accuracy', 'roc_auc_score'];
const XGBOOST = ['accuracy', 'auc', 'aucpr', 'error', 'f1', 'logloss', 'mae', 'map', 'merror', 'mlogloss', 'mse', 'ndcg', 'rmse'];
const PAIRS = ['accuracy', 'cross_entropy', 'mean_squared_error'];

export const BUILT_IN_FACTS = {
  'blazingtext': {
    title: 'BlazingText', channels: ['train'], otherChannels: ['validation'], contentTypes: { '*': ['text/plain', 'application/jsonlines'] },
    metrics: ['train:mean_rho', 'validation:accuracy'],
  },
  'factorization-machines': {
    title: 'Factorization Machines', channels: ['train'], otherChannels: ['test'], contentTypes: { '*': [PROTOBUF] }, needsFeatureDim: true,
    metrics: [...of(['test'], ['rmse', 'binary_classification_accuracy', 'binary_classification_cross_entropy', 'binary_f_beta']), ...WORK],
  },
  'forecasting-deepar': {
    title: 'DeepAR', channels: ['train'], otherChannels: ['test'], readsFiles: true,
    contentTypes: { '*': ['json', 'json.gz', 'parquet', 'auto', 'application/json', 'application/jsonlines', 'application/x-parquet'] },
    metrics: ['test:RMSE', 'test:mean_wQuantileLoss', 'train:final_loss', ...WORK],
  },
  'image-classification': {
    title: 'Image Classification', channels: ['train'], otherChannels: ['validation', 'train_lst', 'validation_lst', 'model'], contentTypes: { '*': PICTURES, 'model': MODEL },
    metrics: ['train:accuracy', 'validation:accuracy'], processor: 'GPU', hasCheckpoints: true,
  },
  'ipinsights': {
    title: 'IP Insights', channels: ['train'], otherChannels: ['validation'], contentTypes: { '*': ['text/csv'] }, readsFiles: true,
    metrics: [
      'validation:discriminator_auc', ...of(['train'], ['binary_classification_accuracy', 'binary_classification_cross_entropy',
        'binary_classification_accuracy:epoch', 'binary_classification_cross_entropy:epoch']), ...WORK,
    ],
  },
  'kmeans': {
    title: 'K-Means', channels: ['train'], otherChannels: ['test'], contentTypes: RECORDS, needsFeatureDim: true,
    metrics: ['test:msd', 'test:ssd', ...WORK],
  },
  'knn': {
    title: 'k-NN', channels: ['train'], otherChannels: ['test'], contentTypes: RECORDS, needsFeatureDim: true,
    metrics: ['test:accuracy', 'test:mse', ...WORK],
  },
  'lda': {
    title: 'LDA', channels: ['train'], otherChannels: ['test'], contentTypes: RECORDS, needsFeatureDim: true, processor: 'CPU', isSingle: true,
    metrics: ['test:pwll', ...WORK],
  },
  'linear-learner': {
    title: 'Linear Learner', channels: ['train'], otherChannels: ['validation', 'test'], contentTypes: RECORDS,
    metrics: [
      ...of(['train', 'validation', 'test'], LINEAR), ...of(['validation', 'test'], CLASSES), 'validation:rmse', 'train:objective_loss:final', 'validation:objective_loss:final', ...WORK,
    ],
  },
  'ntm': {
    title: 'NTM', channels: ['train'], otherChannels: ['validation', 'test', 'auxiliary'], contentTypes: { ...RECORDS, auxiliary: ['text/plain'] }, needsFeatureDim: true,
    metrics: ['validation:total_loss', ...WORK],
  },
  'object-detection': {
    title: 'Object Detection', channels: ['train'], otherChannels: ['validation', 'train_annotation', 'validation_annotation', 'model'],
    contentTypes: { '*': PICTURES, 'model': MODEL }, metrics: ['validation:mAP'],
    processor: 'GPU', hasCheckpoints: true,
  },
  'object2vec': {
    title: 'Object2Vec', channels: ['train'], otherChannels: ['validation', 'test', 'auxiliary'], contentTypes: { '*': ['application/jsonlines'], 'auxiliary': ['*'] },
    metrics: [...of(['validation', 'test'], PAIRS), ...WORK], isSingle: true, readsFiles: true,
  },
  'pca': {
    title: 'PCA', channels: ['train'], otherChannels: ['test'], contentTypes: RECORDS, needsFeatureDim: true, metrics: WORK,
  },
  'randomcutforest': {
    title: 'Random Cut Forest', channels: ['train'], otherChannels: ['test'], contentTypes: RECORDS, needsFeatureDim: true, processor: 'CPU',
    metrics: ['test:f1', ...WORK], trainDistribution: 'ShardedByS3Key',
  },
  'semantic-segmentation': {
    title: 'Semantic Segmentation', channels: ['train', 'validation'], fileChannels: ['train_annotation', 'validation_annotation'], otherChannels: ['label_map', 'model'],
    contentTypes: { '*': PICTURES, 'label_map': ['*'], 'model': MODEL },
    metrics: ['validation:mIOU', 'validation:pixel_accuracy'],
    processor: 'GPU', isSingle: true, hasCheckpoints: true,
  },
  'seq2seq': {
    title: 'Seq2Seq', channels: ['train', 'validation', 'vocab'], otherChannels: [], contentTypes: { '*': [PROTOBUF], 'vocab': ['*'] },
    metrics: ['validation:accuracy', 'validation:bleu', 'validation:perplexity'], processor: 'GPU', isSingle: true, readsFiles: true,
  },
  'xgboost': {
    title: 'XGBoost', channels: ['train'], otherChannels: ['validation'],
    contentTypes: { '*': ['libsvm', 'text/libsvm', 'text/x-libsvm', 'csv', 'text/csv', 'parquet', 'application/x-parquet', 'recordio-protobuf', PROTOBUF] },
    metrics: of(['train', 'validation'], XGBOOST), hasCheckpoints: true,
  },
} as const satisfies { [algorithm: string]: BuiltInFacts };

/** Amazon's own algorithms, by the names of their images. */
export type BuiltInName = keyof typeof BUILT_IN_FACTS;
