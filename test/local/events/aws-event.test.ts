import { eventOf, executionEvent, sageMakerEvent, stackStatusEvent } from '../../../lib/local/events/aws-event';
import type { StateChange } from '../../../lib/local/sagemaker/state-changes';
import { SageMakerBench } from '../support/sagemaker-bench';

const changed = (kind: StateChange['kind'], described: Record<string, unknown>) => sageMakerEvent({ kind, described, tags: [{ Key: 'team', Value: 'ml' }] });

test.each([['InService', 'IN_SERVICE'], ['RollingBack', 'ROLLING_BACK'], ['SystemUpdating', 'SYSTEM_UPDATING'], ['Failed', 'FAILED']])('an endpoint that is %s says %s', (status, said) => {
  expect(changed('Endpoint', { EndpointArn: 'arn:e', EndpointStatus: status, CreationTime: new Date(5) })).toEqual({
    source: 'aws.sagemaker', type: 'SageMaker Endpoint State Change', resources: ['arn:e'], detail: { EndpointArn: 'arn:e', EndpointStatus: said, CreationTime: 5, Tags: { team: 'ml' } },
  });
});

test.each([['TrainingJob', 'Training Job'], ['HyperParameterTuningJob', 'HyperParameter Tuning Job'], ['TransformJob', 'Transform Job'], ['ProcessingJob', 'Processing Job']] as const)('a %s has a type of event', (kind, name) => {
  expect(changed(kind, { [`${kind}Arn`]: 'arn:j', [`${kind}Status`]: 'Completed' })).toMatchObject({ type: `SageMaker ${name} State Change`, resources: ['arn:j'], detail: { [`${kind}Status`]: 'Completed' } });
});

test('a stack tells its status, and an execution its own', () => {
  expect(stackStatusEvent({ stackId: 'arn:stack' } as never, { status: 'UPDATE_COMPLETE' } as never)).toMatchObject({ source: 'aws.cloudformation', type: 'CloudFormation Stack Status Change', resources: ['arn:stack'], detail: { 'stack-id': 'arn:stack', 'status-details': { status: 'UPDATE_COMPLETE' } } });
  const head = { executionArn: 'arn:x', stateMachineArn: 'arn:m', name: 'x', input: '{}', started: 1 };
  expect(executionEvent({ head, status: 'FAILED', end: { time: 2, details: { error: 'E', cause: 'C' } } } as never)).toMatchObject({ source: 'aws.states', resources: ['arn:x'], detail: { status: 'FAILED', startDate: 1, stopDate: 2, error: 'E', cause: 'C', output: null } });
});

test('an event has its envelope', () => {
  expect(eventOf({ source: 's', type: 't', resources: [], detail: {} }, { region: 'eu-west-1', account: '1' }, 1500)).toEqual({ 'version': '0', 'id': expect.any(String), 'detail-type': 't', 'source': 's', 'account': '1', 'time': '1970-01-01T00:00:01Z', 'region': 'eu-west-1', 'resources': [], 'detail': {} });
});

test('a job tells each of its states once', async () => {
  const changes: StateChange[] = [];
  const bench = await SageMakerBench.open({ onChange: (change) => changes.push(change) });
  try {
    await bench.train('told', 'print("fine")', { Tags: [{ Key: 'a', Value: 'b' }] });
    const states = changes.map(({ described }) => [described.TrainingJobStatus, described.SecondaryStatus].join(' '));
    expect(states).toEqual([...new Set(states)]);
    expect([states[0], states.at(-1)]).toEqual(['InProgress Starting', 'Completed Completed']);
    expect(changes.at(-1)).toMatchObject({ kind: 'TrainingJob', tags: [{ Key: 'a', Value: 'b' }], described: { TrainingJobName: 'told', ModelArtifacts: expect.anything() } });
  } finally {
    await bench.close();
  }
});
