import { DescribeTrainingJobCommand, CreateTrainingJobCommand, ListTrainingJobsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { Fault, LocalSageMaker, Outcome } from '../../../lib/local/testing';
import { training } from './support';

let aws: LocalSageMaker;
let client: SageMakerClient;
/** One that does not try again. */
let once: SageMakerClient;
beforeAll(async () => {
  aws = await LocalSageMaker.start({ clock: 'virtual' });
  client = new SageMakerClient(aws.clientConfig);
  once = new SageMakerClient({ ...aws.clientConfig, maxAttempts: 1 });
  await aws.createBucket('out');
});
afterAll(async () => {
  client.destroy();
  once.destroy();
  await aws.stop();
});
beforeEach(() => {
  aws.clear();
  aws.script('*', Outcome.runsUntilStopped());
});

let count = 0;
const create = (from = once) => from.send(new CreateTrainingJobCommand(training(`job-${count += 1}`)));
const list = () => once.send(new ListTrainingJobsCommand({}));

describe('A fault of the API', () => {
  test('happens once, and the SDK tries again', async () => {
    aws.inject(Fault.throttle({ operation: 'CreateTrainingJob' }));
    await create(client);
    expect(aws.calls('CreateTrainingJob').map(({ status }) => status)).toEqual([400, 200]);
    expect(aws.pendingFaults).toEqual([]);
  });

  test.each<[string, Fault, { name: string; message: string | RegExp; status: number }]>([
    ['throttling', Fault.throttle({ operation: 'CreateTrainingJob' }), { name: 'ThrottlingException', message: 'Rate exceeded', status: 400 }],
    ['an error of the server', Fault.serverError({ operation: 'CreateTrainingJob' }), { name: 'InternalFailure', message: /unknown error/, status: 500 }],
    ['a server that is not available', Fault.serverError({ operation: 'CreateTrainingJob', status: 503 }), { name: 'ServiceUnavailable', message: /temporary/, status: 503 }],
    ['missing permissions', Fault.accessDenied({ operation: 'Create*' }), { name: 'AccessDeniedException', message: /is not authorized to perform: sagemaker:CreateTrainingJob/, status: 400 }],
    ['no quota', Fault.limitExceeded({ operation: 'CreateTrainingJob' }), { name: 'ResourceLimitExceeded', message: /^The account-level service limit 'ml.m5.large for training job usage' is 0 Instances/, status: 400 }],
    ['any other error', Fault.error({ operation: 'CreateTrainingJob', name: 'ResourceInUse', message: 'it is there' }), { name: 'ResourceInUse', message: 'it is there', status: 400 }],
  ])('is what SDKs know: %s', async (_what, fault, { name, message, status }) => {
    aws.inject(fault);
    const error = await create().catch((thrown: Error) => thrown) as Error & { $metadata: { httpStatusCode: number } };
    expect(error).toMatchObject({ name, message: message instanceof RegExp ? expect.stringMatching(message) : message, $metadata: { httpStatusCode: status } });
    await create();
  });

  test('happens as often as it is told, and to no other operation', async () => {
    aws.inject(Fault.throttle({ operation: 'CreateTrainingJob', times: 2 }));
    await list();
    await expect(create()).rejects.toThrow('Rate exceeded');
    expect(aws.pendingFaults).toHaveLength(1);
    await expect(create()).rejects.toThrow('Rate exceeded');
    await create();
  });

  test('happens for so long, by the clock', async () => {
    aws.inject(Fault.throttle({ operation: 'List*', lasts: { minutes: 5 } }));
    await expect(list()).rejects.toThrow('Rate exceeded');
    await aws.clock.advance({ minutes: 4 });
    await expect(list()).rejects.toThrow('Rate exceeded');
    await aws.clock.advance({ minutes: 1 });
    await list();
  });

  test('is a connection that breaks off, before the effect or after it', async () => {
    aws.inject(Fault.cutConnection({ operation: 'CreateTrainingJob' }), Fault.cutConnection({ operation: 'CreateTrainingJob', afterEffect: true }));
    await expect(create()).rejects.toThrow('socket hang up');
    await expect(aws.job(`job-${count}`)).rejects.toThrow('there is no job');
    await expect(create()).rejects.toThrow('socket hang up');
    expect(await aws.job(`job-${count}`)).toMatchObject({ status: 'InProgress' });
    expect(aws.calls('CreateTrainingJob').map(({ status }) => status)).toEqual([undefined, undefined]);
  });

  test('is an answer that never comes, or comes late', async () => {
    aws.inject(Fault.noAnswer({ operation: 'ListTrainingJobs' }), Fault.slowAnswer({ operation: 'ListTrainingJobs', by: { milliseconds: 50 } }));
    await expect(once.send(new ListTrainingJobsCommand({}), { abortSignal: AbortSignal.timeout(300) })).rejects.toMatchObject({ name: 'AbortError' });
    const began = performance.now();
    await list();
    expect(performance.now() - began).toBeGreaterThanOrEqual(49);
  });

  test('is S3\'s own for S3', async () => {
    await aws.putObject('s3://out/a.txt', 'a');
    aws.inject(Fault.throttle({ operation: 'GetObject' }), Fault.accessDenied({ operation: 'GetObject' }));
    const answers = [await fetch(`${aws.s3Endpoint}/out/a.txt`), await fetch(`${aws.s3Endpoint}/out/a.txt`), await fetch(`${aws.s3Endpoint}/out/a.txt`)];
    expect(answers.map(({ status }) => status)).toEqual([503, 403, 200]);
    expect(await (answers[0] as Response).text()).toContain('<Code>SlowDown</Code>');
    expect(await (answers[1] as Response).text()).toContain('<Code>AccessDenied</Code>');
  });
});

describe('No capacity', () => {
  test('is a job that is accepted and fails', async () => {
    aws.inject(Fault.noCapacity({ job: 'job-*' }));
    await create();
    await aws.waitForJob(`job-${count}`);
    const job = await once.send(new DescribeTrainingJobCommand({ TrainingJobName: `job-${count}` }));
    expect(job).toMatchObject({ TrainingJobStatus: 'Failed', FailureReason: 'CapacityError: Unable to provision requested ML compute capacity. Please retry using a different ML instance type.' });
    expect(job.SecondaryStatusTransitions?.map(({ Status }) => Status)).toEqual(['Starting', 'Failed']);
    expect(job.TrainingStartTime).toBeUndefined();
  });
});

describe('A fault that is wrong is refused', () => {
  test.each<[string, () => unknown, string]>([
    ['an operation that is none', () => aws.inject(Fault.throttle({ operation: 'CreateTraining' })), 'throttle: there is no operation CreateTraining; there are AbortMultipartUpload, AddTags,'],
    ['a number of times that is none', () => Fault.throttle({ operation: 'CreateTrainingJob', times: -1 }), '"times" of throttle must be a whole number above 0, or \'always\'; got -1'],
    ['a negative time', () => Fault.throttle({ operation: 'CreateTrainingJob', lasts: { minutes: -1 } }), '"lasts" of throttle must be seconds'],
    ['nothing that it is for', () => Fault.fromJson({ throttle: {} }), 'throttle needs "operation"'],
    ['a fault that is none', () => Fault.fromJson({ slow: { operation: 'CreateTrainingJob' } }), 'a fault is an object with one of throttle, serverError,'],
    ['a member that is none', () => Fault.fromJson({ throttle: { operation: 'CreateTrainingJob', time: 2 } }), 'throttle does not know "time"'],
    ['a job and an endpoint at once', () => Fault.noCapacity({ job: 'a', endpoint: 'b' }), 'and not both'],
    ['an interruption at no time', () => Fault.spotInterruption({ job: 'a' }), 'spotInterruption needs "after" or "atLine", and not both'],
    ['a file with something else', () => aws.play({ fault: [] } as object), 'there is no "fault"'],
  ])('for %s', (_what, wrong, message) => expect(wrong).toThrow(message));

  test('and nothing of its file is played', () => {
    expect(() => aws.play({ faults: [{ throttle: { operation: 'CreateTrainingJob' } }, { throttle: { operation: 'None' } }] })).toThrow('there is no operation None');
    expect(aws.pendingFaults).toEqual([]);
  });
});
