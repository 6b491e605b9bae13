import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppFolder } from '../support/app-folder';
import { describeWithMinistack } from '../support/ministack';

const EXAMPLE = join(__dirname, '..', '..', 'examples', 'bring-your-own-container');
const STACK = 'Rentals';
const MINUTES = 60_000;

/** Hours that no job learns from. */
const [header = [], ...lines] = readFileSync(join(EXAMPLE, 'data', 'validation', 'rentals.csv'), 'utf8').trim().split('\n').map((line) => line.split(','));
const held = lines.map((line) => Object.fromEntries(line.map((cell, index) => [header[index] as string, Number(cell)])));

describeWithMinistack('The CDK\'s own command line, with examples/bring-your-own-container', (cli) => {
  let app: AppFolder;
  let endpointName: string;

  const describeJob = (name: string) => cli().sageMaker('DescribeTrainingJob', { TrainingJobName: name });
  /** How far the endpoint is from the truth, in bicycles. */
  const error = async () => {
    const { rentals } = await cli().invoke(endpointName, held) as { rentals: number[] };
    return Math.sqrt(held.reduce((sum, hour, index) => sum + (hour.rentals! - rentals[index]!) ** 2, 0) / held.length);
  };

  test('builds and pushes one image for the job and the model, trains with it and serves with it', async () => {
    app = new AppFolder(cli(), 'rentals', EXAMPLE);
    const output = await app.deployed();
    endpointName = /Rentals\.EndpointName = (\S+)/.exec(output)![1]!;
    expect(Number(/Rentals\.Error = (\S+)/.exec(output)![1])).toBeLessThan(8);
    expect(await error()).toBeLessThan(8);
    expect(cli().dockerCommands().filter((command) => /^(build|push)/.test(command))).toEqual([
      expect.stringMatching(/^build .*--platform linux\/amd64 \.$/), expect.stringMatching(/^push \S+\/cdk-hnb659fds-container-assets-123456789012-us-east-1:[0-9a-f]{64}$/),
    ]);
    const [job] = await cli().jobs();
    const { AlgorithmSpecification, HyperParameters } = await describeJob(job!);
    expect(HyperParameters).toEqual({ 'epochs': '400', 'learning-rate': '0.5' });
    const { EndpointConfigName } = await cli().sageMaker('DescribeEndpoint', { EndpointName: endpointName });
    const { ProductionVariants } = await cli().sageMaker('DescribeEndpointConfig', { EndpointConfigName });
    const { PrimaryContainer } = await cli().sageMaker('DescribeModel', { ModelName: ProductionVariants[0].ModelName });
    expect(PrimaryContainer.Image).toBe(AlgorithmSpecification.TrainingImage);
  }, 5 * MINUTES);

  test('has nothing to do when nothing has changed', async () => {
    expect(await app.deployed()).toContain('(no changes)');
    expect(await cli().jobs()).toHaveLength(1);
  }, 2 * MINUTES);

  test('trains again when a program of the image changes, and serves with the new image', async () => {
    app.edit('container/serve', '"rentals": predictions', '"rentals": predictions, "image": "second"');
    await app.deployed();
    const jobs = await cli().jobs();
    expect(jobs).toHaveLength(2);
    expect((await cli().invoke(endpointName, held.slice(0, 1))).image).toBe('second');
  }, 5 * MINUTES);

  test('rolls back with what the image has written to /opt/ml/output/failure; the endpoint does not move', async () => {
    app.edit('app.ts', "'epochs': 400", "'epochs': 'many'");
    const { code, output } = await app.deploy();
    expect(code).not.toBe(0);
    expect(output).toContain("AlgorithmError: ValueError: invalid literal for int() with base 10: 'many', exit code: 255");
    expect(await cli().stackStatus(STACK)).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await cli().jobs()).toHaveLength(3);
    expect(await error()).toBeLessThan(8);
  }, 5 * MINUTES);

  test('destroys: no endpoint, no model is left, records stay', async () => {
    await app.done('destroy', STACK, '--force');
    expect((await cli().sageMaker('ListEndpoints')).Endpoints).toEqual([]);
    expect((await cli().sageMaker('ListModels')).Models).toEqual([]);
    expect(await cli().jobs()).toHaveLength(3);
    expect(await cli().stackStatus(STACK)).toBeUndefined();
  }, 3 * MINUTES);
});
