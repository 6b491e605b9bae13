import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Checkpoints, OutputLocation } from 'cdk-sagemaker';
import { allowing, flat, jobOf, jobTemplate, only } from './support/stacks';

describe('OutputLocation', () => {
  test('is a bucket of the stack by itself: encrypted, private, TLS only, and kept', () => {
    const template = jobTemplate();
    expect(only(template, 'AWS::S3::Bucket')).toMatchObject({
      DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain',
      Properties: {
        BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
      },
    });
    expect(JSON.stringify(only(template, 'AWS::S3::BucketPolicy'))).toContain('aws:SecureTransport');
    expect(flat(jobOf(template).Request.OutputDataConfig.S3OutputPath)).toBe('s3://<SageMakerBucket4E4A68EC>/jobs');
  });

  test.each([['', 's3://<', '/*'], ['models', '/models', '/models/*'], ['models/', '/models', '/models/*']])('below "%s" may be written, and nothing else', (prefix, uri, arn) => {
    const template = jobTemplate((stack) => ({ output: OutputLocation.fromBucket(new Bucket(stack, 'Out'), prefix, { encryptionKey: new Key(stack, 'Key') }) }));
    expect(flat(jobOf(template).Request.OutputDataConfig.S3OutputPath)).toContain(uri);
    const [put, ...others] = allowing(template, 'TrainRole', 's3:PutObject');
    expect(others).toEqual([]);
    expect(flat(put.Resource)).toMatch(new RegExp(`^<Out[0-9A-F]+\\.Arn>${arn.replace('*', '\\*')}$`));
    expect(allowing(template, 'TrainRole', 's3:GetObject')).toEqual([]);
    expect(allowing(template, 'TrainRole', 'kms:GenerateDataKey*')).toHaveLength(1);
  });
});

test.each(['ckpt', 'ckpt/'])('Checkpoints below %s are not what only begins like it', (prefix) => {
  const template = jobTemplate((stack) => ({ checkpoints: Checkpoints.fromBucket(new Bucket(stack, 'Points'), prefix) }));
  expect(flat(jobOf(template).Request.CheckpointConfig.S3Uri)).toMatch(new RegExp(`/${prefix}$`));
  for (const action of ['s3:GetObject', 's3:PutObject']) {
    expect(allowing(template, 'TrainRole', action).map((statement) => flat(statement.Resource)).filter((arn) => arn.startsWith('<Points'))).toEqual([expect.stringMatching(/>\/ckpt\/\*$/)]);
  }
});

test.each(['jobs', 'jobs/'])('an output below %s may be listed with and without the slash', (prefix) => {
  const template = jobTemplate((stack) => ({ output: OutputLocation.fromBucket(new Bucket(stack, 'Out'), prefix) }));
  expect(allowing(template, 'TrainRole', 's3:ListBucket').map((statement) => statement.Condition)).toEqual([{ StringLike: { 's3:prefix': ['jobs', 'jobs/*'] } }]);
});

test('Checkpoints may be written and read', () => {
  const template = jobTemplate((stack) => ({ checkpoints: Checkpoints.fromBucket(new Bucket(stack, 'Points'), 'run/') }));
  for (const action of ['s3:GetObject', 's3:PutObject']) {
    expect(allowing(template, 'TrainRole', action).map((statement) => flat(statement.Resource))).toContainEqual(expect.stringMatching(/^<Points[0-9A-F]+\.Arn>\/run\/\*$/));
  }
});
