import { jobEvent, jobName, jobProperties, outcomeEvent, ourTags } from '../support/job-events';
import { answer, both, cloudWith, handler } from '../support/played';
import { ServiceFault } from '../support/job-records';
import type { FaultPlan, HandlerModule } from '../support/simulated-cloud';
import { TESTED_KINDS, TRAINING, type TestedKind } from '../support/tested-kinds';

const A = jobProperties('A');
const JOB = jobName(A);

jest.setTimeout(60_000);                                    // each mistake is a bundle of its own

beforeAll(() => { for (const level of ['error', 'warn'] as const) { jest.spyOn(console, level).mockImplementation(() => {}); } });

describe('The end of a job', () => {
  const ENDS = [['Completed', 'SUCCESS'], ['Failed', 'FAILED'], ['Stopped', 'FAILED']] as const;
  const outcome = (kind: TestedKind) => outcomeEvent('Create', jobName(jobProperties('A', {}, kind)), {}, { Kind: kind.kind, Attributes: ['Status'] });

  test.each(TESTED_KINDS.flatMap((kind) => ENDS.map(([status, expected]) => [status, kind.kind, kind, expected] as const)))('trap 1: a %s %s is waited for no longer', async (status, _kind, kind, expected) => {
    const { Status, seconds } = await answer(cloudWith(handler(), { status, kind }), outcome(kind));
    expect(Status).toBe(expected);
    expect(seconds).toBeLessThan(10);
  });

  test('trap 1: one that takes completed jobs alone for ended waits for an hour', async () => {
    const { here, there } = await both({ file: 'run.ts', from: "['completed', 'failed', 'stopped'].includes(job.state)", to: "job.state === 'completed'" }, async (tested) => (await answer(cloudWith(tested, { status: 'Failed' }), outcome(TRAINING))).seconds);
    expect(here).toBeLessThan(60);
    expect(there).toBeGreaterThan(3000);
  });

  test('trap 2: a job that has failed is answered as FAILED, with the reason and no attributes', async () => {
    const mistake = { file: 'outcome.ts', from: 'throw new Refused(failureReport(row, job, turn.event, properties));', to: "return succeed(OUTCOME_ID, { Status: 'FAILED' });" };
    const { here, there } = await both(mistake, (tested) => answer(cloudWith(tested, { status: 'Failed', more: { failureReason: 'AlgorithmError: no data' } }), outcome(TRAINING)));
    expect(here).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('AlgorithmError: no data'), Data: {} });
    expect(there.Status).toBe('SUCCESS');
  });

  test('trap 2: what the handler does not understand itself is answered as FAILED, and not with silence', async () => {
    const cloud = cloudWith(handler(), { faults: { before: (operation) => (operation === 'CreateTrainingJob' ? new TypeError('x is not a function') : undefined) } });
    expect(await answer(cloud, jobEvent('Create', A))).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('x is not a function') });
  });
});

describe('The deletion of a job', () => {
  test.each(TESTED_KINDS)('trap 7: the resource of a $kind that runs stops it, and is gone when it has stopped', async (kind) => {
    const cloud = cloudWith(handler(), { status: 'InProgress', stack: 'DELETE_IN_PROGRESS', kind });
    const properties = jobProperties('A', {}, kind);
    expect((await answer(cloud, jobEvent('Delete', properties, { PhysicalResourceId: jobName(properties) }))).Status).toBe('SUCCESS');
    expect(cloud.jobs.stopped).toEqual([jobName(properties)]);
    expect(cloud.jobs.records.get(jobName(properties))!.status).toBe('Stopped');
  });

  test('trap 7: is not taken for done where nothing is stopped', async () => {
    const { here, there } = await both({ file: 'removal.ts', from: "if (job.state === 'running') {", to: "if (job.state === 'running') { return done; }\n  if (job.state === 'running') {" }, async (tested) => {
      const cloud = cloudWith(tested, { status: 'InProgress', stack: 'DELETE_IN_PROGRESS' });
      await answer(cloud, jobEvent('Delete', A, { PhysicalResourceId: JOB }));
      return cloud.jobs.running();
    });
    expect([here, there]).toEqual([[], [JOB]]);
  });

  // CloudFormation makes an id up for what never answered
  test('trap 6: after a create that was cancelled finds the job by its properties, and stops it', async () => {
    const { here, there } = await both({ file: 'removal.ts', from: 'if (!isReadable(turn)) { return undefined; }', to: 'return undefined;' }, async (tested) => {
      const cloud = cloudWith(tested, { status: 'InProgress', stack: 'ROLLBACK_IN_PROGRESS' });
      const { Status } = await answer(cloud, jobEvent('Delete', A, { PhysicalResourceId: 'mnist-TrainResource-1X2Y3Z' }));
      return [Status, cloud.jobs.running()];
    });
    expect([here, there]).toEqual([['SUCCESS', []], ['SUCCESS', [JOB]]]);
  });

  test('trap 6: a create that is under way when the stack is given up leaves no job behind', async () => {
    const cloud = cloudWith(handler(), { stack: 'CREATE_IN_PROGRESS' });
    cloud.faults = { after: (operation) => { if (operation === 'CreateTrainingJob') { cloud.stackStatus = 'ROLLBACK_IN_PROGRESS'; } return undefined; } };
    expect(await answer(cloud, jobEvent('Create', A))).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('cancelled') });
    expect(cloud.jobs.launched).toEqual([JOB]);
    expect(cloud.jobs.running()).toEqual([]);
  });

  const pooled = (tested: HandlerModule) => cloudWith(tested, {
    status: 'Completed', stack: 'DELETE_IN_PROGRESS',
    more: { warmPool: 'Available', request: { ...A.Request, ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 30, KeepAlivePeriodInSeconds: 3600 } } },
  });

  test('trap 23: a warm pool is given back first, and the record deleted when it is gone', async () => {
    const { here, there } = await both({ file: 'removal.ts', from: 'await release(turn, job);', to: '' }, async (tested) => {
      const cloud = pooled(tested);
      const { Status } = await answer(cloud, jobEvent('Delete', { ...A, RemovalPolicy: 'Delete' }, { PhysicalResourceId: JOB }));
      return [Status, cloud.sent.filter((operation) => /^(Update|Delete)Training/.test(operation))[0], cloud.jobs.records.size];
    });
    expect(here).toEqual(['SUCCESS', 'UpdateTrainingJob', 0]);
    expect(there).toEqual(['SUCCESS', 'DeleteTrainingJob', 1]);
  });

  test('trap 24: of a job that registers its model deletes at most the record of the job', async () => {
    const cloud = cloudWith(handler(), { status: 'Completed', stack: 'DELETE_IN_PROGRESS' });
    const registering = jobProperties('A', { RemovalPolicy: 'Delete', Request: { ModelPackageConfig: { ModelPackageGroupArn: 'arn:aws:sagemaker:eu-west-1:123456789012:model-package-group/answers' } } });
    cloud.jobs.put(jobName(registering), { request: registering.Request as never, status: 'Completed', secondary: 'Completed', tags: ourTags() });
    expect(await answer(cloud, jobEvent('Delete', registering, { PhysicalResourceId: jobName(registering) }))).toMatchObject({ Status: 'SUCCESS' });
    expect(cloud.sent.filter((operation) => operation.startsWith('Delete'))).toEqual(['DeleteTrainingJob']);
  });

  test.each(TESTED_KINDS)('trap 25: a $kind that is gone is known for that by what its kind says', async (kind) => {
    const properties = jobProperties('A', {}, kind);
    expect(await answer(cloudWith(handler(), { stack: 'DELETE_IN_PROGRESS', kind }), jobEvent('Delete', properties, { PhysicalResourceId: jobName(properties) }))).toMatchObject({ Status: 'SUCCESS' });
  });

  test('trap 25: one that knows a single way of saying so fails for the others', async () => {
    const mistake = { file: 'errors.ts', from: "return e.name === 'ResourceNotFound' || e.name === 'ResourceNotFoundException'\n    ||", to: 'return' };
    const gone = (tested: HandlerModule) => Promise.all(TESTED_KINDS.map(async (kind) => {
      const properties = jobProperties('A', {}, kind);
      return (await answer(cloudWith(tested, { stack: 'DELETE_IN_PROGRESS', kind }), jobEvent('Delete', properties, { PhysicalResourceId: jobName(properties) }))).Status;
    }));
    expect(await both(mistake, gone)).toEqual({ here: ['SUCCESS', 'SUCCESS', 'SUCCESS'], there: ['SUCCESS', 'FAILED', 'SUCCESS'] });
  });
});

describe('A fault that passes', () => {
  test('trap 9: throttling while a job is waited for fails no deployment', async () => {
    const throttled = (): FaultPlan => { let count = 0; return { before: (operation) => (operation === 'DescribeTrainingJob' && count++ < 8 ? new ServiceFault('ThrottlingException', 'Rate exceeded') : undefined) }; };
    const { here, there } = await both({ file: 'errors.ts', from: "return THROTTLING.test(e.name ?? '') || /rate exceeded/i.test(e.message ?? '')", to: 'return false' }, async (tested) =>
      (await answer(cloudWith(tested, { status: 'Completed', faults: throttled() }), outcomeEvent('Create', JOB))).Status);
    expect([here, there]).toEqual(['SUCCESS', 'FAILED']);
  });

  test('trap 14: a role that is not known everywhere is asked for again, until it is', async () => {
    const unknown = (): FaultPlan => { let count = 0; return { before: (operation) => (operation === 'CreateTrainingJob' && count++ < 6 ? new ServiceFault('ValidationException', 'Could not assume role arn:aws:iam::123456789012:role/x') : undefined) }; };
    const { here, there } = await both({ file: 'errors.ts', from: 'return ROLE_NOT_READY.some((words) => message.includes(words));', to: 'return false;' }, async (tested) =>
      (await answer(cloudWith(tested, { faults: unknown(), stack: 'CREATE_IN_PROGRESS' }), jobEvent('Create', A))).Status);
    expect([here, there]).toEqual(['SUCCESS', 'FAILED']);
  });

  test('trap 14: so is one whose policy is not', async () => {
    for (const words of ['Unauthorized to List objects under S3 URL s3://b/x', 'Access denied for repository: mnist', 'Access denied to OutputDataConfig S3 bucket']) {
      let count = 0;
      const cloud = cloudWith(handler(), { stack: 'CREATE_IN_PROGRESS', faults: { before: (operation) => (operation === 'CreateTrainingJob' && count++ < 3 ? new ServiceFault('ValidationException', words) : undefined) } });
      expect(await answer(cloud, jobEvent('Create', A))).toMatchObject({ Status: 'SUCCESS' });
    }
  });
});

describe('A list of instance types', () => {
  test('trap 38: that the account may not have is refused at once in the words of the service, and nothing runs', async () => {
    const properties = jobProperties('A', { Request: { ResourceConfig: { InstancePreferences: [{ InstanceType: 'ml.p5.48xlarge' }, { InstanceType: 'ml.m5.large' }], InstanceCount: '1', VolumeSizeInGB: '30' } } });
    const refused = new ServiceFault('ResourceLimitExceeded', "The account-level service limit 'ml.p5.48xlarge for training job usage' is 0 Instances");
    const cloud = cloudWith(handler(), { stack: 'CREATE_IN_PROGRESS', faults: { before: (operation) => (operation === 'CreateTrainingJob' ? refused : undefined) } });
    const { seconds, ...rest } = await answer(cloud, jobEvent('Create', properties));
    expect(rest).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining("'ml.p5.48xlarge for training job usage' is 0") });
    expect(seconds).toBeLessThan(60);
    expect(cloud.sent.filter((operation) => operation === 'CreateTrainingJob')).toHaveLength(1);
    expect(cloud.jobs.running()).toEqual([]);
  });
});
