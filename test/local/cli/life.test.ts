import { existsSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { isAlive, readServerInfo } from '../../../lib/local/server-file';
import type { ServerInfo } from '../../../lib/local/server-file';
import { inAppFolder, thingStack } from '../../support/assembly';
import { runLocal } from '../../support/built-cli';

jest.setTimeout(60_000);

/** What the API port answers. */
const ask = ({ apiPort }: ServerInfo, path: string, headers: { [name: string]: string }, body = '') => new Promise<{ status?: number; text: string }>((resolve, reject) => {
  const outgoing = request({ host: '127.0.0.1', port: apiPort, method: 'POST', path, headers }, (answer) => {
    let text = '';
    answer.on('data', (chunk: Buffer) => { text += chunk.toString(); });
    answer.on('end', () => resolve({ status: answer.statusCode, text }));
  });
  outgoing.on('error', reject);
  outgoing.end(body);
});

describe('cdk-sagemaker local', () => {
  test('deploys a stack, shows what a change would do, updates it, and leaves nothing running when it is destroyed', () => inAppFolder(async ({ folder, write, local }) => {
    write({ App: thingStack({ Name: 'one', Settings: { epochs: 10 } }) });
    const first = await local('deploy');
    expect(first).toMatchObject({ code: 0 });
    expect(first.out).toMatch(/^App\.Name = one\nApp\.BucketName = app-bucket-\w{13}\n$/);
    expect(first.err).toMatch(/^\d\d:\d\d:\d\d {2}CREATE_COMPLETE {7}Custom::Thing {2}My\/Thing$/m);
    expect((await local('deploy')).err).toMatch(/^App: no changes\nApp: CREATE_COMPLETE\nAWS_ENDPOINT_URL_SAGEMAKER=http:\/\/127\.0\.0\.1:\d+ AWS_ENDPOINT_URL_[^\n]+\n$/);
    expect((await local('diff', '--fail'))).toMatchObject({ code: 0, out: 'App\n  no differences\n' });

    write({ App: thingStack({ Name: 'two', Settings: { epochs: 20 } }) });
    const diff = await local('diff', '--fail');
    expect(diff.code).toBe(1);
    expect(diff.out.split('\n')).toEqual([
      'App',
      '~ My/Thing (Custom::Thing) is updated, which may make a new one',
      '  My/Thing Name: one -> two',
      '  My/Thing Settings.epochs: 10 -> 20',
      '~ My/Note (AWS::SSM::Parameter) is updated in place along with My/Thing',
      '',
    ]);
    const update = await local('deploy', '--json');
    expect(JSON.parse(update.out)).toMatchObject([{ ok: true, stackName: 'App', operation: 'update', status: 'UPDATE_COMPLETE', outputs: { Name: 'two' } }]);
    expect(update.err).toBe('');
    expect((await local('events', 'App')).out).toMatch(/DELETE_COMPLETE {7}Custom::Thing {2}My\/Thing/);
    expect((await local('list')).out).toMatch(/^UPDATE_COMPLETE +App /);

    const server = readServerInfo(join(folder, '.cdk-sagemaker')) as ServerInfo;
    const end = await local('destroy');
    expect(end.code).toBe(0);
    expect(end.err).toContain('retained: bucket app-bucket-');
    expect(end.err).toContain('no stack is left: the local AWS has ended');
    expect(isAlive(server.pid)).toBe(false);
    await expect(ask(server, '/', {})).rejects.toThrow('ECONNREFUSED');
    expect(existsSync(join(folder, '.cdk-sagemaker', 'server.json'))).toBe(false);
    expect(await local('list', '--json').then(({ out }) => JSON.parse(out))).toEqual({ stacks: [], server: null });
  }));

  test('says why a deployment has failed, in full, and where the stack is now', () => inAppFolder(async ({ write, local }) => {
    write({ App: thingStack({ Name: 'one' }) });
    await local('deploy');
    write({ App: thingStack({ Name: 'two', Fail: true }) });
    const failed = await local('deploy', 'App');
    expect(failed).toMatchObject({ code: 1, out: '' });
    expect(failed.err).toContain('My/Thing: Received response status [FAILED] from custom resource. Message returned: line one\nline two\nApp is in state UPDATE_ROLLBACK_COMPLETE: it is back in the state before this update');
    expect((await local('deploy', '--no-rollback')).err).toContain('App is in state UPDATE_FAILED: what was done is left as it is; deploy again, or go back with `cdk-sagemaker local rollback App`');
    expect(await local('rollback', 'App')).toMatchObject({ code: 0 });
    expect((await local('list')).out).toContain('UPDATE_ROLLBACK_COMPLETE');
  }));

  test('leaves the deployment alone on Ctrl-C, which can be followed or destroyed then', () => inAppFolder(async ({ folder, write, local }) => {
    write({ App: thingStack({ Name: 'one', Delay: 1500 }) });
    const left = await runLocal(folder, ['deploy'], { interruptAfter: /CREATE_IN_PROGRESS +Custom::Thing/ });
    expect(left.code).toBe(130);
    expect(left.err).toContain('detached: the operation on App goes on');
    expect((await local('events', 'App', '--follow')).err).toMatch(/CREATE_COMPLETE +AWS::CloudFormation::Stack +App/);

    write({ App: thingStack({ Name: 'two', Delay: 4000 }) });
    await runLocal(folder, ['deploy'], { interruptAfter: /UPDATE_IN_PROGRESS +Custom::Thing/ });
    const end = await local('destroy', 'App');
    expect(end.code).toBe(0);
    expect(end.err).toContain('App: an update is under way, it is cancelled first');
    expect(end.err).toMatch(/UPDATE_ROLLBACK_COMPLETE +AWS::CloudFormation::Stack[^]*DELETE_COMPLETE +AWS::CloudFormation::Stack/);
  }));

  test('fails a deployment that is destroyed meanwhile', () => inAppFolder(async ({ write, local }) => {
    write({ App: thingStack({ Name: 'one', Delay: 3000 }) });
    const deployment = local('deploy');
    while (!(await local('events', 'App')).out.includes('Custom::Thing')) { /* not begun yet */ }
    const [{ code, err }] = await Promise.all([deployment, local('destroy')]);
    // It hears of the deletion, unless the server has ended by then.
    expect([code, /App is in state DELETE_COMPLETE|has ended/.test(err) || err]).toEqual([1, true]);
  }));

  test('runs the command that writes the assembly, and takes several stacks', () => inAppFolder(async ({ folder, write, local }) => {
    write({ One: thingStack({ Name: 'one' }), Two: thingStack({ Name: 'two' }) });
    writeFileSync(join(folder, 'app.js'), 'require("fs").cpSync("cdk.out", process.env.CDK_OUTDIR, { recursive: true }); console.log(process.env.CDK_CONTEXT_JSON);');
    writeFileSync(join(folder, 'cdk.json'), JSON.stringify({ app: `"${process.execPath}" app.js`, context: { hello: 'there' } }));
    expect(await local('deploy')).toMatchObject({ code: 1, err: expect.stringContaining('the app has several stacks, say which: One, Two') });
    const deployed = await local('deploy', 'Two', 'One');
    expect(deployed).toMatchObject({ code: 0, out: expect.stringMatching(/^Two\.Name = two\n[^]*One\.Name = one$/m) });
    expect(deployed.err).toContain('{"hello":"there"}');
    expect(await local('deploy', 'Three')).toMatchObject({ code: 1, err: expect.stringContaining('the app has no stack Three; it has One, Two') });
    expect(await local('destroy')).toMatchObject({ code: 1, err: 'say which stack, or --all: One, Two\n' });
    expect(await local('destroy', '--all')).toMatchObject({ code: 0 });
  }));

  test('rejects what it can not do before anything starts', () => inAppFolder(async ({ write, local }) => {
    expect(await local('deploy')).toMatchObject({ code: 1, err: 'no app: there is neither a cdk.json with an "app" nor a cdk.out here; pass --app with a folder or a command\n' });
    expect(await local('events', 'App')).toMatchObject({ code: 1, err: expect.stringMatching(/^there is no stack App in .*; nothing is deployed there\n$/) });
    write({ App: thingStack({ Name: 'one' }, { Stream: { Type: 'AWS::Kinesis::Stream' }, Table: { Type: 'AWS::DynamoDB::Table' } }) });
    expect(await local('deploy')).toMatchObject({ code: 1, err: 'Not supported by the local AWS: AWS::Kinesis::Stream (Stream); AWS::DynamoDB::Table (Table)\n' });
    expect(await local('list', '--json').then(({ out }) => JSON.parse(out))).toEqual({ stacks: [], server: null });
    expect(await local('invoke', 'App', '--body', 'x')).toMatchObject({ code: 1, err: 'there is no stack or endpoint App; endpoints: none\n' });
    expect(await local('invoke', 'App', '--body', 'x', '--file', 'y')).toMatchObject({ code: 2, err: '--body and --file both say what to send: give one of them\n' });
  }));
});

describe('the server of a state folder', () => {
  test('is one, however many commands start it at once', () => inAppFolder(async ({ write, local }) => {
    write({ One: thingStack({ Name: 'one' }), Two: thingStack({ Name: 'two' }) });
    const deployed = await Promise.all([local('deploy', 'One'), local('deploy', 'Two')]);
    expect(deployed.map(({ code, err }) => (code === 0 ? 0 : err))).toEqual([0, 0]);
    expect(JSON.parse((await local('list', '--json')).out)).toMatchObject({ stacks: [{ stackName: 'One' }, { stackName: 'Two' }] });
  }));

  test('ends at once on SIGTERM, with the functions that are under way', () => inAppFolder(async ({ folder, write, local }) => {
    write({ App: thingStack({ Name: 'one', Delay: 20_000 }) });
    await runLocal(folder, ['deploy'], { interruptAfter: /CREATE_IN_PROGRESS +Custom::Thing/ });
    const { pid } = readServerInfo(join(folder, '.cdk-sagemaker')) as ServerInfo;
    const before = Date.now();
    process.kill(pid, 'SIGTERM');
    while (isAlive(pid)) { await new Promise((resolve) => { setTimeout(resolve, 20); }); }
    expect(Date.now() - before).toBeLessThan(3000);
    expect((await local('events', 'App', '--json').then(({ out }) => JSON.parse(out) as object))).toMatchObject({ status: 'CREATE_IN_PROGRESS' });
  }));

  test('goes on where one that was killed has left off', () => inAppFolder(async ({ folder, write, local }) => {
    write({ App: thingStack({ Name: 'one' }) });
    await local('deploy');
    process.kill((readServerInfo(join(folder, '.cdk-sagemaker')) as ServerInfo).pid, 'SIGKILL');
    write({ App: thingStack({ Name: 'two' }) });
    const next = await local('deploy');
    expect(next.err).toContain('UPDATE_COMPLETE');
    expect(next).toMatchObject({ code: 0, out: expect.stringContaining('App.Name = two') });
    expect(await local('destroy')).toMatchObject({ code: 0 });
  }));

  test('answers to this machine and to those who have its token only', () => inAppFolder(async ({ folder, write, local }) => {
    write({ App: thingStack({ Name: 'one' }) });
    await local('deploy');
    const server = readServerInfo(join(folder, '.cdk-sagemaker')) as ServerInfo;
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const describe = 'Action=DescribeStacks&Version=2010-05-15&StackName=App';
    expect((await ask(server, '/', form, describe)).text).toContain('<StackName>App</StackName>');
    expect((await ask(server, '/', form, describe)).text).toContain('<StackStatus>CREATE_COMPLETE</StackStatus>');
    expect(await ask(server, '/', form, describe.replace('App', 'None'))).toMatchObject({ status: 400, text: expect.stringContaining('<Code>ValidationError</Code><Message>Stack with id None does not exist</Message>') });
    expect(await ask(server, '/', { ...form, host: 'evil.example' }, describe)).toMatchObject({ status: 403 });
    expect(await ask(server, '/control/stacks', {})).toMatchObject({ status: 403 });
    expect(await ask(server, '/control/stacks', { authorization: `Bearer ${server.token}` })).toMatchObject({ status: 200 });
    expect(await ask(server, '/control/stacks', { authorization: `Bearer ${server.token}`, host: 'evil.example' })).toMatchObject({ status: 403 });
    expect(await ask(server, '/', { 'x-amz-target': 'AWSStepFunctions.ListActivities', 'content-type': 'application/x-amz-json-1.0' }, '{}')).toMatchObject({ status: 400, text: expect.stringContaining('does not know the operation ListActivities') });
    expect(await ask(server, '/', { 'x-amz-target': 'Logs_20140328.DescribeLogGroups', 'content-type': 'application/x-amz-json-1.1' }, '{}')).toEqual({ status: 200, text: '{"logGroups":[]}' });
    expect(await ask(server, '/nowhere', {})).toMatchObject({ status: 404 });
  }));
});
