import { join } from 'node:path';
import { describeWithPython } from './python-with';
import { RealCli } from './real-cli';

const REQUIREMENTS = join(__dirname, '..', '..', 'e2e', 'requirements.txt');
const MINUTES = 60_000;

/**
 * A group of tests with one ministack, bootstrapped. Where ministack can't be had they are skipped, and say why;
 * with CDK_SAGEMAKER_E2E=required they fail.
 *
 * @param tests gets a function that answers the command line, once tests run
 */
export function describeWithMinistack(name: string, tests: (cli: () => RealCli) => void): void {
  describeWithPython(name, REQUIREMENTS, "the CDK's command line needs ministack", (python) => {
    let cli: RealCli;

    beforeAll(async () => {
      cli = await RealCli.start(python());
      const { code, output } = await cli.cdk(cli.folder, 'bootstrap', 'aws://123456789012/us-east-1');
      if (code !== 0) { throw new Error(output); }
    }, 5 * MINUTES);

    afterAll(() => cli?.dispose(), MINUTES);

    tests(() => cli);

    test('leaves no process and no port behind', async () => {
      expect(cli.listeners().length).toBeGreaterThan(0);
      expect(cli.listeners().filter((address) => !address.startsWith('127.0.0.1:'))).toEqual([]);
      await cli.stop();
      expect(await cli.left()).toEqual({ ports: [], processes: [] });
      expect(cli.deaths).toEqual([]);
    }, MINUTES);
  });
}
