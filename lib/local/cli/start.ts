import { CommandError, UsageError, type Output } from './output';
import { Server } from './server';
import { askStepFunctions, workflowOf, type DescribedExecution } from './workflows';

export interface StartOptions {
  readonly state: string;
  readonly input?: string;
  readonly name?: string;
  readonly follow?: boolean;
  /** The built bin/local-server. */
  readonly program: string;
}

/** As Step Functions writes an event: its details are in a member that is called after its type. */
interface HistoryEvent {
  readonly id: number;
  readonly type: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly [details: string]: unknown;
}

const POLL = 300;
/** As those of jobs: failed and timed out are 1, aborted is 3. */
const EXIT_CODES: { readonly [status: string]: number } = { RUNNING: 0, SUCCEEDED: 0, ABORTED: 3 };

/** Starts a workflow, and with `follow` prints its states until it has ended. @returns the exit code @throws CommandError */
export async function start(name: string, { state, input = '{}', name: executionName, follow, program }: StartOptions, output: Output): Promise<number> {
  try { JSON.parse(input); } catch { throw new UsageError(`--input must be JSON, got ${input}`); }
  const { arn: stateMachineArn, path } = workflowOf(name, state);
  const server = await Server.started(state, program);
  const { executionArn } = await askStepFunctions<{ executionArn: string }>(server, 'StartExecution', { stateMachineArn, input, ...executionName !== undefined && { name: executionName } });
  output.progress(`${output.paint('bold', path)}: ${executionArn}`);
  if (follow === true) { await printed(server, executionArn, output); }
  const execution = await askStepFunctions<DescribedExecution>(server, 'DescribeExecution', { executionArn });
  const { status, error, cause } = execution;
  const why = error === undefined ? '' : `${error}${cause === undefined || cause === '' ? '' : `: ${cause}`}`;
  output.json({ ok: EXIT_CODES[status] === 0, ...why !== '' && { message: why }, path, ...execution });
  if (follow !== true) { output.result(executionArn); return 0; }
  if (status !== 'SUCCEEDED') { throw new CommandError(`${path} is ${status}${why === '' ? '' : `: ${why}`}`, EXIT_CODES[status] ?? 1); }
  output.result(execution.output ?? '');
  return 0;
}

/** Prints the states of an execution as they come, until it has ended. */
async function printed(server: Server, executionArn: string, output: Output): Promise<void> {
  for (let seen = 0; ;) {
    const { status } = await askStepFunctions<DescribedExecution>(server, 'DescribeExecution', { executionArn });
    for (const event of await eventsAfter(server, executionArn, seen)) {
      seen = event.id;
      const line = lineOf(event, output);
      if (line !== undefined) { output.progress(line); }
    }
    if (status !== 'RUNNING') { return; }
    await new Promise((resolve) => { setTimeout(resolve, POLL); });
  }
}

async function eventsAfter(server: Server, executionArn: string, seen: number): Promise<HistoryEvent[]> {
  const { events } = await askStepFunctions<{ events: HistoryEvent[] }>(server, 'GetExecutionHistory', { executionArn, maxResults: 1000, nextToken: Buffer.from(String(seen)).toString('base64') });
  return events;
}

/** When, what, where; only what says how far it is. */
function lineOf({ type, timestamp, ...details }: HistoryEvent, output: Output): string | undefined {
  const { name, error, cause, status } = (Object.values(details).find((value) => typeof value === 'object') ?? {}) as { name?: string; error?: string; cause?: string; status?: string };
  const what = type.replace(/^[A-Z][a-z]+State(Entered)$/, 'Entered');
  if (!/^(Entered|TaskFailed|TaskTimedOut|Execution(Succeeded|Failed|Aborted|TimedOut))$/.test(what)) { return undefined; }
  const word = what === 'Entered' ? output.paint('grey', what.padEnd(18)) : output.paint(/Failed|TimedOut|Aborted/.test(what) ? 'red' : 'green', what.padEnd(18));
  const said = error === undefined ? status ?? '' : `${error}${cause === undefined || cause === '' ? '' : `: ${cause.split('\n')[0]?.slice(0, 200) ?? ''}`}`;
  return `${output.paint('grey', new Date(timestamp * 1000).toTimeString().slice(0, 8))}  ${word}  ${output.paint('bold', name ?? '')}${said === '' ? '' : `  ${said}`}`.trimEnd();
}
