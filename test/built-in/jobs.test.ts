import { App, Duration, Stack, Token } from 'aws-cdk-lib/core';
import { Template } from 'aws-cdk-lib/assertions';
import { BuiltInAlgorithm, Capacity, ContainerImage, DataDistribution, DataSource, InputMode, Metric } from 'cdk-sagemaker';
import { algorithmOf, files, LEAST, records, trained, type Factory } from '../support/built-in';
import { bucketNamed, emptyStack, flat, IMAGE_URI, jobOf, trainingIn } from '../support/stacks';

const ALL = [...Object.keys(LEAST), 'xgboost'] as (Factory | 'xgboost')[];

describe('A job of an algorithm of Amazon\'s own', () => {
  test.each(ALL)('needs nothing but a few props: %s', (factory) => {
    expect(trained(factory).warnings).toEqual([]);
  });

  test.each(ALL)('rejects %s without the channel train', (factory) => {
    expect(() => trained(factory, {}, (stack) => ({ inputs: { training: records(stack) } }))).toThrow(/^Stack\/Train: inputs must have the channel train.*, without which .* does not train, got \["training"\]$/);
  });

  test('rejects sequences without a vocabulary', () => {
    expect(() => trained('seq2Seq', {}, (stack) => ({ inputs: { train: files(stack, 'train'), validation: files(stack, 'validation') } })))
      .toThrow('Stack/Train: inputs must have the channel vocab, without which Seq2Seq does not train, got ["train","validation"]');
  });

  test('needs no annotations beside a manifest that has them', () => {
    const labelled = (stack: Stack, key: string) => DataSource.fromAugmentedManifest(bucketNamed(stack, key), key, { dataPrefix: 'images/', attributeNames: ['source-ref', 'mask-ref'] });
    expect(() => trained('semanticSegmentation', {}, (stack) => ({ inputs: { train: files(stack, 'train'), validation: files(stack, 'validation') } })))
      .toThrow('inputs must have the channel train_annotation and validation_annotation');
    expect(trained('semanticSegmentation', {}, (stack) => ({ inputs: { train: labelled(stack, 'train-lines'), validation: labelled(stack, 'validation-lines') } })).request.InputDataConfig).toHaveLength(2);
  });

  test('rejects more than one instance for LDA', () => {
    expect(() => trained('lda', {}, () => ({ capacity: Capacity.onDemand({ instanceType: 'ml.c4.xlarge', instanceCount: 2 }) })))
      .toThrow('Stack/Train: capacity.instanceCount must be 1 for LDA, which trains on a single instance, got 2');
  });

  test('takes a number of instances that is known at deployment', () => {
    const capacity = Capacity.onDemand({ instanceType: 'ml.c4.xlarge', instanceCount: Token.asNumber({ Ref: 'Count' }) });
    expect(trained('lda', {}, () => ({ capacity })).request.ResourceConfig.InstanceCount).toEqual({ Ref: 'Count' });
    expect(trained('linearLearner', {}, () => ({ capacity })).hyperparameters.mini_batch_size).toBeUndefined();
  });

  test('rejects definitions of metrics, which the algorithm has itself', () => {
    expect(() => trained('kMeans', {}, () => ({ metrics: [Metric.regex('test:msd', 'msd=(.*)')] })))
      .toThrow('Stack/Train: metrics must be left out for K-Means, which defines its own: test:msd, test:ssd, train:progress, train:throughput, got ["test:msd"]');
  });

  test('waits an hour for spot capacity at most, but for algorithms that keep checkpoints', () => {
    const capacity = (maxWait: Duration) => () => ({ capacity: Capacity.spot({ instanceType: 'ml.c4.xlarge', maxWait }), maxRuntime: Duration.hours(1) });
    expect(() => trained('kMeans', {}, capacity(Duration.hours(2)))).toThrow('Stack/Train: capacity.maxWait must be at most 1 hour for K-Means, which keeps no checkpoints, got 2 hours');
    expect(trained('kMeans', {}, capacity(Duration.hours(1))).request.StoppingCondition.MaxWaitTimeInSeconds).toBe(3600);
    expect(trained('xgboost', {}, capacity(Duration.hours(2))).request.StoppingCondition.MaxWaitTimeInSeconds).toBe(7200);
  });

  test('is read from a pipe, and its metrics are kept over time, where that is asked for', () => {
    expect(trained('kMeans', { inputMode: InputMode.PIPE, metricsTimeSeries: true }).request.AlgorithmSpecification)
      .toMatchObject({ TrainingInputMode: 'Pipe', EnableSageMakerMetricsTimeSeries: true });
  });
});

describe('The metrics of an algorithm of Amazon\'s own', () => {
  test.each([
    ['kMeans', 'test:msd'], ['knn', 'test:accuracy'], ['lda', 'test:pwll'], ['linearLearner', 'validation:objective_loss'], ['ntm', 'validation:total_loss'],
    ['object2Vec', 'validation:cross_entropy'], ['objectDetection', 'validation:mAP'], ['semanticSegmentation', 'validation:mIOU'], ['seq2Seq', 'validation:bleu'],
    ['xgboost', 'validation:auc'], ['deepAr', 'test:RMSE'], ['factorizationMachines', 'test:binary_classification_accuracy'], ['blazingText', 'train:mean_rho'],
    ['imageClassification', 'validation:accuracy'], ['ipInsights', 'validation:discriminator_auc'], ['randomCutForest', 'test:f1'], ['pca', 'train:throughput'],
  ] as [Factory | 'xgboost', string][])('are known by name: %s has %s', (factory, metric) => {
    const { training, request } = trained(factory);
    expect(Token.isUnresolved(training.metric(metric))).toBe(true);
    expect(request.AlgorithmSpecification.MetricDefinitions).toBeUndefined();
  });

  test('are refused by another name, unless that is told', () => {
    expect(() => trained('kMeans').training.metric('test:accuracy')).toThrow('Stack/Train: metric must be one of test:msd, test:ssd');
    expect(Token.isUnresolved(trained('kMeans', { metricNames: ['test:accuracy'] }).training.metric('test:accuracy'))).toBe(true);
  });
});

describe('The image of an algorithm of Amazon\'s own', () => {
  const imageOf = (algorithm: BuiltInAlgorithm, region?: string) => {
    const stack = new Stack(new App(), 'Stack', region ? { env: { region, account: '123456789012' } } : {});
    trainingIn(stack, { algorithm, inputs: { train: records(stack) } });
    const template = Template.fromStack(stack);
    return { image: flat(jobOf(template).AlgorithmSpecification?.TrainingImage ?? jobOf(template).Request.AlgorithmSpecification.TrainingImage), mappings: template.toJSON().Mappings };
  };

  test.each([
    ['kMeans', 'eu-west-1', '438346466558.dkr.ecr.eu-west-1.amazonaws.com/kmeans:1'],
    ['lda', 'us-east-1', '766337827248.dkr.ecr.us-east-1.amazonaws.com/lda:1'],
    ['blazingText', 'eu-central-1', '813361260812.dkr.ecr.eu-central-1.amazonaws.com/blazingtext:1'],
    ['deepAr', 'us-west-2', '156387875391.dkr.ecr.us-west-2.amazonaws.com/forecasting-deepar:1'],
    ['kMeans', 'cn-north-1', '390948362332.dkr.ecr.cn-north-1.amazonaws.com.cn/kmeans:1'],
  ] as [Factory, string, string][])('is that of the Region: %s in %s', (factory, region, uri) => {
    expect(imageOf(algorithmOf(factory), region).image).toBe(uri);
  });

  test.each([
    ['1.7-1', '246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-xgboost:1.7-1'],
    ['0.90-2', '246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-xgboost:0.90-2-cpu-py3'],
    ['1', '433757028032.dkr.ecr.us-west-2.amazonaws.com/xgboost:1'],
    ['latest', '433757028032.dkr.ecr.us-west-2.amazonaws.com/xgboost:latest'],
  ])('is that of the version of XGBoost: %s', (version, uri) => {
    expect(imageOf(BuiltInAlgorithm.xgboost(version, { numRound: 1 }), 'us-west-2').image).toBe(uri);
  });

  test('is found at deployment where the Region is not known before', () => {
    const { image, mappings } = imageOf(algorithmOf('kMeans'));
    expect(image).toMatch(/\.dkr\.ecr\.<AWS::Region>\.<AWS::URLSuffix>\/kmeans:1$/);
    expect(JSON.stringify(mappings)).toContain('438346466558');
  });

  test('is refused in a Region that has none', () => {
    expect(() => imageOf(algorithmOf('lda'), 'eu-south-1')).toThrow(/^Stack\/Train: .*eu-south-1/);
  });

  test('may be another', () => {
    expect(trained('kMeans', { image: ContainerImage.fromUri(IMAGE_URI) }).request.AlgorithmSpecification.TrainingImage).toBe(IMAGE_URI);
  });

  test('is what a model of the result is served with', () => {
    const stack = emptyStack('Stack', { env: { region: 'us-west-2', account: '123456789012' } });
    trainingIn(stack, { algorithm: algorithmOf('kMeans'), inputs: { train: records(stack) } }).toModel('Model');
    Template.fromStack(stack).hasResourceProperties('AWS::SageMaker::Model', { PrimaryContainer: { Image: '174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:1' } });
  });
});

describe('What an algorithm of Amazon\'s own is not documented to take', () => {
  const warned = (factory: Factory | 'xgboost', props: object, overrides: Parameters<typeof trained>[2]) => trained(factory, props, overrides).warnings.map((text) => text.replace(/ \[ack: (.*)\]$/, ' ($1)')).sort();
  const on = (instanceType: string, instanceCount = 1) => () => ({ capacity: Capacity.onDemand({ instanceType, instanceCount }) });
  const train = (data: (stack: Stack) => DataSource) => (stack: Stack) => ({ inputs: { train: data(stack) } });
  const typed = (contentType: string, inputMode?: InputMode, distribution?: DataDistribution) =>
    train((stack) => DataSource.fromBucket(bucketNamed(stack, 'typed'), 'train/', { contentType, inputMode, distribution }));

  test.each([
    ['imageClassification', {}, on('ml.m5.xlarge'), /Image Classification is documented to train on instances with GPUs only .*cdk-sagemaker:algorithmNeedsGpu/],
    ['xgboost', { treeMethod: 'gpu_hist' }, on('ml.m5.xlarge'), /gpu_hist of XGBoost needs an instance with a GPU .*algorithmNeedsGpu/],
    ['randomCutForest', {}, on('ml.p3.2xlarge'), /Random Cut Forest makes no use of GPUs as it is set.*cdk-sagemaker:algorithmUsesNoGpu/],
    ['blazingText', { mode: 'batch_skipgram' }, on('ml.p3.2xlarge'), /algorithmUsesNoGpu/],
    ['object2Vec', {}, on('ml.c4.xlarge', 2), /Object2Vec trains on one instance as it is set.*cdk-sagemaker:algorithmOfOneInstance/],
    ['blazingText', {}, on('ml.c4.xlarge', 2), /algorithmOfOneInstance/],
    ['kMeans', { featureDim: 3 }, typed('application/json'), /K-Means is not known to read application\/json from the channel train; it reads application\/x-recordio-protobuf, text\/csv.*unknownContentType/],
    ['deepAr', {}, typed('json', InputMode.PIPE), /DeepAR is not known to read the channel train from a pipe.*algorithmReadsFiles/],
    ['deepAr', {}, train((stack) => DataSource.fromAugmentedManifest(bucketNamed(stack, 'lines'), 'lines', { dataPrefix: '', attributeNames: ['a'] })), /DeepAR is not known to read the channel train from a pipe.*algorithmReadsFiles/],
    ['randomCutForest', { featureDim: 3 }, typed('text/csv;label_size=0'), /takes? the channel train with DataDistribution.SHARDED_BY_S3_KEY only.*algorithmShardsData/],
    ['kMeans', {}, (stack: Stack) => ({ inputs: { train: records(stack), validation: files(stack, 'validation') } }), /K-Means is not known to read the channel validation; it reads train, test.*unknownChannel/],
  ] as [Factory, object, Parameters<typeof trained>[2], RegExp][])('is warned of: %s %j', (factory, props, overrides, message) => {
    const found = warned(factory, props, overrides);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(message);
  });

  test.each([
    ['blazingText', { mode: 'batch_skipgram' }, on('ml.c4.xlarge', 2)],
    ['kMeans', { featureDim: 3 }, typed('text/csv;label_size=0')],
    ['randomCutForest', { featureDim: 3 }, typed('text/csv;label_size=0', undefined, DataDistribution.SHARDED_BY_S3_KEY)],
    ['xgboost', { treeMethod: 'gpu_hist' }, on('ml.p3.2xlarge')],
    ['imageClassification', {}, on('ml.g5.xlarge', 2)],
    ['lda', {}, on(Token.asString({ Ref: 'Type' }))],
  ] as [Factory, object, Parameters<typeof trained>[2]][])('is not what is documented: %s %j', (factory, props, overrides) => {
    expect(warned(factory, props, overrides)).toEqual([]);
  });

  test('is warned of by the version of XGBoost', () => {
    const gpu = (version: string) => trained('kMeans', {}, () => ({ algorithm: BuiltInAlgorithm.xgboost(version, { numRound: 1 }), ...on('ml.p3.2xlarge')() })).warnings;
    expect(gpu('1.0-1').join()).toContain('algorithmUsesNoGpu');
    expect(gpu('1.7-1')).toEqual([]);
  });
});
