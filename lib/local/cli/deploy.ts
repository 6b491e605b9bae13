import type { BegunOperation } from '../control';
import { isSuccess } from '../cloudformation/stack-record';
import type { AssemblyStack } from '../assembly';
import { localMode } from '../containers/containers';
import { assemblyOf, selectedStacks } from './app';
import { atRest } from './at-rest';
import { failuresOf, follow } from './follow';
import type { Followed } from './follow';
import { CommandError, UsageError } from './output';
import type { Output } from './output';
import { onSignal } from './signals';
import { endpointsText, Server, ServerEnded } from './server';

export interface DeployOptions {
  readonly app?: string;
  readonly state: string;
  readonly rollback: boolean;
  readonly parameters: readonly string[];
  /** What runs jobs and endpoints: `auto`, `container` or `process`. @default - as it is */
  readonly mode?: string;
  /** The built bin/local-server. */
  readonly program: string;
}

/** Deploys stacks one after the other, and says what happens. @throws CommandError when one fails */
export async function deploy(names: readonly string[], options: DeployOptions, output: Output): Promise<void> {
  const parameters = parametersOf(options.parameters);
  if (options.mode !== undefined) { localMode(options.mode, (rule) => new UsageError(`--mode ${rule} ${options.mode}`)); }
  const assembly = await assemblyOf(options.app, options.state, output);
  const stacks = selectedStacks(assembly, names);
  let server = await Server.started(options.state, options.program, options.mode);
  const results: object[] = [];
  for (const stack of stacks) {
    const begun = await begin(stack, server, parameters, options, output).catch(async (error: Error) => {
      if (error instanceof ServerEnded) {
        // Another command has destroyed the last stack at this moment, and the local AWS with it.
        server = await Server.started(options.state, options.program, options.mode);
        return begin(stack, server, parameters, options, output);
      }
      // Nothing is left running for a deployment that was refused.
      await server.stop('needed');
      throw error;
    });
    if (results.length === 0 && begun.kind !== 'unchanged') { output.progress(output.paint('grey', server.runsIn)); }
    const result = await resultOf(begun, stack, server, options, output);
    results.push(result);
    if (!result.ok) {
      output.json(results);
      throw new CommandError(result.message);
    }
  }
  output.progress(output.paint('grey', endpointsText(server.info)));
  output.json(results);
}

export function parametersOf(given: readonly string[]): { readonly [name: string]: string } {
  return Object.fromEntries(given.map((text) => {
    const [name = '', ...value] = text.split('=');
    if (value.length === 0) { throw new UsageError(`--parameters must be Name=value, got ${text}`); }
    return [name, value.join('=')];
  }));
}

async function begin(stack: AssemblyStack, server: Server, parameters: { readonly [name: string]: string }, { rollback }: DeployOptions, output: Output): Promise<BegunOperation> {
  await atRest(stack.stackName, server, stack.paths, output);
  return server.command('deploy', { assembly: stack.folder, id: stack.id, parameters, rollback });
}

/** Follows a deployment to its end. */
async function resultOf(begun: BegunOperation, stack: AssemblyStack, server: Server, options: DeployOptions, output: Output) {
  const { stackName, kind } = begun;
  if ((begun.images ?? 0) > 0) {
    const what = begun.buildsImages === true ? 'are built when jobs and endpoints run them' : 'are not built: jobs and endpoints follow their Dockerfiles, as processes';
    output.progress(`${stackName}: ${begun.images} image asset(s) ${what}`);
  }
  for (const what of begun.missed ?? []) { output.progress(`${stackName}: ${output.paint('yellow', what)}`); }
  if (kind === 'unchanged') { output.progress(`${stackName}: no changes`); }
  const forget = onInterrupt(stackName, options.state, output);
  const followed = await follow(server, begun, stack.paths, output).finally(forget);
  // Deleted by somebody else meanwhile is not deployed.
  const ok = kind === 'unchanged' || isSuccess(followed.status) && followed.status !== 'DELETE_COMPLETE';
  if (ok) { printOutputs(followed, output); }
  const failures = failuresOf(followed.events).map(({ logicalId, reason }) => ({ logicalId, path: stack.paths[logicalId] ?? logicalId, reason }));
  return {
    ok, stackName, stackId: followed.stackId, operation: kind, status: followed.status, failures,
    outputs: Object.fromEntries(Object.entries(followed.outputs).map(([name, { value }]) => [name, value])),
    message: failureText(followed, failures, options.state),
  };
}

function printOutputs({ stackName, status, outputs }: Followed, output: Output): void {
  output.progress(`${output.paint('bold', stackName)}: ${output.status(status)}`);
  for (const [name, { value }] of Object.entries(outputs)) { output.result(`${stackName}.${name} = ${value}`); }
}

/** The reasons in full, and where the stack is now. */
function failureText({ stackName, status, statusReason }: Followed, failures: readonly { path: string; reason?: string }[], state: string): string {
  const reasons = failures.map(({ path, reason }) => `${path}: ${reason ?? ''}`);
  const where: { readonly [status: string]: string } = {
    ROLLBACK_COMPLETE: 'everything it had made is deleted again; the next deploy begins anew',
    UPDATE_ROLLBACK_COMPLETE: 'it is back in the state before this update',
    CREATE_FAILED: 'what was made is left as it is; the next deploy goes on from there',
    UPDATE_FAILED: `what was done is left as it is; deploy again, or go back with \`cdk-sagemaker local rollback ${stackName}\``,
    UPDATE_ROLLBACK_FAILED: `repair what is named above and run \`cdk-sagemaker local rollback ${stackName}\`, with --skip for what can't be repaired`,
  };
  return [...reasons, ...reasons.length === 0 ? [statusReason ?? ''] : [], `${stackName} is in state ${status}${where[status] === undefined ? '' : `: ${where[status]}`}`, `(log of the local AWS: ${state}/server.log)`].join('\n');
}

/** Ctrl-C, or the end of the terminal, ends the command, not the deployment: that runs on, as it does at AWS. */
export function onInterrupt(stackName: string, state: string, output: Output): () => void {
  const leave = () => {
    output.progress(`\ndetached: the operation on ${stackName} goes on. Follow it with \`cdk-sagemaker local events ${stackName} --follow --state ${state}\`, end it with \`cdk-sagemaker local destroy ${stackName} --state ${state}\``);
  };
  return onSignal(leave);
}
