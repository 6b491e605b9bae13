import { whenChanged } from '../cloudformation/resource-type';
import type { ResourceRequest, ResourceType } from '../cloudformation/resource-type';
import type { Physical } from '../cloudformation/stack-record';
import { ServiceError } from '../service-error';
import type { LocalServices } from './services';

/** A parameter of the local SSM. What is put over its value by others stays until its template is another one. */
export function parameterType({ ssm }: LocalServices): ResourceType {
  const put = async ({ properties: { Name: _name, Tags: _tags, Policies, ...properties }, planned }: ResourceRequest, name: string, Overwrite: boolean): Promise<Physical> => {
    const physical = { physicalId: name, attributes: { Type: properties.Type, Value: properties.Value } };
    planned(physical);
    await ssm.call('PutParameter', { ...properties, Policies, Name: name, Overwrite });
    return physical;
  };
  const isThere = (name: string) => ssm.value(name) !== undefined;
  return {
    replaces: whenChanged('Name'),
    async create(request) {
      const name = String(request.properties.Name ?? request.generatedName(255));
      if (isThere(name)) { throw new Error(`${name} already exists`); }
      return put(request, name, false);
    },
    update: (request, { physicalId }) => put(request, physicalId, true),
    /** Stacks of older versions have only written it down. */
    async restore(request, { physicalId }) { if (!isThere(physicalId)) { await put(request, physicalId, false); } },
    async delete(_, { physicalId }) {
      await ssm.call('DeleteParameter', { Name: physicalId }).catch((error: Error) => { if (!(error instanceof ServiceError && error.name === 'ParameterNotFound')) { throw error; } });
    },
  };
}
