import { randomUUID } from 'node:crypto';
import { partitionOf } from '../../limits/partitions';
import type { StackEvent, StackRecord } from '../cloudformation/stack-record';
import type { CreatedObject } from '../s3-folder';
import type { StateChange } from '../sagemaker/state-changes';
import type { ExecutionLog } from '../workflows/execution-log';

/** What has happened, before it is put on the bus. */
export interface Happened {
  readonly source: string;
  readonly type: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** An event as rules and their targets see it. */
export type AwsEvent = Readonly<Record<string, unknown>>;

export interface Place {
  readonly region: string;
  readonly account: string;
}

export function eventOf({ source, type, resources, detail }: Happened, { region, account }: Place, time: number): AwsEvent {
  // Without fractions of seconds, as EventBridge writes it.
  return { 'version': '0', 'id': randomUUID(), 'detail-type': type, source, account, 'time': new Date(time).toISOString().replace(/\.\d+Z$/, 'Z'), region, resources, detail };
}

const TYPES: { readonly [kind in StateChange['kind']]: string } = {
  TrainingJob: 'Training Job', HyperParameterTuningJob: 'HyperParameter Tuning Job', TransformJob: 'Transform Job', ProcessingJob: 'Processing Job', Endpoint: 'Endpoint',
};

/** What SageMaker says: the description of the job or endpoint, its times in milliseconds, the status of endpoints in capitals. */
export function sageMakerEvent({ kind, described, tags }: StateChange): Happened {
  const detail = inMilliseconds({ ...described, Tags: Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])) }) as Record<string, unknown>;
  const inCapitals = kind === 'Endpoint' ? { EndpointStatus: String(described.EndpointStatus).replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase() } : {};
  return { source: 'aws.sagemaker', type: `SageMaker ${TYPES[kind]} State Change`, resources: [String(described[`${kind}Arn`])], detail: { ...detail, ...inCapitals } };
}

function inMilliseconds(value: unknown): unknown {
  if (value instanceof Date) { return value.getTime(); }
  if (Array.isArray(value)) { return value.map(inMilliseconds); }
  if (typeof value !== 'object' || value === null) { return value; }
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined).map(([name, member]) => [name, inMilliseconds(member)]));
}

export function objectCreatedEvent({ bucket, key, size, etag, reason }: CreatedObject, { region, account }: Place, time: number): Happened {
  return {
    source: 'aws.s3', type: 'Object Created', resources: [`arn:${partitionOf(region)}:s3:::${bucket}`],
    detail: {
      'version': '0', 'bucket': { name: bucket }, 'object': { key, size, etag, sequencer: time.toString(16).toUpperCase().padStart(18, '0') },
      'request-id': randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase(), 'requester': account, 'source-ip-address': '127.0.0.1', reason,
    },
  };
}

export function stackStatusEvent({ stackId }: StackRecord, { status, reason }: StackEvent): Happened {
  return {
    source: 'aws.cloudformation', type: 'CloudFormation Stack Status Change', resources: [stackId],
    detail: { 'stack-id': stackId, 'status-details': { 'status': status, 'status-reason': reason ?? '' }, 'client-request-token': '' },
  };
}

export function executionEvent({ head, status, end }: ExecutionLog): Happened {
  const { executionArn, stateMachineArn, name, started, input } = head;
  const { output = null, error = null, cause = null } = (end?.details ?? {}) as { output?: string; error?: string; cause?: string };
  return {
    source: 'aws.states', type: 'Step Functions Execution Status Change', resources: [executionArn],
    detail: {
      executionArn, stateMachineArn, name, status, startDate: started, stopDate: end?.time ?? null, input, output, error, cause,
      inputDetails: { included: true }, outputDetails: output === null ? null : { included: true },
    },
  };
}
