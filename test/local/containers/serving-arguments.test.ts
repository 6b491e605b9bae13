import { join } from 'node:path';
import { Containers } from '../../../lib/local/containers/containers';
import { ImageStore } from '../../../lib/local/images/image-store';
import { FakeEngine } from '../support/fake-engine';
import { ROLE, SageMakerBench, until } from '../support/sagemaker-bench';

const IMAGE = '123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1';

/** What an engine that has every image, and starts none, is told to run for this model. */
async function runOf(name: 'docker' | 'podman', container: object, { model = {}, variant = { InstanceType: 'ml.m5.large', InitialInstanceCount: 1 } as object } = {}) {
  const engine = new FakeEngine({ name, does: { image: 'echo id', run: 'echo "Error: nothing runs here" >&2; exit 125', info: 'echo false' } });
  const bench = await SageMakerBench.open();
  try {
    const { containers } = await Containers.open({ mode: 'container', folder: bench.folder, images: new ImageStore(join(bench.folder, 'images')) }, engine.environment);
    bench.reopen({ containers });
    await bench.archive('model.tar.gz', { 'text.txt': 'one' });
    await bench.archive('code.tar.gz', { 'inference.py': '' });
    await bench.call('CreateModel', { ModelName: 'm', ExecutionRoleArn: ROLE, PrimaryContainer: { Image: IMAGE, ...container }, ...model });
    await bench.call('CreateEndpointConfig', { EndpointConfigName: 'm', ProductionVariants: [{ VariantName: 'v', ModelName: 'm', ...variant }] });
    await bench.call('CreateEndpoint', { EndpointName: 'm', EndpointConfigName: 'm' });
    const { FailureReason: reason } = await bench.endpointAtRest('m');
    await until(() => Promise.resolve(engine.calls), (calls) => calls.some(([command]) => command === 'rm'));
    const run = engine.calls.find(([command]) => command === 'run')!;
    // Names are of this process, folders of this test.
    return { reason, run: run.map((arg) => arg.replace(/^cdk-sagemaker-.*-serving$/, 'NAME').replace(containers!.label, 'LABEL').replace(/^\/.*?(\/opt\/ml\/model|\/models):\/opt/, 'HERE$1:/opt')) };
  } finally {
    await bench.close();
    engine.close();
  }
}

const HEAD = ['run', '--name', 'NAME', '--label', 'LABEL', '--log-driver', 'none', '--pull', 'never', '--security-opt', 'label=disable'];
const CREDENTIALS = ['--env', 'AWS_REGION=us-east-1', '--env', 'AWS_DEFAULT_REGION=us-east-1', '--env', 'AWS_ACCESS_KEY_ID=local', '--env', 'AWS_SECRET_ACCESS_KEY=local'];
const GIBIBYTE = 1024 ** 3;
/** That of an instance type is a limit only where this machine has more. */
const withoutMemory = (run: readonly string[]) => run.filter((arg, index) => !/^--memory/.test(arg) && !/^--memory/.test(run[index - 1] ?? ''));

describe('The container of a model', () => {
  test.each(['docker', 'podman'] as const)('is told %s in full, and fails with what it says', async (name) => {
    const { run, reason } = await runOf(name, { ModelDataUrl: 's3://data/model.tar.gz', Environment: { MINE: 'a b' } });
    expect(withoutMemory(run)).toEqual([
      ...HEAD, ...name === 'podman' ? ['--http-proxy=false'] : [], '--network', 'bridge', '--publish', '127.0.0.1::8080', '--volume', 'HERE/opt/ml/model:/opt/ml/model:ro', ...CREDENTIALS, '--env', 'MINE=a b', IMAGE, 'serve',
    ]);
    expect(reason).toBe('CannotStartContainerError. The container of production variant v does not start with "docker run <image> serve": Error: nothing runs here');
  });

  test('has nothing mounted without data, the memory of a serverless variant, and a multi-model container its models', async () => {
    const serverless = { ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 1 } };
    expect((await runOf('docker', {}, { variant: serverless })).run).toEqual([...HEAD, '--network', 'bridge', '--publish', '127.0.0.1::8080', '--memory', String(GIBIBYTE), '--memory-swap', String(GIBIBYTE), ...CREDENTIALS, IMAGE, 'serve']);
    expect(withoutMemory((await runOf('docker', { Mode: 'MultiModel', ModelDataUrl: 's3://data/models/' })).run)).toEqual([
      ...HEAD, '--network', 'bridge', '--publish', '127.0.0.1::8080', '--volume', 'HERE/models:/opt/ml/models:ro', '--env', 'SAGEMAKER_MULTI_MODEL=true', ...CREDENTIALS, IMAGE, 'serve',
    ]);
  });

  test('finds code of S3 in its model\'s folder', async () => {
    const { run } = await runOf('docker', { Environment: { SAGEMAKER_PROGRAM: 'inference.py', SAGEMAKER_SUBMIT_DIRECTORY: 's3://data/code.tar.gz' } });
    expect(run).toEqual(expect.arrayContaining(['HERE/opt/ml/model:/opt/ml/model:ro', 'SAGEMAKER_PROGRAM=inference.py', 'SAGEMAKER_SUBMIT_DIRECTORY=/opt/ml/model/code']));
  });

  // What a user without rights does is up to the engine.
  (process.platform === 'linux' && process.geteuid?.() === 0 ? test : test.skip)('has neither network nor credentials when it is isolated', async () => {
    const { run } = await runOf('docker', { ModelDataUrl: 's3://data/model.tar.gz' }, { model: { EnableNetworkIsolation: true }, variant: { ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 1 } } });
    expect(run).toEqual([...HEAD, '--network', 'none', '--memory', String(GIBIBYTE), '--memory-swap', String(GIBIBYTE), '--volume', 'HERE/opt/ml/model:/opt/ml/model:ro', '--env', 'AWS_REGION=us-east-1', IMAGE, 'serve']);
  });
});
