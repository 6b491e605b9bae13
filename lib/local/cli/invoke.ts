import { readFileSync } from 'node:fs';
import { deployedStacks, isThere } from './deployed';
import { CommandError } from './output';
import type { Output } from './output';
import { Server } from './server';

export interface InvokeOptions {
  readonly state: string;
  readonly endpoint?: string;
  readonly body?: string;
  readonly file?: string;
  readonly contentType: string;
  readonly accept?: string;
  readonly variant?: string;
}

/** Asks an endpoint, and prints its answer as it came. */
export async function invoke(name: string, options: InvokeOptions, output: Output): Promise<void> {
  if (options.body !== undefined && options.file !== undefined) { throw new CommandError('--body and --file both say what to send: give one of them'); }
  const endpointName = endpointOf(name, options);
  const server = await Server.running(options.state);
  if (server === undefined) { throw new CommandError(`the local AWS of ${options.state} does not run; \`cdk-sagemaker local deploy\` starts it`); }
  const { status, headers, body } = await server.send('POST', `/endpoints/${encodeURIComponent(endpointName)}/invocations`, {
    'content-type': options.contentType,
    ...(options.accept === undefined ? {} : { accept: options.accept }),
    ...(options.variant === undefined ? {} : { 'x-amzn-sagemaker-target-variant': options.variant }),
  }, bodyOf(options));
  if (status !== 200) {
    const error = JSON.parse(body.toString()) as { readonly Message?: string; readonly OriginalMessage?: string };
    throw new CommandError(error.OriginalMessage ?? error.Message ?? `HTTP ${status}`);
  }
  output.json({ endpoint: endpointName, contentType: headers['content-type'], variant: headers['x-amzn-invoked-production-variant'], body: body.toString() });
  if (!output.isJson) { process.stdout.write(body.at(-1) === 10 ? body : Buffer.concat([body, Buffer.from('\n')])); }
}

/** The endpoint of a stack, or one that is named. */
function endpointOf(name: string, options: InvokeOptions): string {
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

function bodyOf({ body, file }: InvokeOptions): Buffer {
  if (body !== undefined) { return Buffer.from(body); }
  if (file === undefined && process.stdin.isTTY) { throw new CommandError('nothing to send: pass --body, --file, or something on standard input'); }
  return readFileSync(file ?? 0);
}
