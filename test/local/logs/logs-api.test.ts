import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudWatchLogsClient, DescribeLogGroupsCommand, DescribeLogStreamsCommand, FilterLogEventsCommand, GetLogEventsCommand, PutLogEventsCommand, type GetLogEventsCommandInput,
} from '@aws-sdk/client-cloudwatch-logs';
import { awsJsonListener } from '../../../lib/local/aws-json';
import { LogStore } from '../../../lib/local/logs/log-store';
import { LogsApi } from '../../../lib/local/logs/logs-api';

const GROUP = '/aws/sagemaker/TrainingJobs';
const folder = mkdtempSync(join(tmpdir(), 'logs-'));
const time = { now: 0 };
const store = new LogStore(folder, { now: () => time.now } as never);
const api = new LogsApi({ store, region: 'us-east-1', accountId: '123456789012' });
const listener = awsJsonListener('Logs_20140328', (operation, input) => api.call(operation, input));
const server = createServer((request, response) => { listener(request, response); });
let client: CloudWatchLogsClient;

const put = (stream: string, at: number, ...lines: string[]) => {
  time.now = at;
  store.stream(GROUP, stream).append(lines.map((line) => `${line}\n`).join(''));
};

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  client = new CloudWatchLogsClient({ endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, region: 'us-east-1', maxAttempts: 1, credentials: { accessKeyId: 'x', secretAccessKey: 'y' } });
  put('job/algo-1-1', 1000, 'one', 'two');
  put('job/algo-1-1', 2000, 'three', 'loss=1 ERROR');
  put('job/algo-2-1', 1500, 'other');
  put('later/algo-1-2', 3000, 'x');
});
afterAll(async () => {
  client.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => { server.close(resolve); });
  rmSync(folder, { recursive: true });
});

const get = (input: Partial<GetLogEventsCommandInput>) => client.send(new GetLogEventsCommand({ logGroupName: GROUP, logStreamName: 'job/algo-1-1', ...input }));
const messages = ({ events }: { events?: { message?: string }[] }) => (events ?? []).map(({ message }) => message);

describe('the local CloudWatch Logs, called by the SDK', () => {
  test('lists groups and streams with their times', async () => {
    const { logGroups } = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/aws/sagemaker/' }));
    expect(logGroups).toEqual([expect.objectContaining({ logGroupName: GROUP, logGroupArn: `arn:aws:logs:us-east-1:123456789012:log-group:${GROUP}` })]);
    const { logStreams } = await client.send(new DescribeLogStreamsCommand({ logGroupName: GROUP, logStreamNamePrefix: 'job/' }));
    expect(logStreams).toEqual([
      expect.objectContaining({ logStreamName: 'job/algo-1-1', creationTime: 1000, firstEventTimestamp: 1000, lastEventTimestamp: 2000, arn: `arn:aws:logs:us-east-1:123456789012:log-group:${GROUP}:log-stream:job/algo-1-1` }),
      expect.objectContaining({ logStreamName: 'job/algo-2-1' }),
    ]);
  });

  test('lists streams by their last event, the newest first, a page at a time', async () => {
    const order = { logGroupIdentifier: `arn:aws:logs:us-east-1:123456789012:log-group:${GROUP}:*`, orderBy: 'LastEventTime', descending: true, limit: 2 } as const;
    const first = await client.send(new DescribeLogStreamsCommand(order));
    expect(first.logStreams?.map(({ logStreamName }) => logStreamName)).toEqual(['later/algo-1-2', 'job/algo-1-1']);
    const second = await client.send(new DescribeLogStreamsCommand({ ...order, nextToken: first.nextToken }));
    expect(second).toMatchObject({ logStreams: [{ logStreamName: 'job/algo-2-1' }] });
    expect(second.nextToken).toBeUndefined();
  });

  test('reads a stream from its head: the token stays the same at the end, and leads on when there is more', async () => {
    const first = await get({ startFromHead: true, limit: 3 });
    expect(first.events?.[0]).toEqual({ timestamp: 1000, message: 'one', ingestionTime: 1000 });
    expect(messages(first)).toEqual(['one', 'two', 'three']);
    const second = await get({ startFromHead: true, nextToken: first.nextForwardToken });
    expect(messages(second)).toEqual(['loss=1 ERROR']);
    const third = await get({ startFromHead: true, nextToken: second.nextForwardToken });
    expect(third).toMatchObject({ events: [], nextForwardToken: second.nextForwardToken });
    put('job/algo-1-1', 4000, 'more');
    expect(messages(await get({ nextToken: third.nextForwardToken }))).toEqual(['more']);
  });

  test('reads a stream from its end without being told otherwise, and back from there', async () => {
    const last = await get({ limit: 2, endTime: 2001 });
    expect(messages(last)).toEqual(['three', 'loss=1 ERROR']);
    const before = await get({ limit: 2, endTime: 2001, nextToken: last.nextBackwardToken });
    expect(messages(before)).toEqual(['one', 'two']);
    expect(await get({ limit: 2, nextToken: before.nextBackwardToken })).toMatchObject({ events: [], nextBackwardToken: before.nextBackwardToken });
  });

  test('takes times as CloudWatch Logs does: from the first on, before the second', async () => {
    expect(messages(await get({ startTime: 1000, endTime: 2000, startFromHead: true }))).toEqual(['one', 'two']);
    expect(messages(await get({ startTime: 1001, endTime: 2001 }))).toEqual(['three', 'loss=1 ERROR']);
    expect(messages(await get({ startTime: 9999 }))).toEqual([]);
  });

  test('gives no more than a megabyte at once', async () => {
    put('large/algo-1-1', 5000, ...Array.from({ length: 30 }, () => 'y'.repeat(100_000)));
    const page = await get({ logStreamName: 'large/algo-1-1', startFromHead: true });
    expect(page.events).toHaveLength(10);
    expect((await get({ logStreamName: 'large/algo-1-1' })).events).toHaveLength(10);
  });

  test('filters the events of several streams by time, term by term', async () => {
    const filter = (filterPattern: string, more: object = {}) => client.send(new FilterLogEventsCommand({ logGroupName: GROUP, logStreamNamePrefix: 'job/', filterPattern, ...more }));
    const all = await filter('', { endTime: 2000 });
    expect(messages(all)).toEqual(['one', 'two', 'other', 'three', 'loss=1 ERROR']);
    expect(all.events?.[2]).toEqual({ logStreamName: 'job/algo-2-1', timestamp: 1500, message: 'other', ingestionTime: 1500, eventId: expect.stringMatching(/^\d{56}$/) });
    expect(new Set(all.events?.map(({ eventId }) => eventId)).size).toBe(5);
    expect(messages(await filter('ERROR loss'))).toEqual(['loss=1 ERROR']);
    expect(messages(await filter('"1 ERROR"'))).toEqual(['loss=1 ERROR']);
    expect(messages(await filter('?one ?other'))).toEqual(['one', 'other']);
    expect(messages(await filter('-o', { endTime: 2000 }))).toEqual(['three']);
    const page = await filter('', { limit: 2 });
    expect(messages(page)).toEqual(['one', 'two']);
    expect(messages(await filter('', { limit: 2, nextToken: page.nextToken }))).toEqual(['other', 'three']);
    expect(messages(await client.send(new FilterLogEventsCommand({ logGroupName: GROUP, logStreamNames: ['job/algo-2-1'] })))).toEqual(['other']);
  });

  test('refuses in the words of CloudWatch Logs', async () => {
    const gone = { name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 400 } };
    await expect(get({ logGroupName: '/none' })).rejects.toMatchObject({ ...gone, message: 'The specified log group does not exist.' });
    await expect(client.send(new DescribeLogStreamsCommand({ logGroupName: '/none' }))).rejects.toMatchObject({ ...gone, message: 'The specified log group does not exist.' });
    await expect(get({ logStreamName: 'none' })).rejects.toMatchObject({ ...gone, message: 'The specified log stream does not exist.' });
    await expect(client.send(new FilterLogEventsCommand({ logGroupName: GROUP, logStreamNames: ['none'] }))).rejects.toMatchObject(gone);
    const invalid = (message: string) => ({ name: 'InvalidParameterException', message: expect.stringContaining(message) });
    await expect(get({ nextToken: 'x' })).rejects.toMatchObject(invalid('The specified nextToken is invalid.'));
    await expect(get({ limit: 10_001 })).rejects.toMatchObject(invalid('Member must have value less than or equal to 10000'));
    await expect(client.send(new DescribeLogStreamsCommand({ logGroupName: GROUP, logStreamNamePrefix: 'a', orderBy: 'LastEventTime' }))).rejects.toMatchObject(invalid('Cannot order by LastEventTime with a logStreamNamePrefix.'));
    await expect(client.send(new FilterLogEventsCommand({ logGroupName: GROUP, logStreamNames: ['a'], logStreamNamePrefix: 'a' }))).rejects.toMatchObject(invalid('mutually exclusive'));
    await expect(client.send(new FilterLogEventsCommand({ logGroupName: GROUP, filterPattern: '{ $.a = 1 }' }))).rejects.toMatchObject(invalid('Not supported by the local AWS: filter pattern { $.a = 1 }'));
    await expect(client.send(new DescribeLogGroupsCommand({ includeLinkedAccounts: true }))).rejects.toMatchObject(invalid('member includeLinkedAccounts of DescribeLogGroups'));
    await expect(client.send(new PutLogEventsCommand({ logGroupName: GROUP, logStreamName: 'a', logEvents: [] }))).rejects.toMatchObject({ name: 'UnknownOperationException' });
  });
});
