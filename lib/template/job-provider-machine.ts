/** How often a step is tried again; the delays are spread, so that many jobs don't come back at once. */
const again = (MaxAttempts: number) => [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 2, BackoffRate: 2, MaxDelaySeconds: 60, MaxAttempts, JitterStrategy: 'FULL' }];

/**
 * The machine that keeps asking the handler for the next step until there is an answer, and sends the answer.
 * It knows the function from its input: function and machine would need each other otherwise.
 */
export function waiterDefinition(partition: string): object {
  const invoke = {
    Type: 'Task',
    Resource: `arn:${partition}:states:::lambda:invoke`,
    Parameters: { 'FunctionName.$': '$.function', 'Payload.$': '$' },
  };
  return {
    StartAt: 'Step',
    States: {
      'Step': {
        ...invoke, OutputPath: '$.Payload', TimeoutSeconds: 150, Retry: again(8),
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'GiveUp' }],
        Next: 'Answered?',
      },
      'Answered?': { Type: 'Choice', Choices: [{ Variable: '$.answer', IsPresent: true, Next: 'Answer' }], Default: 'Pause' },
      'Pause': { Type: 'Wait', SecondsPath: '$.wait', Next: 'Step' },
      'Answer': { ...invoke, Retry: again(45), End: true },
      'GiveUp': { ...invoke, OutputPath: '$.Payload', Retry: again(8), Next: 'Answer' },
    },
  };
}
