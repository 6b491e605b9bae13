import { SageMakerBench, until } from '../support/sagemaker-bench';

const FOREVER = 'import time\nprint("begun")\nwhile True: time.sleep(0.05)';

async function benchWith<T>(use: (bench: SageMakerBench) => Promise<T>): Promise<T> {
  const bench = await SageMakerBench.open();
  try {
    return await use(bench);
  } finally {
    await bench.close();
  }
}

describe('a local SageMaker on the folder of a former one', () => {
  test('knows its jobs, and fails those whose process has gone', () => benchWith(async (bench) => {
    await bench.train('done', 'print("fine")', { Tags: [{ Key: 'a', Value: 'b' }] });
    await bench.call('CreateTrainingJob', await bench.trainingRequest('cut', FOREVER));
    await until(async () => bench.logOf('cut'), (log) => log.includes('begun'));
    const before = await bench.call('DescribeTrainingJob', { TrainingJobName: 'done' });
    await bench.sageMaker.close();
    bench.reopen();
    expect(await bench.call('DescribeTrainingJob', { TrainingJobName: 'done' })).toEqual(before);
    expect(await bench.call('ListTags', { ResourceArn: before.TrainingJobArn })).toEqual({ Tags: [{ Key: 'a', Value: 'b' }] });
    const cut = await bench.call('DescribeTrainingJob', { TrainingJobName: 'cut' });
    expect(cut).toMatchObject({ TrainingJobStatus: 'Failed', FailureReason: expect.stringMatching(/^InternalServerError/) });
  }));

  test('runs a job again that asked for retries', () => benchWith(async (bench) => {
    const script = 'import os, time\npath = os.path.join(os.environ["SAGEMAKER_BASE_DIR"], "..", "..", "mark")\nif os.path.exists(path): raise SystemExit(0)\nopen(path, "w").close()\nprint("begun")\ntime.sleep(600)';
    await bench.call('CreateTrainingJob', await bench.trainingRequest('again', script, { RetryStrategy: { MaximumRetryAttempts: 1 } }));
    await until(async () => bench.logOf('again'), (log) => log.includes('begun'));
    await bench.sageMaker.close();
    bench.reopen();
    const job = await bench.jobEnd('again');
    expect(job.TrainingJobStatus).toBe('Completed');
    expect((job.SecondaryStatusTransitions as Array<{ Status: string }>).map((each) => each.Status)).toContain('Restarting');
  }));

  test('serves its endpoints again, also when their models have been deleted, and goes on with an update', () => benchWith(async (bench) => {
    await bench.modelSaying('one', 'one');
    await bench.modelSaying('two', 'two');
    await bench.call('CreateEndpoint', { EndpointName: 'kept', EndpointConfigName: 'one' });
    await bench.endpointAtRest('kept');
    await bench.call('DeleteModel', { ModelName: 'one' });
    await bench.call('DeleteEndpointConfig', { EndpointConfigName: 'one' });
    await bench.sageMaker.close();
    await expect(bench.ask('kept')).rejects.toThrow();
    bench.reopen();
    expect(JSON.parse(await bench.ask('kept'))).toMatchObject({ text: 'one' });
    await bench.endpointAtRest('kept');
    await bench.call('UpdateEndpoint', { EndpointName: 'kept', EndpointConfigName: 'two' });
    await bench.sageMaker.close();
    bench.reopen();
    await until(() => bench.call('DescribeEndpoint', { EndpointName: 'kept' }), (endpoint) => endpoint.EndpointConfigName === 'two');
    expect(JSON.parse(await bench.ask('kept'))).toMatchObject({ text: 'two' });
  }));
});
