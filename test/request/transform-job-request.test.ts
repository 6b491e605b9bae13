import { CreateTransformJobRequest$ } from '@aws-sdk/client-sagemaker';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Duration, Size, Stack } from 'aws-cdk-lib/core';
import {
  AssembleWith, BatchDataCapture, BatchStrategy, DataSource, InputCompression, JoinSource, Model, OutputLocation, SplitType, TransformJob, type TransformJobOptions,
} from 'cdk-sagemaker';
import { Template } from 'aws-cdk-lib/assertions';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TRANSFORM_JOB_LIMITS } from '../../lib/limits/transform-job';
import { propIn } from '../../lib/request/request-violations';
import { PROPS } from '../../lib/request/transform-job-request';
import { leaves, leavesOf, membersOf, unknownMembers } from '../support/sdk-members';
import { bucketNamed, emptyStack, only, warnings } from '../support/stacks';

const GOLDEN = join(__dirname, '..', 'golden');
const SCHEMA = membersOf(CreateTransformJobRequest$);
const key = (stack: Stack, name: string) => Key.fromKeyArn(stack, `Key-${name}`, `arn:aws:kms:eu-west-1:123456789012:key/${name}`);

/** Every prop a request is made of, by cases that go together. */
const CASES: { [name: string]: (stack: Stack) => Partial<TransformJobOptions> } = {
  'least': () => ({}),
  'everything': (stack) => ({
    input: DataSource.fromManifest(bucketNamed(stack, 'lists'), 'batch.manifest', { dataPrefix: 'batch/', contentType: 'text/csv', compression: InputCompression.GZIP, revision: 'r1' }),
    splitType: SplitType.LINE,
    output: OutputLocation.fromBucket(bucketNamed(stack, 'out'), 'scores/', { encryptionKey: key(stack, 'output') }),
    assembleWith: AssembleWith.LINE,
    accept: 'text/csv',
    instanceType: 'ml.m5.xlarge',
    instanceCount: 3,
    volumeKey: key(stack, 'volume'),
    amiVersion: 'al2-ami-sagemaker-batch-gpu-535',
    strategy: BatchStrategy.MULTI_RECORD,
    maxPayload: Size.mebibytes(20),
    maxConcurrentTransforms: 5,
    environment: { LEVEL: 'debug' },
    inputFilter: '$[1:]',
    outputFilter: '$[0,-1]',
    joinSource: JoinSource.INPUT,
    dataCapture: BatchDataCapture.toBucket(bucketNamed(stack, 'captured'), 'scores/', { encryptionKey: key(stack, 'capture'), generateInferenceId: true }),
    invocationTimeout: Duration.minutes(5),
    maxInvocationRetries: 2,
    experiment: { experimentName: 'digits', trialName: 'one', trialComponentDisplayName: 'scores', runName: 'first' },
  }),
};

function propertiesOf(options: (stack: Stack) => Partial<TransformJobOptions>, stack = emptyStack()): any {
  new TransformJob(stack, 'Scores', {
    model: Model.fromModelName(stack, 'Model', 'digits'), input: DataSource.fromS3Uri('s3://data/batch/'), output: OutputLocation.fromBucket(bucketNamed(stack, 'default')), instanceType: 'ml.m5.large',
    ...options(stack),
  });
  return only(Template.fromStack(stack), 'Custom::SageMakerTransformJob').Properties;
}

describe('The request for a transform job', () => {
  test.each(Object.keys(CASES))('%s: is as it always was', (name) => {
    const { ServiceToken, ...properties } = propertiesOf(CASES[name]);
    const file = join(GOLDEN, `transform-job-${name}.json`);
    const text = `${JSON.stringify(properties, null, 2)}\n`;
    if (process.env.UPDATE_GOLDEN || !existsSync(file)) { writeFileSync(file, text); }
    expect(text).toBe(readFileSync(file, 'utf8'));
    expect(ServiceToken).toBeDefined();
  });

  test.each(Object.keys(CASES))('%s: asks only for what CreateTransformJob knows', (name) => {
    expect(unknownMembers(CreateTransformJobRequest$, propertiesOf(CASES[name]).Request)).toEqual([]);
  });

  const HANDLERS = ['Tags[].Key', 'Tags[].Value', 'TransformJobName'];

  test('has every member by a prop', () => {
    const made = new Set(leavesOf(SCHEMA, propertiesOf(CASES.everything).Request));
    expect(leaves(SCHEMA).filter((path) => !made.has(path))).toEqual(HANDLERS);
  });

  test('has a row of limits for every member, and none for another', () => {
    const yesOrNo = ['DataCaptureConfig.GenerateInferenceId'];
    expect(leaves(SCHEMA).filter((path) => !(path in TRANSFORM_JOB_LIMITS) && !yesOrNo.includes(path))).toEqual([]);
    const structures = leaves(SCHEMA).flatMap((path) => [...path.matchAll(/[^.[{]+|\[\]|\{\}/g)].map((match) => path.slice(0, match.index + match[0].length)));
    const known = new Set(['', ...leaves(SCHEMA), ...structures]);
    expect(Object.keys(TRANSFORM_JOB_LIMITS).filter((path) => !known.has(path.replace('{name}', '{}')))).toEqual([]);
  });

  test('is told of by props: no member is known by its path alone', () => {
    const paths = leaves(SCHEMA).filter((path) => !HANDLERS.includes(path)).map((path) => path.replace('{}', '.name').split('.'));
    expect(paths.filter((path) => propIn(PROPS, path, {}).startsWith('overrides.'))).toEqual([]);
  });

  test('may be added to in the service\'s own words', () => {
    expect(propertiesOf(() => ({ overrides: { MaxPayloadInMB: 3, TransformInput: { ContentType: 'a/b' } } })).Request).toMatchObject({
      MaxPayloadInMB: 3, TransformInput: { ContentType: 'a/b', DataSource: { S3DataSource: { S3Uri: 's3://data/batch/' } } },
    });
  });

  test.each<[string, Partial<TransformJobOptions>, string]>([
    ['17 variables', { environment: Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`V${index}`, 'x'])) }, 'environment must have 0 to 16 entries, got 17'],
    ['an odd variable', { environment: { '1A': 'x' } }, 'environment: the name 1A must be of 1 to 1024 letters'],
    ['no instances', { instanceCount: 0 }, 'instanceCount must be a whole number between 1 and 100, got 0'],
    ['an instance type of EC2', { instanceType: 'm5.large' }, 'instanceType must be an instance type of SageMaker, for instance ml.m5.xlarge, got m5.large'],
    ['too long a request', { maxPayload: Size.mebibytes(101) }, 'maxPayload must be a whole number between 0 and 100 MB, got 101'],
    ['a part of a MiB', { maxPayload: Size.kibibytes(1500) }, 'maxPayload must be a whole number of MiB'],
    ['too much at once', { maxPayload: Size.mebibytes(20), maxConcurrentTransforms: 6 }, 'maxPayload must be at most 100 MB for all requests that are sent at once, which are 6, got 20 MB'],
    ['less than no requests at once', { maxConcurrentTransforms: -1 }, 'maxConcurrentTransforms must be a whole number between 0'],
    ['too long a timeout', { invocationTimeout: Duration.hours(2) }, 'invocationTimeout must be between 1 second and 1 hour, got 2 hours'],
    ['too many retries', { maxInvocationRetries: 4 }, 'maxInvocationRetries must be a whole number between 0 and 3, got 4'],
    ['a path that is none', { inputFilter: 'features' }, 'inputFilter must be a JSONPath such as $, $.name'],
    ['a bracket that is left open', { inputFilter: '$[1:' }, 'inputFilter must be a JSONPath such as'],
    ['an expression', { outputFilter: '$[?(@.x>1)]' }, 'outputFilter must be a JSONPath such as'],
    ['too long a path', { outputFilter: `$${'.a'.repeat(40)}` }, 'outputFilter must have at most 63 characters, got 81 characters'],
    ['a path in images', { input: DataSource.fromS3Uri('s3://d/i', { contentType: 'image/png' }), inputFilter: '$.a' }, 'input.contentType must be text/csv, application/json or application/jsonlines for DataProcessing.InputFilter'],
    ['answers in another format that are joined', { accept: 'application/x-recordio', joinSource: JoinSource.INPUT }, 'accept must be text/csv, application/json'],
    ['records of RecordIO that are joined', { splitType: SplitType.RECORD_IO, joinSource: JoinSource.INPUT }, 'splitType must be Line or None for DataProcessing.JoinSource'],
    ['lines that are joined without ends', { splitType: SplitType.LINE, assembleWith: AssembleWith.NONE, joinSource: JoinSource.INPUT }, 'assembleWith must be Line, as the SplitType of the input is'],
    ['an odd image of machines', { amiVersion: 'al2--ami' }, 'amiVersion must be the name of an image of machines'],
    ['an odd experiment', { experiment: { runName: 'a_b' } }, 'experiment.runName must be 1 to 120 letters'],
    ['a member of another call', { overrides: { RoleArn: 'x' } }, 'overrides.RoleArn must be a member CreateTransformJob has'],
    ['an override beyond its limit', { overrides: { MaxPayloadInMB: 101 } }, 'overrides.MaxPayloadInMB must be a whole number between 0 and 100 MB'],
    ['two slashes', { input: DataSource.fromS3Uri('s3://data//x') }, 'input: the URI must be a URI of S3 with single slashes'],
  ])('is refused for %s', (_what, options, message) => {
    expect(() => propertiesOf(() => options)).toThrow(`Stack/Scores: ${message}`);
  });

  test.each<[string, Partial<TransformJobOptions>]>([
    ['requests of any length', { maxPayload: Size.mebibytes(0), maxConcurrentTransforms: 1000 }],
    ['as much at once as there may be', { maxPayload: Size.mebibytes(20), maxConcurrentTransforms: 5 }],
    ['whole objects, one at a time', { strategy: BatchStrategy.SINGLE_RECORD }],
    ['a type with parameters that is filtered', { input: DataSource.fromS3Uri('s3://d/i', { contentType: 'text/csv; label_size=0' }), inputFilter: '$[1:]' }],
    ['paths that take all, of anything', { input: DataSource.fromS3Uri('s3://d/i', { contentType: 'image/png' }), inputFilter: '$', outputFilter: '$', joinSource: JoinSource.NONE }],
  ])('takes %s', (_what, options) => {
    expect(() => propertiesOf(() => options)).not.toThrow();
  });

  test('is warned of instance types that are unknown, or have storage of their own', () => {
    const warned = (options: (stack: Stack) => Partial<TransformJobOptions>) => {
      const stack = emptyStack();
      propertiesOf(options, stack);
      return warnings(stack).map((text) => /\[ack: cdk-sagemaker:([^\]]+)\]/.exec(text)?.[1]).filter((id) => id !== 'modelRoleIsUnknown');
    };
    expect(warned(() => ({ instanceType: 'ml.m5.lagre' }))).toEqual(['unknownInstanceType']);
    expect(warned((stack) => ({ instanceType: 'ml.g5.xlarge', volumeKey: key(stack, 'volume') }))).toEqual(['volumeKeyOnLocalStorage']);
    expect(warned((stack) => ({ instanceType: 'ml.m5.xlarge', volumeKey: key(stack, 'volume') }))).toEqual([]);
  });
});
