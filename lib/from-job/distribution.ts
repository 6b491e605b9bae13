import { jsonSpelling } from '../request/python-spelling';
import { call, literal, object, type Code } from './code';

type Values = { readonly [name: string]: unknown };

/** How instances train together, and the hyperparameters by which a container is told. */
export interface FoundDistribution {
  readonly code: Code;
  readonly values: Values;
  readonly usesSmdistributed: boolean;
  readonly usesSmpImage: boolean;
}

/** Hyperparameters that only a distribution makes. */
const WORDS = /^(mp_parameters|sagemaker_(distribution_instance_groups|mpi_.*|parameter_server_enabled|distributed_dataparallel_.*|torch_distributed_enabled|pytorch_ddp_enabled|multi_worker_.*|pytorch_xla_.*|instance_type|use_mpi|num_processes|process_slots_per_host|additional_mpi_options))$/;

/**
 * The distribution that makes exactly these hyperparameters.
 *
 * @param given the job's, as values
 */
export function distributionOf(framework: string, given: Values, instanceType: string | undefined): FoundDistribution | undefined {
  const words = Object.keys(given).filter((word) => WORDS.test(word));
  if (words.length === 0) { return undefined; }
  return candidates(framework, given, instanceType).find(({ values }) => {
    const made = Object.entries(values).filter(([, value]) => value !== undefined);
    return made.length === words.length && made.every(([word, value]) => Object.hasOwn(given, word) && jsonSpelling(given[word]) === jsonSpelling(value));
  });
}

function candidates(framework: string, given: Values, instanceType: string | undefined): FoundDistribution[] {
  const custom = optionalText(given.sagemaker_mpi_custom_mpi_options);
  const libraryCustom = optionalText(given.sagemaker_distributed_dataparallel_custom_mpi_options);
  const processes = given.sagemaker_mpi_num_of_processes_per_host;
  const groups = given.sagemaker_distribution_instance_groups;
  const library = (isData: boolean) => ({ sagemaker_distributed_dataparallel_enabled: isData, sagemaker_instance_type: instanceType ?? null });
  const mpi = { sagemaker_mpi_enabled: true, sagemaker_mpi_num_of_processes_per_host: processes, sagemaker_mpi_custom_mpi_options: custom ?? '' };
  const inGroups = { sagemaker_distribution_instance_groups: groups };
  const parameters = given.mp_parameters;
  const found = (factory: string, options: Values, values: Values, uses: Partial<FoundDistribution> = {}): FoundDistribution => ({
    code: call(`Distribution.${factory}`, object(Object.fromEntries(Object.entries(options).map(([option, value]) => [option, value === undefined ? undefined : literal(value)])))),
    values, usesSmdistributed: false, usesSmpImage: false, ...uses,
  });
  if (framework === 'chainer') {
    const { sagemaker_use_mpi: isMpi, sagemaker_num_processes: numProcesses, sagemaker_process_slots_per_host: processSlotsPerHost, sagemaker_additional_mpi_options: additionalMpiOptions } = given;
    return [found('chainerMpi', { useMpi: isMpi === true ? undefined : false, numProcesses, processSlotsPerHost, additionalMpiOptions },
      { sagemaker_use_mpi: isMpi === true ? true : undefined, sagemaker_num_processes: numProcesses, sagemaker_process_slots_per_host: processSlotsPerHost, sagemaker_additional_mpi_options: additionalMpiOptions })];
  }
  const isPytorchDdp = { sagemaker_pytorch_ddp_enabled: true, sagemaker_instance_type: instanceType };
  return [
    found('parameterServer', {}, { sagemaker_parameter_server_enabled: true }),
    found('multiWorkerMirrored', {}, { sagemaker_multi_worker_mirrored_strategy_enabled: true }),
    found('pytorchXla', {}, { sagemaker_pytorch_xla_multi_worker_enabled: true }),
    ...(framework === 'mxnet' ? [found('mpi', {}, { sagemaker_mpi_enabled: true })] : []),
    found('mpi', { processesPerHost: processes, customMpiOptions: custom, instanceGroups: groups }, { ...inGroups, ...mpi }),
    found('smModelParallel', { parameters, processesPerHost: processes, customMpiOptions: custom, instanceGroups: groups }, { ...inGroups, ...mpi, mp_parameters: parameters, ...library(false) }, { usesSmdistributed: true }),
    found('smDataParallel', { customMpiOptions: libraryCustom, instanceGroups: groups },
      { ...inGroups, ...library(true), sagemaker_distributed_dataparallel_custom_mpi_options: libraryCustom ?? '' }, { usesSmdistributed: true }),
    found('torchDistributed', {}, { sagemaker_torch_distributed_enabled: true, sagemaker_instance_type: instanceType }),
    found('torchDistributed', { smp: parameters }, { mp_parameters: parameters, ...library(false), sagemaker_torch_distributed_enabled: true }, { usesSmdistributed: true, usesSmpImage: true }),
    ...(framework === 'huggingface' ? [found('pytorchDdp', { instanceGroups: groups }, isPytorchDdp)] : []),
  ];
}

const optionalText = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
