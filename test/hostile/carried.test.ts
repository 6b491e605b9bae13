import { Template } from 'aws-cdk-lib/assertions';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Tags } from 'aws-cdk-lib/core';
import { DataSource, Hyperparameters, Metric, OutputLocation, type TrainingJobProps } from 'cdk-sagemaker';
import * as handler from '../../lib/handler/index';
import { engineWith } from '../support/engine';
import { SimulatedCloud, STACK_ID, type Tree } from '../support/simulated-cloud';
import { bucketNamed, emptyStack, only, trainingIn } from '../support/stacks';

/**
 * All the way: from the props to the text of the template, through CloudFormation, which makes strings of everything, to the function as it is deployed, and to what
 * SageMaker is sent.
 */
async function sent(props: Partial<TrainingJobProps>, tags: { [key: string]: string } = {}): Promise<Tree & { readonly tags: { [key: string]: string } }> {
  const stack = emptyStack();
  const job = trainingIn(stack, { role: Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::123456789012:role/jobs'), output: OutputLocation.fromBucket(bucketNamed(stack, 'output')), ...props });
  for (const [key, value] of Object.entries(tags)) { Tags.of(job).add(key, value); }
  const { Type, Properties } = only(Template.fromStack(stack), 'Custom::SageMakerTrainingJob');
  const cloudFormation = engineWith();
  const text = JSON.stringify({ Resources: { Train: { Type, Properties: { ...Properties, ServiceToken: 'arn:function' } } } });
  await cloudFormation.deploy(JSON.parse(text) as object);
  const { ResourceProperties } = cloudFormation.events[0]!;
  const cloud = new SimulatedCloud(handler);
  const event = { RequestType: 'Create', ResponseURL: 'https://example/1', StackId: STACK_ID, RequestId: '1', LogicalResourceId: 'Train', ResourceType: Type, ResourceProperties };
  cloud.deliver(event);
  await cloud.time.run();
  expect(cloud.answersTo(event)[0]!.parsed).toMatchObject({ Status: 'SUCCESS' });
  const [{ request, tags: sentTags }] = [...cloud.jobs.records.values()] as unknown as [{ request: Tree; tags: { [key: string]: string } }];
  return { ...request, tags: Object.fromEntries(Object.entries(sentTags).filter(([key]) => !key.startsWith('cdk-sagemaker:'))) };
}

const TEXTS = [
  ' ', '"', '\\', '\\\\"', '\'', '`id`', '$(id)', '; rm -rf / #', '| cat', '&& true', '$HOME', '${AWS::Region}', '${aws:username}', '{"Ref":"AWS::Region"}', '{JobName}', '{{a}}', '<script>', '%00', '%s', '../../etc/passwd', '/etc/passwd',
  '\u00e4\u6f22', '\ud83d\ude00', '\u0007', '\u200f', 'null', 'true', '1e400', '-0', '0x10', '010', ' 1 ', 'x'.repeat(2500),
];
const named = (texts: readonly string[]) => Object.fromEntries(texts.map((text, index) => [`v${index}`, text]));

beforeAll(() => { jest.spyOn(console, 'warn').mockImplementation(() => {}); });

describe('Carried to SageMaker byte for byte:', () => {
  test('values of hyperparameters', async () => {
    expect((await sent({ hyperparameters: Hyperparameters.of(named(TEXTS)) })).HyperParameters).toEqual(named(TEXTS));
  });

  test('names of hyperparameters, those that every object has among them', async () => {
    const names = TEXTS.filter((text) => text.length <= 256).concat('constructor', 'prototype', 'toString', '__defineGetter__');
    const values = Object.fromEntries(names.map((name) => [name, 'v']));
    expect((await sent({ hyperparameters: Hyperparameters.of(values) })).HyperParameters).toEqual(values);
  });

  test('a hundred of them', async () => {
    const values = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`${'n'.repeat(250)}${index}`, 'x'.repeat(200)]));
    expect((await sent({ hyperparameters: Hyperparameters.of(values) })).HyperParameters).toEqual(values);
  });

  test('numbers that are hard to write, as Python writes them', async () => {
    const values = { nan: NaN, most: Infinity, least: -Infinity, zero: -0, big: 1e300, beyond: 1e400, small: 5e-324, whole: 123456789012345680000, exact: 2n ** 70n };
    expect((await sent({ hyperparameters: Hyperparameters.of(values) })).HyperParameters).toEqual({
      nan: 'nan', most: 'inf', least: '-inf', zero: '-0.0', big: '1e+300', beyond: 'inf', small: '5e-324', whole: '1.2345678901234568e+20', exact: '1180591620717411303424',
    });
  });

  test('variables, lines and the ends of lines among them', async () => {
    const values = named([...TEXTS.filter((text) => text.length <= 512), 'a\nb', '\r\n', '\t', '\u2028\u2029', '']);
    expect((await sent({ environment: values })).Environment).toEqual(values);
  });

  test('tags of every sign that a tag may have, also one called like the prototype of an object', async () => {
    const tags = { 'a b_.:/=+-@\u00e4': 'c d_.:/=+-@\u6f22', 'constructor': 'v', 'toString': '', ['x'.repeat(128)]: 'y'.repeat(256) };
    expect((await sent({}, { ...tags, ...JSON.parse('{"__proto__":"v"}') as object })).tags).toEqual({ ...tags, ...JSON.parse('{"__proto__":"v"}') as object });
  });

  test('the keys of objects, which may have any sign', async () => {
    const prefixes = TEXTS.filter((text) => text.length < 900 && !text.startsWith('/'));
    const inputs = Object.fromEntries(prefixes.slice(0, 20).map((prefix, index) => [`c${index}`, DataSource.fromS3Uri(`s3://bucket/${prefix}`)]));
    const { InputDataConfig } = await sent({ inputs });
    expect(InputDataConfig.map((channel: Tree) => channel.DataSource.S3DataSource.S3Uri)).toEqual(prefixes.slice(0, 20).map((prefix) => `s3://bucket/${prefix}`));
  });

  test('names of channels that every object has', async () => {
    const inputs = Object.fromEntries(['constructor', 'toString', 'valueOf'].map((name) => [name, DataSource.fromS3Uri('s3://bucket/x', { revision: '1' })]));
    expect((await sent({ inputs })).InputDataConfig.map(({ ChannelName }: Tree) => ChannelName)).toEqual(['constructor', 'toString', 'valueOf']);
  });

  test('expressions of metrics, which are made of such signs', async () => {
    const expression = '"loss\\s*=\\s*([0-9.]+)\' $(x) `y` \\\\ \u6f22';
    expect((await sent({ metrics: [Metric.regex('loss', expression)] })).AlgorithmSpecification.MetricDefinitions).toEqual([{ Name: 'loss', Regex: expression }]);
  });
});

describe('Refused, since nothing carries it:', () => {
  test.each<[string, Partial<TrainingJobProps>, string]>([
    ['half a character in a hyperparameter', { hyperparameters: Hyperparameters.of({ a: 'x\ud800' }) }, 'hyperparameters.a must be of whole characters'],
    ['half a character in the name of one', { hyperparameters: Hyperparameters.of({ 'x\udc00': 'a' }) }, 'hyperparameters: the name x'],
    ['half a character in a variable', { environment: { A: '\udfff' } }, 'environment.A must be of whole characters'],
    ['half a character in an address', { inputs: { train: DataSource.fromS3Uri('s3://bucket/\ud800') } }, 'inputs.train: the URI must be of whole characters'],
    ['a hyperparameter of several lines', { hyperparameters: Hyperparameters.of({ a: 'x\ny' }) }, 'hyperparameters.a must be a single line'],
    ['a hyperparameter that contains itself', { hyperparameters: Hyperparameters.of({ a: (() => { const own: { [name: string]: unknown } = {}; own.own = own; return own; })() }) }, 'hyperparameters.a must be text, a number'],
    ['one hyperparameter too many', { hyperparameters: Hyperparameters.of(named(Array.from({ length: 101 }, () => 'x'))) }, 'hyperparameters must have'],
    ['one character too many', { hyperparameters: Hyperparameters.of({ a: 'x'.repeat(2501) }) }, 'hyperparameters.a must have at most 2500 characters'],
    ['an empty name', { hyperparameters: Hyperparameters.of({ '': 'x' }) }, 'hyperparameters'],
    ['a channel that is a path', { inputs: { '../x': DataSource.fromS3Uri('s3://bucket/x') } }, 'inputs'],
    ['a variable that is no name', { environment: { 'A=B': 'x' } }, 'environment'],
  ])('%s', (_what, props, message) => expect(() => trainingIn(emptyStack(), props)).toThrow(`Stack/Train: ${message}`));
});
