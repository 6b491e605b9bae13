import { whyNotAnswered } from './response-url';
import { isObject } from './restore-types';

/** What every event of CloudFormation has. An answer repeats it, and nobody waits for one that does not. */
const MEMBERS: readonly [member: string, pattern: RegExp][] = [
  ['StackId', /^arn:[\w-]+:cloudformation:[\w-]+:\d{12}:stack\/[\w/-]{1,255}$/],
  ['RequestId', /^[^]{1,200}$/],
  ['LogicalResourceId', /^[\w-]{1,255}$/],
  ['ResourceType', /^[\w:@-]{1,200}$/],
];

/** What is wrong with an input that is neither an event of CloudFormation nor the state of an execution; it is neither acted upon nor answered. */
export function flawOf(input: unknown): string | undefined {
  if (!isObject(input)) { return 'it is no structure'; }
  if (Object.hasOwn(input, 'ResponseURL')) { return flawOfEvent(input); }
  const { function: name, event, memo, answer } = input;
  if (typeof name !== 'string' || !isObject(event) || !isObject(memo) || !['string', 'undefined'].includes(typeof memo.failing)) { return 'it is neither an event nor the state of an execution'; }
  const isAnswer = isObject(answer) && [answer.Status, answer.Reason, answer.PhysicalResourceId].every((text) => typeof text === 'string');
  return answer !== undefined && !isAnswer ? 'its answer is none' : flawOfEvent(event);
}

function flawOfEvent(event: { readonly [member: string]: unknown }): string | undefined {
  const refused = whyNotAnswered(event.ResponseURL);
  if (refused) { return refused; }
  const [member] = MEMBERS.find(([name, pattern]) => typeof event[name] !== 'string' || !pattern.test(event[name])) ?? [];
  const id = event.PhysicalResourceId;
  return member ?? (id === undefined || (typeof id === 'string' && id !== '') ? undefined : 'PhysicalResourceId');
}
