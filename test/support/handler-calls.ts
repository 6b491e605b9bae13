import { Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { App, Stack } from 'aws-cdk-lib/core';
import { Algorithm, Capacity, ContainerImage, DataSource, Endpoint, EndpointConfig, JobProvider, Model, ModelData, TransformJob, Variant } from 'cdk-sagemaker';
import * as handler from '../../lib/handler/index';
import { endpointCheckEvent, jobEvent, jobName, jobProperties, ourTags, outcomeEvent } from './job-events';
import { EVENTS, play, STATES } from './matrix';
import { deployedStatements, type Question, type Statement } from './policy-statements';
import { SimulatedCloud, STACK_ID, type SentCall, type Tree } from './simulated-cloud';
import { bucketNamed, trainingIn, tuningIn } from './stacks';
import { TESTED_KINDS, TRAINING, TUNING } from './tested-kinds';

export const ACCOUNT = '123456789012';
export const REGION = 'eu-west-1';
export const MACHINE = `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:waiter`;
export const FUNCTION = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:handler`;
export const ENDPOINT = `arn:aws:sagemaker:${REGION}:${ACCOUNT}:endpoint/digits`;
export const SHARED_ROLE = `arn:aws:iam::${ACCOUNT}:role/shared`;
export const VOLUME_KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/volumes`;
export const MACHINE_KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/provider`;
export const ALGORITHM = `arn:aws:sagemaker:${REGION}:985815980388:algorithm/trees-1`;

/** What stands for the references of the stack's policies once it is deployed. */
export const DEPLOYED = {
  'AWS::StackId': STACK_ID, 'AWS::Partition': 'aws', 'SageMakerJobWaiter.Arn': MACHINE, 'SageMakerJobHandler.Arn': FUNCTION, 'SageMakerJobHandlerLogs.Arn': `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:handler:*`, 'Digits1601E29B': ENDPOINT,
};

/** The stack whose events are played: every kind of job, and each thing that the handler may be asked to look at, or to hand on. */
export function busyStack(): Template {
  const stack = new Stack(new App(), 'mnist', { env: { account: ACCOUNT, region: REGION } });
  JobProvider.configure(stack, { vpc: new Vpc(stack, 'Vpc', { natGateways: 0 }), encryptionKey: Key.fromKeyArn(stack, 'ProviderKey', MACHINE_KEY) });
  const volumeKey = Key.fromKeyArn(stack, 'VolumeKey', VOLUME_KEY);
  trainingIn(stack, { role: Role.fromRoleArn(stack, 'Shared', SHARED_ROLE, { mutable: false }), capacity: Capacity.onDemand({ instanceType: 'ml.m5.large', volumeKey }) });
  trainingIn(stack, { algorithm: Algorithm.fromAlgorithmName(ALGORITHM) }, 'Product');
  trainingIn(stack, { adopt: { name: 'By-Hand' } }, 'Adopting');
  tuningIn(stack);
  tuningIn(stack, {}, { adopt: { name: 'Tuned-By-Hand' } }, 'AdoptingTuned').toModel('Best');
  const model = new Model(stack, 'Model', { image: ContainerImage.fromUri(`${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/mnist:1.0`), modelData: ModelData.fromBucket(bucketNamed(stack, 'models'), 'a/model.tar.gz') });
  new TransformJob(stack, 'Score', { model, input: DataSource.fromBucket(bucketNamed(stack, 'data'), 'batch/'), instanceType: 'ml.m5.large' });
  new Endpoint(stack, 'Digits', { config: new EndpointConfig(stack, 'Config', { variants: { all: Variant.onInstances(model, { instanceType: 'ml.m5.large' }) } }) });
  return Template.fromStack(stack);
}

/** What the role of the handler allows in that stack, besides what the runtime needs. */
export const handlerStatements = (template: Template): Statement[] => ['SageMakerJobHandlerPolicy', 'DigitsCheckPolicy'].flatMap((id) => deployedStatements(template, id, DEPLOYED));

/** Every call that is sent while all events of all kinds are played, against jobs in all states, and while each thing is done that the matrix leaves out. */
export async function recordedCalls(): Promise<SentCall[]> {
  const calls: SentCall[] = [];
  for (const kind of TESTED_KINDS) {
    for (const event of EVENTS) {
      for (const state of STATES) { calls.push(...(await play(handler, kind, { event, state, fault: 'no fault' })).cloud.calls); }
    }
  }
  for (const { event, prepare } of beyondTheMatrix()) {
    const cloud = new SimulatedCloud(handler);
    prepare?.(cloud);
    cloud.deliver(event);
    await cloud.time.run();
    if (cloud.answersTo(event)[0]?.parsed.Status !== 'SUCCESS') { throw new Error(`${event.RequestType} ${event.ResourceType} failed: ${cloud.answersTo(event)[0]?.parsed.Reason}`); }
    calls.push(...cloud.calls);
  }
  return calls;
}

interface Played { readonly event: Tree; readonly prepare?: (cloud: SimulatedCloud) => void }

function beyondTheMatrix(): Played[] {
  return [...TESTED_KINDS.flatMap(ofKind), ...adopted(), {
    event: jobEvent('Create', jobProperties('A', { Request: { RoleArn: SHARED_ROLE, ResourceConfig: { ...TRAINING.request('A').ResourceConfig, VolumeKmsKeyId: VOLUME_KEY } } })),
  }, {
    event: jobEvent('Create', jobProperties('A', { Prerequisites: ['Algorithm'], Request: { AlgorithmSpecification: { AlgorithmName: ALGORITHM, TrainingInputMode: 'File' }, HyperParameters: {} } })),
    prepare: (cloud) => cloud.jobs.algorithms.set(ALGORITHM, {}),
  }, {
    event: endpointCheckEvent('Update'),
    prepare: (cloud) => { cloud.stackStatus = 'UPDATE_IN_PROGRESS'; cloud.endpoints.set('Digits', [{ EndpointStatus: 'InService', EndpointConfigName: 'New' }]); },
  }];
}

/** Tags that are taken away, an update in place, a record that goes, a warm pool that is given back, an outcome and a wait. */
function ofKind(kind: typeof TRAINING): Played[] {
  const properties = jobProperties('A', {}, kind);
  const name = jobName(properties);
  const put = (status: string, more: Tree = {}) => (cloud: SimulatedCloud) => {
    cloud.stackStatus = 'UPDATE_IN_PROGRESS';
    cloud.jobs.put(name, { kind, request: { ...properties.Request } as Tree, status, secondary: status === 'InProgress' ? 'Training' : status, tags: { ...ourTags(), old: 'tag' }, metrics: kind === TUNING ? [{ MetricName: 'accuracy', Value: 0.9 }] : [], ...more });
  };
  const tagged = { ...properties, Request: { ...properties.Request, Tags: [{ Key: 'old', Value: 'tag' }] } };
  const profiled = kind === TRAINING ? { ...properties, Request: { ...properties.Request, ProfilerConfig: { S3OutputPath: 's3://models/profile' } } } : { ...properties };
  return [
    { event: jobEvent('Update', profiled, { PhysicalResourceId: name, OldResourceProperties: tagged }), prepare: put('InProgress') },
    { event: jobEvent('Delete', { ...properties, RemovalPolicy: 'Delete' }, { PhysicalResourceId: name }), prepare: put('Completed') },
    { event: outcomeEvent('Create', name, {}, { Kind: kind.kind, Attributes: kind.attributes }), prepare: put('Completed') },
    { event: waitEvent(kind.kind, name), prepare: put('Completed') },
    ...(kind === TRAINING ? [{
      event: jobEvent('Delete', properties, { PhysicalResourceId: name }),
      prepare: put('Completed', { warmPool: 'Available', request: { ...properties.Request, ResourceConfig: { ...TRAINING.request('A').ResourceConfig, KeepAlivePeriodInSeconds: 600 } } }),
    }] : []),
  ];
}

/** Jobs made elsewhere are adopted, waited for, judged, and left alone. */
function adopted(): Played[] {
  return ([[TRAINING, 'By-Hand'], [TUNING, 'Tuned-By-Hand']] as const).flatMap(([kind, Name]) => {
    const properties = jobProperties('A', { Adopt: { Name } }, kind);
    const prepare = (cloud: SimulatedCloud) => {
      cloud.stackStatus = 'UPDATE_IN_PROGRESS';
      cloud.jobs.put(Name, { kind, request: { ...properties.Request } as Tree, status: 'Completed', secondary: 'Completed', tags: {}, metrics: [{ MetricName: 'accuracy', Value: 0.9 }] });
    };
    const events = [
      jobEvent('Create', properties), jobEvent('Update', properties, { PhysicalResourceId: Name, OldResourceProperties: properties }), jobEvent('Delete', properties, { PhysicalResourceId: Name }),
      waitEvent(kind.kind, Name), outcomeEvent('Create', Name, {}, { Kind: kind.kind, Attributes: kind.attributes }),
    ];
    return [...events.map((event) => ({ event, prepare })), { event: events[1]!, prepare: (cloud: SimulatedCloud) => { prepare(cloud); cloud.stackStatus = 'UPDATE_ROLLBACK_IN_PROGRESS'; } }];
  });
}

const waitEvent = (Kind: string, JobName: string) => ({ ...outcomeEvent('Create', JobName, {}, { Kind }), ResourceType: 'Custom::SageMakerJobWait' });

const ofSageMaker = (resource: string) => `arn:aws:sagemaker:${REGION}:${ACCOUNT}:${resource}`;
/** SageMaker writes some names in lower case in the ARNs that it asks for, so both must be allowed. */
const asked = (action: string, type: string, name: string): Question[] => [...new Set([name, name.toLowerCase()])].map((each) => ({ action: `sagemaker:${action}`, resource: ofSageMaker(`${type}/${each}`) }));

/** What IAM is asked for these calls, each once. */
export function questionsOf(calls: readonly SentCall[]): Question[] {
  return [...new Map(calls.flatMap(ofCall).map((question) => [JSON.stringify(question), question])).values()];
}

/** By the service, and by those that it calls in turn (service authorization reference). */
function ofCall({ operation, input }: SentCall): Question[] {
  switch (operation) {
    case 'DescribeStacks': return [{ action: 'cloudformation:DescribeStacks', resource: input.StackName }];
    // the input of an execution is encrypted for whoever starts it
    case 'StartExecution': return [{ action: 'states:StartExecution', resource: input.stateMachineArn }, ...['Decrypt', 'GenerateDataKey'].map((action) => ({ action: `kms:${action}`, resource: MACHINE_KEY }))];
    case 'ListTags': case 'AddTags': case 'DeleteTags': return [{ action: `sagemaker:${operation}`, resource: input.ResourceArn }];
    case 'DescribeEndpoint': return [{ action: 'sagemaker:DescribeEndpoint', resource: ofSageMaker(`endpoint/${String(input.EndpointName).toLowerCase()}`) }];
    case 'DescribeAlgorithm': return [{ action: 'sagemaker:DescribeAlgorithm', resource: input.AlgorithmName }];
    default: return ofJob(operation, input);
  }
}

function ofJob(operation: string, input: Tree): Question[] {
  const kind = TESTED_KINDS.find(({ member }) => input[`${member}Name`] !== undefined);
  if (!kind) { throw new Error(`nothing is known of ${operation}`); }
  const name = String(input[`${kind.member}Name`]);
  const questions = asked(operation, kind.arnType, name);
  if (operation !== kind.create) { return questions; }
  const all = membersIn(input);
  return [
    ...questions,
    ...(input.Tags ? asked('AddTags', kind.arnType, name) : []),
    ...all.filter(([member]) => member === 'RoleArn').map(([, resource]) => ({ action: 'iam:PassRole', resource, context: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } })),
    ...all.filter(([member]) => member === 'VolumeKmsKeyId').flatMap(([, resource]) => [{ action: 'kms:CreateGrant', resource, context: { 'kms:GrantIsForAWSResource': 'true' } }, { action: 'kms:DescribeKey', resource }]),
  ];
}

/** Every text of a request, by the member that it is. */
function membersIn(tree: Tree): [member: string, text: string][] {
  return Object.entries(tree).flatMap(([member, value]): [string, string][] => (typeof value === 'string' ? [[member, value]] : typeof value === 'object' && value !== null ? membersIn(value as Tree) : []));
}
