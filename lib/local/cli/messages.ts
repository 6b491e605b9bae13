import { join } from 'node:path';
import { messagesIn } from '../sns/local-sns';
import type { Output } from './output';

/** Prints what was published to topics, the oldest first. @param topic the ARN or the name of one. @default - all */
export function messages(topic: string | undefined, { state }: { readonly state: string }, output: Output): void {
  const all = messagesIn(join(state, 'messages.jsonl')).filter(({ topicArn }) => topic === undefined || topicArn === topic || topicArn.split(':').at(-1) === topic);
  if (all.length === 0) { output.progress(`nothing was published${topic === undefined ? '' : ` to ${topic}`}`); }
  for (const { time, topicArn, subject, message } of all) { output.result(`${output.paint('grey', time)}  ${output.paint('bold', topicArn.split(':').at(-1) as string)}${subject === undefined ? '' : `  ${subject}`}\n${message.replace(/^/gm, '  ')}`); }
  output.json(all);
}
