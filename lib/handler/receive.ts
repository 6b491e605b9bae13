import { answerBody } from './answers';
import { inWords, isTransient } from './errors';
import type { Answer, CloudFormationEvent, Memo, Task } from './events';
import { roleOf } from './events';
import { userTags } from './in-place';
import type { Tree } from './job-kind';
import { runOf } from './runs';
import { failed, step } from './step';
import type { World } from './world';

/** An execution's input may be 256 KiB. */
const LONGEST_INPUT_BYTES = 250_000;
const ATTEMPTS_TO_START = 6;

/**
 * Takes an event from CloudFormation. It is dealt with in an execution that is named by its RequestId: a second delivery,
 * or one after a crash, finds the execution there, so each event is dealt with, and answered, by one execution.
 */
export async function receive(event: CloudFormationEvent, functionArn: string, world: World): Promise<void> {
  const { OldResourceProperties: old, ...rest } = event;
  let input: Tree, bytes: number;
  try {
    roleOf(event);
    input = { function: functionArn, event: rest, memo: { before: before(event, old) } satisfies Memo };
    bytes = Buffer.byteLength(JSON.stringify(input));       // throws what is nested too deeply
  } catch (error) {
    return answerAtOnce(event, { ...failed({ event }, inWords(error)), Status: event.RequestType === 'Delete' ? 'SUCCESS' : 'FAILED' }, world);
  }
  if (bytes > LONGEST_INPUT_BYTES) {
    return answerAtOnce(event, failed({ event }, `the properties need ${bytes} bytes, and an execution takes ${LONGEST_INPUT_BYTES}`), world);
  }
  const name = event.RequestId.replace(/[^A-Za-z0-9_-]/g, '-').slice(0, 80);
  for (let attempt = 1; ; attempt++) {
    try {
      await world.startExecution(name, input);
      return;
    } catch (error) {
      // When it is not known whether it started, nothing may be answered: Lambda delivers the event again.
      if (isTransient(error) && attempt >= ATTEMPTS_TO_START) { throw error; }
      if (!isTransient(error)) { return answerAtOnce(event, failed({ event }, `the event could not be taken up: ${inWords(error)}`), world); }
      await world.sleep(250 * 2 ** attempt * (0.5 + 0.5 * world.random()));
    }
  }
}

/** What the properties before this update say, in so far as they can be read: CloudFormation's idea of them may be wrong. */
function before(event: CloudFormationEvent, old: unknown): Memo['before'] {
  if (event.RequestType !== 'Update' || old === undefined) { return undefined; }
  const properties = (old ?? {}) as Tree;
  if (roleOf(event) !== 'job') { return { tagKeys: [], judged: typeof properties.JobName === 'string' ? properties.JobName : undefined }; }
  const request = (properties.Request ?? {}) as Tree;
  const tagKeys = userTags(request).map(([key]) => key);
  try { return { jobName: runOf(event, old).jobName, tagKeys }; } catch { return { tagKeys }; }
}

async function answerAtOnce(event: CloudFormationEvent, answer: Answer, world: World): Promise<void> {
  await send({ function: '', event, memo: {}, answer }, world);
}

/** Sends the answer of an execution; the state machine calls again until it has arrived. */
export async function send(task: Task, world: World): Promise<void> {
  await world.put(task.event.ResponseURL, answerBody(task.event, task.answer!));
}

/** The looks failed again and again, for a reason this code does not know: says so, after a last try to stop what it launched. */
export async function giveUp(task: Task, world: World): Promise<Task> {
  const { error, ...rest } = task;
  const reason = `the handler failed: ${error?.Error ?? ''} ${String(error?.Cause ?? '').slice(0, 1000)}`;
  const last = await step({ ...rest, memo: { ...rest.memo, failing: reason } }, world).catch(() => undefined);
  return { ...rest, answer: last?.answer ?? failed(task, reason) };
}
