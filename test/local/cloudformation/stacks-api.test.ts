import { StacksApi } from '../../../lib/local/cloudformation/stacks-api';
import { withLocalStack, type LocalStack } from '../../support/local-stack';

const TEMPLATE = {
  Parameters: { Model: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/model' }, Size: { Type: 'String', Default: '1' }, Secret: { Type: 'String', Default: 's', NoEcho: true } },
  Resources: { T: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { Ref: 'Model' }, Size: { Ref: 'Size' } } } },
  Outputs: { Serves: { Value: { Ref: 'Model' }, Description: 'what it serves' } },
};
const SAME = [{ ParameterKey: 'Model', UsePreviousValue: true }, { ParameterKey: 'Size', UsePreviousValue: true }];

/** A stack that has read the parameter `/model`. */
const withReader = (work: (stacks: StacksApi, stack: LocalStack, put: (value: string) => Promise<unknown>) => Promise<void>, template: object = TEMPLATE) => withLocalStack(async (stack) => {
  const put = (Value: string) => stack.ssm.call('PutParameter', { Name: '/model', Value, Type: 'String', Overwrite: true });
  await put('one');
  await stack.engine.deploy({ stackName: 'reader', template, parameters: 'Parameters' in template ? { Size: '5' } : {}, roleArn: 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/exec-${AWS::Region}' }).finished;
  await work(new StacksApi(stack.engine), stack, put);
});
const update = (stacks: StacksApi, more: object = {}) => stacks.call('UpdateStack', { StackName: 'reader', UsePreviousTemplate: true, Parameters: SAME, ...more });
const propertiesNow = ({ engine }: LocalStack) => engine.describe('reader').resources.T?.properties;

describe('an update with the previous template', () => {
  test('looks up SSM parameters again, and changes what hangs on them', () => withReader(async (stacks, stack, put) => {
    await put('two');
    expect(await update(stacks)).toEqual({ StackId: stack.engine.describe('reader').stackId });
    await stack.engine.atRest();
    expect(propertiesNow(stack)).toEqual({ DisplayName: 'two', Size: '5' });
    expect(stack.engine.describe('reader').status).toBe('UPDATE_COMPLETE');
    expect(stack.engine.deploy({ stackName: 'reader', template: TEMPLATE }).kind).toBe('unchanged');
  }));

  test('that would change nothing is refused', () => withReader(async (stacks) => {
    await expect(update(stacks)).rejects.toMatchObject({ name: 'ValidationError', message: 'No updates are to be performed.' });
  }));

  test('sets parameters that are given, and those that are missing to their defaults', () => withReader(async (stacks, stack) => {
    await update(stacks, { Parameters: [{ ParameterKey: 'Size', ParameterValue: 'true' }] });
    await stack.engine.atRest();
    expect(propertiesNow(stack)).toEqual({ DisplayName: 'one', Size: 'true' });
    await update(stacks, { Parameters: [] });
    await stack.engine.atRest();
    expect(propertiesNow(stack)).toEqual({ DisplayName: 'one', Size: '1' });
  }));

  test('is refused while another operation is under way', () => withReader(async (stacks, stack, put) => {
    await put('two');
    await update(stacks);
    await put('three');
    await expect(update(stacks)).rejects.toThrow(/^Stack:arn:.* is in UPDATE_IN_PROGRESS state and can not be updated\.$/);
    await stack.engine.atRest();
  }));

  test('needs the capabilities that its template needs', () => withReader(async (stacks, stack, put) => {
    await put('two');
    await expect(update(stacks)).rejects.toMatchObject({ name: 'InsufficientCapabilitiesException', message: 'Requires capabilities : [CAPABILITY_NAMED_IAM]' });
    await update(stacks, { Capabilities: ['CAPABILITY_NAMED_IAM'] });
    await stack.engine.atRest();
    expect(propertiesNow(stack)).toMatchObject({ DisplayName: 'two' });
  }, { ...TEMPLATE, Resources: { ...TEMPLATE.Resources, R: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'r' } } } }));

  test.each<[object, string]>([
    [{ UsePreviousTemplate: undefined }, 'Either Template URL or Template Body must be specified.'], [{ TemplateBody: '{}' }, 'Not supported by the local AWS: TemplateBody of UpdateStack'],
    [{ StackName: 'none' }, 'Stack [none] does not exist'], [{ Parameters: [{ ParameterKey: 'None', ParameterValue: 'x' }] }, 'Parameters: [None] do not exist in the template'],
    [{ Parameters: [{ ParameterKey: 'None', UsePreviousValue: true }] }, 'Cannot specify usePreviousValue as true for a parameter key not in the previous template'],
  ])('with %j is refused', (more, message) => withReader(async (stacks) => { await expect(update(stacks, more)).rejects.toThrow(message); }));
});

test('a stack is described with its parameters, what they stand for, and its outputs', () => withReader(async (stacks, { engine }) => {
  const { Stacks } = await stacks.call('DescribeStacks', { StackName: 'reader' }) as { Stacks: object[] };
  expect(Stacks).toEqual([expect.objectContaining({
    StackName: 'reader', StackStatus: 'CREATE_COMPLETE', RoleARN: 'arn:aws:iam::123456789012:role/exec-us-east-1', CreationTime: new Date(engine.describe('reader').created),
    Parameters: [{ ParameterKey: 'Model', ParameterValue: '/model', ResolvedValue: 'one' }, { ParameterKey: 'Size', ParameterValue: '5' }, { ParameterKey: 'Secret', ParameterValue: '****' }],
    Outputs: [{ OutputKey: 'Serves', OutputValue: 'one', Description: 'what it serves' }],
  })]);
  await expect(stacks.call('DeleteStack', {})).rejects.toThrow('Not supported by the local AWS: DeleteStack of CloudFormation');
}));

describe('what is in a stack', () => {
  const topics = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`T${index}`, { Type: 'AWS::SNS::Topic' }]));
  const template = (count: number) => ({ Resources: topics(count), Outputs: { O: { Value: 'x', Export: { Name: 'Shared' } } } });

  test('is the template as it was sent', () => withReader(async (stacks) => {
    const { TemplateBody } = await stacks.call('GetTemplate', { StackName: 'reader', TemplateStage: 'Original' });
    expect(JSON.parse(String(TemplateBody))).toEqual(TEMPLATE);
  }));

  test('are its resources, a hundred in a page', () => withReader(async (stacks) => {
    const first = await stacks.call('ListStackResources', { StackName: 'reader' }) as { StackResourceSummaries: { LogicalResourceId: string }[]; NextToken: string };
    const second = await stacks.call('ListStackResources', { StackName: 'reader', NextToken: first.NextToken }) as typeof first;
    expect([...first.StackResourceSummaries, ...second.StackResourceSummaries].map(({ LogicalResourceId }) => LogicalResourceId)).toEqual(Object.keys(topics(120)));
    expect([first.StackResourceSummaries.length, second.NextToken]).toEqual([100, undefined]);
    expect(first.StackResourceSummaries[0]).toMatchObject({ ResourceType: 'AWS::SNS::Topic', ResourceStatus: 'CREATE_COMPLETE', PhysicalResourceId: expect.stringMatching(/^arn:aws:sns:/) });
    await expect(stacks.call('ListStackResources', { StackName: 'reader', NextToken: 'x' })).rejects.toThrow('Invalid NextToken x');
  }, template(120)));

  test('is one of its resources, with the stack that it is of', () => withReader(async (stacks, { engine }) => {
    expect(await stacks.call('DescribeStackResources', { StackName: 'reader', LogicalResourceId: 'T1' })).toMatchObject({
      StackResources: [{ StackName: 'reader', StackId: engine.describe('reader').stackId, LogicalResourceId: 'T1', Timestamp: expect.any(Date) }],
    });
  }, template(2)));

  test('is what it exports', () => withReader(async (stacks, { engine }) => {
    expect(await stacks.call('ListExports', {})).toEqual({ Exports: [{ ExportingStackId: engine.describe('reader').stackId, Name: 'Shared', Value: 'x' }] });
  }, template(1)));

  test.each(['GetTemplate', 'ListStackResources', 'DescribeStackResources'])('is asked of a stack that there is: %s', (operation) => withReader(async (stacks) => {
    await expect(stacks.call(operation, { StackName: 'none' })).rejects.toMatchObject({ name: 'ValidationError', message: 'Stack with id none does not exist' });
    await expect(stacks.call(operation, {})).rejects.toThrow('Value null at \'stackName\'');
  }));
});
