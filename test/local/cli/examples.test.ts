import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtCli, runCli, type Ended } from '../../support/built-cli';
import { canHavePackages } from '../support/python';

const ROOT = join(__dirname, '..', '..', '..');
const possible = canHavePackages('scikit-learn', 'numpy', 'pandas', 'joblib');
const testWithPython = possible ? test : test.skip;

interface Deployed {
  readonly outputs: { readonly [name: string]: string };
  /** `cdk-sagemaker <args>`, about what has been deployed. */
  readonly cli: (...args: string[]) => Promise<Ended>;
  readonly object: (s3Uri: string) => string;
}

/** Deploys an example to the local AWS, lets a test look at it, and destroys it. */
async function withDeployed(name: string, stack: string, look: (deployed: Deployed) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'example-'));
  const [app, state] = [join(folder, 'cdk.out'), join(folder, 'state')];
  const cli = (...args: string[]) => runCli(folder, [...args, '--state', state]);
  builtCli();
  try {
    execFileSync(process.execPath, ['--import', 'tsx', join(ROOT, 'examples', name, 'app.ts')], { cwd: ROOT, env: { ...process.env, ...paths(name), CDK_OUTDIR: app, CDK_CONTEXT_JSON: '{}' }, stdio: 'pipe' });
    const deployed = await cli('local', 'deploy', stack, '--app', app, '--json');
    try {
      expect(deployed.err).toBe('');
      const [{ ok, outputs }] = JSON.parse(deployed.out) as [{ ok: boolean; outputs: { [output: string]: string } }];
      expect(ok).toBe(true);
      const object = (s3Uri: string) => readFileSync(join(state, 's3', s3Uri.replace(/^s3:\/\/([^/]+)\//, '$1/objects/')), 'utf8');
      await look({ outputs, cli, object });
    } finally {
      expect(await cli('local', 'destroy', stack)).toMatchObject({ code: 0 });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Where an example with a package of its own finds that. */
function paths(name: string): { readonly [variable: string]: string } {
  const tsconfig = join(ROOT, 'examples', name, 'tsconfig.json');
  return existsSync(tsconfig) ? { TSX_TSCONFIG_PATH: tsconfig } : {};
}

describe('cdk-sagemaker local deploy', () => {
  testWithPython('of examples/tune-and-deploy-best runs the training jobs, and the best one answers; analytics shows them all', () => withDeployed('tune-and-deploy-best', 'Churn', async ({ outputs, cli }) => {
    const { code, out } = await cli('analytics', 'Churn/Tune', '--local', '--json');
    expect(code).toBe(0);
    const rows = JSON.parse(out) as Array<{ TrainingJobName: string; FinalObjectiveValue: number }>;
    expect(rows).toHaveLength(4);
    const best = rows.reduce((one, other) => (other.FinalObjectiveValue > one.FinalObjectiveValue ? other : one));
    expect(outputs).toMatchObject({ BestJob: best.TrainingJobName, Auc: String(best.FinalObjectiveValue) });
  }), 300_000);

  testWithPython('of examples/nightly-batch-transform writes a score beside each meter', () => withDeployed('nightly-batch-transform', 'Meters', async ({ outputs, cli, object }) => {
    const lines = object(`${outputs.Scores}/readings.csv.out`).trim().split('\n');
    expect(lines).toHaveLength(288);
    expect(lines[0]).toMatch(/^m-01,\d+\.\d\d$/);
    expect((await cli('describe', 'Meters/Train/Model/Score', '--local')).out).toContain('Completed');
  }), 300_000);

  testWithPython('of examples/inference-pipeline serves both models in a row', () => withDeployed('inference-pipeline', 'Rents', async ({ cli }) => {
    const { code, out } = await cli('local', 'invoke', 'Rents', '--data', 'hill,80,1990,yes\nmeadows,80,1990,yes', '--content-type', 'text/csv', '--deserializer', 'json');
    expect(code).toBe(0);
    const [hill, meadows] = JSON.parse(out) as number[];
    expect(hill).toBeGreaterThan(meadows!);
  }), 300_000);

  testWithPython('of examples/canary-endpoint has alarms, and an endpoint that answers', () => withDeployed('canary-endpoint', 'Payments', async ({ cli }) => {
    expect(await cli('local', 'invoke', 'Payments', '--data', '[[900, 3, 500, 9]]', '--content-type', 'application/json')).toMatchObject({ code: 0, out: expect.stringMatching(/^\[(1\.0|0\.9\d*)\]/) });
  }), 300_000);

  testWithPython('of examples/async-scale-to-zero answers in S3', () => withDeployed('async-scale-to-zero', 'Sensors', async ({ outputs, cli }) => {
    const { code, out } = await cli('local', 'invoke', 'Sensors', '--async', '--data', '0,41.5,1.0\n1,41.5,5.0', '--content-type', 'text/csv', '--upload', `s3://${outputs.BucketName}/recordings/`, '--wait', '60');
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('[1]') });
  }), 300_000);

  testWithPython('of examples/platform-team trains in the network and with the key of the organization', () => withDeployed('platform-team', 'Claims', async ({ outputs, cli }) => {
    expect(Number(outputs.R2)).toBeGreaterThan(0.9);
    const described = (await cli('describe', 'Claims/Severity/Train', '--local')).out;
    expect(described).toContain('Completed');
  }), 300_000);
});
