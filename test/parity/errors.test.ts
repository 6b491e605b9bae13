import {
  Algorithm, AlgorithmHyperparameter, BuiltInAlgorithm, Capacity, DataSource, Distribution, FileSystemAccess, Framework, Hyperparameters, ImageUris, InputMode, Model, ModelData, Objective, ParameterRange, Script, TransformJob,
  type FrameworkAlgorithmOptions,
} from 'cdk-sagemaker';
import { FileSystem } from 'aws-cdk-lib/aws-efs';
import { artifact, on, Place, requestsOf, s3, solo, SOURCE, src, type Twin } from './recorded';
import { SOME_ALGORITHM, someAlgorithm } from './twins/algorithms';

const framework = (at: Place, of: Framework, capacity: Capacity, options: Partial<FrameworkAlgorithmOptions> = {}) =>
  at.job({ algorithm: Algorithm.framework(of, { script: solo(), ...options }), capacity });
const py = (pyVersion: string) => ({ pyVersion });
const pt201 = Framework.pytorch('2.0.1', py('py310'));
const p3 = on('ml.p3.16xlarge', 2);
const algorithm = (props: Partial<Parameters<Place['job']>[0]> = {}, options = {}, more = {}) => (at: Place) => at.job({ algorithm: someAlgorithm(options, more), ...props });

/** What the Python SDK refuses before it sends anything, and what a construct says of it. */
const REFUSED: { readonly [name: string]: [Twin, string] } = {
  algorithm_bad_input_mode: [algorithm({}, { channels: { training: { inputModes: [InputMode.FILE] } } }, { inputMode: InputMode.PIPE }), 'algorithm.inputMode must be File, which every channel of some-algorithm takes, got Pipe'],
  algorithm_bad_instance_type: [algorithm({ capacity: on('ml.p2.xlarge') }), 'capacity.instanceType must be one of ml.c4.xlarge, ml.m4.xlarge'],
  algorithm_hyperparameter_categorical: [algorithm({ hyperparameters: Hyperparameters.of({ mode: 'z' }) }), 'hyperparameters.mode must be one of a, b'],
  algorithm_not_distributed: [algorithm({ capacity: on('ml.c4.xlarge', 2) }, { distributed: false }), 'capacity.instanceCount must be 1'],
  algorithm_required_channel: [algorithm({ inputs: { validation: s3('s3://b/t') } }), 'inputs must have the channel training'],
  algorithm_required_hyperparameter: [
    algorithm({}, { hyperparameters: { ...SOME_ALGORITHM.hyperparameters, max_leaf_nodes: AlgorithmHyperparameter.integer({ min: 1, max: 100000, required: true }) } }),
    'hyperparameters.max_leaf_nodes must be given',
  ],
  algorithm_unknown_hyperparameter: [algorithm({ hyperparameters: Hyperparameters.of({ nope: 1 }) }), 'the name nope must be one that some-algorithm has'],
  bad_input_type: [(at) => at.job({ inputs: { training: 123 as never } }), 'inputs.training must be a DataSource'],
  bad_rule: [(at) => at.job({ debugRules: { x: 'x' as never } }), 'debugRules.x must be a MonitoringRule'],
  bad_uri: [(at) => at.job({ inputs: { training: s3('http://x') } }), 'inputs must have data at s3://bucket/prefix, got http://x'],
  deploy_bad_async: [(at) => new Model(at.stack, 'Model', { image: at.image }).deploy('Endpoint', { instanceType: 'ml.m4.xlarge', asyncInference: {} as never }), 'asyncInference must be an AsyncInference'],
  deploy_no_instance: [(at) => at.job().toModel('Model').deploy('Endpoint', {} as never), 'instanceType must be'],
  file_uri_not_local: [(at) => at.job({ inputs: { training: s3('file:///tmp/data') } }), 'inputs must have data at s3://bucket/prefix, got file:///tmp/data'],
  fs_mode: [(at) => at.job({
    ...at.network(['subnet-1'], ['sg-1']),
    inputs: { train: DataSource.fromFileSystem(FileSystem.fromFileSystemAttributes(at.stack, 'Files', { fileSystemId: 'fs-12345678', securityGroup: at.group('sg-2') }), { access: 'w' as FileSystemAccess }) },
  }), 'inputs.train.access must be one of rw, ro'],
  hf_mixed_version_length: [(at) => framework(at, Framework.huggingFace({ transformersVersion: '4.26.0', pytorchVersion: '1.13', pyVersion: 'py39' }), on('ml.p3.2xlarge')), 'framework must have two full or two short versions'],
  hf_no_versions: [(at) => framework(at, Framework.huggingFace({ transformersVersion: '4.26.0', pyVersion: 'py39' }), on('ml.p3.2xlarge')), 'framework must have either pytorchVersion or tensorflowVersion'],
  image_uri_bad_instance: [() => ImageUris.retrieve('pytorch', 'us-west-2', { version: '2.1', pyVersion: 'py310', instanceType: 'c5.xlarge', imageScope: 'training' as never }), 'instanceType'],
  image_uri_no_scope: [() => ImageUris.retrieve('pytorch', 'us-west-2', { version: '2.1', pyVersion: 'py310', instanceType: 'ml.c5.xlarge' }), 'imageScope'],
  image_uri_region: [() => ImageUris.retrieve('pytorch', 'mars-1', { version: '2.1', pyVersion: 'py310', instanceType: 'ml.c5.xlarge', imageScope: 'training' as never }), 'region'],
  kmeans_k: [(at) => at.job({ algorithm: BuiltInAlgorithm.kMeans({ k: 1, featureDim: 4 }), inputs: { train: s3('s3://b/t') } }), 'algorithm.k must be'],
  lda_multi_instance: [(at) => at.job({ algorithm: BuiltInAlgorithm.lda({ numTopics: 5, miniBatchSize: 100, featureDim: 4 }), capacity: on('ml.c4.xlarge', 2), inputs: { train: s3('s3://b/t') } }), 'capacity.instanceCount must be 1'],
  local_path_uri: [(at) => at.job({ inputs: { training: s3('/tmp/data') } }), 'inputs must have data at s3://bucket/prefix, got /tmp/data'],
  model_uri_file_not_local: [(at) => at.job({ inputs: { model: DataSource.fromModelData(ModelData.fromS3Uri('file:///x')) } }), 'modelData must be at s3://bucket/key, got file:///x'],
  mxnet_distribution_old: [(at) => framework(at, Framework.mxnet('1.2.1', py('py3')), on('ml.m4.xlarge', 2), { distribution: Distribution.parameterServer() }), '1.3'],
  py_version_required: [(at) => framework(at, Framework.mxnet('1.2.1'), on('ml.c4.xlarge')), 'pyVersion must be'],
  pytorch_no_entry_point: [(at) => framework(at, Framework.pytorch('2.1', py('py310')), on('ml.c4.xlarge'), { script: Script.fromDirectory(SOURCE, {} as never) }), 'entryPoint must be'],
  sklearn_gpu: [(at) => framework(at, Framework.sklearn('0.20.0'), on('ml.p2.xlarge')), 'must'],
  sklearn_model_accelerator: [
    (at) => new Model(at.stack, 'Model', { framework: Framework.sklearn('1.2-1'), modelData: artifact(), script: solo() }).deploy('Endpoint', { instanceType: 'ml.m4.xlarge', acceleratorType: 'ml.eia1.medium' }),
    'variants.AllTraffic.acceleratorType must be left out for models of Scikit-learn',
  ],
  sklearn_multi: [(at) => framework(at, Framework.sklearn('0.20.0'), on('ml.m4.xlarge', 2)), 'capacity.instanceCount must be 1 for Scikit-learn'],
  sklearn_py2: [(at) => framework(at, Framework.sklearn('0.20.0', py('py2')), on('ml.m4.xlarge')), 'framework: pyVersion must be py3'],
  smddp_version: [(at) => framework(at, Framework.pytorch('2.3.0', py('py311')), on('ml.p4d.24xlarge', 2), { distribution: Distribution.smDataParallel() }), '2.2.0'],
  tf_legacy: [(at) => framework(at, Framework.tensorflow('1.10', py('py2')), on('ml.m4.xlarge')), 'framework must be TensorFlow 1.11 or newer'],
  tf_model_no_version: [(at) => new Model(at.stack, 'Model', { framework: Framework.tensorflow(), modelData: artifact() }), 'framework must have a version, or an image'],
  tf_py2_too_new: [(at) => framework(at, Framework.tensorflow('2.2', py('py2')), on('ml.m4.xlarge')), 'framework: pyVersion must be of Python 3'],
  tuner_invalid_categorical_builtin: [
    (at) => at.tuning({
      algorithm: BuiltInAlgorithm.kMeans({ k: 10, featureDim: 4 }), hyperparameters: undefined, metrics: undefined, inputs: { train: s3('s3://b/t') },
      objective: Objective.minimize('test:msd'), ranges: { init_method: ParameterRange.categorical('foo') },
    }),
    'ranges.init_method must be one of random, kmeans++, got foo',
  ],
  torch_distributed_cpu: [(at) => framework(at, pt201, on('ml.c5.xlarge', 2), { distribution: Distribution.torchDistributed() }), 'GPU'],
  torch_distributed_shell: [(at) => framework(at, pt201, p3, { script: src('run.sh'), distribution: Distribution.torchDistributed() }), '.py'],
  torch_distributed_version: [(at) => framework(at, Framework.pytorch('1.8', py('py36')), p3, { distribution: Distribution.torchDistributed() }), '1.13.1'],
  transform_bad_uri: [(at) => new TransformJob(at.stack, 'Scores', { model: Model.fromModelName(at.stack, 'Model', 'm'), input: s3('/tmp/x'), instanceType: 'ml.m4.xlarge' }), 'Scores: input must have data at s3://bucket/prefix, got /tmp/x'],
  vpc_override_not_dict: [(at) => at.job().toModel('Model', { vpc: 'x' as never }), 'vpc must be'],
  xgboost_1_1: [(at) => framework(at, Framework.xgboost('1.1-1'), on('ml.m4.xlarge')), 'framework must be another XGBoost'],
};

/** What the shape of the constructs leaves no room for, or is none of a template's. */
const NO_ROOM: { readonly [name: string]: string } = {
  checkpoint_local: 'local runs take the same job; the local SageMaker says what it leaves out',
  spot_local: 'as above',
  local_gpu_multi: 'as above',
  delete_model_before_create: 'a model is deleted with its stack',
  deploy_bad_serverless: 'deployServerless has options of its own, checked by the compiler',
  model_package_algorithm_no_data: 'the source of a package is an algorithm and an artifact',
  model_package_both: 'a package made elsewhere and one of an algorithm are two factories',
  deploy_before_fit: 'a model is made of a job, which there is',
  deploy_no_role: 'a model has a role of its own',
  deploy_update_endpoint_removed: 'an endpoint is updated by a deployment',
  estimator_delete_endpoint_removed: 'an endpoint is deleted with its stack',
  duplicate_model_channel: 'channels are keys of a map',
  fs_type: 'there is a factory for each type of file system',
  groups_and_instance: 'groups and one type are two factories of Capacity',
  no_role: 'a job has a role of its own',
  tuner_wait_before: 'a deployment waits for the job that it has launched',
  tuner_warm_start_type: 'there is a factory for each type of warm start',
  smdistributed_two: 'a distribution is one',
  smdistributed_unknown: 'there is a factory for each distribution',
};

describe('what the Python SDK refuses', () => {
  test.each(Object.keys(REFUSED))('%s is refused when the app is synthesized', (name) => {
    const [twin, message] = REFUSED[name];
    expect(() => requestsOf(twin, 'us-west-2')).toThrow(message);
  });

  test('and has no room for is named', () => {
    expect(Object.values(NO_ROOM).every((reason) => reason.length > 5)).toBe(true);
  });
});
