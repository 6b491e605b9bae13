import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Clock } from './clients';
import { isPassing } from './faults';

/** What is asked for: the averages of a training job's metric, each over so many seconds. */
export interface AveragesInput {
  readonly job: string;
  readonly metric: string;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** In seconds. */
  readonly period: number;
}

export interface Average {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly value: number;
}

const NAMESPACE = '/aws/sagemaker/TrainingJobs';
/** The most that GetMetricStatistics gives at once. */
const MOST_POINTS = 1440;
const MOST_ATTEMPTS = 5;

/** For how many days CloudWatch keeps averages over at least so many seconds. */
const KEPT = [[15, 60], [63, 300], [Infinity, 3600]] as const;
const DAY = 86_400_000;

/** The shortest period that there still are averages of. */
export function shortestPeriod(from: number, now: number): number {
  return (KEPT.find(([days]) => now - from < days * DAY) as (typeof KEPT)[number])[1];
}

export type Post = (url: string, headers: Record<string, string>, body: string) => Promise<{ readonly status: number; readonly body: string }>;

/**
 * One call of CloudWatch, by hand: a whole client is not worth that. Region, credentials and domain are those of SageMaker's
 * client.
 */
export class CloudWatch {
  constructor(private readonly config: SageMakerClient['config'], private readonly clock: Pick<Clock, 'sleep'>, private readonly post: Post = byFetch) {}

  /** By time. @throws an error with the name that CloudWatch gives it */
  async averages({ from, to, period, ...input }: AveragesInput): Promise<Average[]> {
    const step = period * 1000;
    const averages: Average[] = [];
    for (let start = Math.floor(from / step) * step; start < to; start += MOST_POINTS * step) {
      averages.push(...await this.page({ ...input, period, from: start, to: Math.min(to, start + MOST_POINTS * step) }));
    }
    return averages.sort((a, b) => a.time - b.time);
  }

  private async page({ job, metric, from, to, period }: AveragesInput): Promise<Average[]> {
    const xml = await this.call({
      'Action': 'GetMetricStatistics', 'Version': '2010-08-01', 'Namespace': NAMESPACE, 'MetricName': metric, 'Dimensions.member.1.Name': 'TrainingJobName', 'Dimensions.member.1.Value': job,
      'StartTime': new Date(from).toISOString(), 'EndTime': new Date(to).toISOString(), 'Period': String(period), 'Statistics.member.1': 'Average',
    });
    return [...xml.matchAll(/<member>([^]*?)<\/member>/g)].map(([, point = '']) => ({ time: Date.parse(content(point, 'Timestamp') ?? ''), value: Number(content(point, 'Average')) }));
  }

  private async call(parameters: Record<string, string>): Promise<string> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.attempt(new URLSearchParams(parameters).toString());
      } catch (error) {
        if (attempt === MOST_ATTEMPTS || !isPassing(error)) { throw error; }
        await this.clock.sleep(250 * 2 ** attempt);
      }
    }
  }

  private async attempt(body: string): Promise<string> {
    const region = await this.config.region();
    const url = new URL(await this.endpoint(region));
    const signer = new SignatureV4({ service: 'monitoring', region, credentials: this.config.credentials, sha256: this.config.sha256 });
    const { headers } = await signer.sign({
      method: 'POST', protocol: url.protocol, hostname: url.hostname, port: url.port === '' ? undefined : Number(url.port), path: url.pathname,
      headers: { 'host': url.host, 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }, body,
    });
    const reply = await this.post(url.toString(), headers, body);
    if (reply.status === 200) { return reply.body; }
    throw Object.assign(new Error(content(reply.body, 'Message') ?? `HTTP ${reply.status}`), { name: content(reply.body, 'Code') ?? 'ServiceError', $metadata: { httpStatusCode: reply.status } });
  }

  /** In the domain of the region, which is not everywhere the same. */
  private async endpoint(region: string): Promise<string> {
    const given = process.env.AWS_ENDPOINT_URL_CLOUDWATCH ?? process.env.AWS_ENDPOINT_URL;
    if (given !== undefined && given !== '') { return given; }
    const { url } = this.config.endpointProvider({ Region: region, UseFIPS: false, UseDualStack: false });
    return url.toString().replace('//api.sagemaker.', '//monitoring.');
  }
}

async function byFetch(url: string, { host: _host, ...headers }: Record<string, string>, body: string): Promise<{ readonly status: number; readonly body: string }> {
  try {
    const reply = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(30_000) });
    return { status: reply.status, body: await reply.text() };
  } catch (error) {
    // What went wrong is the cause of what fetch says.
    throw (error as Error).cause ?? error;
  }
}

const content = (xml: string, element: string) => {
  const entities: { readonly [name: string]: string } = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1]?.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => entities[name] as string);
};
