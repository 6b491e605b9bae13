import { whenChanged } from '../cloudformation/resource-type';
import type { ResourceRequest, ResourceType } from '../cloudformation/resource-type';
import type { Physical, Properties } from '../cloudformation/stack-record';
import type { LocalServices } from './services';

const NUMBERS = new Set(['Period', 'EvaluationPeriods', 'DatapointsToAlarm', 'Threshold']);

/** An alarm of the local CloudWatch: a deployment of an endpoint looks at it. Its actions are not taken. */
export function alarmType({ cloudWatch }: LocalServices): ResourceType {
  const put = async ({ properties, planned, stack: { partition, region, account } }: ResourceRequest, name: string): Promise<Physical> => {
    planned({ physicalId: name, attributes: {} });
    await cloudWatch.call('PutMetricAlarm', { ...withNumbers(properties) as Properties, AlarmName: name });
    return { physicalId: name, attributes: { Arn: `arn:${partition}:cloudwatch:${region}:${account}:alarm:${name}` } };
  };
  return {
    replaces: whenChanged('AlarmName'),
    create: (request) => put(request, String(request.properties.AlarmName ?? request.generatedName(255))),
    update: (request, { physicalId }) => put(request, physicalId),
    async delete(_, { physicalId }) { await cloudWatch.call('DeleteAlarms', { AlarmNames: [physicalId] }); },
  };
}

/** Numbers that came as text, for instance out of a parameter of the template. */
function withNumbers(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) { return value.map((each) => withNumbers(each)); }
  if (typeof value === 'object' && value !== null) { return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withNumbers(member, key)])); }
  if (typeof value === 'string' && (name === 'ReturnData')) { return value === 'true'; }
  return typeof value === 'string' && NUMBERS.has(name) ? Number(value) : value;
}
