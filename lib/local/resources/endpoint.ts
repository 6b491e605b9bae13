import { whenChanged } from '../cloudformation/resource-type';
import type { ResourceRequest, ResourceType } from '../cloudformation/resource-type';
import type { SageMakerApi } from '../sagemaker-api';
import { changeTags, isGone, nameOf, unlessGone, withNumbers } from './sagemaker-values';

/** How often an endpoint is looked at, in milliseconds. */
const LOOK = 250;

/** An endpoint moves to another configuration in place, and the operation waits until it serves it. */
export function endpointType(sageMaker: SageMakerApi): ResourceType {
  const describe = (name: string) => sageMaker.call('DescribeEndpoint', { EndpointName: name }).catch((error: unknown) => {
    if (isGone(error)) { return undefined; }
    throw error;
  });
  /** Until it is at rest; undefined when it is gone. */
  const settled = async ({ clock }: ResourceRequest, name: string, signal?: AbortSignal) => {
    for (;;) {
      const endpoint = await describe(name);
      if (endpoint === undefined || !['Creating', 'Updating', 'SystemUpdating', 'RollingBack', 'Deleting'].includes(String(endpoint.EndpointStatus))) { return endpoint; }
      await clock.sleep(LOOK);
      signal?.throwIfAborted();
    }
  };
  const inService = async (request: ResourceRequest, name: string, config: string) => {
    const endpoint = await settled(request, name, request.signal);
    const { EndpointStatus: status, EndpointConfigName: serves, FailureReason: reason } = endpoint ?? {};
    if (status !== 'InService' || serves !== config) { throw new Error(String(reason ?? `The endpoint is ${String(status ?? 'gone')}, with configuration ${String(serves)}`)); }
  };
  return {
    replaces: whenChanged('EndpointName'),
    async create(request) {
      const name = nameOf(request, 'EndpointName');
      const { EndpointConfigName: config, DeploymentConfig, Tags } = withNumbers(request.properties);
      request.planned({ physicalId: name, attributes: { EndpointName: name } });
      const { EndpointArn: arn } = await sageMaker.call('CreateEndpoint', withoutUndefined({ EndpointName: name, EndpointConfigName: config, DeploymentConfig, Tags }));
      const physical = { physicalId: String(arn), attributes: { EndpointName: name } };
      request.initiated(physical);
      await inService(request, name, String(config));
      return physical;
    },
    async update(request, physical, old) {
      const name = String(physical.attributes.EndpointName);
      const { EndpointConfigName: config, DeploymentConfig, RetainAllVariantProperties, RetainDeploymentConfig, ExcludeRetainedVariantProperties, Tags } = withNumbers(request.properties);
      const now = await settled(request, name);
      if (now?.EndpointStatus !== 'InService' || now.EndpointConfigName !== config) {
        await sageMaker.call('UpdateEndpoint', withoutUndefined({ EndpointName: name, EndpointConfigName: config, DeploymentConfig, RetainAllVariantProperties, RetainDeploymentConfig, ExcludeRetainedVariantProperties }));
        await inService(request, name, String(config));
      }
      await changeTags(sageMaker, physical.physicalId, old.Tags as [], Tags as []);
      return physical;
    },
    async delete(request, { attributes: { EndpointName: name } }) {
      // One that is being made or moved can't be deleted.
      if (await settled(request, String(name)) === undefined) { return; }
      await unlessGone(sageMaker.call('DeleteEndpoint', { EndpointName: name }));
      await settled(request, String(name));
    },
  };
}

const withoutUndefined = (input: Record<string, unknown>) => Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
