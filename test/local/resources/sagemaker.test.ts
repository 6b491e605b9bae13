import { failureOf, withLocalStack } from '../../support/local-stack';

const model = (image: string, more: object = {}) => ({ Type: 'AWS::SageMaker::Model', Properties: { ExecutionRoleArn: 'arn:role', PrimaryContainer: { Image: image }, ...more } });
const config = (weight: unknown = 1) => ({ Type: 'AWS::SageMaker::EndpointConfig', Properties: { ProductionVariants: [{ ModelName: { 'Fn::GetAtt': ['M', 'ModelName'] }, VariantName: 'A', InitialVariantWeight: weight }] } });
const endpoint = (configName: unknown, more: object = {}) => ({ Type: 'AWS::SageMaker::Endpoint', Properties: { EndpointConfigName: configName, ...more } });

describe('models and endpoint configurations', () => {
  test('are replaced by whatever changes but their tags, under generated names', () => withLocalStack(async ({ deploy, destroy, sageMaker }) => {
    const before = await deploy({ M: model('one', { Tags: [{ Key: 'a', Value: '1' }, { Key: 'b', Value: '1' }] }), C: config() });
    expect(before.resources.M?.physical?.attributes.ModelName).toMatch(/^M-[A-Z0-9]{12}$/);
    expect(before.resources.M?.physical?.physicalId).toMatch(/^arn:aws:sagemaker:us-east-1:123456789012:model\/M-/);
    const calls = () => sageMaker.calls.splice(0);
    expect(calls()).toEqual(['CreateModel M-*', 'CreateEndpointConfig C-*']);
    await deploy({ M: model('one', { Tags: [{ Key: 'a', Value: '2' }] }), C: config() });
    expect(calls()).toEqual(['DeleteTags ["b"]', 'AddTags [{"Key":"a","Value":"2"}]']);
    await deploy({ M: model('two', { Tags: [{ Key: 'a', Value: '2' }] }), C: config() });
    expect(calls()).toEqual(['CreateModel M-*', 'CreateEndpointConfig C-*', 'DeleteEndpointConfig C-*', 'DeleteModel M-*']);
    expect(await destroy()).toMatchObject({ status: 'DELETE_COMPLETE' });
    expect(calls()).toEqual(['DeleteEndpointConfig C-*', 'DeleteModel M-*']);
  }));

  test('get numbers where a template could only say text, and a weight of 0 stays 0', () => withLocalStack(async ({ deploy, sageMaker }) => {
    const inputs: Record<string, unknown>[] = [];
    const call = sageMaker.call.bind(sageMaker);
    sageMaker.call = (operation, input) => { inputs.push(input); return call(operation, input); };
    await deploy({ M: model('one', { PrimaryContainer: { Image: 'one', Environment: { Value: '3' } } }), C: config('0') });
    expect(inputs[0]).toMatchObject({ PrimaryContainer: { Environment: { Value: '3' } } });
    expect(inputs[1]).toMatchObject({ ProductionVariants: [{ InitialVariantWeight: 0 }] });
  }));
});

describe('an endpoint', () => {
  test('moves to another configuration in place, and waits until it serves it', () => withLocalStack(async ({ deploy, sageMaker }) => {
    const { resources } = await deploy({ E: endpoint('one') });
    const name = resources.E?.physical?.attributes.EndpointName as string;
    expect(await deploy({ E: endpoint('two') })).toMatchObject({ status: 'UPDATE_COMPLETE', resources: { E: { physical: { attributes: { EndpointName: name } } } } });
    expect(sageMaker.endpoints.get(name)).toMatchObject({ status: 'InService', serves: 'two' });
    expect(sageMaker.calls).toEqual(['CreateEndpoint E-* one', 'UpdateEndpoint E-* two']);
  }));

  test('is replaced only when it is renamed', () => withLocalStack(async ({ deploy, sageMaker }) => {
    await deploy({ E: endpoint('one', { EndpointName: 'old' }) });
    await deploy({ E: endpoint('one', { EndpointName: 'new' }) });
    expect(sageMaker.calls).toEqual(['CreateEndpoint old one', 'CreateEndpoint new one', 'DeleteEndpoint old']);
  }));

  test('that does not come up is deleted again, and says why', () => withLocalStack(async ({ deploy, sageMaker }) => {
    const record = await deploy({ E: endpoint('bad') });
    expect(record.status).toBe('ROLLBACK_COMPLETE');
    expect(failureOf(record)).toBe('the model does not load');
    expect(sageMaker.calls).toEqual(['CreateEndpoint E-* bad', 'DeleteEndpoint E-*']);
  }));

  test('that does not move stays with its configuration, and is not moved back', () => withLocalStack(async ({ deploy, sageMaker }) => {
    await deploy({ E: endpoint('one') });
    const record = await deploy({ E: endpoint('bad') });
    expect(record.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(failureOf(record)).toBe('the model does not load');
    expect(sageMaker.calls).toEqual(['CreateEndpoint E-* one', 'UpdateEndpoint E-* bad']);
  }));
});
