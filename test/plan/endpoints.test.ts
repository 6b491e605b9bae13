import { endpointPlans } from '../../lib/plan/endpoints';
import type { EndpointPlan, JobPlan } from '../../lib/plan/plan';
import { jobPlans } from '../../lib/plan/plan-of';
import { priceListOf } from '../../lib/plan/prices';
import { StackForecast } from '../../lib/plan/stack-forecast';
import type { StackSide } from '../../lib/plan/stack-side';
import type { StackRecord } from '../../lib/local/cloudformation/stack-record';
import type { Template } from '../../lib/local/cloudformation/template';
import { withLocalStack, type LocalStack } from '../support/local-stack';

type Resources = Template['Resources'];

/** What may be edited of a stack with one endpoint. */
interface Parts {
  readonly data?: unknown;
  readonly image?: string;
  readonly environment?: object;
  readonly variant?: object;
  readonly endpoint?: object;
  readonly more?: Resources;
}
const att = (id: string, name: string) => ({ 'Fn::GetAtt': [id, name] });

function resources({ data = 's3://models/1.tar.gz', image = '123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1', environment, variant, endpoint, more = {} }: Parts): Resources {
  return {
    Model: { Type: 'AWS::SageMaker::Model', Properties: { PrimaryContainer: { Image: image, ModelDataUrl: data, ...environment && { Environment: environment } } } },
    Config: { Type: 'AWS::SageMaker::EndpointConfig', Properties: { ProductionVariants: [{ VariantName: 'A', ModelName: att('Model', 'ModelName'), InstanceType: 'ml.m5.large', InitialInstanceCount: 1, ...variant }] } },
    Endpoint: { Type: 'AWS::SageMaker::Endpoint', Properties: { EndpointConfigName: att('Config', 'EndpointConfigName'), ...endpoint } },
    ...more,
  };
}

const sideOf = ({ stackName, stackId, region, account, status, template, resources: all }: StackRecord): StackSide => ({
  name: 'a test', stackName, stackId, region, account, status, template, parameters: {}, paths: {},
  resource: (id) => {
    const { type, status: state, properties, physical } = all[id] ?? {};
    return type === undefined ? undefined : { type, status: state, properties, physicalId: physical?.physicalId ?? '', ref: physical?.ref, attribute: (name) => physical?.attributes[name] };
  },
  exportValue: () => undefined, ssmParameter: () => Promise.resolve(undefined), job: () => Promise.resolve(undefined),
});

async function planned(wanted: Resources, side: StackSide | undefined, prices?: object, jobs?: readonly JobPlan[]): Promise<EndpointPlan[]> {
  const stack = { path: 'Stack', stackName: 'stack', region: 'us-east-1', account: '123456789012', template: { Resources: wanted }, parameters: {}, paths: new Map(Object.keys(wanted).map((id) => [id, `Stack/${id}`])), nested: new Map() };
  const forecast = await StackForecast.of(stack, side);
  return endpointPlans(forecast, jobs ?? jobPlans(forecast), prices === undefined ? undefined : priceListOf(prices));
}

/** Deploys the one, plans the other, deploys it too: what was planned, and which calls were made for the endpoint. */
async function edited(old: Resources, wanted: Resources): Promise<{ plan: EndpointPlan; calls: string[] }> {
  let result: { plan: EndpointPlan; calls: string[] } | undefined;
  await withLocalStack(async (stack: LocalStack) => {
    const before = await stack.deploy(old);
    expect(before.status).toBe('CREATE_COMPLETE');
    const [plan] = await planned(wanted, sideOf(before));
    const made = stack.sageMaker.calls.length;
    expect((await stack.deploy(wanted)).status).toBe('UPDATE_COMPLETE');
    const calls = stack.sageMaker.calls.slice(made).filter((call) => /^\w+Endpoint /.test(call)).map((call) => call.split(' ')[0] as string);
    result = { plan: plan as EndpointPlan, calls };
  });
  return result as NonNullable<typeof result>;
}

const canary = { DeploymentConfig: { BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: 'CANARY', CanarySize: { Type: 'CAPACITY_PERCENT', Value: 10 }, WaitIntervalInSeconds: 600 } } } };
const topic: Resources = { Topic: { Type: 'AWS::SNS::Topic' } };

describe('what a plan says of an endpoint is what a deployment then does', () => {
  test('nothing, where nothing of it changes', async () => {
    const { plan, calls } = await edited(resources({}), resources({ more: topic }));
    expect([plan.verdict, plan.how, plan.changes, calls]).toEqual(['unchanged', undefined, [], []]);
    expect(plan.models).toEqual([{ variant: 'A', old: 's3://models/1.tar.gz in mine:1', new: 's3://models/1.tar.gz in mine:1' }]);
  });

  test('it moves to another model', async () => {
    const { plan, calls } = await edited(resources({ endpoint: canary }), resources({ data: 's3://models/2.tar.gz', endpoint: canary }));
    expect(plan).toMatchObject({ verdict: 'updates', how: 'blue/green, canary of 10 % for 10 minutes, then the rest, twice the instances meanwhile', models: [{ variant: 'A', old: 's3://models/1.tar.gz in mine:1', new: 's3://models/2.tar.gz in mine:1' }] });
    expect(calls).toEqual(['UpdateEndpoint']);
  });

  test('it moves to other instances, and uses more', async () => {
    const { plan, calls } = await edited(resources({}), resources({ variant: { InitialInstanceCount: 3 } }));
    expect(plan).toMatchObject({ verdict: 'updates', changes: [{ path: 'ProductionVariants.A.InitialInstanceCount', old: '1', new: '3' }], usage: { hours: 2190, isRunning: true }, oldUsage: { hours: 730 } });
    expect(calls).toEqual(['UpdateEndpoint']);
  });

  test('it moves where the model has another environment, which the texts of models don\'t say', async () => {
    const { plan, calls } = await edited(resources({ environment: { A: '1' } }), resources({ environment: { A: '2' } }));
    expect(plan.verdict).toBe('updates');
    expect(plan.changes.map(({ path }) => path)).toEqual(['A: PrimaryContainer.Environment.A']);
    expect(calls).toEqual(['UpdateEndpoint']);
  });

  test('another name is another endpoint', async () => {
    const { plan, calls } = await edited(resources({ endpoint: { EndpointName: 'one' } }), resources({ endpoint: { EndpointName: 'two' } }));
    expect([plan.verdict, plan.changes]).toEqual(['replaces', [{ path: 'EndpointName', old: 'one', new: 'two', counts: true }]]);
    expect(calls).toEqual(['CreateEndpoint', 'DeleteEndpoint']);
  });

  test('its tags, or how it moves the next time, move nothing', async () => {
    const { plan, calls } = await edited(resources({}), resources({ endpoint: { Tags: [{ Key: 'team', Value: 'a' }] } }));
    expect([plan.verdict, plan.how, calls]).toEqual(['updates', 'what it serves stays as it is', []]);
  });

  test('tags of all that it is made of move nothing either', async () => {
    const tagged = Object.fromEntries(Object.entries(resources({})).map(([id, resource]) => [id, { ...resource, Properties: { ...resource.Properties, Tags: [{ Key: 'team', Value: 'a' }] } }]));
    const { plan, calls } = await edited(resources({}), tagged);
    expect([plan.verdict, plan.how, calls]).toEqual(['updates', 'what it serves stays as it is', []]);
  });

  test('it goes', async () => {
    const { plan, calls } = await edited(resources({}), topic);
    expect(plan).toMatchObject({ verdict: 'deletes', models: [{ variant: 'A', old: 's3://models/1.tar.gz in mine:1' }], oldUsage: { hours: 730 } });
    expect([plan.usage, calls]).toEqual([undefined, ['DeleteEndpoint']]);
  });

  test('it comes', async () => {
    const { plan, calls } = await edited(topic, resources({}));
    expect(plan).toMatchObject({ verdict: 'creates', models: [{ variant: 'A', new: 's3://models/1.tar.gz in mine:1' }], usage: { hours: 730 } });
    expect([plan.oldUsage, calls]).toEqual([undefined, ['CreateEndpoint']]);
  });
});

describe('the model of an endpoint', () => {
  const job: Resources = {
    Train: { Type: 'Custom::SageMakerTrainingJob', Properties: { Kind: 'TrainingJob', KeyVersion: '1', NamePrefix: 'stack-train', Request: { HyperParameters: { epochs: '1' } } } },
    Outcome: { Type: 'Custom::SageMakerJobOutcome', Properties: { Kind: 'TrainingJob', JobName: { Ref: 'Train' }, Attributes: ['ModelArtifacts'] } },
  };
  const trained = resources({ data: att('Outcome', 'ModelArtifacts'), more: job });
  const jobPlan = (more: Partial<JobPlan>): JobPlan => ({ path: 'Stack/Train', logicalId: 'Train', kind: 'TrainingJob', verdict: 'unchanged', changes: [], hangsOn: [], ...more });
  const deployed: StackSide = {
    ...sideOf({ resources: {}, template: { Resources: trained } } as unknown as StackRecord), stackId: 'arn:aws:cloudformation:us-east-1:123456789012:stack/stack/1', region: 'us-east-1', account: '123456789012', stackName: 'stack',
    resource: (id) => ({ type: trained[id]?.Type ?? '', physicalId: ({ Train: 'stack-train-0123456789', Outcome: 'outcome' } as { [id: string]: string })[id] ?? `the-${id.toLowerCase()}`, attribute: (name) => (id === 'Outcome' && name === 'ModelArtifacts' ? 's3://b/1/model.tar.gz' : `the-${id.toLowerCase()}`) }),
  };

  test.each<[Partial<JobPlan>, string]>([
    [{ verdict: 'launches' }, 'the artifact of Stack/Train (launches) in mine:1'],
    [{ verdict: 'retrains', newJob: 'stack-train-1' }, 'the artifact of Stack/Train (retrains) in mine:1'],
    [{ verdict: 'unknown' }, 'the artifact of Stack/Train (unknown until deployed) in mine:1'],
    [{ verdict: 'adopts', newJob: 'stack-train-2' }, 'the artifact of stack-train-2 in mine:1'],
    [{ verdict: 'in-place' }, 'the artifact of stack-train-0123456789 in mine:1'],
  ])('of a job with %j is %s', async (more, text) => {
    const [{ models }] = await planned(trained, deployed, undefined, [jobPlan(more)]) as [EndpointPlan];
    expect(models).toEqual([{ variant: 'A', old: 'the artifact of stack-train-0123456789 in mine:1', new: text }]);
  });

  test('is all of its containers, a version of a group, or what it says it is', async () => {
    const containers = (list: readonly object[]): Resources => ({ ...resources({}), Model: { Type: 'AWS::SageMaker::Model', Properties: { Containers: list } } });
    const text = async (list: readonly object[]) => (await planned(containers(list), undefined))[0]?.models[0]?.new;
    expect(await text([{ Image: 'prepare:1' }, { Image: 'predict:1', ModelDataSource: { S3DataSource: { S3Uri: 's3://m/' } } }])).toBe('prepare:1, then s3://m/ in predict:1');
    expect(await text([{ ModelPackageName: 'arn:aws:sagemaker:us-east-1:123456789012:model-package/digits/3' }])).toBe('the model package digits/3');
    expect(await text([{ Image: `123456789012.dkr.ecr.us-east-1.amazonaws.com/mine@sha256:${'a'.repeat(64)}` }])).toBe('mine@aaaaaaaaaaaa');
  });
});

describe('how an endpoint moves', () => {
  const how = async (endpoint: object, variant: object = {}) => (await edited(resources({ endpoint }), resources({ endpoint, data: 's3://models/2.tar.gz', variant }))).plan.how;
  const blueGreen = (TrafficRoutingConfiguration: object, more: object = {}) => ({ DeploymentConfig: { BlueGreenUpdatePolicy: { TrafficRoutingConfiguration, ...more } } });

  test('at once, without saying so', async () => expect(await how({})).toBe('blue/green, all at once, twice the instances meanwhile'));
  test('in steps, with alarms, and what is kept after it', async () => {
    const { DeploymentConfig: config } = blueGreen({ Type: 'LINEAR', LinearStepSize: { Type: 'INSTANCE_COUNT', Value: 1 }, WaitIntervalInSeconds: 90 }, { TerminationWaitInSeconds: 600 });
    expect(await how({ DeploymentConfig: { ...config, AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'a' }, { AlarmName: 'b' }] } } }))
      .toBe('blue/green, linear by 1 instance every 90 seconds, twice the instances meanwhile, the old ones kept for 10 minutes; taken back by 2 alarms');
  });
  test('a part after the other', async () => {
    expect(await how({ DeploymentConfig: { RollingUpdatePolicy: { MaximumBatchSize: { Type: 'CAPACITY_PERCENT', Value: 20 }, WaitIntervalInSeconds: 60 } } })).toBe('rolling, 20 % at a time, then a wait of 1 minute');
  });
  test('with what was set since', async () => {
    expect(await how({ RetainAllVariantProperties: true, ExcludeRetainedVariantProperties: [{ VariantPropertyType: 'DesiredWeight' }] }))
      .toBe('blue/green, all at once, twice the instances meanwhile; variants keep what they have been set to except DesiredWeight');
  });
  test('without instances, there are none twice', async () => {
    const serverless = { InstanceType: undefined, InitialInstanceCount: undefined, ServerlessConfig: { MaxConcurrency: 1, MemorySizeInMB: 1024 } };
    const old = JSON.parse(JSON.stringify(resources({ variant: serverless }))) as Resources;
    const wanted = JSON.parse(JSON.stringify(resources({ variant: serverless, data: 's3://models/2.tar.gz' }))) as Resources;
    const { plan } = await edited(old, wanted);
    expect([plan.how, plan.usage]).toEqual(['blue/green, all at once', { instances: [], hours: 0, isRunning: true }]);
  });
});

describe('beside the endpoint itself', () => {
  const target = (more: object = {}): Resources => ({
    Target: { Type: 'AWS::ApplicationAutoScaling::ScalableTarget', Properties: { MinCapacity: 1, MaxCapacity: 5, ServiceNamespace: 'sagemaker', ScalableDimension: 'sagemaker:variant:DesiredInstanceCount', ResourceId: { 'Fn::Join': ['', ['endpoint/', att('Endpoint', 'EndpointName'), '/variant/A']] }, ...more } },
  });

  test('auto scaling may make more of its instances', async () => {
    const [plan] = await planned(resources({ more: target() }), undefined, { 'ml.m5.large': 0.1 });
    expect(plan?.usage).toEqual({ instances: [{ instanceType: 'ml.m5.large', hours: 3650 }], hours: 3650, isRunning: true, cost: 365 });
  });

  test('inference components come, change and go without it', async () => {
    const component = (Image: string): Resources[string] => ({ Type: 'AWS::SageMaker::InferenceComponent', Properties: { EndpointName: att('Endpoint', 'EndpointName'), VariantName: 'A', Specification: { Container: { Image, ArtifactUrl: 's3://m/1' } } } });
    const old = resources({ more: { Same: component('a:1'), Changed: component('a:1'), Gone: component('a:1') } });
    const side: StackSide = { ...sideOf({ resources: {}, template: { Resources: old }, stackName: 'stack', stackId: 'arn:aws:cloudformation:us-east-1:123456789012:stack/stack/1', region: 'us-east-1', account: '123456789012' } as unknown as StackRecord), resource: (id) => (old[id] === undefined ? undefined : { type: old[id].Type, physicalId: `the-${id}`, attribute: () => `the-${id}` }) };
    const [plan] = await planned(resources({ more: { Same: component('a:1'), Changed: component('a:2'), New: component('a:1') } }), side);
    expect(plan).toMatchObject({ verdict: 'updates', how: 'its inference components alone' });
    expect(plan?.models.slice(1)).toEqual([
      { variant: 'component Stack/Same', old: 's3://m/1 in a:1', new: 's3://m/1 in a:1' }, { variant: 'component Stack/Changed', old: 's3://m/1 in a:1', new: 's3://m/1 in a:2' },
      { variant: 'component Stack/New', new: 's3://m/1 in a:1' }, { variant: 'component Stack/Gone', old: 's3://m/1 in a:1' },
    ]);
    expect(plan?.changes).toEqual([{ path: 'Stack/Changed: Specification.Container.Image', old: 'a:1', new: 'a:2', counts: true }]);
  });
});
