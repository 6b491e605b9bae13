import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { Clock } from './clients';
import { SignedService, type Post } from './signed-service';
import { membersAt, textAt } from './xml-tree';

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

/** For how many days CloudWatch keeps averages over at least so many seconds. */
const KEPT = [[15, 60], [63, 300], [Infinity, 3600]] as const;
const DAY = 86_400_000;

/** The shortest period that there still are averages of. */
export function shortestPeriod(from: number, now: number): number {
  return (KEPT.find(([days]) => now - from < days * DAY) as (typeof KEPT)[number])[1];
}

/** One call of CloudWatch. */
export class CloudWatch {
  private readonly service: SignedService;

  constructor(config: SageMakerClient['config'], clock: Pick<Clock, 'sleep'>, post?: Post) {
    this.service = new SignedService({ name: 'monitoring', endpointVariable: 'AWS_ENDPOINT_URL_CLOUDWATCH' }, config, clock, post);
  }

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
    const answer = await this.service.query('2010-08-01', 'GetMetricStatistics', {
      'Namespace': NAMESPACE, 'MetricName': metric, 'Dimensions.member.1.Name': 'TrainingJobName', 'Dimensions.member.1.Value': job,
      'StartTime': new Date(from).toISOString(), 'EndTime': new Date(to).toISOString(), 'Period': String(period), 'Statistics.member.1': 'Average',
    });
    return membersAt(answer, 'GetMetricStatisticsResult', 'Datapoints').map((point) => ({ time: Date.parse(textAt(point, 'Timestamp') ?? ''), value: Number(textAt(point, 'Average')) }));
  }
}
