import { Algorithm, Capacity, Checkpoints, Distribution, Framework, Hyperparameters, ModelDir, OutputLocation, RlFramework, RlToolkit, Script, type FrameworkAlgorithmOptions } from 'cdk-sagemaker';
import { Duration } from 'aws-cdk-lib/core';
import { on, s3, solo, src, trainAndTest, type Place, type Twin } from '../recorded';

const MIXED = () => Hyperparameters.of({ 'epochs': 20, 'batch-size': 64, 'learning-rate': 0.1, 'name': 'text', 'flag': true, 'none': null, 'list': [1, 2], 'dict': { a: 'b' } });

/** A job of a framework on the usual channels. */
const job = (at: Place, framework: Framework, capacity: Capacity, options: Partial<FrameworkAlgorithmOptions> = {}, props: Parameters<Place['job']>[0] = {}) =>
  at.job({ algorithm: Algorithm.framework(framework, { script: solo(), ...options }), capacity, inputs: trainAndTest(), ...props });
const py = (pyVersion: string) => ({ pyVersion });
const c4 = on('ml.c4.xlarge');
const pt112 = () => Framework.pytorch('1.12.0', py('py38'));
const tf23 = () => Framework.tensorflow('2.3.0', py('py37'));
const hf = (transformersVersion: string, pytorchVersion: string, pyVersion = 'py39') => Framework.huggingFace({ transformersVersion, pytorchVersion, pyVersion });

export const FRAMEWORKS: { readonly [name: string]: Twin } = {
  chainer_4_1_py2_gpu: (at) => job(at, Framework.chainer('4.1', py('py2')), on('ml.p2.xlarge')),
  chainer_5_0_0_py3: (at) => job(at, Framework.chainer('5.0.0', py('py3')), c4),
  chainer_mpi: (at) => job(at, Framework.chainer('5.0.0', py('py3')), on('ml.p3.8xlarge', 2), {
    distribution: Distribution.chainerMpi({ numProcesses: 4, processSlotsPerHost: 2, additionalMpiOptions: '-x NCCL_DEBUG=INFO' }),
  }),
  huggingface_newest: (at) => job(at, hf('4.56.2', '2.8.0', 'py312'), on('ml.g5.xlarge'), { script: src() }),
  huggingface_pt_gpu: (at) => job(at, hf('4.26.0', '1.13.1'), on('ml.p3.2xlarge'), { script: src() }, { hyperparameters: MIXED() }),
  huggingface_pt_short: (at) => job(at, hf('4.26', '1.13'), on('ml.p3.2xlarge'), { script: src() }),
  huggingface_smddp: (at) => job(at, hf('4.26.0', '1.13.1'), on('ml.p4d.24xlarge', 2), { script: src(), distribution: Distribution.smDataParallel() }),
  huggingface_tf_gpu: (at) => job(at, Framework.huggingFace({ transformersVersion: '4.17.0', tensorflowVersion: '2.6.3', pyVersion: 'py38' }), on('ml.p3.2xlarge'), { script: src() }),
  mxnet_1_2_1_py2_gpu: (at) => job(at, Framework.mxnet('1.2.1', py('py2')), on('ml.p2.xlarge'), {}, { inputs: { training: s3('s3://my_bucket/my_training_data/') } }),
  mxnet_1_2_1_py3_cpu: (at) => job(at, Framework.mxnet('1.2.1', py('py3')), c4, { script: src() }, { hyperparameters: MIXED() }),
  mxnet_1_4_1_cpu: (at) => job(at, Framework.mxnet('1.4.1', py('py3')), c4),
  mxnet_1_9_0_gpu: (at) => job(at, Framework.mxnet('1.9.0', py('py38')), on('ml.p3.2xlarge'), { script: src() }),
  mxnet_custom_image: (at) => job(at, Framework.mxnet(undefined, { image: at.image }), on('ml.p2.xlarge')),
  mxnet_mpi: (at) => job(at, Framework.mxnet('1.6.0', py('py3')), on('ml.p3.8xlarge', 2), { distribution: Distribution.mpi({ processesPerHost: 4, customMpiOptions: '-verbose' }) }),
  mxnet_parameter_server: (at) => job(at, Framework.mxnet('1.6.0', py('py3')), on('ml.p3.2xlarge', 2), { distribution: Distribution.parameterServer() }),
  pytorch_0_4_0: (at) => job(at, Framework.pytorch('0.4.0', py('py3')), c4),
  pytorch_1_3_1_gpu: (at) => job(at, Framework.pytorch('1.3.1', py('py3')), on('ml.p3.2xlarge')),
  pytorch_2_8_0_cpu: (at) => job(at, Framework.pytorch('2.8.0', py('py312')), on('ml.c5.xlarge'), { script: src() }),
  pytorch_heterogeneous: (at) => job(at, pt112(), Capacity.instanceGroups({ groups: { cpu: { instanceType: 'ml.c5.xlarge' }, gpu: { instanceType: 'ml.p3.16xlarge', instanceCount: 2 } } }), {
    script: src(), distribution: Distribution.mpi({ processesPerHost: 8, instanceGroups: ['gpu'] }),
  }, { inputs: { train: s3('s3://my-bucket/train', { instanceGroups: ['gpu'] }) } }),
  pytorch_metrics_off: (at) => job(at, pt112(), c4, { metricsTimeSeries: false }),
  pytorch_mpi: (at) => job(at, pt112(), on('ml.p3.16xlarge', 2), { script: src(), distribution: Distribution.mpi({ processesPerHost: 8 }) }),
  pytorch_network_isolation: (at) => job(at, pt112(), c4, { script: src() }, { networkIsolation: true }),
  pytorch_network_isolation_s3_source: (at) => job(at, pt112(), c4, { script: Script.fromS3Uri('s3://code/sourcedir.tar.gz', { entryPoint: 'train.py' }) }, { networkIsolation: true }),
  pytorch_parameter_server: (at) => job(at, pt112(), on('ml.c5.xlarge', 2), { script: src(), distribution: Distribution.parameterServer() }),
  pytorch_pytorchddp: (at) => job(at, pt112(), on('ml.p4d.24xlarge', 2), { script: src(), distribution: Distribution.pytorchDdp() }),
  pytorch_smddp: (at) => job(at, pt112(), on('ml.p4d.24xlarge', 2), { script: src(), distribution: Distribution.smDataParallel({ customMpiOptions: '-verbose -x NCCL_DEBUG=VERSION' }) }),
  pytorch_smp: (at) => job(at, pt112(), on('ml.p4d.24xlarge'), {
    script: src(), distribution: Distribution.smModelParallel({ parameters: { partitions: 2, microbatches: 4, ddp: true }, processesPerHost: 8 }),
  }),
  pytorch_spot_checkpoint: (at) => job(at, pt112(), Capacity.spot({ instanceType: 'ml.c4.xlarge', maxWait: Duration.seconds(7200) }), {}, {
    maxRuntime: Duration.seconds(3600), checkpoints: Checkpoints.fromBucket(at.bucket('my-bucket'), 'ckpt'),
  }),
  pytorch_torch_distributed: (at) => job(at, Framework.pytorch('2.0.1', py('py310')), on('ml.g5.12xlarge', 2), { script: src(), distribution: Distribution.torchDistributed() }),
  rl_estimator_coach: (at) => job(at, Framework.reinforcementLearning(RlToolkit.COACH, '0.11.0', RlFramework.MXNET), c4, {}, { inputs: {} }),
  sklearn_1_4_2: (at) => job(at, Framework.sklearn('1.4-2'), on('ml.m5.xlarge')),
  sklearn_network_isolation: (at) => job(at, Framework.sklearn('0.20.0'), on('ml.m4.xlarge'), {}, {
    networkIsolation: true, hyperparameters: Hyperparameters.of({ 'epochs': 20, 'batch-size': 64, 'learning-rate': 0.1 }),
  }),
  tensorflow_1_11_py2_gpu: (at) => job(at, Framework.tensorflow('1.11', py('py2')), on('ml.p2.xlarge')),
  tensorflow_1_12_py3_cpu: (at) => job(at, Framework.tensorflow('1.12', py('py3')), c4),
  tensorflow_1_15_2: (at) => job(at, Framework.tensorflow('1.15.2', py('py37')), on('ml.p3.2xlarge')),
  tensorflow_2_19_cpu: (at) => job(at, Framework.tensorflow('2.19.0', py('py312')), on('ml.c5.xlarge'), { script: src() }),
  tensorflow_model_dir: (at) => job(at, tf23(), c4, { modelDir: ModelDir.fromBucket(at.bucket('models'), 'dir') }),
  tensorflow_model_dir_false: (at) => job(at, tf23(), c4, { modelDir: ModelDir.none() }),
  tensorflow_mpi: (at) => job(at, tf23(), on('ml.p3.8xlarge', 2), { distribution: Distribution.mpi({ processesPerHost: 2, customMpiOptions: '-verbose --NCCL_DEBUG=INFO' }) }),
  tensorflow_output_path: (at) => job(at, tf23(), c4, {}, { output: OutputLocation.fromBucket(at.bucket('out'), 'p') }),
  tensorflow_parameter_server: (at) => job(at, tf23(), on('ml.c4.xlarge', 2), { distribution: Distribution.parameterServer() }),
  tensorflow_smddp: (at) => job(at, Framework.tensorflow('2.11', py('py39')), on('ml.p3.16xlarge', 2), { distribution: Distribution.smDataParallel() }),
  xgboost_1_7_1: (at) => job(at, Framework.xgboost('1.7-1'), on('ml.m5.xlarge'), { script: src() }, { hyperparameters: MIXED() }),
  xgboost_3_0_5_gpu: (at) => job(at, Framework.xgboost('3.0-5'), on('ml.g4dn.xlarge', 2)),
};
