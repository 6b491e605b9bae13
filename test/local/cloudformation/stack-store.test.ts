import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderStackStore } from '../../../lib/local/cloudformation/stack-store';
import { custom, engineWith, thing } from '../../support/engine';

/** A folder of stacks, gone after the test. */
async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'stacks-'));
  try { await work(folder); } finally { rmSync(folder, { recursive: true }); }
}

describe('the stacks of a folder', () => {
  test('are one file each, for their owner only, and read by others as they are', () => inFolder(async (folder) => {
    const fixture = engineWith(undefined, {}, new FolderStackStore(folder));
    await fixture.deploy({ Resources: { A: thing() }, Outputs: { Size: { Value: { 'Fn::GetAtt': ['A', 'Size'] } } } });
    expect(readdirSync(folder)).toEqual(['stack.json']);
    expect(statSync(join(folder, 'stack.json')).mode & 0o777).toBe(0o600);
    expect(new FolderStackStore(folder, true).load('stack')).toMatchObject({ status: 'CREATE_COMPLETE', outputs: { Size: { value: '1' } } });
    expect(new FolderStackStore(folder, true).load('other')).toBeUndefined();
  }));

  test.each([
    ['CREATE_IN_PROGRESS', 'CREATE_FAILED', 'CREATE_COMPLETE'],
    ['UPDATE_IN_PROGRESS', 'UPDATE_FAILED', 'UPDATE_COMPLETE'],
  ])('go on after the process was killed in %s', (status, after, end) => inFolder(async (folder) => {
    const killed = engineWith(({ ResourceProperties: { Size } }) => (Size === '2' ? undefined : {}), {}, new FolderStackStore(folder));
    if (status.startsWith('UPDATE')) { await killed.deploy({ Resources: { A: custom({ Size: 1 }) } }); }
    killed.engine.deploy({ stackName: 'stack', template: { Resources: { A: custom({ Size: 2 }) } } });
    await killed.clock.pass(5000);
    expect(killed.engine.describe('stack').status).toBe(status);

    const next = engineWith(undefined, {}, new FolderStackStore(folder));
    await next.engine.restore();
    expect(next.engine.describe('stack')).toMatchObject({ status: after, statusReason: 'The local AWS was stopped in the middle of this operation' });
    expect(await next.deploy({ Resources: { A: custom({ Size: 3 }) } })).toMatchObject({ status: end, resources: { A: { properties: { Size: '3' } } } });
    expect(await next.run(next.engine.delete('stack'))).toMatchObject({ status: 'DELETE_COMPLETE' });
  }));

  test.each(['CREATE', 'UPDATE'])('ask again for what was begun and lost when the process was killed in %s', (what) => inFolder(async (folder) => {
    const template = (size: number) => ({ Resources: { Job: custom({ Size: size }), Wait: custom({ Size: size, Waits: true }, { DependsOn: 'Job' }), Other: custom() } });
    const killed = engineWith(({ ResourceProperties: { Size, Waits } }) => (Size === '2' && Waits === 'true' ? undefined : {}), {}, new FolderStackStore(folder));
    if (what === 'UPDATE') { await killed.deploy(template(1)); }
    killed.engine.deploy({ stackName: 'stack', template: template(2) });
    await killed.clock.pass(5000);
    const lost = killed.engine.describe('stack').resources.Job;
    expect(lost).toMatchObject({ status: `${what}_COMPLETE`, properties: { Size: '2' } });

    const next = engineWith(undefined, {}, new FolderStackStore(folder), (resource) => resource.physical?.physicalId === lost?.physical?.physicalId);
    await next.engine.restore();
    expect(next.engine.describe('stack').resources).toMatchObject({ Job: { status: `${what}_FAILED` }, Wait: { status: `${what}_FAILED` }, Other: { status: 'CREATE_COMPLETE' } });
    expect(await next.deploy(template(2))).toMatchObject({ status: `${what}_COMPLETE`, superseded: [] });
    expect(next.events.map(({ RequestType, LogicalResourceId }) => `${RequestType} ${LogicalResourceId}`).filter((event) => !event.startsWith('Delete'))).toEqual([`${what === 'CREATE' ? 'Create' : 'Update'} Job`, `${what === 'CREATE' ? 'Create' : 'Update'} Wait`]);
  }));
});
