/**
 * The rules that the service's own evaluator image knows, as the tables of the Python SDK (smdebug_rulesconfig 1.0.1) have
 * them: what each rule wants saved, and for rules of the profiler which parameters it takes and what they are by default.
 */

/** Collections by name, each with the parameters it is saved by. */
export type Collections = { readonly [collectionName: string]: { readonly [parameter: string]: string } };

const every = (steps: number, include?: string) => ({ ...(include === undefined ? {} : { include_regex: include }), save_interval: String(steps) });

/** Rule of the debugger -> the collections it reads. A rule without any reads what the hook saves by itself. */
export const DEBUGGER_RULES: { readonly [rule: string]: Collections } = {
  AllZero: {},
  CheckInputImages: { input_image: every(500, '.*hybridsequential0_input_0') },
  ClassImbalance: {},
  Confusion: {},
  CreateXgboostReport: { metrics: every(5), feature_importance: every(5), hyperparameters: { save_steps: '0' }, predictions: every(5), labels: every(5) },
  DeadRelu: { relu_output: every(500, '.*relu_output') },
  ExplodingTensor: {},
  FeatureImportanceOverweight: { feature_importance: every(500) },
  LossNotDecreasing: { losses: every(500) },
  NLPSequenceRatio: { input_sequence: every(500, '.*embedding0_input_0') },
  Overfit: {},
  Overtraining: {},
  PoorWeightInitialization: { relu_input: every(500, '.*relu_input') },
  SaturatedActivation: {},
  SimilarAcrossRuns: {},
  StalledTrainingRule: {},
  TensorVariance: {},
  TreeDepth: {},
  UnchangedTensor: {},
  VanishingGradient: { gradients: every(500) },
  WeightUpdateRatio: { weights: every(500) },
};

/** What a value of a parameter may be. */
export type ParameterKind = 'percentage' | 'positive' | 'text';
/** A parameter of a rule: its kind and its default. */
export type Parameter = readonly [ParameterKind, string];

const percentage = (value: number): Parameter => ['percentage', String(value)];
const positive = (value: number): Parameter => ['positive', String(value)];
/** How often, in microseconds, the files of the profiler are looked at. */
const scanned = { scan_interval_us: positive(60_000_000) };

/** Rule of the profiler -> its parameters. A request names all of them, as the SDK does. */
export const PROFILER_RULES: { readonly [rule: string]: { readonly [parameter: string]: Parameter } } = {
  BatchSize: {
    cpu_threshold_p95: percentage(70), gpu_threshold_p95: percentage(70), gpu_memory_threshold_p95: percentage(70), patience: positive(1000), window: positive(500), ...scanned,
  },
  CPUBottleneck: { threshold: percentage(50), gpu_threshold: percentage(10), cpu_threshold: percentage(90), patience: positive(1000), ...scanned },
  Dataloader: { min_threshold: positive(70), max_threshold: positive(200), ...scanned },
  GPUMemoryIncrease: { increase: positive(5), patience: positive(1000), window: positive(10), ...scanned },
  IOBottleneck: { threshold: percentage(50), gpu_threshold: percentage(10), io_threshold: percentage(50), patience: positive(1000), ...scanned },
  LoadBalancing: { threshold: percentage(0.5), patience: positive(1000), ...scanned },
  LowGPUUtilization: { threshold_p95: percentage(70), threshold_p5: percentage(10), window: positive(500), patience: positive(1000), ...scanned },
  MaxInitializationTime: { threshold: positive(20), ...scanned },
  OverallSystemUsage: { ...scanned },
  // without a mode the SDK sends Python's word for nothing
  StepOutlier: { stddev: positive(3), mode: ['text', 'None'], n_outliers: positive(10), ...scanned },
};

/** The rule that calls all the others and reports: a parameter of another rule is `<rule>_<parameter>`. */
export const PROFILER_REPORT = 'ProfilerReport';
