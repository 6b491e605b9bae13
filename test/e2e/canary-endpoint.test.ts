import { join } from 'node:path';
import { AppFolder } from '../support/app-folder';
import { describeWithMinistack } from '../support/ministack';

const EXAMPLE = join(__dirname, '..', '..', 'examples', 'canary-endpoint');
const STACK = 'Payments';
const MINUTES = 60_000;
const PAYMENT = [[900, 3, 500, 9]];

describeWithMinistack('The CDK\'s own command line, with examples/canary-endpoint', (cli) => {
  let app: AppFolder;
  let endpointName: string;

  const endpoint = () => cli().sageMaker('DescribeEndpoint', { EndpointName: endpointName });
  /** Payments are asked about as long as something goes on; the answers, and what could not be answered. */
  const asking = async <T>(work: Promise<T>): Promise<{ result: T; answers: Set<string>; failures: string[] }> => {
    const [answers, failures] = [new Set<string>(), [] as string[]];
    let isDone = false;
    const asked = (async () => {
      while (!isDone) {
        await cli().invoke(endpointName, PAYMENT).then((answer) => answers.add(JSON.stringify(answer)), (error: Error) => failures.push(error.message));
        await new Promise((resolve) => { setTimeout(resolve, 20); });
      }
    })();
    const result = await work.finally(() => { isDone = true; });
    await asked;
    return { result, answers, failures };
  };

  test('deploys, and has alarms by the endpoint\'s own metrics', async () => {
    app = new AppFolder(cli(), 'payments', EXAMPLE);
    endpointName = new RegExp(`${STACK}\\.EndpointName = (\\S+)`).exec(await app.deployed())?.[1] ?? '';
    const [probability] = await cli().invoke(endpointName, PAYMENT);
    expect(probability).toBeGreaterThan(0.9);
  }, 10 * MINUTES);

  test('moves to another model by a canary, and answers every request meanwhile', async () => {
    const before = (await endpoint()).EndpointConfigName;
    app.edit('app.ts', 'strength: 1 ', 'strength: 0.001 ');
    const { answers, failures } = await asking(app.deployed());
    expect(failures).toEqual([]);
    expect(answers.size).toBe(2);
    expect((await endpoint()).EndpointConfigName).not.toBe(before);
  }, 10 * MINUTES);

  test('goes back when the new model fails: the alarm is named, the stack rolls back, the configuration in service stays', async () => {
    const [{ EndpointConfigName: before }, answer] = [await endpoint(), await cli().invoke(endpointName, PAYMENT)];
    app.edit('src/inference.py', 'return model.predict_proba(rows)[:, 1]', 'raise RuntimeError("broken on purpose")');
    const { result: { code, output }, failures } = await asking(app.deploy());
    expect(code).not.toBe(0);
    expect(output).toMatch(/Invocation5XXErrors/);
    expect(failures.length).toBeGreaterThan(0);             // the canary's share
    expect(await cli().stackStatus(STACK)).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await endpoint()).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: before });
    await expect(cli().sageMaker('DescribeEndpointConfig', { EndpointConfigName: before })).resolves.toBeDefined();
    expect(await cli().invoke(endpointName, PAYMENT)).toEqual(answer);
  }, 10 * MINUTES);

  test('destroys', async () => {
    await app.done('destroy', STACK, '--force');
    expect((await cli().sageMaker('ListEndpoints')).Endpoints).toEqual([]);
  }, 3 * MINUTES);
});
