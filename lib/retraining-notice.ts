import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { JOB_KIND_FACTS, type ShownAt } from './limits/job-kinds';
import type { RetrainingJob } from './retraining-job';
import { consoleUrl, logsUrl } from './template/console';
import type { Notice } from './template/retraining/last-states';

/** Who is told, and where they read on. The name of the job comes at the end of each address: what is known at deployment can't be completed in its midst. */
export function noticeOf(workflow: Construct, { kind }: RetrainingJob, topic: ITopic | undefined): Notice {
  const { page, logGroup }: ShownAt = JOB_KIND_FACTS[kind];
  const [console, logs] = topic ? [consoleUrl(workflow, page('')), logsUrl(workflow, logGroup, '')] : ['', ''];
  return {
    topicArn: topic?.topicArn, title: workflow.node.path,
    lines: [
      ...(console === '' ? [] : [`Console: ${console}{name}`]),
      ...(logs === '' ? [] : [`Logs: ${logs}{name}`]),
      'Run: {execution}',
    ],
  };
}
