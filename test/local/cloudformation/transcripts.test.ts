import { afterA, deployed, expected, jobTemplate, laterFails, path, PLAYS, produced, scripted, update } from '../../support/transcript-plays';
import type { Played, Step } from '../../support/transcript-plays';
import transcripts from '../../transcripts/cloudformation-transcripts.json';

describe('the local CloudFormation', () => {
  test('has a play for each path of the transcripts', () => {
    expect(Object.keys(PLAYS).sort()).toEqual(transcripts.paths.map(({ name }) => name).sort());
  });

  test.each(transcripts.paths.map(({ name }) => name))('produces "%s"', async (name) => {
    const { fixture, from } = await (PLAYS[name] as (name: string) => Promise<Played>)(name);
    const steps = path(name);
    expect(produced(fixture, steps, from)).toEqual(expected(steps));
  });

  test.each([
    ['is sent, with the wanted properties as the old ones', {}, 'B'],
    ['is sent, with the properties of before as the old ones', { rollbackOldProperties: 'before' }, 'A'],
    ['is not sent', { rollsBackFailedUpdates: false }, undefined],
  ] as const)('produces the variant of "update of the launch itself fails" in which the rollback %s', async (_, faults, old) => {
    const { fixture, from } = await afterA('update of the launch itself fails', (at) => { at.faults = faults; return update('B')(at); });
    const steps = path('update of the launch itself fails').map((step) => (step.oldProperties === 'B' ? { ...step, oldProperties: old } : step));
    const wanted = expected(steps).filter((step) => old !== undefined || step.event === undefined || step.properties === 'B');
    expect(produced(fixture, steps, from)).toEqual(wanted);
  });

  test.each(['update: the new job fails', 'update cancelled while the new job runs', 'update succeeds, a later resource fails'])('produces "%s" with the rollback in the other order', async (name) => {
    const { fixture } = await deployed('A', name.includes('later') ? { later: { Size: 1 } } : {});
    const from = fixture.lines.length;
    const steps = path(name);
    scripted(fixture, steps.slice(0, steps.findIndex(({ stack }) => stack === 'UPDATE_ROLLBACK_IN_PROGRESS')));
    const isReverse = name.includes('later');
    fixture.faults = { ...(isReverse ? laterFails : {}), rollbackOrder: isReverse ? 'reverse' : 'dependencies' };
    const started = fixture.engine.deploy({ stackName: 'stack', template: jobTemplate('B', isReverse ? { later: { Size: 2 } } : {}) });
    if (name.includes('cancelled')) {
      await fixture.clock.pass(60_000);
      fixture.engine.cancelUpdate('stack');
    }
    expect(await fixture.run(started)).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE' });
    const wanted = expected(steps);
    const rollback = wanted.findIndex(({ stack }) => stack === 'UPDATE_ROLLBACK_IN_PROGRESS');
    wanted.splice(rollback + 1, 2, wanted[rollback + 2] as Step, wanted[rollback + 1] as Step);
    expect(produced(fixture, steps, from)).toEqual(wanted);
  });
});
