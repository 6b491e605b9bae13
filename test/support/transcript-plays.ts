import type { CustomEvent } from '../../lib/local/cloudformation/custom-resources';
import type { FaultPlan } from '../../lib/local/cloudformation/faults';
import { engineWith, thing } from './engine';
import type { EngineFixture, Line } from './engine';
import transcripts from '../transcripts/cloudformation-transcripts.json';

/** A step of the transcripts, as far as the engine has a part in it. */
export interface Step {
  readonly stack?: string;
  readonly event?: string;
  readonly to?: 'Resource' | 'Outcome';
  readonly properties?: unknown;
  readonly oldProperties?: unknown;
  readonly PhysicalResourceId?: string;
  readonly expect?: 'SUCCESS' | 'FAILED';
  readonly answered?: boolean;
  readonly after?: string;
}

type Named = 'A' | 'B' | 'A with other tags';

/** The job's resources as a template has them; `later` comes after all of them. */
export function jobTemplate(run: Named | object, options: { readonly outcome?: boolean; readonly later?: object } = {}) {
  const request = typeof run === 'object' ? run : { run: run[0], tags: run.slice(1) };
  const job = { Type: 'Custom::SageMakerTrainingJob', Properties: { ServiceToken: 'arn:function', Kind: 'TrainingJob', Request: request } };
  const outcome = { Type: 'Custom::SageMakerJobOutcome', Properties: { ServiceToken: 'arn:function', JobName: { Ref: 'Resource' } } };
  const later = { ...thing(options.later), DependsOn: options.outcome === false ? 'Resource' : 'Outcome' };
  return { Resources: { Resource: job, ...(options.outcome === false ? {} : { Outcome: outcome }), ...(options.later ? { Later: later } : {}) } };
}

/** The engine's events and states in the words of the transcripts. */
function inWords(line: Line): Step {
  if ('stack' in line) { return line; }
  const properties = (value: CustomEvent['ResourceProperties'] | undefined) => {
    if (value === undefined || value.JobName !== undefined) { return value && { JobName: value.JobName }; }
    const { run, tags } = value.Request as { run?: string; tags: string };
    return run === undefined ? { Kind: value.Kind, Request: value.Request } : `${run}${tags}`;
  };
  return {
    event: line.RequestType, to: line.LogicalResourceId as 'Resource',
    properties: properties(line.ResourceProperties),
    PhysicalResourceId: line.PhysicalResourceId?.replace(/^stack-(\w+)-[A-Z0-9]{13}$/, 'stack-$1-INVENTED'),
    oldProperties: properties(line.OldResourceProperties),
  };
}

export const path = (name: string): Step[] => (transcripts.paths.find((other) => other.name === name) as { steps: Step[] }).steps;

/** What the engine has to send; the states of the stack only where the transcript has them. */
export function expected(steps: readonly Step[]): Step[] {
  return steps.filter(({ stack, event }) => stack ?? event).map(({ stack, event, to, properties, PhysicalResourceId: id, oldProperties }): Step =>
    (stack ? { stack } : { event, to, properties, oldProperties, PhysicalResourceId: id === 'as answered' ? 'outcome' : id?.replace('stack-Train-', 'stack-Resource-') }));
}

/** The engine's lines from the first that the transcript has, without the states that it leaves out. */
export function produced(fixture: EngineFixture, steps: readonly Step[], from: number) {
  const mentioned = new Set(steps.map(({ stack }) => stack));
  return fixture.lines.slice(from).map(inWords).filter(({ stack }) => stack === undefined || mentioned.has(stack));
}

/** Jobs are named by the run; whatever the transcript says of an event's answer comes first. */
export function scripted(fixture: EngineFixture, steps: readonly Step[] = []): void {
  const answers = steps.flatMap((step, index) => (step.event ? [{ step, expect: steps[index + 1] }] : []));
  fixture.responder = ({ LogicalResourceId, ResourceProperties: { Request: request } }) => {
    const script = answers.shift();
    if (script?.step.answered === false) { return undefined; }
    const id = LogicalResourceId === 'Outcome' ? 'outcome' : `job(${(request as { run?: string }).run ?? 'A'})`;
    const answered = script?.expect?.PhysicalResourceId;
    return { PhysicalResourceId: answered ?? id, ...(script?.expect?.expect === 'FAILED' ? { Status: 'FAILED', Reason: 'AlgorithmError' } : {}) };
  };
}

/** A later resource that fails, at once or once the engine has nothing else to do. */
export const laterFails: FaultPlan = { fails: ({ logicalId, stackStatus }) => (logicalId === 'Later' && /^(CREATE|UPDATE)_IN_PROGRESS$/.test(stackStatus) ? 'no capacity' : undefined) };

export interface Played { readonly fixture: EngineFixture; readonly from: number }

export async function deployed(run: Named | object = 'A', options: Parameters<typeof jobTemplate>[1] = {}): Promise<Played> {
  const fixture = engineWith();
  scripted(fixture);
  await fixture.deploy(jobTemplate(run, options));
  return { fixture, from: fixture.lines.length };
}

/** Drops the lines from the first state of that name on; there has to be one. */
function cutAt(fixture: EngineFixture, from: number, state: string): void {
  const index = fixture.lines.findIndex((line, at) => at > from && 'stack' in line && line.stack.startsWith(state));
  expect(index).toBeGreaterThan(from);
  fixture.lines.splice(index);
}

const states = (lines: readonly Line[]) => lines.filter((line) => 'stack' in line);
const play = (name: string) => (PLAYS[name] as (name: string) => Promise<Played>)(name);

/** Deploys A, then does that with the transcript's answers. */
export async function afterA(name: string, change: (fixture: EngineFixture) => Promise<unknown>, options: Parameters<typeof jobTemplate>[1] = {}): Promise<Played> {
  const played = await deployed('A', options);
  scripted(played.fixture, path(name));
  await change(played.fixture);
  return played;
}

/** Deploys with a resource beside the job's that fails after a minute. */
function withFailureBeside(fixture: EngineFixture): object {
  fixture.faults = {
    before: ({ action, logicalId }) => (logicalId === 'Beside' && action !== 'Delete' ? fixture.clock.sleep(60_000) : undefined),
    fails: ({ logicalId, stackStatus }) => (logicalId === 'Beside' && !stackStatus.includes('ROLLBACK') ? 'no capacity' : undefined),
  };
  const { Resources } = jobTemplate('A');
  return { Resources: { ...Resources, Beside: thing() } };
}

async function creation(name: string, template: (fixture: EngineFixture) => object = () => jobTemplate('A')): Promise<Played> {
  const fixture = engineWith();
  scripted(fixture, path(name));
  await fixture.deploy(template(fixture));
  return { fixture, from: 0 };
}

export const update = (run: Named, later?: object) => (fixture: EngineFixture) => fixture.deploy(jobTemplate(run, later ? { later } : {}));

export const PLAYS: { readonly [name: string]: (name: string) => Promise<Played> } = {
  'create succeeds': (name) => creation(name),
  'create: the job fails': (name) => creation(name),
  'create cancelled while the job runs (another resource failed)': (name) => creation(name, withFailureBeside),
  'create cancelled before the launch is answered': (name) => creation(name, withFailureBeside),
  'update without effect on the result': (name) => afterA(name, update('A with other tags')),
  'update that needs a new job': (name) => afterA(name, update('B')),
  'update: the new job fails': (name) => afterA(name, (fixture) => { fixture.faults = { rollbackOrder: 'reverse' }; return update('B')(fixture); }),
  'update succeeds, a later resource fails': (name) => afterA(name, (fixture) => { fixture.faults = laterFails; return update('B', { Size: 2 })(fixture); }, { later: { Size: 1 } }),
  'then the fixed update is deployed again': async (name) => {
    const { fixture } = await play('update succeeds, a later resource fails');
    const from = fixture.lines.length;
    fixture.faults = {};
    scripted(fixture, path(name));
    await fixture.deploy(jobTemplate('B', { later: { Size: 2 } }));
    // The transcript ends with the outcome's answer; what is left is the clean-up of "update that needs a new job".
    cutAt(fixture, from, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
    return { fixture, from };
  },
  'update cancelled while the new job runs': (name) => afterA(name, async (fixture) => {
    fixture.faults = { rollbackOrder: 'reverse' };
    const started = fixture.engine.deploy({ stackName: 'stack', template: jobTemplate('B') });
    await fixture.clock.pass(60_000);
    fixture.engine.cancelUpdate('stack');
    await fixture.run(started);
  }),
  'update of the launch itself fails': (name) => afterA(name, update('B')),
  'update failed, retried with the same properties': async (name) => {
    const { fixture } = await play('update: the new job fails');
    const from = fixture.lines.length;
    scripted(fixture, path(name));
    await fixture.deploy(jobTemplate('B'));
    // The transcript ends with the launch's answer; the outcome hears of the new attempt.
    const outcome = fixture.lines.findIndex((line, index) => index > from && 'RequestType' in line && line.LogicalResourceId === 'Outcome');
    expect(fixture.lines[outcome]).toMatchObject({ ResourceProperties: { JobName: 'job(B)-2' } });
    fixture.lines.splice(outcome);
    return { fixture, from };
  },
  "rollback, old job's record is gone": (name) => afterRollback(name, {}),
  'rollback to a job that was accepted at its time limit, or started() and failed later': (name) => afterRollback(name, { outcome: false }),
  'continue-update-rollback after UPDATE_ROLLBACK_FAILED, Resource skipped': async (name) => {
    const { fixture } = await deployed('A', { later: { Size: 1 } });
    fixture.faults = { fails: (action) => laterFails.fails?.(action) ?? (action.logicalId === 'Resource' && action.stackStatus === 'UPDATE_ROLLBACK_IN_PROGRESS' ? 'it can not' : undefined) };
    expect(await fixture.deploy(jobTemplate('B', { later: { Size: 2 } }))).toMatchObject({ status: 'UPDATE_ROLLBACK_FAILED' });
    const from = fixture.lines.length;
    fixture.faults = {};
    fixture.responder = () => ({ PhysicalResourceId: 'outcome' });
    await fixture.run(fixture.engine.rollBack('stack', ['Resource']));
    fixture.lines.push(...states(fixture.lines.splice(from)));                  // the outcome's way back is another path
    scripted(fixture, path(name));
    await fixture.deploy(jobTemplate('A with other tags', { later: { Size: 1 } }));
    const sent = fixture.lines.find((line, index): line is CustomEvent => index > from && 'RequestType' in line) as CustomEvent;
    // For CloudFormation to send anything, something has to differ: tags, which leave the run what it is.
    (sent.ResourceProperties.Request as { tags: string }).tags = '';
    cutAt(fixture, from, 'UPDATE_COMPLETE');
    fixture.lines.splice(fixture.lines.indexOf(sent) + 1);
    return { fixture, from };
  },
  'stack deleted while the job runs': (name) => afterA(name, (fixture) => fixture.run(fixture.engine.delete('stack'))),
  'resource removed from the template': (name) => afterA(name, (fixture) => fixture.deploy({ Resources: { Later: thing() } })),
  'the same event twice': (name) => redelivered(name, 2),
  'the handler dies at any await': (name) => redelivered(name, 2),
  "the answer's PUT fails": (name) => redelivered(name, 1),
  'delete with properties nobody can read': async (name) => {
    const played = await deployed({ Nonsense: 1 }, { outcome: false });
    scripted(played.fixture, path(name));
    await played.fixture.run(played.fixture.engine.delete('stack'));
    return played;
  },
};

/** From the first state of the rollback, of an update whose last resource fails. */
async function afterRollback(_: string, options: Parameters<typeof jobTemplate>[1] = {}): Promise<Played> {
  const { fixture } = await deployed('A', { ...options, later: { Size: 1 } });
  fixture.faults = laterFails;
  await fixture.deploy(jobTemplate('B', { ...options, later: { Size: 2 } }));
  const from = fixture.lines.findIndex((line) => 'stack' in line && line.stack === 'UPDATE_ROLLBACK_IN_PROGRESS');
  cutAt(fixture, from, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP');
  return { fixture, from };
}

/** Lambda delivers the same event so often; each delivery is answered the same. */
async function redelivered(_: string, times: number): Promise<Played> {
  const fixture = engineWith();
  scripted(fixture);
  const answer = fixture.responder;
  fixture.responder = (event) => {
    for (let delivery = 1; delivery < times; delivery++) {
      fixture.lines.push(event);
      fixture.clock.after(delivery * 3_600_000 * 5, () => expect(fixture.answer(event, answer(event) ?? '')).toBe(200));
    }
    return answer(event);
  };
  expect(await fixture.deploy(jobTemplate('A', { outcome: false }))).toMatchObject({ status: 'CREATE_COMPLETE' });
  await fixture.clock.pass(3_600_000 * 6);
  return { fixture, from: 0 };
}
