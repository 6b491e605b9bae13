import { App, Annotations, Stack } from 'aws-cdk-lib/core';
import { Annotations as Said, Match, Template } from 'aws-cdk-lib/assertions';
import { Algorithm, Capacity, ContainerImage, SageMakerCheck, SageMakerChecks, TrainingJob, type TrainingJobProps } from 'cdk-sagemaker';
import { DataClass, PlatformTeam, SecureTrainingJob } from '../lib';

const image = ContainerImage.fromUri('123456789012.dkr.ecr.eu-west-1.amazonaws.com/claims:1.0');

function made(own: Partial<TrainingJobProps> = {}, then: (job: SecureTrainingJob) => void = () => undefined): Stack {
  const stack = new Stack(new App(), 'Claims', { env: { account: '123456789012', region: 'eu-west-1' } });
  then(new SecureTrainingJob(stack, 'Severity', {
    team: 'claims', dataClass: DataClass.INTERNAL, algorithm: Algorithm.image(image), capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }), ...own,
  }));
  return stack;
}
const errors = (stack: Stack) => Said.fromStack(stack).findError('*', Match.anyValue()).map(({ entry }) => /\[cdk-sagemaker:checks\/(.*)\]$/.exec(String(entry.data))?.[1]);

/** The properties of the request of the one job in a stack. */
const requestOf = (stack: Stack) => Object.values(Template.fromStack(stack).findResources('Custom::SageMakerTrainingJob'))[0]!.Properties.Request;

describe('SecureTrainingJob', () => {
  test('keeps every rule without a word by whom makes it', () => {
    const stack = made();
    expect(errors(stack)).toEqual([]);
    expect(requestOf(stack)).toMatchObject({
      EnableNetworkIsolation: true, StoppingCondition: { MaxRuntimeInSeconds: 4 * 3600 }, VpcConfig: { SecurityGroupIds: ['sg-0123456789abcdef0'] },
      ResourceConfig: { VolumeKmsKeyId: expect.anything() }, OutputDataConfig: { KmsKeyId: expect.anything() },
      Tags: [{ Key: 'data-class', Value: 'internal' }, { Key: 'team', Value: 'claims' }],
    });
  });

  test('refuses what is asked for against a rule', () => {
    expect(errors(made({ networkIsolation: false, capacity: Capacity.onDemand({ instanceType: 'ml.p5.48xlarge' }) }))).toEqual(['networkIsolation', 'instanceFamily']);
    expect(errors(made({ algorithm: Algorithm.image(ContainerImage.fromUri('999999999999.dkr.ecr.eu-west-1.amazonaws.com/x:1')) }))).toEqual(['image']);
  });

  test('lets a rule be broken with a reason, and in no other way', () => {
    const suppress = (job: SecureTrainingJob) => SageMakerChecks.suppress(job, SageMakerCheck.NETWORK_ISOLATION, 'fetches a public model, decided by the security council');
    expect(errors(made({ networkIsolation: false }, suppress))).toEqual([]);
    expect(errors(made({ networkIsolation: false }, (job) => Annotations.of(job).acknowledgeWarning('cdk-sagemaker:checks/networkIsolation')))).toEqual(['networkIsolation']);
  });

  test('has what it says for plain constructs of a governed stack as well', () => {
    const stack = new Stack(new App(), 'Plain');
    PlatformTeam.governs(stack);
    new TrainingJob(stack, 'Train', { algorithm: Algorithm.image(image), capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }) });
    expect(requestOf(stack).EnableNetworkIsolation).toBe(true);
    expect([...new Set(errors(stack))].sort()).toEqual(['image', 'tags']);
  });
});
