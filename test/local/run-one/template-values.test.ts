import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AssemblyStack } from '../../../lib/local/assembly';
import { TemplateValues, type TemplateValuesOptions } from '../../../lib/local/run-one/template-values';
import { S3Folder } from '../../../lib/local/s3-folder';

const folder = mkdtempSync(join(tmpdir(), 'values-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const stack = { displayName: 'Prod/App', stackName: 'Prod-App', metadata: { '/Prod/App/Train/Resource': [{ type: 'aws:cdk:logicalId', data: 'Train' }] }, parameters: {} } as unknown as AssemblyStack;

function valuesOf(template: object, options: Partial<TemplateValuesOptions> = {}): TemplateValues {
  return new TemplateValues({ construct: { stack, template: template as never }, s3: new S3Folder(mkdtempSync(join(folder, 's3-'))), account: '123456789012', region: 'eu-west-1', parameters: {}, ...options });
}

const job = (Request: object) => ({ Type: 'Custom::SageMakerTrainingJob', Properties: { Request } });

describe('TemplateValues', () => {
  test('has stand-ins for roles, keys, networks and buckets, and those that they need', async () => {
    const values = valuesOf({
      Resources: {
        Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'mine' } },
        Key: { Type: 'AWS::KMS::Key', Properties: {} },
        Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' } } },
        Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
        Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'my-bucket' } },
        Train: job({ RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] }, Key: { 'Fn::GetAtt': ['Key', 'Arn'] }, Subnets: [{ Ref: 'Subnet' }], Uri: { 'Fn::Sub': 's3://${Bucket}/in/${AWS::Region}' } }),
      },
    });
    const { Request } = await values.properties('Train');
    expect(Request).toEqual({
      RoleArn: 'arn:aws:iam::123456789012:role/mine', Key: expect.stringMatching(/^arn:aws:kms:eu-west-1:123456789012:key\//), Subnets: [expect.stringMatching(/^subnet-0/)], Uri: 's3://my-bucket/in/eu-west-1',
    });
    expect(values.unknowns.within(Request)).toEqual([]);
  });

  test('has the bucket of a stack that is deployed here', async () => {
    const values = valuesOf({ Resources: { Bucket: { Type: 'AWS::S3::Bucket' }, Train: job({ Uri: { Ref: 'Bucket' } }) } }, { deployed: () => ({ physicalId: 'deployed-before', attributes: {} }) });
    expect((await values.properties('Train')).Request).toEqual({ Uri: 'deployed-before' });
  });

  test('has parameters that are given, those with a default, and says which are missing', async () => {
    const Parameters = { Given: { Type: 'String' }, Usual: { Type: 'Number', Default: 3 }, Open: { Type: 'String', AllowedPattern: '[a-z]+' }, BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/hnb659fds/version' } };
    const values = valuesOf({ Parameters, Resources: { Train: job({ A: { Ref: 'Given' }, B: { Ref: 'Usual' }, C: { Ref: 'Open' } }) } }, { parameters: { Given: 'x' } });
    const { Request } = await values.properties('Train');
    expect(Request).toMatchObject({ A: 'x', B: '3' });
    expect(values.unknowns.within(Request)).toEqual([{ path: ['C'], unknown: { what: 'the parameter Open', hint: '--parameters Open=<value>' } }]);
  });

  test('knows what only a deployed stack has, and the way to it', async () => {
    const values = valuesOf({
      Parameters: { Approved: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/my/model' } },
      Resources: {
        Train: job({}), Outcome: { Type: 'Custom::SageMakerJobOutcome', Properties: { JobName: { Ref: 'Train' } } },
        Next: job({
          Model: { 'Fn::GetAtt': ['Outcome', 'ModelArtifacts'] }, InputDataConfig: [{ ChannelName: 'train', Uri: { 'Fn::Join': ['', ['s3://b/', { Ref: 'Train' }, '/']] } }],
          Other: { 'Fn::ImportValue': 'Shared' }, Approved: { Ref: 'Approved' }, Secret: '{{resolve:ssm:/a/b}}',
        }),
      },
    });
    const { Request } = await values.properties('Next');
    expect(values.unknowns.within(Request).map(({ path, unknown }) => [path.join('.'), unknown.what])).toEqual([
      ['Model', 'ModelArtifacts of Prod/App/Outcome'], ['InputDataConfig.train.Uri', 'the name of Prod/App/Train'], ['Other', 'the export Shared of another stack'], ['Approved', 'the SSM parameter /my/model'], ['Secret', 'the SSM parameter /a/b'],
    ]);
  });
});
