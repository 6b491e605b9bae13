import { withLocalStack } from '../../support/local-stack';

describe('resources that are only recorded', () => {
  test.each([
    ['AWS::IAM::Role', { Path: '/jobs/' }, 'Arn', /^arn:aws:iam::123456789012:role\/jobs\/stack-A-\w{13}$/],
    ['AWS::IAM::ManagedPolicy', {}, 'PolicyArn', /^arn:aws:iam::123456789012:policy\/stack-A-\w{13}$/],
    ['AWS::Logs::LogGroup', { LogGroupName: '/x/y' }, 'Arn', /^arn:aws:logs:us-east-1:123456789012:log-group:\/x\/y:\*$/],
    ['AWS::KMS::Key', {}, 'Arn', /^arn:aws:kms:us-east-1:123456789012:key\/[0-9a-f-]{36}$/],
    ['AWS::EC2::Subnet', { VpcId: 'vpc-1', AvailabilityZone: 'us-east-1a' }, 'SubnetId', /^subnet-0[0-9a-f]{16}$/],
    ['AWS::EC2::SecurityGroup', {}, 'GroupId', /^sg-0[0-9a-f]{16}$/],
    ['AWS::ECR::Repository', { RepositoryName: 'r' }, 'RepositoryUri', /^123456789012\.dkr\.ecr\.us-east-1\.amazonaws\.com\/r$/],
    ['AWS::SNS::Topic', { TopicName: 't' }, 'TopicArn', /^arn:aws:sns:us-east-1:123456789012:t$/],
    ['AWS::SSM::Parameter', { Name: '/a', Type: 'String', Value: 'v' }, 'Value', /^v$/],
  ])('%s has the names that it has at AWS', (type, properties, attribute, value) => withLocalStack(async ({ deploy }) => {
    const { resources, status } = await deploy({ A: { Type: type, Properties: properties }, B: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: { 'Fn::GetAtt': ['A', attribute] } } } });
    expect(status).toBe('CREATE_COMPLETE');
    expect(resources.B?.properties.Value).toMatch(value);
  }));

  test('keep their ids when they change, unless what changes is part of them', () => withLocalStack(async ({ deploy }) => {
    const topic = (properties: object) => ({ T: { Type: 'AWS::SNS::Topic', Properties: properties }, R: { Type: 'AWS::IAM::Role', Properties: { ...properties, Path: '/p/' } } });
    const first = (await deploy(topic({ DisplayName: 'a' }))).resources;
    const ids = [first.T?.physical?.physicalId, first.R?.physical?.physicalId];
    const second = (await deploy(topic({ DisplayName: 'b' }))).resources;
    expect([second.T?.physical?.physicalId, second.R?.physical?.physicalId]).toEqual(ids);
    expect(second.T?.physical?.attributes).toEqual(first.T?.physical?.attributes);
    const third = (await deploy(topic({ DisplayName: 'b', TopicName: 't', RoleName: 'r' }))).resources;
    expect([third.T?.physical?.physicalId, third.R?.physical?.physicalId]).toEqual(['arn:aws:sns:us-east-1:123456789012:t', 'r']);
  }));

  test('a parameter that a stack has made can be read by another', () => withLocalStack(async ({ engine }) => {
    const deploy = (stackName: string, template: object) => engine.deploy({ stackName, template }).finished;
    await deploy('one', { Resources: { P: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/model', Type: 'String', Value: 's3://b/k' } } } });
    const { resources } = await deploy('two', {
      Parameters: { Model: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/model' } },
      Resources: { P: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: { 'Fn::Join': ['', [{ Ref: 'Model' }, ' {{resolve:ssm:/model:1}}']] } } } },
    });
    expect(resources.P?.properties.Value).toBe('s3://b/k s3://b/k');
  }));
});
