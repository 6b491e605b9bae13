import { Rule, RuleTargetInput, type OnEventOptions, type RuleTargetInputProperties } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Names, type Resource } from 'aws-cdk-lib/core';
import { elsewhere } from './elsewhere';
import { DETAIL_TYPES, EVENT_SOURCE, type EventDetail, type EventfulKind } from './limits/events';
import { checkTopic } from './notified-topic';
import { countInRange, oneOf, refuse, unique } from './request/checks';
import { checkEach, checkGiven, has, STRUCTURE, TEXT, type Kind } from './request/kinds';
import { noticeLines } from './template/notice';

/** What tells EventBridge of its changes. */
export interface EventSource {
  readonly kind: EventfulKind;
  /** The word for people. */
  readonly noun: string;
  /** What events of it, and of nothing else, have. */
  readonly detail: EventDetail;
  readonly consoleUrl: (name: string) => string;
  readonly logsUrl: (name: string) => string;
}

/** A rule for its events; of those that change its status, those with one of the statuses. */
export function stateRule(scope: Resource, id: string, { kind, detail }: EventSource, statuses: readonly string[] | undefined, options: OnEventOptions): Rule {
  return eventRule(scope, id, DETAIL_TYPES[kind], { ...detail, ...(statuses && { [`${kind}Status`]: statuses }) }, options);
}

export function eventRule(scope: Resource, id: string, detailType: string, detail: EventDetail, options: OnEventOptions): Rule {
  checkGiven(scope, 'id', id, TEXT);
  checkGiven(scope, 'options', options, STRUCTURE);
  if (options.target !== undefined) { checkGiven(scope, 'target', options.target, TARGET); }
  for (const status of Object.keys(detail).filter((member) => member.endsWith('Status'))) {
    if (options.eventPattern?.detail?.[status] !== undefined) { refuse(scope, `eventPattern.detail.${status}`, 'be left out: the method says which, and a pattern of yours would add others (onStateChange has all)', options.eventPattern.detail[status]); }
  }
  checkIsHere(scope);
  const rule = new Rule(scope, id, options);
  rule.addTarget(options.target);
  rule.addEventPattern({ source: [EVENT_SOURCE], detailType: [detailType], detail });
  return rule;
}

const TARGET: Kind = has('a target of a rule (SnsTopic of aws-cdk-lib/aws-events-targets makes one of a topic)', 'bind');

/** A rule that sends a message for people. */
export function noticeRule(scope: Resource, source: EventSource, topic: ITopic, statuses: readonly string[], allowed: readonly string[]): Rule {
  checkTopic(scope, 'topic', topic);
  checkEach(scope, 'on', statuses, TEXT);
  countInRange(scope, 'on', statuses, 1, allowed.length);
  unique(scope, 'on', statuses);
  statuses.forEach((status, index) => oneOf(scope, `on[${index}]`, status, allowed));
  const id = `Notify${Names.nodeUniqueId(topic.node)}`;
  if (scope.node.tryFindChild(id)) { refuse(scope, 'topic', 'be one that is not notified yet: give all statuses at once, in `on`', topic.node.path); }
  const rule = stateRule(scope, id, source, statuses, { description: `Tells ${topic.node.path} of ${scope.node.path}`.slice(0, 512) });
  // it lets EventBridge send to the topic and use its key, both without a condition: on these, EventBridge supports none on where an event is from
  rule.addTarget(new SnsTopic(topic, { message: new Message(scope, source) }));
  return rule;
}

/**
 * What EventBridge makes of an event for people: a JSON text a line, with what it finds in angle brackets. Fields of the CDK would not be found where CloudFormation puts a link
 * together. The quotation marks stay in what is sent.
 */
class Message extends RuleTargetInput {
  public constructor(private readonly scope: Resource, private readonly source: EventSource) { super(); }

  public bind(): RuleTargetInputProperties {
    const { kind, noun, consoleUrl, logsUrl } = this.source;
    const found = { name: `${kind}Name`, status: `${kind}Status`, reason: 'FailureReason' };
    const lines = noticeLines({
      noun, name: '<name>', status: '<status>', reason: '<reason>', path: this.scope.node.path.replaceAll(/[<>]/g, '_'), consoleUrl: consoleUrl('<name>'), logsUrl: logsUrl('<name>'),
    });
    return {
      inputPathsMap: Object.fromEntries(Object.entries(found).map(([variable, member]) => [variable, `$.detail.${member}`])),
      inputTemplate: lines.map((line) => JSON.stringify(line)).join('\n'),
    };
  }
}

/** Events are told where they happen. */
function checkIsHere(scope: Resource): void {
  const far = elsewhere(scope, scope.env);
  if (far) { refuse(scope, far.part, `be that of the stack (${far.here}) for its events to be seen`, far.there); }
}
