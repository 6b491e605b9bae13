import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { RealCli } from './real-cli';

const ROOT = join(__dirname, '..', '..');
const MINUTES = 60_000;

/** The interpreter that ministack runs in, or why there is none. */
function ministackPython(): { readonly python: string } | { readonly missing: string } {
  try {
    return { python: execFileSync(process.execPath, [join(ROOT, 'scripts', 'venv.mjs'), join(ROOT, 'e2e', 'requirements.txt')], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim() };
  } catch (error) {
    return { missing: String((error as { stderr?: string }).stderr ?? error).trim().split('\n').at(-1) as string };
  }
}

/**
 * A group of tests with one ministack, bootstrapped. Where ministack can't be had they are skipped, and say why;
 * with CDK_SAGEMAKER_E2E=required they fail.
 *
 * @param tests gets a function that answers the command line, once tests run
 */
export function describeWithMinistack(name: string, tests: (cli: () => RealCli) => void): void {
  const found = ministackPython();
  const isRequired = process.env.CDK_SAGEMAKER_E2E === 'required';
  if ('missing' in found && !isRequired) { console.warn(`skipped: the CDK's command line needs ministack, which can't be had here: ${found.missing}`); }
  const group = 'missing' in found && !isRequired ? describe.skip : describe;
  group(name, () => {
    let cli: RealCli;

    beforeAll(async () => {
      if ('missing' in found) { throw new Error(`ministack can't be had here: ${found.missing}`); }
      cli = await RealCli.start(found.python);
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
