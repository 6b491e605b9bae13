import { ContainerImage, ContainerLogLevel, Framework, Model, Script, type InstanceOptions, type ModelProps } from 'cdk-sagemaker';
import { Duration, Tags } from 'aws-cdk-lib/core';
import { artifact, solo, src, type Place, type Twin } from '../recorded';

const model = (at: Place, props: Partial<ModelProps>) => new Model(at.stack, 'Model', { modelData: artifact(), role: at.role, ...props });
/** A model of the SDK's and its `deploy(1, instance_type)`. */
const deployed = (at: Place, props: Partial<ModelProps>, instanceType = 'ml.m4.xlarge', options: Partial<InstanceOptions> = {}) => model(at, props).deploy('Endpoint', { instanceType, ...options });
const pt = (version: string, pyVersion: string) => Framework.pytorch(version, { pyVersion });

export const MODELS: { readonly [name: string]: Twin } = {
  chainer_model: (at) => deployed(at, { framework: Framework.chainer('5.0.0', { pyVersion: 'py3' }), script: solo() }),
  huggingface_llm: (at) => deployed(at, {
    framework: Framework.huggingFace({ image: ContainerImage.fromSageMaker('huggingface-llm', { version: '3.3.6', instanceType: 'ml.g5.2xlarge' }) }), modelData: undefined, environment: { HF_MODEL_ID: 'tiiuae/falcon-7b', SM_NUM_GPUS: '1' },
  }, 'ml.g5.2xlarge', { containerStartupTimeout: Duration.seconds(300) }),
  huggingface_model_hub: (at) => deployed(at, {
    framework: Framework.huggingFace({ transformersVersion: '4.26', pytorchVersion: '1.13', pyVersion: 'py39' }), modelData: undefined,
    environment: { HF_MODEL_ID: 'distilbert-base-uncased', HF_TASK: 'text-classification' },
  }, 'ml.m5.xlarge'),
  huggingface_model_script: (at) => deployed(at, {
    framework: Framework.huggingFace({ transformersVersion: '4.26.0', pytorchVersion: '1.13.1', pyVersion: 'py39' }), script: src('inference.py'),
  }, 'ml.g4dn.xlarge'),
  kmeans_model: (at) => deployed(at, { image: ContainerImage.fromSageMaker('kmeans', {}) }),
  model_byo: (at) => deployed(at, { image: at.image }),
  model_byo_options: (at) => {
    const made = model(at, { image: at.image, environment: { K: 'V' }, modelName: 'my-model', networkIsolation: true, ...at.network(['subnet-1'], ['sg-1']) });
    made.deploy('Endpoint', { instanceType: 'ml.m4.xlarge', endpointName: 'my-endpoint' });
    Tags.of(made).add('a', 'b');
  },
  model_create_only: (at) => Tags.of(model(at, { image: at.image })).add('a', 'b'),
  model_image_config: (at) => model(at, { image: ContainerImage.fromRegistry('registry.example.com/img:1'), ...at.network(['subnet-1'], ['sg-1']) }),
  model_no_data: (at) => deployed(at, { image: at.image, modelData: undefined }),
  model_script_entry_point_only: (at) => deployed(at, { image: at.image, script: solo() }),
  mxnet_model_1_2: (at) => deployed(at, { framework: Framework.mxnet('1.2.1', { pyVersion: 'py3' }), script: solo() }),
  mxnet_model_s3_source: (at) => deployed(at, { framework: Framework.mxnet('1.2.1', { pyVersion: 'py3' }), script: Script.fromS3Uri('s3://mybucket/sourcedir.tar.gz', { entryPoint: 'mnist.py' }) }),
  pytorch_model_1_1: (at) => deployed(at, { framework: pt('1.1.0', 'py3'), script: solo() }),
  pytorch_model_graviton: (at) => deployed(at, { framework: pt('2.4', 'py311'), script: src('inference.py') }, 'ml.c7g.xlarge'),
  pytorch_model_kms: (at) => deployed(at, { framework: pt('2.1.0', 'py310'), script: src('inference.py') }),
  sklearn_model: (at) => deployed(at, { framework: Framework.sklearn('1.2-1'), script: solo() }),
  sklearn_model_isolated: (at) => deployed(at, { framework: Framework.sklearn('1.2-1'), script: solo(), networkIsolation: true }),
  sparkml_model: (at) => deployed(at, { image: ContainerImage.fromSageMaker('sparkml-serving', {}), environment: { SAGEMAKER_SPARKML_SCHEMA: '{}' } }),
  tensorflow_model_entry_point: (at) => deployed(at, { framework: Framework.tensorflow('2.11'), script: src('inference.py'), logLevel: ContainerLogLevel.ERROR }, 'ml.g4dn.xlarge'),
  xgboost_model: (at) => deployed(at, { framework: Framework.xgboost('1.7-1'), script: solo() }),
};
