import type { JobView } from '../../lib/operate/job-kind';

export const START = Date.UTC(2026, 0, 1, 12);

/** A job that was made at noon. */
export const jobView = (view: Partial<JobView> = {}): JobView => ({
  name: 'job', arn: 'arn:aws:sagemaker:us-east-1:123456789012:training-job/job', status: 'InProgress', created: START, modified: START,
  transitions: [], instances: 1, isSpot: false, metricDefinitions: [], finalMetrics: [], ...view,
});
