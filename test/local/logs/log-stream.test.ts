import { mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogStream } from '../../../lib/local/logs/log-stream';

const folder = mkdtempSync(join(tmpdir(), 'logs-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function stream() {
  const file = join(folder, 'group', `${++files}.log`);
  const time = { now: 100 };
  const open = () => new LogStream('s', file, () => time.now);
  return { time, open, file, log: open() };
}
const messages = (log: LogStream) => log.events(0).map(({ message }) => message);

describe('a log stream', () => {
  test('makes events of whole lines, with the time at which they ended', () => {
    const { time, log } = stream();
    log.append('one\ntw');
    time.now = 200;
    log.append('o\r\n\nthree');
    expect(log.events(0)).toEqual([{ timestamp: 100, message: 'one' }, { timestamp: 200, message: 'two' }]);
    log.finish();
    expect(messages(log)).toEqual(['one', 'two', 'three']);
  });

  test('keeps apart what comes from two sources, and characters whole', () => {
    const { log } = stream();
    const umlaut = Buffer.from('größe\n');
    log.append(umlaut.subarray(0, 3), 'stdout');
    log.append('error\n', 'stderr');
    log.append(umlaut.subarray(3), 'stdout');
    expect(messages(log)).toEqual(['error', 'größe']);
  });

  test('cuts a line that is longer than CloudWatch Logs takes', () => {
    const { log } = stream();
    log.append(Buffer.alloc(300 * 1024, 'x'));
    log.append('\n');
    expect(messages(log).map(({ length }) => length)).toEqual([256 * 1024, 44 * 1024]);
  });

  test('never goes back in time, and finds its place by time', () => {
    const { time, log } = stream();
    for (const now of [100, 300, 200, 400]) {
      time.now = now;
      log.append(`${now}\n`);
    }
    expect(log.events(0).map(({ timestamp }) => timestamp)).toEqual([100, 300, 300, 400]);
    expect([0, 100, 101, 300, 301, 400, 401].map((at) => log.indexAt(at))).toEqual([0, 0, 1, 1, 3, 3, 4]);
  });

  test('is the same when it is opened again', () => {
    const { open, log } = stream();
    log.append('one\ttab\ntwo\n');
    const again = open();
    expect(again.events(0)).toEqual(log.events(0));
    again.append('three\n');
    expect(again.events(1, 3).map(({ message }) => message)).toEqual(['two', 'three']);
    expect(again.bytes).toBe(log.bytes + '100\tthree\n'.length);
  });

  test('goes on where its last whole line ends when one was cut off by a crash', () => {
    const { open, log, file } = stream();
    log.append('one\ntwo\nthree\n');
    truncateSync(file, log.bytes - 3);
    const again = open();
    expect(messages(again)).toEqual(['one', 'two']);
    again.append('four\nfive\n');
    expect(messages(again)).toEqual(['one', 'two', 'four', 'five']);
    expect(again.events(2, 3)).toEqual([{ timestamp: 100, message: 'four' }]);
    expect(messages(open())).toEqual(['one', 'two', 'four', 'five']);
  });
});
