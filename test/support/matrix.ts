import type { JobProperties } from '../../lib/handler/contract';
import { jobEvent, jobProperties, ourTags } from './job-events';
import { ServiceFault, STOPPING_TAKES_MS } from './job-records';
import { Killed, SimulatedCloud } from './simulated-cloud';
import type { FaultPlan, HandlerModule, SentAnswer, Tree } from './simulated-cloud';
import type { TestedKind } from './tested-kinds';

export const EVENTS = ['Create', 'Update same run', 'Update other run', 'rollback', 'cancelled update', 'Delete', 'Delete in flight', 'duplicate', 'late delivery'] as const;
export const STATES = ['absent', 'record gone', 'InProgress', 'Stopping', 'Completed', 'Failed', 'Stopped', 'MaxRuntimeExceeded'] as const;
export const FAULTS = [
  'no fault', 'throttled', '5xx', 'role not ready', 'access denied', 'no capacity', 'connection reset', 'connection reset after the effect',
  'name taken by a stranger', 'failed PUT',
] as const;

export interface Scenario {
  readonly event: typeof EVENTS[number];
  readonly state: typeof STATES[number];
  readonly fault: typeof FAULTS[number] | `killed at await ${number}` | `killed after await ${number}`;
}

/** What came of a scenario. */
export interface Result {
  readonly cloud: SimulatedCloud;
  readonly kind: TestedKind;
  /** In the order of delivery. */
  readonly events: readonly Tree[];
  /** The id that CloudFormation holds the resource by in the end; undefined when the resource is gone. */
  readonly known?: string;
  /** The jobs that were there before. */
  readonly jobsBefore: readonly string[];
}

/** Run A and run B of a kind, and the names that they make. */
interface Runs { readonly kind: TestedKind; readonly A: JobProperties; readonly B: JobProperties; readonly jobA: string; readonly jobB: string }

/** The handler is asked what it would call them, so that this holds for kinds that only it knows. */
async function runsOf(handler: HandlerModule, kind: TestedKind): Promise<Runs> {
  const [A, B] = ['A', 'B'].map((letter) => jobProperties(letter, {}, kind)) as [JobProperties, JobProperties];
  const [jobA, jobB] = [await nameOf(handler, kind, A), await nameOf(handler, kind, B)];
  return { kind, A, B, jobA, jobB };
}

const names = new WeakMap<HandlerModule, Map<string, Promise<string>>>();

function nameOf(handler: HandlerModule, kind: TestedKind, properties: JobProperties): Promise<string> {
  const known = names.get(handler) ?? names.set(handler, new Map()).get(handler)!;
  const text = JSON.stringify(properties);
  if (!known.has(text)) { known.set(text, launchedName(handler, kind, properties)); }
  return known.get(text)!;
}

async function launchedName(handler: HandlerModule, kind: TestedKind, properties: JobProperties): Promise<string> {
  const cloud = new SimulatedCloud(handler, undefined, [kind]);
  cloud.deliver(jobEvent('Create', properties));
  await cloud.time.run();
  const [name] = cloud.jobs.launched;
  if (name === undefined) { throw new Error(`no ${kind.kind} was launched`); }
  return name;
}

/** Every combination, and every place to be killed at. */
export function* scenarios(kills: number): Generator<Scenario> {
  for (const event of EVENTS) {
    for (const state of STATES) {
      for (const fault of FAULTS) { yield { event, state, fault }; }
      for (let n = 1; n <= kills; n++) {
        yield { event, state, fault: `killed at await ${n}` };
        yield { event, state, fault: `killed after await ${n}` };
      }
    }
  }
}

/** Plays CloudFormation through one scenario, to the end of everything that it set going. */
export async function play(handler: HandlerModule, kind: TestedKind, scenario: Scenario): Promise<Result> {
  const runs = await runsOf(handler, kind);
  const cloud = new SimulatedCloud(handler, undefined, [kind]);
  cloud.faults = faultPlan(scenario.fault, kind);
  cloud.jobs.failAtOnce = scenario.fault.startsWith('killed after');      // the next look finds a job that has failed, and that is no reason for another
  const wished = scenario.event === 'Update other run' || scenario.event === 'cancelled update' ? runs.jobB : runs.jobA;
  if (wished === runs.jobB) { cloud.jobs.put(runs.jobA, { kind, request: runs.A.Request as Tree, status: 'Completed', secondary: 'Completed', tags: ourTags() }); }
  putJob(cloud, wished, runs, scenario);
  const jobsBefore = [...cloud.jobs.records.keys()];
  const events: Tree[] = [];
  const deliver = (event: Tree) => { events.push(event); cloud.deliver(event); };
  const known = await PLAYS[scenario.event](cloud, deliver, runs);
  return { cloud, kind, events, known, jobsBefore };
}

type Play = (cloud: SimulatedCloud, deliver: (event: Tree) => void, runs: Runs) => Promise<string | undefined>;

const PLAYS: { readonly [event in Scenario['event']]: Play } = {
  'Create': createAs(() => {}),
  'duplicate': createAs((event, deliver) => deliver(event)),
  'late delivery': async (cloud, deliver, { A }) => {
    const event = jobEvent('Create', A);
    const known = await create(cloud, deliver, event);
    await cloud.time.run(cloud.time.now() + 6 * 3_600_000);
    cloud.deliver(event);
    await cloud.time.run();
    return known;
  },
  'Update same run': async (cloud, deliver, { A, jobA }) => {
    const tagged = { ...A, Request: { ...A.Request, Tags: [{ Key: 'team', Value: 'vision' }] } };
    return update(cloud, deliver, jobEvent('Update', tagged, { PhysicalResourceId: jobA, OldResourceProperties: A }));
  },
  'Update other run': async (cloud, deliver, { A, B, jobA }) => update(cloud, deliver, jobEvent('Update', B, { PhysicalResourceId: jobA, OldResourceProperties: A })),
  'rollback': async (cloud, deliver, { A, B, jobB }) => {
    cloud.stackStatus = 'UPDATE_ROLLBACK_IN_PROGRESS';
    return update(cloud, deliver, jobEvent('Update', A, { PhysicalResourceId: jobB, OldResourceProperties: B }));
  },
  'cancelled update': async (cloud, deliver, { A, B, jobA }) => {
    cloud.stackStatus = 'UPDATE_IN_PROGRESS';
    deliver(jobEvent('Update', B, { PhysicalResourceId: jobA, OldResourceProperties: A }));
    cloud.stackStatus = 'UPDATE_IN_PROGRESS';
    await new Promise((resolve) => { setImmediate(resolve); });        // the first calls are under way
    cloud.stackStatus = 'UPDATE_ROLLBACK_IN_PROGRESS';
    deliver(jobEvent('Update', A, { PhysicalResourceId: jobA, OldResourceProperties: B }));
    await cloud.time.run();
    return jobA;
  },
  'Delete': async (cloud, deliver, { A, jobA }) => {
    cloud.stackStatus = 'DELETE_IN_PROGRESS';
    deliver(jobEvent('Delete', A, { PhysicalResourceId: jobA }));
    await cloud.time.run();
    return undefined;
  },
  'Delete in flight': async (cloud, deliver, { A }) => {
    deliver(jobEvent('Create', A));
    await new Promise((resolve) => { setImmediate(resolve); });
    cloud.stackStatus = 'ROLLBACK_IN_PROGRESS';
    deliver(jobEvent('Delete', A, { PhysicalResourceId: 'mnist-TrainResource-1X2Y3Z' }));
    await cloud.time.run();
    return undefined;
  },
};

function createAs(also: (event: Tree, deliver: (event: Tree) => void) => void): Play {
  return async (cloud, deliver, { A }) => {
    const event = jobEvent('Create', A);
    also(event, (again) => cloud.deliver(again));
    return create(cloud, deliver, event);
  };
}

/** A create that fails is deleted again, with the id of its answer. */
async function create(cloud: SimulatedCloud, deliver: (event: Tree) => void, event: Tree): Promise<string | undefined> {
  deliver(event);
  await cloud.time.run();
  const answer = cloud.answersTo(event)[0]?.parsed;
  if (answer?.Status === 'SUCCESS') { return String(answer.PhysicalResourceId); }
  cloud.stackStatus = 'ROLLBACK_IN_PROGRESS';
  deliver(jobEvent('Delete', event.ResourceProperties, { PhysicalResourceId: answer?.PhysicalResourceId }));
  await cloud.time.run();
  return undefined;
}

/** An update to another id is followed by the deletion of the one it replaced. */
async function update(cloud: SimulatedCloud, deliver: (event: Tree) => void, event: Tree): Promise<string | undefined> {
  if (!cloud.stackStatus.includes('ROLLBACK')) { cloud.stackStatus = 'UPDATE_IN_PROGRESS'; }
  deliver(event);
  await cloud.time.run();
  const answer = cloud.answersTo(event)[0]?.parsed;
  const now = answer?.Status === 'SUCCESS' ? String(answer.PhysicalResourceId) : String(event.PhysicalResourceId);
  if (now !== event.PhysicalResourceId) {
    cloud.stackStatus = `${cloud.stackStatus.replace('IN_PROGRESS', 'COMPLETE')}_CLEANUP_IN_PROGRESS`;
    deliver(jobEvent('Delete', event.OldResourceProperties, { PhysicalResourceId: event.PhysicalResourceId }));
    await cloud.time.run();
  }
  return now;
}

function putJob(cloud: SimulatedCloud, name: string, { kind, A, B, jobA }: Runs, { state, fault }: Scenario): void {
  const stranger = fault === 'name taken by a stranger';
  const tags = stranger ? { 'cdk-sagemaker:stack': 'another-stack', 'cdk-sagemaker:logical-id': 'Theirs' } : ourTags();
  const request = (name === jobA ? A : B).Request as Tree;
  if (state === 'absent' && !stranger) { return; }
  if (state === 'record gone') {
    cloud.jobs.put(`${name}-2`, { kind, request, status: 'Completed', secondary: 'Completed', tags });      // the first attempt's record was deleted
    return;
  }
  const status = state === 'absent' ? 'InProgress' : state === 'MaxRuntimeExceeded' ? 'Stopped' : state;
  cloud.jobs.put(name, { kind, request, tags, status, secondary: state === 'MaxRuntimeExceeded' ? state : status, stopRequestedAt: cloud.time.now() });
}

function faultPlan(fault: Scenario['fault'], kind: TestedKind): FaultPlan {
  const [, when, n] = /^killed (at|after) await (\d+)$/.exec(fault) ?? [];
  if (n !== undefined) {
    const kill = (_operation: string, count: number) => (count === Number(n) ? new Killed('the process is gone') : undefined);
    return when === 'at' ? { before: kill } : { after: kill };
  }
  const first = (times: number, error: () => Error, except = '') => {
    const counts = new Map<string, number>();
    return (operation: string) => {
      counts.set(operation, (counts.get(operation) ?? 0) + 1);
      return operation !== except && counts.get(operation)! <= times ? error() : undefined;
    };
  };
  const on = (name: string, error: () => Error, times = Number.POSITIVE_INFINITY) => {
    let count = 0;
    return (operation: string) => (operation === name && ++count <= times ? error() : undefined);
  };
  switch (fault) {
    case 'throttled': return { before: first(3, () => new ServiceFault('ThrottlingException', 'Rate exceeded'), 'PutAnswer') };
    case '5xx': return { before: first(2, () => new ServiceFault('InternalFailure', 'try again', 500)) };
    case 'connection reset': return { before: first(2, () => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })) };
    case 'connection reset after the effect': return { after: first(2, () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })) };
    case 'role not ready': return { before: on(kind.create, () => new ServiceFault('ValidationException', 'Could not assume role arn:aws:iam::123456789012:role/x'), 6) };
    case 'access denied': return { before: on(kind.create, () => new ServiceFault('AccessDeniedException', `not authorized to perform: sagemaker:${kind.create}`)) };
    case 'no capacity': return { before: on(kind.create, () => new ServiceFault('ResourceLimitExceeded', "The account-level service limit 'ml.m5.large for training job usage' is 0 Instances")) };
    case 'failed PUT': return { before: on('PutAnswer', () => new ServiceFault('ServiceUnavailable', 'slow down', 503), 3) };
    default: return {};
  }
}

/** What must hold whatever happened; the sentences that do not. */
export function violations(scenario: Scenario, { cloud, kind, events, known, jobsBefore }: Result): string[] {
  const found: string[] = [];
  const claim = (holds: boolean, sentence: string) => { if (!holds) { found.push(sentence); } };
  const answers = events.map((event) => cloud.answersTo(event));
  for (const [index, sent] of answers.entries()) {
    const what = `${events[index]!.RequestType}`;
    claim(sent.length > 0, `${what} was never answered`);
    claim(new Set(sent.map(({ body }) => body)).size <= 1, `${what} was answered differently`);
    for (const { body } of sent) { claim(Buffer.byteLength(body) <= 4096, `an answer to ${what} is too long`); }
  }
  const wishes = events.filter(({ RequestType }) => RequestType !== 'Delete').length - (['cancelled update', 'rollback'].includes(scenario.event) ? 1 : 0);
  claim(cloud.jobs.launched.length <= wishes, `${cloud.jobs.launched.length} jobs for ${wishes} wishes`);
  const unowned = cloud.jobs.running().filter((name) => !jobsBefore.includes(name) && name !== known);
  claim(unowned.length === 0, `${unowned.join(', ')} runs and nobody owns it`);
  if (scenario.fault === 'name taken by a stranger') { claim(cloud.jobs.stopped.length === 0, 'a stranger\'s job was stopped'); }
  if (!/name taken/.test(scenario.fault)) { found.push(...unexpected(scenario, cloud, answers[0]?.[0])); }
  claim(cloud.sent.filter((operation) => /Tags$/.test(operation) || [kind.create, kind.describe, kind.stop].includes(operation)).length < 200, 'SageMaker was asked too often');
  return found;
}

const PASSING = /no fault|throttled|5xx|role not ready|connection reset|failed PUT|killed/;

/** What the first event must come to: design section 3, in a table. */
function unexpected({ event, state, fault }: Scenario, cloud: SimulatedCloud, answer: SentAnswer | undefined): string[] {
  const usable = ['record gone', 'InProgress', 'Completed'].includes(state);
  const launches = ['Create', 'duplicate', 'late delivery', 'Update same run', 'Update other run'].includes(event) && !usable;
  const refused = launches && !PASSING.test(fault);
  const found: string[] = [];
  if (event !== 'cancelled update' && event !== 'Delete in flight') {
    const expected = refused ? 'FAILED' : 'SUCCESS';
    if (answer?.parsed.Status !== expected) { found.push(`answered ${answer?.parsed.Status}, not ${expected}: ${answer?.parsed.Reason}`); }
    const jobs = launches && !refused ? 1 : 0;
    if (cloud.jobs.launched.length !== jobs) { found.push(`launched ${cloud.jobs.launched.length} jobs, not ${jobs}`); }
  }
  const stops = event === 'Delete' && state === 'InProgress';
  if (stops && (cloud.jobs.stopped.length !== 1 || cloud.jobs.running().length > 0)) { found.push('a deleted job was not stopped'); }
  const stopRequestedAt = [...cloud.jobs.records.values()].find((job) => job.status.startsWith('Stop') && job.stopRequestedAt)?.stopRequestedAt;
  if (stops && (answer?.at ?? 0) - (stopRequestedAt ?? 0) < STOPPING_TAKES_MS) { found.push('a delete was answered before the job had stopped'); }
  if (event === 'Delete' && !stops && cloud.jobs.stopped.length > 0) { found.push('a job that had ended was stopped'); }
  return found;
}

/** All that does not hold in these scenarios, until that is enough. */
export async function violationsOf(handler: HandlerModule, kind: TestedKind, chosen: Iterable<Scenario>, enough = Number.POSITIVE_INFINITY): Promise<string[]> {
  const found: string[] = [];
  for (const scenario of chosen) {
    for (const sentence of violations(scenario, await play(handler, kind, scenario))) {
      found.push(`${kind.kind} | ${scenario.event} | ${scenario.state} | ${scenario.fault}: ${sentence}`);
    }
    if (found.length >= enough) { break; }
  }
  return found;
}
