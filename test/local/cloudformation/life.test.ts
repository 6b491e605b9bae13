import { custom, engineWith, thing } from '../../support/engine';
import type { EngineFixture } from '../../support/engine';

const statuses = ({ lines }: EngineFixture) => lines.flatMap((line) => ('stack' in line ? [line.stack] : []));
const sent = ({ events }: EngineFixture) => events.map(({ RequestType, LogicalResourceId, PhysicalResourceId }) => [RequestType, LogicalResourceId, PhysicalResourceId].filter(Boolean).join(' '));
const failing = (...ids: string[]) => ({ fails: ({ logicalId, action, stackStatus }: { logicalId: string; action: string; stackStatus: string }) => (action !== 'Delete' && !stackStatus.includes('ROLLBACK') && ids.includes(logicalId) ? 'no capacity' : undefined) });

describe('creating a stack', () => {
  test('works on resources in parallel where their dependencies allow it', async () => {
    const fixture = engineWith();
    const before = fixture.clock.now();
    await fixture.deploy({ Resources: { A: custom(), B: custom(), C: custom({ Needs: { Ref: 'A' } }) } });
    expect(fixture.clock.now() - before).toBe(2000);
    expect(sent(fixture)).toEqual(['Create A', 'Create B', 'Create C']);
  });

  test('deletes the resources in reverse order when one fails, and the stack can be deployed again', async () => {
    const fixture = engineWith(undefined, failing('Last'));
    const template = { Resources: { A: custom(), B: custom({ Needs: { Ref: 'A' } }), Last: thing({}, { DependsOn: 'B' }) } };
    expect(await fixture.deploy(template)).toMatchObject({ status: 'ROLLBACK_COMPLETE', resources: {} });
    expect(sent(fixture)).toEqual(['Create A', 'Create B', 'Delete B B-1', 'Delete A A-1']);
    fixture.faults = {};
    expect(await fixture.deploy(template)).toMatchObject({ status: 'CREATE_COMPLETE' });
    expect(statuses(fixture)).toEqual(['CREATE_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS', 'ROLLBACK_COMPLETE', 'DELETE_IN_PROGRESS', 'DELETE_COMPLETE', 'CREATE_IN_PROGRESS', 'CREATE_COMPLETE']);
  });

  test('waits no more for what is under way when a resource fails, and deletes it at once', async () => {
    const fixture = engineWith(({ RequestType }) => (RequestType === 'Create' ? undefined : {}), failing('B'));
    fixture.faults = { ...fixture.faults, before: ({ logicalId, action }) => (logicalId === 'B' && action === 'Create' ? fixture.clock.sleep(60_000) : undefined) };
    const before = fixture.clock.now();
    const { events } = await fixture.deploy({ Resources: { A: custom(), B: thing() } });
    expect(fixture.clock.now() - before).toBe(61_000);
    expect(events.find(({ logicalId, status }) => logicalId === 'A' && status === 'CREATE_FAILED')?.reason).toBe('Resource creation cancelled');
  });

  test('lets what is under way go on with --no-rollback', async () => {
    const fixture = engineWith(undefined, failing('B'));
    expect(await fixture.deploy({ Resources: { A: custom(), B: thing() } }, { rollback: false })).toMatchObject({ status: 'CREATE_FAILED', resources: { A: { status: 'CREATE_COMPLETE' } } });
  });

  test('keeps what was made with --no-rollback, and the next deployment goes on from there', async () => {
    const fixture = engineWith(undefined, failing('Last'));
    const template = { Resources: { A: custom(), Last: thing({}, { DependsOn: 'A' }) } };
    expect(await fixture.deploy(template, { rollback: false })).toMatchObject({ status: 'CREATE_FAILED' });
    fixture.faults = {};
    expect(await fixture.deploy(template)).toMatchObject({ status: 'UPDATE_COMPLETE' });
    expect(sent(fixture)).toEqual(['Create A']);
  });

  test('keeps what is to be retained when it rolls back, unless only after a creation', async () => {
    const fixture = engineWith(undefined, failing('Last'));
    const last = thing({}, { DependsOn: ['A', 'B'] });
    await fixture.deploy({ Resources: { A: custom({}, { DeletionPolicy: 'Retain' }), B: custom({}, { DeletionPolicy: 'RetainExceptOnCreate' }), Last: last } });
    expect(sent(fixture)).toEqual(['Create A', 'Create B', 'Delete B B-1']);
  });

  test('is deleted at once when asked to, the resource under way with an id that was invented', async () => {
    const fixture = engineWith((event) => (event.RequestType === 'Create' ? undefined : {}));
    const started = fixture.engine.deploy({ stackName: 'stack', template: { Resources: { A: custom() } } });
    await fixture.clock.pass(1000);
    fixture.engine.delete('stack');
    expect(await fixture.run(started)).toMatchObject({ status: 'DELETE_COMPLETE' });
    expect(sent(fixture)[1]).toMatch(/^Delete A stack-A-[A-Z0-9]{13}$/);
  });

  test('rejects types it does not know, all at once, before anything starts', () => {
    const fixture = engineWith();
    const template = { Resources: { A: { Type: 'AWS::New::Thing' }, B: { Type: 'AWS::Other::Thing' }, C: { Type: 'AWS::New::Thing' }, D: custom() } };
    expect(() => fixture.engine.deploy({ stackName: 'stack', template })).toThrow('Not supported by the local AWS: AWS::New::Thing (A, C); AWS::Other::Thing (B)');
    expect(fixture.engine.list()).toEqual([]);
  });
});

describe('updating a stack', () => {
  test('sends nothing when nothing has changed', async () => {
    const fixture = engineWith();
    const template = { Resources: { A: custom({ Size: 1 }) } };
    await fixture.deploy(template);
    expect(fixture.engine.deploy({ stackName: 'stack', template: structuredClone(template) }).kind).toBe('unchanged');
    expect(await fixture.deploy({ ...template, Outputs: { A: { Value: { Ref: 'A' } } } })).toMatchObject({ status: 'UPDATE_COMPLETE', outputs: { A: { value: 'A-1' } } });
    expect(sent(fixture)).toEqual(['Create A']);
  });

  test('makes the new one before it deletes the old one, and tells those who refer to it', async () => {
    const fixture = engineWith();
    const template = (colour: string) => ({ Resources: { A: thing({ Colour: colour }), B: custom({ Of: { Ref: 'A' } }) } });
    const before = (await fixture.deploy(template('red'))).resources.A?.physical?.physicalId;
    const record = await fixture.deploy(template('blue'));
    expect(record.resources.A?.physical?.physicalId).not.toBe(before);
    expect(fixture.events.at(-1)).toMatchObject({ RequestType: 'Update', OldResourceProperties: { Of: before }, ResourceProperties: { Of: record.resources.A?.physical?.physicalId } });
    const events = record.events.filter(({ logicalId }) => logicalId === 'A').slice(2);
    expect(events.map(({ status }) => status)).toEqual(['UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE', 'DELETE_IN_PROGRESS', 'DELETE_COMPLETE']);
    expect(events.at(-1)?.physicalId).toBe(before);
  });

  test('keeps what was replaced where UpdateReplacePolicy says so', async () => {
    const fixture = engineWith();
    await fixture.deploy({ Resources: { A: thing({ Colour: 'red' }, { UpdateReplacePolicy: 'Retain' }) } });
    const { events } = await fixture.deploy({ Resources: { A: thing({ Colour: 'blue' }, { UpdateReplacePolicy: 'Retain' }) } });
    expect(events.map(({ status }) => status)).toContain('DELETE_SKIPPED');
  });

  test('goes back to the old physical resource when a later one fails, and deletes the new one', async () => {
    const fixture = engineWith();
    const template = (colour: string) => ({ Resources: { A: thing({ Colour: colour }), Last: thing({ Size: colour.length }, { DependsOn: 'A' }) } });
    const before = (await fixture.deploy(template('red'))).resources.A?.physical?.physicalId;
    fixture.faults = failing('Last');
    const record = await fixture.deploy(template('blue'));
    expect(record).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE', resources: { A: { physical: { physicalId: before }, properties: { Colour: 'red' } } } });
    expect(record.events.filter(({ status }) => status === 'DELETE_COMPLETE').map(({ physicalId }) => physicalId)).not.toContain(before);
  });

  test('deletes what it had added when it rolls back, in the clean-up', async () => {
    const fixture = engineWith();
    await fixture.deploy({ Resources: { A: thing() } });
    fixture.faults = failing('Last');
    await fixture.deploy({ Resources: { A: thing(), B: custom(), Last: thing({}, { DependsOn: 'B' }) } });
    expect(statuses(fixture).slice(-4)).toEqual(['UPDATE_IN_PROGRESS', 'UPDATE_ROLLBACK_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE']);
    expect(sent(fixture)).toEqual(['Create B', 'Delete B B-1']);
  });

  test('takes over the new id of an update that was answered FAILED, and deletes it after the rollback', async () => {
    const fixture = engineWith(({ RequestType, ResourceProperties: { Size } }) => ({ PhysicalResourceId: `size-${String(Size)}`, ...(RequestType === 'Update' && Size === '2' ? { Status: 'FAILED', Reason: 'no' } : {}) }));
    await fixture.deploy({ Resources: { A: custom({ Size: 1 }) } });
    await fixture.deploy({ Resources: { A: custom({ Size: 2 }) } });
    expect(sent(fixture)).toEqual(['Create A', 'Update A size-1', 'Update A size-2', 'Delete A size-2']);
    expect(fixture.events.at(-1)?.ResourceProperties).toMatchObject({ Size: '2' });
  });

  test('refuses another ServiceToken', async () => {
    const fixture = engineWith();
    await fixture.deploy({ Resources: { A: custom() } });
    const { status, events } = await fixture.deploy({ Resources: { A: custom({ ServiceToken: 'arn:other' }) } });
    expect(status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(events.find(({ status: each }) => each === 'UPDATE_FAILED')?.reason).toBe('Modifying service token is not allowed.');
    expect(sent(fixture)).toEqual(['Create A']);
  });

  test('refuses another type for a resource, and an update of a stack that is busy', async () => {
    const fixture = engineWith();
    await fixture.deploy({ Resources: { A: custom() } });
    expect(() => fixture.engine.deploy({ stackName: 'stack', template: { Resources: { A: thing() } } })).toThrow('Update of resource type is not permitted');
    const started = fixture.engine.deploy({ stackName: 'stack', template: { Resources: { A: custom({ Size: 1 }) } } });
    await fixture.clock.pass(1);
    expect(() => fixture.engine.deploy({ stackName: 'stack', template: { Resources: { A: custom({ Size: 2 }) } } })).toThrow('is in UPDATE_IN_PROGRESS state and can not be updated');
    await fixture.run(started);
  });

  test('waits for repairs when the rollback fails, and goes on from there', async () => {
    const fixture = engineWith();
    await fixture.deploy({ Resources: { A: custom({ Size: 1 }), Last: thing({ Size: 1 }, { DependsOn: 'A' }) } });
    fixture.faults = { fails: ({ logicalId, stackStatus }) => (logicalId === 'Last' || stackStatus === 'UPDATE_ROLLBACK_IN_PROGRESS' ? 'no' : undefined) };
    expect(await fixture.deploy({ Resources: { A: custom({ Size: 2 }), Last: thing({ Size: 2 }, { DependsOn: 'A' }) } })).toMatchObject({ status: 'UPDATE_ROLLBACK_FAILED' });
    fixture.faults = {};
    expect(await fixture.run(fixture.engine.rollBack('stack'))).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE', resources: { A: { properties: { Size: '1' } } } });
  });

  test('leaves behind what can not be deleted in the clean-up', async () => {
    const fixture = engineWith();
    await fixture.deploy({ Resources: { A: custom(), B: thing() } });
    fixture.faults = { fails: ({ action }) => (action === 'Delete' ? 'in use' : undefined) };
    const { status, events } = await fixture.deploy({ Resources: { B: thing() } });
    expect(status).toBe('UPDATE_COMPLETE');
    expect(events.map((event) => event.status)).toContain('DELETE_FAILED');
  });

  test('with --no-rollback sends the update again to what has failed, and can go back all the way', async () => {
    const fixture = engineWith(({ RequestType, ResourceProperties: { Size } }) => (RequestType === 'Update' && Size === '2' ? { Status: 'FAILED', Reason: 'no' } : {}));
    await fixture.deploy({ Resources: { A: custom({ Size: 1 }) } });
    expect(await fixture.deploy({ Resources: { A: custom({ Size: 2 }) } }, { rollback: false })).toMatchObject({ status: 'UPDATE_FAILED' });
    expect(await fixture.deploy({ Resources: { A: custom({ Size: 2 }) } }, { rollback: false })).toMatchObject({ status: 'UPDATE_FAILED' });
    expect(await fixture.run(fixture.engine.rollBack('stack'))).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE', resources: { A: { properties: { Size: '1' } } } });
    expect(sent(fixture)).toEqual(['Create A', 'Update A A-1', 'Update A A-1', 'Update A A-1']);
  });
});

describe('deleting a stack', () => {
  test('stops where a resource can not be deleted, and goes on when asked again', async () => {
    const fixture = engineWith();
    await fixture.deploy({ Resources: { A: custom(), B: custom({ Needs: { Ref: 'A' } }) } });
    fixture.faults = { fails: ({ action, logicalId }) => (action === 'Delete' && logicalId === 'B' ? 'in use' : undefined) };
    expect(await fixture.run(fixture.engine.delete('stack'))).toMatchObject({ status: 'DELETE_FAILED', statusReason: 'The following resource(s) failed to delete: [B].' });
    fixture.faults = {};
    expect(await fixture.run(fixture.engine.delete('stack'))).toMatchObject({ status: 'DELETE_COMPLETE' });
    expect(sent(fixture).slice(2)).toEqual(['Delete B B-1', 'Delete A A-1']);
  });

  test('refuses while another stack uses an export', async () => {
    const fixture = engineWith();
    await fixture.deploy({ Resources: { A: thing() }, Outputs: { Size: { Value: { 'Fn::GetAtt': ['A', 'Size'] }, Export: { Name: 'size' } } } }, { stackName: 'one' });
    await fixture.deploy({ Resources: { A: thing({ Size: { 'Fn::ImportValue': 'size' } }) } }, { stackName: 'two' });
    expect(() => fixture.engine.delete('one')).toThrow('in use by two');
  });

  test('is found by its id afterwards, but not by its name', async () => {
    const fixture = engineWith();
    const { stackId } = await fixture.deploy({ Resources: { A: thing() } });
    await fixture.run(fixture.engine.delete('stack'));
    expect(fixture.engine.describe(stackId).status).toBe('DELETE_COMPLETE');
    expect(() => fixture.engine.describe('stack')).toThrow('Stack with id stack does not exist');
  });
});
