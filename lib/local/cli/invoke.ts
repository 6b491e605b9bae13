import type { ServerInfo } from '../server-file';
import { deployedStacks, isThere } from './deployed';
import { CommandError } from './output';
import { Server } from './server';

export interface EndpointOptions {
  readonly state: string;
  readonly endpoint?: string;
  /** The built bin/local-server. */
  readonly program: string;
}

/** An endpoint of the local AWS, by its own name or its stack's, and where it is asked. */
export async function deployedEndpoint(name: string, options: EndpointOptions): Promise<{ readonly endpointName: string; readonly server: ServerInfo }> {
  const endpointName = endpointOf(name, options);
  // It was there; one that has ended since serves its endpoints again.
  const { info } = await Server.started(options.state, options.program);
  return { endpointName, server: info };
}

/** The endpoint of a stack, or one that is named. */
function endpointOf(name: string, options: EndpointOptions): string {
  const stacks = deployedStacks(options.state).filter(isThere);
  const endpoints = stacks.flatMap(({ stackName, paths = {}, resources }) => Object.entries(resources)
    .filter(([, { type, physical }]) => type === 'AWS::SageMaker::Endpoint' && physical !== undefined)
    .map(([id, { physical }]) => ({ stackName, id, path: paths[id], endpointName: String(physical?.attributes.EndpointName) })));
  const isStack = stacks.some(({ stackName }) => stackName === name);
  const wanted = options.endpoint ?? (isStack ? undefined : name);
  const found = endpoints.filter((endpoint) => (!isStack || endpoint.stackName === name)
    && (wanted === undefined || [endpoint.endpointName, endpoint.id, endpoint.path, endpoint.path?.replace(/\/Resource$/, '')].includes(wanted)));
  if (found.length === 1) { return (found[0] as { endpointName: string }).endpointName; }
  const known = endpoints.map(({ stackName, endpointName }) => `${endpointName} (${stackName})`).join(', ') || 'none';
  if (found.length > 1) { throw new CommandError(`${name} has several endpoints, say which with --endpoint: ${found.map(({ endpointName }) => endpointName).join(', ')}`); }
  throw new CommandError(`there is no ${isStack && wanted === undefined ? `endpoint in stack ${name}` : `stack or endpoint ${wanted ?? name}`}; endpoints: ${known}`);
}
