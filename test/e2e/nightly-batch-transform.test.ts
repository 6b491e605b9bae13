import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppFolder } from '../support/app-folder';
import { describeWithMinistack } from '../support/ministack';

const EXAMPLE = join(__dirname, '..', '..', 'examples', 'nightly-batch-transform');
const STACK = 'Meters';
const MINUTES = 60_000;

const readingsOf = (night: string) => readFileSync(join(EXAMPLE, 'data', 'nights', night, 'readings.csv'), 'utf8').trim().split('\n').map((line) => line.split(','));

describeWithMinistack('The CDK\'s own command line, with examples/nightly-batch-transform', (cli) => {
  let app: AppFolder;

  const folderIn = (output: string) => new RegExp(`${STACK}\\.Scores = (\\S+)`).exec(output)![1]!.replace(/\/?$/, '/');
  /** Meter and score of each reading, in their order. */
  const scoresIn = async (folder: string) => (await cli().object(`${folder}readings.csv.out`)).trim().split('\n').map((line) => line.split(','));
  const suspects = (scores: string[][]) => [...new Set(scores.filter(([, score]) => Number(score) > 6).map(([meter]) => meter))].sort();
  const transformJobs = async (): Promise<string[]> => {
    const { TransformJobSummaries: jobs } = await cli().sageMaker('ListTransformJobs', { SortBy: 'CreationTime', SortOrder: 'Ascending' });
    return jobs.map((job: { TransformJobName: string }) => job.TransformJobName);
  };
  /** The training jobs that ran, but for the one that packs code. */
  const trained = async () => (await cli().jobs()).filter((name) => !name.includes('repack'));
  let first: string;

  test('deploys: the readings of the night are scored, each beside its meter', async () => {
    app = new AppFolder(cli(), 'meters', EXAMPLE);
    first = folderIn(await app.deployed());
    const scores = await scoresIn(first);
    expect(scores.map(([meter]) => meter)).toEqual(readingsOf('2026-01-05').map(([meter]) => meter));
    expect(suspects(scores)).toEqual(['m-04']);
    expect(await trained()).toHaveLength(1);
    expect((await cli().sageMaker('ListEndpoints')).Endpoints).toEqual([]);
  }, 10 * MINUTES);

  test('scores the next night with the same model, and leaves the scores of the night before where they are', async () => {
    const before = await cli().object(`${first}readings.csv.out`);
    const second = folderIn(await app.deployed('-c', 'night=2026-01-06'));
    expect(second).not.toBe(first);
    expect(suspects(await scoresIn(second))).toEqual(['m-01', 'm-09']);
    expect(await cli().object(`${first}readings.csv.out`)).toBe(before);
    expect(await trained()).toHaveLength(1);
    expect(await transformJobs()).toHaveLength(2);
  }, 5 * MINUTES);

  test('goes back to a night that was scored before, and launches nothing', async () => {
    expect(folderIn(await app.deployed())).toBe(first);
    expect(await transformJobs()).toHaveLength(2);
  }, 5 * MINUTES);

  test('scores again when the model was trained on something else', async () => {
    app.edit('data/train/readings.csv', /^0,.*$/m, '0,0.201');
    await app.deployed();
    expect(await trained()).toHaveLength(2);
    expect(await transformJobs()).toHaveLength(3);
  }, 5 * MINUTES);

  test('rolls back with the reason when the model can not answer a record', async () => {
    app.edit('data/nights/2026-01-05/readings.csv', /^m-02,3,.*$/m, 'm-02,3,broken');
    const { code, output } = await app.deploy();
    expect(code).not.toBe(0);
    expect(output).toMatch(/transform job \S+ ended as Failed/);
    expect(await cli().stackStatus(STACK)).toBe('UPDATE_ROLLBACK_COMPLETE');
  }, 5 * MINUTES);

  test('destroys: records and scores stay', async () => {
    await app.done('destroy', STACK, '--force');
    expect(await transformJobs()).toHaveLength(4);
    expect(suspects(await scoresIn(first))).toEqual(['m-04']);
  }, 3 * MINUTES);
});
