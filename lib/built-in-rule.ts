/**
 * The rules of the debugger that SageMaker has an evaluator for.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/debugger-built-in-rules.html
 */
export enum BuiltInRule {
  /** Tensors of which nearly all values are zero. */
  ALL_ZERO = 'AllZero',
  /** Images that are not normalized; saves the collection `input_image`. */
  CHECK_INPUT_IMAGES = 'CheckInputImages',
  /** Classes that the data have too few samples of. */
  CLASS_IMBALANCE = 'ClassImbalance',
  /** A confusion matrix that is not good enough. */
  CONFUSION = 'Confusion',
  /** A report of an XGBoost training; saves metrics, importance, hyperparameters, predictions and labels. */
  CREATE_XGBOOST_REPORT = 'CreateXgboostReport',
  /** ReLU layers that answer zero only; saves the collection `relu_output`. */
  DEAD_RELU = 'DeadRelu',
  /** Values that are not finite. */
  EXPLODING_TENSOR = 'ExplodingTensor',
  /** A few features of an XGBoost model that weigh too much; saves the collection `feature_importance`. */
  FEATURE_IMPORTANCE_OVERWEIGHT = 'FeatureImportanceOverweight',
  /** A loss that does not decrease; saves the collection `losses`. */
  LOSS_NOT_DECREASING = 'LossNotDecreasing',
  /** Too much padding in sequences of text; saves the collection `input_sequence`. */
  NLP_SEQUENCE_RATIO = 'NLPSequenceRatio',
  /** A validation loss that grows apart from the training loss. */
  OVERFIT = 'Overfit',
  /** A model that trains on after it has stopped to improve. */
  OVERTRAINING = 'Overtraining',
  /** Weights that begin in a bad place; saves the collection `relu_input`. */
  POOR_WEIGHT_INITIALIZATION = 'PoorWeightInitialization',
  /** Activations of sigmoid or tanh at the ends of their range. */
  SATURATED_ACTIVATION = 'SaturatedActivation',
  /** Tensors like those of other runs (`otherTrials`). */
  SIMILAR_ACROSS_RUNS = 'SimilarAcrossRuns',
  /** A job that goes no further. */
  STALLED_TRAINING = 'StalledTrainingRule',
  /** A variance that is too high or too low. */
  TENSOR_VARIANCE = 'TensorVariance',
  /** How deep the trees of an XGBoost model are. */
  TREE_DEPTH = 'TreeDepth',
  /** Tensors that stay as they are. */
  UNCHANGED_TENSOR = 'UnchangedTensor',
  /** Gradients that become too small; saves the collection `gradients`. */
  VANISHING_GRADIENT = 'VanishingGradient',
  /** Weights whose updates are too large or too small; saves the collection `weights`. */
  WEIGHT_UPDATE_RATIO = 'WeightUpdateRatio',
}

/**
 * The rules of the profiler that SageMaker has an evaluator for.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/debugger-built-in-profiler-rules.html
 */
export enum BuiltInProfilerRule {
  /** GPUs that are idle because the batch is small. */
  BATCH_SIZE = 'BatchSize',
  /** GPUs that wait for CPUs. */
  CPU_BOTTLENECK = 'CPUBottleneck',
  /** More or fewer processes that load data than there are cores. */
  DATALOADER = 'Dataloader',
  /** Memory of GPUs that is used more and more. */
  GPU_MEMORY_INCREASE = 'GPUMemoryIncrease',
  /** GPUs that wait for data. */
  IO_BOTTLENECK = 'IOBottleneck',
  /** GPUs of which some work more than others. */
  LOAD_BALANCING = 'LoadBalancing',
  /** GPUs that have little to do, or now and then. */
  LOW_GPU_UTILIZATION = 'LowGPUUtilization',
  /** A first step that comes late; the threshold is in minutes. */
  MAX_INITIALIZATION_TIME = 'MaxInitializationTime',
  /** The use of each instance, for the report; it finds no fault. */
  OVERALL_SYSTEM_USAGE = 'OverallSystemUsage',
  /** All rules of the profiler, and a report of what they found. */
  PROFILER_REPORT = 'ProfilerReport',
  /** Steps that take far longer than others. */
  STEP_OUTLIER = 'StepOutlier',
}
