import { JOB_KINDS } from '../../lib/handler/job-kinds';
import { runKey } from '../../lib/handler/run-key';
import type { JobProperties } from '../../lib/handler/contract';
import { STACK_ID } from './simulated-cloud';
import type { Tree } from './simulated-cloud';
import { OUTPUT, TRAINING, type TestedKind } from './tested-kinds';

export { OUTPUT } from './tested-kinds';
export const LOGICAL_ID = 'TrainResource';

/** The request of run A, of run B, …: another letter, other hyperparameters or inputs. As CloudFormation hands it over: all strings. */
export function jobProperties(letter: string, overrides: Tree = {}, of: TestedKind = TRAINING): JobProperties {
  return {
    Kind: of.kind,
    KeyVersion: '1',
    NamePrefix: of.prefix,
    Attributes: ['JobArn'],
    ...overrides,
    Request: { ...of.request(letter), ...(overrides.Request as Tree | undefined) },
  };
}

/** The name that the properties make. */
export function jobName(properties: JobProperties): string {
  return `${properties.NamePrefix}-${runKey(properties, { stackId: STACK_ID, logicalId: LOGICAL_ID }, JOB_KINDS[properties.Kind].key)}`;
}

let requests = 0;

export function jobEvent(requestType: string, properties: unknown, more: Tree = {}): Tree {
  return event(requestType, `Custom::SageMaker${(properties as Tree | undefined)?.Kind ?? 'TrainingJob'}`, LOGICAL_ID, { ServiceToken: 'arn', ...(properties as Tree) }, more);
}

export function outcomeEvent(requestType: string, name: string, more: Tree = {}, properties: Tree = {}): Tree {
  return event(requestType, 'Custom::SageMakerJobOutcome', 'TrainOutcome', {
    ServiceToken: 'arn', Kind: 'TrainingJob', JobName: name, Seconds: '3300', Within: '3300', Artifact: `${OUTPUT}/${name}/output/model.tar.gz`,
    Attributes: ['ModelArtifacts', 'Status'], ...properties,
  }, more);
}

export function endpointCheckEvent(requestType: string, properties: Tree = {}, more: Tree = {}): Tree {
  return event(requestType, 'Custom::SageMakerEndpointCheck', 'EndpointCheck', { ServiceToken: 'arn', EndpointName: 'Digits', EndpointConfigName: 'New', ...properties }, {
    ...(requestType === 'Create' ? {} : { PhysicalResourceId: 'endpoint-check' }), ...more,
  });
}

function event(requestType: string, type: string, logicalId: string, properties: Tree, more: Tree): Tree {
  const id = String(more.RequestId ?? `request-${++requests}`);
  return {
    RequestType: requestType, ResponseURL: `https://cloudformation-custom-resource-response-euwest1.s3.eu-west-1.amazonaws.com/${id}`, StackId: STACK_ID, RequestId: id,
    ResourceType: type, LogicalResourceId: logicalId, ResourceProperties: properties, ...more,
  };
}

/** The tags of a job that this resource launched for an earlier request. */
export const ourTags = (request = 'an-earlier-request') => ({ 'cdk-sagemaker:stack': STACK_ID, 'cdk-sagemaker:logical-id': LOGICAL_ID, 'cdk-sagemaker:request': request });
