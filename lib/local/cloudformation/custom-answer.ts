import type { Properties } from './stack-record';

/** A custom resource's answer. */
export interface CustomAnswer {
  readonly status: 'SUCCESS' | 'FAILED';
  /** undefined when the answer has none that can be used. */
  readonly physicalId?: string;
  readonly reason: string;
  readonly data: Properties;
  readonly noEcho: boolean;
}

/** What identifies the event that is answered. */
export interface AnswerOf {
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
}

/** In all, in bytes (aws-facts 1.1). */
export const LONGEST_ANSWER_BYTES = 4096;

/** Reads the body of an answer; a string says why it is none. CloudFormation drops those and waits on. */
export function customAnswerOf(body: string, event: AnswerOf): CustomAnswer | string {
  const bytes = Buffer.byteLength(body);
  if (bytes > LONGEST_ANSWER_BYTES) { return `Response object is too long: ${bytes} bytes, ${LONGEST_ANSWER_BYTES} are allowed`; }
  let answer: Properties;
  try { answer = JSON.parse(body) as Properties; } catch { return 'the answer is not JSON'; }
  if (typeof answer !== 'object' || answer === null) { return 'the answer is not a JSON object'; }
  for (const name of ['StackId', 'RequestId', 'LogicalResourceId'] as const) {
    if (answer[name] !== event[name]) { return `${name} of the answer is not the event's`; }
  }
  const { Status: status, Reason: reason, PhysicalResourceId: id, Data: data, NoEcho: noEcho } = answer;
  if (status !== 'SUCCESS' && status !== 'FAILED') { return `Status must be SUCCESS or FAILED, got ${JSON.stringify(status)}`; }
  if (reason !== undefined && typeof reason !== 'string') { return `Reason must be a string, got ${JSON.stringify(reason)}`; }
  if (status === 'FAILED' && !reason) { return 'Reason is needed when Status is FAILED'; }
  if (data !== undefined && (typeof data !== 'object' || data === null || Array.isArray(data))) { return 'Data must be an object'; }
  const usable = typeof id === 'string' && id !== '' && Buffer.byteLength(id) <= 1024;
  return {
    status,
    physicalId: usable ? id : undefined,
    reason: reason ?? '',
    data: (data ?? {}) as Properties,
    noEcho: noEcho === true || noEcho === 'true',
  };
}

/** Every scalar as a string, as custom resources get them; nested ones too. */
export function stringified(value: unknown): unknown {
  if (Array.isArray(value)) { return value.map(stringified); }
  if (typeof value === 'object' && value !== null) { return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, stringified(member)])); }
  return String(value);
}
