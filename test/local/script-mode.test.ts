import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { PythonEnvironments } from '../../lib/local/python-environment';
import { canHavePackages } from './support/python';
import { ROLE, SageMakerBench, until } from './support/sagemaker-bench';

const EXAMPLE = join(__dirname, '..', '..', 'examples', 'script-mode');
const IMAGE = '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3';
const CHANNELS = ['train', 'validation', 'stop-words'];
const possible = canHavePackages('scikit-learn', 'numpy', 'pandas', 'joblib', 'snowballstemmer');

/** Path in a folder -> content. */
function filesOf(folder: string): { [path: string]: string } {
  const paths = readdirSync(folder, { recursive: true }).map((path) => join(folder, String(path)));
  return Object.fromEntries(paths.filter((path) => statSync(path).isFile() && !path.includes('__pycache__')).sort().map((path) => [relative(folder, path), readFileSync(path, 'utf8')]));
}

const rowsOf = (part: string) => readFileSync(join(EXAMPLE, 'data', part, 'messages.csv'), 'utf8').trim().split('\n').slice(1).map((line) => {
  const [, team, message] = /^(\w+),(.*)$/.exec(line) as unknown as [string, string, string];
  return { team, message: message.replace(/^"|"$/g, '') };
});

test('the messages of the example are what its generator writes, and none of the held ones is learned', () => {
  const folder = mkdtempSync(join(tmpdir(), 'messages-'));
  try {
    execFileSync('python3', [join(EXAMPLE, 'generate.py'), folder]);
    const { 'README.md': _, ...data } = filesOf(join(EXAMPLE, 'data'));
    expect(data).toEqual(filesOf(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
  const learned = new Set(rowsOf('train').map(({ message }) => message));
  expect(rowsOf('validation').filter(({ message }) => learned.has(message))).toEqual([]);
});

test('the source folder of the example is a package, two scripts, and a requirements.txt with what the image lacks', () => {
  const files = Object.keys(filesOf(join(EXAMPLE, 'src')));
  expect(files).toEqual(expect.arrayContaining(['train.py', 'inference.py', 'requirements.txt', join('routing', '__init__.py')]));
  expect(readFileSync(join(EXAMPLE, 'src', 'requirements.txt'), 'utf8').split('\n').filter((line) => /^\w/.test(line))).toEqual([expect.stringMatching(/^snowballstemmer==/)]);
});

(possible ? test : test.skip)(`the folder of modules trains and serves with its requirement${possible ? '' : ' (skipped: scikit-learn or snowballstemmer can not be had from a package index)'}`, async () => {
  const bench = await SageMakerBench.open({ python: new PythonEnvironments() });
  try {
    for (const channel of CHANNELS) {
      for (const [name, content] of Object.entries(filesOf(join(EXAMPLE, 'data', channel)))) { await bench.s3.put('data', `messages/${channel}/${name}`, content); }
    }
    const source = await bench.archive('example/sourcedir.tar.gz', filesOf(join(EXAMPLE, 'src')));
    await bench.call('CreateTrainingJob', await bench.trainingRequest('router', '', {
      AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: 'File', MetricDefinitions: [{ Name: 'validation:accuracy', Regex: 'validation_accuracy=([0-9.]+)' }] },
      HyperParameters: { sagemaker_submit_directory: JSON.stringify(source), epochs: '6', alpha: '0.0001', averaged: 'true', language: '"english"', ignore: '["please", "hello", "hi"]' },
      InputDataConfig: CHANNELS.map((name) => ({ ChannelName: name, DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `s3://data/messages/${name}/` } } })),
      StoppingCondition: { MaxRuntimeInSeconds: 900 },
    }));
    const job = await until(() => bench.call('DescribeTrainingJob', { TrainingJobName: 'router' }), (each) => /Completed|Failed/.test(each.TrainingJobStatus as string), 900);
    expect(job.FailureReason).toBeUndefined();
    // 27 words of the file, and three more of the hyperparameter that is a list
    expect(bench.logOf('router')).toContain('messages=320 stop_words=30');
    expect(bench.logOf('router')).toMatch(/epoch=6 train_accuracy=[\d.]+/);
    const [metric] = job.FinalMetricDataList as Array<{ MetricName: string; Value: number }>;
    expect(metric?.Value).toBeGreaterThan(0.9);

    await bench.call('CreateModel', {
      ModelName: 'router', ExecutionRoleArn: ROLE,
      PrimaryContainer: {
        Image: IMAGE, ModelDataUrl: (job.ModelArtifacts as { S3ModelArtifacts: string }).S3ModelArtifacts,
        Environment: { SAGEMAKER_PROGRAM: 'inference.py', SAGEMAKER_SUBMIT_DIRECTORY: source },
      },
    });
    await bench.config('router', { router: 1 });
    await bench.call('CreateEndpoint', { EndpointName: 'router', EndpointConfigName: 'router' });
    expect((await bench.endpointAtRest('router')).FailureReason).toBeUndefined();
    const held = rowsOf('validation');
    const answers = JSON.parse(await bench.ask('router', JSON.stringify(held.map(({ message }) => message)))) as Array<{ team: string; probability: number }>;
    expect(answers.filter(({ team }, index) => team === held[index]?.team).length).toBeGreaterThan(held.length * 0.9);
    await expect(bench.ask('router', '{"message": "where is my parcel"}')).rejects.toMatchObject({ name: 'ModelError', details: { OriginalStatusCode: 400 } });
  } finally {
    await bench.close();
  }
}, 1_200_000);
