import { ServiceError } from '../service-error';
import type { CloudFormation } from './engine';
import type { ResourceRecord, StackRecord } from './stack-record';

type Answer = Record<string, unknown>;
type Input = Readonly<Record<string, unknown>>;

/** As many as CloudFormation gives in one page; of DescribeStackResources it is all that there are. */
const PAGE = 100;

/** What can be seen of the stacks that there are, beside what they are altogether. */
export const STACK_VIEWS: { readonly [operation: string]: (cloudFormation: CloudFormation, input: Input) => Answer } = {
  GetTemplate(cloudFormation, input) {
    const { template } = stackOf(cloudFormation, input);
    // Nothing here has a macro: both stages are what was sent.
    return { TemplateBody: JSON.stringify(template), StagesAvailable: ['Original', 'Processed'] };
  },
  ListStackResources(cloudFormation, input) {
    const record = stackOf(cloudFormation, input);
    return paged('StackResourceSummaries', resourcesOf(record), input);
  },
  DescribeStackResources(cloudFormation, input) {
    const record = stackOf(cloudFormation, input);
    const { LogicalResourceId: id } = input;
    const found = resourcesOf(record).filter(({ LogicalResourceId }) => id === undefined || LogicalResourceId === id).slice(0, PAGE);
    return { StackResources: found.map(({ LastUpdatedTimestamp, ...resource }) => ({ StackName: record.stackName, StackId: record.stackId, ...resource, Timestamp: LastUpdatedTimestamp })) };
  },
  ListExports(cloudFormation, input) {
    const exports = cloudFormation.list().flatMap(({ stackId, outputs }) => Object.values(outputs).flatMap(({ exportName, value }) => (exportName === undefined ? [] : [{ ExportingStackId: stackId, Name: exportName, Value: value }])));
    return paged('Exports', exports, input);
  },
};

/** @throws ServiceError ValidationError, as CloudFormation does */
function stackOf(cloudFormation: CloudFormation, { StackName: name }: Input): StackRecord {
  if (name === undefined) { throw new ServiceError('ValidationError', '1 validation error detected: Value null at \'stackName\' failed to satisfy constraint: Member must not be null'); }
  return cloudFormation.describe(String(name));
}

function resourcesOf({ resources, created, updated }: StackRecord) {
  const time = new Date(updated ?? created);
  return Object.entries(resources).map(([LogicalResourceId, { type, status, statusReason, physical }]: [string, ResourceRecord]) => ({
    LogicalResourceId, ...physical !== undefined && { PhysicalResourceId: physical.ref ?? physical.physicalId }, ResourceType: type, LastUpdatedTimestamp: time, ResourceStatus: status,
    ...statusReason !== undefined && { ResourceStatusReason: statusReason }, DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
  }));
}

/** The next page begins where its token says. */
function paged(list: string, all: readonly object[], { NextToken: token = '0' }: Input): Answer {
  const start = Number(token);
  if (!Number.isInteger(start) || start < 0 || start > all.length) { throw new ServiceError('ValidationError', `Invalid NextToken ${String(token)}`); }
  const end = start + PAGE;
  return { [list]: all.slice(start, end), ...end < all.length && { NextToken: String(end) } };
}
