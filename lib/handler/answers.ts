import { Refused } from './errors';
import type { Answer, CloudFormationEvent } from './events';

/** CloudFormation takes no more than this in all. */
const LONGEST_ANSWER_BYTES = 4096;

/** The body of the answer: never longer than CloudFormation takes, every value a string. */
export function answerBody(event: CloudFormationEvent, answer: Answer): string {
  const body = (reason: string) => JSON.stringify({
    Status: answer.Status,
    Reason: reason,
    PhysicalResourceId: answer.PhysicalResourceId,
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
    Data: answer.Data ?? {},
  });
  const room = (reason: string) => LONGEST_ANSWER_BYTES - Buffer.byteLength(body(reason));
  const reason = printable(answer.Reason);
  if (room(reason) >= 0) { return body(reason); }
  // The beginning says what, the end says why and where to go on: the middle goes.
  const kept = (length: number) => `${reason.slice(0, Math.ceil(length * 0.6))} […] ${reason.slice(reason.length - Math.floor(length * 0.4))}`;
  let [low, high] = [0, reason.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (room(kept(middle)) >= 0) { low = middle; } else { high = middle - 1; }
  }
  return body(low > 0 ? kept(low) : '');
}

/** An answer whose attributes do not fit is an error that names the largest. */
export function withoutOverflow(event: CloudFormationEvent, answer: Answer): Answer {
  const bytes = Buffer.byteLength(answerBody(event, { ...answer, Reason: '' }));
  if (bytes <= LONGEST_ANSWER_BYTES) { return answer; }
  const [name, value] = Object.entries(answer.Data ?? {}).sort(([, a], [, b]) => Buffer.byteLength(b) - Buffer.byteLength(a))[0] ?? ['PhysicalResourceId', answer.PhysicalResourceId];
  throw new Refused(`the attributes need ${bytes} bytes and CloudFormation takes ${LONGEST_ANSWER_BYTES}; the largest is ${name} with ${Buffer.byteLength(value)}`);
}

/** CloudFormation rejects answers with some control and 4-byte characters (cloudformation-coverage-roadmap 1601). */
function printable(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, ' ').replace(/[\ud800-\udfff]+/g, '?');
}
