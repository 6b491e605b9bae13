import { Template } from 'aws-cdk-lib/assertions';
import { Duration, Lazy } from 'aws-cdk-lib/core';
import {
  CapacitySize, ContainerImage, DeploymentPolicy, Endpoint, EndpointConfig, Model, RollbackAlarm, Variant, type EndpointOptions, type InstanceOptions,
} from 'cdk-sagemaker';
import { emptyStack, IMAGE_URI, only, warnings } from './support/stacks';

const { minutes, hours, seconds } = Duration;
const each = { waitInterval: minutes(5) };

/** The endpoint of a stack with these variants, which have 4 instances each unless they say otherwise. */
function endpointWith(options: EndpointOptions, variants: { [name: string]: Partial<InstanceOptions> } = { all: {} }) {
  const stack = emptyStack();
  const model = new Model(stack, 'Model', { image: ContainerImage.fromUri(IMAGE_URI) });
  const config = new EndpointConfig(stack, 'Config', {
    variants: Object.fromEntries(Object.entries(variants).map(([name, more]) => [name, Variant.onInstances(model, { instanceType: 'ml.m5.large', instanceCount: 4, ...more })])),
  });
  new Endpoint(stack, 'Endpoint', { config, ...options });
  return { stack, template: Template.fromStack(stack) };
}

const deploymentOf = (deployment: DeploymentPolicy, variants?: { [name: string]: Partial<InstanceOptions> }) =>
  only(endpointWith({ deployment }, variants).template, 'AWS::SageMaker::Endpoint').Properties.DeploymentConfig;

describe('DeploymentPolicy', () => {
  test('is SageMaker\'s own when nothing is said', () => {
    expect(only(endpointWith({}).template, 'AWS::SageMaker::Endpoint').Properties).toEqual({ EndpointConfigName: expect.anything() });
  });

  test('moves everything at once', () => {
    expect(deploymentOf(DeploymentPolicy.allAtOnce({ terminationWait: minutes(2), maxExecutionTime: hours(1) }))).toEqual({
      BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 0 }, TerminationWaitInSeconds: 120, MaximumExecutionTimeoutInSeconds: 3600 },
    });
  });

  test('moves a canary first', () => {
    expect(deploymentOf(DeploymentPolicy.canary(CapacitySize.percent(50), each))).toEqual({
      BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: 'CANARY', WaitIntervalInSeconds: 300, CanarySize: { Type: 'CAPACITY_PERCENT', Value: 50 } } },
    });
  });

  test('moves in equal steps', () => {
    expect(deploymentOf(DeploymentPolicy.linear(CapacitySize.instances(2), each))).toEqual({
      BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: 'LINEAR', WaitIntervalInSeconds: 300, LinearStepSize: { Type: 'INSTANCE_COUNT', Value: 2 } } },
    });
  });

  test('rolls in batches, and back in others', () => {
    expect(deploymentOf(DeploymentPolicy.rolling(CapacitySize.percent(5), { ...each, rollbackBatch: CapacitySize.percent(100), maxExecutionTime: hours(8) }))).toEqual({
      RollingUpdatePolicy: {
        MaximumBatchSize: { Type: 'CAPACITY_PERCENT', Value: 5 }, RollbackMaximumBatchSize: { Type: 'CAPACITY_PERCENT', Value: 100 },
        WaitIntervalInSeconds: 300, MaximumExecutionTimeoutInSeconds: 28800,
      },
    });
  });

  test.each<[string, DeploymentPolicy, string]>([
    ['a canary of nothing', DeploymentPolicy.canary(CapacitySize.percent(0), each), 'Stack/Endpoint: deployment.canary.percent must be a whole number between 1 and 50 %, got 0'],
    ['a canary above a half', DeploymentPolicy.canary(CapacitySize.percent(51), each), 'deployment.canary.percent must be a whole number between 1 and 50 %, got 51'],
    ['a canary of more than half the instances', DeploymentPolicy.canary(CapacitySize.instances(3), each), 'deployment.canary.instances must be at most 50 % of the instances of all, which are 4, got 3'],
    ['steps below a tenth', DeploymentPolicy.linear(CapacitySize.percent(9), each), 'deployment.linear.percent must be a whole number between 10 and 50 %, got 9'],
    ['batches below a twentieth', DeploymentPolicy.rolling(CapacitySize.percent(4), each), 'deployment.rolling.percent must be a whole number between 5 and 50 %, got 4'],
    ['batches of no instance', DeploymentPolicy.rolling(CapacitySize.instances(0), each), 'deployment.rolling.instances must be a whole number between 1 and 2147483647, got 0'],
    ['a canary that is not watched', DeploymentPolicy.canary(CapacitySize.percent(10), {} as never), 'deployment.waitInterval must be given, got undefined'],
    ['a long interval', DeploymentPolicy.linear(CapacitySize.percent(50), { waitInterval: minutes(61) }), 'deployment.waitInterval must be between 0 seconds and 1 hour, got 1 hour 1 minute'],
    ['old instances that stay long', DeploymentPolicy.allAtOnce({ terminationWait: hours(2) }), 'deployment.terminationWait must be between 0 seconds and 1 hour, got 2 hours'],
    ['a short time', DeploymentPolicy.allAtOnce({ maxExecutionTime: minutes(9) }), 'deployment.maxExecutionTime must be between 10 minutes and 8 hours, got 9 minutes'],
    ['a long time', DeploymentPolicy.allAtOnce({ maxExecutionTime: hours(9) }), 'deployment.maxExecutionTime must be between 10 minutes and 8 hours, got 9 hours'],
    ['a time that the waits take up', DeploymentPolicy.linear(CapacitySize.percent(10), { waitInterval: minutes(10), maxExecutionTime: hours(1) }), 'deployment.maxExecutionTime must be longer than what the update waits in all, 1 hour 30 minutes, got 1 hour'],
  ])('rejects %s', (_what, deployment, message) => expect(() => deploymentOf(deployment)).toThrow(message));

  test.each<[string, DeploymentPolicy, string, number]>([
    ['steps of too few instances', DeploymentPolicy.linear(CapacitySize.instances(1), each), 'deployment.linear.instances must be at least 10 % of the instances of all, which are 12, got 1', 12],
    ['batches of too few instances', DeploymentPolicy.rolling(CapacitySize.instances(1), each), 'deployment.rolling.instances must be at least 5 % of the instances of all, which are 21, got 1', 21],
    ['a time that the waits of counted steps take up', DeploymentPolicy.linear(CapacitySize.instances(1), { waitInterval: minutes(10), maxExecutionTime: minutes(30) }), 'deployment.maxExecutionTime must be longer than what the update waits in all, 30 minutes, got 30 minutes', 4],
    ['a time that the waits of counted batches take up', DeploymentPolicy.rolling(CapacitySize.instances(2), { waitInterval: minutes(10), maxExecutionTime: minutes(45) }), 'deployment.maxExecutionTime must be longer than what the update waits in all, 50 minutes, got 45 minutes', 10],
  ])('rejects %s', (_what, deployment, message, instanceCount) => expect(() => deploymentOf(deployment, { all: { instanceCount } })).toThrow(message));

  test('is not compared with a number of instances that is not known', () => {
    const instanceCount = Lazy.number({ produce: () => 2 });
    expect(deploymentOf(DeploymentPolicy.canary(CapacitySize.instances(3), each), { all: { instanceCount } }).BlueGreenUpdatePolicy.TrafficRoutingConfiguration.CanarySize.Value).toBe(3);
  });

  test.each<[string, EndpointOptions, { [name: string]: Partial<InstanceOptions> }, string]>([
    ['instances with Inferentia 1', { deployment: DeploymentPolicy.allAtOnce() }, { all: { instanceType: 'ml.inf1.xlarge' } }, 'deployment must be left out for instances with Inferentia 1 (ml.inf1.xlarge; ml.inf2 can)'],
    ['Elastic Inference', { rollbackAlarms: [RollbackAlarm.modelErrors()] }, { all: { acceleratorType: 'ml.eia2.medium' } }, 'rollbackAlarms must be left out for Elastic Inference'],
    ['several variants in batches', { deployment: DeploymentPolicy.rolling(CapacitySize.percent(5), each) }, { a: {}, b: {} }, 'deployment must be one other than rolling for several variants, for instance DeploymentPolicy.canary, got "2 variants"'],
  ])('rejects %s, which SageMaker would move all at once without a word', (_what, options, variants, message) => {
    expect(() => endpointWith(options, variants)).toThrow(message.replaceAll('"', ''));
  });

  test('rejects a serverless variant', () => {
    const model = new Model(emptyStack(), 'Model', { image: ContainerImage.fromUri(IMAGE_URI) });
    expect(() => model.deployServerless('Endpoint', { deployment: DeploymentPolicy.allAtOnce() })).toThrow('Stack/Model/Endpoint: deployment must be left out for a serverless variant');
  });

  test('may be the one of the update before, and is not said beside it', () => {
    expect(only(endpointWith({ retainDeploymentConfig: true }).template, 'AWS::SageMaker::Endpoint').Properties.RetainDeploymentConfig).toBe(true);
    expect(() => endpointWith({ retainDeploymentConfig: true, deployment: DeploymentPolicy.allAtOnce() })).toThrow('retainDeploymentConfig must be left out beside deployment and rollbackAlarms');
  });

  test('waits for alarms after the move, unless it says otherwise', () => {
    const wait = (deployment: DeploymentPolicy) => only(endpointWith({ deployment, rollbackAlarms: [RollbackAlarm.modelErrors()] }).template, 'AWS::SageMaker::Endpoint').Properties.DeploymentConfig.BlueGreenUpdatePolicy.TerminationWaitInSeconds;
    expect(wait(DeploymentPolicy.canary(CapacitySize.percent(10), each))).toBe(600);
    expect(wait(DeploymentPolicy.canary(CapacitySize.percent(10), { ...each, terminationWait: seconds(0) }))).toBe(0);
  });

  test('gives no warning for anything that is legal', () => {
    expect(warnings(endpointWith({ deployment: DeploymentPolicy.canary(CapacitySize.percent(10), each), rollbackAlarms: [RollbackAlarm.modelErrors()] }).stack)).toEqual([]);
  });
});
