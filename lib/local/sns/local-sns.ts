import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../clock';
import { ServiceError, unsupported, validationException } from '../service-error';

/** What was published to a topic. */
export interface Message {
  /** When, as ISO 8601. */
  readonly time: string;
  readonly topicArn: string;
  readonly messageId: string;
  readonly subject?: string;
  readonly message: string;
  readonly attributes?: unknown;
}

const LONGEST_MESSAGE_BYTES = 262_144;

/** SNS, as far as publishing goes: messages are kept, a line of a file each, and sent to nobody. */
export class LocalSns {
  public readonly operationNames = ['Publish'];

  constructor(private readonly file: string, private readonly clock: Clock) {}

  /** @throws ServiceError */
  async call(operation: string, { TopicArn, Message: text, Subject, MessageAttributes, ...others }: Record<string, unknown>): Promise<Record<string, unknown>> {
    if (operation !== 'Publish') { throw new ServiceError('InvalidAction', `The local SNS does not know the operation ${operation}.`); }
    const unknown = Object.keys(others).filter((member) => others[member] !== undefined);
    if (unknown.length > 0) { throw unsupported(`${unknown.join(', ')} of a message`); }
    if (!/^arn:[a-z-]+:sns:[^:]*:[^:]*:[^:]+$/.test(String(TopicArn))) { throw new ServiceError('InvalidParameter', `Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not ${String(TopicArn).split(':').length}`); }
    if (typeof text !== 'string' || text === '' || Buffer.byteLength(text) > LONGEST_MESSAGE_BYTES) { throw validationException('Invalid parameter: Message must have 1 to 262144 bytes'); }
    const message: Message = {
      time: new Date(this.clock.now()).toISOString(), topicArn: String(TopicArn), messageId: randomUUID(), ...Subject !== undefined && { subject: String(Subject) }, message: text,
      ...MessageAttributes !== undefined && { attributes: MessageAttributes },
    };
    mkdirSync(dirname(this.file), { recursive: true });
    appendFileSync(this.file, `${JSON.stringify(message)}\n`);
    return { MessageId: message.messageId };
  }
}

/** The messages in a file, the oldest first. A line that was being written when everything ended is left out. */
export function messagesIn(file: string): Message[] {
  let text: string;
  try { text = readFileSync(file, 'utf8'); } catch { return []; }
  return text.split('\n').flatMap((line) => {
    try { return [JSON.parse(line) as Message]; } catch { return []; }
  });
}
