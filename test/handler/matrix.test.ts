import { handlerWith } from '../support/handler-bundle';
import { EVENTS, FAULTS, scenarios, STATES, violationsOf } from '../support/matrix';
import { TESTED_KINDS, TRAINING, type TestedKind } from '../support/tested-kinds';

/** The ways through the code are the same for all kinds: one of them is gone through to the end. */
const placesToBeKilledAt = (kind: TestedKind) => (kind === TRAINING ? 12 : 5);

const handler = handlerWith();

beforeAll(() => { jest.spyOn(console, 'error').mockImplementation(() => {}); jest.spyOn(console, 'warn').mockImplementation(() => {}); });

describe.each(TESTED_KINDS)('Over every event, state of the job and fault: $kind:', (kind) => {
  test.each(EVENTS)('%s: one job for one wish, none left behind, every event answered once and the same', async (event) => {
    const chosen = [...scenarios(placesToBeKilledAt(kind))].filter((scenario) => scenario.event === event);
    expect(chosen.length).toBe(STATES.length * (FAULTS.length + 2 * placesToBeKilledAt(kind)));
    expect(await violationsOf(handler, kind, chosen)).toEqual([]);
  }, 120_000);
});

describe('The matrix notices a handler', () => {
  const tellingScenarios = () => [...scenarios(8)].filter(({ event, state, fault }) => ['no fault', 'throttled', 'name taken by a stranger', 'connection reset after the effect'].includes(fault)
    || (event === 'Create' && state === 'absent' && fault.startsWith('killed after')));

  test.each([
    ['that does not stop on delete', { file: 'sagemaker-jobs.ts', from: 'await send(JOB_KINDS[kind].stop, named(kind, name));', to: '' }],
    ['that never adopts', { file: 'launch.ts', from: "job.state === 'running' || isUsable(run, job)", to: 'false' }],
    ['that forgets a terminal state', { file: 'run.ts', from: "['completed', 'failed', 'stopped']", to: "['completed', 'failed']" }],
    ['that launches in a rollback', { file: 'launch.ts', from: "status.includes('ROLLBACK')", to: 'false' }],
    ['that does not look who owns a job', { file: 'run.ts', from: 'tags[OWNER_TAGS.stack] === event.StackId && tags[OWNER_TAGS.logicalId] === event.LogicalResourceId', to: 'true' }],
    ['that does not know its own launch again', { file: 'runs.ts', from: 'tags[OWNER_TAGS.request] === event.RequestId', to: 'false' }],
    ['that takes throttling for a failure', { file: 'errors.ts', from: "return THROTTLING.test(e.name ?? '') || /rate exceeded/i.test(e.message ?? '')", to: 'return false' }],
    ['that answers before the job has stopped', { file: 'removal.ts', from: 'return { wait: LOOK_AGAIN_SECONDS };', to: 'return done;' }],
  ])('%s', async (_what, mutation) => {
    const mutant = handlerWith(mutation);
    expect(await violationsOf(mutant, TRAINING, tellingScenarios(), 1)).not.toEqual([]);
  }, 120_000);
});
