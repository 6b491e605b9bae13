import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { App, Stack } from 'aws-cdk-lib/core';
import { Endpoint, EndpointConfig, JobProvider, OutputLocation, RollbackAlarm, Variant } from 'cdk-sagemaker';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ours from '../examples/nag';
import type * as Nag from '../examples/nag';
import { trainingIn } from './support/stacks';

const EXAMPLES = join(__dirname, '..', 'examples');
const names = readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, 'app.ts')));
const PACKS = ['AwsSolutions', 'NIST.800.53.R5', 'HIPAA.Security'];

const scratch = mkdtempSync(join(tmpdir(), 'nag-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let runs = 0;

/** Works with a fresh app of an example, and the modules it was made with. */
function withExample<T>(name: string, file: 'app' | 'nag', work: (app: App, nag: typeof Nag) => T): T {
  const before = { ...process.env };
  Object.assign(process.env, { CDK_OUTDIR: join(scratch, `run-${runs++}`), CDK_CONTEXT_JSON: '{}' });
  let result: T;
  try {
    jest.isolateModules(() => { result = work(require(join(EXAMPLES, name, file)).app, require(join(EXAMPLES, 'nag'))); });
  } finally {
    process.env = before;
  }
  return result!;
}

/** What each example is without the rules, looked at once: modules that are loaded again take longer than the three packs. */
const looks = new Map<string, { readonly findings: Nag.Finding[]; readonly templates: string[] }>();

function plain(name: string) {
  const look = looks.get(name) ?? withExample(name, 'app', (app, nag) => ({ findings: nag.findingsIn(app), templates: templates(app.synth().directory) }));
  looks.set(name, look);
  return look;
}

const shown = ({ id, path }: Nag.Finding) => `${path}: ${id}`;
const templates = (folder: string) => readdirSync(folder).filter((file) => file.endsWith('.template.json')).map((file) => readFileSync(join(folder, file), 'utf8'));

describe.each(names)('cdk-nag in examples/%s', (name) => {
  test('finds nothing that is not acknowledged with a reason, and changes nothing in the templates', () => {
    const { directory, left } = withExample(name, 'nag', (app, nag) => ({ left: nag.findingsIn(app).map(shown), directory: app.synth().directory }));
    expect(left).toEqual([]);
    const report = JSON.parse(readFileSync(join(directory, 'validation-report.json'), 'utf8'));
    expect(report.pluginReports).toEqual([]);
    expect(plain(name).templates).not.toEqual([]);
    expect(templates(directory)).toEqual(plain(name).templates);
  }, 120_000);

  test.each(PACKS)('has something for %s to find', (pack) => expect(plain(name).findings.filter(({ id }) => id.startsWith(`${pack}-`))).not.toEqual([]), 120_000);

  test('is answered for each finding by one reason, and each by its own path and rule', () => {
    expect(plain(name).findings.filter((finding) => ours.OF_THE_LIBRARY.filter((each) => ours.answers(each, finding)).length !== 1).map(shown)).toEqual([]);
  }, 120_000);
});

test('the synthesis is refused when a reason of any pack is missing', () => {
  const refused = () => withExample('train-and-deploy', 'app', (app, nag) => {
    const gone = [nag.OF_THE_LIBRARY[0], nag.OF_THE_LIBRARY.find(({ findings }) => findings.some((finding) => finding.source.includes('LambdaDLQ')))];
    nag.checkedByNag(app, nag.OF_THE_LIBRARY.filter((each) => !gone.includes(each))).synth();
  });
  const said = messageOf(refused);
  expect(said).toMatch(/AwsSolutions-IAM5\[.*:training-job\//);
  expect(said).toContain('NIST.800.53.R5-LambdaDLQ');
  expect(said).toContain('HIPAA.Security-LambdaDLQ');
}, 120_000);

function messageOf(work: () => unknown): string {
  try { work(); } catch (error) { return (error as Error).message; }
  return '';
}

test('no reason is left for what the rules find no more', () => {
  const patterns = ours.OF_THE_LIBRARY.flatMap((each) => each.findings.map((pattern) => ({ ...each, findings: [pattern] })));
  const findings = names.flatMap((name) => plain(name).findings);
  expect(patterns.filter((pattern) => !findings.some((finding) => ours.answers(pattern, finding))).map((pattern) => `${pattern.at}: ${pattern.findings}`)).toEqual([]);
}, 240_000);

test('the page has a row for each rule that finds something', () => {
  const page = readFileSync(join(__dirname, '..', 'docs', 'cdk-nag.md'), 'utf8');
  const rules = new Set(names.flatMap((name) => plain(name).findings).map(({ id }) => /^(?:AwsSolutions|NIST\.800\.53\.R5|HIPAA\.Security)-([A-Za-z0-9]+)/.exec(id)![1]!));
  expect([...rules].filter((rule) => !page.split('\n').some((line) => line.startsWith('|') && line.split('|')[1]!.includes(`\`${rule}`)))).toEqual([]);
});

/** An app that does what the page says one can do. */
function hardened(): App {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: { region: 'eu-west-1' } });
  const key = new Key(stack, 'Key', { enableKeyRotation: true });
  const vpc = new Vpc(stack, 'Vpc');
  const owned = { blockPublicAccess: BlockPublicAccess.BLOCK_ALL, encryption: BucketEncryption.KMS, encryptionKey: key, enforceSSL: true, versioned: true };
  const copies = new Bucket(stack, 'Copies', owned);
  const bucket = new Bucket(stack, 'Artifacts', { ...owned, serverAccessLogsBucket: new Bucket(stack, 'Log', owned), replicationRules: [{ destination: copies, priority: 1 }] });
  JobProvider.configure(stack, { vpc, encryptionKey: key });
  const model = trainingIn(stack, { output: OutputLocation.fromBucket(bucket, 'jobs') }).toModel('Model');
  const alarm = new Alarm(stack, 'Bell', { metric: new Metric({ namespace: 'Shop', metricName: 'Complaints' }), threshold: 1, evaluationPeriods: 1 });
  alarm.addAlarmAction(new SnsAction(new Topic(stack, 'Woken')));
  const config = new EndpointConfig(stack, 'EndpointConfig', { variants: { AllTraffic: Variant.onInstances(model, { instanceType: 'ml.m5.large' }) }, encryptionKey: key });
  new Endpoint(stack, 'Endpoint', { config, rollbackAlarms: [RollbackAlarm.of(alarm)] });
  return app;
}

/** What is found by NIST 800-53 R5 and by HIPAA Security, without their names; the stack's own VPC, topic and bucket for logs are no matter of the library. */
function found(app: App): string[] {
  const rules = ours.findingsIn(app).filter(({ id }) => !id.startsWith('AwsSolutions')).map(({ id, path }) => [path.split('/').slice(1).join('/'), id.replace(/^.*-/, '')] as const);
  return [...new Set(rules.filter(([path]) => /^(SageMaker|Train|Endpoint|Artifacts|Bell)/.test(path)).map(([, rule]) => rule))].sort();
}

test('what the page says one can do ends the findings, all but three', () => {
  expect(found(hardened())).toEqual(['IAMNoInlinePolicy', 'LambdaConcurrency', 'LambdaDLQ']);
}, 60_000);
