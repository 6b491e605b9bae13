import { App, CfnParameter, Stack } from 'aws-cdk-lib/core';
import { Capacity, Distribution, type DistributionConfig, type DistributionContext } from 'cdk-sagemaker';
import { warnings } from './support/stacks';

const on = (instanceType: string) => Capacity.onDemand({ instanceType, instanceCount: 2 }).config;
const P4 = on('ml.p4d.24xlarge');
const groups = (...types: string[]) => Capacity.instanceGroups({ groups: Object.fromEntries(types.map((type) => [type.split('.')[1], { instanceType: type }])) }).config;
const TWO_GROUPS = groups('ml.c5.xlarge', 'ml.p3.16xlarge');

const PYTORCH: DistributionContext = { framework: 'pytorch', frameworkVersion: '1.12.0', pyVersion: 'py38', hasOwnImage: false, entryPoint: 'train.py', capacity: P4 };
const PYTORCH_2: DistributionContext = { ...PYTORCH, frameworkVersion: '2.2.0', pyVersion: 'py310' };
const TENSORFLOW: DistributionContext = { ...PYTORCH, framework: 'tensorflow', frameworkVersion: '2.11', pyVersion: 'py39' };
const MXNET: DistributionContext = { ...PYTORCH, framework: 'mxnet', frameworkVersion: '1.6.0', pyVersion: 'py3' };
const HUGGINGFACE: DistributionContext = { ...PYTORCH, framework: 'huggingface', frameworkVersion: '4.26.0', baseFramework: 'pytorch', baseFrameworkVersion: '1.13.1' };
const HUGGINGFACE_TF: DistributionContext = { ...HUGGINGFACE, frameworkVersion: '4.12.3', baseFramework: 'tensorflow', baseFrameworkVersion: '2.5.1', pyVersion: 'py37' };
const CHAINER: DistributionContext = { ...PYTORCH, framework: 'chainer', frameworkVersion: '5.0.0', pyVersion: 'py3' };
const OWN_IMAGE = { hasOwnImage: true, frameworkVersion: undefined, baseFrameworkVersion: undefined, pyVersion: undefined };

const emptyStack = () => new Stack(new App(), 'Train');
const bound = (distribution: Distribution, context: DistributionContext, stack = emptyStack()): DistributionConfig => distribution.bind(stack, context);
const hyperparameters = (distribution: Distribution, context: DistributionContext) => bound(distribution, context).hyperparameters;
const warned = (distribution: Distribution, context: DistributionContext) => {
  const stack = emptyStack();
  bound(distribution, context, stack);
  return warnings(stack);
};

const MPI_ON = { sagemaker_mpi_enabled: true, sagemaker_mpi_custom_mpi_options: '' };
const SMDDP_ON_P4 = {
  sagemaker_distributed_dataparallel_enabled: true, sagemaker_instance_type: 'ml.p4d.24xlarge', sagemaker_distributed_dataparallel_custom_mpi_options: '',
};
const TORCHRUN_ON_P4 = { sagemaker_torch_distributed_enabled: true, sagemaker_instance_type: 'ml.p4d.24xlarge' };

describe('Distribution', () => {
  test.each([['pytorch', PYTORCH], ['tensorflow', TENSORFLOW], ['mxnet', MXNET], ['huggingface', HUGGINGFACE]])('has a parameter server for %s', (_framework, context) => {
    expect(hyperparameters(Distribution.parameterServer(), { ...context, capacity: on('ml.c5.xlarge') })).toEqual({ sagemaker_parameter_server_enabled: true });
  });

  test.each([['pytorch', PYTORCH], ['tensorflow', TENSORFLOW], ['huggingface', HUGGINGFACE]])('runs by mpi for %s, with and without options', (_framework, context) => {
    expect(hyperparameters(Distribution.mpi(), context)).toEqual(MPI_ON);
    expect(hyperparameters(Distribution.mpi({ processesPerHost: 8, customMpiOptions: '-verbose' }), context)).toEqual({
      sagemaker_mpi_enabled: true, sagemaker_mpi_num_of_processes_per_host: 8, sagemaker_mpi_custom_mpi_options: '-verbose',
    });
  });

  test('tells MXNet the options of mpi with a number of processes only', () => {
    expect(hyperparameters(Distribution.mpi(), MXNET)).toEqual({ sagemaker_mpi_enabled: true });
    expect(hyperparameters(Distribution.mpi({ processesPerHost: 4 }), MXNET)).toEqual({ ...MPI_ON, sagemaker_mpi_num_of_processes_per_host: 4 });
  });

  test.each([['pytorch', PYTORCH], ['tensorflow', TENSORFLOW], ['huggingface', HUGGINGFACE], ['huggingface on tensorflow', HUGGINGFACE_TF]])('has the data parallel library for %s', (_framework, context) => {
    expect(hyperparameters(Distribution.smDataParallel(), context)).toEqual(SMDDP_ON_P4);
    expect(hyperparameters(Distribution.smDataParallel({ customMpiOptions: '-x A=b' }), context)).toMatchObject({ sagemaker_distributed_dataparallel_custom_mpi_options: '-x A=b' });
  });

  test.each([['pytorch', PYTORCH], ['tensorflow', TENSORFLOW], ['huggingface', HUGGINGFACE]])('has the model parallel library for %s, run by mpi', (_framework, context) => {
    expect(hyperparameters(Distribution.smModelParallel({ parameters: { partitions: 2, ddp: true, other: 'x' }, processesPerHost: 8, customMpiOptions: '-v' }), context)).toEqual({
      sagemaker_mpi_enabled: true, sagemaker_mpi_num_of_processes_per_host: 8, sagemaker_mpi_custom_mpi_options: '-v',
      mp_parameters: { partitions: 2, ddp: true, other: 'x' },
      sagemaker_distributed_dataparallel_enabled: false, sagemaker_instance_type: 'ml.p4d.24xlarge',
    });
  });

  test('sends no parameters of the model parallel library where there are none', () => {
    expect(hyperparameters(Distribution.smModelParallel({ parameters: {} }), PYTORCH)).toEqual({
      ...MPI_ON, sagemaker_distributed_dataparallel_enabled: false, sagemaker_instance_type: 'ml.p4d.24xlarge',
    });
  });

  test.each([['pytorch', PYTORCH_2], ['huggingface', HUGGINGFACE]])('runs by torchrun for %s', (_framework, context) => {
    expect(hyperparameters(Distribution.torchDistributed(), context)).toEqual(TORCHRUN_ON_P4);
  });

  test('runs by torchrun on Trainium', () => {
    const context = { ...PYTORCH, frameworkVersion: '1.11.0', capacity: on('ml.trn1.2xlarge') };
    expect(hyperparameters(Distribution.torchDistributed(), context)).toEqual({ sagemaker_torch_distributed_enabled: true, sagemaker_instance_type: 'ml.trn1.2xlarge' });
  });

  test('has version 2 of the model parallel library by torchrun, p5 included', () => {
    expect(hyperparameters(Distribution.torchDistributed({ smp: { hybrid_shard_degree: 2 } }), { ...PYTORCH_2, capacity: on('ml.p5.48xlarge') })).toEqual({
      mp_parameters: { hybrid_shard_degree: 2 }, sagemaker_distributed_dataparallel_enabled: false,
      sagemaker_torch_distributed_enabled: true, sagemaker_instance_type: 'ml.p5.48xlarge',
    });
  });

  test('runs DistributedDataParallel of PyTorch by the data parallel library, that of Hugging Face by the container', () => {
    expect(hyperparameters(Distribution.pytorchDdp({ customMpiOptions: '-v' }), PYTORCH)).toEqual({ ...SMDDP_ON_P4, sagemaker_distributed_dataparallel_custom_mpi_options: '-v' });
    expect(hyperparameters(Distribution.pytorchDdp(), HUGGINGFACE)).toEqual({ sagemaker_pytorch_ddp_enabled: true, sagemaker_instance_type: 'ml.p4d.24xlarge' });
  });

  test('has mirrored workers for TensorFlow from 2.9 on', () => {
    for (const frameworkVersion of ['2.9', '2.11.0', '2.19']) {
      expect(hyperparameters(Distribution.multiWorkerMirrored(), { ...TENSORFLOW, frameworkVersion })).toEqual({ sagemaker_multi_worker_mirrored_strategy_enabled: true });
    }
  });

  test('tells Chainer what is set, and mpi unless it is switched off', () => {
    expect(hyperparameters(Distribution.chainerMpi({ numProcesses: 4, processSlotsPerHost: 2, additionalMpiOptions: '-x A=b' }), CHAINER)).toEqual({
      sagemaker_use_mpi: true, sagemaker_num_processes: 4, sagemaker_process_slots_per_host: 2, sagemaker_additional_mpi_options: '-x A=b',
    });
    expect(hyperparameters(Distribution.chainerMpi(), CHAINER)).toEqual({ sagemaker_use_mpi: true });
    expect(hyperparameters(Distribution.chainerMpi({ useMpi: false, numProcesses: 4 }), CHAINER)).toEqual({ sagemaker_num_processes: 4 });
    expect(hyperparameters(Distribution.chainerMpi(), { ...CHAINER, capacity: TWO_GROUPS })).toEqual({ sagemaker_use_mpi: true });
  });

  test('says which libraries the image must have', () => {
    const needs = (distribution: Distribution, context: DistributionContext) => {
      const { usesSmdistributed, usesSmpImage } = bound(distribution, context);
      return [usesSmdistributed, usesSmpImage];
    };
    expect(needs(Distribution.mpi(), PYTORCH)).toEqual([false, false]);
    expect(needs(Distribution.torchDistributed(), PYTORCH_2)).toEqual([false, false]);
    expect(needs(Distribution.pytorchDdp(), HUGGINGFACE)).toEqual([false, false]);
    expect(needs(Distribution.pytorchDdp(), PYTORCH)).toEqual([true, false]);
    expect(needs(Distribution.smDataParallel(), TENSORFLOW)).toEqual([true, false]);
    expect(needs(Distribution.smModelParallel({ parameters: {} }), PYTORCH)).toEqual([true, false]);
    expect(needs(Distribution.torchDistributed({ smp: {} }), PYTORCH_2)).toEqual([true, true]);
  });
});

describe('Distribution on groups of instances', () => {
  const onGroups = (distribution: Distribution, context = PYTORCH, capacity = TWO_GROUPS) => hyperparameters(distribution, { ...context, capacity });

  test('names the group it runs on', () => {
    expect(onGroups(Distribution.mpi({ processesPerHost: 8, instanceGroups: ['p3'] }))).toEqual({
      ...MPI_ON, sagemaker_mpi_num_of_processes_per_host: 8, sagemaker_distribution_instance_groups: ['p3'],
    });
  });

  test('means the only group without a word', () => {
    expect(onGroups(Distribution.mpi(), TENSORFLOW, groups('ml.p3.16xlarge'))).toEqual({ ...MPI_ON, sagemaker_distribution_instance_groups: ['p3'] });
  });

  test('leaves it to the library to find out its instance type', () => {
    expect(onGroups(Distribution.smDataParallel({ instanceGroups: ['p3'] }))).toEqual({ ...SMDDP_ON_P4, sagemaker_instance_type: null, sagemaker_distribution_instance_groups: ['p3'] });
    expect(onGroups(Distribution.smModelParallel({ parameters: { partitions: 2 }, instanceGroups: ['p3'] }))).toEqual({
      ...MPI_ON, mp_parameters: { partitions: 2 }, sagemaker_distributed_dataparallel_enabled: false, sagemaker_instance_type: null, sagemaker_distribution_instance_groups: ['p3'],
    });
  });

  test('is not told to containers that start every group by itself', () => {
    expect(onGroups(Distribution.torchDistributed({ instanceGroups: ['p3'] }), PYTORCH_2)).toEqual({ sagemaker_torch_distributed_enabled: true });
    expect(onGroups(Distribution.pytorchDdp({ instanceGroups: ['p3'] }), HUGGINGFACE)).toEqual({ sagemaker_pytorch_ddp_enabled: true });
    expect(onGroups(Distribution.torchDistributed(), { ...PYTORCH, frameworkVersion: '1.11.0' }, groups('ml.trn1.2xlarge'))).toEqual({ sagemaker_torch_distributed_enabled: true });
  });

  test.each<[string, Distribution, string, DistributionContext?]>([
    ['no group of several', Distribution.mpi(), 'Train: distribution.instanceGroups must name one of the groups of the capacity (c5, p3), got []'],
    ['two groups', Distribution.mpi({ instanceGroups: ['c5', 'p3'] }), 'must name one of the groups of the capacity (c5, p3), got ["c5","p3"]'],
    ['a group twice', Distribution.mpi({ instanceGroups: ['p3', 'p3'] }), 'distribution.instanceGroups must be unique'],
    ['a group that is not there', Distribution.mpi({ instanceGroups: ['g5'] }), 'must name one of the groups of the capacity (c5, p3), got g5'],
    ['a group that can not do it', Distribution.torchDistributed({ instanceGroups: ['c5'] }), 'Train: capacity.groups.c5.instanceType must be a type with GPUs or Trainium for Distribution.torchDistributed, got ml.c5.xlarge', PYTORCH_2],
    ['a parameter server', Distribution.parameterServer(), 'Train: capacity must be without groups for Distribution.parameterServer with pytorch, got ["c5","p3"]'],
    ['mirrored workers', Distribution.multiWorkerMirrored(), 'be without groups for Distribution.multiWorkerMirrored with tensorflow', TENSORFLOW],
    ['version 2 of the model parallel library', Distribution.torchDistributed({ smp: {}, instanceGroups: ['p3'] }), 'be without groups for Distribution.torchDistributed', PYTORCH_2],
    ['MXNet', Distribution.mpi({ instanceGroups: ['p3'] }), 'be without groups for Distribution.mpi with mxnet', MXNET],
  ])('rejects %s', (_what, distribution, message, context = PYTORCH) => expect(() => onGroups(distribution, context)).toThrow(message));

  test('rejects a group of a capacity without groups', () => {
    expect(() => hyperparameters(Distribution.mpi({ instanceGroups: ['p3'] }), PYTORCH)).toThrow('Train: distribution.instanceGroups must be left out for a capacity without groups');
  });

  test('rejects p5 in whatever group for the libraries that mpirun starts', () => {
    expect(() => onGroups(Distribution.smDataParallel({ instanceGroups: ['p3'] }), PYTORCH, groups('ml.p3.16xlarge', 'ml.p5.48xlarge'))).toThrow('Train: capacity.groups.p5.instanceType must be one that Distribution.smDataParallel works on');
  });

  test('rejects a named group of Trainium, which works alone', () => {
    const context = { ...PYTORCH, frameworkVersion: '1.11.0', capacity: groups('ml.trn1.2xlarge') };
    expect(() => hyperparameters(Distribution.torchDistributed({ instanceGroups: ['trn1'] }), context)).toThrow('distribution.instanceGroups must be left out for ml.trn1.2xlarge');
  });
});

describe('Distribution for a framework', () => {
  test.each<[string, Distribution, DistributionContext, string]>([
    ['what MXNet has not', Distribution.smDataParallel(), MXNET, 'Train: distribution must be one of parameterServer, mpi for mxnet, got smDataParallel'],
    ['what Chainer has not', Distribution.mpi(), CHAINER, 'distribution must be one of chainerMpi for chainer, got mpi'],
    ['what is Chainer\'s', Distribution.chainerMpi(), PYTORCH, 'distribution must be one of parameterServer, mpi, smDataParallel, smModelParallel, torchDistributed, pytorchDdp, pytorchXla for pytorch, got chainerMpi'],
    ['torchrun for TensorFlow', Distribution.torchDistributed(), TENSORFLOW, 'distribution must be one of parameterServer, mpi, smDataParallel, smModelParallel, multiWorkerMirrored for tensorflow, got torchDistributed'],
    ['mirrored workers for PyTorch', Distribution.multiWorkerMirrored(), PYTORCH, 'for pytorch, got multiWorkerMirrored'],
    ['mirrored workers for Hugging Face', Distribution.multiWorkerMirrored(), HUGGINGFACE_TF, 'for huggingface, got multiWorkerMirrored'],
    ['torchrun without PyTorch', Distribution.torchDistributed(), HUGGINGFACE_TF, 'distribution must be one that needs no PyTorch for huggingface on tensorflow, got torchDistributed'],
    ['any where there is none', Distribution.mpi(), { ...PYTORCH, framework: 'sklearn' }, 'distribution must be left out for sklearn, whose containers have none, got mpi'],
    ['version 2 of the model parallel library for Hugging Face', Distribution.torchDistributed({ smp: {} }), HUGGINGFACE, 'distribution.smp must be left out for huggingface'],
    ['options of mpirun that Hugging Face does not read', Distribution.pytorchDdp({ customMpiOptions: '-v' }), HUGGINGFACE, 'distribution.customMpiOptions must be left out for huggingface'],
    ['options of mpirun that MXNet does not read', Distribution.mpi({ customMpiOptions: '-v' }), MXNET, 'distribution.customMpiOptions must come with processesPerHost for mxnet, got -v'],
    ['no process', Distribution.mpi({ processesPerHost: 0 }), PYTORCH, 'distribution.processesPerHost must be a whole number of at least 1, got 0'],
    ['half a process', Distribution.chainerMpi({ numProcesses: 0.5 }), CHAINER, 'distribution.numProcesses must be a whole number of at least 1, got 0.5'],
    ['no slot', Distribution.chainerMpi({ processSlotsPerHost: 0 }), CHAINER, 'distribution.processSlotsPerHost must be a whole number of at least 1, got 0'],
    ['no instances', Distribution.mpi(), { ...PYTORCH, capacity: Capacity.serverless().config }, 'capacity must have instances for a distribution, got none'],
  ])('rejects %s', (_what, distribution, context, message) => expect(() => hyperparameters(distribution, context)).toThrow(message));
});

describe('Distribution on an instance type', () => {
  test.each<[string, Distribution, string, DistributionContext, string]>([
    ['torchrun without GPUs', Distribution.torchDistributed(), 'ml.c5.xlarge', PYTORCH_2, 'Train: capacity.instanceType must be a type with GPUs or Trainium for Distribution.torchDistributed, got ml.c5.xlarge'],
    ['torchrun on Inferentia', Distribution.torchDistributed(), 'ml.inf1.xlarge', PYTORCH_2, 'must be a type with GPUs or Trainium'],
    ['torchrun without GPUs for Hugging Face', Distribution.torchDistributed(), 'ml.c5.xlarge', HUGGINGFACE, 'must be a type with GPUs or Trainium'],
    ['mpi on Trainium', Distribution.mpi(), 'ml.trn1.2xlarge', PYTORCH, 'Train: distribution must be torchDistributed for ml.trn1.2xlarge, got mpi'],
    ['DistributedDataParallel on Trainium', Distribution.pytorchDdp(), 'ml.trn1.2xlarge', HUGGINGFACE, 'distribution must be torchDistributed for ml.trn1.2xlarge, got pytorchDdp'],
    ['a parameter server on Trainium', Distribution.parameterServer(), 'ml.trn1.2xlarge', TENSORFLOW, 'distribution must be torchDistributed for ml.trn1.2xlarge'],
    ['the model parallel library on Trainium', Distribution.torchDistributed({ smp: {} }), 'ml.trn1.2xlarge', PYTORCH_2, 'distribution.smp must be left out for ml.trn1.2xlarge'],
    ['the data parallel library on p5', Distribution.smDataParallel(), 'ml.p5.48xlarge', PYTORCH, 'Train: capacity.instanceType must be one that Distribution.smDataParallel works on, or the distribution be torchDistributed, got ml.p5.48xlarge'],
    ['version 1 of the model parallel library on p5', Distribution.smModelParallel({ parameters: {} }), 'ml.p5.48xlarge', PYTORCH, 'capacity.instanceType must be one that Distribution.smModelParallel works on'],
    ['DistributedDataParallel of PyTorch on p5', Distribution.pytorchDdp(), 'ml.p5.48xlarge', PYTORCH, 'capacity.instanceType must be one that Distribution.pytorchDdp works on'],
  ])('rejects %s', (_what, distribution, type, context, message) => expect(() => hyperparameters(distribution, { ...context, capacity: on(type) })).toThrow(message));

  test('is judged by every type that will do, and sends none of them', () => {
    const capacity = (...types: string[]) => Capacity.instancePreferences(types.map((instanceType) => ({ instanceType }))).config;
    expect(hyperparameters(Distribution.torchDistributed(), { ...PYTORCH_2, capacity: capacity('ml.p4d.24xlarge', 'ml.g5.48xlarge') })).toEqual({ sagemaker_torch_distributed_enabled: true });
    expect(() => hyperparameters(Distribution.torchDistributed(), { ...PYTORCH_2, capacity: capacity('ml.p4d.24xlarge', 'ml.c5.xlarge') })).toThrow('capacity.preferences[1].instanceType must be a type with GPUs');
  });

  test('is not judged where the type is known at deployment only', () => {
    const type = new CfnParameter(emptyStack(), 'Type').valueAsString;
    expect(hyperparameters(Distribution.torchDistributed(), { ...PYTORCH_2, capacity: on(type) })).toEqual({ sagemaker_torch_distributed_enabled: true, sagemaker_instance_type: type });
  });

  test('warns of GPUs that a parameter server leaves idle', () => {
    const warningsOn = (type: string, context = TENSORFLOW) => warned(Distribution.parameterServer(), { ...context, capacity: on(type) });
    expect(warningsOn('ml.p3.16xlarge').join()).toContain('all but one of ml.p3.16xlarge stay idle');
    expect(warningsOn('ml.p3.16xlarge', MXNET).join()).toContain('cdk-sagemaker:parameterServerOnSeveralGpus');
    expect([...warningsOn('ml.p3.2xlarge'), ...warningsOn('ml.p2.xlarge'), ...warningsOn('ml.c5.xlarge')]).toEqual([]);
  });
});

describe('Distribution for a version', () => {
  const torchrun = Distribution.torchDistributed();
  const smddp = Distribution.smDataParallel();

  test.each<[string, Distribution, DistributionContext, string]>([
    ['MXNet below 1.3', Distribution.parameterServer(), { ...MXNET, frameworkVersion: '1.2.1' }, 'Train: the version of mxnet must be 1.3 or later for Distribution.parameterServer, got 1.2.1'],
    ['MXNet below 1.3 in an image of one\'s own', Distribution.mpi(), { ...MXNET, frameworkVersion: '1.2', hasOwnImage: true }, 'the version of mxnet must be 1.3 or later'],
    ['PyTorch after the data parallel library', smddp, { ...PYTORCH, frameworkVersion: '2.3.0' }, 'Train: the version of pytorch must be one of 1.6, 1.6.0, 1.7, '],
    ['PyTorch after the data parallel library that runs DistributedDataParallel', Distribution.pytorchDdp(), { ...PYTORCH, frameworkVersion: '2.3.0' }, 'for Distribution.pytorchDdp, got 2.3.0'],
    ['PyTorch long after the data parallel library', smddp, { ...PYTORCH, frameworkVersion: '3.0' }, '2.2.0 for Distribution.smDataParallel, got 3.0'],
    ['TensorFlow after the data parallel library', smddp, { ...TENSORFLOW, frameworkVersion: '2.12' }, 'the version of tensorflow must be one of 2.3, '],
    ['Hugging Face on a version after the data parallel library', smddp, { ...HUGGINGFACE, baseFrameworkVersion: '2.3.0' }, 'the version of pytorch must be one of 1.6, '],
    ['the data parallel library in Python 2', smddp, { ...TENSORFLOW, frameworkVersion: '2.3', pyVersion: 'py2' }, 'Train: the version of Python must be a Python 3 for Distribution.smDataParallel, got py2'],
    ['PyTorch before torchrun', torchrun, { ...PYTORCH, frameworkVersion: '1.8', capacity: on('ml.p3.16xlarge') }, 'Train: the version of pytorch must be one of 1.13.1, 2.0.0, 2.0.1, 2.1.0, 2.1.2, 2.2.0, 2.3.0, 2.3.1, 2.4.1, 2.5.1, 2.6.0, 2.7.1, 2.8.0 for Distribution.torchDistributed, got 1.8'],
    ['a version that is no tag of an image with torchrun', torchrun, { ...PYTORCH, frameworkVersion: '2.8' }, 'Distribution.torchDistributed, got 2.8'],
    ['Hugging Face on PyTorch before torchrun', torchrun, { ...HUGGINGFACE, baseFrameworkVersion: '1.10.2' }, 'Distribution.torchDistributed, got 1.10.2'],
    ['PyTorch without torchrun on Trainium', torchrun, { ...PYTORCH, frameworkVersion: '2.1.0', capacity: on('ml.trn1.2xlarge') }, '1.13.1, 2.0.0 for Distribution.torchDistributed on Trainium, got 2.1.0'],
    ['torchrun in Python 2', torchrun, { ...PYTORCH_2, pyVersion: 'py2' }, 'the version of Python must be a Python 3 for Distribution.torchDistributed, got py2'],
    ['torchrun for a shell script', torchrun, { ...PYTORCH_2, entryPoint: 'run.sh' }, 'Train: entryPoint must be a Python file (.py) for Distribution.torchDistributed, got run.sh'],
    ['torchrun for a shell script in an image of one\'s own', torchrun, { ...PYTORCH, ...OWN_IMAGE, entryPoint: 'run.sh' }, 'entryPoint must be a Python file'],
    ['mirrored workers below 2.9', Distribution.multiWorkerMirrored(), { ...TENSORFLOW, frameworkVersion: '2.8' }, 'Train: the version of tensorflow must be 2.9 or later for Distribution.multiWorkerMirrored, got 2.8'],
    ['an image that is known to lack the libraries', smddp, { ...PYTORCH, ...OWN_IMAGE, imageUri: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/mine:2.0.1-gpu-py310-cu121' }, 'Train: the image must have the library of Distribution.smDataParallel, got 123456789012'],
  ])('rejects %s', (_what, distribution, context, message) => expect(() => hyperparameters(distribution, context)).toThrow(message));

  test('passes with a warning for one that this version does not know yet', () => {
    const context = { ...PYTORCH_2, frameworkVersion: '2.10.0' };
    expect(hyperparameters(torchrun, context)).toEqual(TORCHRUN_ON_P4);
    expect(warned(torchrun, context).join()).toContain('cdk-sagemaker:unknownDistributionVersion');
    expect(warned(torchrun, PYTORCH_2)).toEqual([]);
  });

  test('counts versions by numbers', () => {
    expect(hyperparameters(Distribution.mpi(), { ...MXNET, frameworkVersion: '1.10.0' })).toEqual({ sagemaker_mpi_enabled: true });
    expect(() => hyperparameters(Distribution.mpi(), { ...MXNET, frameworkVersion: '1' })).toThrow('must be 1.3 or later');
  });

  test.each<[string, Distribution, DistributionContext]>([
    ['torchrun', torchrun, { ...PYTORCH, capacity: on('ml.c5.xlarge') }],
    ['the data parallel library', smddp, PYTORCH],
    ['mpi for MXNet', Distribution.mpi(), MXNET],
    ['mirrored workers', Distribution.multiWorkerMirrored(), TENSORFLOW],
  ])('is not judged for %s in an image of one\'s own', (_what, distribution, context) => {
    expect(() => hyperparameters(distribution, { ...context, ...OWN_IMAGE })).not.toThrow();
  });

  test('is not judged where it is known at deployment only', () => {
    const version = new CfnParameter(emptyStack(), 'Version').valueAsString;
    expect(() => hyperparameters(smddp, { ...PYTORCH, frameworkVersion: version, pyVersion: version })).not.toThrow();
  });
});
