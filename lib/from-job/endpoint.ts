import { object, type Code } from './code';
import { tagStatements, withoutTime } from './prepared';
import type { Program } from './program';
import { propertyOverrides } from './property-overrides';
import { isEmpty, type Tree } from './tree';

/** The construct of an endpoint. @param config the constant of its configuration @returns its constant */
export function endpoint(program: Program, request: Tree, config: Code): string {
  const { EndpointName: endpointName, EndpointConfigName: _config, Tags: tags, ...others } = request;
  if (!isEmpty(endpointName)) { program.note(`endpointName: ${endpointName} is there already, so that the stack's endpoint has a name of its own; give the prop endpointName once the other one is gone`); }
  const constant = program.construct('Endpoint', withoutTime(String(endpointName ?? 'endpoint')), 'Endpoint', object({ config }));
  propertyOverrides(program, constant, 'CfnEndpoint', others, {});
  tagStatements(program, constant, tags);
  return constant;
}

