import { App, Stack } from 'aws-cdk-lib/core';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { consoleLink } from '../lib/handler/failure-report';
import { realWorld } from '../lib/handler/index';
import type { CloudFormationEvent } from '../lib/handler/events';
import { everyKind, type Lacking } from './support/every-kind';

interface Place {
  readonly region?: string;
  readonly partition: string;
  readonly urlSuffix: string;
  readonly lacking?: readonly Lacking[];
  /** What names of VPC endpoints begin with, where CDK knows it. */
  readonly vpcEndpoints?: string;
  readonly console?: string;
}

const PLACES: Place[] = [
  { region: 'eu-west-1', partition: 'aws', urlSuffix: 'amazonaws.com', vpcEndpoints: 'com.amazonaws', console: 'console.aws.amazon.com' },
  { region: 'cn-north-1', partition: 'aws-cn', urlSuffix: 'amazonaws.com.cn', vpcEndpoints: 'cn.com.amazonaws', console: 'console.amazonaws.cn' },
  { region: 'cn-northwest-1', partition: 'aws-cn', urlSuffix: 'amazonaws.com.cn', vpcEndpoints: 'cn.com.amazonaws', console: 'console.amazonaws.cn' },
  { region: 'us-gov-west-1', partition: 'aws-us-gov', urlSuffix: 'amazonaws.com', vpcEndpoints: 'com.amazonaws', console: 'console.amazonaws-us-gov.com' },
  { region: 'us-iso-east-1', partition: 'aws-iso', urlSuffix: 'c2s.ic.gov', vpcEndpoints: 'gov.ic.c2s', lacking: ['monitors', 'rules'] },
  { region: 'us-isob-east-1', partition: 'aws-iso-b', urlSuffix: 'sc2s.sgov.gov', vpcEndpoints: 'gov.sgov.sc2s', lacking: ['monitors', 'rules'] },
  { region: 'us-isof-south-1', partition: 'aws-iso-f', urlSuffix: 'csp.hci.ic.gov', lacking: ['rules'] },
  { region: 'eu-isoe-west-1', partition: 'aws-iso-e', urlSuffix: 'cloud.adc-e.uk', lacking: ['images', 'rules'] },
  { region: 'eusc-de-east-1', partition: 'aws-eusc', urlSuffix: 'amazonaws.eu', lacking: ['images', 'rules'], console: 'console.amazonaws-eusc.eu' },
  // whose Region and account are known when it is deployed
  { partition: '<Partition>', urlSuffix: '<URLSuffix>', lacking: ['rules'] },
];

/** Every text of a template, with what CloudFormation puts into it; what only it knows is in angle brackets. */
function texts(value: any, pseudo: { readonly [name: string]: string }): string[] {
  const written = (part: any): string | undefined => {
    if (typeof part === 'string') { return part; }
    if (part?.Ref !== undefined) { return pseudo[part.Ref] ?? `<${part.Ref}>`; }
    if (part?.['Fn::GetAtt'] !== undefined) { return /^Repository.*Arn$/.test(part['Fn::GetAtt'].join('.')) ? `arn:${pseudo['AWS::Partition']}:ecr:${pseudo['AWS::Region']}:123456789012:repository/own` : `<${part['Fn::GetAtt'].join('.')}>`; }
    if (part?.['Fn::Select'] !== undefined) { const [index, { 'Fn::Split': split }] = part['Fn::Select']; return split && written(split[1])?.split(split[0])[index]; }
    if (part?.['Fn::Join'] !== undefined) { return Array.isArray(part['Fn::Join'][1]) ? part['Fn::Join'][1].map((each: any) => written(each) ?? '<?>').join(part['Fn::Join'][0]) : undefined; }
    return undefined;
  };
  const whole = written(value);
  if (whole !== undefined) { return [whole]; }
  return typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([name, member]) => [name, ...texts(member, pseudo)]) : [];
}

/** All that a template says to somebody, by the place it is deployed to. */
function saidIn({ region, partition, urlSuffix, lacking }: Place): { readonly said: string[]; readonly template: any } {
  const app = new App();
  const stack = new Stack(app, 'Stack', region === undefined ? {} : { env: { account: '123456789012', region } });
  everyKind(stack, lacking);
  const template = app.synth().getStackByName('Stack').template;
  const { Mappings: _accounts, ...rest } = template;
  return { template, said: texts(rest, { 'AWS::Region': region ?? '<Region>', 'AWS::Partition': partition, 'AWS::URLSuffix': urlSuffix, 'AWS::AccountId': '123456789012' }) };
}

/** Names that are the same everywhere: services in trust and key policies, and in the path of a role that a service made for itself. */
const PRINCIPALS = /^(sagemaker|lambda|states)\.amazonaws\.com$|:role\/aws-service-role\/sagemaker\.application-autoscaling\.amazonaws\.com\//;

describe.each(PLACES.map((place) => ({ ...place, where: place.region ?? 'a stack that knows its Region when it is deployed' })))('every kind of construct in $where', (place) => {
  const { region = '<Region>', partition, urlSuffix } = place;
  let said: string[];
  let template: any;
  beforeAll(() => { ({ said, template } = saidIn(place)); }, 120_000);

  test('trap 29: no ARN is of another partition', () => {
    const arns = said.flatMap((text) => [...text.matchAll(/arn:(<Partition>|[^:]*):/g)].map(([, found]) => found!));
    expect(arns.length).toBeGreaterThan(40);
    expect([...new Set(arns)]).toEqual([partition]);
  });

  test('trap 29: no host is of another partition', () => {
    const hosts = said.filter((text) => /amazonaws|amazon\.com|c2s|sgov|\.ic\.gov|adc-e/.test(text) && text !== urlSuffix && !PRINCIPALS.test(text));
    const own = (text: string) => text.replaceAll(/\.dkr\.ecr\.[^/]+\//g, (host) => (host === `.dkr.ecr.${region}.${urlSuffix}/` ? '' : host)).replace(`logs.${region}.${urlSuffix}`, '');
    expect(hosts.map(own).filter((text) => /amazonaws|amazon\.com|c2s|sgov|\.ic\.gov|adc-e/.test(text)).filter((text) => !/\.sagemaker\.(api|runtime)$/.test(text))).toEqual([]);
  });

  test('trap 29: there is no link to a console', () => expect(said.filter((text) => text.includes('console.'))).toEqual([]));

  test('has an image for everything', () => {
    const images = said.filter((text) => text.includes('.dkr.ecr.'));
    expect(images.every((text) => text.includes(`.dkr.ecr.${region}.${urlSuffix}/`))).toBe(true);
    expect(images.length).toBeGreaterThan(place.lacking?.includes('images') ? -1 : 2);
  });

  test('trusts the services by their names there', () => {
    const services = Object.values(template.Resources as { [id: string]: any }).flatMap(({ Type, Properties }) => [
      ...(Type === 'AWS::IAM::Role' ? Properties.AssumeRolePolicyDocument.Statement : []), ...(Type === 'AWS::KMS::Key' ? Properties.KeyPolicy.Statement : []),
    ]).flatMap(({ Principal }) => texts(Principal?.Service ?? [], { 'AWS::Region': region, 'AWS::URLSuffix': urlSuffix, 'AWS::Partition': partition })).filter((text) => !/^\d$/.test(text));
    expect([...new Set(services)].sort()).toEqual(['lambda.amazonaws.com', `logs.${region}.${urlSuffix}`, 'sagemaker.amazonaws.com', 'states.amazonaws.com']);
  });

  test('calls the endpoints of VPCs as they are called there', () => {
    const names = said.filter((text) => /\.sagemaker\.(api|runtime)$/.test(text));
    expect(names).toHaveLength(2);
    if (place.vpcEndpoints) { expect(names.map((name) => name.replace(/\.sagemaker\..*$/, ''))).toEqual(Array(2).fill(`${place.vpcEndpoints}.${region}`)); }
  });

  test('tells the function the domain of the partition', () => {
    const { Environment, Architectures } = template.Resources.SageMakerJobHandler.Properties;
    expect(Environment.Variables.URL_SUFFIX).toEqual({ Ref: 'AWS::URLSuffix' });
    expect(Architectures).toEqual([partition.startsWith('aws-iso') ? 'x86_64' : 'arm64']);
  });
});

test('in a Region without the debugger, without the profiler or without the images of their rules, a job is told so', () => {
  const refusal = (region: string, lacking: Lacking[] = []) => {
    try { saidIn({ region, partition: '', urlSuffix: '', lacking }); } catch (error) { return (error as Error).message; }
    return '';
  };
  expect(refusal('us-iso-east-1', ['rules'])).toContain('Stack/Train: debugHook must be left out in this Region, which has no debugger, got us-iso-east-1');
  expect(refusal('us-isof-south-1')).toMatch(/^Stack\/Train\/debugRules\/Loss: image\.region must be one of .*, got us-isof-south-1$/);
  expect(refusal('eusc-de-east-1', ['rules'])).toMatch(/^Stack\/OfFramework: algorithm\.framework\.region must be one of .*, got eusc-de-east-1$/);
}, 60_000);

describe.each(PLACES.filter(({ region }) => region !== undefined))('the handler in $region', ({ region, partition, urlSuffix, console: domain }) => {
  const before = { ...process.env };
  beforeEach(() => Object.assign(process.env, {
    AWS_REGION: region, URL_SUFFIX: urlSuffix, AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret', STATE_MACHINE_ARN: `arn:${partition}:states:${region}:123456789012:stateMachine:waiter`,
  }));
  afterEach(() => { process.env = { ...before }; });

  test('trap 29: asks SageMaker, Step Functions and CloudFormation at their hosts there', async () => {
    const hosts: string[] = [];
    const world = realWorld((call) => {
      hosts.push(new URL(call.url).host);
      return Promise.resolve({ status: 200, body: '<StackStatus>CREATE_IN_PROGRESS</StackStatus>' });
    }, {
      region, credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
      requestHandler: { handle: ({ hostname }: { hostname: string }) => { hosts.push(hostname); throw new Error('enough'); } } as never,
    });
    await expect(world.jobs.describe('TrainingJob', 'a')).rejects.toThrow('enough');
    await world.stackStatus(`arn:${partition}:cloudformation:${region}:123456789012:stack/a/b`);
    await world.startExecution('a', {});
    await world.lookUp('DescribeEndpoint', {});
    expect(hosts).toEqual([`api.sagemaker.${region}.${urlSuffix}`, `cloudformation.${region}.${urlSuffix}`, `states.${region}.${urlSuffix}`, `api.sagemaker.${region}.${urlSuffix}`]);
  });

  test(domain ? 'trap 29: shows a failed job in the console of the partition' : 'shows no console, for none is known', () => {
    const link = consoleLink({ StackId: `arn:${partition}:cloudformation:${region}:123456789012:stack/a/b` } as CloudFormationEvent, 'jobs/a');
    expect(link).toBe(domain ? `; https://${region}.${domain}/sagemaker/home?region=${region}#/jobs/a` : '');
  });
});

/** Code without comments and without patterns of what users may say. */
function codeOf(file: string): string {
  return readFileSync(file, 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/ .*$/gm, '').replaceAll(/pattern: \/.*?\/,|\/\^arn:aws\[a-z-\]\*.*?\$\/|\/\^arn:aws\[a-z-\]\*.*?\//g, '');
}

test('trap 29: no source names a partition or a domain, but for the table of them', () => {
  const root = join(__dirname, '..');
  const files = ['lib', 'bin'].flatMap((room) => readdirSync(join(root, room), { recursive: true }).map((name) => join(room, String(name)))).filter((name) => name.endsWith('.ts') && name !== 'lib/limits/partitions.ts');
  expect(files.length).toBeGreaterThan(200);
  const lines = files.flatMap((file) => codeOf(join(root, file)).split('\n').map((line) => `${file}: ${line.trim()}`)).filter((line) => /arn:aws|amazonaws|console\.aws|aws-cn|aws-us-gov/.test(line));
  // services have the same names everywhere, and so have the documents of S3 and CloudFormation; a function that is not told its domain is one of aws
  const same = [
    /'(sagemaker|lambda|states|logs|events|scheduler|application-autoscaling)\.amazonaws\.com'|\/\^sagemaker\\\.amazonaws\\\.com\/|service-role\/sagemaker\.application-autoscaling\.amazonaws\.com/,
    /http:\/\/(s3|cloudformation)\.amazonaws\.com\/doc\//, /process\.env\.URL_SUFFIX \?\? 'amazonaws\.com'/,
  ];
  expect(lines.filter((line) => !same.some((known) => known.test(line)))).toEqual([]);
});
