import { failureOf, withLocalStack, type LocalStack } from '../../support/local-stack';

const parameter = (Properties: object) => ({ P: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/model', Type: 'String', Value: 'one', ...Properties } } });
const valueOf = async ({ ssm }: LocalStack, Name = '/model') => ((await ssm.call('GetParameter', { Name })).Parameter as { Value: string }).Value;
const overwrite = ({ ssm }: LocalStack, Value: string) => ssm.call('PutParameter', { Name: '/model', Value, Overwrite: true });

describe('a parameter', () => {
  test('is made, changed and deleted with its stack', () => withLocalStack(async (stack) => {
    expect((await stack.deploy(parameter({}))).resources.P?.physical).toEqual({ physicalId: '/model', attributes: { Type: 'String', Value: 'one' } });
    await stack.deploy(parameter({ Value: 'two' }));
    expect(await valueOf(stack)).toBe('two');
    expect(await stack.destroy()).toMatchObject({ status: 'DELETE_COMPLETE' });
    await expect(valueOf(stack)).rejects.toMatchObject({ name: 'ParameterNotFound' });
  }));

  test('keeps what others have put as long as its template is the same', () => withLocalStack(async (stack) => {
    await stack.deploy(parameter({}));
    await overwrite(stack, 'trained');
    await stack.deploy({ ...parameter({}), T: { Type: 'AWS::SNS::Topic' } });
    expect(await valueOf(stack)).toBe('trained');
    await stack.deploy(parameter({ Description: 'the model' }));
    expect(await valueOf(stack)).toBe('one');
  }));

  test('is replaced with another name', () => withLocalStack(async (stack) => {
    await stack.deploy(parameter({}));
    await stack.deploy(parameter({ Name: '/other' }));
    expect(await valueOf(stack, '/other')).toBe('one');
    await expect(valueOf(stack)).rejects.toMatchObject({ name: 'ParameterNotFound' });
  }));

  test('that somebody else has made is not taken, and stays when the creation is rolled back', () => withLocalStack(async (stack) => {
    await stack.ssm.call('PutParameter', { Name: '/model', Value: 'mine', Type: 'String' });
    const record = await stack.deploy(parameter({}));
    expect([record.status, failureOf(record)]).toEqual(['ROLLBACK_COMPLETE', '/model already exists']);
    expect(await valueOf(stack)).toBe('mine');
  }));

  test('that is gone already is no obstacle to a deletion', () => withLocalStack(async (stack) => {
    await stack.deploy(parameter({}));
    await stack.ssm.call('DeleteParameter', { Name: '/model' });
    expect(await stack.destroy()).toMatchObject({ status: 'DELETE_COMPLETE' });
  }));
});

describe('a template', () => {
  const reader = { Parameters: { Model: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/model' } }, Resources: { T: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { Ref: 'Model' } } } } };

  test('reads the parameter that it names at each deployment', () => withLocalStack(async (stack) => {
    await stack.ssm.call('PutParameter', { Name: '/model', Value: 'one', Type: 'String' });
    const deploy = () => stack.engine.deploy({ stackName: 'reader', template: reader });
    expect((await deploy().finished).resources.T?.properties).toEqual({ DisplayName: 'one' });
    await overwrite(stack, 'two');
    expect((await deploy().finished).resources.T?.properties).toEqual({ DisplayName: 'two' });
    expect(deploy().kind).toBe('unchanged');
  }));

  test('whose parameter is not there is refused in the words of CloudFormation', () => withLocalStack(async ({ engine, deploy }) => {
    expect(() => engine.deploy({ stackName: 'reader', template: reader })).toThrow('Unable to fetch parameters [/model] from parameter store for this account.');
    expect(failureOf(await deploy({ T: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: '{{resolve:ssm:/model:2}}' } } }))).toContain('Parameters: [ssm:/model:2] cannot be found');
  }));
});
