import { whenChanged } from '../cloudformation/resource-type';
import type { ResourceRequest, ResourceType } from '../cloudformation/resource-type';
import type { Physical, Properties } from '../cloudformation/stack-record';
import type { LocalServices } from './services';

/** A state machine that really runs; what the interpreter does not know is refused when it is made. */
export function stateMachineType({ stepFunctions }: LocalServices): ResourceType {
  const put = ({ properties, stack: { partition, region, account } }: ResourceRequest, name: string): Physical => {
    if (properties.StateMachineType === 'EXPRESS') { throw new Error('Not supported by the local AWS: StateMachineType EXPRESS'); }
    const arn = `arn:${partition}:states:${region}:${account}:stateMachine:${name}`;
    stepFunctions.put(arn, definitionText(properties), String(properties.RoleArn ?? ''));
    return { physicalId: arn, attributes: { Arn: arn, Name: name } };
  };
  return {
    replaces: whenChanged('StateMachineName', 'StateMachineType'),
    create: async (request) => put(request, String(request.properties.StateMachineName ?? request.generatedName(80))),
    update: async (request, { attributes }) => put(request, String(attributes.Name)),
    restore: async (request, { attributes }) => { put(request, String(attributes.Name)); },
    delete: async (_, { physicalId }) => stepFunctions.delete(physicalId),
  };
}

function definitionText(properties: Properties): string {
  const { DefinitionString: text, Definition: object, DefinitionSubstitutions: substitutions = {} } = properties;
  if (text === undefined && object === undefined) { throw new Error('Not supported by the local AWS: a definition that is neither DefinitionString nor Definition'); }
  return Object.entries(substitutions as Properties).reduce((whole, [name, value]) => whole.replaceAll(`\${${name}}`, String(value)), String(text ?? JSON.stringify(object)));
}
