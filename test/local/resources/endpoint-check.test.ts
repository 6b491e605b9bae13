import { Template } from 'aws-cdk-lib/assertions';
import { ContainerImage, Model } from 'cdk-sagemaker';
import { LOCAL_VARIABLE } from '../../../lib/handler/contract';
import type { Task } from '../../../lib/handler/events';
import { handle } from '../../../lib/handler/index';
import type { World } from '../../../lib/handler/world';
import { SYSTEM_CLOCK } from '../../../lib/local/clock';
import { CloudFormation } from '../../../lib/local/cloudformation/engine';
import type { ResourceType } from '../../../lib/local/cloudformation/resource-type';
import { MemoryStackStore } from '../../../lib/local/cloudformation/stack-store';
import { resourceTypes } from '../../../lib/local/resources';
import type { LocalServices } from '../../../lib/local/resources/services';
import { failureOf, RememberedSageMaker } from '../../support/local-stack';
import { emptyStack, IMAGE_URI, type Resource } from '../../support/stacks';

/** What a stack with one endpoint has of SageMaker, with its check; whose configuration is another when `instanceType` is. */
function hosting(instanceType: string): { [id: string]: Resource } {
  const stack = emptyStack();
  new Model(stack, 'Model', { image: ContainerImage.fromUri(IMAGE_URI) }).deploy('Endpoint', { instanceType });
  const all = Object.entries(Template.fromStack(stack).toJSON().Resources as { [id: string]: Resource }).filter(([, { Type }]) => /SageMaker/.test(Type));
  return Object.fromEntries(all.map(([id, { Type, Properties }]) => [id, { Type, Properties: {
    ...Properties,
    ...('ServiceToken' in Properties ? { ServiceToken: 'arn:aws:lambda:us-east-1:123456789012:function:handler' } : {}),
    ...('ExecutionRoleArn' in Properties ? { ExecutionRoleArn: 'arn:role' } : {}),
  } }]));
}

/** CloudFormation as it is with endpoints: one that is in service is well, whichever configuration it serves. The handler is the real one. */
function stackWith(sageMaker: RememberedSageMaker) {
  const types = new Map(resourceTypes({ sageMaker } as unknown as LocalServices));
  const real = types.get('AWS::SageMaker::Endpoint')!;
  const trusting: ResourceType = {
    ...real,
    update: (request, physical, old) => real.update!(request, physical, old).catch(() => physical),
  };
  const engine: CloudFormation = new CloudFormation({
    clock: SYSTEM_CLOCK, store: new MemoryStackStore(), types: types.set('AWS::SageMaker::Endpoint', trusting), answersUrl: () => 'http://127.0.0.1:1/',
    deliver: async (_arn, event) => { await handle(event as never, 'arn', world); },
  });
  const world: World = {
    jobs: {} as never,
    lookUp: (operation, input) => sageMaker.call(operation, input),
    stackStatus: async () => engine.describe('stack')!.status,
    startExecution: async (_name, input) => { void execute(input as Task); return true; },
    put: async (url, body) => { engine.customResources.receive(url.split('/').at(-1)!, body); },
    now: () => Date.now(), sleep: async () => {}, random: () => 0.5,
  };
  const execute = async (task: Task): Promise<void> => {
    for (let state = task; ; await new Promise((resolve) => { setTimeout(resolve, 1); })) {
      state = await handle(state, 'arn', world) as Task;
      if (state.answer) { await handle(state, 'arn', world); return; }
    }
  };
  return { deploy: (Resources: object) => engine.deploy({ stackName: 'stack', template: { Resources } }).finished };
}

// answers of a local CloudFormation go to this machine
beforeAll(() => { process.env[LOCAL_VARIABLE] = '1'; });
afterAll(() => { delete process.env[LOCAL_VARIABLE]; });
jest.setTimeout(60_000);                                      // the first synthesis loads aws-cdk-lib

describe('an endpoint whose update the service rolls back without a word', () => {
  /** The endpoint is in service with its old configuration, after each update to a new one. */
  class Reluctant extends RememberedSageMaker {
    public reluctant = false;
    public override async call(operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>> {
      const answer = await super.call(operation, input);
      const endpoint = this.endpoints.get(String(input.EndpointName));
      if (operation === 'UpdateEndpoint' && this.reluctant) { Object.assign(endpoint!, { wanted: endpoint!.serves }); }
      return answer;
    }
  }

  test('trap 16: an update that SageMaker has taken back fails at the check, and the configuration in service is not deleted', async () => {
    const sageMaker = new Reluctant();
    const { deploy } = stackWith(sageMaker);
    expect((await deploy(hosting('ml.m5.large'))).status).toBe('CREATE_COMPLETE');
    const [endpoint] = [...sageMaker.endpoints.values()];
    const before = endpoint!.serves;
    sageMaker.reluctant = true;
    sageMaker.calls.length = 0;
    const record = await deploy(hosting('ml.m5.xlarge'));
    expect(record.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(failureOf(record)).toContain(`is in service with the configuration ${before}, not with `);
    expect(endpoint).toMatchObject({ status: 'InService', serves: before });
    const [config] = Object.values(record.resources).filter(({ type }) => type === 'AWS::SageMaker::EndpointConfig');
    expect(config?.physical?.attributes.EndpointConfigName).toBe(before);
    expect(sageMaker.calls.filter((call) => call.startsWith('DeleteEndpointConfig'))).toHaveLength(1);   // the new one
  });

  test('is deployed again when the cause is mended', async () => {
    const sageMaker = new Reluctant();
    const { deploy } = stackWith(sageMaker);
    await deploy(hosting('ml.m5.large'));
    sageMaker.reluctant = true;
    await deploy(hosting('ml.m5.xlarge'));
    sageMaker.reluctant = false;
    expect(await deploy(hosting('ml.m5.xlarge'))).toMatchObject({ status: 'UPDATE_COMPLETE' });
  });

  test('without the check is a success, and is left without its configuration', async () => {
    const sageMaker = new Reluctant();
    const { deploy } = stackWith(sageMaker);
    const unchecked = (instanceType: string) => Object.fromEntries(Object.entries(hosting(instanceType)).filter(([, { Type }]) => !Type.startsWith('Custom::')));
    expect((await deploy(unchecked('ml.m5.large'))).status).toBe('CREATE_COMPLETE');
    const [endpoint] = [...sageMaker.endpoints.values()];
    sageMaker.reluctant = true;
    const record = await deploy(unchecked('ml.m5.xlarge'));
    expect(record.status).toBe('UPDATE_COMPLETE');
    const names = Object.values(record.resources).map(({ physical }) => physical?.attributes.EndpointConfigName);
    expect(names).not.toContain(endpoint!.serves);
  });
});
