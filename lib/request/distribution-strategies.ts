/** A way to distribute: what it needs, as data. */
export interface Strategy {
  /** The factory of `Distribution`. */
  readonly name: string;
  /** The frameworks whose containers have it. */
  readonly frameworks: readonly string[];
  /** Whether below Hugging Face it needs PyTorch. */
  readonly needsPytorch?: boolean;
  /** Whether it can take place on one of the groups of a capacity. */
  readonly onGroups?: boolean;
  /** The library of SageMaker that is used. */
  readonly smdistributed?: 'dataparallel' | 'modelparallel';
  /** Whether `torchrun` starts the script. */
  readonly torchrun?: boolean;
}

const WITH_LIBRARIES = ['pytorch', 'tensorflow', 'huggingface'];
const WITH_PYTORCH = ['pytorch', 'huggingface'];

export const PARAMETER_SERVER: Strategy = { name: 'parameterServer', frameworks: [...WITH_LIBRARIES, 'mxnet'] };
export const MPI: Strategy = { name: 'mpi', frameworks: [...WITH_LIBRARIES, 'mxnet'], onGroups: true };
export const SM_DATA_PARALLEL: Strategy = { name: 'smDataParallel', frameworks: WITH_LIBRARIES, onGroups: true, smdistributed: 'dataparallel' };
export const SM_MODEL_PARALLEL: Strategy = { name: 'smModelParallel', frameworks: WITH_LIBRARIES, onGroups: true, smdistributed: 'modelparallel' };
export const TORCH_DISTRIBUTED: Strategy = { name: 'torchDistributed', frameworks: WITH_PYTORCH, needsPytorch: true, onGroups: true, torchrun: true };
export const PYTORCH_DDP: Strategy = { name: 'pytorchDdp', frameworks: WITH_PYTORCH, needsPytorch: true, onGroups: true };
export const MULTI_WORKER_MIRRORED: Strategy = { name: 'multiWorkerMirrored', frameworks: ['tensorflow'] };
export const PYTORCH_XLA: Strategy = { name: 'pytorchXla', frameworks: WITH_PYTORCH, needsPytorch: true };
export const CHAINER_MPI: Strategy = { name: 'chainerMpi', frameworks: ['chainer'] };

const ALL = [PARAMETER_SERVER, MPI, SM_DATA_PARALLEL, SM_MODEL_PARALLEL, TORCH_DISTRIBUTED, PYTORCH_DDP, MULTI_WORKER_MIRRORED, PYTORCH_XLA, CHAINER_MPI];

/** What the containers of a framework have. */
export const strategiesOf = (framework: string) => ALL.filter(({ frameworks }) => frameworks.includes(framework)).map(({ name }) => name);
