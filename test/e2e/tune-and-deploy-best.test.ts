import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppFolder } from '../support/app-folder';
import { describeWithMinistack } from '../support/ministack';

const EXAMPLE = join(__dirname, '..', '..', 'examples', 'tune-and-deploy-best');
const STACK = 'Churn';
const MINUTES = 60_000;

/** Customers that no job learns from. */
const held = readFileSync(join(EXAMPLE, 'data', 'validation', 'customers.csv'), 'utf8').trim().split('\n').slice(1).map((line) => line.split(',').map(Number));

describeWithMinistack('The CDK\'s own command line, with examples/tune-and-deploy-best', (cli) => {
  let app: AppFolder;
  let endpointName: string;

  const outputOf = (output: string, name: string) => new RegExp(`${STACK}\\.${name} = (\\S+)`).exec(output)?.[1] ?? '';
  const answers = async () => await cli().invoke(endpointName, held.map(([, ...customer]) => customer)) as number[];
  const rightOnes = async () => (await answers()).filter((probability, index) => Number(probability > 0.5) === held[index]![0]).length / held.length;
  const tuningJobs = async (): Promise<string[]> => {
    const { HyperParameterTuningJobSummaries: jobs } = await cli().sageMaker('ListHyperParameterTuningJobs', { SortBy: 'CreationTime', SortOrder: 'Ascending' });
    return jobs.map((job: { HyperParameterTuningJobName: string }) => job.HyperParameterTuningJobName);
  };
  const describeTuning = (name: string) => cli().sageMaker('DescribeHyperParameterTuningJob', { HyperParameterTuningJobName: name });
  /** The training jobs that ran, but for the one that packs code. */
  const trained = async () => (await cli().jobs()).filter((name) => !name.includes('repack'));

  test('deploys: four jobs are tried, and the best one is behind the endpoint', async () => {
    app = new AppFolder(cli(), 'churn', EXAMPLE);
    const output = await app.deployed();
    endpointName = outputOf(output, 'EndpointName');
    const [tuning] = await tuningJobs();
    expect(tuning!.length).toBeLessThanOrEqual(32);
    const jobs = await trained();
    expect(jobs).toHaveLength(4);
    expect(jobs.every((job) => job.startsWith(`${tuning}-00`))).toBe(true);

    const finals = new Map<string, number>();
    for (const job of jobs) {
      const { FinalMetricDataList } = await cli().sageMaker('DescribeTrainingJob', { TrainingJobName: job });
      finals.set(job, FinalMetricDataList.find(({ MetricName }: { MetricName: string }) => MetricName === 'validation:auc').Value);
    }
    const best = outputOf(output, 'BestJob');
    expect(finals.get(best)).toBe(Math.max(...finals.values()));
    expect(Number(outputOf(output, 'Auc'))).toBe(finals.get(best));
    const rate = Number(outputOf(output, 'LearningRate'));
    expect(rate).toBeGreaterThanOrEqual(0.0005);
    expect(rate).toBeLessThanOrEqual(0.05);
    expect((await describeTuning(tuning!)).BestTrainingJob).toMatchObject({ TrainingJobName: best, TunedHyperParameters: { 'learning-rate': outputOf(output, 'LearningRate') } });
    expect(await rightOnes()).toBeGreaterThan(0.85);
  }, 10 * MINUTES);

  test('has nothing to do when nothing has changed', async () => {
    expect(await app.deployed()).toContain('(no changes)');
    expect(await tuningJobs()).toHaveLength(1);
  }, 2 * MINUTES);

  test('misses a gate that is too high: the deployment fails with metric, value and threshold, and the endpoint answers as before', async () => {
    const before = await answers();
    app.edit('app.ts', 'epochs: 60', 'epochs: 40');
    app.edit('app.ts', '\'validation:auc\', 0.9)', '\'validation:auc\', 0.9999)');
    const { code, output } = await app.deploy();
    expect(code).not.toBe(0);
    expect(output).toMatch(/misses the quality gate: validation:auc is 0\.9\d+, and must be at least 0\.9999/);
    expect(await cli().stackStatus(STACK)).toBe('UPDATE_ROLLBACK_COMPLETE');
    const jobs = await tuningJobs();
    expect(jobs).toHaveLength(2);
    expect((await describeTuning(jobs[1]!)).HyperParameterTuningJobStatus).toBe('Completed');          // it is kept
    expect(await answers()).toEqual(before);
  }, 10 * MINUTES);

  test('with the gate relaxed, deploys what was found then, and launches nothing', async () => {
    const [before, jobs] = [await answers(), await trained()];
    app.edit('app.ts', '0.9999', '0.9');
    const output = await app.deployed();
    expect(await tuningJobs()).toHaveLength(2);
    expect(await trained()).toEqual(jobs);
    expect(outputOf(output, 'BestJob').startsWith((await tuningJobs())[1]!)).toBe(true);
    expect(await answers()).not.toEqual(before);
    expect(await rightOnes()).toBeGreaterThan(0.85);
  }, 10 * MINUTES);

  test('with the gate tightened, judges the same job again, and launches nothing', async () => {
    const jobs = await trained();
    app.edit('app.ts', '\'validation:auc\', 0.9)', '\'validation:auc\', 0.9998)');
    const { code, output } = await app.deploy();
    expect(code).not.toBe(0);
    expect(output).toContain('must be at least 0.9998');
    expect(await trained()).toEqual(jobs);
    expect(await cli().stackStatus(STACK)).toBe('UPDATE_ROLLBACK_COMPLETE');
    app.edit('app.ts', '0.9998', '0.9');
    expect(await app.deployed()).toContain('(no changes)');
  }, 5 * MINUTES);

  test('destroys: no endpoint is left, the record of what was found stays', async () => {
    await app.done('destroy', STACK, '--force');
    expect((await cli().sageMaker('ListEndpoints')).Endpoints).toEqual([]);
    expect(await tuningJobs()).toHaveLength(2);
  }, 3 * MINUTES);
});
