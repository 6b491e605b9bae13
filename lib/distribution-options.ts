import type { CapacityConfig } from './capacity';

/** Where a distributed run takes place. */
export interface DistributionOptions {
  /**
   * The name of the group of the capacity that the run takes place on; exactly one where the capacity has several groups.
   * Only for a capacity of groups.
   *
   * @default - the only group, or all instances of a capacity without groups
   */
  readonly instanceGroups?: string[];
}

/** How `mpirun` starts the script. */
export interface MpiOptions extends DistributionOptions {
  /**
   * How many processes run on each instance; at least 1.
   *
   * @default - one for each GPU or Neuron core of the instance, otherwise one
   */
  readonly processesPerHost?: number;
  /**
   * More options of the `mpirun` command, for instance `-x NCCL_DEBUG=VERSION`. With MXNet only together with `processesPerHost`.
   *
   * @default - none
   */
  readonly customMpiOptions?: string;
}

/** How the data parallel library of SageMaker is run. */
export interface SmDataParallelOptions extends DistributionOptions {
  /**
   * More options of the `mpirun` command, for instance `-x NCCL_DEBUG=VERSION`.
   *
   * @default - none
   */
  readonly customMpiOptions?: string;
}

/** How the model parallel library of SageMaker is run. */
export interface SmModelParallelOptions extends MpiOptions {
  /**
   * Parameters of the library by the names it gives them, for instance `{ partitions: 2, microbatches: 4, ddp: true }`: texts,
   * numbers, booleans. Those that are known are checked.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-parallel.html
   */
  readonly parameters: { [name: string]: any };
}

/** How `torchrun` starts the script. */
export interface TorchDistributedOptions extends DistributionOptions {
  /**
   * Parameters of the model parallel library of SageMaker, version 2, by the names it gives them, for instance
   * `{ hybrid_shard_degree: 8 }`: texts, numbers, booleans. For PyTorch, whose image is then the one with the library. Not
   * for a capacity of groups.
   *
   * @default - without the library
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-parallel-v2.html
   */
  readonly smp?: { [name: string]: any };
}

/** How the processes of PyTorch's DistributedDataParallel are started. */
export interface PytorchDdpOptions extends DistributionOptions {
  /**
   * More options of the `mpirun` command, for instance `-x NCCL_DEBUG=VERSION`. Not with Hugging Face, whose images take none.
   *
   * @default - none
   */
  readonly customMpiOptions?: string;
}

/** How Chainer starts the script. */
export interface ChainerMpiOptions {
  /**
   * Whether `mpirun` starts the script on a single instance too; on several instances it always does.
   *
   * @default true
   */
  readonly useMpi?: boolean;
  /**
   * How many processes there are on all instances together; at least 1.
   *
   * @default - one for each GPU, without GPUs one for each instance
   */
  readonly numProcesses?: number;
  /**
   * How many processes each instance can take; at least 1.
   *
   * @default - as many as the instance has GPUs, without GPUs one
   */
  readonly processSlotsPerHost?: number;
  /**
   * More options of the `mpirun` command, for instance `-x NCCL_DEBUG=INFO`.
   *
   * @default - none
   */
  readonly additionalMpiOptions?: string;
}

/** What a distribution goes by. */
export interface DistributionContext {
  /** The framework: `pytorch`, `tensorflow`, `mxnet`, `chainer`, `huggingface` or another, which has no distribution. */
  readonly framework: string;
  /**
   * The version of the framework, as the user writes it.
   *
   * @default - unknown, with an image of one's own
   */
  readonly frameworkVersion?: string;
  /**
   * The framework below Hugging Face: `pytorch` or `tensorflow`.
   *
   * @default 'pytorch'
   */
  readonly baseFramework?: string;
  /**
   * The version of the framework below Hugging Face, as the user writes it.
   *
   * @default - unknown, with an image of one's own; or there is no such framework
   */
  readonly baseFrameworkVersion?: string;
  /**
   * The version of Python, for instance `py310`.
   *
   * @default - unknown, with an image of one's own
   */
  readonly pyVersion?: string;
  /** Whether the image is one's own. Versions are not judged then, for an image of one's own has what it has. */
  readonly hasOwnImage: boolean;
  /**
   * The URI of the image of one's own.
   *
   * @default - not one's own, or not known yet
   */
  readonly imageUri?: string;
  /** The file that is started. */
  readonly entryPoint: string;
  /** The instances. */
  readonly capacity: CapacityConfig;
}

/** A distribution, ready to be named in a request. */
export interface DistributionConfig {
  /** Hyperparameters for the toolkit in the container, before they become JSON. */
  readonly hyperparameters: { [name: string]: any };
  /** Whether the image must have one of the parallel libraries of SageMaker, for which some old versions have an image of their own. */
  readonly usesSmdistributed: boolean;
  /** Whether the image must be one of the model parallel library's own, version 2. */
  readonly usesSmpImage: boolean;
}
