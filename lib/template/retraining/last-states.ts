import type { LaunchedRun } from './job-states';
import { again, caught, formatted, sdk, type Ends, type States } from './states';

/** Who is told, and what. */
export interface Notice {
  readonly topicArn?: string;
  /** What the workflow is called. */
  readonly title: string;
  /** Lines about where to read on, with `{name}` for the job and `{execution}` for the run. */
  readonly lines: readonly string[];
}

const AGAIN = 'Newest now';
const TOLD = { succeeded: 'Tell: succeeded', missed: 'Tell: gate missed', failed: 'Tell: failed' } as const;

/** Where each kind of run goes to in the end. */
export function endsOf({ topicArn }: Notice): Ends {
  return topicArn === undefined ? { succeeded: AGAIN, missed: AGAIN, failed: AGAIN } : TOLD;
}

/** Whoever wants to know is told; then comes another run, if something happened meanwhile. */
export function lastStates(partition: string, job: LaunchedRun, notice: Notice): States {
  const list = { Type: 'Task', Resource: sdk(partition, 'sfn', 'listExecutions'), Parameters: { 'StateMachineArn.$': '$.run.machine', MaxResults: 1 } };
  return {
    ...told(partition, job, notice),
    [AGAIN]: {
      ...list, ResultSelector: { 'ExecutionArn.$': '$.Executions[0].ExecutionArn' }, ResultPath: '$.now', Retry: again(10), Catch: caught('$.unknown', 'Good?'), Next: 'Begun at all?',
    },
    'Begun at all?': { Type: 'Choice', Choices: [{ Variable: '$.newest.ExecutionArn', IsPresent: true, Next: 'Anything since?' }], Default: 'Good?' },
    'Anything since?': { Type: 'Choice', Choices: [{ Variable: '$.now.ExecutionArn', StringEqualsPath: '$.newest.ExecutionArn', Next: 'Good?' }], Default: 'Run again' },
    'Run again': {
      Type: 'Task', Resource: sdk(partition, 'sfn', 'startExecution'),
      Parameters: { 'StateMachineArn.$': '$.run.machine', 'Input.$': formatted('{"after":"{execution}"}', { execution: '$.run.execution' }) },
      ResultPath: null, Retry: again(5), Catch: caught('$.unknown', 'Good?'), Next: 'Good?',
    },
    'Good?': { Type: 'Choice', Choices: [{ Variable: '$.error', IsPresent: true, Next: 'Failed' }], Default: 'Succeeded' },
    'Failed': { Type: 'Fail', ErrorPath: '$.error.Error', CausePath: '$.error.Cause' },
    'Succeeded': { Type: 'Succeed' },
  };
}

/** A message that can't be sent changes nothing. */
function told(partition: string, { kind }: LaunchedRun, { topicArn, title, lines }: Notice): States {
  if (topicArn === undefined) { return {}; }
  const publish = (words: string, text: string) => ({
    Type: 'Task', Resource: `arn:${partition}:states:::sns:publish`,
    Parameters: { TopicArn: topicArn, Subject: `${title}: ${words}`.slice(-100), 'Message.$': message([text, ...lines]) },
    ResultPath: null, Retry: again(4), Catch: caught('$.unknown', AGAIN), Next: AGAIN,
  });
  return {
    [TOLD.succeeded]: publish('succeeded', kind === 'TransformJob' ? '{name} has ended well.' : '{name} has ended well, and its artifact is accepted: {artifact}'),
    [TOLD.missed]: publish('quality gate missed', '{cause}. Nothing was changed.'),
    [TOLD.failed]: publish('failed', '{error}: {cause}'),
  };
}

function message(lines: readonly string[]): string {
  const paths = { name: '$.job.name', artifact: '$.artifact', error: '$.error.Error', cause: '$.error.Cause', execution: '$.run.execution', line: '$.run.line' };
  return formatted(lines.join('{line}'), paths)!;
}
