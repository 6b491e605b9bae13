import { CreateTrainingJobRequest$ } from '@aws-sdk/client-sagemaker';
import { SecurityGroup, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Duration, Size, type Stack } from 'aws-cdk-lib/core';
import {
  Algorithm, Capacity, Checkpoints, ContainerImage, DataDistribution, DataSource, Hyperparameters, InputCompression, InputMode, Metric,
  OutputCompression, OutputLocation, RecordWrapper, Script, type TrainingJobProps,
} from 'cdk-sagemaker';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unknownMembers } from '../support/sdk-members';
import { bucketNamed, IMAGE_URI, jobOf, jobTemplate } from '../support/stacks';

const SOURCE = join(__dirname, '..', 'support', 'source');
const GOLDEN = join(__dirname, '..', 'golden');

const network = (stack: Stack) => ({
  vpc: Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['a', 'b'] }),
  vpcSubnets: { subnets: [Subnet.fromSubnetId(stack, 'S1', 'subnet-1'), Subnet.fromSubnetId(stack, 'S2', 'subnet-2')] },
  securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'G', 'sg-1')],
});
const key = (stack: Stack, name: string) => Key.fromKeyArn(stack, `Key-${name}`, `arn:aws:kms:eu-west-1:123456789012:key/${name}`);

/** Every prop a request is made of, by cases that go together. */
const CASES: { [name: string]: (stack: Stack) => Partial<TrainingJobProps> } = {
  'least': () => ({}),
  'hyperparameters': () => ({
    hyperparameters: Hyperparameters.of({ epochs: 10, rate: 1e-5, flag: true, none: null, text: 'sgd', list: [1, 2], map: { a: 'b' }, absent: undefined }),
    environment: { LEVEL: 'debug' },
  }),
  'script': () => ({
    algorithm: Algorithm.image(ContainerImage.fromUri(IMAGE_URI), { script: Script.fromDirectory(SOURCE, { entryPoint: 'train.py' }) }),
    hyperparameters: Hyperparameters.of({ epochs: 10, rate: 1e-5, flag: true, none: null, text: 'sgd', list: [1, 2], map: { a: 'b' } }),
  }),
  'isolated-script': (stack) => ({
    algorithm: Algorithm.image(ContainerImage.fromUri(IMAGE_URI), { script: Script.fromDirectory(SOURCE, { entryPoint: 'train.py' }) }),
    inputs: { train: DataSource.fromBucket(bucketNamed(stack, 'data'), 'train/') },
    networkIsolation: true,
    ...network(stack),
  }),
  'channels': (stack) => ({
    algorithm: Algorithm.image(ContainerImage.fromUri(IMAGE_URI), { inputMode: InputMode.FAST_FILE }),
    inputs: {
      train: DataSource.fromBucket(bucketNamed(stack, 'data'), 'train/', {
        inputMode: InputMode.PIPE, compression: InputCompression.GZIP, recordWrapper: RecordWrapper.RECORD_IO, shuffleSeed: 0, contentType: 'text/csv',
        distribution: DataDistribution.SHARDED_BY_S3_KEY, revision: 'r1',
      }),
      test: DataSource.fromS3Uri('s3://other/test'),
    },
  }),
  'everything': (stack) => ({
    algorithm: Algorithm.image(ContainerImage.fromUri(`${IMAGE_URI.split(':')[0]}@sha256:${'a'.repeat(64)}`), { entrypoint: ['python', 'main.py'], arguments: ['--fast'] }),
    capacity: Capacity.spot({ instanceType: 'ml.p3.2xlarge', instanceCount: 2, volumeSize: Size.gibibytes(100), volumeKey: key(stack, 'volume'), maxWait: Duration.hours(4) }),
    maxRuntime: Duration.hours(2),
    maxRetries: 3,
    output: OutputLocation.fromBucket(bucketNamed(stack, 'out'), 'models/', { encryptionKey: key(stack, 'output'), compression: OutputCompression.NONE }),
    checkpoints: Checkpoints.fromBucket(bucketNamed(stack, 'points'), 'run-1', { localPath: '/opt/ml/points' }),
    metrics: [Metric.regex('validation:accuracy', 'acc=([0-9.]+)')],
    networkIsolation: true,
    encryptInterContainerTraffic: true,
    overrides: { ExperimentConfig: { ExperimentName: 'e1' }, StoppingCondition: { MaxPendingTimeInSeconds: 7200 } },
    ...network(stack),
  }),
};

describe.each(Object.entries(CASES))('the request of a job: %s', (name, props) => {
  const { Request, Content, ChannelRevisions } = jobOf(jobTemplate(props));

  test('asks only for what CreateTrainingJob knows', () => {
    expect(unknownMembers(CreateTrainingJobRequest$, Request)).toEqual([]);
  });

  // An upgrade must not train anybody's model again: these bytes change with a new major version only.
  test('is the same, byte by byte, as in every release before', () => {
    const file = join(GOLDEN, `training-job-${name}.json`);
    const bytes = `${JSON.stringify({ Request, Content, ChannelRevisions }, undefined, 2)}\n`;
    if (process.env.UPDATE_GOLDEN) { writeFileSync(file, bytes); }
    expect(existsSync(file)).toBe(true);
    expect(bytes).toBe(readFileSync(file, 'utf8'));
  });
});
