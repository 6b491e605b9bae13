import { join } from 'node:path';
import { AppFolder } from '../support/app-folder';
import { describeWithMinistack } from '../support/ministack';

const EXAMPLE = join(__dirname, '..', '..', 'examples', 'inference-pipeline');
const STACK = 'Rents';
const MINUTES = 60_000;

describeWithMinistack('The CDK\'s own command line, with examples/inference-pipeline', (cli) => {
  let app: AppFolder;
  let endpointName: string;

  const outputOf = (output: string, name: string) => new RegExp(`${STACK}\\.${name} = (\\S+)`).exec(output)?.[1] ?? '';
  /** Listings as people write them. */
  const rents = (...listings: string[]) => cli().ask(endpointName, listings.join('\n'), 'text/csv') as Promise<number[]>;

  test('deploys: raw listings go in, the encoder and the regressor make rents of them', async () => {
    app = new AppFolder(cli(), 'rents', EXAMPLE);
    const output = await app.deployed();
    endpointName = outputOf(output, 'EndpointName');
    expect(Number(outputOf(output, 'R2'))).toBeGreaterThan(0.9);
    const [small, large, hill] = await rents('meadows,30.0,1990,no', 'meadows,120.0,1990,no', 'hill,120.0,1990,no');
    expect(small).toBeGreaterThan(200);
    expect(large).toBeGreaterThan(2 * small!);
    expect(hill).toBeGreaterThan(1.3 * large!);
  }, 10 * MINUTES);

  test('refuses what the encoder refuses, and the regressor is not asked', async () => {
    await expect(rents('hill,120.0')).rejects.toThrow(/a line must have district, square metres, year and balcony/);
  }, 2 * MINUTES);

  test('with another regressor, trains that alone, and the encoder is the one it was', async () => {
    const before = await cli().jobs();
    app.edit('src/regressor.py', 'random_state=0)', 'random_state=0, n_estimators=20)');
    await app.deployed();
    const launched = (await cli().jobs()).filter((job) => !before.includes(job));
    expect(launched).toEqual([expect.stringMatching(/^rents-regressor-/)]);
    expect(await rents('hill,120.0,1990,no')).toHaveLength(1);
  }, 10 * MINUTES);

  test('destroys', async () => {
    await app.done('destroy', STACK, '--force');
    expect((await cli().sageMaker('ListEndpoints')).Endpoints).toEqual([]);
  }, 3 * MINUTES);
});
