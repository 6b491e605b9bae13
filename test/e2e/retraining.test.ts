import { join } from 'node:path';
import { AppFolder } from '../support/app-folder';
import { describeWithMinistack } from '../support/ministack';

const EXAMPLE = join(__dirname, '..', '..', 'examples', 'retraining');
const MINUTES = 60_000;

// the workflow itself runs in test/local/cli/retraining.test.ts: ministack has no tasks of SageMaker
describeWithMinistack('The CDK\'s own command line, with examples/retraining', (cli) => {
  let app: AppFolder;
  let endpointName: string;
  const answer = async () => await cli().invoke(endpointName, [[20, 0, 1]]) as { days: number; hired: number[] };

  test('deploys a stack that learns, with its workflow, and then one that serves what it has published', async () => {
    app = new AppFolder(cli(), 'bikes', EXAMPLE);
    endpointName = /BikesServing\.EndpointName = (\S+)/.exec(await app.deployed())![1]!;
    expect((await answer()).days).toBe(365);
    expect(await cli().jobs()).toHaveLength(1);
    expect(await cli().stackStatus('BikesLearning')).toBe('CREATE_COMPLETE');
  }, 10 * MINUTES);

  test('has nothing to do when nothing has changed', async () => {
    expect(await app.deployed()).toContain('(no changes)');
    expect(await cli().jobs()).toHaveLength(1);
  }, 3 * MINUTES);

  test('a workflow that changes trains nothing', async () => {
    app.edit('app.ts', 'hour: \'4\'', 'hour: \'5\'');
    await app.deployed();
    expect(await cli().jobs()).toHaveLength(1);
    expect(await cli().stackStatus('BikesLearning')).toBe('UPDATE_COMPLETE');
  }, 3 * MINUTES);

  test('destroys both', async () => {
    await app.done('destroy', '--all', '--force');
    expect((await cli().sageMaker('ListEndpoints')).Endpoints).toEqual([]);
    expect(await cli().stackStatus('BikesLearning')).toBeUndefined();
    expect(await cli().stackStatus('BikesServing')).toBeUndefined();
  }, 3 * MINUTES);
});
