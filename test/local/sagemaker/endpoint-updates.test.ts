import { SteadyLoad } from '../support/steady-load';
import { SageMakerBench, SAYING, until } from '../support/sagemaker-bench';

/** Answers with an error whatever it is asked, but loads. */
const FAILING = `${SAYING}\ndef predict_fn(data, model):\n    raise RuntimeError("asked to fail")\n`;
const PER_SECOND = 50;

let bench: SageMakerBench;
beforeAll(async () => {
  bench = await SageMakerBench.open({ minute: 300 });
  await bench.modelSaying('old', 'old');
  await bench.modelSaying('new', 'new');
  await bench.modelSaying('failing', 'failing', FAILING);
  await bench.modelSaying('bad', 'bad', 'raise RuntimeError("can not load this")');
});
afterAll(async () => {
  await bench.close();
  expect(bench.problems).toEqual([]);
});

interface VariantOptions { readonly model: string; readonly weight?: number; readonly instances?: number }

/** A configuration of variants by their names. */
async function config(name: string, variants: Readonly<Record<string, VariantOptions>>): Promise<string> {
  await bench.call('CreateEndpointConfig', {
    EndpointConfigName: name,
    ProductionVariants: Object.entries(variants).map(([VariantName, { model, weight = 1, instances = 1 }]) => ({
      VariantName, ModelName: model, InstanceType: 'ml.m5.large', InitialInstanceCount: instances, InitialVariantWeight: weight,
    })),
  });
  return name;
}

/** An endpoint in service with one variant `live` of a model. */
async function endpoint(name: string, model = 'old'): Promise<string> {
  await bench.call('CreateEndpoint', { EndpointName: name, EndpointConfigName: await config(`${name}-first`, { live: { model } }) });
  expect(await bench.endpointAtRest(name)).toMatchObject({ EndpointStatus: 'InService' });
  return name;
}

const loads: SteadyLoad[] = [];
afterEach(() => Promise.all(loads.splice(0).map((load) => load.end())));

function load(name: string): SteadyLoad {
  loads.push(new SteadyLoad(PER_SECOND, async () => (JSON.parse(await bench.ask(name)) as { text: string }).text));
  return loads.at(-1) as SteadyLoad;
}

const update = (name: string, configName: string, more: object = {}) => bench.call('UpdateEndpoint', { EndpointName: name, EndpointConfigName: configName, ...more });
const describeEndpoint = (name: string) => bench.call('DescribeEndpoint', { EndpointName: name });

/** An alarm on what a variant answers. */
const alarm = (AlarmName: string, endpointName: string, more: object = {}) => bench.sageMaker.cloudWatch.call('PutMetricAlarm', {
  AlarmName, Namespace: 'AWS/SageMaker', MetricName: 'Invocation5XXErrors', Statistic: 'Sum', Period: 60, EvaluationPeriods: 1, Threshold: 3,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold', TreatMissingData: 'notBreaching',
  Dimensions: [{ Name: 'EndpointName', Value: endpointName }, { Name: 'VariantName', Value: 'live' }], ...more,
});

const canary = (percent: number, minutes: number, alarms: readonly string[] = []) => ({
  DeploymentConfig: {
    BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: 'CANARY', CanarySize: { Type: 'CAPACITY_PERCENT', Value: percent }, WaitIntervalInSeconds: minutes * 60 } },
    ...alarms.length > 0 && { AutoRollbackConfiguration: { Alarms: alarms.map((AlarmName) => ({ AlarmName })) } },
  },
});

// processes are started, and the machine may have other things to do
jest.setTimeout(60_000);

describe('an update under load', () => {
  test('of the model, the weights, the number of instances and the name of the variant loses no request', async () => {
    await endpoint('steady');
    const requests = load('steady');
    const steps = {
      model: { live: { model: 'new' } },
      instances: { live: { model: 'new', instances: 2 } },
      weights: { live: { model: 'new', weight: 3 }, second: { model: 'old', weight: 1 } },
      variant: { renamed: { model: 'old' } },
    };
    for (const [step, variants] of Object.entries(steps)) {
      await update('steady', await config(`steady-${step}`, variants));
      const after = await bench.endpointAtRest('steady');
      expect([after.EndpointStatus, after.EndpointConfigName, after.FailureReason]).toEqual(['InService', `steady-${step}`, undefined]);
    }
    await bench.call('UpdateEndpointWeightsAndCapacities', { EndpointName: 'steady', DesiredWeightsAndCapacities: [{ VariantName: 'renamed', DesiredInstanceCount: 2 }] });
    expect(await describeEndpoint('steady')).toMatchObject({ EndpointStatus: 'Updating' });
    expect(await bench.endpointAtRest('steady')).toMatchObject({ ProductionVariants: [{ VariantName: 'renamed', CurrentInstanceCount: 2 }] });
    const sent = await requests.end();
    expect(requests.lost).toEqual([]);
    expect(sent.length).toBeGreaterThan(PER_SECOND);
    expect(sent[0]?.answer).toBe('old');
    expect(new Set(sent.map(({ answer }) => answer))).toEqual(new Set(['old', 'new']));
  });

  test('to a model that does not load is answered by the old one alone', async () => {
    await endpoint('broken');
    const requests = load('broken');
    await update('broken', await config('broken-second', { live: { model: 'bad' } }), canary(50, 1));
    expect(await bench.endpointAtRest('broken')).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'broken-first', FailureReason: expect.stringContaining('can not load this') });
    const sent = await requests.end();
    expect(requests.lost).toEqual([]);
    expect(new Set(sent.map(({ answer }) => answer))).toEqual(new Set(['old']));
  });
});

describe('traffic during an update', () => {
  test('goes to the new fleet in the canary\'s share, then all of it', async () => {
    await endpoint('canary');
    await update('canary', await config('canary-second', { live: { model: 'new' } }), canary(25, 12));
    const texts: string[] = [];
    // Until the first answer of the new one it is being started.
    await until(async () => { texts.push((JSON.parse(await bench.ask('canary')) as { text: string }).text); return texts; }, (all) => all.includes('new'));
    const shifted = texts.length;
    for (let nth = 0; nth < 39; nth++) { texts.push((JSON.parse(await bench.ask('canary')) as { text: string }).text); }
    expect(texts.slice(shifted).filter((text) => text === 'new')).toHaveLength(9);
    expect(await describeEndpoint('canary')).toMatchObject({ EndpointStatus: 'Updating', EndpointConfigName: 'canary-first', PendingDeploymentSummary: { EndpointConfigName: 'canary-second' } });
    expect(await bench.endpointAtRest('canary')).toMatchObject({ EndpointConfigName: 'canary-second', LastDeploymentConfig: { BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: 'CANARY' } } } });
    expect(JSON.parse(await bench.ask('canary'))).toMatchObject({ text: 'new' });
  });

  test('for a variant that is only in one of the fleets goes there', async () => {
    await endpoint('named');
    await update('named', await config('named-second', { other: { model: 'new' } }), canary(50, 8));
    await until(() => bench.ask('named', '{}', 'other').then(() => true, () => false), (found) => found);
    for (let nth = 0; nth < 4; nth++) { expect(JSON.parse(await bench.ask('named', '{}', 'live'))).toMatchObject({ text: 'old' }); }
    await bench.endpointAtRest('named');
    await expect(bench.ask('named', '{}', 'live')).rejects.toThrow('Variant live not found');
  });
});

describe('an alarm that goes off during an update', () => {
  test('brings all traffic back, and is named as the reason', async () => {
    await endpoint('guarded');
    await alarm('errors', 'guarded');
    const statuses = new Set<unknown>();
    const requests = load('guarded');
    await update('guarded', await config('guarded-second', { live: { model: 'failing' } }), canary(50, 10, ['errors']));
    // Going back takes a moment only.
    const watching = setInterval(() => void describeEndpoint('guarded').then(({ EndpointStatus }) => statuses.add(EndpointStatus)), 2);
    const after = await bench.endpointAtRest('guarded').finally(() => clearInterval(watching));
    const sentBefore = requests.sent.length;
    expect(after).toMatchObject({ EndpointConfigName: 'guarded-first', FailureReason: expect.stringMatching(/rolled back.*ALARM: errors\.$/) });
    expect([...statuses].slice(0, 2)).toEqual(['Updating', 'RollingBack']);
    await until(async () => requests.sent.length, (count) => count > sentBefore + 10);
    const sent = await requests.end();
    expect(requests.lost.length).toBeGreaterThanOrEqual(3);
    expect(requests.lost.every(({ error }) => error?.message.includes('asked to fail'))).toBe(true);
    expect(new Set(sent.slice(sentBefore).map(({ answer }) => answer))).toEqual(new Set(['old']));
  });

  test('that is quiet lets it end, and one on latency or on a share of errors is evaluated as well', async () => {
    await endpoint('quiet');
    const dimensions = [{ Name: 'EndpointName', Value: 'quiet' }, { Name: 'VariantName', Value: 'live' }];
    const stat = (Id: string, MetricName: string) => ({ Id, ReturnData: false, MetricStat: { Metric: { Namespace: 'AWS/SageMaker', MetricName, Dimensions: dimensions }, Period: 60, Stat: 'Sum' } });
    await alarm('slow', 'quiet', { MetricName: 'ModelLatency', Statistic: undefined, ExtendedStatistic: 'p99', Threshold: 30_000_000 });
    await alarm('share', 'quiet', { MetricName: undefined, Namespace: undefined, Statistic: undefined, Period: undefined, Metrics: [stat('m', 'InvocationModelErrors'), stat('n', 'Invocations'), { Id: 'e', Expression: '100 * m / FILL(n, 1)' }] });
    const requests = load('quiet');
    await update('quiet', await config('quiet-second', { live: { model: 'new' } }), canary(50, 2, ['slow', 'share']));
    expect(await bench.endpointAtRest('quiet')).toMatchObject({ EndpointConfigName: 'quiet-second' });
    await requests.end();
    expect(requests.lost).toEqual([]);
  });

  test('must be there, and be one that is evaluated here', async () => {
    await endpoint('picky');
    const next = await config('picky-second', { live: { model: 'new' } });
    await expect(update('picky', next, canary(50, 1, ['nobody']))).rejects.toThrow('Could not find the alarm(s) of AutoRollbackConfiguration: nobody.');
    await alarm('odd', 'picky', { Metrics: [{ Id: 'e', Expression: 'ANOMALY_DETECTION_BAND(m)' }] });
    await expect(update('picky', next, canary(50, 1, ['odd']))).rejects.toThrow('Not supported by the local AWS: alarm odd of AutoRollbackConfiguration: the metric math ANOMALY_DETECTION_BAND(m)');
    expect(await describeEndpoint('picky')).toMatchObject({ EndpointStatus: 'InService', EndpointConfigName: 'picky-first' });
  });
});

describe('an update is refused', () => {
  test('from instances to serverless', async () => {
    await endpoint('instances');
    await bench.call('CreateEndpointConfig', { EndpointConfigName: 'serverless', ProductionVariants: [{ VariantName: 'live', ModelName: 'new', ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 1 } }] });
    await expect(update('instances', 'serverless')).rejects.toThrow(/an endpoint with instances cannot be updated to a configuration with a serverless variant/);
  });

  test.each([
    [{ BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: 'CANARY', WaitIntervalInSeconds: 0 } } }, 'CanarySize is required.'],
    [{ BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: 'CANARY', WaitIntervalInSeconds: 0, CanarySize: { Type: 'CAPACITY_PERCENT', Value: 60 } } } }, 'CanarySize must be between 1 and 50 percent of the capacity, got 60.'],
    [{ RollingUpdatePolicy: { WaitIntervalInSeconds: 0, MaximumBatchSize: { Type: 'CAPACITY_PERCENT', Value: 3 } } }, 'MaximumBatchSize must be between 5 and 50 percent'],
  ])('with %j', async (DeploymentConfig, message) => {
    await expect(update('instances', 'instances-first', { DeploymentConfig })).rejects.toThrow(message);
  });
});
