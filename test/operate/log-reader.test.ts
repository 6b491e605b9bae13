import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { LocalLogs, type LocalLogStream } from '../../lib/local/sagemaker/logs-api';
import { LogReader } from '../../lib/operate/log-reader';

const GROUP = '/aws/sagemaker/TrainingJobs';

/** The SDK's client, answered by the local CloudWatch Logs, in pages of a few. */
function reader(streams: LocalLogStream[], faults: Error[] = [], page = 2) {
  const logs = new LocalLogs(() => new Map(streams.length > 0 ? [[GROUP, streams]] : []));
  const send = async (command: { input: object; constructor: { name: string } }) => {
    const fault = faults.shift();
    if (fault) { throw fault; }
    return logs.call(command.constructor.name.replace('Command', ''), { ...command.input, limit: page });
  };
  return new LogReader({ send } as unknown as CloudWatchLogsClient, GROUP, 'digits');
}

function stream(host: string, lines: [number, string][]): LocalLogStream {
  return { name: `digits/${host}-1700000000`, created: 0, events: () => lines.map(([timestamp, message]) => ({ timestamp, message })) };
}

describe('Reading logs', () => {
  test('gives the lines of all hosts in the order of time, over all pages, each once', async () => {
    const one: [number, string][] = [[1, 'a'], [3, 'c'], [5, 'e']];
    const hosts = [stream('algo-1', one), stream('algo-2', [[2, 'b'], [3, 'd']]), stream('algo-3', [[9, 'z']])];
    const logs = reader(hosts);
    expect((await logs.next()).map(({ host, text }) => `${host} ${text}`)).toEqual(['algo-1 a', 'algo-2 b', 'algo-1 c', 'algo-2 d', 'algo-1 e', 'algo-3 z']);
    expect(await logs.next()).toEqual([]);
    one.push([6, 'f']);
    expect((await logs.next()).map(({ text }) => text)).toEqual(['f']);
    expect(logs.hosts).toBe(3);
  });

  test('loses nothing when a page can not be had', async () => {
    const throttled = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
    for (let call = 0; call < 6; call++) {
      const faults: (Error | undefined)[] = Array(call).fill(undefined);
      const logs = reader([stream('algo-1', [[1, 'a'], [3, 'c'], [5, 'e']]), stream('algo-2', [[2, 'b']])], [...faults, throttled] as Error[]);
      const lines: string[] = [];
      for (let look = 0; look < 3; look++) { lines.push(...(await logs.next().catch(() => [])).map(({ text }) => text)); }
      expect(lines).toEqual(['a', 'b', 'c', 'e']);
    }
  });

  test('finds nothing where there is no group and no stream yet, and hosts that come later', async () => {
    const streams: LocalLogStream[] = [];
    const logs = reader(streams);
    expect(await logs.next()).toEqual([]);
    streams.push({ ...stream('algo-1', [[1, 'x']]), name: 'digits-2/algo-1-1700000000' });
    expect(await logs.next()).toEqual([]);
    streams.push(stream('algo-1', [[1, 'a']]));
    expect((await logs.next()).map(({ text }) => text)).toEqual(['a']);
  });
});

describe('The local CloudWatch Logs', () => {
  const logs = new LocalLogs(() => new Map([[GROUP, [stream('algo-1', [[1, 'one'], [2, 'two words'], [3, 'three']])]]]));
  const stream_ = { logGroupName: GROUP, logStreamName: 'digits/algo-1-1700000000' };

  test('begins with the last lines, unless told to begin with the first', async () => {
    expect(await logs.call('GetLogEvents', { ...stream_, limit: 2 })).toMatchObject({ events: [{ message: 'two words' }, { message: 'three' }], nextBackwardToken: 'b/1' });
    expect(await logs.call('GetLogEvents', { ...stream_, limit: 2, startFromHead: true })).toMatchObject({ events: [{ message: 'one' }, { message: 'two words' }], nextForwardToken: 'f/2' });
    expect(await logs.call('GetLogEvents', { ...stream_, nextToken: 'b/1' })).toMatchObject({ events: [{ message: 'one' }], nextBackwardToken: 'b/0' });
    expect(await logs.call('GetLogEvents', { ...stream_, startTime: 2, endTime: 3 })).toMatchObject({ events: [{ timestamp: 2 }] });
  });

  test('filters by words, and refuses what it does not know', async () => {
    expect(await logs.call('FilterLogEvents', { logGroupName: GROUP, filterPattern: 'two words' })).toMatchObject({ events: [{ message: 'two words', logStreamName: stream_.logStreamName }] });
    await expect(logs.call('FilterLogEvents', { logGroupName: GROUP, filterPattern: '{ $.a = 1 }' })).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(logs.call('GetLogEvents', { ...stream_, logStreamName: 'x' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(logs.call('GetLogEvents', { ...stream_, nextToken: 'x' })).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(logs.call('DescribeLogStreams', { logGroupName: 'x' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(logs.call('PutLogEvents', {})).rejects.toMatchObject({ name: 'UnknownOperationException' });
  });
});
