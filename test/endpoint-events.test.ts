import { Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Stack } from 'aws-cdk-lib/core';
import { ContainerImage, Endpoint, EndpointEvent, Model, ModelPackageGroup, type IEndpoint } from 'cdk-sagemaker';
import { isMatch } from './support/event-rules';
import { emptyStack, IMAGE_URI, only } from './support/stacks';

const IRELAND = { env: { account: '123456789012', region: 'eu-west-1' } };
const ruleOf = (stack: Stack) => only(Template.fromStack(stack), 'AWS::Events::Rule').Properties;
const deployed = (stack: Stack, endpointName?: string) => new Model(stack, 'Model', { image: ContainerImage.fromUri(IMAGE_URI) }).deploy('Endpoint', { instanceType: 'ml.m5.large', endpointName });
/** An event as the developer guide shows it. */
const event = (EndpointStatus: string, detailType = 'SageMaker Endpoint State Change', EndpointName = 'Digits') => ({
  'source': 'aws.sagemaker', 'detail-type': detailType, 'detail': { EndpointName, EndpointArn: 'arn:aws:sagemaker:us-west-2:111122223333:endpoint/digits', EndpointStatus, Tags: {} },
});

describe('Events of an endpoint', () => {
  test.each<[string, (endpoint: IEndpoint) => void, string[]]>([
    ['onStateChange', (endpoint) => endpoint.onStateChange('Rule'), ['CREATING', 'UPDATING', 'ROLLING_BACK', 'IN_SERVICE', 'FAILED', 'UPDATE_ROLLBACK_FAILED', 'OUT_OF_SERVICE', 'DELETING']],
    ['onInService', (endpoint) => endpoint.onInService('Rule'), ['IN_SERVICE']],
    ['onFailed', (endpoint) => endpoint.onFailed('Rule'), ['FAILED', 'UPDATE_ROLLBACK_FAILED']],
    ['onRolledBack', (endpoint) => endpoint.onRolledBack('Rule'), ['ROLLING_BACK']],
  ])('%s sees the statuses it is for, in upper case', (_method, rule, seen) => {
    const stack = emptyStack();
    rule(Endpoint.fromEndpointName(stack, 'Digits', 'Digits'));
    const { EventPattern } = ruleOf(stack);
    const all = ['CREATING', 'UPDATING', 'ROLLING_BACK', 'IN_SERVICE', 'FAILED', 'UPDATE_ROLLBACK_FAILED', 'OUT_OF_SERVICE', 'DELETING'];
    expect(all.filter((status) => isMatch(EventPattern, event(status)))).toEqual(seen);
    expect(isMatch(EventPattern, event(seen[0]!, undefined, 'Digits-two'))).toBe(false);
    expect(isMatch(EventPattern, event(seen[0]!, 'SageMaker Endpoint Deployment State Change'))).toBe(false);
  });

  test('onDeploymentStateChange sees each step of a move', () => {
    const stack = emptyStack();
    Endpoint.fromEndpointName(stack, 'Digits', 'Digits').onDeploymentStateChange('Rule');
    expect(ruleOf(stack).EventPattern).toEqual({ 'source': ['aws.sagemaker'], 'detail-type': ['SageMaker Endpoint Deployment State Change'], 'detail': { EndpointName: ['Digits'] } });
  });

  test('are found by a name that is given before the endpoint is there, and by one that is made when it is', () => {
    const [given, made] = [emptyStack(), emptyStack()];
    deployed(given, 'Digits').onFailed('Rule');
    deployed(made).onFailed('Rule');
    expect(ruleOf(given).EventPattern.detail.EndpointName).toEqual(['Digits']);
    expect(ruleOf(made).EventPattern.detail.EndpointName).toEqual([{ 'Fn::GetAtt': [expect.stringMatching(/Endpoint/), 'EndpointName'] }]);
  });

  test('of another account or Region are not told here', () => {
    const stack = emptyStack('Stack', IRELAND);
    expect(() => Endpoint.fromEndpointAttributes(stack, 'Far', { endpointName: 'digits', region: 'us-east-1' }).onFailed('Rule')).toThrow('Stack/Far: region must be that of the stack (eu-west-1) for its events to be seen, got us-east-1');
    expect(() => Endpoint.fromEndpointAttributes(stack, 'Other', { endpointName: 'digits', account: '210987654321' }).notify(new Topic(stack, 'Topic'))).toThrow('Stack/Other: account must be that of the stack');
  });

  test('are told to a topic, with links', () => {
    const stack = emptyStack('Stack', IRELAND);
    Endpoint.fromEndpointName(stack, 'Digits', 'Digits').notify(new Topic(stack, 'Topic'), { on: [EndpointEvent.ROLLING_BACK] });
    const { EventPattern, Targets: [{ InputTransformer }] } = ruleOf(stack);
    expect(EventPattern.detail).toEqual({ EndpointName: ['Digits'], EndpointStatus: ['ROLLING_BACK'] });
    expect(InputTransformer.InputTemplate.split('\n')).toEqual([
      '"SageMaker endpoint <name>: <status>"', '"Reason, if it failed: <reason>"', '"Construct: Stack/Digits"',
      '"Console: https://eu-west-1.console.aws.amazon.com/sagemaker/home?region=eu-west-1#/endpoints/<name>"',
      '"Logs: https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/$252Faws$252Fsagemaker$252FEndpoints$252F<name>"',
    ]);
  });

  test('are rejected in words that events don\'t have', () => {
    const stack = emptyStack();
    expect(() => Endpoint.fromEndpointName(stack, 'Digits', 'Digits').notify(new Topic(stack, 'Topic'), { on: ['InService' as EndpointEvent] })).toThrow('Stack/Digits: on[0] must be one of IN_SERVICE, FAILED, ROLLING_BACK, UPDATE_ROLLBACK_FAILED, OUT_OF_SERVICE, got InService');
  });
});

describe('Links of an endpoint', () => {
  test('lead to its page and its log group', () => {
    const endpoint = Endpoint.fromEndpointName(emptyStack('Stack', IRELAND), 'Digits', 'Digits');
    expect(endpoint.consoleUrl).toBe('https://eu-west-1.console.aws.amazon.com/sagemaker/home?region=eu-west-1#/endpoints/Digits');
    expect(endpoint.logsUrl).toBe('https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/$252Faws$252Fsagemaker$252FEndpoints$252FDigits');
  });
});

describe('Events of a group of model packages', () => {
  const approval = (ModelApprovalStatus: string, ModelPackageGroupName = 'digits') => ({
    'source': 'aws.sagemaker', 'detail-type': 'SageMaker Model Package State Change', 'detail': { ModelPackageGroupName, ModelPackageVersion: 2, ModelPackageStatus: 'Completed', ModelApprovalStatus },
  });

  test.each<[string, (group: ReturnType<typeof ModelPackageGroup.fromModelPackageGroupName>) => void, string[]]>([
    ['onStateChange', (group) => group.onStateChange('Rule'), ['PendingManualApproval', 'Approved', 'Rejected']],
    ['onApproved', (group) => group.onApproved('Rule'), ['Approved']],
    ['onRejected', (group) => group.onRejected('Rule'), ['Rejected']],
  ])('%s sees the versions it is for, and those of its group alone', (_method, rule, seen) => {
    const stack = emptyStack();
    rule(new ModelPackageGroup(stack, 'Group', { modelPackageGroupName: 'digits' }));
    const { EventPattern } = ruleOf(stack);
    expect(['PendingManualApproval', 'Approved', 'Rejected'].filter((status) => isMatch(EventPattern, approval(status)))).toEqual(seen);
    expect(isMatch(EventPattern, approval(seen[0]!, 'digits-two'))).toBe(false);
  });

  test('of another account are not told here', () => {
    const group = ModelPackageGroup.fromModelPackageGroupAttributes(emptyStack('Stack', IRELAND), 'Far', { modelPackageGroupName: 'digits', account: '210987654321' });
    expect(() => group.onApproved('Rule')).toThrow('Stack/Far: account must be that of the stack (123456789012) for its events to be seen, got 210987654321');
  });
});
