import { engineWith, thing } from '../../support/engine';

/** The value of an expression, as a resource gets it. */
async function valueOf(expression: unknown, sections: object = {}, parameters: { [name: string]: string } = {}): Promise<unknown> {
  const fixture = engineWith();
  const record = await fixture.deploy({ ...sections, Resources: { Other: thing({ Size: 7 }), It: thing({ Value: expression }) } }, { parameters });
  expect(record.events.find(({ status }) => status.endsWith('FAILED'))?.reason).toBeUndefined();
  return record.resources.It?.properties.Value;
}

const ref = (Ref: string) => ({ Ref });

describe('the functions of a template', () => {
  test.each([
    ['Ref of a pseudo parameter', ref('AWS::Region'), 'us-east-1'],
    ['Fn::GetAtt', { 'Fn::GetAtt': ['Other', 'Size'] }, 7],
    ['Fn::Join', { 'Fn::Join': ['-', ['a', ref('AWS::Partition'), { 'Fn::GetAtt': 'Other.Size' }]] }, 'a-aws-7'],
    ['Fn::Sub', { 'Fn::Sub': '${AWS::Region}/${Other.Size}/${!kept}' }, 'us-east-1/7/${kept}'],
    ['Fn::Sub with variables', { 'Fn::Sub': ['${A}${A}', { A: { 'Fn::Select': ['1', ['x', 'y']] } }] }, 'yy'],
    ['Fn::Split', { 'Fn::Split': [',', 'a,b'] }, ['a', 'b']],
    ['Fn::Base64', { 'Fn::Base64': 'hi' }, 'aGk='],
    ['Fn::GetAZs', { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }, 'us-east-1a'],
    ['Fn::Length', { 'Fn::Length': ['a', 'b'] }, 2],
    ['Fn::ToJsonString', { 'Fn::ToJsonString': { a: ref('AWS::Region') } }, '{"a":"us-east-1"}'],
    ['AWS::NoValue in a list', ['a', ref('AWS::NoValue')], ['a']],
    ['AWS::NoValue in an object', { a: 1, b: ref('AWS::NoValue') }, { a: 1 }],
    ['an object that only looks like one', { Condition: { StringEquals: {} } }, { Condition: { StringEquals: {} } }],
  ])('%s', async (_, expression, expected) => expect(await valueOf(expression)).toEqual(expected));

  test('Fn::If chooses by conditions of parameters and mappings', async () => {
    const sections = {
      Parameters: { Stage: { Type: 'String', Default: 'test' } },
      Mappings: { Stages: { prod: { size: 'large' }, test: { size: 'small' } } },
      Conditions: { IsProd: { 'Fn::And': [{ 'Fn::Not': [{ 'Fn::Equals': [ref('Stage'), 'test'] }] }, { Condition: 'Always' }] }, Always: { 'Fn::Or': [{ 'Fn::Equals': ['1', '1'] }, { 'Fn::Equals': ['1', '2'] }] } },
    };
    const expression = { 'Fn::If': ['IsProd', { 'Fn::FindInMap': ['Stages', ref('Stage'), 'size'] }, 'none'] };
    expect(await valueOf(expression, sections)).toBe('none');
    expect(await valueOf(expression, sections, { Stage: 'prod' })).toBe('large');
  });

  test('a resource whose condition is false is not there, and does not have to be for a branch not taken', async () => {
    const fixture = engineWith();
    const { resources } = await fixture.deploy({
      Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
      Resources: { Gone: thing({}, { Condition: 'Never' }), A: thing({ Size: { 'Fn::If': ['Never', ref('Gone'), 1] } }) },
    });
    expect(Object.keys(resources)).toEqual(['A']);
  });
});

describe('parameters', () => {
  test('of SSM types are looked up', async () => {
    const sections = { Parameters: { Version: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/hnb659fds/version' } } };
    expect(await valueOf(ref('Version'), sections)).toBe('30');
  });

  test('that are lists are split', async () => {
    expect(await valueOf(ref('Zones'), { Parameters: { Zones: { Type: 'CommaDelimitedList' } } }, { Zones: 'a, b' })).toEqual(['a', 'b']);
  });

  test('keep the value of the deployment before', async () => {
    const fixture = engineWith();
    const template = (size: number) => ({ Parameters: { Name: { Type: 'String' } }, Resources: { A: thing({ Name: ref('Name'), Size: size }) } });
    await fixture.deploy(template(1), { parameters: { Name: 'x' } });
    expect(await fixture.deploy(template(2))).toMatchObject({ resources: { A: { properties: { Name: 'x', Size: 2 } } } });
  });

  test.each([
    ['is missing', { Type: 'String' }, {}, 'Parameters: [P] must have values'],
    ['is not allowed', { Type: 'String', AllowedValues: ['a'] }, { P: 'b' }, 'must be one of AllowedValues: [a], got b'],
    ['is not in the template', { Type: 'String', Default: 'a' }, { Q: 'b' }, 'Parameters: [Q] do not exist in the template'],
    ['names an SSM parameter that is not there', { Type: 'AWS::SSM::Parameter::Value<String>' }, { P: '/no' }, 'Unable to fetch parameters [/no]'],
  ])('rejects a value that %s', (_, declared, parameters, message) => {
    const template = { Parameters: { P: declared }, Resources: { A: thing() } };
    expect(() => engineWith().engine.deploy({ stackName: 'stack', template, parameters: parameters as { [name: string]: string } })).toThrow(message);
  });
});

describe('a template', () => {
  test.each([
    ['without resources', {}, 'At least one Resources member must be defined'],
    ['with a reference to nothing', { Resources: { A: thing({ Size: ref('Nobody') }) } }, 'Unresolved resource dependencies [Nobody]'],
    ['with a circle', { Resources: { A: thing({ Size: ref('B') }), B: thing({}, { DependsOn: 'A' }) } }, 'Circular dependency between resources: [A, B]'],
    ['with null', { Resources: { A: thing({ Size: null }) } }, "'null' values are not allowed"],
    ['with a macro', { Transform: 'AWS::Serverless-2016-10-31', Resources: { A: thing() } }, 'Not supported by the local AWS: Transform'],
  ])('%s is rejected', (_, template, message) => {
    expect(() => engineWith().engine.deploy({ stackName: 'stack', template })).toThrow(message);
  });
});
