import { AssembleWith, BatchStrategy, DataSource, Framework, Model, Algorithm, OutputLocation, SplitType, TransformJob, type S3ChannelOptions, type TransformJobOptions } from 'cdk-sagemaker';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Lazy, Size, Tags } from 'aws-cdk-lib/core';
import { artifact, on, s3, src, type Place, type Twin } from '../recorded';

/** What the SDK's transformers have by default: one `ml.m4.xlarge`, output in the default bucket. */
const defaults = (at: Place) => ({ instanceType: 'ml.m4.xlarge', output: OutputLocation.fromBucket(at.ownBucket) });
const data = (uri = 's3://my-bucket/in', options: S3ChannelOptions = {}): { input: DataSource } => ({ input: s3(uri, options) });
const lines = () => ({ ...data(undefined, { contentType: 'text/csv' }), splitType: SplitType.LINE });
/** `Transformer(model_name, 1, instance_type).transform(data)`. */
const ofName = (at: Place, name: string, options: Partial<TransformJobOptions> = {}) =>
  new TransformJob(at.stack, 'Scores', { model: Model.fromModelName(at.stack, 'Model', name), ...defaults(at), ...data(), ...options });
/** `fit` and `transformer(1, instance_type).transform(data, 'text/csv', 'Line')` of a framework's estimator. */
const ofJob = (at: Place, framework: Framework, options: Partial<TransformJobOptions> = {}) =>
  at.job({ algorithm: Algorithm.framework(framework, { script: src() }), capacity: on('ml.c4.xlarge') }).toModel('Model').transform('Scores', { ...defaults(at), ...lines(), ...options });
/** CDK knows that a bucket has a longer name. */
const shortNamed = (at: Place, name: string) => Bucket.fromBucketName(at.stack, `Bucket-${name}`, Lazy.string({ produce: () => name }));

export const TRANSFORM: { readonly [name: string]: Twin } = {
  transformer_from_estimator: (at) => {
    const job = at.job(at.network(['subnet-1'], ['sg-1']));
    Tags.of(job).add('a', 'b');
    job.toModel('Model').transform('Scores', { ...defaults(at), ...data('s3://my-bucket/batch-transform-input') });
  },
  transformer_from_estimator_options: (at) => {
    const model = at.job({ networkIsolation: true, ...at.network(['subnet-1'], ['sg-1']) }).toModel('Model', { modelName: 'tm', role: at.roleNamed('T'), inheritNetwork: false });
    Tags.of(model).add('t', '2');
    model.transform('Scores', {
      ...defaults(at), ...data(undefined, { contentType: 'application/json' }), splitType: SplitType.NONE, strategy: BatchStrategy.SINGLE_RECORD, assembleWith: AssembleWith.NONE,
      output: OutputLocation.fromBucket(shortNamed(at, 'o'), 'p', { encryptionKey: at.key('k') }), accept: 'application/json', environment: { E: '1' },
      maxConcurrentTransforms: 2, maxPayload: Size.mebibytes(1), volumeKey: at.key('vk'),
    });
  },
  transformer_from_model: (at) => new Model(at.stack, 'Model', { image: at.image, modelData: artifact(), role: at.role, environment: { A: 'B' } })
    .transform('Scores', { ...defaults(at), ...data('s3://b/in'), strategy: BatchStrategy.SINGLE_RECORD }),
  transformer_job_name: (at) => ofName(at, 'my-model'),
  transformer_minimal: (at) => ofName(at, 'my-previously-trained-model', data('s3://my-bucket/batch-transform-input')),
  transformer_mxnet: (at) => ofJob(at, Framework.mxnet('1.2.1', { pyVersion: 'py3' }), { assembleWith: AssembleWith.LINE, maxPayload: Size.mebibytes(1), environment: { X: 'Y' } }),
  transformer_pytorch: (at) => ofJob(at, Framework.pytorch('2.1.0', { pyVersion: 'py310' })),
  transformer_sklearn: (at) => ofJob(at, Framework.sklearn('1.2-1')),
};
