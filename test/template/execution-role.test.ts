import { allowing, flat, jobTemplate, ofType, only, statements } from '../support/stacks';

describe('the role of a job', () => {
  test('is taken by SageMaker, for this account only', () => {
    const [, role] = ofType(jobTemplate(), 'AWS::IAM::Role').find(([id]) => id.startsWith('Train'))!;
    expect(role.Properties.AssumeRolePolicyDocument.Statement).toEqual([{
      Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    }]);
    expect(role.Properties).not.toHaveProperty('Policies');
  });

  test('allows what is bound and nothing else', () => {
    expect(statements(jobTemplate(), 'TrainRole').flatMap((statement) => statement.Action).sort()).toEqual([
      'cloudwatch:PutMetricData',
      'ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetAuthorizationToken', 'ecr:GetDownloadUrlForLayer',
      'logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents',
      's3:AbortMultipartUpload', 's3:ListBucket', 's3:PutObject',
    ]);
  });

  test('has a star for two actions that have no resources', () => {
    const starred = statements(jobTemplate(), 'TrainRole').filter((statement) => statement.Resource === '*');
    expect(starred.map((statement) => statement.Action)).toEqual(['cloudwatch:PutMetricData', 'ecr:GetAuthorizationToken']);
    expect(starred[0].Condition).toEqual({ StringEquals: { 'cloudwatch:namespace': '/aws/sagemaker/TrainingJobs' } });
  });

  test('writes to the log group of training jobs', () => {
    expect(flat(allowing(jobTemplate(), 'TrainRole', 'logs:PutLogEvents')[0].Resource)).toContain(':log-group:/aws/sagemaker/TrainingJobs:*');
    expect(only(jobTemplate(), 'Custom::SageMakerTrainingJob').DependsOn).toContainEqual(expect.stringMatching(/^TrainRoleDefaultPolicy/));
  });
});
