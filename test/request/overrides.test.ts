import { Aws } from 'aws-cdk-lib/core';
import { TRAINING_JOB_SHAPE, withOverrides } from '../../lib/request/overrides';
import { emptyStack } from '../support/stacks';

const laidOver = (request: object, overrides: { [member: string]: unknown } | undefined) => withOverrides(emptyStack('Job'), TRAINING_JOB_SHAPE, request, overrides);

describe('overrides', () => {
  test('are laid over structures member by member, and over lists as a whole', () => {
    expect(laidOver(
      { ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1 }, AlgorithmSpecification: { ContainerArguments: ['a', 'b'] } },
      { ResourceConfig: { KeepAlivePeriodInSeconds: 60 }, AlgorithmSpecification: { ContainerArguments: ['c'] }, EnableNetworkIsolation: true },
    )).toEqual({
      ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, KeepAlivePeriodInSeconds: 60 },
      AlgorithmSpecification: { ContainerArguments: ['c'] },
      EnableNetworkIsolation: true,
    });
  });

  test('take a member away with null', () => {
    expect(laidOver({ ResourceConfig: { InstanceType: 'x', InstanceCount: 1 } }, { ResourceConfig: { InstanceType: null } }))
      .toEqual({ ResourceConfig: { InstanceCount: 1 } });
  });

  test('pass tokens, maps and lists of structures', () => {
    const overrides = { TensorBoardOutputConfig: { S3OutputPath: Aws.REGION }, Environment: { ANY: 'x' }, DebugRuleConfigurations: [{ RuleConfigurationName: 'a', RuleEvaluatorImage: 'b' }] };
    expect(laidOver({}, overrides)).toEqual(overrides);
  });

  test.each([
    [{ Nonsense: 1 }, 'Job: overrides.Nonsense must be a member CreateTrainingJob has'],
    [{ ResourceConfig: { instanceType: 'x' } }, 'Job: overrides.ResourceConfig.instanceType must be a member'],
    [{ DebugRuleConfigurations: [{ Name: 'x' }] }, 'Job: overrides.DebugRuleConfigurations[0].Name must be a member'],
    [{ ResourceConfig: { InstanceCount: 'two' } }, 'Job: overrides.ResourceConfig.InstanceCount must be a number, got two'],
    [{ ResourceConfig: 5 }, 'Job: overrides.ResourceConfig must be a structure, got 5'],
    [{ InputDataConfig: {} }, 'Job: overrides.InputDataConfig must be a list'],
    [{ TrainingJobName: 'x' }, 'Job: overrides.TrainingJobName must be left out'],
    [{ RoleArn: 'x' }, 'use the prop role'],
    [{ Tags: [] }, 'use Tags.of(job)'],
    [{ OutputDataConfig: { S3OutputPath: 's3://other/x' } }, 'Job: overrides.OutputDataConfig.S3OutputPath must be left out: use the prop output, which lets the job write there, got s3://other/x'],
    [{ OutputDataConfig: { KmsKeyId: 'key' } }, 'Job: overrides.OutputDataConfig.KmsKeyId must be left out: use the prop output'],
    [{ constructor: 'x' }, 'Job: overrides.constructor must be a member'],
  ])('rejects %j', (overrides, message) => {
    expect(() => laidOver({}, overrides)).toThrow(message);
  });
});
