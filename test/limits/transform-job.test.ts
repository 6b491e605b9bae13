import { CreateTransformJobCommand } from '@aws-sdk/client-sagemaker';
import { JOB_KINDS } from '../../lib/handler/job-kinds';
import { transformJobViolations } from '../../lib/limits/transform-job-rules';

const request = (more: object = {}) => ({
  ModelName: 'digits',
  TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/batch' } } },
  TransformOutput: { S3OutputPath: 's3://out/scores' },
  TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
  ...more,
});
const paths = (more: object, isUnknown?: (value: unknown) => boolean) => transformJobViolations(request(more), isUnknown).map(({ path }) => path.join('.'));

describe('The limits of a transform job', () => {
  test('let through what is the least', () => {
    expect(paths({})).toEqual([]);
  });

  test('name what is missing', () => {
    expect(transformJobViolations({}).map(({ path }) => path.join('.'))).toEqual(['ModelName', 'TransformInput', 'TransformOutput', 'TransformResources']);
    expect(paths({ TransformInput: {}, TransformOutput: {}, TransformResources: {}, DataCaptureConfig: {} })).toEqual([
      'TransformInput.DataSource', 'TransformOutput.S3OutputPath', 'TransformResources.InstanceType', 'TransformResources.InstanceCount', 'DataCaptureConfig.DestinationS3Uri',
    ]);
  });

  test.each<[string, object]>([
    ['TransformOutput.KmsKeyId', { TransformOutput: { S3OutputPath: 's3://out--use1-az4--x-s3/a', KmsKeyId: 'key' } }],
    ['DataCaptureConfig.KmsKeyId', { DataCaptureConfig: { DestinationS3Uri: 's3://out--use1-az4--x-s3/a', KmsKeyId: 'key' } }],
    ['MaxPayloadInMB', { MaxPayloadInMB: 51, MaxConcurrentTransforms: 2 }],
  ])('hold %s against other members', (path, more) => {
    expect(paths(more)).toEqual([path]);
  });

  test('let values pass that are not known yet', () => {
    const late = '<late>';
    const isUnknown = (value: unknown) => value === late;
    expect(paths({ MaxPayloadInMB: late, MaxConcurrentTransforms: 1000 }, isUnknown)).toEqual([]);
    expect(paths({ TransformInput: late, BatchStrategy: 'MultiRecord', DataProcessing: { JoinSource: 'Input' } }, isUnknown)).toEqual([]);
    expect(paths({ DataProcessing: late }, isUnknown)).toEqual([]);
    expect(paths({ DataProcessing: { JoinSource: late, InputFilter: late } }, isUnknown)).toEqual([]);
  });

  test('are those by which the handler refuses', () => {
    const { violations, create } = JOB_KINDS.TransformJob;
    expect(violations(request({ MaxPayloadInMB: 51, MaxConcurrentTransforms: 2 }))).toHaveLength(1);
    expect(violations(request())).toEqual([]);
    expect(create).toBe(CreateTransformJobCommand);
  });
});
