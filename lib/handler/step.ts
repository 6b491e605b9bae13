import { withoutOverflow } from './answers';
import type { OutcomeProperties } from './contract';
import { checkEndpoint, ENDPOINT_CHECK_ID } from './endpoint-check';
import { BadProperties, inWords, isEndedAlready, isTransient, Refused } from './errors';
import type { Answer, Memo, Progress, Task, Turn } from './events';
import { roleOf, type ResourceRole } from './events';
import { launchOrAdopt, LOOK_AGAIN_SECONDS } from './launch';
import { judgeJob, OUTCOME_ID, WAIT_ID, waitForJob } from './outcome';
import { removeJob } from './removal';
import { isObject } from './restore-types';
import { fallbackId } from './roll-back';
import { hasEnded } from './run';
import { launchedByThisEvent, runOf } from './runs';
import type { World } from './world';

/** CloudFormation waits an hour for an answer. */
const LONGEST_EVENT_MS = 57 * 60_000;
const LAST_ANSWER_MS = 59 * 60_000;

/** Shorter texts are words that a message is made of. */
const SHORTEST_SECRET = 8;

/** What is no job has the same physical id for ever. */
const CONSTANT_IDS: { readonly [role in Exclude<ResourceRole, 'job'>]: string } = { 'outcome': OUTCOME_ID, 'wait': WAIT_ID, 'endpoint-check': ENDPOINT_CHECK_ID };

/** One look on behalf of an event: returns the next state of the execution, with an answer or with a time to look again. */
export async function step(task: Task, world: World): Promise<Task> {
  const memo: Memo = { started: world.now(), ...task.memo };
  const turn: Turn = { event: task.event, memo, world };
  try {
    const progress = memo.failing !== undefined ? await fail(turn, memo.failing) : await look(turn);
    if ('wait' in progress && memo.failing === undefined && progress.memo?.failing === undefined && age(memo, world) >= LONGEST_EVENT_MS) {
      throw new Refused(`${task.event.ResourceType} has waited for 57 minutes, and CloudFormation waits no longer than an hour`);
    }
    return next(task, { ...memo, faults: 0 }, 'answer' in progress ? { answer: withoutOverflow(task.event, progress.answer) } : progress);
  } catch (error) {
    return afterError(task, memo, world, error);
  }
}

async function look(turn: Turn): Promise<Progress> {
  const { event } = turn;
  const role = roleOf(event);
  if (role === 'wait') { return waitForJob(turn); }
  if (role === 'outcome') { return judgeJob(turn); }
  if (role === 'endpoint-check') { return checkEndpoint(turn); }
  return event.RequestType === 'Delete' ? removeJob(turn) : launchOrAdopt(turn);
}

function next(task: Task, memo: Memo, progress: Progress): Task {
  const base = { function: task.function, event: task.event };
  return 'answer' in progress ? { ...base, memo, answer: progress.answer } : { ...base, memo: { ...memo, ...progress.memo }, wait: progress.wait };
}

/** A fault that passes is waited for; any other one is the reason why the event fails. */
function afterError(task: Task, memo: Memo, world: World, error: unknown): Task {
  if (isTransient(error) && age(memo, world) < (memo.failing === undefined ? LONGEST_EVENT_MS : LAST_ANSWER_MS)) {
    const faults = (memo.faults ?? 0) + 1;
    const longest = Math.min(60, 2 ** faults);
    return next(task, { ...memo, faults }, { wait: Math.max(1, Math.round(longest * (0.5 + 0.5 * world.random()))) });
  }
  if (memo.failing !== undefined) { return next(task, memo, { answer: failed(task, memo.failing) }); }
  const reason = withoutSecrets(task.event.ResourceProperties, inWords(error));
  if (!(error instanceof Refused || error instanceof BadProperties)) { console.error(reason); }
  return next(task, { ...memo, failing: reason }, { wait: 1 });
}

/** The service repeats what it refuses, and the values of an environment may be secrets. */
function withoutSecrets(properties: unknown, words: string): string {
  JSON.stringify(properties, (member, value: unknown) => {
    for (const text of member === 'Environment' && isObject(value) ? Object.values(value) : []) {
      if (typeof text === 'string' && text.length >= SHORTEST_SECRET) { words = words.replaceAll(text, '***'); }
    }
    return value;
  });
  return words;
}

/** The event fails, but not before what it launched has ended: CloudFormation would never hear of it. */
async function fail(turn: Turn, reason: string): Promise<Progress> {
  const { event, memo, world } = turn;
  const answer = { answer: failed({ event }, reason) };
  if (event.RequestType === 'Delete' || isOver(memo, world)) { return answer; }
  if (roleOfOrNone(event) === 'outcome') { return (await outcomeJobEnded(turn)) ? answer : { wait: LOOK_AGAIN_SECONDS }; }
  const run = readableRun(turn);
  const job = run && await launchedByThisEvent(turn, run);
  if (!run || !job || hasEnded(job)) { return answer; }
  if (job.state === 'running') {
    try {
      await world.jobs.stop(run.kind, job.name);
    } catch (error) {
      if (!isEndedAlready(error)) { throw error; }
    }
  }
  return { wait: LOOK_AGAIN_SECONDS };
}

async function outcomeJobEnded({ event, world, memo }: Turn): Promise<boolean> {
  if (memo.untilEnded === undefined) { return true; }
  const job = await world.jobs.describe((event.ResourceProperties as OutcomeProperties).Kind, memo.untilEnded);
  return !job || hasEnded(job);
}

/** FAILED with the id that CloudFormation knows already; a create has the name its job has, or would have had. */
export function failed({ event }: Pick<Task, 'event'>, reason: string): Answer {
  const role = roleOfOrNone(event);
  const own = role === undefined ? undefined : role === 'job' ? readableRun({ event })?.jobName : CONSTANT_IDS[role];
  return { Status: 'FAILED', Reason: reason || 'failed without a word', PhysicalResourceId: event.PhysicalResourceId ?? own ?? fallbackId(event) };
}

function roleOfOrNone(event: Task['event']) {
  try { return roleOf(event); } catch { return undefined; }
}

function readableRun({ event }: Pick<Turn, 'event'>) {
  try { return runOf(event); } catch { return undefined; }
}

const age = (memo: Memo, world: World) => world.now() - (memo.started ?? world.now());
const isOver = (memo: Memo, world: World) => age(memo, world) >= LAST_ANSWER_MS;
