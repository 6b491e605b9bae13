import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { CloudWatch, shortestPeriod } from '../../lib/operate/cloudwatch';
import type { Post } from '../../lib/operate/signed-service';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const START = Date.UTC(2026, 0, 1, 12);
const MINUTE = 60_000;
const xml = (...points: [string, number][]) => `<GetMetricStatisticsResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/"><GetMetricStatisticsResult><Datapoints>
${points.map(([time, value]) => `<member><Average>${value}</Average><Unit>None</Unit><Timestamp>${time}</Timestamp></member>`).join('\n')}
</Datapoints><Label>loss</Label></GetMetricStatisticsResult></GetMetricStatisticsResponse>`;

/** CloudWatch that gives these answers one after the other. */
function cloudWatchWith(region: string, ...answers: { readonly status?: number; readonly body: string }[]) {
  const requests: { readonly url: string; readonly headers: Record<string, string>; readonly parameters: Record<string, string> }[] = [];
  const pauses: number[] = [];
  const post: Post = async (url, headers, body) => {
    requests.push({ url, headers, parameters: Object.fromEntries(new URLSearchParams(body)) });
    const { status = 200, body: answer } = answers[Math.min(requests.length, answers.length) - 1]!;
    return { status, body: answer };
  };
  const { config } = new SageMakerClient({ region, credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' } });
  return { cloudWatch: new CloudWatch(config, { sleep: async (milliseconds) => { pauses.push(milliseconds); } }, post), requests, pauses };
}
const ASKED = { job: 'digits', metric: 'train:loss', from: START + 500, to: START + 10 * MINUTE, period: 60 };

describe('averages of a metric', () => {
  test('are asked for as the Python SDK does, signed for the service and the region', async () => {
    const { cloudWatch, requests } = cloudWatchWith('eu-west-1', { body: xml() });
    await cloudWatch.averages(ASKED);
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      url: 'https://monitoring.eu-west-1.amazonaws.com/',
      headers: { 'authorization': expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/monitoring\/aws4_request, /), 'x-amz-security-token': 'token' },
      parameters: {
        'Action': 'GetMetricStatistics', 'Namespace': '/aws/sagemaker/TrainingJobs', 'MetricName': 'train:loss', 'Dimensions.member.1.Name': 'TrainingJobName', 'Dimensions.member.1.Value': 'digits',
        'Period': '60', 'Statistics.member.1': 'Average', 'StartTime': '2026-01-01T12:00:00.000Z', 'EndTime': '2026-01-01T12:10:00.000Z',
      },
    });
  });

  test('come by time, though CloudWatch gives them in any order', async () => {
    const { cloudWatch } = cloudWatchWith('eu-west-1', { body: xml(['2026-01-01T12:02:00Z', 0.25], ['2026-01-01T12:00:00Z', 1e-7]) });
    expect(await cloudWatch.averages(ASKED)).toEqual([{ time: START, value: 1e-7 }, { time: START + 2 * MINUTE, value: 0.25 }]);
  });

  test('of a long job are asked for in parts of what one answer can have', async () => {
    const { cloudWatch, requests } = cloudWatchWith('eu-west-1', { body: xml() });
    await cloudWatch.averages({ ...ASKED, from: START, to: START + 3000 * MINUTE });
    expect(requests.map(({ parameters }) => [parameters.StartTime, parameters.EndTime])).toEqual([
      ['2026-01-01T12:00:00.000Z', '2026-01-02T12:00:00.000Z'], ['2026-01-02T12:00:00.000Z', '2026-01-03T12:00:00.000Z'], ['2026-01-03T12:00:00.000Z', '2026-01-03T14:00:00.000Z'],
    ]);
  });

  test('are asked for in the domain of the region, or where the environment says', async () => {
    const china = cloudWatchWith('cn-north-1', { body: xml() });
    await china.cloudWatch.averages(ASKED);
    expect(china.requests[0]!.url).toBe('https://monitoring.cn-north-1.amazonaws.com.cn/');
    process.env.AWS_ENDPOINT_URL_CLOUDWATCH = 'http://127.0.0.1:4566';
    try {
      await china.cloudWatch.averages(ASKED);
    } finally {
      delete process.env.AWS_ENDPOINT_URL_CLOUDWATCH;
    }
    expect(china.requests[1]!.url).toBe('http://127.0.0.1:4566/');
  });

  test('come over the wire; a service that is not there is a fault of the network', async () => {
    const received: { readonly headers: object; readonly body: string }[] = [];
    const server = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) { parts.push(part as Buffer); }
      received.push({ headers: request.headers, body: Buffer.concat(parts).toString() });
      response.end(xml(['2026-01-01T12:00:00Z', 1]));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    process.env.AWS_ENDPOINT_URL_CLOUDWATCH = `http://${host}`;
    try {
      const { config } = new SageMakerClient({ region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
      const cloudWatch = new CloudWatch(config, { sleep: async () => undefined });
      expect(await cloudWatch.averages(ASKED)).toEqual([{ time: START, value: 1 }]);
      expect(received[0]).toMatchObject({ headers: { host, 'authorization': expect.stringMatching(/^AWS4-HMAC-SHA256 /), 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }, body: expect.stringContaining('MetricName=train%3Aloss') });
      server.closeAllConnections();
      await new Promise((resolve) => { server.close(resolve); });
      await expect(cloudWatch.averages(ASKED)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    } finally {
      delete process.env.AWS_ENDPOINT_URL_CLOUDWATCH;
      server.close();
    }
  });

  test('are asked for again when that may help, ever later; another fault has its name', async () => {
    const fault = (code: string) => `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>a &lt;b&gt;</Message></Error></ErrorResponse>`;
    const busy = cloudWatchWith('eu-west-1', { status: 400, body: fault('Throttling') }, { status: 503, body: 'busy' }, { body: xml(['2026-01-01T12:00:00Z', 1]) });
    expect(await busy.cloudWatch.averages(ASKED)).toHaveLength(1);
    expect(busy.pauses).toEqual([500, 1000]);
    const denied = cloudWatchWith('eu-west-1', { status: 403, body: fault('AccessDenied') });
    await expect(denied.cloudWatch.averages(ASKED)).rejects.toMatchObject({ name: 'AccessDenied', message: 'a <b>' });
    expect(denied.requests).toHaveLength(1);
    const down = cloudWatchWith('eu-west-1', { status: 500, body: '' });
    await expect(down.cloudWatch.averages(ASKED)).rejects.toThrow('HTTP 500');
    expect(down.requests).toHaveLength(5);
  });
});

test.each([[1, 60], [14, 60], [16, 300], [62, 300], [64, 3600], [400, 3600]])('after %s days there are averages of %s seconds', (days, period) => {
  expect(shortestPeriod(START, START + days * 86_400_000)).toBe(period);
});
