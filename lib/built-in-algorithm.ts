import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { Algorithm } from './algorithm';
import { HyperparameterText, type AlgorithmConfig, type AlgorithmContext } from './algorithm-options';
import type { BlazingTextProps } from './built-in/blazing-text';
import type { BuiltInAlgorithmOptions } from './built-in/built-in-algorithm-options';
import type { DeepArProps } from './built-in/deep-ar';
import type { FactorizationMachinesProps } from './built-in/factorization-machines';
import type { ImageClassificationProps } from './built-in/image-classification';
import type { IpInsightsProps } from './built-in/ip-insights';
import type { KMeansProps } from './built-in/k-means';
import type { KnnProps } from './built-in/k-nearest-neighbors';
import type { LdaProps } from './built-in/latent-dirichlet-allocation';
import type { LinearLearnerProps } from './built-in/linear-learner';
import type { NtmProps } from './built-in/neural-topic-model';
import type { ObjectDetectionProps } from './built-in/object-detection';
import type { Object2VecProps } from './built-in/object2-vec';
import type { PcaProps } from './built-in/principal-component-analysis';
import type { RandomCutForestProps } from './built-in/random-cut-forest';
import type { SemanticSegmentationProps } from './built-in/semantic-segmentation';
import type { Seq2SeqProps } from './built-in/seq2-seq';
import type { XgboostProps } from './built-in/xgboost';
import { InputMode } from './channel-options';
import { ContainerImage } from './container-image';
import { BUILT_IN_FACTS, type BuiltInFacts, type BuiltInName } from './request/built-in-algorithms';
import { checkBuiltIn, checkChannels, warnOfBuiltIn } from './request/built-in-checks';
import { builtInHyperparameters, checkBuiltInRanges } from './request/built-in-hyperparameters';
import { recordHyperparameters } from './request/built-in-records';
import type { Script } from './script';

/**
 * An algorithm of Amazon's own: its image, its hyperparameters with what each may be, the channels it reads and the metrics it
 * reports. What `KMeans`, `LinearLearner` and their siblings of the Python SDK are, and `image_uris.retrieve` with an `Estimator`
 * for those that have no class there.
 *
 * Hyperparameters are sent as the Python SDK sends them, and only those that are given: the algorithm has defaults of its own.
 * One that is not among the props goes to the job's `hyperparameters`. The values of both are checked; a name in both is an error.
 *
 * A job of such an algorithm takes no metric definitions: `training.metric('test:msd')` knows the algorithm's own. Its data come by the
 * channel `train`, and what else the algorithm reads; as records with `DataSource.fromRecordSet`, which knows how many features and
 * records there are, or as files. Jobs with channels, content types or instances that the algorithm is not documented to take have warnings.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/algos.html
 *
 * @example
 * const training = new TrainingJob(this, 'Groups', {
 *   algorithm: BuiltInAlgorithm.kMeans({ k: 10, maxIterations: 100 }),
 *   inputs: {
 *     train: DataSource.fromRecordSet(bucket, 'digits/train/.amazon.manifest', { dataPrefix: 'digits/train/', numRecords: 60000, featureDim: 784 }),
 *   },
 *   capacity: Capacity.onDemand({ instanceType: 'ml.c5.xlarge' }),
 * });
 */
export class BuiltInAlgorithm extends Algorithm {
  /** BlazingText: vectors of words, or classes of texts. One instance; with several, `batch_skipgram` on CPUs. */
  public static blazingText(props: BlazingTextProps): BuiltInAlgorithm { return new BuiltInAlgorithm('blazingtext', props); }

  /** DeepAR: forecasts of many series that have much in common. CPUs or GPUs, one instance or several. */
  public static deepAr(props: DeepArProps): BuiltInAlgorithm { return new BuiltInAlgorithm('forecasting-deepar', props); }

  /** Factorization Machines: classes or figures from sparse records. CPUs, and GPUs for dense records; one instance or several. */
  public static factorizationMachines(props: FactorizationMachinesProps): BuiltInAlgorithm { return new BuiltInAlgorithm('factorization-machines', props); }

  /** Classes of images (MXNet). GPUs, one instance or several. It can go on from an earlier artifact, by the channel `model`. */
  public static imageClassification(props: ImageClassificationProps): BuiltInAlgorithm { return new BuiltInAlgorithm('image-classification', props); }

  /** IP Insights: which IPv4 addresses a user comes from. CPUs or GPUs, one instance or several. */
  public static ipInsights(props: IpInsightsProps): BuiltInAlgorithm { return new BuiltInAlgorithm('ipinsights', props); }

  /** K-Means: groups in unlabelled records. CPUs, or one GPU of each instance; one instance or several. */
  public static kMeans(props: KMeansProps): BuiltInAlgorithm { return new BuiltInAlgorithm('kmeans', props); }

  /** The k nearest neighbors: a class or a figure from the most similar records. CPUs or GPUs, one instance or several. */
  public static knn(props: KnnProps): BuiltInAlgorithm { return new BuiltInAlgorithm('knn', props); }

  /** Latent Dirichlet allocation: topics in documents. One instance without GPUs; with several, the synthesis ends. In 16 Regions. */
  public static lda(props: LdaProps): BuiltInAlgorithm { return new BuiltInAlgorithm('lda', props); }

  /** Linear Learner: linear and logistic regression, two classes or several. CPUs or GPUs, one instance or several. */
  public static linearLearner(props: LinearLearnerProps): BuiltInAlgorithm { return new BuiltInAlgorithm('linear-learner', props); }

  /** The neural topic model: topics in documents. CPUs or GPUs, one instance or several. */
  public static ntm(props: NtmProps): BuiltInAlgorithm { return new BuiltInAlgorithm('ntm', props); }

  /** Object2Vec: vectors of things from pairs of them. One instance, with or without GPUs. */
  public static object2Vec(props: Object2VecProps): BuiltInAlgorithm { return new BuiltInAlgorithm('object2vec', props); }

  /** Objects in images (MXNet). GPUs, one instance or several. It can go on from an earlier artifact, by the channel `model`. */
  public static objectDetection(props: ObjectDetectionProps): BuiltInAlgorithm { return new BuiltInAlgorithm('object-detection', props); }

  /** Principal component analysis: records of fewer dimensions. CPUs or GPUs, one instance or several. */
  public static pca(props: PcaProps): BuiltInAlgorithm { return new BuiltInAlgorithm('pca', props); }

  /** Random Cut Forest: unusual records. CPUs, one instance or several. */
  public static randomCutForest(props: RandomCutForestProps = {}): BuiltInAlgorithm { return new BuiltInAlgorithm('randomcutforest', props); }

  /** A class for every pixel of images. One instance with GPUs. It can go on from an earlier artifact, by the channel `model`. */
  public static semanticSegmentation(props: SemanticSegmentationProps): BuiltInAlgorithm { return new BuiltInAlgorithm('semantic-segmentation', props); }

  /** Seq2Seq: a sequence of tokens from another, as in translation. One instance with GPUs. */
  public static seq2Seq(props: Seq2SeqProps = {}): BuiltInAlgorithm { return new BuiltInAlgorithm('seq2seq', props); }

  /**
   * XGBoost without a script: boosted trees for figures, classes and rankings. CPUs, and from version 1.2 on GPUs; one instance or several.
   *
   * @param version `0.90-1` to `3.0-5`; `1` and `latest` are 0.72, which is no longer maintained
   */
  public static xgboost(version: string, props: XgboostProps): BuiltInAlgorithm { return new BuiltInAlgorithm('xgboost', props, version); }

  public readonly containerImage?: ContainerImage;
  public readonly script?: Script;
  private readonly algorithm: BuiltInName;
  private readonly options: BuiltInAlgorithmOptions;
  private readonly version: string;

  private constructor(algorithm: BuiltInName, options: BuiltInAlgorithmOptions, version = '1') {
    super();
    this.algorithm = algorithm;
    this.options = options ?? {};                            // an untyped caller may forget them; the checks say what is missing
    this.version = version;
    this.containerImage = this.options.image ?? ContainerImage.fromSageMaker(algorithm, { version });
  }

  public bind(job: Construct, grantee: IGrantable, context: AlgorithmContext): AlgorithmConfig {
    const facts: BuiltInFacts = BUILT_IN_FACTS[this.algorithm];
    const inputMode = this.options.inputMode ?? InputMode.FILE;
    checkChannels(job, facts, context);
    const given = builtInHyperparameters(job, this.algorithm, { ...this.options }, context.hyperparameters?.values ?? {});
    const hyperparameters = { ...given, ...recordHyperparameters(job, this.algorithm, facts, context, given) };
    checkBuiltInRanges(job, this.algorithm, context.ranges ?? {});
    checkBuiltIn(job, this.algorithm, facts, context, hyperparameters);
    warnOfBuiltIn(job, this.algorithm, this.version, facts, context, hyperparameters, inputMode);
    return {
      image: this.containerImage!.bind(job, grantee),
      inputMode,
      hyperparameters,
      includesUserHyperparameters: true,
      hyperparameterText: HyperparameterText.PYTHON,
      metricNames: [...new Set([...facts.metrics, ...this.options.metricNames ?? []])],
      metricsTimeSeries: this.options.metricsTimeSeries,
    };
  }
}
