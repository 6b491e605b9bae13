import { RemovalPolicy, Tags } from 'aws-cdk-lib/core';
import { Endpoint, EndpointConfig, Model, ModelData, Variant, type IModel, type ModelProps } from 'cdk-sagemaker';
import { normalized, resourcesOf, type Place, type Recorded, type Resources, type Tree, type Twin } from './recorded';

const recorded = require('./expected/endpoint-life.json') as { [name: string]: Recorded };

/** A deployment of one program after another one, or of none. */
interface Deployments { readonly before?: Twin; readonly after?: Twin }

const model = (at: Place, props: Partial<ModelProps> = {}): Model =>
  new Model(at.stack, 'Model', { image: at.image, modelData: ModelData.fromS3Uri('s3://path/to/model.tar.gz'), role: at.role, ...props });
const endpoint = (at: Place, behind: IModel, instanceType: string, instanceCount: number): EndpointConfig => {
  const config = new EndpointConfig(at.stack, 'Config', { variants: { AllTraffic: Variant.onInstances(behind, { instanceType, instanceCount }) } });
  new Endpoint(at.stack, 'Endpoint', { config, endpointName: 'existing-endpoint' });
  return config;
};
const existing: Twin = (at) => endpoint(at, Model.fromModelName(at.stack, 'Model', 'existing-model'), 'ml.m4.xlarge', 1);
const withKey: Twin = (at) => {
  const config = new EndpointConfig(at.stack, 'Config', { variants: { AllTraffic: Variant.onInstances(model(at), { instanceType: 'ml.m5.xlarge' }) }, encryptionKey: at.key('k') });
  new Endpoint(at.stack, 'Endpoint', { config, endpointName: 'existing-endpoint' });
  Tags.of(at.stack).add('a', 'b', { includeResourceTypes: ['AWS::SageMaker::Model', 'AWS::SageMaker::EndpointConfig'] });
};
const served: Twin = (at) => model(at, { modelName: 'm' }).deploy('Endpoint', { instanceType: 'ml.m5.xlarge', endpointName: 'ep' });
const kept: Twin = (at) => new Endpoint(at.stack, 'Endpoint', {
  endpointName: 'ep',
  config: new EndpointConfig(at.stack, 'Config', {
    variants: { AllTraffic: Variant.onInstances(Model.fromModelName(at.stack, 'Model', 'm'), { instanceType: 'ml.m5.xlarge' }) }, configRemovalPolicy: RemovalPolicy.RETAIN,
  }),
});

const DEPLOYMENTS: { readonly [name: string]: readonly Deployments[] } = {
  model_update_endpoint: [{ before: existing, after: withKey }],
  predictor_update_endpoint: [{ before: existing, after: (at) => endpoint(at, Model.fromModelName(at.stack, 'Model', 'existing-model'), 'ml.m5.2xlarge', 2) }],
  update_endpoint_estimator_v2_style: [{ before: existing, after: (at) => endpoint(at, model(at), 'ml.m5.xlarge', 1) }],
  model_delete_endpoint: [{ after: served }, { before: served }],
  model_delete_endpoint_keep_config: [{ before: kept }],
};

const CALLED: { readonly [type: string]: string } = { 'AWS::SageMaker::Model': 'Model', 'AWS::SageMaker::EndpointConfig': 'EndpointConfig', 'AWS::SageMaker::Endpoint': 'Endpoint' };

/** What CloudFormation asks SageMaker for, from one template to the next. That it deletes in the clean-up what it has replaced, the SDK leaves to the user. */
function requests({ before, after }: Deployments, region: string): Tree[] {
  const [old, now] = [before, after].map((twin): Resources => (twin ? resourcesOf(twin, region) : {}));
  const isChanged = (id: string): boolean => {
    const [mine, before] = [now![id], old![id]].map((resource) => JSON.stringify(resource?.Properties));
    // what refers to another one that is replaced is changed with it: generated names change
    return mine !== before || Object.keys(now!).some((other) => other !== id && mine!.includes(`"${other}"`) && isChanged(other));
  };
  const changed = Object.entries(now!).filter(([id]) => isChanged(id));
  const gone = Object.entries(old!).filter(([id, { DeletionPolicy }]) => !(id in now!) && after === undefined && DeletionPolicy !== 'Retain');
  const called = ([, { Type }]: [string, { readonly Type: string }]) => CALLED[Type] !== undefined;
  return [
    ...changed.filter(called).map(([id, { Type, Properties }]) => ({
      operation: Type === 'AWS::SageMaker::Endpoint' && id in old! ? 'UpdateEndpoint' : `Create${CALLED[Type]}`, params: Properties, endpoint: Properties.EndpointName,
    })),
    ...gone.filter(called).map(([, { Type, Properties }]) => ({ operation: `Delete${CALLED[Type]}`, params: {}, endpoint: Properties.EndpointName })),
  ];
}

/** Which requests there are, of which endpoint, and what is in them. */
const inOrder = (calls: readonly Tree[]): Tree[] => calls
  .map((call): Tree => ({ ...normalized(call as { operation: string; params: Tree }), endpoint: call.endpoint }))
  .sort((one: Tree, other: Tree) => one.operation.localeCompare(other.operation));
const ofEndpoint = /^(Create|Update|Delete)Endpoint$/;

describe('what the Python SDK sends to change and delete endpoints', () => {
  test.each(Object.keys(recorded))('%s is what CloudFormation is told to ask for', (name) => {
    const { region, requests: calls } = recorded[name]!;
    const sdk = calls.map(({ operation, params }) => ({ operation, params: /^Delete/.test(operation) ? {} : params, endpoint: ofEndpoint.test(operation) ? params.EndpointName : undefined }));
    expect(inOrder(DEPLOYMENTS[name]!.flatMap((each) => requests(each, region)))).toEqual(inOrder(sdk));
  });

  test('has a pair of programs each', () => expect(Object.keys(DEPLOYMENTS).sort()).toEqual(Object.keys(recorded).sort()));
});
