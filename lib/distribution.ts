import type { Construct } from 'constructs';
import type {
  ChainerMpiOptions, DistributionConfig, DistributionContext, MpiOptions, PytorchDdpOptions, SmDataParallelOptions, SmModelParallelOptions, TorchDistributedOptions,
} from './distribution-options';
import { isToken, refuse } from './request/checks';
import { checkDistribution } from './request/distribution-checks';
import {
  CHAINER_MPI, MPI, MULTI_WORKER_MIRRORED, PARAMETER_SERVER, PYTORCH_DDP, PYTORCH_XLA, SM_DATA_PARALLEL, SM_MODEL_PARALLEL, TORCH_DISTRIBUTED, type Strategy,
} from './request/distribution-strategies';
import { definedMembers } from './request/members';
import { checkModelParallelParameters } from './request/model-parallel-parameters';

type Values = { [name: string]: any };

/**
 * How a script runs on several instances, or as several processes on one.
 *
 * Which frameworks have it in their containers, from which version and on which instance types, is checked when the app is
 * synthesized. With an image of one's own the versions are not judged.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/distributed-training.html
 *
 * @example
 * const distribution = Distribution.mpi({ processesPerHost: 8 });
 */
export abstract class Distribution {
  /**
   * A parameter server on each instance. For PyTorch, TensorFlow, Hugging Face, and MXNet from 1.3 on; not for a capacity of groups.
   *
   * Warns on instance types with several GPUs, all but one of which stay idle.
   */
  public static parameterServer(): Distribution {
    return new Flag(PARAMETER_SERVER, 'sagemaker_parameter_server_enabled');
  }

  /**
   * Processes started by `mpirun`, as Horovod needs them. For PyTorch, TensorFlow, Hugging Face, and MXNet from 1.3 on.
   *
   * Throws on Trainium, and for MXNet with a capacity of groups.
   */
  public static mpi(options: MpiOptions = {}): Distribution {
    return new Mpi(options);
  }

  /**
   * The data parallel library of SageMaker. For PyTorch 1.6 to 2.2, TensorFlow 2.3 to 2.11 and Hugging Face on these.
   *
   * Throws for other versions, for Python 2, on `ml.p5.48xlarge` and on Trainium.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/data-parallel.html
   */
  public static smDataParallel(options: SmDataParallelOptions = {}): Distribution {
    return new SmDataParallel(SM_DATA_PARALLEL, options);
  }

  /**
   * The model parallel library of SageMaker, version 1, with processes started by `mpirun`. For PyTorch, TensorFlow and Hugging
   * Face. Version 2 comes with `torchDistributed`.
   *
   * Throws for parameters that the library does not take, on `ml.p5.48xlarge` and on Trainium.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-parallel.html
   */
  public static smModelParallel(options: SmModelParallelOptions): Distribution {
    return new SmModelParallel(options);
  }

  /**
   * Processes started by `torchrun`. For PyTorch from 1.13.1 on, on Trainium 1.11 to 2.0.0, and for Hugging Face on these.
   *
   * Of a capacity of several groups one is named, whose instance type is checked; the containers of each group form a run of their own.
   *
   * Throws for known versions that are not supported, on instance types without GPUs and Trainium, and for a file to start that
   * is not Python.
   */
  public static torchDistributed(options: TorchDistributedOptions = {}): Distribution {
    return new TorchDistributed(options);
  }

  /**
   * PyTorch's DistributedDataParallel, started by `mpirun`. For PyTorch it is run by the data parallel library of SageMaker, with
   * what that requires; for Hugging Face by the container.
   */
  public static pytorchDdp(options: PytorchDdpOptions = {}): Distribution {
    return new PytorchDdp(options);
  }

  /** TensorFlow's MultiWorkerMirroredStrategy, from TensorFlow 2.9 on; not for a capacity of groups. */
  public static multiWorkerMirrored(): Distribution {
    return new Flag(MULTI_WORKER_MIRRORED, 'sagemaker_multi_worker_mirrored_strategy_enabled');
  }

  /** What Chainer's container has of its own. */
  public static chainerMpi(options: ChainerMpiOptions = {}): Distribution {
    return new ChainerMpi(options);
  }

  /**
   * PyTorch on XLA, which the training compiler comes with. For PyTorch from 1.12 on, and Hugging Face on PyTorch from 1.11 on, both with
   * `trainingCompiler`.
   */
  public static pytorchXla(): Distribution {
    return new Flag(PYTORCH_XLA, 'sagemaker_pytorch_xla_multi_worker_enabled');
  }

  /** Checks that the container can do it, and says by which hyperparameters it is told to. */
  public abstract bind(job: Construct, context: DistributionContext): DistributionConfig;
}

class Flag extends Distribution {
  public constructor(private readonly strategy: Strategy, private readonly name: string) { super(); }

  public bind(job: Construct, context: DistributionContext): DistributionConfig {
    checkDistribution(job, this.strategy, context);
    return config({ [this.name]: true });
  }
}

class Mpi extends Distribution {
  public constructor(private readonly options: MpiOptions) { super(); }

  public bind(job: Construct, context: DistributionContext): DistributionConfig {
    const groups = checkDistribution(job, MPI, context, this.options.instanceGroups);
    const values = mpiValues(job, this.options);
    if (context.framework !== 'mxnet' || this.options.processesPerHost !== undefined) { return config({ ...groupValues(groups), ...values }); }
    // MXNet has the options of mpirun with a number of processes only.
    if (this.options.customMpiOptions !== undefined) { refuse(job, 'distribution.customMpiOptions', 'come with processesPerHost for mxnet', this.options.customMpiOptions); }
    return config({ sagemaker_mpi_enabled: true });
  }
}

class SmDataParallel extends Distribution {
  public constructor(private readonly strategy: Strategy, private readonly options: SmDataParallelOptions) { super(); }

  public bind(job: Construct, context: DistributionContext): DistributionConfig {
    const groups = checkDistribution(job, this.strategy, context, this.options.instanceGroups);
    return config({
      ...groupValues(groups),
      ...libraryValues(context, true),
      sagemaker_distributed_dataparallel_custom_mpi_options: this.options.customMpiOptions ?? '',
    }, { usesSmdistributed: true });
  }
}

class SmModelParallel extends Distribution {
  public constructor(private readonly options: SmModelParallelOptions) { super(); }

  public bind(job: Construct, context: DistributionContext): DistributionConfig {
    const groups = checkDistribution(job, SM_MODEL_PARALLEL, context, this.options.instanceGroups);
    checkModelParallelParameters(job, 'distribution.parameters', this.options.parameters);
    return config({
      ...groupValues(groups),
      ...mpiValues(job, this.options),
      ...parameterValues(this.options.parameters),
      ...libraryValues(context, false),
    }, { usesSmdistributed: true });
  }
}

class TorchDistributed extends Distribution {
  public constructor(private readonly options: TorchDistributedOptions) { super(); }

  public bind(job: Construct, context: DistributionContext): DistributionConfig {
    const { smp, instanceGroups } = this.options;
    if (smp && context.framework === 'huggingface') { refuse(job, 'distribution.smp', 'be left out for huggingface, whose images lack the library', 'parameters'); }
    const strategy: Strategy = smp ? { ...TORCH_DISTRIBUTED, smdistributed: 'modelparallel', onGroups: false } : TORCH_DISTRIBUTED;
    checkDistribution(job, strategy, context, instanceGroups);
    if (!smp) { return config({ sagemaker_torch_distributed_enabled: true, ...typeValue(context) }); }
    checkModelParallelParameters(job, 'distribution.smp', smp);
    const values = { ...parameterValues(smp), ...libraryValues(context, false), sagemaker_torch_distributed_enabled: true };
    return config(values, { usesSmdistributed: true, usesSmpImage: true });
  }
}

class PytorchDdp extends Distribution {
  public constructor(private readonly options: PytorchDdpOptions) { super(); }

  public bind(job: Construct, context: DistributionContext): DistributionConfig {
    if (context.framework === 'pytorch') { return new SmDataParallel({ ...PYTORCH_DDP, smdistributed: 'dataparallel' }, this.options).bind(job, context); }
    const { customMpiOptions, instanceGroups } = this.options;
    checkDistribution(job, PYTORCH_DDP, context, instanceGroups);
    if (customMpiOptions !== undefined) { refuse(job, 'distribution.customMpiOptions', `be left out for ${context.framework}, whose images take none`, customMpiOptions); }
    return config({ sagemaker_pytorch_ddp_enabled: true, ...typeValue(context) });
  }
}

class ChainerMpi extends Distribution {
  public constructor(private readonly options: ChainerMpiOptions) { super(); }

  public bind(job: Construct, context: DistributionContext): DistributionConfig {
    const { useMpi, numProcesses, processSlotsPerHost, additionalMpiOptions } = this.options;
    checkDistribution(job, CHAINER_MPI, context);
    atLeastOne(job, 'distribution.numProcesses', numProcesses);
    atLeastOne(job, 'distribution.processSlotsPerHost', processSlotsPerHost);
    return config(definedMembers({
      sagemaker_use_mpi: (useMpi ?? true) || undefined,
      sagemaker_num_processes: numProcesses,
      sagemaker_process_slots_per_host: processSlotsPerHost,
      sagemaker_additional_mpi_options: additionalMpiOptions === '' ? undefined : additionalMpiOptions,
    }));
  }
}

function config(hyperparameters: Values, { usesSmdistributed = false, usesSmpImage = false }: Partial<DistributionConfig> = {}): DistributionConfig {
  return { hyperparameters, usesSmdistributed, usesSmpImage };
}

const groupValues = (groups: string[] | undefined): Values => definedMembers({ sagemaker_distribution_instance_groups: groups });

function mpiValues(job: Construct, { processesPerHost, customMpiOptions }: MpiOptions): Values {
  atLeastOne(job, 'distribution.processesPerHost', processesPerHost);
  return definedMembers({ sagemaker_mpi_enabled: true, sagemaker_mpi_num_of_processes_per_host: processesPerHost, sagemaker_mpi_custom_mpi_options: customMpiOptions ?? '' });
}

function parameterValues(parameters: Values): Values {
  const values = definedMembers(parameters);
  return Object.keys(values).length > 0 ? { mp_parameters: values } : {};
}

/** Without one type for all instances the libraries are told null, and ask the container. */
function libraryValues({ capacity }: DistributionContext, dataParallel: boolean): Values {
  return { sagemaker_distributed_dataparallel_enabled: dataParallel, sagemaker_instance_type: capacity.instanceType ?? null };
}

const typeValue = ({ capacity }: DistributionContext): Values => definedMembers({ sagemaker_instance_type: capacity.instanceType });

function atLeastOne(job: Construct, prop: string, value: number | undefined): void {
  if (value === undefined || isToken(value) || (Number.isInteger(value) && value >= 1)) { return; }
  refuse(job, prop, 'be a whole number of at least 1', value);
}
