import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { LocalSns, messagesIn } from '../../../lib/local/sns/local-sns';
import { folderWith } from '../../support/folders';
import { VirtualClock } from '../../support/virtual-clock';

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:t';

test('what is published is kept, the oldest first', async () => {
  const file = join(folderWith({}), 'messages.jsonl');
  const sns = new LocalSns(file, new VirtualClock());
  expect(messagesIn(file)).toEqual([]);
  const { MessageId } = await sns.call('Publish', { TopicArn: TOPIC, Message: 'one', Subject: 'News' });
  await sns.call('Publish', { TopicArn: TOPIC, Message: 'two' });
  appendFileSync(file, '{"time":');
  expect(messagesIn(file)).toEqual([{ time: '2026-01-01T00:00:00.000Z', topicArn: TOPIC, messageId: MessageId, subject: 'News', message: 'one' }, expect.objectContaining({ message: 'two' })]);
});

test.each<[object, string]>([
  [{ TopicArn: 'topic', Message: 'x' }, 'Invalid parameter: TopicArn'], [{ TopicArn: TOPIC, Message: '' }, 'Invalid parameter: Message'], [{ TopicArn: TOPIC, Message: 'x', PhoneNumber: '1' }, 'Not supported by the local AWS: PhoneNumber'],
])('%j is refused', async (input, message) => {
  await expect(new LocalSns(join(folderWith({}), 'm'), new VirtualClock()).call('Publish', input as never)).rejects.toThrow(message);
});
