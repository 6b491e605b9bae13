import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PythonEnvironments } from '../../lib/local/python-environment';
import { canHavePackages } from './support/python';
import { ROLE, SageMakerBench, until } from './support/sagemaker-bench';

const EXAMPLE = join(__dirname, '..', '..', 'examples', 'train-and-deploy');
const IMAGE = '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3';
const possible = canHavePackages('scikit-learn', 'numpy', 'pandas', 'joblib');

const rowsOf = (part: string) => readFileSync(join(EXAMPLE, 'data', part, 'digits.csv'), 'utf8').trim().split('\n').slice(1).map((line) => line.split(',').map(Number));

test('the digits of the example are all there, and none of the tested ones is trained on', () => {
  const [train, held] = [rowsOf('train'), rowsOf('test')];
  expect([train.length, held.length]).toEqual([1438, 359]);
  expect([...train, ...held].every((row) => row.length === 65 && row.every((value, index) => Number.isInteger(value) && value >= 0 && value <= (index === 0 ? 9 : 16)))).toBe(true);
  expect(new Set(held.map((row) => row[0])).size).toBe(10);
  const trained = new Set(train.map(String));
  expect(held.filter((row) => trained.has(String(row)))).toEqual([]);
});

(possible ? test : test.skip)(`the scripts of the example train on real digits and serve the model${possible ? '' : ' (skipped: scikit-learn is not installed and can not be had from a package index)'}`, async () => {
  const bench = await SageMakerBench.open({ python: new PythonEnvironments() });
  try {
    for (const part of ['train', 'test']) { await bench.s3.put('data', `digits/${part}/digits.csv`, readFileSync(join(EXAMPLE, 'data', part, 'digits.csv'))); }
    const files = Object.fromEntries(readdirSync(join(EXAMPLE, 'src')).filter((name) => name.endsWith('.py')).map((name) => [name, readFileSync(join(EXAMPLE, 'src', name), 'utf8')]));
    const source = await bench.archive('example/sourcedir.tar.gz', files);
    const channel = (name: string) => ({ ChannelName: name, DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `s3://data/digits/${name}/` } } });
    await bench.call('CreateTrainingJob', await bench.trainingRequest('digits', '', {
      AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: 'File', MetricDefinitions: [{ Name: 'test:accuracy', Regex: 'test_accuracy=([0-9.]+)' }] },
      HyperParameters: { sagemaker_submit_directory: JSON.stringify(source), epochs: '15' },
      InputDataConfig: [channel('train'), channel('test')],
      StoppingCondition: { MaxRuntimeInSeconds: 600 },
    }));
    const job = await until(() => bench.call('DescribeTrainingJob', { TrainingJobName: 'digits' }), (each) => /Completed|Failed/.test(each.TrainingJobStatus as string), 600);
    expect(job.FailureReason).toBeUndefined();
    expect(bench.logOf('digits')).toMatch(/epoch=15 train_loss=0\.\d+/);
    const [metric] = job.FinalMetricDataList as Array<{ MetricName: string; Value: number }>;
    expect(metric?.MetricName).toBe('test:accuracy');
    expect(metric?.Value).toBeGreaterThan(0.9);

    await bench.call('CreateModel', {
      ModelName: 'digits', ExecutionRoleArn: ROLE,
      PrimaryContainer: {
        Image: IMAGE, ModelDataUrl: (job.ModelArtifacts as { S3ModelArtifacts: string }).S3ModelArtifacts,
        Environment: { SAGEMAKER_PROGRAM: 'inference.py', SAGEMAKER_SUBMIT_DIRECTORY: source },
      },
    });
    await bench.config('digits', { digits: 1 });
    await bench.call('CreateEndpoint', { EndpointName: 'digits', EndpointConfigName: 'digits' });
    expect((await bench.endpointAtRest('digits')).FailureReason).toBeUndefined();
    const held = rowsOf('test').slice(0, 50);
    const answers = JSON.parse(await bench.ask('digits', JSON.stringify(held.map((row) => row.slice(1))))) as Array<{ digit: number; probability: number }>;
    expect(answers.filter((answer, index) => answer.digit === held[index]?.[0]).length).toBeGreaterThan(45);
    const csv = await bench.sageMaker.invoke('digits', { body: Buffer.from((held[0] as number[]).slice(1).join(',')), contentType: 'text/csv' });
    expect(JSON.parse(csv.body.toString())).toEqual([answers[0]]);
    await expect(bench.ask('digits', '[[1,2,3]]')).rejects.toMatchObject({ name: 'ModelError', details: { OriginalStatusCode: 400 } });
  } finally {
    await bench.close();
  }
}, 900_000);
