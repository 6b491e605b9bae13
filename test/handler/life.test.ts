import * as handler from '../../lib/handler/index';
import { jobEvent, jobName, jobProperties, ourTags, outcomeEvent } from '../support/job-events';
import { SimulatedCloud } from '../support/simulated-cloud';
import { ServiceFault } from '../support/job-records';

const A = jobProperties('A');
const B = jobProperties('B');
const [jobA, jobB] = [jobName(A), jobName(B)];

/** A cloud in which job(A) was trained by this resource before. */
function cloudWith(records: { [name: string]: { status: string; secondary?: string; tags?: { [key: string]: string } } } = {}, stackStatus = 'UPDATE_IN_PROGRESS') {
  const cloud = new SimulatedCloud(handler);
  cloud.stackStatus = stackStatus;
  for (const [name, { status, secondary, tags }] of Object.entries(records)) {
    cloud.jobs.put(name, { request: A.Request as never, status, secondary: secondary ?? status, tags: tags ?? ourTags() });
  }
  return cloud;
}

async function answerOf(cloud: SimulatedCloud, event: ReturnType<typeof jobEvent>, until?: number) {
  cloud.deliver(event);
  await cloud.time.run(until);
  return cloud.answersTo(event)[0]?.parsed;
}

beforeAll(() => { for (const level of ['error', 'warn'] as const) { jest.spyOn(console, level).mockImplementation(() => {}); } });

describe('A job resource', () => {
  test('launches a job for a new run and answers with its name', async () => {
    const cloud = cloudWith({}, 'CREATE_IN_PROGRESS');
    expect(await answerOf(cloud, jobEvent('Create', A))).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: jobA, Data: { JobArn: expect.stringContaining(jobA) } });
    expect(cloud.jobs.launched).toEqual([jobA]);
  });

  test('sends numbers as numbers, and the tags that name its owner', async () => {
    const cloud = cloudWith();
    const event = jobEvent('Create', A);
    await answerOf(cloud, event);
    const { request, tags } = cloud.jobs.records.get(jobA)!;
    expect(request.ResourceConfig).toEqual({ InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 30 });
    expect(tags).toEqual(ourTags(event.RequestId));
  });

  test('fills in the name of the job where the template left it open, and nowhere else', async () => {
    const open = jobProperties('A', { Request: { HyperParameters: { model_dir: '"s3://b/{JobName}/model"', note: '{JobName}' } }, JobNameIn: ['HyperParameters.model_dir', 'HyperParameters.absent'] });
    const name = jobName(open);
    const cloud = cloudWith({ [name]: { status: 'Failed' } });
    await answerOf(cloud, jobEvent('Create', open));
    expect(cloud.jobs.records.get(`${name}-2`)!.request.HyperParameters).toEqual({ model_dir: `"s3://b/${name}-2/model"`, note: '{JobName}' });
  });

  test('fills in the name of the job in the rule that is to stop it', async () => {
    const rule = (name: string) => ({ RuleConfigurationName: name, RuleEvaluatorImage: 'rules:latest', RuleParameters: { action_json: '{JobName}' } });
    const open = jobProperties('A', { Request: { DebugRuleConfigurations: [rule('a'), rule('b')] }, JobNameIn: ['DebugRuleConfigurations.1.RuleParameters.action_json'] });
    const cloud = cloudWith({});
    await answerOf(cloud, jobEvent('Create', open));
    const rules: any[] = cloud.jobs.records.get(jobName(open))!.request.DebugRuleConfigurations;
    expect(rules.map(({ RuleParameters }) => RuleParameters.action_json)).toEqual(['{JobName}', jobName(open)]);
  });

  test.each([
    ['a member beyond its limit', { StoppingCondition: { MaxRuntimeInSeconds: '2419201' } }, 'Request.StoppingCondition.MaxRuntimeInSeconds: must be between 1 second and 28 days'],
    ['members that do not go together', { EnableManagedSpotTraining: 'true' }, 'Request.StoppingCondition.MaxWaitTimeInSeconds: must be given for spot capacity'],
    ['a name beyond its limit', { Environment: { 'a b': 'c' } }, 'Request.Environment: the name a b: must be of 1 to 512 letters'],
  ])('refuses %s at once, and launches nothing', async (_what, members, reason) => {
    const cloud = cloudWith({}, 'CREATE_IN_PROGRESS');
    const bad = jobProperties('A', { Request: members });
    expect(await answerOf(cloud, jobEvent('Create', bad))).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(reason) });
    expect(cloud.jobs.launched).toEqual([]);
  });

  test('judges no job that exists by limits that came later, nor a rollback to it', async () => {
    const bad = jobProperties('A', { Request: { Environment: { 'a b': 'c' } } });
    for (const status of ['UPDATE_IN_PROGRESS', 'UPDATE_ROLLBACK_IN_PROGRESS']) {
      const cloud = cloudWith({ [jobName(bad)]: { status: 'Completed' } }, status);
      expect(await answerOf(cloud, jobEvent('Update', bad, { PhysicalResourceId: jobB, OldResourceProperties: B }))).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: jobName(bad) });
    }
    const cloud = cloudWith({ [jobName(bad)]: { status: 'InProgress' } });
    expect(await answerOf(cloud, jobEvent('Delete', bad, { PhysicalResourceId: jobName(bad) }))).toMatchObject({ Status: 'SUCCESS' });
  });

  test('adopts a run that is trained already', async () => {
    const cloud = cloudWith({ [jobB]: { status: 'Completed' } });
    expect(await answerOf(cloud, jobEvent('Update', B, { PhysicalResourceId: jobA, OldResourceProperties: A }))).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: jobB });
    expect(cloud.jobs.launched).toEqual([]);
  });

  test('launches the next attempt when the newest one failed', async () => {
    const cloud = cloudWith({ [jobB]: { status: 'Failed' }, [`${jobB}-2`]: { status: 'Stopped' } });
    expect(await answerOf(cloud, jobEvent('Create', B))).toMatchObject({ PhysicalResourceId: `${jobB}-3` });
  });

  test('knows its newest attempt by the name that CloudFormation has, when the records of the others were deleted', async () => {
    const good = { [`${jobA}-3`]: { status: 'Completed' } };
    const tagged = jobProperties('A', { Request: { Tags: [{ Key: 'team', Value: 'speech' }] } });
    for (const stackStatus of ['UPDATE_IN_PROGRESS', 'UPDATE_ROLLBACK_IN_PROGRESS']) {
      const cloud = cloudWith(good, stackStatus);
      expect(await answerOf(cloud, jobEvent('Update', tagged, { PhysicalResourceId: `${jobA}-3`, OldResourceProperties: A }))).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${jobA}-3` });
      expect(cloud.jobs.launched).toEqual([]);
    }
    const cloud = cloudWith({ [`${jobA}-3`]: { status: 'Failed' } });
    expect(await answerOf(cloud, jobEvent('Update', tagged, { PhysicalResourceId: `${jobA}-3`, OldResourceProperties: A }))).toMatchObject({ PhysicalResourceId: `${jobA}-4` });
  });

  test('keeps the name of its attempt in a rollback when every record is gone', async () => {
    const cloud = cloudWith({}, 'UPDATE_ROLLBACK_IN_PROGRESS');
    expect(await answerOf(cloud, jobEvent('Update', A, { PhysicalResourceId: `${jobA}-2`, OldResourceProperties: A }))).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${jobA}-2` });
    expect(await answerOf(cloud, jobEvent('Update', A, { PhysicalResourceId: `${jobB}-2`, OldResourceProperties: B }))).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: jobA });
  });

  test('waits for a job that is stopping and launches the next attempt then', async () => {
    const cloud = cloudWith({ [jobB]: { status: 'InProgress' } });
    cloud.jobs.call('StopTrainingJob', { TrainingJobName: jobB });
    expect(await answerOf(cloud, jobEvent('Create', B))).toMatchObject({ PhysicalResourceId: `${jobB}-2` });
  });

  test('is as good as trained when its time limit ended it, that is accepted, and the limit is the same', async () => {
    const ended = { [jobA]: { status: 'Stopped', secondary: 'MaxRuntimeExceeded' } };
    const accepting = { ...A, AcceptTimeLimit: 'true' };
    expect(await answerOf(cloudWith(ended), jobEvent('Create', accepting))).toMatchObject({ PhysicalResourceId: jobA });
    const longer = { ...accepting, Request: { ...A.Request, StoppingCondition: { MaxRuntimeInSeconds: '7200' } } };
    expect(await answerOf(cloudWith(ended), jobEvent('Create', longer))).toMatchObject({ PhysicalResourceId: `${jobA}-2` });
    expect(await answerOf(cloudWith(ended), jobEvent('Create', A))).toMatchObject({ PhysicalResourceId: `${jobA}-2` });
  });

  test('brings tags up to date in place, and leaves those that others set', async () => {
    const cloud = cloudWith({ [jobA]: { status: 'Completed', tags: { ...ourTags(), team: 'vision', old: '1', theirs: 'x' } } });
    const tagged = (Tags: object[]) => jobProperties('A', { Request: { Tags } });
    await answerOf(cloud, jobEvent('Update', tagged([{ Key: 'team', Value: 'speech' }]), { PhysicalResourceId: jobA, OldResourceProperties: tagged([{ Key: 'old', Value: '1' }]) }));
    expect(cloud.jobs.records.get(jobA)!.tags).toEqual({ ...ourTags(), team: 'speech', theirs: 'x' });
    expect(cloud.jobs.launched).toEqual([]);
  });

  test('rejects a name that a stranger has taken, and stops nothing', async () => {
    const cloud = cloudWith({ [jobA]: { status: 'InProgress', tags: { 'cdk-sagemaker:stack': 'another', 'cdk-sagemaker:logical-id': 'Other' } } });
    const answer = await answerOf(cloud, jobEvent('Create', A));
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('cdk-sagemaker:stack=another') });
    await answerOf(cloud, jobEvent('Delete', A, { PhysicalResourceId: answer!.PhysicalResourceId }));
    expect(cloud.jobs.stopped).toEqual([]);
  });

  test.each([
    ['an unknown member', { Nonsense: '1' }, 'Request.Nonsense'.replace('Request.', '')],
    ['a number that is none', { ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 'two' } }, 'ResourceConfig.InstanceCount: must be a number, got "two"'],
    ['a missing member', { OutputDataConfig: {} }, 'OutputDataConfig.S3OutputPath: must be given'],
    ['a name of its own', { TrainingJobName: 'mine' }, 'TrainingJobName: is made by the handler'],
  ])('rejects %s at once, with the path of the member', async (_what, Request, reason) => {
    const cloud = cloudWith();
    expect(await answerOf(cloud, jobEvent('Create', jobProperties('A', { Request })))).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(reason) });
    expect(cloud.jobs.launched).toEqual([]);
  });

  test('asks again for three minutes while its role is not ready, then says so', async () => {
    const cloud = cloudWith();
    const begin = cloud.time.now();
    cloud.faults = { before: (operation) => (operation === 'CreateTrainingJob' ? new ServiceFault('ValidationException', 'Could not assume role arn:x') : undefined) };
    const event = jobEvent('Create', A);
    expect(await answerOf(cloud, event)).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('3 minutes') });
    expect(cloud.answersTo(event)[0]!.at - begin).toBeGreaterThanOrEqual(180_000);
    expect(cloud.answersTo(event)[0]!.at - begin).toBeLessThan(240_000);
  });

  test('keeps the old id when an update fails', async () => {
    const cloud = cloudWith({ [jobA]: { status: 'Completed' } });
    cloud.faults = { before: (operation) => (operation === 'CreateTrainingJob' ? new ServiceFault('ResourceLimitExceeded', 'the limit is 0 instances') : undefined) };
    expect(await answerOf(cloud, jobEvent('Update', B, { PhysicalResourceId: jobA, OldResourceProperties: A }))).toMatchObject({ Status: 'FAILED', PhysicalResourceId: jobA });
  });

  test('adopts a job made elsewhere when its request matches but for what is accepted, and never stops it', async () => {
    const cloud = cloudWith();
    cloud.jobs.put('by-hand', { request: { ...A.Request, ResourceConfig: { InstanceType: 'ml.m5.4xlarge', InstanceCount: 1, VolumeSizeInGB: 30 } } });
    const adopting = (accept: string[]) => ({ ...A, Adopt: { Name: 'by-hand', Accept: accept } });
    expect(await answerOf(cloud, jobEvent('Create', adopting([])))).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('ResourceConfig') });
    expect(await answerOf(cloud, jobEvent('Create', adopting(['ResourceConfig'])))).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'by-hand' });
    await answerOf(cloud, jobEvent('Delete', adopting(['ResourceConfig']), { PhysicalResourceId: 'by-hand' }));
    expect(cloud.jobs.stopped).toEqual([]);
    expect(cloud.jobs.running()).toEqual(['by-hand']);
  });

  describe('adopts a job', () => {
    const CHANNEL = { ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://b/x' } } };
    const METRIC = (Name: string) => ({ Name, Regex: `${Name}=(.*)` });
    const SPEC = A.Request.AlgorithmSpecification as object;
    const adopted = async (found: object, wanted: object, accept: string[] = []) => {
      const cloud = cloudWith();
      cloud.jobs.put('by-hand', { status: 'Completed', request: { ...A.Request, ...found } as never });
      return answerOf(cloud, jobEvent('Create', { ...jobProperties('A', { Request: wanted }), Adopt: { Name: 'by-hand', Accept: accept } }));
    };

    test.each<[string, object, object, string]>([
      ['another hyperparameter', { HyperParameters: { run: 'A', l2: '5' } }, {}, 'HyperParameters'],
      ['channels where none are asked for', { InputDataConfig: [CHANNEL] }, {}, 'InputDataConfig'],
      ['another channel', { InputDataConfig: [{ ...CHANNEL, ChannelName: 'test' }, CHANNEL] }, { InputDataConfig: [CHANNEL] }, 'InputDataConfig'],
      ['another member of a channel', { InputDataConfig: [{ ...CHANNEL, ContentType: 'text/csv' }] }, { InputDataConfig: [CHANNEL] }, 'InputDataConfig'],
      ['a network', { VpcConfig: { Subnets: ['s'], SecurityGroupIds: ['g'] } }, {}, 'VpcConfig'],
      ['isolation', { EnableNetworkIsolation: true }, {}, 'EnableNetworkIsolation'],
      ['an environment', { Environment: { MODE: 'full' } }, {}, 'Environment'],
    ])('not when it has %s', async (_what, found, wanted, member) => {
      expect(await adopted(found, wanted)).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(`by-hand is another run: ${member} \\(asked for (nothing|[{[].*), it has `) });
      expect(await adopted(found, wanted, [member])).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'by-hand' });
    });

    test.each<[string, object, object]>([
      ['its defaults', { EnableNetworkIsolation: false, EnableManagedSpotTraining: false, OutputDataConfig: { S3OutputPath: 's3://models/mnist', KmsKeyId: '', CompressionType: 'GZIP' } }, {}],
      ['the defaults of a channel', { InputDataConfig: [{ ...CHANNEL, CompressionType: 'None', RecordWrapperType: 'None', InputMode: 'File' }] }, { InputDataConfig: [CHANNEL] }],
      ['the metric that tuning goes by', { HyperParameters: { run: 'A', _tuning_objective_metric: 'loss' } }, {}],
      ['metrics of its own', { AlgorithmSpecification: { ...SPEC, MetricDefinitions: [METRIC('a'), METRIC('b')] } }, { AlgorithmSpecification: { ...SPEC, MetricDefinitions: [METRIC('b')] } }],
      ['what only a description has', { SecondaryStatusTransitions: [{ Status: 'Starting' }], TrainingTimeInSeconds: 5 }, {}],
      ['checks and tags that are off', { InfraCheckConfig: { EnableInfraCheck: false }, SessionChainingConfig: { EnableSessionTagChaining: false } }, {}],
      ['an empty map', { Environment: {}, DebugHookConfig: { S3OutputPath: 's3://b/d', CollectionConfigurations: [] } }, { DebugHookConfig: { S3OutputPath: 's3://b/d' } }],
    ])('to which the service adds %s', async (_what, found, wanted) => {
      expect(await adopted(found, wanted)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'by-hand' });
    });

    test('not when a metric is read otherwise', async () => {
      const wanted = { AlgorithmSpecification: { ...SPEC, MetricDefinitions: [METRIC('a')] } };
      expect(await adopted({ AlgorithmSpecification: { ...SPEC, MetricDefinitions: [{ Name: 'a', Regex: 'other' }] } }, wanted)).toMatchObject({ Status: 'FAILED' });
      expect(await adopted({}, wanted)).toMatchObject({ Status: 'FAILED' });
    });

    test('but for one hyperparameter that may differ', async () => {
      expect(await adopted({ HyperParameters: { run: 'C' } }, {}, ['HyperParameters.run'])).toMatchObject({ Status: 'SUCCESS' });
    });
  });

  test('answers a delete when the job has stopped, not before', async () => {
    const cloud = cloudWith({ [jobA]: { status: 'InProgress' } }, 'DELETE_IN_PROGRESS');
    const begin = cloud.time.now();
    const event = jobEvent('Delete', A, { PhysicalResourceId: jobA });
    expect(await answerOf(cloud, event)).toMatchObject({ Status: 'SUCCESS' });
    expect(cloud.answersTo(event)[0]!.at - begin).toBeGreaterThanOrEqual(100_000);
  });

  test('deletes the record only when asked to', async () => {
    const cloud = cloudWith({ [jobA]: { status: 'Completed' }, [jobB]: { status: 'Completed' } });
    await answerOf(cloud, jobEvent('Delete', A, { PhysicalResourceId: jobA }));
    await answerOf(cloud, jobEvent('Delete', { ...B, RemovalPolicy: 'Delete' }, { PhysicalResourceId: jobB }));
    expect([...cloud.jobs.records.keys()]).toEqual([jobA]);
  });

  describe('with a warm pool', () => {
    const pooled = () => {
      const cloud = cloudWith({ [jobA]: { status: 'Completed' } }, 'DELETE_IN_PROGRESS');
      Object.assign(cloud.jobs.records.get(jobA)!, { warmPool: 'Available', request: { ...A.Request, ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 30, KeepAlivePeriodInSeconds: 21_600 } } });
      return cloud;
    };
    const deleting = (RemovalPolicy?: 'Delete') => jobEvent('Delete', { ...A, RemovalPolicy }, { PhysicalResourceId: jobA });
    const failing = (cloud: SimulatedCloud, wanted: string, fault: ServiceFault) => { cloud.faults = { before: (operation) => (operation === wanted ? fault : undefined) }; };

    test('deletes the record when the pool has been given back, not before', async () => {
      const cloud = pooled();
      expect(await answerOf(cloud, deleting('Delete'))).toMatchObject({ Status: 'SUCCESS' });
      expect(cloud.jobs.records.size).toBe(0);
    });

    test('goes when the pool can not be given back', async () => {
      const cloud = pooled();
      failing(cloud, 'UpdateTrainingJob', new ServiceFault('ValidationException', 'The warm pool is not Available'));
      expect(await answerOf(cloud, deleting())).toMatchObject({ Status: 'SUCCESS' });
    });

    test('gives the pool back when the service answers again', async () => {
      const cloud = pooled();
      let faults = 3;
      cloud.faults = { before: (operation) => (operation === 'UpdateTrainingJob' && faults-- > 0 ? new ServiceFault('ThrottlingException', 'Rate exceeded') : undefined) };
      expect(await answerOf(cloud, deleting())).toMatchObject({ Status: 'SUCCESS' });
      expect(cloud.jobs.records.get(jobA)!.releasedAt).toBeDefined();
    });

    test.each([
      ['the pool stays', 'UpdateTrainingJob', new ServiceFault('ValidationException', 'The warm pool is not Available')],
      ['the service says it is in use', 'DeleteTrainingJob', new ServiceFault('ResourceInUse', 'The training job is in use')],
    ])('leaves the record rather than the stack behind when %s', async (_what, operation, fault) => {
      const cloud = pooled();
      const begin = cloud.time.now();
      failing(cloud, operation, fault);
      const event = deleting('Delete');
      expect(await answerOf(cloud, event)).toMatchObject({ Status: 'SUCCESS' });
      expect(cloud.answersTo(event)[0]!.at - begin).toBeLessThan(57 * 60_000);
      expect([...cloud.jobs.records.keys()]).toEqual([jobA]);
    });

    test('fails the delete when the record may not be deleted', async () => {
      const cloud = pooled();
      failing(cloud, 'DeleteTrainingJob', new ServiceFault('AccessDeniedException', 'not allowed'));
      expect(await answerOf(cloud, deleting('Delete'))).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('not allowed') });
    });
  });

  test('takes an update in place for done when the job ends meanwhile', async () => {
    const cloud = cloudWith({ [jobA]: { status: 'InProgress', secondary: 'Training' } });
    cloud.faults = { before: (operation) => { if (operation === 'UpdateTrainingJob') { cloud.jobs.end(jobA, 'Completed'); } return undefined; } };
    const profiled = jobProperties('A', { Request: { ProfilerConfig: { S3OutputPath: 's3://models/profile' } } });
    expect(await answerOf(cloud, jobEvent('Update', profiled, { PhysicalResourceId: jobA, OldResourceProperties: A }))).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: jobA });
  });

  test('refuses an update in place that the service refuses for another reason', async () => {
    const cloud = cloudWith({ [jobA]: { status: 'InProgress', secondary: 'Training' } });
    cloud.faults = { before: (operation) => (operation === 'UpdateTrainingJob' ? new ServiceFault('ValidationException', 'Invalid S3 URI') : undefined) };
    const profiled = jobProperties('A', { Request: { ProfilerConfig: { S3OutputPath: 's3://models/profile' } } });
    expect(await answerOf(cloud, jobEvent('Update', profiled, { PhysicalResourceId: jobA, OldResourceProperties: A }))).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('Invalid S3 URI') });
  });

  describe('whose name is taken by a record that Describe does not show', () => {
    const taken = (names: string[]) => {
      const cloud = cloudWith({}, 'CREATE_IN_PROGRESS');
      const create = cloud.jobs.call.bind(cloud.jobs);
      cloud.jobs.call = (operation, input) => {
        if (operation === 'CreateTrainingJob' && names.includes(input.TrainingJobName)) { throw new ServiceFault('ResourceInUse', 'Training job names must be unique within an AWS account and region, and a training job with this name already exists'); }
        return create(operation, input);
      };
      return cloud;
    };

    test('goes on to the next attempt after a minute', async () => {
      const cloud = taken([jobA]);
      const event = jobEvent('Create', A);
      const begin = cloud.time.now();
      expect(await answerOf(cloud, event)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: `${jobA}-2` });
      expect(cloud.answersTo(event)[0]!.at - begin).toBeLessThan(90_000);
    });

    test('fails with the cause when the next one is taken too', async () => {
      const cloud = taken([jobA, `${jobA}-2`]);
      const event = jobEvent('Create', A);
      const begin = cloud.time.now();
      expect(await answerOf(cloud, event)).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/-2 is taken.*already exists/) });
      expect(cloud.answersTo(event)[0]!.at - begin).toBeLessThan(240_000);
    });
  });

  test('goes back to the attempt that was good when a later one of the same run failed', async () => {
    const cloud = cloudWith({ [jobA]: { status: 'Stopped', secondary: 'MaxRuntimeExceeded' }, [`${jobA}-2`]: { status: 'Failed' } }, 'UPDATE_ROLLBACK_IN_PROGRESS');
    const accepting = { ...A, AcceptTimeLimit: 'true' };
    expect(await answerOf(cloud, jobEvent('Update', accepting, { PhysicalResourceId: `${jobA}-2`, OldResourceProperties: A }))).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: jobA });
  });
});

describe('An outcome', () => {
  test('says why a job failed, where its log is, and how to go on', async () => {
    const cloud = cloudWith({ [jobA]: { status: 'Failed' } });
    cloud.jobs.end(jobA, 'Failed', 'Failed', 'AlgorithmError: no such file train.csv');
    const { Reason } = (await answerOf(cloud, outcomeEvent('Create', jobA)))!;
    for (const words of ['AlgorithmError: no such file train.csv', '/aws/sagemaker/TrainingJobs', `${jobA}/*`, 'https://eu-west-1.console.aws.amazon.com/sagemaker', '`revision`']) {
      expect(Reason).toContain(words);
    }
  });

  test('leaves out the page of the console for a job of the local AWS', async () => {
    process.env.CDK_SAGEMAKER_LOCAL = '1';
    try {
      const { Reason } = (await answerOf(cloudWith({ [jobA]: { status: 'Failed' } }), outcomeEvent('Create', jobA)))!;
      expect(Reason).toContain(`${jobA}/*\nTo go on`);
    } finally {
      delete process.env.CDK_SAGEMAKER_LOCAL;
    }
  });

  test('fails for a job that its time limit ended, unless that is accepted', async () => {
    const ended = { [jobA]: { status: 'Stopped', secondary: 'MaxRuntimeExceeded' } };
    expect(await answerOf(cloudWith(ended), outcomeEvent('Create', jobA))).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('time limit') });
    expect(await answerOf(cloudWith(ended), outcomeEvent('Create', jobA, {}, { AcceptTimeLimit: 'true' }))).toMatchObject({ Status: 'SUCCESS' });
  });

  test('stops a job that has not ended in time, and fails when it has stopped', async () => {
    const cloud = cloudWith({ [jobA]: { status: 'InProgress' } });
    const answer = await answerOf(cloud, outcomeEvent('Create', jobA, {}, { Seconds: '600', Within: '600' }));
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('within 10 minutes') });
    expect(cloud.jobs.stopped).toEqual([jobA]);
  });

  test('waits no longer than CloudFormation does, whatever its properties say', async () => {
    for (const Seconds of ['7200', 'unknown']) {
      const cloud = cloudWith({ [jobA]: { status: 'InProgress' } });
      const begin = cloud.time.now();
      const event = outcomeEvent('Create', jobA, {}, { Seconds, Within: '7200' });
      expect(await answerOf(cloud, event)).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('has been stopped') });
      expect(cloud.answersTo(event)[0]!.at - begin).toBeLessThan(3_600_000);
      expect(cloud.jobs.stopped).toEqual([jobA]);
    }
  });

  test('carries the final value of a metric, and names one that was never reported', async () => {
    const cloud = cloudWith({ [jobA]: { status: 'Completed' } });
    cloud.jobs.records.get(jobA)!.metrics.push({ MetricName: 'validation:accuracy', Value: 0.97, Timestamp: 0 });
    const asking = (metric: string) => outcomeEvent('Create', jobA, {}, { Metrics: { 'Metric.accuracy': metric } });
    expect((await answerOf(cloud, asking('validation:accuracy')))!.Data).toMatchObject({ 'Metric.accuracy': '0.97' });
    expect((await answerOf(cloud, asking('validation:loss')))).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/'validation:loss'.*reported validation:accuracy/) });
  });

  test('tells of a job made elsewhere what a policy and a model must name', async () => {
    const cloud = cloudWith({ 'old-job': { status: 'Completed', tags: {} } });
    const Attributes = ['ModelArtifacts', 'ArtifactBucket', 'ArtifactKey', 'TrainingImage', 'ImageRepository'];
    const { Data } = await answerOf(cloud, outcomeEvent('Create', 'old-job', {}, { Attributes, Artifact: undefined })) as { Data: { [attribute: string]: string } };
    expect(`s3://${Data.ArtifactBucket}/${Data.ArtifactKey}`).toBe(Data.ModelArtifacts);
    expect(Data).toMatchObject({
      ArtifactKey: expect.stringMatching(/old-job\/output\/model\.tar\.gz$/), TrainingImage: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/mnist:1.0', ImageRepository: 'eu-west-1:123456789012:repository/mnist',
    });
  });

  test('names the attribute that does not fit into an answer', async () => {
    const cloud = cloudWith({ [jobA]: { status: 'Completed' } });
    const answer = await answerOf(cloud, outcomeEvent('Create', jobA, {}, { Attributes: ['ModelArtifacts'], Artifact: 'x', JobName: jobA }));
    expect(answer).toMatchObject({ Status: 'SUCCESS' });
    (cloud.jobs.records.get(jobA)!.request as any).OutputDataConfig = { S3OutputPath: `s3://${'long'.repeat(1200)}` };
    expect(await answerOf(cloud, outcomeEvent('Create', jobA))).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('the largest is ModelArtifacts') });
  });

  test('asks for a job no more often than every 30 seconds', async () => {
    const cloud = cloudWith({ [jobA]: { status: 'InProgress' } });
    cloud.deliver(outcomeEvent('Create', jobA));
    await cloud.time.run(cloud.time.now() + 3_000_000);
    expect(cloud.sent.filter((operation) => operation === 'DescribeTrainingJob').length).toBeLessThanOrEqual(101);
  });

  test('keeps a long reason within 4,096 bytes, with its beginning and its end', async () => {
    const cloud = cloudWith({ [jobA]: { status: 'Failed' } });
    cloud.jobs.end(jobA, 'Failed', 'Failed', `AlgorithmError: ${'\u4e2d"\\'.repeat(1500)}`);
    const event = outcomeEvent('Create', jobA);
    await answerOf(cloud, event);
    const { body, parsed } = cloud.answersTo(event)[0]!;
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(4096);
    expect(parsed.Reason).toMatch(/^training job .*AlgorithmError[\s\S]*`revision`\.$/);
  });
});
