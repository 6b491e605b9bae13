import * as handler from '../../lib/handler/index';
import { JOB_KINDS } from '../../lib/handler/job-kinds';
import { fitting } from '../../lib/handler/prerequisites';
import { ALGORITHM_ARN, algorithmDescription, withoutDefault } from '../support/algorithm';
import { jobEvent, jobName, jobProperties, ourTags } from '../support/job-events';
import { ServiceFault } from '../support/job-records';
import { SimulatedCloud, type Tree } from '../support/simulated-cloud';

/** A job of an algorithm, as a template asks for it that did not know the algorithm. */
function algorithmJob(request: Tree = {}, more: Tree = {}) {
  return jobProperties('A', {
    Prerequisites: ['Algorithm'],
    ...more,
    Request: {
      AlgorithmSpecification: { AlgorithmName: ALGORITHM_ARN, TrainingInputMode: 'File' },
      HyperParameters: { lr: '1', mode: 'b' },
      ResourceConfig: { InstanceType: 'ml.c4.xlarge', InstanceCount: '1', VolumeSizeInGB: '30' },
      InputDataConfig: [{ ChannelName: 'training', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://b/t', S3DataDistributionType: 'FullyReplicated' } } }],
      ...request,
    },
  });
}

function cloudWith(description: Tree | undefined = algorithmDescription(), stackStatus = 'CREATE_IN_PROGRESS'): SimulatedCloud {
  const cloud = new SimulatedCloud(handler);
  cloud.stackStatus = stackStatus;
  if (description) { cloud.jobs.algorithms.set(ALGORITHM_ARN, description); }
  return cloud;
}

async function answerOf(cloud: SimulatedCloud, event: Tree) {
  cloud.deliver(event);
  await cloud.time.run();
  return cloud.answersTo(event)[0]?.parsed;
}

const lookedUp = (cloud: SimulatedCloud) => cloud.sent.filter((operation) => operation === 'DescribeAlgorithm').length;
const PRODUCT = algorithmDescription({}, { ProductId: 'prod-1' });

beforeAll(() => { jest.spyOn(console, 'error').mockImplementation(() => {}); });

describe('The algorithm that a job names', () => {
  test('is looked up once, before the job is launched', async () => {
    const cloud = cloudWith();
    const job = algorithmJob();
    expect(await answerOf(cloud, jobEvent('Create', job))).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: jobName(job) });
    expect(cloud.sent.filter((operation) => /^(DescribeAlgorithm|Create)/.test(operation))).toEqual(['DescribeAlgorithm', 'CreateTrainingJob']);
  });

  test('gives the job the defaults of its hyperparameters, and each value as its type is written', async () => {
    const cloud = cloudWith();
    const job = algorithmJob();
    await answerOf(cloud, jobEvent('Create', job));
    expect(cloud.jobs.records.get(jobName(job))!.request.HyperParameters).toEqual({ max_leaf_nodes: '100', lr: '1.0', mode: 'b' });
  });

  test('leaves hyperparameters out where there are none', async () => {
    const cloud = cloudWith(algorithmDescription({ SupportedHyperParameters: [] }));
    const job = algorithmJob({ HyperParameters: undefined });
    await answerOf(cloud, jobEvent('Create', job));
    expect(cloud.jobs.records.get(jobName(job))!.request).not.toHaveProperty('HyperParameters');
  });

  test('is not looked up for a job that exists, in a rollback, for a job made elsewhere, or when the job goes', async () => {
    const job = algorithmJob();
    const trained = { request: job.Request as Tree, status: 'Completed', tags: ourTags() };
    for (const [type, status] of [['Create', 'CREATE_IN_PROGRESS'], ['Update', 'UPDATE_ROLLBACK_IN_PROGRESS'], ['Delete', 'DELETE_IN_PROGRESS']] as const) {
      const cloud = cloudWith(withoutDefault(), status);
      cloud.jobs.put(jobName(job), trained);
      expect(await answerOf(cloud, jobEvent(type, job, type === 'Create' ? {} : { PhysicalResourceId: jobName(job), OldResourceProperties: job }))).toMatchObject({ Status: 'SUCCESS' });
      expect(lookedUp(cloud)).toBe(0);
    }
    const cloud = cloudWith(undefined);
    cloud.jobs.put('theirs', { request: job.Request as Tree, status: 'Completed' });
    expect(await answerOf(cloud, jobEvent('Create', algorithmJob({}, { Adopt: { Name: 'theirs' } })))).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'theirs' });
    expect(lookedUp(cloud)).toBe(0);
  });

  test('is not looked up where the template knew it, nor for an image', async () => {
    const known = cloudWith(undefined);
    expect(await answerOf(known, jobEvent('Create', algorithmJob({}, { Prerequisites: undefined })))).toMatchObject({ Status: 'SUCCESS' });
    const image = cloudWith(undefined);
    expect(await answerOf(image, jobEvent('Create', jobProperties('A', { Prerequisites: ['Algorithm'] })))).toMatchObject({ Status: 'SUCCESS' });
    expect([lookedUp(known), lookedUp(image)]).toEqual([0, 0]);
  });

  test('does not count as another run when it is looked up', () => {
    expect(jobName(algorithmJob())).toBe(jobName(algorithmJob({}, { Prerequisites: undefined })));
  });

  const channel = (ChannelName: string, more: Tree = {}) => ({ ChannelName, DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://b/t' } }, ...more });
  test.each<[string, Tree, Tree, string]>([
    ['another mode', { AlgorithmSpecification: { AlgorithmName: ALGORITHM_ARN, TrainingInputMode: 'Pipe' } }, algorithmDescription(), 'Request.AlgorithmSpecification.TrainingInputMode: must be File, which every channel of some-algorithm takes, got "Pipe"'],
    ['another instance', { ResourceConfig: { InstanceType: 'ml.p2.xlarge', InstanceCount: '1', VolumeSizeInGB: '1' } }, algorithmDescription(), 'Request.ResourceConfig.InstanceType: must be one of ml.c4.xlarge, ml.m4.xlarge'],
    ['several instances', { ResourceConfig: { InstanceType: 'ml.c4.xlarge', InstanceCount: '2', VolumeSizeInGB: '1' } }, algorithmDescription({ SupportsDistributedTraining: false }), 'Request.ResourceConfig.InstanceCount: must be 1, for some-algorithm does not train on several instances, got 2'],
    ['an unknown hyperparameter', { HyperParameters: { nope: '1' } }, algorithmDescription(), 'Request.HyperParameters: the name nope: must be one that some-algorithm has: max_leaf_nodes, lr, mode, free'],
    ['a value out of range', { HyperParameters: { max_leaf_nodes: '0' } }, algorithmDescription(), 'Request.HyperParameters.max_leaf_nodes: must be between 1 and 100000 for some-algorithm, got "0"'],
    ['a value of another type', { HyperParameters: { lr: 'fast' } }, algorithmDescription(), 'Request.HyperParameters.lr: must be a number'],
    ['another word', { HyperParameters: { mode: 'z' } }, algorithmDescription(), 'Request.HyperParameters.mode: must be one of a, b'],
    ['a required hyperparameter left out', {}, withoutDefault(), 'Request.HyperParameters.max_leaf_nodes: must be given, for some-algorithm requires it, got nothing'],
    ['an unknown channel', { InputDataConfig: [channel('training'), channel('test')] }, algorithmDescription(), 'Request.InputDataConfig[1].ChannelName: must be one of the channels of some-algorithm: training, validation, got "test"'],
    ['a required channel left out', { InputDataConfig: [channel('validation')] }, algorithmDescription(), 'Request.InputDataConfig: must have the channel training, which some-algorithm requires'],
    ['data of another type', { InputDataConfig: [channel('training', { ContentType: 'image/png' })] }, algorithmDescription(), 'Request.InputDataConfig[0].ContentType: must be one of text/csv'],
    ['a product with a network', {}, PRODUCT, 'Request.EnableNetworkIsolation: must be true, for some-algorithm is a product of AWS Marketplace, which runs without a network only (prop networkIsolation: true)'],
  ])('refuses %s at once, and nothing is launched', async (_what, request, description, reason) => {
    const cloud = cloudWith(description);
    expect(await answerOf(cloud, jobEvent('Create', algorithmJob(request)))).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(reason) });
    expect([cloud.jobs.launched, lookedUp(cloud)]).toEqual([[], 1]);
  });

  test('is taken as a product without a network', async () => {
    const cloud = cloudWith(PRODUCT);
    expect(await answerOf(cloud, jobEvent('Create', algorithmJob({ EnableNetworkIsolation: 'true' })))).toMatchObject({ Status: 'SUCCESS' });
  });

  test('must exist, where nothing is launched otherwise', async () => {
    const cloud = cloudWith();
    cloud.jobs.algorithms.clear();
    expect(await answerOf(cloud, jobEvent('Create', algorithmJob()))).toMatchObject({
      Status: 'FAILED', Reason: expect.stringContaining(`algorithm ${ALGORITHM_ARN} can't be looked up, and nothing was launched: ValidationException: DescribeAlgorithm: Algorithm ${ALGORITHM_ARN} does not exist.`),
    });
    expect(cloud.jobs.launched).toEqual([]);
  });

  const denied = new ServiceFault('AccessDeniedException', `User: arn:aws:sts::1:assumed-role/handler is not authorized to perform: sagemaker:DescribeAlgorithm on resource: ${ALGORITHM_ARN}`);
  const failing = (cloud: SimulatedCloud, times: number, fault: Error) => {
    let count = 0;
    cloud.faults = { before: (operation) => (operation === 'DescribeAlgorithm' && count++ < times ? fault : undefined) };
    return cloud;
  };

  test('is asked for again while the service is busy, or the policy that allows it is new', async () => {
    for (const fault of [new ServiceFault('ThrottlingException', 'Rate exceeded'), new ServiceFault('InternalFailure', 'x', 500), denied]) {
      const cloud = failing(cloudWith(), 3, fault);
      expect(await answerOf(cloud, jobEvent('Create', algorithmJob()))).toMatchObject({ Status: 'SUCCESS' });
      expect([lookedUp(cloud), cloud.jobs.launched.length]).toEqual([4, 1]);
    }
  });

  test('is not waited for where the policy lastingly denies it', async () => {
    const cloud = failing(cloudWith(), Infinity, denied);
    expect(await answerOf(cloud, jobEvent('Create', algorithmJob()))).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('not authorized to perform: sagemaker:DescribeAlgorithm') });
    expect(cloud.jobs.launched).toEqual([]);
  });

  test('is asked for at SageMaker in the Region, by a signed call', async () => {
    const calls: Tree[] = [];
    process.env.AWS_REGION = 'eu-west-1';
    const world = handler.realWorld(async (call) => {
      calls.push(call);
      return { status: 200, body: '{"AlgorithmName":"trees"}' };
    });
    expect(await world.lookUp('DescribeAlgorithm', { AlgorithmName: 'trees' })).toEqual({ AlgorithmName: 'trees' });
    expect(calls).toEqual([expect.objectContaining({
      method: 'POST', url: 'https://api.sagemaker.eu-west-1.amazonaws.com/', body: '{"AlgorithmName":"trees"}',
      headers: expect.objectContaining({ 'x-amz-target': 'SageMaker.DescribeAlgorithm', 'content-type': 'application/x-amz-json-1.1', 'authorization': expect.stringContaining('/eu-west-1/sagemaker/aws4_request') }),
    })]);
  });

  test('is of a kind that this handler knows', async () => {
    expect(await answerOf(cloudWith(), jobEvent('Create', algorithmJob({}, { Prerequisites: ['Horoscope'] })))).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('Prerequisites: must be of Algorithm, got Horoscope') });
  });
});

describe('The algorithms that the definitions of a tuning job name', () => {
  const definition = (DefinitionName: string, AlgorithmName: string, more: Tree = {}): Tree => ({
    DefinitionName,
    AlgorithmSpecification: { AlgorithmName, TrainingInputMode: 'File' },
    HyperParameterTuningResourceConfig: { InstanceType: 'ml.c4.xlarge', InstanceCount: 1, VolumeSizeInGB: 30 },
    InputDataConfig: [{ ChannelName: 'training', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://b/t' } } }],
    HyperParameterRanges: { ContinuousParameterRanges: [{ Name: 'lr', MinValue: '0', MaxValue: '1' }] },
    ...more,
  });
  const lookUps: Tree[] = [];
  const fitted = (...definitions: Tree[]) => {
    const world = { lookUp: async (_operation: string, input: Tree) => { lookUps.push(input); return algorithmDescription(); } };
    const run = { row: JOB_KINDS.HyperParameterTuningJob, properties: { Prerequisites: ['Algorithm'] } };
    return fitting({ world } as never, run as never, { HyperParameterTuningJobConfig: {}, TrainingJobDefinitions: definitions });
  };
  beforeEach(() => { lookUps.length = 0; });

  test('are each looked up once, and give their defaults to each definition of theirs', async () => {
    const request = await fitted(definition('a', 'one'), definition('b', 'two'), definition('c', 'one'));
    expect(lookUps).toEqual([{ AlgorithmName: 'one' }, { AlgorithmName: 'two' }]);
    expect((request.TrainingJobDefinitions as Tree[]).map(({ StaticHyperParameters }) => StaticHyperParameters)).toEqual(Array(3).fill(expect.objectContaining({ mode: 'a' })));
  });

  test('refuse what they do not take, by its place in the request', async () => {
    await expect(fitted(definition('a', 'one'), definition('b', 'two', { StaticHyperParameters: { nope: '1' } })))
      .rejects.toThrow('Request.TrainingJobDefinitions[1].StaticHyperParameters: the name nope: must be one that');
  });
});

