import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ministackPython, RealCli, type Ended } from '../support/real-cli';

const ROOT = join(__dirname, '..', '..');
const STACK = 'Digits';
const MINUTES = 60_000;

const ministack = ministackPython();
const isRequired = process.env.CDK_SAGEMAKER_E2E === 'required';
if ('missing' in ministack) { console.warn(`${isRequired ? 'failed' : 'skipped'}: the CDK's command line needs ministack, which can't be had here: ${ministack.missing}`); }
const describeWithMinistack = 'python' in ministack || isRequired ? describe : describe.skip;

/** A copy of the example outside of the repository, as a user has it. */
class App {
  private readonly folder: string;

  public constructor(private readonly cli: RealCli, private readonly name: string) {
    this.folder = join(cli.folder, name);
    cpSync(join(ROOT, 'examples', 'train-and-deploy'), this.folder, { recursive: true });
    const modules = join(this.folder, 'node_modules');
    mkdirSync(modules, { recursive: true });
    for (const [link, target] of [['cdk-sagemaker', ROOT], ['aws-cdk-lib', join(ROOT, 'node_modules', 'aws-cdk-lib')], ['constructs', join(ROOT, 'node_modules', 'constructs')]]) {
      symlinkSync(target, join(modules, link));
    }
  }

  public cdk(...args: string[]): Promise<Ended> {
    return this.cli.cdk(this.folder, ...args, '--app', `${join(ROOT, 'node_modules', '.bin', 'tsx')} app.ts`, '--output', join(this.cli.folder, `${this.name}.out`));
  }

  public deploy(...args: string[]): Promise<Ended> { return this.cdk('deploy', '--all', '--require-approval', 'never', ...args); }

  public edit(file: string, from: string | RegExp, to: string): void {
    const path = join(this.folder, file);
    const text = readFileSync(path, 'utf8');
    const edited = text.replace(from, to);
    if (edited === text) { throw new Error(`${file} has nothing like ${from}`); }
    writeFileSync(path, edited);
  }
}

const BROKEN = 'the broken script of the test';
const breakScript = (app: App) => app.edit('src/train.py', /^if __name__ == ['"]__main__['"]:\n/m, `$&    raise RuntimeError("${BROKEN}")\n`);

describeWithMinistack('The CDK\'s own command line, with examples/train-and-deploy', () => {
  let cli: RealCli;
  let app: App;
  let endpointName: string;

  beforeAll(async () => {
    if ('missing' in ministack) { throw new Error(ministack.missing); }
    cli = await RealCli.start(ministack.python);
    app = new App(cli, 'digits');
    const { code, output } = await app.cdk('bootstrap', 'aws://123456789012/us-east-1');
    if (code !== 0) { throw new Error(output); }
  }, 5 * MINUTES);

  afterAll(async () => {
    const left = await cli.stop();
    expect([cli.deaths, left]).toEqual([[], []]);
  }, MINUTES);

  /** The job whose artifact is behind the endpoint. */
  const servedJob = async () => {
    const { EndpointConfigName } = await cli.sageMaker('DescribeEndpoint', { EndpointName: endpointName });
    const { ProductionVariants } = await cli.sageMaker('DescribeEndpointConfig', { EndpointConfigName });
    const { PrimaryContainer } = await cli.sageMaker('DescribeModel', { ModelName: ProductionVariants[0].ModelName });
    return PrimaryContainer.ModelDataUrl.split('/').at(-3) as string;
  };
  const accuracy = async () => {
    const rows = readFileSync(join(ROOT, 'examples', 'train-and-deploy', 'data', 'test', 'digits.csv'), 'utf8').trim().split('\n').slice(1).map((line) => line.split(',').map(Number));
    const answers = await cli.invoke(endpointName, rows.map(([, ...pixels]) => pixels));
    return rows.filter(([label], index) => answers[index].digit === label).length / rows.length;
  };
  const deployed = async (...args: string[]) => {
    const { code, output } = await app.deploy(...args);
    if (code !== 0) { throw new Error(output); }
    return output;
  };

  test('deploys: one job runs, and the endpoint answers rightly', async () => {
    const output = await deployed();
    endpointName = /Digits\.EndpointName = (\S+)/.exec(output)![1];
    expect(Number(/Digits\.Accuracy = (\S+)/.exec(output)![1])).toBeGreaterThan(0.9);
    expect(await cli.jobs()).toHaveLength(1);
    expect(await accuracy()).toBeGreaterThan(0.9);
  }, 5 * MINUTES);

  test('has nothing to do when nothing has changed', async () => {
    expect(await deployed()).toContain('no changes');
    expect((await app.cdk('diff', STACK, '--fail')).code).toBe(0);
    expect(await cli.jobs()).toHaveLength(1);
  }, 2 * MINUTES);

  test('changes tags in place', async () => {
    app.edit('app.ts', "import { App,", "import { Tags, App,");
    app.edit('app.ts', '// The scikit-learn image', "Tags.of(stack).add('team', 'vision');\n\n// The scikit-learn image");
    await deployed();
    const [job] = await cli.jobs();
    const { TrainingJobArn } = await cli.sageMaker('DescribeTrainingJob', { TrainingJobName: job });
    expect((await cli.sageMaker('ListTags', { ResourceArn: TrainingJobArn })).Tags).toContainEqual({ Key: 'team', Value: 'vision' });
    expect(await cli.jobs()).toEqual([job]);
  }, 3 * MINUTES);

  test('shows a hyperparameter that changes, and trains once for it', async () => {
    const [first] = await cli.jobs();
    app.edit('app.ts', "'epochs': 20", "'epochs': 25");
    const { output } = await app.cdk('diff', STACK);
    expect(output).toMatch(/epochs[^\n]*\n(?:[^\n]*\n)?[^\n]*20[^\n]*\n[^\n]*25|epochs[\s\S]{0,80}"?20"?[\s\S]{0,80}"?25"?/);
    await deployed();
    const jobs = await cli.jobs();
    expect(jobs).toHaveLength(2);
    expect(jobs[0]).toBe(first);
    expect(await servedJob()).toBe(jobs[1]);
    expect(await accuracy()).toBeGreaterThan(0.9);
  }, 5 * MINUTES);

  test('rolls a broken script back without training again, and the endpoint does not move', async () => {
    const jobs = await cli.jobs();
    breakScript(app);
    const { code, output } = await app.deploy();
    expect(code).not.toBe(0);
    expect(output).toContain(`RuntimeError: ${BROKEN}`);
    expect(await cli.stackStatus(STACK)).toBe('UPDATE_ROLLBACK_COMPLETE');
    const after = await cli.jobs();
    expect(after.slice(0, 2)).toEqual(jobs);
    expect(after).toHaveLength(3);
    expect((await cli.sageMaker('DescribeTrainingJob', { TrainingJobName: after[2] })).TrainingJobStatus).toBe('Failed');
    expect(await servedJob()).toBe(jobs[1]);
    expect(await accuracy()).toBeGreaterThan(0.9);
  }, 5 * MINUTES);

  test('goes on after the repair with the job that is there', async () => {
    app.edit('src/train.py', `    raise RuntimeError("${BROKEN}")\n`, '');
    await deployed();
    expect(await cli.jobs()).toHaveLength(3);
    expect(await servedJob()).toBe((await cli.jobs())[1]);
  }, 3 * MINUTES);

  test('takes an update back that was left as it failed: cdk rollback launches nothing', async () => {
    const served = await servedJob();
    breakScript(app);
    expect((await app.deploy('--no-rollback')).code).not.toBe(0);
    expect(await cli.stackStatus(STACK)).toBe('UPDATE_FAILED');
    const jobs = await cli.jobs();
    const { code, output } = await app.cdk('rollback', STACK);
    if (code !== 0) { throw new Error(output); }
    expect(await cli.stackStatus(STACK)).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await cli.jobs()).toEqual(jobs);
    expect(await servedJob()).toBe(served);
    expect(await accuracy()).toBeGreaterThan(0.9);
  }, 5 * MINUTES);

  test('takes a first deployment back that fails, and destroys what is left of it', async () => {
    const other = new App(cli, 'other');
    other.edit('app.ts', "'Digits'", "'Other'");
    breakScript(other);
    const { code, output } = await other.deploy();
    expect(code).not.toBe(0);
    expect(output).toContain(BROKEN);
    expect(await cli.stackStatus('Other')).toBe('ROLLBACK_COMPLETE');
    const jobs = await cli.jobs();
    expect((await other.cdk('destroy', 'Other', '--force')).code).toBe(0);
    expect(await cli.stackStatus('Other')).toBeUndefined();
    expect(await cli.jobs()).toEqual(jobs);
    expect((await cli.sageMaker('ListModels')).Models).toHaveLength(1);
  }, 5 * MINUTES);

  test('destroys: no endpoint, no model and no running job is left, and records stay', async () => {
    const jobs = await cli.jobs();
    expect((await app.cdk('destroy', STACK, '--force')).code).toBe(0);
    expect((await cli.sageMaker('ListEndpoints')).Endpoints).toEqual([]);
    expect((await cli.sageMaker('ListEndpointConfigs')).EndpointConfigs).toEqual([]);
    expect((await cli.sageMaker('ListModels')).Models).toEqual([]);
    expect((await cli.sageMaker('ListTrainingJobs', { StatusEquals: 'InProgress' })).TrainingJobSummaries).toEqual([]);
    expect(await cli.jobs()).toEqual(jobs);
    expect(await cli.stackStatus(STACK)).toBeUndefined();
  }, 3 * MINUTES);
});

test('Every example is deployed by the CDK\'s own command line', () => {
  const examples = readdirSync(join(ROOT, 'examples'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const tried = readdirSync(__dirname).filter((file) => file.endsWith('.test.ts')).map((file) => file.replace('.test.ts', ''));
  expect(examples.filter((name) => !tried.includes(name))).toEqual([]);
});
