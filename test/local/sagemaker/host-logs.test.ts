import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SYSTEM_CLOCK } from '../../../lib/local/clock';
import { LogStore } from '../../../lib/local/logs/log-store';
import { hostLogs } from '../../../lib/local/sagemaker/host-logs';

const host = (name: string) => ({ name, group: 'all' });
let folder: string;
let time = 1000;
let store: LogStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'logs-'));
  store = new LogStore(folder, { ...SYSTEM_CLOCK, now: () => time });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the logs of several hosts', () => {
  test('are read as one, and a position means the same later', () => {
    const logs = () => hostLogs(store, 'group', 'job', 5000, [host('algo-1'), host('algo-2')]);
    const write = (at: number, name: string, line: string) => { time = at; logs().host(name).append(Buffer.from(`${line}\n`), 'stdout'); };
    write(1000, 'algo-2', 'b1');
    write(2000, 'algo-1', 'a1');
    const first = logs().linesFrom(0);
    expect(first).toEqual({ lines: ['[algo-2] b1', '[algo-1] a1'], next: 2 });
    write(2000, 'algo-2', 'b2');
    write(2000, 'algo-1', 'a2');
    write(2500, 'algo-2', 'b3');
    expect(logs().linesFrom(first.next)).toEqual({ lines: ['[algo-1] a2', '[algo-2] b2', '[algo-2] b3'], next: 5 });
    expect(logs().linesFrom(0).lines).toEqual(['[algo-2] b1', '[algo-1] a1', '[algo-1] a2', '[algo-2] b2', '[algo-2] b3']);
    expect([...logs().events()].map(({ message }) => message)).toEqual(['b1', 'a1', 'a2', 'b2', 'b3']);
    expect(store.streamNames('group')).toEqual(['job/algo-1-5', 'job/algo-2-5']);
  });

  test('are plain lines where there is one', () => {
    const logs = hostLogs(store, 'group', 'job', 5000, [host('algo-1')]);
    logs.note('ours');
    logs.host('algo-1').append(Buffer.from('half'), 'stdout');
    logs.finish();
    expect(logs.linesFrom(0)).toEqual({ lines: ['ours', 'half'], next: 2 });
  });
});
