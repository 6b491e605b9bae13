import type { FrameworkConfig, HuggingFaceOptions } from '../framework';

/** When the code that serves is put into the artifact, where a model finds it that can't or doesn't fetch it. */
export type Packing = 'never' | 'always' | 'withEntryPoint' | 'isolated';

/** How the Python SDK deals with a framework: a row each. */
export interface FrameworkRow {
  readonly noun: string;
  /** Metrics are kept as series from this version on; absent: the service decides. */
  readonly seriesFrom?: string;
  /** Whether a model of a job is served with the script that trained it. */
  readonly servesTrainingScript: boolean;
  readonly packing: (version: string | undefined) => Packing;
  /** Whether the container that serves is told of its script by variables. */
  readonly scriptVariables: boolean;
  /** The only file that the server reads of code in the artifact. */
  readonly packedName?: string;
  /** Whether the image that serves is chosen by the version of Python. */
  readonly servesByPython: boolean;
}

/** Torch and MXNet took another model server at some version; that one reads its code from the artifact. */
const packingFrom = (first: string) => (version: string | undefined): Packing => (version === undefined || !isBefore(version, first) ? 'always' : 'never');
const isolated = () => 'isolated' as const;

const ROWS: { readonly [name: string]: FrameworkRow } = {
  'pytorch': { noun: 'PyTorch', seriesFrom: '1.3', servesTrainingScript: true, packing: packingFrom('1.2'), scriptVariables: true, servesByPython: true },
  'tensorflow': { noun: 'TensorFlow', seriesFrom: '1.15', servesTrainingScript: false, packing: () => 'withEntryPoint', packedName: 'inference.py', scriptVariables: false, servesByPython: false },
  'mxnet': { noun: 'MXNet', seriesFrom: '1.6', servesTrainingScript: true, packing: packingFrom('1.4.0'), scriptVariables: true, servesByPython: true },
  'chainer': { noun: 'Chainer', servesTrainingScript: true, packing: () => 'never', scriptVariables: true, servesByPython: true },
  'sklearn': { noun: 'Scikit-learn', servesTrainingScript: true, packing: isolated, scriptVariables: true, servesByPython: true },
  'xgboost': { noun: 'XGBoost', servesTrainingScript: true, packing: isolated, scriptVariables: true, servesByPython: false },
  'huggingface': {
    noun: 'Hugging Face', seriesFrom: '0', servesTrainingScript: false, packing: () => 'withEntryPoint', scriptVariables: true, servesByPython: true,
  },
};

/** Coach and Ray by version: the framework's version inside. */
export const RL_TOOLKITS: { readonly [toolkit: string]: { readonly [version: string]: { readonly [framework: string]: string } } } = {
  coach: {
    '0.10': { tensorflow: '1.11' }, '0.10.1': { tensorflow: '1.11' }, '0.11': { tensorflow: '1.12', mxnet: '1.3' },
    '0.11.0': { tensorflow: '1.11', mxnet: '1.3' }, '0.11.1': { tensorflow: '1.12' }, '1.0.0': { tensorflow: '1.12' },
  },
  ray: {
    '0.5': { tensorflow: '1.11' }, '0.5.3': { tensorflow: '1.11' }, '0.6': { tensorflow: '1.12' }, '0.6.5': { tensorflow: '1.12' },
    '0.8.2': { tensorflow: '2.1' }, '0.8.5': { tensorflow: '2.1', pytorch: '1.5' }, '1.6.0': { tensorflow: '2.5.0', pytorch: '1.8.1' },
  },
};

/** The framework that serves what this one trains: reinforcement learning is served by what is below it. */
export function servingFramework(config: FrameworkConfig): FrameworkConfig {
  const rl = rlToolkit(config);
  if (!rl) { return config; }
  return { ...config, name: rl.framework, version: rl.frameworkVersion, options: { ...config.options, pyVersion: 'py3' } };
}

/** What the registry is told: of Hugging Face what is below it, and of images with a number of their own no version. */
export function registeredFramework(config: FrameworkConfig): { name: string; version?: string } {
  const { name, version, options: { pytorchVersion, tensorflowVersion } } = servingFramework(config) as { name: string; version?: string; options: HuggingFaceOptions };
  if (name === 'huggingface') { return tensorflowVersion === undefined ? { name: 'PYTORCH', version: pytorchVersion } : { name: 'TENSORFLOW', version: tensorflowVersion }; }
  return { name: name.toUpperCase(), version: ['sklearn', 'xgboost'].includes(name) ? undefined : version };
}

export function frameworkRow({ name }: FrameworkConfig): FrameworkRow {
  // the framework below a toolkit decides nothing of how a job of it is sent
  return ROWS[name] ?? { noun: name, servesTrainingScript: true, packing: () => 'never', scriptVariables: true, servesByPython: false };
}

/** Toolkit and framework of reinforcement learning; nothing for other frameworks. */
export function rlToolkit({ name, version }: FrameworkConfig): { toolkit: string; framework: string; frameworkVersion?: string } | undefined {
  const [toolkit, framework] = name.split('-');
  return Object.hasOwn(RL_TOOLKITS, toolkit) ? { toolkit, framework, frameworkVersion: RL_TOOLKITS[toolkit][version ?? '']?.[framework] } : undefined;
}

const SDK_CLASSES: { readonly [name: string]: string } = {
  pytorch: 'PyTorch', tensorflow: 'TensorFlow', mxnet: 'MXNet', chainer: 'Chainer', sklearn: 'SKLearn', xgboost: 'XGBoost', huggingface: 'HuggingFace',
};

/** The estimator of the Python SDK. */
export function sdkClass({ name }: FrameworkConfig): { className: string; module: string } {
  const className = SDK_CLASSES[name];
  return className === undefined ? { className: 'RLEstimator', module: 'sagemaker.rl.estimator' } : { className, module: `sagemaker.${name}.estimator` };
}

/** Whether a version is older than another, by their numbers; a number that is missing counts as 0. */
export function isBefore(version: string, other: string): boolean {
  const [a, b] = [version, other].map((text) => text.split(/[.-]/).map((part) => Number.parseInt(part, 10) || 0));
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    if ((a[at] ?? 0) !== (b[at] ?? 0)) { return (a[at] ?? 0) < (b[at] ?? 0); }
  }
  return false;
}
