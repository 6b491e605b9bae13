import { Template } from 'aws-cdk-lib/assertions';
import {
  Algorithm, Capacity, ContainerImage, ContainerLogLevel, Distribution, Framework, Hyperparameters, ModelDir, RlFramework, RlToolkit, Script, type FrameworkAlgorithmOptions, type TrainingJobProps,
} from 'cdk-sagemaker';
import { join } from 'node:path';
import { allowing, bucketNamed, emptyStack, flat, IMAGE_URI, jobOf, trainingIn, warnings } from './support/stacks';

const script = Script.fromDirectory(join(__dirname, 'support', 'source'), { entryPoint: 'train.py' });
const on = (instanceType: string, instanceCount?: number) => Capacity.onDemand({ instanceType, instanceCount });
const stackIn = (region?: string) => emptyStack('Stack', region === undefined ? {} : { env: { account: '123456789012', region } });

function trained(framework: Framework, capacity = on('ml.m5.large'), options: Partial<FrameworkAlgorithmOptions> = {}, props: Partial<TrainingJobProps> = {}, stack = stackIn('eu-west-1')): Template {
  trainingIn(stack, { algorithm: Algorithm.framework(framework, { script, ...options }), capacity, ...props });
  return Template.fromStack(stack);
}
const requestOf = (...args: Parameters<typeof trained>) => jobOf(trained(...args)).Request;
const imageOf = (...args: Parameters<typeof trained>) => requestOf(...args).AlgorithmSpecification.TrainingImage.replace(/^.*\//, '');

describe('A framework', () => {
  test.each<[string, Framework, Capacity, string]>([
    ['the newest PyTorch on a GPU', Framework.pytorch('2.8.0', { pyVersion: 'py312' }), on('ml.g5.xlarge'), 'pytorch-training:2.8.0-gpu-py312'],
    ['the oldest PyTorch with Python 2', Framework.pytorch('0.4.0', { pyVersion: 'py2' }), on('ml.m5.large'), 'sagemaker-pytorch:0.4.0-cpu-py2'],
    ['TensorFlow on a CPU', Framework.tensorflow('2.19.0', { pyVersion: 'py312' }), on('ml.m5.large'), 'tensorflow-training:2.19.0-cpu-py312'],
    ['the oldest MXNet with Python 2', Framework.mxnet('0.12.1', { pyVersion: 'py2' }), on('ml.p3.2xlarge'), 'sagemaker-mxnet:0.12.1-gpu-py2'],
    ['Chainer', Framework.chainer('5.0.0', { pyVersion: 'py3' }), on('ml.m5.large'), 'sagemaker-chainer:5.0.0-cpu-py3'],
    ['Scikit-learn', Framework.sklearn('1.4-2'), on('ml.m5.large'), 'sagemaker-scikit-learn:1.4-2-cpu-py3'],
    ['XGBoost on a GPU', Framework.xgboost('3.0-5'), on('ml.g5.xlarge'), 'sagemaker-xgboost:3.0-5'],
    ['Ray', Framework.reinforcementLearning(RlToolkit.RAY, '1.6.0', RlFramework.PYTORCH), on('ml.m5.large'), 'sagemaker-rl-ray-container:ray-1.6.0-torch-cpu-py36'],
    ['a version of PyTorch that nobody knew', Framework.pytorch('2.99.0', { pyVersion: 'py314', unlistedVersion: true }), on('ml.g5.xlarge'), 'pytorch-training:2.99.0-gpu-py314'],
  ])('has an image: %s', (_what, framework, capacity, image) => expect(imageOf(framework, capacity)).toBe(image));

  test('has the Python that there is, and asks for it where there are several', () => {
    expect(imageOf(Framework.pytorch('2.6.0'))).toBe('pytorch-training:2.6.0-cpu-py312');
    expect(() => trained(Framework.mxnet('1.2.1'))).toThrow('Stack/Train: algorithm.framework.pyVersion must be');
  });

  test('has its image in the account of the Region, or of whichever Region the stack is deployed to', () => {
    expect(requestOf(Framework.pytorch('2.6.0'), undefined, {}, {}, stackIn('cn-north-1')).AlgorithmSpecification.TrainingImage).toBe('727897471807.dkr.ecr.cn-north-1.amazonaws.com.cn/pytorch-training:2.6.0-cpu-py312');
    const template = trained(Framework.pytorch('2.6.0'), undefined, {}, {}, stackIn());
    expect(flat(jobOf(template).Request.AlgorithmSpecification.TrainingImage)).toMatch(/Fn::FindInMap.*\.dkr\.ecr\.<AWS::Region>\.<AWS::URLSuffix>\/pytorch-training:2\.6\.0-cpu-py312$/);
    expect(allowing(template, 'TrainRole', 'ecr:BatchGetImage')).toHaveLength(1);
  });

  test('is told what its script is and how much to log, in JSON', () => {
    const { HyperParameters } = requestOf(Framework.pytorch('2.6.0'), undefined, { logLevel: ContainerLogLevel.DEBUG }, { hyperparameters: Hyperparameters.of({ rate: 0.1, name: 'adam', deep: true }) });
    expect(HyperParameters).toMatchObject({
      rate: '0.1', name: '"adam"', deep: 'true', sagemaker_program: '"train.py"', sagemaker_container_log_level: '10', sagemaker_job_name: '"{JobName}"', sagemaker_region: '"eu-west-1"',
    });
  });

  test.each<[string, Framework, unknown]>([
    ['PyTorch from 1.3 on', Framework.pytorch('1.3.1', { pyVersion: 'py3' }), true],
    ['no PyTorch before', Framework.pytorch('1.2.0', { pyVersion: 'py3' }), undefined],
    ['MXNet from 1.6 on', Framework.mxnet('1.6.0', { pyVersion: 'py3' }), true],
    ['Hugging Face', Framework.huggingFace({ transformersVersion: '4.56.2', pytorchVersion: '2.8.0', pyVersion: 'py312' }), true],
    ['no XGBoost', Framework.xgboost('1.7-1'), undefined],
  ])('keeps its metrics as series: %s', (_what, framework, expected) => {
    expect(requestOf(framework, on('ml.g4dn.xlarge')).AlgorithmSpecification.EnableSageMakerMetricsTimeSeries).toBe(expected);
  });

  test('takes the image for the GPUs of a mixed cluster', () => {
    const capacity = Capacity.instanceGroups({ groups: { cpu: { instanceType: 'ml.c5.xlarge' }, gpu: { instanceType: 'ml.g5.xlarge' } } });
    expect(imageOf(Framework.pytorch('2.6.0'), capacity)).toBe('pytorch-training:2.6.0-gpu-py312');
  });

  test('goes by its own image where it has one, and can be of an unknown version then', () => {
    const { AlgorithmSpecification } = requestOf(Framework.pytorch(undefined, { image: ContainerImage.fromUri(IMAGE_URI) }));
    expect(AlgorithmSpecification).toEqual({ TrainingImage: IMAGE_URI, TrainingInputMode: 'File' });
  });

  test('on Trainium has the one image there is, and warns that it is of another version', () => {
    const stack = stackIn('us-west-2');
    expect(imageOf(Framework.pytorch('2.1.0'), on('ml.trn1.2xlarge'), {}, {}, stack)).toMatch(/^pytorch-training-neuron:1\.11\.0-/);
    expect(warnings(stack)).toContainEqual(expect.stringContaining('which is of another version than 2.1.0'));
  });

  test('warns of the data parallel library on instances that it is not documented for', () => {
    const stack = stackIn('us-west-2');
    trained(Framework.pytorch('2.0.1', { pyVersion: 'py310' }), on('ml.m5.large', 2), { distribution: Distribution.smDataParallel() }, {}, stack);
    expect(warnings(stack)).toContainEqual(expect.stringContaining('on ml.m5.large the job may fail'));
    const right = stackIn('us-west-2');
    trained(Framework.pytorch('2.0.1', { pyVersion: 'py310' }), on('ml.p4d.24xlarge', 2), { distribution: Distribution.smDataParallel() }, {}, right);
    expect(warnings(right)).toEqual([]);
  });

  test('is distributed by hyperparameters', () => {
    expect(requestOf(Framework.pytorch('2.6.0'), on('ml.g5.12xlarge', 2), { distribution: Distribution.torchDistributed() }).HyperParameters).toMatchObject({
      sagemaker_torch_distributed_enabled: 'true', sagemaker_instance_type: '"ml.g5.12xlarge"',
    });
  });

  test('trains with the model parallel library on that library\'s own image', () => {
    const distribution = Distribution.torchDistributed({ smp: { hybrid_shard_degree: 8 } });
    expect(imageOf(Framework.pytorch('2.3.1', { pyVersion: 'py311' }), on('ml.p4d.24xlarge', 2), { distribution })).toMatch(/^smdistributed-modelparallel:2\.3\.1-gpu-py311-cu121$/);
  });

  test('is compiled while it trains, on an image with the compiler', () => {
    const compiled = requestOf(Framework.pytorch('1.13.1', { pyVersion: 'py39' }), on('ml.g5.xlarge'), { trainingCompiler: {} });
    expect(compiled.AlgorithmSpecification.TrainingImage).toContain('/pytorch-trcomp-training:1.13.1-gpu-py39');
    expect(compiled.HyperParameters).toMatchObject({ sagemaker_training_compiler_enabled: 'true', sagemaker_training_compiler_debug_mode: 'false' });
  });

  test('of reinforcement learning reads its rewards, unless other metrics are named', () => {
    expect(requestOf(Framework.reinforcementLearning(RlToolkit.RAY, '1.6.0', RlFramework.PYTORCH)).AlgorithmSpecification.MetricDefinitions.map(({ Name }: { Name: string }) => Name))
      .toEqual(['episode_reward_mean', 'episode_reward_max']);
  });

  test.each<[string, () => unknown, string]>([
    ['a version there is none of', () => trained(Framework.pytorch('2.99.0')), 'Stack/Train: algorithm.framework.version must be one of'],
    ['instances without an image', () => trained(Framework.chainer('5.0.0', { pyVersion: 'py3' }), on('ml.trn1.2xlarge')), 'must be one of pytorch on the Trainium instance ml.trn1.2xlarge'],
    ['a Region without it', () => trained(Framework.pytorch('2.6.0'), undefined, {}, {}, stackIn('mars-1')), 'Stack/Train: algorithm.framework.region must be one of'],
    ['a token for a version', () => trained(Framework.pytorch(stackIn().stackId)), 'framework must have a version that is known at synthesis'],
    ['instances that serve and don\'t train', () => trained(Framework.pytorch('2.0.0', { pyVersion: 'py310' }), on('ml.c7g.xlarge')), 'capacity.instanceType must be of another kind: there is no image of pytorch that trains there'],
    ['Hugging Face on Trainium', () => trained(Framework.huggingFace({ transformersVersion: '4.26.0', pytorchVersion: '1.13.1', pyVersion: 'py39' }), on('ml.trn1.2xlarge')), 'Stack/Train: capacity.instanceType must'],
    ['no script', () => trained(Framework.pytorch('2.6.0'), undefined, { script: undefined as never }), 'algorithm.script must be given'],
    ['a log level in words', () => trained(Framework.pytorch('2.6.0'), undefined, { logLevel: 'INFO' as never }), 'algorithm.logLevel must be a ContainerLogLevel, got INFO'],
    ['a choice of instances that need two images', () => trained(Framework.pytorch('2.6.0'), Capacity.instancePreferences([{ instanceType: 'ml.g5.xlarge' }, { instanceType: 'ml.m5.large' }])), 'capacity.preferences must be instances for one image (pytorch-training:2.6.0-gpu-py312)'],
    ['a model directory of another framework', () => trained(Framework.pytorch('2.6.0'), undefined, { modelDir: ModelDir.none() }), 'algorithm.modelDir must be left out'],
    ['a script of a model', () => trained(Framework.pytorch('2.6.0'), undefined, { script: Script.inModelData({ entryPoint: 'train.py' }) }), 'algorithm.script must be Script.fromDirectory'],
    ['a toolkit in no such version', () => trained(Framework.reinforcementLearning(RlToolkit.COACH, '1.0.0', RlFramework.MXNET)), 'framework must be a combination there is: coach'],
    ['two frameworks below Hugging Face', () => trained(Framework.huggingFace({ transformersVersion: '4.26.0', pytorchVersion: '1.13.1', tensorflowVersion: '2.6.3' })), 'framework must have either pytorchVersion or tensorflowVersion'],
    ['no version of Hugging Face', () => trained(Framework.huggingFace({ pytorchVersion: '1.13.1' })), 'framework: transformersVersion must be given'],
    ['Python 2 with Hugging Face', () => trained(Framework.huggingFace({ transformersVersion: '4.26.0', pytorchVersion: '1.13.1', pyVersion: 'py2' })), 'framework: pyVersion must be of Python 3'],
    ['Scikit-learn in a mixed cluster', () => trained(Framework.sklearn('1.2-1'), Capacity.instanceGroups({ groups: { a: { instanceType: 'ml.m5.large' } } })), 'capacity.instanceCount must be 1'],
    ['the compiler on a CPU', () => trained(Framework.pytorch('1.13.1', { pyVersion: 'py39' }), on('ml.m5.large'), { trainingCompiler: {} }), 'capacity.instanceType must be of the families p3, p3dn, g4dn, p4d, g5'],
    ['the compiler for Chainer', () => trained(Framework.chainer('5.0.0', { pyVersion: 'py3' }), on('ml.p3.2xlarge'), { trainingCompiler: {} }), 'algorithm.trainingCompiler must be left out for other frameworks'],
    ['the compiler for a TensorFlow without it', () => trained(Framework.tensorflow('2.12', { pyVersion: 'py310' }), on('ml.p3.2xlarge'), { trainingCompiler: {} }), 'algorithm.trainingCompiler must be left out for versions other than 2.9'],
    ['the compiler in an image of one\'s own', () => trained(Framework.pytorch('1.13.1', { image: ContainerImage.fromUri(IMAGE_URI) }), on('ml.p3.2xlarge'), { trainingCompiler: {} }), 'algorithm.trainingCompiler must be left out with an image'],
    ['the compiler with a parallel library', () => trained(Framework.pytorch('1.13.1', { pyVersion: 'py39' }), on('ml.p4d.24xlarge', 2), { trainingCompiler: {}, distribution: Distribution.smDataParallel() }), 'algorithm.distribution must be none of'],
    ['XLA without the compiler', () => trained(Framework.pytorch('1.13.1', { pyVersion: 'py39' }), on('ml.p4d.24xlarge', 2), { distribution: Distribution.pytorchXla() }), 'algorithm.distribution must come with trainingCompiler'],
    ['XLA for an older PyTorch', () => trained(Framework.huggingFace({ transformersVersion: '4.11.0', pytorchVersion: '1.9.0', pyVersion: 'py38' }), on('ml.p4d.24xlarge', 2), { trainingCompiler: {}, distribution: Distribution.pytorchXla() }), 'algorithm.distribution must be pytorchXla for PyTorch from 1.11'],
  ])('rejects %s', (_what, how, message) => expect(how).toThrow(message));
});

describe('The directory that TensorFlow keeps its model in', () => {
  const tf = Framework.tensorflow('2.19.0', { pyVersion: 'py312' });
  const modelDirOf = (...args: Parameters<typeof trained>) => { const job = jobOf(trained(...args)); return [flat(job.Request.HyperParameters.model_dir), job.JobNameIn]; };

  test('is a folder of the job below its output, whose name the handler fills in', () => {
    expect(modelDirOf(tf)).toEqual(['"s3://<SageMakerBucket4E4A68EC>/jobs/{JobName}/model"', ['HyperParameters.sagemaker_job_name', 'HyperParameters.model_dir']]);
  });

  test('may be read by the job, as far as it is its own', () => {
    expect(allowing(trained(tf), 'TrainRole', 's3:GetObject').map(({ Resource }) => flat(Resource))).toContain('<SageMakerBucket4E4A68EC.Arn>/jobs/stack-train-*');
  });

  test('is the container\'s own with MPI', () => {
    expect(modelDirOf(tf, on('ml.p3.8xlarge', 2), { distribution: Distribution.mpi() })[0]).toBe('"/opt/ml/model"');
  });

  test('is where the user wants it, who lets the job read and write there', () => {
    const stack = stackIn('eu-west-1');
    const template = trained(tf, undefined, { modelDir: ModelDir.fromBucket(bucketNamed(stack, 'models'), 'running') }, {}, stack);
    expect(jobOf(template).Request.HyperParameters.model_dir).toBe('"s3://models/running"');
    expect(allowing(template, 'TrainRole', 's3:PutObject').map(({ Resource }) => flat(Resource))).toContain('arn:<AWS::Partition>:s3:::models/running*');
    expect(requestOf(tf, undefined, { modelDir: ModelDir.fromBucket(bucketNamed(emptyStack(), 'models')) }).HyperParameters.model_dir).toBe('"s3://models/"');
    expect(requestOf(tf, undefined, { modelDir: ModelDir.inContainer('/opt/ml/model') }).HyperParameters.model_dir).toBe('"/opt/ml/model"');
  });

  test('is nowhere for a script that takes none', () => {
    expect(requestOf(tf, undefined, { modelDir: ModelDir.none() }).HyperParameters).not.toHaveProperty('model_dir');
  });

  test('a token of an instance type needs an image that is given', () => {
    const stack = stackIn('eu-west-1');
    expect(() => trained(tf, on(stack.stackId), {}, {}, stack)).toThrow('capacity: the instance type must be known at synthesis');
    expect(warnings(stackIn('eu-west-1'))).toEqual([]);
  });
});
