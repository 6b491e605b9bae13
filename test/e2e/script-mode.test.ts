import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppFolder } from '../support/app-folder';
import { describeWithMinistack } from '../support/ministack';

const EXAMPLE = join(__dirname, '..', '..', 'examples', 'script-mode');
const STACK = 'Router';
const MINUTES = 60_000;

/** Messages that no job learns from. */
const held = readFileSync(join(EXAMPLE, 'data', 'validation', 'messages.csv'), 'utf8').trim().split('\n').slice(1).map((line) => {
  const [, team, message] = /^(\w+),"?(.*?)"?$/.exec(line) as unknown as [string, string, string];
  return { team, message };
});

describeWithMinistack('The CDK\'s own command line, with examples/script-mode', (cli) => {
  let app: AppFolder;
  let endpointName: string;

  const rightOnes = async () => {
    const answers = await cli().invoke(endpointName, held.map(({ message }) => message)) as Array<{ team: string }>;
    return answers.filter(({ team }, index) => team === held[index]?.team).length / held.length;
  };
  const describeJob = (name: string) => cli().sageMaker('DescribeTrainingJob', { TrainingJobName: name });

  test('deploys: the modules and the requirement of the source folder are there in the job and behind the endpoint', async () => {
    app = new AppFolder(cli(), 'router', EXAMPLE);
    const output = await app.deployed();
    endpointName = /Router\.EndpointName = (\S+)/.exec(output)![1]!;
    expect(Number(/Router\.Accuracy = (\S+)/.exec(output)![1])).toBeGreaterThan(0.9);
    expect(await rightOnes()).toBeGreaterThan(0.9);
    const [job] = (await cli().jobs()).filter((name) => !name.includes('repack'));
    expect(await cli().jobs()).toHaveLength(2);              // the one that trained, and the one that packed its code
    const { HyperParameters, InputDataConfig } = await describeJob(job!);
    expect(HyperParameters).toMatchObject({ epochs: '8', alpha: '0.0001', averaged: 'true', language: '"english"', ignore: '["please", "hello", "hi"]' });
    expect(InputDataConfig.map(({ ChannelName }: { ChannelName: string }) => ChannelName).sort()).toEqual(['stop-words', 'train', 'validation']);
  }, 10 * MINUTES);

  test('has nothing to do when nothing has changed', async () => {
    expect(await app.deployed()).toContain('(no changes)');
    expect(await cli().jobs()).toHaveLength(2);
  }, 2 * MINUTES);

  test('trains again when a module changes that is not the entry point', async () => {
    app.edit('src/routing/text.py', '[a-z\']+', '[a-z]+');
    await app.deployed();
    expect(await cli().jobs()).toHaveLength(4);
    expect(await rightOnes()).toBeGreaterThan(0.9);
  }, 5 * MINUTES);

  test('rolls back with the traceback of a module that is broken; the endpoint does not move', async () => {
    app.edit('src/routing/model.py', /(def learn\(.*\n)/, '$1        raise RuntimeError("broken by the test")\n');
    const { code, output } = await app.deploy();
    expect(code).not.toBe(0);
    expect(output).toContain('File "/opt/ml/code/routing/model.py"');
    expect(output).toContain('RuntimeError: broken by the test');
    expect(await cli().stackStatus(STACK)).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await cli().jobs()).toHaveLength(5);
    expect(await rightOnes()).toBeGreaterThan(0.9);
  }, 5 * MINUTES);

  test('destroys: no endpoint, no model is left, records stay', async () => {
    await app.done('destroy', STACK, '--force');
    expect((await cli().sageMaker('ListEndpoints')).Endpoints).toEqual([]);
    expect((await cli().sageMaker('ListModels')).Models).toEqual([]);
    expect(await cli().jobs()).toHaveLength(5);
    expect(await cli().stackStatus(STACK)).toBeUndefined();
  }, 3 * MINUTES);
});
