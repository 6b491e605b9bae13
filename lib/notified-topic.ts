import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import { elsewhere } from './elsewhere';
import { isToken, refuse } from './request/checks';
import { can, checkGiven, type Kind } from './request/kinds';

export const TOPIC: Kind = ['a topic (Topic.fromTopicArn makes one of an ARN)', can('grantPublish')];

/**
 * That messages for people can be sent to it. Rules of EventBridge support no FIFO topics, and messages to these need a group, of which we have none; and both a rule and
 * a state machine send within their Region.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html
 */
export function checkTopic(scope: IConstruct, prop: string, topic: ITopic): void {
  checkGiven(scope, prop, topic, TOPIC);
  if (topic.fifo || (!isToken(topic.topicArn) && topic.topicArn.endsWith('.fifo'))) { refuse(scope, prop, 'be a standard topic: what is told here goes to no FIFO topics', topic.node.path); }
  const far = elsewhere(scope, topic.env, ['region']);
  if (far) { refuse(scope, prop, `be in the region of the stack, ${far.here}`, far.there); }
}
