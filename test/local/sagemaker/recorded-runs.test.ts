import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Containers } from '../../../lib/local/containers/containers';
import { ImageStore } from '../../../lib/local/images/image-store';
import { FakeEngine } from '../support/fake-engine';
import { ROLE, SageMakerBench } from '../support/sagemaker-bench';

// What the Python SDK's local mode gives the containers of these estimators was recorded; here it is said in our own words. Where
// ours is SageMaker's rather than the SDK's, docs/local-jobs.md says so.

const IMAGE = '123456789012.dkr.ecr.us-west-2.amazonaws.com/my-image:1.0';
const PYTORCH = '763104351884.dkr.ecr.us-west-2.amazonaws.com/pytorch-training:2.1-cpu-py310';
const JOB = 'my-image-2024-01-01-00-00-00-000';

interface Run {
  readonly image?: string;
  readonly algorithm?: object;
  readonly hyperparameters?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly instanceType?: string;
  /** Channel -> folder of this machine, below the bench's. */
  readonly channels?: Readonly<Record<string, string>>;
  /** Path in the container -> folder of this machine. */
  readonly volumes?: Readonly<Record<string, string>>;
  /** An archive in S3 with a train.py, where the hyperparameters say. */
  readonly code?: string;
}

interface Ran {
  /** `/opt/ml/…` -> where it is on this machine. */
  readonly mounts: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  /** The image and what comes after it. */
  readonly command: readonly string[];
  readonly config: Readonly<Record<'hyperparameters' | 'inputdataconfig' | 'resourceconfig', unknown>>;
  readonly folder: string;
  /** Key -> members of the archive. */
  readonly uploads: Readonly<Record<string, readonly string[]>>;
  readonly model: unknown;
}

/** The container that was recorded: it leaves a model and a file of output. */
const CONTAINER = `for each; do case "$each" in
*:/opt/ml/input) cp -r "\${each%%:*}/config" "$here/config" ;;
*:/opt/ml/model) echo weights > "\${each%%:*}/model.bin" ;;
*:/opt/ml/output) echo '{}' > "\${each%%:*}/data/metrics.json" ;;
esac; done`;

async function run({ image = IMAGE, algorithm, hyperparameters, environment, instanceType = 'ml.m5.large', channels = { training: 'data/train' }, volumes = {}, code }: Run): Promise<Ran> {
  const engine = new FakeEngine({ does: { image: 'exit 0', run: CONTAINER } });
  const bench = await SageMakerBench.open();
  try {
    const at = (path: string) => join(bench.folder, path);
    const folders = new Map([...Object.entries(channels).map(([name, path]) => [`/opt/ml/input/data/${name}`, at(path)] as const), ...Object.entries(volumes).map(([path, from]) => [path, at(from)] as const)]);
    for (const folder of folders.values()) { mkdirSync(folder, { recursive: true }); }
    if (code !== undefined) { await bench.archive(code, { 'train.py': '' }); }
    if (volumes['/opt/ml/code'] !== undefined) { writeFileSync(join(at(volumes['/opt/ml/code']), 'train.py'), ''); }
    const images = new ImageStore(at('images'));
    const { containers } = await Containers.open({ mode: 'container', folder: bench.folder, images }, engine.environment);
    bench.reopen({ containers, images, volumes: folders, region: 'us-west-2' });
    await bench.call('CreateTrainingJob', {
      TrainingJobName: JOB, RoleArn: ROLE, AlgorithmSpecification: { TrainingImage: image, TrainingInputMode: 'File', ...algorithm }, HyperParameters: hyperparameters, Environment: environment,
      InputDataConfig: Object.keys(channels).map((ChannelName) => ({ ChannelName, DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/not-asked-for' } } })),
      OutputDataConfig: { S3OutputPath: 's3://out' }, ResourceConfig: { InstanceType: instanceType, InstanceCount: 1, VolumeSizeInGB: 30 }, StoppingCondition: { MaxRuntimeInSeconds: 3600 },
    });
    const job = await bench.jobEnd(JOB);
    const args = engine.calls.find(([command]) => command === 'run') as string[];
    const values = (flag: string) => args.flatMap((arg, index) => (args[index - 1] === flag ? [arg] : []));
    const config = (name: string) => JSON.parse(readFileSync(join(engine.folder, 'config', `${name}.json`), 'utf8')) as unknown;
    return {
      mounts: Object.fromEntries(values('--volume').map((volume) => volume.split(':').reverse())) as Record<string, string>,
      environment: Object.fromEntries(values('--env').map((variable) => /^([^=]+)=(.*)$/.exec(variable)?.slice(1) as [string, string])),
      entrypoint: values('--entrypoint'),
      command: args.slice(args.indexOf(image)),
      config: { hyperparameters: config('hyperparameters'), inputdataconfig: config('inputdataconfig'), resourceconfig: config('resourceconfig') },
      folder: bench.folder,
      uploads: Object.fromEntries((await bench.s3.list('out')).map(({ key }) => [key, execFileSync('tar', ['-tzf', bench.s3.pathOf('out', key)]).toString().split('\n').filter((name) => !/(^|\/)$/.test(name))])),
      model: (job.ModelArtifacts as { S3ModelArtifacts?: string } | undefined)?.S3ModelArtifacts,
    };
  } finally {
    await bench.close();
    engine.close();
  }
}

const CHANNEL = { TrainingInputMode: 'File', S3DistributionType: 'FullyReplicated', RecordWrapperType: 'None' };
const FOLDERS = ['/opt/ml/checkpoints', '/opt/ml/input', '/opt/ml/model', '/opt/ml/output'];

describe('a recorded run of the Python SDK\'s local mode', () => {
  test('of an image with two channels, hyperparameters and a variable', async () => {
    const ran = await run({ hyperparameters: { a: '1', b: 'x' }, environment: { MY: 'env' }, channels: { train: 'data/train', test: 'data/test' } });
    expect(ran.command).toEqual([IMAGE, 'train']);
    expect(ran.entrypoint).toEqual([]);
    expect(ran.config.hyperparameters).toEqual({ a: '1', b: 'x' });
    expect(ran.config.inputdataconfig).toEqual({ train: CHANNEL, test: CHANNEL });
    expect(ran.config.resourceconfig).toMatchObject({ current_host: 'algo-1', hosts: ['algo-1'], network_interface_name: expect.any(String), current_instance_type: 'ml.m5.large' });
    expect(ran.environment).toMatchObject({ AWS_REGION: 'us-west-2', TRAINING_JOB_NAME: JOB, MY: 'env', AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' });
    expect(Object.keys(ran.mounts).sort()).toEqual([...FOLDERS.slice(0, 2), '/opt/ml/input/data/test', '/opt/ml/input/data/train', ...FOLDERS.slice(2)]);
    expect([ran.mounts['/opt/ml/input/data/train'], ran.mounts['/opt/ml/input/data/test']]).toEqual([join(ran.folder, 'data/train'), join(ran.folder, 'data/test')]);
    expect(ran.uploads).toEqual({ [`${JOB}/output/model.tar.gz`]: ['./model.bin'], [`${JOB}/output/output.tar.gz`]: ['./metrics.json'] });
    expect(ran.model).toBe(`s3://out/${JOB}/output/model.tar.gz`);
  });

  test('of an image with one folder, which is the channel training', async () => {
    const ran = await run({});
    expect(ran.config.hyperparameters).toEqual({});
    expect(ran.config.inputdataconfig).toEqual({ training: CHANNEL });
    expect(ran.mounts['/opt/ml/input/data/training']).toBe(join(ran.folder, 'data/train'));
  });

  test('with an entry point and arguments of its own', async () => {
    const ran = await run({ algorithm: { ContainerEntrypoint: ['/bin/sh', '/x.sh'], ContainerArguments: ['--a'] } });
    expect([...ran.entrypoint, ...ran.command.slice(1)]).toEqual(['/bin/sh', '/x.sh', '--a']);
  });

  test('of a model to go on with, which is a channel', async () => {
    const ran = await run({ channels: { training: 'data/train', model: 'data/test' } });
    expect(ran.config.inputdataconfig).toEqual({ training: CHANNEL, model: CHANNEL });
    expect(ran.mounts['/opt/ml/input/data/model']).toBe(join(ran.folder, 'data/test'));
  });

  const FRAMEWORK = { epochs: '1', lr: '0.1', n: '"x"', sagemaker_program: '"train.py"', sagemaker_container_log_level: '20', sagemaker_job_name: `"${JOB}"`, sagemaker_region: '"us-west-2"' };

  test('of a framework whose code is in S3: hyperparameters are as sent, but for where the code is', async () => {
    const ran = await run({ image: PYTORCH, code: `${JOB}/source/sourcedir.tar.gz`, hyperparameters: { ...FRAMEWORK, sagemaker_submit_directory: `"s3://data/${JOB}/source/sourcedir.tar.gz"` } });
    expect(ran.command).toEqual([PYTORCH, 'train']);
    expect(ran.config.hyperparameters).toEqual({ ...FRAMEWORK, sagemaker_submit_directory: '"/opt/ml/code"' });
    expect(Object.keys(ran.mounts).sort()).toEqual([FOLDERS[0], '/opt/ml/code', FOLDERS[1], '/opt/ml/input/data/training', ...FOLDERS.slice(2)]);
  });

  test('of a framework whose code stays where it lies', async () => {
    const hyperparameters = { ...FRAMEWORK, sagemaker_submit_directory: '"/opt/ml/code"' };
    const ran = await run({ image: PYTORCH, hyperparameters, volumes: { '/opt/ml/code': 'src' } });
    expect(ran.config.hyperparameters).toEqual(hyperparameters);
    expect(ran.mounts['/opt/ml/code']).toBe(join(ran.folder, 'src'));
  });

  test('of an image that could use a GPU is the same otherwise', async () => {
    const ran = await run({ instanceType: 'ml.g4dn.xlarge' });
    expect(ran.command).toEqual([IMAGE, 'train']);
    expect(ran.config.resourceconfig).toMatchObject({ current_instance_type: 'ml.g4dn.xlarge' });
  });
});
