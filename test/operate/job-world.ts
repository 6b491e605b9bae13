import type { DescribedJob } from '../../lib/operate/job-kinds';

export const at = (seconds: number) => new Date(Date.UTC(2026, 10, 21, 6, 0, seconds));

export function job(more: Partial<DescribedJob> = {}): DescribedJob {
  return {
    name: 'digits', arn: 'arn:aws:sagemaker:us-east-1:123456789012:training-job/digits', status: 'InProgress', secondaryStatus: 'Training', transitions: [], finalMetrics: [], isSpot: false,
    metricDefinitions: [{ name: 'test:accuracy', regex: 'accuracy=([0-9.]+)' }], created: at(0), document: {}, ...more,
  };
}
