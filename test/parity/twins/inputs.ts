import { Algorithm, DataSource, DataDistribution, InputCompression, InputMode, RecordWrapper } from 'cdk-sagemaker';
import { FileSystem } from 'aws-cdk-lib/aws-efs';
import { s3, type Twin } from '../recorded';

export const INPUTS: { readonly [name: string]: Twin } = {
  input_all_options: (at) => at.job({
    algorithm: Algorithm.image(at.image),
    inputs: {
      train: DataSource.fromAugmentedManifest(at.bucket('my-bucket'), 'train.manifest', {
        attributeNames: ['a', 'b'], dataPrefix: 'images/', distribution: DataDistribution.SHARDED_BY_S3_KEY, compression: InputCompression.NONE, contentType: 'application/x-recordio',
        recordWrapper: RecordWrapper.RECORD_IO, inputMode: InputMode.PIPE, shuffleSeed: 99,
      }),
    },
  }),
  input_distribution_sharded: (at) => at.job({ inputs: { training: s3('s3://my-bucket/train', { distribution: DataDistribution.SHARDED_BY_S3_KEY }) } }),
  input_efs: (at) => at.job({
    ...at.network(['subnet-1'], ['sg-1']),
    inputs: {
      train: DataSource.fromFileSystem(FileSystem.fromFileSystemAttributes(at.stack, 'Files', { fileSystemId: 'fs-12345678', securityGroup: at.group('sg-2') }), { directory: '/path' }),
    },
  }),
  input_manifest: (at) => at.job({ inputs: { training: DataSource.fromManifest(at.bucket('my-bucket'), 'train.manifest', { dataPrefix: 'images/' }) } }),
  input_shuffle: (at) => at.job({ inputs: { training: s3('s3://my-bucket/train', { shuffleSeed: 123456 }) } }),
  input_training_input: (at) => at.job(),
};
