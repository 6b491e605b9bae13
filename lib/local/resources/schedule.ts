import { whenChanged } from '../cloudformation/resource-type';
import type { ResourceRequest, ResourceType } from '../cloudformation/resource-type';
import type { Physical } from '../cloudformation/stack-record';
import { requireMembers } from './rule';
import type { LocalServices } from './services';

const MEMBERS = ['Name', 'GroupName', 'Description', 'ScheduleExpression', 'ScheduleExpressionTimezone', 'StartDate', 'EndDate', 'State', 'FlexibleTimeWindow', 'KmsKeyArn', 'Target'];
const TARGET_MEMBERS = ['Arn', 'RoleArn', 'Input', 'RetryPolicy', 'DeadLetterConfig'];

/** A schedule of EventBridge Scheduler, which fires by the clock while the local AWS runs. */
export function scheduleType({ events }: LocalServices): ResourceType {
  const put = ({ properties, stack: { partition, region, account } }: ResourceRequest, name: string): Physical => {
    requireMembers(properties, MEMBERS, 'a schedule');
    const target = properties.Target as { Arn: string; Input?: string };
    requireMembers(target, TARGET_MEMBERS, 'the target of a schedule');
    const arn = `arn:${partition}:scheduler:${region}:${account}:schedule/${String(properties.GroupName ?? 'default')}/${name}`;
    const time = (date: unknown) => (date === undefined ? undefined : Date.parse(String(date)));
    const universal = /^arn:[a-z-]+:scheduler:::aws-sdk:sfn:startExecution$/.test(target.Arn) ? JSON.parse(target.Input ?? '{}') as { StateMachineArn?: string; Input?: string } : undefined;
    events.putSchedule({
      arn, isEnabled: (properties.State ?? 'ENABLED') === 'ENABLED', expression: String(properties.ScheduleExpression), zone: properties.ScheduleExpressionTimezone as string | undefined,
      from: time(properties.StartDate), to: time(properties.EndDate), targetArn: universal === undefined ? target.Arn : String(universal.StateMachineArn), input: (universal ?? target).Input ?? '{}',
    });
    return { physicalId: name, attributes: { Arn: arn } };
  };
  return {
    replaces: whenChanged('Name', 'GroupName'),
    create: async (request) => put(request, String(request.properties.Name ?? request.generatedName(64))),
    update: async (request, { physicalId }) => put(request, physicalId),
    restore: async (request, { physicalId }) => { put(request, physicalId); },
    delete: async (_, { attributes }) => events.deleteSchedule(String(attributes.Arn)),
  };
}
