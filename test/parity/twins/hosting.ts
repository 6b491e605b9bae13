import {
  AssembleWith, AsyncInference, BatchStrategy, ContainerImage, DataCapture, Endpoint, EndpointConfig, Framework, InferenceComponent, Model, ModelApprovalStatus, ModelData, ModelPackage, ModelPackageGroup, ModelPackageSource, OutputLocation, SplitType, Variant,
  type ContainerProps, type IModelPackage, type ModelProps,
} from 'cdk-sagemaker';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Lazy, Size, Tags } from 'aws-cdk-lib/core';
import { artifact, s3, solo, src, type Place, type Twin } from '../recorded';
import { someAlgorithm } from './algorithms';

const ALGORITHM = 'arn:aws:sagemaker:us-west-2:123456789012:algorithm/some-algorithm';
const model = (at: Place, props: Partial<ModelProps> = {}) => new Model(at.stack, 'Model', { image: at.image, modelData: artifact(), role: at.role, ...props });
/** A model of a package, or of several containers. */
const made = (at: Place, props: Partial<ModelProps>) => new Model(at.stack, 'Model', { role: at.role, ...props });
const bought = (at: Place, name: string): IModelPackage => ModelPackage.fromModelPackageArn(at.stack, 'Package', `arn:aws:sagemaker:us-west-2:123456789012:model-package/${name}`);
/** What prepares features, and what predicts by them. */
const sparkAndXgboost = (): ContainerProps[] => [
  { image: ContainerImage.fromSageMaker('sparkml-serving', {}), modelData: ModelData.fromS3Uri('s3://path/to/spark/model.tar.gz'), environment: { SAGEMAKER_SPARKML_SCHEMA: '{}' } },
  { image: ContainerImage.fromSageMaker('xgboost', { version: '1' }), modelData: ModelData.fromS3Uri('s3://path/to/xgb/model.tar.gz') },
];
/** CDK knows that a bucket has a longer name. */
const shortNamed = (at: Place, name: string) => Bucket.fromBucketName(at.stack, `Bucket-${name}`, Lazy.string({ produce: () => name }));
const m4 = { instanceType: 'ml.m4.xlarge' };
const m5 = { instanceType: 'ml.m5.xlarge' };

export const HOSTING: { readonly [name: string]: Twin } = {
  algorithm_estimator_deploy: (at) => at.job({ algorithm: someAlgorithm() }).toModel('Model', { role: at.role }).deploy('Endpoint', m4),
  model_accelerator: (at) => model(at).deploy('Endpoint', { ...m5, acceleratorType: 'ml.eia1.medium' }),
  model_async_default_paths: (at) => model(at).deploy('Endpoint', {
    ...m5,
    asyncInference: AsyncInference.toBucket(at.ownBucket, 'async-endpoint-outputs/{JobName}-1704067200-0000', { failurePrefix: 'async-endpoint-failures/{JobName}-1704067200-0000' }),
  }),
  model_inference_component: (at) => {
    const config = new EndpointConfig(at.stack, 'Config', {
      endpointConfigName: 'ic-endpoint', role: at.role, networkIsolation: false,
      variants: { AllTraffic: Variant.ofComponents({ instanceType: 'ml.g5.12xlarge', minInstanceCount: 1, maxInstanceCount: 4 }) },
    });
    new InferenceComponent(at.stack, 'Component', {
      endpoint: new Endpoint(at.stack, 'Endpoint', { config, endpointName: 'ic-endpoint' }), variantName: 'AllTraffic', model: model(at, { modelName: 'ic-model' }),
      memory: Size.mebibytes(8192), maxMemory: Size.mebibytes(16384), cpus: 2, accelerators: 1, copies: 2, inferenceComponentName: 'my-ic',
    });
  },
  model_package_arn: (at) => made(at, { modelPackage: bought(at, 'my-model-package') }).deploy('Endpoint', { ...m4, endpointName: 'my-endpoint' }),
  model_package_from_algorithm: (at) => made(at, {
    modelPackage: new ModelPackage(at.stack, 'Package', { source: ModelPackageSource.algorithm(ALGORITHM, ModelData.fromS3Uri('s3://b/model.tar.gz')) }),
  }).deploy('Endpoint', m4),
  model_package_marketplace: (at) => made(at, { modelPackage: bought(at, 'marketplace-pkg'), networkIsolation: true }).deploy('Endpoint', m4),
  model_register: (at) => new ModelPackage(at.stack, 'Version', {
    group: new ModelPackageGroup(at.stack, 'Group', { modelPackageGroupName: 'grp' }),
    source: ModelPackageSource.containers([{ image: at.image, modelData: artifact() }], {
      contentTypes: ['text/csv'], responseTypes: ['text/csv'], endpointInstanceTypes: ['ml.m5.xlarge'], transformInstanceTypes: ['ml.m5.xlarge'],
    }),
    approvalStatus: ModelApprovalStatus.APPROVED, description: 'd', certifyForMarketplace: false, skipValidation: false,
  }),
  model_serverless_default: (at) => model(at).deployServerless('Endpoint'),
  multi_data_model: (at) => model(at, { modelData: ModelData.fromS3Uri('s3://my-bucket/models/'), multiModel: true, modelName: 'mme' }).deploy('Endpoint', { ...m5, endpointName: 'mme-ep' }),
  pipeline_model_frameworks: (at) => made(at, {
    containers: [
      { framework: Framework.sklearn('1.2-1'), modelData: artifact(), script: solo() },
      { framework: Framework.pytorch('2.1.0', { pyVersion: 'py310' }), modelData: artifact(), script: src('inference.py') },
    ],
    instanceType: 'ml.c5.xlarge',
  }),
  pipeline_model_options: (at) => {
    const endpoint = made(at, { containers: sparkAndXgboost(), networkIsolation: true, ...at.network(['subnet-1'], ['sg-1']) }).deploy('Endpoint', {
      instanceType: 'ml.c5.xlarge', instanceCount: 2, encryptionKey: at.key('k'), volumeSize: Size.gibibytes(20), dataCapture: DataCapture.toBucket(shortNamed(at, 'c'), 'd'),
    });
    const deployed = ['AWS::SageMaker::EndpointConfig', 'AWS::SageMaker::Endpoint'];
    Tags.of(endpoint.node.scope!).add('a', 'b', { includeResourceTypes: deployed });
  },
  pipeline_model_transformer: (at) => made(at, { containers: sparkAndXgboost(), modelName: 'inference-pipeline-model' }).transform('Scores', {
    input: s3('s3://my-input-bucket/path/to/my/csv/data', { contentType: 'text/csv' }), splitType: SplitType.LINE, instanceType: 'ml.c5.xlarge', strategy: BatchStrategy.MULTI_RECORD,
    maxPayload: Size.mebibytes(6), maxConcurrentTransforms: 8, accept: 'text/csv', assembleWith: AssembleWith.LINE,
    output: OutputLocation.fromBucket(at.bucket('my-output-bucket'), 'path/to/my/output/data/'),
  }),
  pytorch_model_serverless: (at) => model(at, { image: undefined, framework: Framework.pytorch('2.1.0', { pyVersion: 'py310' }), script: src('inference.py') }).deployServerless('Endpoint'),
};
