import { whenChanged } from '../cloudformation/resource-type';
import type { ResourceRequest, ResourceType } from '../cloudformation/resource-type';
import type { Physical, Properties } from '../cloudformation/stack-record';
import type { Target } from '../events/target';
import type { LocalServices } from './services';

const MEMBERS = ['Name', 'Description', 'EventBusName', 'EventPattern', 'ScheduleExpression', 'State', 'RoleArn', 'Targets', 'Tags'];

/** A rule of EventBridge's default bus: state machines, topics and functions are its targets. */
export function ruleType({ events }: LocalServices): ResourceType {
  const put = ({ properties, stack: { partition, region, account } }: ResourceRequest, name: string): Physical => {
    requireMembers(properties, MEMBERS, 'a rule');
    const bus = String(properties.EventBusName ?? 'default').split('/').at(-1);
    if (bus !== 'default') { throw new Error(`Not supported by the local AWS: EventBusName ${String(bus)} of a rule; nothing happens on any bus but the default one`); }
    const arn = `arn:${partition}:events:${region}:${account}:rule/${name}`;
    const { EventPattern: pattern, ScheduleExpression: schedule, State: state = 'ENABLED', Targets: targets = [] } = properties;
    events.putRule({ arn, isEnabled: String(state).startsWith('ENABLED'), pattern: typeof pattern === 'string' ? JSON.parse(pattern) as unknown : pattern, schedule: schedule as string | undefined, targets: targets as Target[] });
    return { physicalId: name, attributes: { Arn: arn } };
  };
  return {
    replaces: whenChanged('Name', 'EventBusName'),
    create: async (request) => put(request, String(request.properties.Name ?? request.generatedName(64))),
    update: async (request, { physicalId }) => put(request, physicalId),
    restore: async (request, { physicalId }) => { put(request, physicalId); },
    delete: async (_, { attributes }) => events.deleteRule(String(attributes.Arn)),
  };
}

/** @throws Error that names the others */
export function requireMembers(properties: Properties, known: readonly string[], of: string): void {
  const unknown = Object.keys(properties).filter((member) => !known.includes(member));
  if (unknown.length > 0) { throw new Error(`Not supported by the local AWS: ${unknown.join(', ')} of ${of}`); }
}
