import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assemblySide } from '../../lib/plan/assembly-side';
import { AppValues } from '../../lib/plan/app-values';
import { localSide } from '../../lib/plan/local-side';
import type { JobPlan } from '../../lib/plan/plan';
import { planOf } from '../../lib/plan/plan-of';
import type { StackSide } from '../../lib/plan/stack-side';
import { assembly, job, nameOf, REQUEST, side, type PaperJob } from './paper-side';

type Resources = { readonly [logicalId: string]: object };
const OLD = job();
const NAME = nameOf(OLD);

async function jobsOf(wanted: Resources, on: StackSide | undefined, more: object = {}): Promise<JobPlan[]> {
  return [...(await planOf(assembly(wanted, more), on)).jobs];
}

/** What becomes of a job that is deployed as `old`. */
async function verdictOf(wanted: object, old: object = OLD, jobs: { readonly [name: string]: PaperJob } = { [NAME]: {} }, physicalId = NAME): Promise<JobPlan> {
  return (await jobsOf({ Train: wanted }, side({ Train: old }, { Train: physicalId }, jobs)))[0] as JobPlan;
}

describe('Of a job, a plan says that', () => {
  test('it launches in a stack that is not there, under a name that nobody knows yet', async () => {
    expect(await jobsOf({ Train: OLD }, undefined)).toEqual([expect.objectContaining({ path: 'Digits/Train', kind: 'TrainingJob', verdict: 'launches', changes: [], hangsOn: [] })]);
    expect((await jobsOf({ Train: OLD }, undefined))[0]).not.toHaveProperty('newJob');
  });

  test('it launches where the stack has no such job', async () => {
    expect((await jobsOf({ Train: OLD }, side({}, {})))[0]).toMatchObject({ verdict: 'launches', newJob: NAME });
  });

  test('it launches anew where the creation of the stack was rolled back: the next stack has another id', async () => {
    const plan = await planOf(assembly({ Train: OLD }), side({ Train: OLD }, { Train: NAME }, { [NAME]: {} }, { status: 'ROLLBACK_COMPLETE' }));
    expect(plan).toMatchObject({ isDeployed: false, jobs: [{ verdict: 'launches' }] });
    expect(plan.jobs[0]).not.toHaveProperty('newJob');
  });

  test('nothing happens where nothing changes, even when the job has failed since: CloudFormation sends no event', async () => {
    expect(await verdictOf(OLD, OLD, { [NAME]: { status: 'Failed' } })).toMatchObject({ verdict: 'unchanged', oldJob: NAME, newJob: NAME, changes: [] });
  });

  test('it runs again with an edit that would not count, when it has failed', async () => {
    const tagged = job({ Tags: [{ Key: 'team', Value: 'a' }] });
    expect(await verdictOf(tagged, OLD, { [NAME]: { status: 'Failed' } })).toMatchObject({ verdict: 'retrains', newJob: `${NAME}-2`, reason: `${NAME} has failed`, changes: [{ path: 'Tags.team', new: 'a', counts: false }] });
    expect(await verdictOf(tagged, OLD, { [NAME]: { status: 'Failed' }, [`${NAME}-2`]: { status: 'Stopping' } })).toMatchObject({ verdict: 'retrains', newJob: `${NAME}-3`, reason: `${NAME}-2 is being stopped` });
    expect(await verdictOf(tagged, OLD, {})).toMatchObject({ verdict: 'retrains', newJob: NAME, reason: `the record of ${NAME} is gone` });
  });

  test('it is made again where its update had failed, whatever it asks for', async () => {
    const on = side({ Train: OLD }, { Train: { physicalId: NAME, status: 'UPDATE_FAILED' } }, { [NAME]: { status: 'Failed' } }, { status: 'UPDATE_FAILED' });
    expect((await jobsOf({ Train: OLD }, on))[0]).toMatchObject({ verdict: 'retrains', newJob: `${NAME}-2` });
    const creation = side({ Train: OLD }, { Train: { physicalId: NAME, status: 'CREATE_FAILED' } }, { [NAME]: { status: 'InProgress' } }, { status: 'CREATE_FAILED' });
    expect((await jobsOf({ Train: OLD }, creation))[0]).toMatchObject({ verdict: 'adopts', newJob: NAME });
  });

  test('tags are told to SageMaker, and tags of others left alone', async () => {
    const tagged = job({ Tags: [{ Key: 'team', Value: 'a' }] });
    expect(await verdictOf(tagged)).toMatchObject({ verdict: 'in-place', newJob: NAME });
    expect(await verdictOf(tagged, OLD, { [NAME]: { tags: { team: 'a' } } })).toMatchObject({ verdict: 'unchanged' });
    expect(await verdictOf(OLD, tagged, { [NAME]: { tags: { team: 'a', organization: 'x' } } })).toMatchObject({ verdict: 'in-place' });
  });

  test('keep-alive is told to a job that has instances still', async () => {
    const kept = job({ ResourceConfig: { ...REQUEST.ResourceConfig, KeepAlivePeriodInSeconds: 600 } });
    expect(await verdictOf(kept, OLD, { [NAME]: { details: { WarmPoolStatus: { Status: 'Available' } } } })).toMatchObject({ verdict: 'in-place' });
    expect(await verdictOf(kept, OLD, { [NAME]: { details: { WarmPoolStatus: { Status: 'Available' }, ResourceConfig: { KeepAlivePeriodInSeconds: 600 } } } })).toMatchObject({ verdict: 'unchanged' });
    expect(await verdictOf(kept)).toMatchObject({ verdict: 'unchanged' });
  });

  test('another run is launched, or adopted where its newest attempt is trained or in training', async () => {
    const wanted = job({ HyperParameters: { epochs: 2 } });
    const other = nameOf(wanted);
    expect(await verdictOf(wanted)).toMatchObject({ verdict: 'retrains', newJob: other, changes: [{ path: 'HyperParameters.epochs', old: '1', new: '2', counts: true }] });
    expect(await verdictOf(wanted, OLD, { [NAME]: {}, [other]: { status: 'InProgress' } })).toMatchObject({ verdict: 'adopts', newJob: other });
    expect(await verdictOf(wanted, OLD, { [NAME]: {}, [other]: {}, [`${other}-2`]: { status: 'Failed' } })).toMatchObject({ verdict: 'retrains', newJob: `${other}-3` });
    expect(await verdictOf(wanted, OLD, { [NAME]: {}, [other]: { tags: { 'cdk-sagemaker:stack': 'another' } } })).toMatchObject({ verdict: 'fails', reason: expect.stringContaining('is not this resource\'s') });
  });

  test('a job that its time limit ended is good for the same limit only', async () => {
    const ended = { [NAME]: { status: 'Stopped', details: { SecondaryStatus: 'MaxRuntimeExceeded', StoppingCondition: { MaxRuntimeInSeconds: 60 } } } };
    const limited = (seconds: number, tag: string) => job({ StoppingCondition: { MaxRuntimeInSeconds: seconds }, Tags: [{ Key: 'team', Value: tag }] }, { AcceptTimeLimit: 'true' });
    expect(await verdictOf(limited(60, 'b'), limited(60, 'a'), ended)).toMatchObject({ verdict: 'in-place' });
    expect(await verdictOf(limited(90, 'a'), limited(60, 'a'), ended)).toMatchObject({ verdict: 'retrains', newJob: `${NAME}-2` });
    expect(await verdictOf(job({ StoppingCondition: { MaxRuntimeInSeconds: 60 } }), limited(60, 'a'), ended)).toMatchObject({ verdict: 'retrains' });
  });

  test.each<[string, object, object, string[]]>([
    ['its revision', {}, { Revision: '2' }, ['Revision']],
    ['the revision of a channel', { InputDataConfig: [{ ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://one/train' } } }] }, { ChannelRevisions: { train: '2' } },
      ['ChannelRevisions.train', 'InputDataConfig.train.ChannelName', 'InputDataConfig.train.DataSource.S3DataSource.S3DataType', 'InputDataConfig.train.DataSource.S3DataSource.S3Uri']],
    ['the beginning of its name', {}, { NamePrefix: 'other-train' }, ['NamePrefix']],
    ['that it is trained by hand', {}, { RetrainOn: 'Revision', Revision: 'v1' }, ['RetrainOn', 'Revision']],
  ])('%s makes another run', async (_, request, properties, paths) => {
    const { verdict, changes } = await verdictOf(job(request, properties));
    expect([verdict, changes.filter(({ counts }) => counts).map(({ path }) => path)]).toEqual(['retrains', paths]);
  });

  test('only its revision counts where it is trained by hand', async () => {
    const by = (Revision: string, epochs: number) => job({ HyperParameters: { epochs } }, { RetrainOn: 'Revision', Revision });
    const name = nameOf(by('v1', 1));
    expect(await verdictOf(by('v1', 2), by('v1', 1), { [name]: {} }, name)).toMatchObject({ verdict: 'unchanged', changes: [{ path: 'HyperParameters.epochs', counts: false }] });
    expect(await verdictOf(by('v2', 1), by('v1', 1), { [name]: {} }, name)).toMatchObject({ verdict: 'retrains', changes: [{ path: 'Revision', counts: true }] });
  });

  test('what counts of a file is what is in it, and not where it is', async () => {
    const source = (hash: string, uri: string) => job({ HyperParameters: { source: uri } }, { Content: { 'HyperParameters.source': hash } });
    const name = nameOf(source('aaa', 's3://one'));
    const old = source('aaa', 's3://one');
    expect(await verdictOf(source('aaa', 's3://two'), old, { [name]: {} }, name)).toMatchObject({ verdict: 'unchanged', changes: [] });
    expect(await verdictOf(source('bbb', 's3://two'), old, { [name]: {} }, name)).toMatchObject({ verdict: 'retrains', changes: [{ path: 'HyperParameters.source', old: 'content aaa', new: 'content bbb', counts: true }] });
  });

  test('what the service assumes anyway, the order of a set and another registry do not count', async () => {
    const old = job({ VpcConfig: { Subnets: ['a', 'b'] }, AlgorithmSpecification: { TrainingImage: '111111111111.dkr.ecr.us-east-1.amazonaws.com/mine:1' } });
    const wanted = job({ EnableNetworkIsolation: false, VpcConfig: { Subnets: ['b', 'a'] }, AlgorithmSpecification: { TrainingImage: '222222222222.dkr.ecr.us-east-1.amazonaws.com/mine:1' } });
    const { verdict, changes } = await verdictOf(wanted, old, { [nameOf(old)]: {} }, nameOf(old));
    expect([verdict, changes.map(({ path, counts }) => [path, counts])]).toEqual(['unchanged', [['AlgorithmSpecification.TrainingImage', false], ['EnableNetworkIsolation', false]]]);
  });

  test('the values of an environment are not told', async () => {
    const { changes } = await verdictOf(job({ Environment: { TOKEN: 'secret' } }));
    expect(changes).toEqual([{ path: 'Environment.TOKEN', new: '…', counts: true }]);
  });

  test('a job that goes stops while it runs, or where nobody says whether it does; one that has ended leaves', async () => {
    const goes = async (jobs: { readonly [name: string]: PaperJob }, more: Partial<StackSide> = {}) => (await jobsOf({ Other: { Type: 'AWS::SNS::Topic' } }, side({ Train: OLD }, { Train: NAME }, jobs, more)))[0];
    expect(await goes({ [NAME]: { status: 'InProgress' } })).toEqual({ path: 'Digits/Train', logicalId: 'Train', kind: 'TrainingJob', verdict: 'stops', oldJob: NAME, changes: [], hangsOn: [] });
    expect(await goes({ [NAME]: {} })).toMatchObject({ verdict: 'leaves', oldJob: NAME, reason: 'it has completed' });
    expect(await goes({ [NAME]: { status: 'Failed' } })).toMatchObject({ verdict: 'leaves', reason: 'it has failed' });
    expect(await goes({ [NAME]: { status: 'Stopped' } })).toMatchObject({ verdict: 'leaves', reason: 'it has been stopped' });
    expect(await goes({})).toMatchObject({ verdict: 'leaves', reason: 'there is no record of it' });
    expect(await goes({}, { job: () => Promise.resolve('unknown') })).toMatchObject({ verdict: 'stops', reason: 'if it still runs' });
    expect(await jobsOf({}, assemblySide(assembly({ Train: OLD })))).toMatchObject([{ verdict: 'stops', reason: 'if it still runs' }]);
  });

  test('a job that goes stays as it is where it is retained or was adopted', async () => {
    const goes = async (old: object) => (await jobsOf({ Other: { Type: 'AWS::SNS::Topic' } }, side({ Train: old }, { Train: NAME }, { [NAME]: { status: 'InProgress' } })))[0];
    expect(await goes(OLD)).toMatchObject({ path: 'Digits/Train', verdict: 'stops', oldJob: NAME });
    expect(await goes(job({}, {}, { DeletionPolicy: 'Retain' }))).toMatchObject({ verdict: 'unchanged', reason: expect.stringContaining('retained') });
    expect(await goes(job({}, { Adopt: { Name: NAME } }))).toMatchObject({ verdict: 'unchanged', reason: expect.stringContaining('adopted') });
  });

  test('another logical id stops one job and launches another', async () => {
    const jobs = await jobsOf({ Training: OLD }, side({ Train: OLD }, { Train: NAME }, { [NAME]: { status: 'InProgress' } }));
    expect(jobs.map(({ logicalId, verdict }) => [logicalId, verdict])).toEqual([['Training', 'launches'], ['Train', 'stops']]);
    expect(jobs[0]?.newJob).not.toBe(NAME);
  });

  test('what the handler refuses fails, with its reason', async () => {
    expect(await verdictOf(job({}, { KeyVersion: '9' }))).toMatchObject({ verdict: 'fails', reason: expect.stringContaining('KeyVersion') });
    expect(await verdictOf(job({}, { NamePrefix: 'Not A Name' }))).toMatchObject({ verdict: 'fails', reason: expect.stringContaining('NamePrefix') });
  });
});

describe('A job made elsewhere', () => {
  const adopting = (request: object, Accept?: string[]) => job(request, { Adopt: { Name: 'by-hand', Accept } });
  const details = { ...REQUEST, OutputDataConfig: { ...REQUEST.OutputDataConfig, KmsKeyId: '', CompressionType: 'GZIP' }, HyperParameters: { epochs: '1' }, CreationTime: new Date(0) };

  test('is adopted where it is the run that is asked for', async () => {
    expect(await verdictOf(adopting({}), OLD, { [NAME]: {}, 'by-hand': { details } })).toMatchObject({ verdict: 'adopts', newJob: 'by-hand' });
    expect(await verdictOf(adopting({ HyperParameters: { epochs: 2 } }, ['HyperParameters.epochs']), OLD, { [NAME]: {}, 'by-hand': { details } })).toMatchObject({ verdict: 'adopts' });
  });

  test('is refused where it is another run, or is not there', async () => {
    expect(await verdictOf(adopting({ HyperParameters: { epochs: 2 } }), OLD, { [NAME]: {}, 'by-hand': { details } })).toMatchObject({ verdict: 'fails', reason: expect.stringContaining('HyperParameters') });
    expect(await verdictOf(adopting({}), OLD)).toMatchObject({ verdict: 'fails', reason: 'adopt: there is no training job by-hand' });
  });

  test('is looked at where the stack is not there yet', async () => {
    const on = (jobs: { readonly [name: string]: PaperJob }) => side({}, {}, jobs, { status: 'DELETE_COMPLETE' });
    expect(await jobsOf({ Train: adopting({}) }, on({ 'by-hand': { details } }))).toMatchObject([{ verdict: 'adopts', newJob: 'by-hand' }]);
    expect(await jobsOf({ Train: adopting({}) }, on({}))).toMatchObject([{ verdict: 'fails', reason: 'adopt: there is no training job by-hand' }]);
    expect(await jobsOf({ Train: adopting({ HyperParameters: { epochs: 2 } }) }, on({ 'by-hand': { details } }))).toMatchObject([{ verdict: 'fails', reason: 'adopt: by-hand is another run: HyperParameters' }]);
    expect(await jobsOf({ Train: OLD }, on({}))).toMatchObject([{ verdict: 'launches' }]);
  });

  test('is looked at in the local AWS, where nothing is deployed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plan-nothing-'));
    try {
      expect(localSide(folder, 'Digits')).toMatchObject({ name: 'the local AWS', status: 'DELETE_COMPLETE' });
      expect(await planOf(assembly({ Train: adopting({}) }), localSide(folder, 'Digits'))).toMatchObject({ isDeployed: false, jobs: [{ verdict: 'fails', reason: 'adopt: there is no training job by-hand' }] });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('is said not to have been looked at where nobody can be asked', async () => {
    const reason = expect.stringContaining('nobody was asked') as string;
    expect(await jobsOf({ Train: adopting({}) }, undefined)).toMatchObject([{ verdict: 'adopts', newJob: 'by-hand', reason }]);
    expect(await jobsOf({ Train: adopting({}) }, assemblySide(assembly({})))).toMatchObject([{ verdict: 'adopts', newJob: 'by-hand', reason }]);
  });

  test('stays when it was adopted already', async () => {
    expect(await verdictOf(adopting({ Tags: [{ Key: 'a', Value: 'b' }] }), adopting({}), { 'by-hand': { details } }, 'by-hand')).toMatchObject({ verdict: 'unchanged', newJob: 'by-hand' });
  });
});

const bucket = (more: object = {}) => ({ Type: 'AWS::S3::Bucket', ...more });
const reading = (Ref: string) => job({ InputDataConfig: [{ ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: { 'Fn::Join': ['', ['s3://', { Ref }, '/train']] } } } }] });

describe('A value that another resource has', () => {
  const resolved = job({ InputDataConfig: [{ ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://one/train' } } }] });

  test('is what is deployed where that stays', async () => {
    const on = side({ Bucket: bucket(), Train: reading('Bucket') }, { Bucket: 'one', Train: nameOf(resolved) }, { [nameOf(resolved)]: {} });
    expect((await jobsOf({ Bucket: bucket({ Properties: { Tags: [] } }), Train: reading('Bucket') }, on))[0]).toMatchObject({ verdict: 'unchanged' });
  });

  test('makes another run for sure where it is made anew', async () => {
    const on = side({ Bucket: bucket(), Train: reading('Bucket') }, { Bucket: 'one', Train: nameOf(resolved) }, { [nameOf(resolved)]: {} });
    const [job] = await jobsOf({ Bucket: bucket(), Other: bucket(), Train: reading('Other') }, on);
    expect(job).toMatchObject({ verdict: 'retrains', changes: [{ path: 'InputDataConfig.train.DataSource.S3DataSource.S3Uri', old: 's3://one/train', new: 's3://(the name of Digits/Other)/train' }] });
    expect(job).not.toHaveProperty('newJob');
  });

  test('is known where the app names it', async () => {
    const on = side({ Train: resolved }, { Train: nameOf(resolved) }, { [nameOf(resolved)]: {} });
    expect((await jobsOf({ Other: bucket({ Properties: { BucketName: 'one' } }), Train: reading('Other') }, on))[0]).toMatchObject({ verdict: 'unchanged', newJob: nameOf(resolved) });
  });

  test('is not known of a custom resource that is updated, and named', async () => {
    const thing = (size: number) => ({ Type: 'Custom::Thing', Properties: { ServiceToken: 'arn:function', Size: size } });
    const asking = job({ HyperParameters: { size: { 'Fn::GetAtt': ['Thing', 'Size'] } } });
    const old = side({ Thing: thing(1), Train: asking }, { Thing: { physicalId: 'thing', attribute: () => '1' }, Train: nameOf(job({ HyperParameters: { size: 1 } })) }, { [nameOf(job({ HyperParameters: { size: 1 } }))]: {} });
    expect((await jobsOf({ Thing: thing(1), Train: asking }, old))[0]).toMatchObject({ verdict: 'unchanged' });
    expect((await jobsOf({ Thing: thing(2), Train: asking }, old))[0]).toMatchObject({ verdict: 'unknown', hangsOn: ['Size of Digits/Thing'] });
    const both = job({ HyperParameters: { size: { 'Fn::GetAtt': ['Thing', 'Size'] }, epochs: 9 } });
    expect((await jobsOf({ Thing: thing(2), Train: both }, old))[0]).toMatchObject({ verdict: 'retrains' });
  });

  test('may be that of an older run where there was one', async () => {
    const thing = (size: number) => ({ Type: 'Custom::Thing', Properties: { ServiceToken: 'arn:function', Size: size } });
    const asking = (epochs: number) => job({ HyperParameters: { size: { 'Fn::GetAtt': ['Thing', 'Size'] }, epochs } });
    const name = nameOf(job({ HyperParameters: { size: 1, epochs: 1 } }));
    const on = side({ Thing: thing(1), Train: asking(1) }, { Thing: { physicalId: 'thing', attribute: () => '1' }, Train: name }, { [name]: {}, 'digits-train-0123456789': {} });
    expect((await jobsOf({ Thing: thing(2), Train: asking(2) }, on))[0]).toMatchObject({ verdict: 'unknown', hangsOn: ['Size of Digits/Thing'] });
  });

  test('is looked up where it is an SSM parameter', async () => {
    const asking = job({ HyperParameters: { model: { Ref: 'Model' } } });
    const more = { Parameters: { Model: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/model' } } };
    const old = nameOf(job({ HyperParameters: { model: 'one' } }));
    const on = (value: string) => {
      const plain = side({ Train: asking }, { Train: old }, { [old]: {} }, { parameters: { Model: 'one' }, given: { Model: '/model' }, ssmParameter: () => Promise.resolve(value) });
      return { ...plain, template: { ...plain.template, ...more } };
    };
    expect((await jobsOf({ Train: asking }, on('one'), more))[0]).toMatchObject({ verdict: 'unchanged' });
    expect((await jobsOf({ Train: asking }, on('two'), more))[0]).toMatchObject({ verdict: 'retrains', changes: [{ path: 'HyperParameters.model', old: 'one', new: 'two' }] });
  });

  test('is what an earlier stack of the same deployment leaves', async () => {
    const asking = job({ HyperParameters: { model: { 'Fn::ImportValue': 'model' } } });
    const app = new AppValues();
    await planOf(assembly({ Topic: { Type: 'AWS::SNS::Topic' } }, { Outputs: { Model: { Value: 'two', Export: { Name: 'model' } } } }), side({}, {}), app);
    const old = nameOf(job({ HyperParameters: { model: 'one' } }));
    const { jobs } = await planOf(assembly({ Train: asking, Topic: { Type: 'AWS::SNS::Topic' } }), side({ Train: asking }, { Train: old }, { [old]: {} }, { exportValue: () => 'one' }), app);
    expect(jobs[0]).toMatchObject({ verdict: 'retrains', changes: [{ old: 'one', new: 'two' }] });
    // A stack whose own template is what it was is not updated.
    expect((await planOf(assembly({ Train: asking }), side({ Train: asking }, { Train: old }, { [old]: {} }, { exportValue: () => 'one' }), app)).jobs).toMatchObject([{ verdict: 'unchanged' }]);
  });
});

describe('Compared with another assembly', () => {
  const against = (old: Resources, wanted: Resources) => jobsOf(wanted, assemblySide(assembly(old)));

  test('the same references are the same values', async () => {
    const resources = { Bucket: bucket(), Train: reading('Bucket') };
    expect(await against(resources, resources)).toEqual([expect.objectContaining({ verdict: 'unchanged', changes: [] })]);
    const tagged = { ...resources, Train: job({ ...reading('Bucket').Properties.Request, Tags: [{ Key: 'team', Value: 'a' }] }) };
    expect(await against(resources, tagged)).toEqual([expect.objectContaining({ verdict: 'in-place' })]);
    const longer = { ...resources, Train: job({ ...reading('Bucket').Properties.Request, StoppingCondition: { MaxRuntimeInSeconds: 1 } }) };
    expect(await against(resources, longer)).toEqual([expect.objectContaining({ verdict: 'unchanged' })]);
  });

  test('another request, another bucket and another job before it train again', async () => {
    const resources = { Bucket: bucket(), Train: reading('Bucket') };
    expect(await against(resources, { ...resources, Train: job({ ...reading('Bucket').Properties.Request, HyperParameters: { epochs: 5 } }) })).toEqual([expect.objectContaining({ verdict: 'retrains' })]);
    expect(await against(resources, { ...resources, Bucket: bucket({ Properties: { BucketName: 'named' } }) })).toEqual([expect.objectContaining({ verdict: 'retrains' })]);
    const after = job({ HyperParameters: { before: { Ref: 'Train' } } }, { NamePrefix: 'digits-after' });
    const jobs = await against({ Train: OLD, After: after }, { Train: job({ HyperParameters: { epochs: 5 } }), After: after });
    expect(jobs.map(({ verdict }) => verdict)).toEqual(['retrains', 'retrains']);
  });
});

test('a stack at which nothing can be deployed says so', async () => {
  expect(await planOf(assembly({ Train: OLD }), side({ Train: OLD }, { Train: NAME }, { [NAME]: {} }, { status: 'UPDATE_ROLLBACK_FAILED' }))).toMatchObject({ refused: 'Digits is in state UPDATE_ROLLBACK_FAILED', jobs: [{ verdict: 'unchanged' }] });
});
