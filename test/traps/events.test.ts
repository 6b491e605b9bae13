import { engineWith } from '../support/engine';
import { jobEvent, jobName, jobProperties, outcomeEvent } from '../support/job-events';
import { answer, both, cloudWith, handler } from '../support/played';
import { ServiceFault } from '../support/job-records';
import { Killed, type HandlerModule, type SimulatedCloud, type Tree } from '../support/simulated-cloud';

const A = jobProperties('A');
const B = jobProperties('B');
const [JOB_A, JOB_B] = [jobName(A), jobName(B)];

jest.setTimeout(60_000);                                    // each mistake is a bundle of its own

beforeAll(() => { for (const level of ['error', 'warn'] as const) { jest.spyOn(console, level).mockImplementation(() => {}); } });

/** Everything that was heard of an event. */
const heard = (cloud: SimulatedCloud, event: Tree) => cloud.answersTo(event).map(({ parsed }) => [parsed.Status, parsed.PhysicalResourceId]);

describe('An event', () => {
  test('trap 3: that is delivered twice at once launches one job, and is answered once', async () => {
    const { here, there } = await both({ file: 'receive.ts', from: "const name = event.RequestId.replace(/[^A-Za-z0-9_-]/g, '-').slice(0, 80);", to: 'const name = String(Math.random()).slice(2);' }, async (tested) => {
      const cloud = cloudWith(tested, { stack: 'CREATE_IN_PROGRESS' });
      const event = jobEvent('Create', A);
      cloud.deliver(event);
      cloud.deliver(event);
      await cloud.time.run();
      return { launched: cloud.jobs.launched, answers: heard(cloud, event).length };
    });
    expect(here).toEqual({ launched: [JOB_A], answers: 1 });
    expect(there).not.toEqual(here);
  });

  test('trap 3: whose function dies after the launch is gone on with by the next look, and launches nothing more', async () => {
    const died = async (tested: HandlerModule) => {
      const cloud = cloudWith(tested, { stack: 'CREATE_IN_PROGRESS' });
      cloud.jobs.failAtOnce = true;                          // one that looks for a good job alone would launch the next
      let deaths = 0;
      cloud.faults = { after: (operation) => (operation === 'CreateTrainingJob' && deaths++ === 0 ? new Killed('gone') : undefined) };
      const event = jobEvent('Create', A);
      await answer(cloud, event);
      return cloud.jobs.launched;
    };
    expect(await both({ file: 'runs.ts', from: 'tags[OWNER_TAGS.request] === event.RequestId', to: 'false' }, died)).toEqual({ here: [JOB_A], there: [JOB_A, `${JOB_A}-2`] });
  });

  test('trap 3: that is delivered again hours later launches nothing', async () => {
    const cloud = cloudWith(handler(), { stack: 'CREATE_IN_PROGRESS' });
    const event = jobEvent('Create', A);
    await answer(cloud, event);
    cloud.jobs.end(JOB_A, 'Failed');
    await cloud.time.run(cloud.time.now() + 6 * 3_600_000);
    cloud.deliver(event);
    await cloud.time.run();
    expect(cloud.jobs.launched).toEqual([JOB_A]);
  });
});

describe('An answer', () => {
  const failing = (failureReason: string) => async (tested: HandlerModule) => answer(cloudWith(tested, { status: 'Failed', more: { failureReason } }), outcomeEvent('Create', JOB_A));

  test('trap 10: has 4,096 bytes at most, however many bytes a letter has', async () => {
    const { here, there } = await both({ file: 'answers.ts', from: 'Buffer.byteLength(body(reason))', to: 'body(reason).length' }, failing(`AlgorithmError: ${'\u4e2d"\\'.repeat(3000)}`));
    expect(here.bytes).toBeLessThanOrEqual(4096);
    expect(here.bytes).toBeGreaterThan(3900);
    expect(there.bytes).toBeGreaterThan(4096);
  });

  test('trap 10: has no letters that CloudFormation does not take', async () => {
    const { here, there } = await both({ file: 'answers.ts', from: 'const reason = printable(answer.Reason);', to: 'const reason = answer.Reason;' }, failing('AlgorithmError: \u001b[31m\u0000 \ud83d\ude00 lone \ud800'));
    const untaken = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ud800-\udfff]/;
    expect(here.Reason).not.toMatch(untaken);
    expect(here.Reason).toContain('AlgorithmError:');
    expect(there.Reason).toMatch(untaken);
  });

  test('trap 10: has no stack trace, also where the function dies again and again', async () => {
    let deaths = 0;                                          // as often as the state machine asks
    const cloud = cloudWith(handler(), { stack: 'CREATE_IN_PROGRESS', faults: { before: (operation) => (operation === 'DescribeTrainingJob' && deaths++ < 9 ? new Killed('the process is gone') : undefined) } });
    const { Status, Reason } = await answer(cloud, jobEvent('Create', A));
    expect(Status).toBe('FAILED');
    expect(Reason).toMatch(/the handler failed/);
    expect(Reason).not.toMatch(/\n\s+at |\.[jt]s:\d+/);
  });

  test('trap 11: has texts alone, for numbers of attributes come back as texts anyway', async () => {
    const { Data } = await answer(cloudWith(handler(), { status: 'Completed' }), outcomeEvent('Create', JOB_A, {}, { Attributes: ['BillableTimeInSeconds', 'Status'] }));
    expect(Data).toEqual({ BillableTimeInSeconds: '60', Status: 'Completed' });
  });
});

describe('The strings of CloudFormation', () => {
  const typed = jobProperties('A', { Request: { EnableNetworkIsolation: 'false', EnableManagedSpotTraining: 'true', StoppingCondition: { MaxRuntimeInSeconds: '3600', MaxWaitTimeInSeconds: '7200' }, HyperParameters: { epochs: '010', on: 'true', rate: '1e-3' } } });
  const sent = async (tested: HandlerModule) => {
    const cloud = cloudWith(tested, { stack: 'CREATE_IN_PROGRESS' });
    await answer(cloud, jobEvent('Create', typed));
    const { EnableNetworkIsolation, EnableManagedSpotTraining, StoppingCondition, HyperParameters } = [...cloud.jobs.records.values()][0]?.request ?? {};
    return { EnableNetworkIsolation, EnableManagedSpotTraining, StoppingCondition, HyperParameters };
  };

  test('trap 11: are numbers and booleans again where SageMaker wants such, and texts where it wants texts', async () => {
    const { here, there } = await both({ file: 'restore-types.ts', from: "if (String(value) === 'true') { return true; }\n      if (String(value) === 'false') { return false; }", to: 'if (value) { return Boolean(value); }' }, sent);
    expect(here).toEqual({ EnableNetworkIsolation: false, EnableManagedSpotTraining: true, StoppingCondition: { MaxRuntimeInSeconds: 3600, MaxWaitTimeInSeconds: 7200 }, HyperParameters: { epochs: '010', on: 'true', rate: '1e-3' } });
    expect(there.EnableNetworkIsolation).toBe(true);
  });
});

describe('What CloudFormation is told at once', () => {
  test('trap 35: is told again when the way to the bucket of answers is closed for a while', async () => {
    let puts = 0;
    const cloud = cloudWith(handler(), { stack: 'CREATE_IN_PROGRESS', faults: { before: (operation) => (operation === 'PutAnswer' && puts++ < 20 ? Object.assign(new Error('connect ETIMEDOUT'), { code: 'ETIMEDOUT' }) : undefined) } });
    expect(await answer(cloud, jobEvent('Create', A))).toMatchObject({ Status: 'SUCCESS' });
    expect(puts).toBe(21);
    expect(cloud.jobs.launched).toEqual([JOB_A]);
  });
});

describe('An update of a stack', () => {
  const job = (run: string) => ({ Type: 'Custom::SageMakerTrainingJob', Properties: { ServiceToken: 'arn:function', Run: run } });
  const resources = (run: string) => ({ Resources: { Train: job(run), Outcome: { Type: 'Custom::SageMakerJobOutcome', Properties: { ServiceToken: 'arn:function', JobName: { Ref: 'Train' } } } } });

  test('trap 34: waits for the new job, whatever the old one came to: the outcome is asked again by its name', async () => {
    const stack = engineWith((event) => (event.ResourceType === 'Custom::SageMakerTrainingJob' ? { PhysicalResourceId: `job-${String(event.ResourceProperties?.Run)}` } : { PhysicalResourceId: 'outcome' }));
    await stack.deploy(resources('one'));
    stack.events.length = 0;
    await stack.deploy(resources('two'));
    expect(stack.events.map(({ RequestType, LogicalResourceId, ResourceProperties }) => [RequestType, LogicalResourceId, ResourceProperties?.JobName])).toEqual([
      ['Update', 'Train', undefined], ['Update', 'Outcome', 'job-two'], ['Delete', 'Train', undefined],
    ]);
  });

  test('trap 34: is answered for by what the new job comes to', async () => {
    const cloud = cloudWith(handler(), { status: 'Completed' });
    cloud.jobs.put(JOB_B, { request: B.Request as never, status: 'Failed', secondary: 'Failed' });
    const event = outcomeEvent('Update', JOB_B, { PhysicalResourceId: 'outcome', OldResourceProperties: { JobName: JOB_A } });
    expect(await answer(cloud, event)).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(JOB_B) });
  });

  test('trap 4: trains nothing again for other tags, another version of the handler, or a limit', async () => {
    for (const change of [{ Tags: [{ Key: 'team', Value: 'vision' }] }, { StoppingCondition: { MaxRuntimeInSeconds: '7200' } }, { RoleArn: 'arn:aws:iam::123456789012:role/other' }]) {
      const cloud = cloudWith(handler(), { status: 'Completed' });
      const changed = { ...jobProperties('A', { Request: change }), ServiceToken: 'arn:another' };
      expect(await answer(cloud, jobEvent('Update', changed, { PhysicalResourceId: JOB_A, OldResourceProperties: A }))).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: JOB_A });
      expect(cloud.jobs.launched).toEqual([]);
    }
  });

  test('trap 4: trains nothing in a rollback, also where the record of the old job is gone', async () => {
    const back = async (tested: HandlerModule) => {
      const cloud = cloudWith(tested, { stack: 'UPDATE_ROLLBACK_IN_PROGRESS' });
      const { Status } = await answer(cloud, jobEvent('Update', A, { PhysicalResourceId: JOB_B, OldResourceProperties: B }));
      return [Status, cloud.jobs.launched];
    };
    expect(await both({ file: 'launch.ts', from: "status.includes('ROLLBACK')", to: 'false' }, back)).toEqual({ here: ['SUCCESS', []], there: ['SUCCESS', [JOB_A]] });
  });

  test('trap 5: gives another run another name, and goes back to the name before, so that nothing is made again', async () => {
    const cloud = cloudWith(handler(), { status: 'Completed' });
    expect(await answer(cloud, jobEvent('Update', B, { PhysicalResourceId: JOB_A, OldResourceProperties: A }))).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: JOB_B });
    cloud.stackStatus = 'UPDATE_ROLLBACK_IN_PROGRESS';
    expect(await answer(cloud, jobEvent('Update', A, { PhysicalResourceId: JOB_B, OldResourceProperties: B }))).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: JOB_A });
    expect(cloud.jobs.launched).toEqual([JOB_B]);
  });

  test('trap 5: takes another name where an attempt of the same run has failed', async () => {
    const cloud = cloudWith(handler(), { status: 'Failed' });
    expect(await answer(cloud, jobEvent('Create', A))).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${JOB_A}-2` });
  });

  test('trap 5: does not make a job under the name of another\'s, nor stop that', async () => {
    const cloud = cloudWith(handler(), { status: 'InProgress', more: { tags: { 'cdk-sagemaker:stack': 'another', 'cdk-sagemaker:logical-id': 'Theirs' } } });
    expect(await answer(cloud, jobEvent('Create', A))).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('cdk-sagemaker:stack=another') });
    expect([cloud.jobs.launched, cloud.jobs.stopped]).toEqual([[], []]);
  });
});

describe('A job that was made elsewhere', () => {
  const adopted = async (tested: HandlerModule) => {
    const wanted = jobProperties('A', { Adopt: { Name: 'by-hand', Accept: [] } });
    const cloud = cloudWith(tested);
    const AlgorithmSpecification = { ...(A.Request as Tree).AlgorithmSpecification, MetricDefinitions: Array.from({ length: 39 }, (_, index) => ({ Name: `metric${index}`, Regex: '(.*)' })) };
    cloud.jobs.put('by-hand', {
      status: 'Completed', secondary: 'Completed', tags: {},
      request: { ...A.Request, AlgorithmSpecification, HyperParameters: { run: 'A', _tuning_objective_metric: 'loss' }, EnableNetworkIsolation: false, EnableManagedSpotTraining: false } as never,
    });
    return (await answer(cloud, jobEvent('Create', wanted))).Status;
  };

  test('trap 27: is the same run with all that the service has added to it', async () => {
    const mistake = { file: 'training-job-rules.ts', from: "addedByService: ['HyperParameters._tuning_objective_metric', 'AlgorithmSpecification.MetricDefinitions',", to: 'addedByService: [' };
    expect(await both(mistake, adopted)).toEqual({ here: 'SUCCESS', there: 'FAILED' });
  });

  test('trap 27: is none where the name of a run is asked for: what Describe says does not count in it', async () => {
    const cloud = cloudWith(handler(), { status: 'Completed', more: { request: { ...A.Request, ExperimentConfig: {}, EnableNetworkIsolation: false, ProfilerConfig: { DisableProfiler: true } } } });
    expect(await answer(cloud, jobEvent('Update', A, { PhysicalResourceId: JOB_A, OldResourceProperties: A }))).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: JOB_A });
    expect(cloud.jobs.launched).toEqual([]);
  });
});

describe('The result of a job', () => {
  const asked = async (tested: HandlerModule) => {
    const cloud = cloudWith(tested, { status: 'Completed', more: { request: { ...A.Request, OutputDataConfig: { S3OutputPath: 's3://elsewhere/by/service/' } } } });
    return (await answer(cloud, outcomeEvent('Create', JOB_A, {}, { Artifact: `s3://models/mnist${JOB_A}/output/model.tar.gz` }))).Data.ModelArtifacts;
  };

  test('trap 22: is where the service says it is, and not where it is thought to be', async () => {
    const mistake = { file: 'derived-data.ts', from: "String(known ?? (attribute === row.derived ? Artifact : undefined) ?? '')", to: "String((attribute === row.derived ? Artifact : undefined) ?? known ?? '')" };
    const { here, there } = await both(mistake, asked);
    expect(here).toBe(`s3://elsewhere/by/service//${JOB_A}/output/model.tar.gz`);
    expect(there).not.toBe(here);
  });
});

test('trap 9: a fault that lasts for an hour is said in time, before CloudFormation gives up by itself', async () => {
  const cloud = cloudWith(handler(), { status: 'InProgress', faults: { before: (operation) => (operation === 'DescribeTrainingJob' ? new ServiceFault('ThrottlingException', 'Rate exceeded') : undefined) } });
  const { Status, Reason, seconds } = await answer(cloud, outcomeEvent('Create', JOB_A));
  expect([Status, seconds < 3600]).toEqual(['FAILED', true]);
  expect(Reason).toContain('Rate exceeded');
});
