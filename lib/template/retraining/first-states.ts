import { again, caught, sdk, type Ends, type States } from './states';

/** Lists of executions are right after a moment: whoever has just begun is not in them yet. */
const SETTLED_AFTER_SECONDS = 15;
const PAGE = 100;

/**
 * One run at a time: of those that run the oldest goes on, and the others end at once. What they would have seen is not missed: the run that goes on
 * looks again in its end (last-states). One that was started so waits until the run before it is gone.
 */
export function firstStates(partition: string, next: string, ends: Ends): States {
  const list = { Type: 'Task', Resource: sdk(partition, 'sfn', 'listExecutions'), Retry: again(10), ResultPath: '$.running', Catch: caught('$.error', ends.failed), Next: 'Last page?' };
  const running = { 'StateMachineArn.$': '$.run.machine', StatusFilter: 'RUNNING', MaxResults: PAGE };
  return {
    'Begin?': { Type: 'Choice', Choices: [{ Variable: '$.after', IsPresent: true, Next: 'Begin after another' }], Default: 'Begin' },
    'Begin after another': { ...begun({ 'after.$': '$.after' }), Next: 'Settle' },
    'Begin': { ...begun({ after: '' }), Next: 'Settle' },
    'Settle': { Type: 'Wait', Seconds: SETTLED_AFTER_SECONDS, Next: 'Who runs?' },
    'Who runs?': { ...list, Parameters: running },
    'Who else runs?': { ...list, Parameters: { ...running, 'NextToken.$': '$.running.NextToken' } },
    'Last page?': {
      Type: 'Choice',
      Choices: [
        { And: [{ Variable: '$.running.NextToken', IsPresent: true }, { Not: { Variable: '$.running.NextToken', IsNull: true } }], Next: 'Who else runs?' },
        { Variable: '$.running.Executions[0]', IsPresent: true, Next: 'Oldest' },
      ],
      Default: 'Settle',                                     // not even this one is in the list yet
    },
    'Oldest': {
      Type: 'Pass',
      Parameters: { 'ExecutionArn.$': 'States.ArrayGetItem($.running.Executions[*].ExecutionArn, States.MathAdd(States.ArrayLength($.running.Executions), -1))' },
      ResultPath: '$.running', Next: 'First?',
    },
    'First?': {
      Type: 'Choice',
      Choices: [
        { Variable: '$.running.ExecutionArn', StringEqualsPath: '$.run.execution', Next: 'Newest until now' },
        { Variable: '$.running.ExecutionArn', StringEqualsPath: '$.run.after', Next: 'Settle' },
      ],
      Default: 'Another runs',
    },
    'Another runs': { Type: 'Succeed', Comment: 'It looks again when it is done' },
    'Newest until now': {
      Type: 'Task', Resource: sdk(partition, 'sfn', 'listExecutions'), Parameters: { 'StateMachineArn.$': '$.run.machine', MaxResults: 1 },
      ResultSelector: { 'ExecutionArn.$': '$.Executions[0].ExecutionArn' }, ResultPath: '$.newest', Retry: again(10), Catch: caught('$.error', ends.failed), Next: next,
    },
  };
}

/** What there is before anything has happened. Line ends come as a value: what a literal of an intrinsic function may hold is not documented. */
const begun = (after: object) => ({
  Type: 'Pass',
  Parameters: {
    run: { 'execution.$': '$$.Execution.Id', 'machine.$': '$$.StateMachine.Id', 'name.$': '$$.Execution.Name', line: '\n', ...after },
    job: { name: '-', attempt: 0 },
  },
});
