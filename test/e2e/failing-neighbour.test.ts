import { join } from 'node:path';
import { AppFolder } from '../support/app-folder';
import { describeWithMinistack } from '../support/ministack';

const MINUTES = 60_000;
const STACK = 'Long';
const NEIGHBOUR = /\nconst neighbour[\s\S]*$/;

describeWithMinistack('The CDK\'s own command line, with another resource that fails while a job runs', (cli) => {
  let app: AppFolder;

  const statuses = async () => {
    const jobs = await cli().jobs();
    return Promise.all(jobs.map(async (job) => (await cli().sageMaker('DescribeTrainingJob', { TrainingJobName: job })).TrainingJobStatus));
  };

  test('stops the job of a first deployment', async () => {
    app = new AppFolder(cli(), 'long', join(__dirname, '..', 'support', 'long-job'));
    const { code, output } = await app.deploy();
    expect(code).not.toBe(0);
    expect(output).toContain('no-such-model');
    expect(await cli().stackStatus(STACK)).toBe('ROLLBACK_COMPLETE');
    expect(await statuses()).toEqual(['Stopped']);
  }, 3 * MINUTES);

  test('stops the job of an update, and leaves the one before alone', async () => {
    const neighbour = NEIGHBOUR.exec(app.read('app.ts'))![0];
    app.edit('app.ts', NEIGHBOUR, '');
    await app.deployed();
    expect(await statuses()).toEqual(['Stopped', 'InProgress']);
    app.edit('app.ts', 'round: 1', 'round: 2');
    app.edit('app.ts', /$/, neighbour);
    expect((await app.deploy()).code).not.toBe(0);
    expect(await cli().stackStatus(STACK)).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await statuses()).toEqual(['Stopped', 'InProgress', 'Stopped']);
  }, 4 * MINUTES);

  test('stops a job that runs when the stack is destroyed', async () => {
    await app.done('destroy', STACK, '--force');
    expect(await cli().stackStatus(STACK)).toBeUndefined();
    expect(await statuses()).toEqual(['Stopped', 'Stopped', 'Stopped']);
  }, 2 * MINUTES);
});
