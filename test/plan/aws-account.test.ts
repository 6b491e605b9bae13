import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { Clients } from '../../lib/operate/clients';
import type { Post } from '../../lib/operate/signed-service';
import { AwsAccount } from '../../lib/plan/aws-account';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const STACK_ID = 'arn:aws:cloudformation:eu-west-1:210987654321:stack/Digits/0f1e';
const escaped = (text: string) => text.replace(/[<>&"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
const answer = (action: string, content: string) => ({ status: 200, body: `<${action}Response xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><${action}Result>${content}</${action}Result><ResponseMetadata/></${action}Response>` });
const fault = (code: string, message: string, status = 400) => ({ status, body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${escaped(message)}</Message></Error></ErrorResponse>` });
const members = (...all: readonly object[]) => all.map((one) => `<member>${Object.entries(one).map(([name, value]) => `<${name}>${escaped(String(value))}</${name}>`).join('')}</member>`).join('');

const TEMPLATE = {
  Parameters: { Version: { Type: 'AWS::SSM::Parameter::Value<String>' }, Secret: { Type: 'String', NoEcho: true }, Zones: { Type: 'CommaDelimitedList' } },
  Conditions: { IsSecret: { 'Fn::Equals': [{ Ref: 'Secret' }, 'x'] } },
  Resources: {
    Bucket: { Type: 'AWS::S3::Bucket' },
    Only: { Type: 'AWS::S3::Bucket', Condition: 'IsSecret' },
    Job: { Type: 'Custom::SageMakerTrainingJob', Properties: { Request: {} } },
    Outcome: {
      Type: 'Custom::SageMakerJobOutcome',
      Properties: {
        Kind: 'TrainingJob', JobName: { Ref: 'Job' }, Attributes: ['ModelArtifacts', 'TrainingImage'], Metrics: { 'Metric.acc': 'acc' },
        Artifact: { 'Fn::Join': ['', ['s3://', { Ref: 'Bucket' }, '/jobs/', { Ref: 'Job' }, '/output/model.tar.gz']] }, ServiceToken: { 'Fn::GetAtt': ['Handler', 'Arn'] },
      },
    },
    Handler: { Type: 'AWS::Lambda::Function' },
  },
};
const RESOURCES = [
  { LogicalResourceId: 'Bucket', ResourceType: 'AWS::S3::Bucket', PhysicalResourceId: 'digits-bucket', ResourceStatus: 'CREATE_COMPLETE' },
  { LogicalResourceId: 'Job', ResourceType: 'Custom::SageMakerTrainingJob', PhysicalResourceId: 'digits-train-1', ResourceStatus: 'UPDATE_COMPLETE' },
  { LogicalResourceId: 'Outcome', ResourceType: 'Custom::SageMakerJobOutcome', PhysicalResourceId: 'outcome', ResourceStatus: 'CREATE_COMPLETE' },
  { LogicalResourceId: 'Gone', ResourceType: 'AWS::S3::Bucket', PhysicalResourceId: 'gone', ResourceStatus: 'DELETE_COMPLETE' },
];
const stack = (status = 'UPDATE_COMPLETE') => `<Stacks><member><StackName>Digits</StackName><StackId>${STACK_ID}</StackId><StackStatus>${status}</StackStatus>
  <Parameters>${members({ ParameterKey: 'Version', ParameterValue: '/cdk/version', ResolvedValue: '30' }, { ParameterKey: 'Secret', ParameterValue: '****' }, { ParameterKey: 'Zones', ParameterValue: 'a,b' })}</Parameters></member></Stacks>`;

/** What AWS answers, by action or target. */
type World = { readonly [call: string]: (parameters: Readonly<Record<string, string>>) => { readonly status: number; readonly body: string } };
const WORLD: World = {
  DescribeStacks: () => answer('DescribeStacks', stack()),
  GetTemplate: () => answer('GetTemplate', `<TemplateBody>${escaped(JSON.stringify(TEMPLATE))}</TemplateBody>`),
  ListStackResources: ({ NextToken }) => (NextToken === undefined
    ? answer('ListStackResources', `<StackResourceSummaries>${members(...RESOURCES.slice(0, 2))}</StackResourceSummaries><NextToken>more</NextToken>`)
    : answer('ListStackResources', `<StackResourceSummaries>${members(...RESOURCES.slice(2))}</StackResourceSummaries>`)),
  ListExports: () => answer('ListExports', `<Exports>${members({ Name: 'Data:Uri', Value: 's3://data/' })}</Exports>`),
  GetCallerIdentity: () => answer('GetCallerIdentity', '<Account>111122223333</Account>'),
  'AmazonSSM.GetParameter': () => ({ status: 200, body: '{"Parameter": {"Value": "s3://models/1"}}' }),
};

async function account(world: World = {}, jobs: { readonly [name: string]: object } = {}) {
  const calls: { readonly call: string; readonly url: string; readonly authorization: string }[] = [];
  const post: Post = async (url, headers, body) => {
    const parameters = headers['x-amz-target'] === undefined ? Object.fromEntries(new URLSearchParams(body)) : { Action: headers['x-amz-target'] };
    calls.push({ call: String(parameters.Action), url, authorization: headers.authorization ?? '' });
    return ({ ...WORLD, ...world }[String(parameters.Action)] as World[string])(parameters);
  };
  const sageMaker = new SageMakerClient({ region: 'eu-west-1', credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' } });
  sageMaker.send = (async ({ constructor: { name }, input }: { constructor: { name: string }; input: { TrainingJobName?: string } }) => {
    if (name === 'ListTagsCommand') { return { Tags: [{ Key: 'team', Value: 'a' }] }; }
    const job = jobs[input.TrainingJobName ?? ''];
    if (job === undefined) { throw Object.assign(new Error('Requested resource not found.'), { name: 'ValidationException' }); }
    if (job instanceof Error) { throw job; }
    return { ...job, $metadata: {} };
  }) as never;
  const clients = { sageMaker, logs: { destroy: () => undefined } } as unknown as Clients;
  return { aws: await AwsAccount.of({}, clients, post), calls };
}

const TRAINED = {
  TrainingJobName: 'digits-train-1', TrainingJobArn: 'arn:aws:sagemaker:eu-west-1:210987654321:training-job/digits-train-1', TrainingJobStatus: 'Completed', ModelArtifacts: { S3ModelArtifacts: 's3://digits-bucket/x/model.tar.gz' },
  AlgorithmSpecification: { TrainingImage: 'image:1' }, FinalMetricDataList: [{ MetricName: 'acc', Value: 0.5 }],
};

describe('a stack that is deployed at AWS', () => {
  test('has its template, the values of its parameters, and all its resources', async () => {
    const { aws, calls } = await account();
    const side = await aws.side('Digits', { Job: 'Digits/Train' }, false);
    expect(side).toMatchObject({
      name: '210987654321/eu-west-1', stackName: 'Digits', stackId: STACK_ID, region: 'eu-west-1', account: '210987654321', status: 'UPDATE_COMPLETE', template: TEMPLATE, paths: { Job: 'Digits/Train' },
      parameters: { Version: '30', Zones: 'a,b' }, given: { Version: '/cdk/version', Zones: 'a,b' },
    });
    expect(['Bucket', 'Job', 'Outcome', 'Gone'].map((id) => side.resource(id)?.physicalId)).toEqual(['digits-bucket', 'digits-train-1', 'outcome', undefined]);
    expect(side.resource('Job')?.status).toBe('UPDATE_COMPLETE');
    expect(calls.map(({ call }) => call)).toEqual(['DescribeStacks', 'GetTemplate', 'ListStackResources', 'ListStackResources']);
    expect(calls[0]).toMatchObject({ url: 'https://cloudformation.eu-west-1.amazonaws.com/', authorization: expect.stringContaining('/eu-west-1/cloudformation/aws4_request') });
  });

  test('shows nothing of a parameter that is not to be echoed', async () => {
    const side = await (await account()).aws.side('Digits', {}, false);
    expect(await side.job('ProcessingJob', 'any')).toBe('unknown');
    expect([side.parameters, side.given].map((values) => Object.hasOwn(values ?? {}, 'Secret'))).toEqual([false, false]);
  });

  test('has of an outcome what the description of its job says', async () => {
    const side = await (await account({}, { 'digits-train-1': TRAINED })).aws.side('Digits', {}, false);
    expect(['ModelArtifacts', 'TrainingImage', 'Metric.acc', 'Status'].map((name) => side.resource('Outcome')?.attribute(name))).toEqual(['s3://digits-bucket/x/model.tar.gz', 'image:1', '0.5', undefined]);
  });

  test('knows where a result is even of a job whose record is gone', async () => {
    const side = await (await account()).aws.side('Digits', {}, false);
    expect(['ModelArtifacts', 'TrainingImage'].map((name) => side.resource('Outcome')?.attribute(name))).toEqual(['s3://digits-bucket/jobs/digits-train-1/output/model.tar.gz', undefined]);
  });

  test('is asked for jobs with their tags, SSM parameters, and, where that is used, what other stacks export', async () => {
    const { aws, calls } = await account({}, { 'digits-train-1': TRAINED });
    const side = await aws.side('Digits');
    expect(await side.job('TrainingJob', 'digits-train-1')).toMatchObject({ name: 'digits-train-1', details: { TrainingJobStatus: 'Completed' }, tags: { team: 'a' } });
    expect(await side.job('TrainingJob', 'none')).toBeUndefined();
    expect(await side.ssmParameter('/model')).toBe('s3://models/1');
    expect([side.exportValue('Data:Uri'), side.exportValue('None')]).toEqual(['s3://data/', undefined]);
    expect(calls.find(({ call }) => call === 'AmazonSSM.GetParameter')).toMatchObject({ url: 'https://ssm.eu-west-1.amazonaws.com/' });
  });
});

describe('a stack that is not deployed at AWS', () => {
  test.each([
    ['that nobody knows', { DescribeStacks: () => fault('ValidationError', 'Stack with id Digits does not exist') }, '111122223333'],
    ['that a change set is for', { DescribeStacks: () => answer('DescribeStacks', stack('REVIEW_IN_PROGRESS')) }, '210987654321'],
    ['whose creation was rolled back', { DescribeStacks: () => answer('DescribeStacks', stack('ROLLBACK_COMPLETE')) }, '210987654321'],
  ])('%s has nothing, and it is known where it would be', async (_, world, owner) => {
    const side = await (await account(world)).aws.side('Digits', {}, false);
    expect(side).toMatchObject({ name: `${owner}/eu-west-1`, account: owner, template: { Resources: {} }, parameters: {} });
    expect([side.stackId, side.resource('Job')]).toEqual([undefined, undefined]);
  });
});

test('stacks that are nested in it are sides of their own, and what they answer is an attribute', async () => {
  const inner = 'arn:aws:cloudformation:eu-west-1:210987654321:stack/Digits-Inner/2';
  const { aws, calls } = await account({
    DescribeStacks: ({ StackName }) => answer('DescribeStacks', StackName === inner
      ? `<Stacks><member><StackName>Digits-Inner</StackName><StackId>${inner}</StackId><StackStatus>CREATE_COMPLETE</StackStatus><Outputs>${members({ OutputKey: 'Name', OutputValue: 'b' })}</Outputs></member></Stacks>` : stack()),
    GetTemplate: ({ StackName }) => answer('GetTemplate', `<TemplateBody>${escaped(JSON.stringify(StackName === inner ? { Resources: { B: { Type: 'AWS::S3::Bucket' } } } : { Resources: { Inner: { Type: 'AWS::CloudFormation::Stack' } } }))}</TemplateBody>`),
    ListStackResources: ({ StackName }) => answer('ListStackResources', `<StackResourceSummaries>${members(StackName === inner
      ? { LogicalResourceId: 'B', ResourceType: 'AWS::S3::Bucket', PhysicalResourceId: 'b' } : { LogicalResourceId: 'Inner', ResourceType: 'AWS::CloudFormation::Stack', PhysicalResourceId: inner })}</StackResourceSummaries>`),
  });
  const side = await aws.side('Digits', {}, false);
  expect(side.resource('Inner')?.attribute('Outputs.Name')).toBe('b');
  const nested = await side.nested?.('Inner');
  expect(nested).toMatchObject({ stackName: 'Digits-Inner', stackId: inner, template: { Resources: { B: {} } } });
  expect(nested?.resource('B')?.physicalId).toBe('b');
  expect(calls.filter(({ call }) => call === 'DescribeStacks')).toHaveLength(2);
});

test('what it exports is known from its outputs, and who imports that is asked', async () => {
  const outputs = `<Outputs>${members({ OutputKey: 'Uri', OutputValue: 's3://a', ExportName: 'Digits:Uri' }, { OutputKey: 'Own', OutputValue: 'b' })}</Outputs>`;
  const world = (ListImports: World[string]): World => ({ DescribeStacks: () => answer('DescribeStacks', stack().replace('</member></Stacks>', `${outputs}</member></Stacks>`)), ListImports });
  const side = await (await account(world(({ ExportName, NextToken }) => answer('ListImports', NextToken === undefined ? '<Imports><member>R</member></Imports><NextToken>more</NextToken>' : `<Imports><member>${String(ExportName)}</member></Imports>`)))).aws.side('Digits', {}, false);
  expect(side.exports).toEqual({ 'Digits:Uri': 's3://a' });
  expect(await side.importers?.('Digits:Uri')).toEqual(['R', 'Digits:Uri']);
  const importers = async (code: string, message: string) => (await account(world(() => fault(code, message)))).aws.side('Digits', {}, false).then((each) => each.importers?.('Digits:Uri'));
  expect(await importers('ValidationError', "Export 'Digits:Uri' is not imported by any stack.")).toEqual([]);
  await expect(importers('AccessDenied', 'no')).rejects.toThrow('not allowed: cloudformation:ListImports, which plan needs (no)');
});

describe('what goes wrong is said in words', () => {
  const denied = () => fault('AccessDenied', 'User: arn:aws:iam::1:user/a is not authorized', 403);

  test.each([
    ['cloudformation:DescribeStacks', { DescribeStacks: denied }],
    ['cloudformation:GetTemplate', { GetTemplate: denied }],
    ['cloudformation:ListStackResources', { ListStackResources: denied }],
    ['cloudformation:ListExports', { ListExports: denied }],
    ['sts:GetCallerIdentity', { DescribeStacks: () => fault('ValidationError', 'Stack with id Digits does not exist'), GetCallerIdentity: denied }],
  ])('which permission is missing: %s', async (action, world: World) => {
    await expect((await account(world)).aws.side('Digits')).rejects.toThrow(`not allowed: ${action}, which plan needs (User: arn:aws:iam::1:user/a is not authorized)`);
  });

  test('also of a job', async () => {
    const refusal = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
    await expect((await account({}, { 'digits-train-1': refusal })).aws.side('Digits', {}, false)).rejects.toThrow('not allowed: sagemaker:DescribeTrainingJob, which plan needs (no)');
  });

  test('a template that is no JSON', async () => {
    const { aws } = await account({ GetTemplate: () => answer('GetTemplate', '<TemplateBody>Resources:\n  A:</TemplateBody>') });
    await expect(aws.side('Digits', {}, false)).rejects.toThrow(/^the template of the stack Digits at AWS can't be read, which is none that the CDK has deployed: /);
  });

  test('another fault, by its name', async () => {
    const { aws } = await account({ DescribeStacks: () => fault('InvalidClientTokenId', 'The security token included in the request is invalid', 403) });
    await expect(aws.side('Digits')).rejects.toThrow('InvalidClientTokenId: The security token included in the request is invalid');
  });

  test('an SSM parameter that is not there is none', async () => {
    const { aws } = await account({ 'AmazonSSM.GetParameter': () => ({ status: 400, body: '{"__type": "ParameterNotFound"}' }) });
    expect(await (await aws.side('Digits', {}, false)).ssmParameter('/none')).toBeUndefined();
  });
});
