import * as handler from '../../lib/handler/index';
import { endpointCheckEvent } from '../support/job-events';
import { ServiceFault } from '../support/job-records';
import { Killed, SimulatedCloud, type FaultPlan, type Tree } from '../support/simulated-cloud';

const endpoint = (EndpointStatus: string, EndpointConfigName: string, FailureReason?: string): Tree => ({ EndpointStatus, EndpointConfigName, FailureReason });
const NEW = endpoint('InService', 'New');
const ROLLED_BACK = endpoint('InService', 'Old', 'the primary container did not pass the ping health check');

/** A cloud whose endpoint is seen so, look by look. */
function cloudWith(looks: Tree[], stackStatus = 'UPDATE_IN_PROGRESS', faults: FaultPlan = {}): SimulatedCloud {
  const cloud = new SimulatedCloud(handler);
  cloud.stackStatus = stackStatus;
  cloud.faults = faults;
  cloud.endpoints.set('Digits', looks);
  return cloud;
}

async function answerOf(cloud: SimulatedCloud, event: Tree): Promise<Tree & { seconds: number }> {
  const sent = cloud.time.now();
  cloud.deliver(event);
  await cloud.time.run();
  const answers = cloud.answersTo(event);
  expect(answers).toHaveLength(1);
  return { ...answers[0]!.parsed, seconds: (answers[0]!.at - sent) / 1000 };
}

const looks = (cloud: SimulatedCloud) => cloud.sent.filter((operation) => operation === 'DescribeEndpoint').length;

/** Throws at these calls of an operation, counted from 1. */
function failing(operation: string, calls: readonly number[], fault: () => Error): FaultPlan {
  let count = 0;
  return { before: (sent) => (sent === operation && calls.includes(++count) ? fault() : undefined) };
}

const throttled = () => new ServiceFault('ThrottlingException', 'Rate exceeded');
const down = () => new ServiceFault('InternalFailure', 'try again', 500);
const denied = () => new ServiceFault('AccessDeniedException', 'User: role is not authorized to perform: sagemaker:DescribeEndpoint on resource: digits', 400);

const FORWARD = [['Create', 'CREATE_IN_PROGRESS'], ['Update', 'UPDATE_IN_PROGRESS']] as const;
const BACK = [['Create', 'ROLLBACK_IN_PROGRESS'], ['Update', 'UPDATE_ROLLBACK_IN_PROGRESS'], ['Update', 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS'], ['Create', 'DELETE_IN_PROGRESS']] as const;
const STATES: [string, Tree[], string | undefined][] = [
  ['serves what is wanted', [NEW], undefined],
  ['serves what is wanted under a name in lower case', [endpoint('InService', 'new')], undefined],
  ['is still on its way', [endpoint('Updating', 'Old'), endpoint('Updating', 'Old'), NEW], undefined],
  ['is being made', [endpoint('Creating', 'New'), NEW], undefined],
  ['is being looked after by SageMaker', [endpoint('SystemUpdating', 'New'), NEW], undefined],
  ['is described as it was a moment ago', [endpoint('InService', 'Old'), NEW], undefined],
  ['was moved back without a word', [ROLLED_BACK], 'is in service with the configuration Old, not with New: SageMaker has rolled its update back: the primary container did not pass'],
  ['is being moved back', [endpoint('RollingBack', 'Old'), ROLLED_BACK], 'is in service with the configuration Old, not with New'],
  ['could not be moved back', [endpoint('UpdateRollbackFailed', 'Old', 'no capacity')], 'is UpdateRollbackFailed: no capacity'],
  ['never came up', [endpoint('Failed', 'New', 'no image')], 'is Failed: no image'],
  ['is out of service', [endpoint('OutOfService', 'New')], 'is OutOfService: SageMaker gives no reason'],
  ['is being deleted', [endpoint('Deleting', 'New')], 'is Deleting'],
  ['is gone', [], 'endpoint Digits is gone: it was deleted outside the stack'],
];

beforeAll(() => { jest.spyOn(console, 'error').mockImplementation(() => {}); });

describe('The check of an endpoint', () => {
  const forward = FORWARD.flatMap(([type, status]) => STATES.map((state) => [type, status, ...state] as const));
  test.each(forward)('at %s while the stack is %s answers for an endpoint that %s', async (type, status, _what, seen, reason) => {
    const answer = await answerOf(cloudWith([...seen], status), endpointCheckEvent(type));
    expect(answer).toMatchObject(reason === undefined ? { Status: 'SUCCESS', Reason: '' } : { Status: 'FAILED', Reason: expect.stringContaining(reason) });
    expect(answer.PhysicalResourceId).toBe('endpoint-check');
  });

  const back = BACK.flatMap(([type, status]) => STATES.map(([what, seen]) => [type, status, what, seen] as const));
  test.each(back)('at %s while the stack is %s never fails, and does not wait, for an endpoint that %s', async (type, status, _what, seen) => {
    const cloud = cloudWith([...seen], status, failing('DescribeEndpoint', [1], denied));
    expect(await answerOf(cloud, endpointCheckEvent(type, { EndpointName: '' }))).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'endpoint-check', seconds: 0 });
    expect(looks(cloud)).toBe(0);
  });

  test.each(STATES)('has nothing to delete for an endpoint that %s', async (_what, seen) => {
    const cloud = cloudWith([...seen], 'DELETE_IN_PROGRESS');
    expect(await answerOf(cloud, endpointCheckEvent('Delete', { EndpointName: undefined }))).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'endpoint-check' });
    expect(cloud.sent.filter((operation) => operation.startsWith('Describe'))).toEqual([]);
  });

  describe.each<[string, () => Error]>([['throttled', throttled], ['answered by an internal error', down]])('whose calls are %s', (_how, fault) => {
    test.each(STATES)('says in the end what it would have said, of an endpoint that %s', async (_what, seen, reason) => {
      const { Status, Reason } = await answerOf(cloudWith([...seen], 'UPDATE_IN_PROGRESS', failing('DescribeEndpoint', [1, 2, 4], fault)), endpointCheckEvent('Update'));
      expect([Status, Reason]).toEqual(reason === undefined ? ['SUCCESS', ''] : ['FAILED', expect.stringContaining(reason)]);
    });

    test('of CloudFormation asks again', async () => {
      expect(await answerOf(cloudWith([NEW], 'UPDATE_IN_PROGRESS', failing('DescribeStacks', [1, 2], fault)), endpointCheckEvent('Update'))).toMatchObject({ Status: 'SUCCESS' });
    });
  });

  test.each(['DescribeStacks', 'DescribeEndpoint', 'PutAnswer'])('answers once when its process is killed at its first %s', async (operation) => {
    const cloud = cloudWith([endpoint('Updating', 'Old'), ROLLED_BACK], 'UPDATE_IN_PROGRESS', failing(operation, [1], () => new Killed()));
    expect(await answerOf(cloud, endpointCheckEvent('Update'))).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('is in service with the configuration Old') });
  });

  test('answers once when the event is delivered twice', async () => {
    const cloud = cloudWith([NEW]);
    const event = endpointCheckEvent('Update');
    cloud.deliver(event);
    expect(await answerOf(cloud, event)).toMatchObject({ Status: 'SUCCESS' });
  });

  test('looks no more often than every 30 seconds, and says in time that an endpoint does not come to rest', async () => {
    const cloud = cloudWith([endpoint('Updating', 'Old')]);
    const answer = await answerOf(cloud, endpointCheckEvent('Update'));
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('endpoint Digits is still Updating after 55 minutes') });
    expect(answer.seconds).toBeLessThan(3600);
    const pauses = cloud.describedAt.slice(1).map((at, index) => at - cloud.describedAt[index]!);
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(30_000);
  });

  test('waits for a permission that was made a moment ago', async () => {
    expect(await answerOf(cloudWith([NEW], 'CREATE_IN_PROGRESS', failing('DescribeEndpoint', [1, 2, 3], denied)), endpointCheckEvent('Create'))).toMatchObject({ Status: 'SUCCESS' });
  });

  test('says so when it has no permission for good', async () => {
    const answer = await answerOf(cloudWith([NEW], 'CREATE_IN_PROGRESS', { before: (operation) => (operation === 'DescribeEndpoint' ? denied() : undefined) }), endpointCheckEvent('Create'));
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('endpoint Digits can\'t be looked at: AccessDeniedException') });
    expect(answer.seconds).toBeLessThan(240);
  });

  test('fails no more when the stack is rolled back while it waits', async () => {
    const cloud = cloudWith([endpoint('Updating', 'Old'), ROLLED_BACK]);
    cloud.faults = { after: (operation) => { if (operation === 'DescribeEndpoint') { cloud.stackStatus = 'UPDATE_ROLLBACK_IN_PROGRESS'; } return undefined; } };
    expect(await answerOf(cloud, endpointCheckEvent('Update'))).toMatchObject({ Status: 'SUCCESS' });
  });

  test('says where the log is, where the console shows it, and how to go on', async () => {
    const { Reason } = await answerOf(cloudWith([ROLLED_BACK]), endpointCheckEvent('Update'));
    expect(Reason).toContain('log group /aws/sagemaker/Endpoints/Digits; https://eu-west-1.console.aws.amazon.com/sagemaker/home?region=eu-west-1#/endpoints/Digits');
    expect(Reason).toContain('; https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/$252Faws$252Fsagemaker$252FEndpoints$252FDigits\n');
    expect(Reason).toContain('To go on: mend the cause and deploy again. The configuration in service, and its model, are kept.');
  });

  test.each(['EndpointName', 'EndpointConfigName'])('refuses properties without %s', async (member) => {
    expect(await answerOf(cloudWith([NEW]), endpointCheckEvent('Create', { [member]: undefined }))).toMatchObject({ Status: 'FAILED', Reason: `${member}: must be a name`, PhysicalResourceId: 'endpoint-check' });
  });

  test('changes nothing of SageMaker', async () => {
    const cloud = cloudWith([endpoint('Updating', 'Old'), ROLLED_BACK]);
    await answerOf(cloud, endpointCheckEvent('Update'));
    expect(new Set(cloud.sent)).toEqual(new Set(['StartExecution', 'DescribeStacks', 'DescribeEndpoint', 'PutAnswer']));
  });
});
