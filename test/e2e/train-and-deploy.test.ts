import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppFolder } from '../support/app-folder';
import { describeWithMinistack } from '../support/ministack';

const EXAMPLES = join(__dirname, '..', '..', 'examples');
const EXAMPLE = join(EXAMPLES, 'train-and-deploy');
const STACK = 'Digits';
const MINUTES = 60_000;

const BROKEN = 'the broken script of the test';
const breakScript = (app: AppFolder) => app.edit('src/train.py', /^if __name__ == ['"]__main__['"]:\n/m, `$&    raise RuntimeError("${BROKEN}")\n`);
const repairScript = (app: AppFolder) => app.edit('src/train.py', `    raise RuntimeError("${BROKEN}")\n`, '');

/** Digits that no job ever sees. */
const digits = readFileSync(join(EXAMPLE, 'data', 'test', 'digits.csv'), 'utf8').trim().split('\n').slice(1).map((line) => line.split(',').map(Number));

describeWithMinistack('The CDK\'s own command line, with examples/train-and-deploy', (cli) => {
  let app: AppFolder;
  let endpointName: string;

  /** The job whose artifact is behind the endpoint. */
  const servedJob = async () => {
    const { EndpointConfigName } = await cli().sageMaker('DescribeEndpoint', { EndpointName: endpointName });
    const { ProductionVariants } = await cli().sageMaker('DescribeEndpointConfig', { EndpointConfigName });
    const { PrimaryContainer } = await cli().sageMaker('DescribeModel', { ModelName: ProductionVariants[0].ModelName });
    return PrimaryContainer.ModelDataUrl.split('/').at(-3) as string;
  };
  const accuracy = async () => {
    const answers = await cli().invoke(endpointName, digits.map(([, ...pixels]) => pixels));
    return digits.filter(([label], index) => answers[index].digit === label).length / digits.length;
  };
  const describeJob = (name: string) => cli().sageMaker('DescribeTrainingJob', { TrainingJobName: name });
  const counts = async () => {
    const [{ Models }, { EndpointConfigs }, { Endpoints }] = [await cli().sageMaker('ListModels'), await cli().sageMaker('ListEndpointConfigs'), await cli().sageMaker('ListEndpoints')];
    return { models: Models.length, configs: EndpointConfigs.length, endpoints: Endpoints.length };
  };
  const ONE_OF_EACH = { models: 1, configs: 1, endpoints: 1 };

  test('deploys: one job runs, and the endpoint answers rightly', async () => {
    app = new AppFolder(cli(), 'digits', EXAMPLE);
    const output = await app.deployed();
    endpointName = /Digits\.EndpointName = (\S+)/.exec(output)![1]!;
    expect(Number(/Digits\.Accuracy = (\S+)/.exec(output)![1])).toBeGreaterThan(0.9);
    const jobs = await cli().jobs();
    expect(jobs).toHaveLength(1);
    expect(await servedJob()).toBe(jobs[0]);
    expect(await accuracy()).toBeGreaterThan(0.9);
    expect(await counts()).toEqual(ONE_OF_EACH);
  }, 5 * MINUTES);

  test('has nothing to do when nothing has changed', async () => {
    expect(await app.deployed()).toContain('(no changes)');
    await app.done('diff', STACK, '--fail');
    expect(await cli().jobs()).toHaveLength(1);
  }, 2 * MINUTES);

  test('changes tags in place', async () => {
    const [job] = await cli().jobs();
    app.edit('app.ts', 'import { App,', 'import { Tags, App,');
    app.edit('app.ts', 'const training = new', "Tags.of(stack).add('team', 'vision');\n\nconst training = new");
    await app.deployed();
    const { TrainingJobArn } = await describeJob(job!);
    expect((await cli().sageMaker('ListTags', { ResourceArn: TrainingJobArn })).Tags).toContainEqual({ Key: 'team', Value: 'vision' });
    expect(await cli().jobs()).toEqual([job]);
  }, 3 * MINUTES);

  test('shows the hyperparameter that changes, trains once for it, and moves the endpoint', async () => {
    const [first] = await cli().jobs();
    app.edit('app.ts', "'epochs': 20", "'epochs': 25");
    const diff = await app.done('diff', STACK);
    expect(diff).toMatch(/\.HyperParameters:\s+└─ \[~\] \.epochs:\s+├─ \[-\] 20\s+└─ \[\+\] 25\n/);
    await app.deployed();
    const jobs = await cli().jobs();
    expect(jobs).toEqual([first, jobs[1]]);
    expect((await describeJob(jobs[1]!)).HyperParameters.epochs).toBe('25');
    expect(await servedJob()).toBe(jobs[1]);
    expect(await accuracy()).toBeGreaterThan(0.9);
    expect(await counts()).toEqual(ONE_OF_EACH);
    const statuses = (await cli().lastOperation(STACK)).map(({ status }) => status);
    expect(statuses).toContain('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
    expect((await describeJob(first!)).TrainingJobStatus).toBe('Completed');
  }, 5 * MINUTES);

  test('rolls a broken script back: the provider is told, launches nothing, and the endpoint does not move', async () => {
    const [first, second] = await cli().jobs();
    breakScript(app);
    const { code, output } = await app.deploy();
    expect(code).not.toBe(0);
    expect(output).toContain(`File "/opt/ml/code/train.py"`);
    expect(output).toContain(`RuntimeError: ${BROKEN}`);
    expect(await cli().stackStatus(STACK)).toBe('UPDATE_ROLLBACK_COMPLETE');
    const jobs = await cli().jobs();
    expect(jobs).toEqual([first, second, jobs[2]]);
    expect((await describeJob(jobs[2]!)).TrainingJobStatus).toBe('Failed');
    expect(await servedJob()).toBe(second);
    expect(await accuracy()).toBeGreaterThan(0.9);
    expect(await counts()).toEqual(ONE_OF_EACH);
    // from the job that failed back to the one before, then the Delete of the one that failed
    const events = (await cli().lastOperation(STACK)).filter(({ type }) => type === 'Custom::SageMakerTrainingJob');
    expect(events.slice(-4).map(({ status, physicalId }) => [status, physicalId])).toEqual([
      ['UPDATE_IN_PROGRESS', jobs[2]], ['UPDATE_COMPLETE', second], ['DELETE_IN_PROGRESS', jobs[2]], ['DELETE_COMPLETE', jobs[2]],
    ]);
  }, 5 * MINUTES);

  test('has nothing to do once the script is repaired', async () => {
    repairScript(app);
    expect(await app.deployed()).toContain('(no changes)');
    expect(await cli().jobs()).toHaveLength(3);
  }, 3 * MINUTES);

  test('takes an update back that was left as it failed: cdk rollback launches nothing', async () => {
    const served = await servedJob();
    breakScript(app);
    expect((await app.deploy('--no-rollback')).code).not.toBe(0);
    expect(await cli().stackStatus(STACK)).toBe('UPDATE_FAILED');
    const jobs = await cli().jobs();
    expect(jobs).toHaveLength(4);
    await app.done('rollback', STACK);
    expect(await cli().stackStatus(STACK)).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await cli().jobs()).toEqual(jobs);
    expect(await servedJob()).toBe(served);
    expect(await accuracy()).toBeGreaterThan(0.9);
  }, 5 * MINUTES);

  test('takes a first deployment back that fails, and destroys what is left of it', async () => {
    const before = await cli().jobs();
    const other = new AppFolder(cli(), 'other', EXAMPLE);
    other.edit('app.ts', "'Digits'", "'Other'");
    breakScript(other);
    const { code, output } = await other.deploy();
    expect(code).not.toBe(0);
    expect(output).toContain(`RuntimeError: ${BROKEN}`);
    expect(await cli().stackStatus('Other')).toBe('ROLLBACK_COMPLETE');
    const jobs = await cli().jobs();
    expect(jobs).toHaveLength(before.length + 1);
    await other.done('destroy', 'Other', '--force');
    expect(await cli().stackStatus('Other')).toBeUndefined();
    expect(await cli().jobs()).toEqual(jobs);
    expect(await counts()).toEqual(ONE_OF_EACH);
  }, 5 * MINUTES);

  test('destroys a first deployment that was left as it failed; cdk rollback deletes no bucket with data', async () => {
    const jobs = await cli().jobs();
    const third = new AppFolder(cli(), 'third', EXAMPLE);
    third.edit('app.ts', "'Digits'", "'Third'");
    breakScript(third);
    expect((await third.deploy('--no-rollback')).code).not.toBe(0);
    expect(await cli().stackStatus('Third')).toBe('CREATE_FAILED');
    // The command line asks for what was retained to be deleted too (RetainExceptOnCreate), and S3 refuses.
    const { code, output } = await third.cdk('rollback', 'Third');
    expect(code).not.toBe(0);
    expect(output).toContain('The bucket you tried to delete is not empty');
    expect(await cli().stackStatus('Third')).toBe('ROLLBACK_FAILED');
    await third.done('destroy', 'Third', '--force');
    expect(await cli().stackStatus('Third')).toBeUndefined();
    expect(await cli().jobs()).toHaveLength(jobs.length + 1);
  }, 5 * MINUTES);

  test('destroys: no endpoint, no model and no running job is left, records and artifacts stay', async () => {
    const jobs = await cli().jobs();
    await app.done('destroy', STACK, '--force');
    expect(await counts()).toEqual({ models: 0, configs: 0, endpoints: 0 });
    expect((await cli().sageMaker('ListTrainingJobs', { StatusEquals: 'InProgress' })).TrainingJobSummaries).toEqual([]);
    expect(await cli().jobs()).toEqual(jobs);
    for (const job of jobs.slice(0, 2)) {
      const { ModelArtifacts } = await describeJob(job);
      expect(await cli().hasObject(ModelArtifacts.S3ModelArtifacts)).toBe(true);
    }
    expect(await cli().stackStatus(STACK)).toBeUndefined();
  }, 3 * MINUTES);
});

test('Every example is deployed by the CDK\'s own command line', () => {
  const examples = readdirSync(EXAMPLES, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const tried = readdirSync(__dirname).filter((file) => file.endsWith('.test.ts')).map((file) => file.replace('.test.ts', ''));
  expect(examples.filter((name) => !tried.includes(name))).toEqual([]);
});
