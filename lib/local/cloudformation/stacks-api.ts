import { ServiceError, unsupported } from '../service-error';
import type { CloudFormation } from './engine';
import type { StackRecord } from './stack-record';
import { STACK_VIEWS } from './stack-views';
import type { Template } from './template';

type Answer = Record<string, unknown>;

/** A parameter as UpdateStack gets it. */
export interface GivenParameter {
  readonly ParameterKey?: string;
  readonly ParameterValue?: string;
  readonly UsePreviousValue?: boolean;
}

interface UpdateStackInput {
  readonly StackName: string;
  readonly UsePreviousTemplate?: boolean;
  readonly Parameters?: readonly GivenParameter[];
  readonly Capabilities?: readonly string[];
  readonly DisableRollback?: boolean;
  readonly RoleARN?: string;
}

export const STACK_OPERATIONS: readonly string[] = ['DescribeStacks', 'UpdateStack', ...Object.keys(STACK_VIEWS)];
/** Members of UpdateStack that are understood, or change nothing here: nothing enforces a role. */
const UPDATE_MEMBERS = ['StackName', 'UsePreviousTemplate', 'Parameters', 'Capabilities', 'DisableRollback', 'RoleARN', 'ClientRequestToken'];

/** CloudFormation as its clients have it, as far as that goes here: looking at stacks, and updates with the template that there is. */
export class StacksApi {
  public readonly operationNames = STACK_OPERATIONS;

  /** @param onTrouble an update was begun, and can't be gone on with */
  constructor(private readonly cloudFormation: CloudFormation, private readonly onTrouble: (line: string) => void = () => undefined) {}

  /** @throws ServiceError with CloudFormation's own name and message */
  async call(operation: string, input: Record<string, unknown>): Promise<Answer> {
    if (operation === 'DescribeStacks') { return this.describe(input.StackName as string | undefined); }
    if (operation === 'UpdateStack') { return this.update(input as unknown as UpdateStackInput); }
    const view = Object.hasOwn(STACK_VIEWS, operation) ? STACK_VIEWS[operation] : undefined;
    if (view !== undefined) { return view(this.cloudFormation, input); }
    throw new ServiceError('InvalidAction', `Not supported by the local AWS: ${operation} of CloudFormation`);
  }

  private describe(name: string | undefined): Answer {
    const stacks = name === undefined ? this.cloudFormation.list() : [this.cloudFormation.describe(name)];
    return { Stacks: stacks.map(described) };
  }

  private update(input: UpdateStackInput): Answer {
    const unknown = Object.keys(input).filter((member) => !UPDATE_MEMBERS.includes(member));
    if (unknown.length > 0) { throw unsupported(`${unknown.join(', ')} of UpdateStack: only an update with the previous template`); }
    if (input.UsePreviousTemplate !== true) { throw new ServiceError('ValidationError', 'Either Template URL or Template Body must be specified.'); }
    const record = this.cloudFormation.list().find(({ stackName, stackId }) => stackName === input.StackName || stackId === input.StackName);
    if (record === undefined) { throw new ServiceError('ValidationError', `Stack [${input.StackName}] does not exist`); }
    requireCapabilities(record.template, input.Capabilities ?? []);
    const { stackId, finished } = this.cloudFormation.updateWithPreviousTemplate(record.stackName, parametersOf(record, input.Parameters ?? []), input.DisableRollback !== true, input.RoleARN);
    finished.catch((error: Error) => this.onTrouble(error.stack ?? error.message));
    return { StackId: stackId };
  }
}

function described({ stackName, stackId, status, statusReason, created, updated, outputs, parameters, template, roleArn }: StackRecord): Answer {
  return {
    StackId: stackId, StackName: stackName, CreationTime: new Date(created), ...updated !== undefined && { LastUpdatedTime: new Date(updated) },
    RollbackConfiguration: {}, StackStatus: status, ...statusReason !== undefined && { StackStatusReason: statusReason }, DisableRollback: false, NotificationARNs: [], ...roleArn !== undefined && { RoleARN: roleArn },
    Parameters: Object.entries(parameters).map(([ParameterKey, { given, value }]) => {
      const isSecret = String(template.Parameters?.[ParameterKey]?.NoEcho ?? false) === 'true';
      const resolved = Array.isArray(value) ? value.join(',') : String(value);
      return { ParameterKey, ParameterValue: isSecret ? '****' : given, ...template.Parameters?.[ParameterKey]?.Type.startsWith('AWS::SSM::') === true && { ResolvedValue: resolved } };
    }),
    Outputs: Object.entries(outputs).map(([OutputKey, { value, description, exportName }]) => ({ OutputKey, OutputValue: value, ...description !== undefined && { Description: description }, ...exportName !== undefined && { ExportName: exportName } })),
  };
}

/** What is given, and of the rest what is to stay as it is; what is neither has its default again. @throws ServiceError */
function parametersOf({ parameters }: StackRecord, given: readonly GivenParameter[]): { readonly [name: string]: string } {
  return Object.fromEntries(given.map(({ ParameterKey: name = '', ParameterValue: value, UsePreviousValue: stays }): [string, string] => {
    if (stays === true && value !== undefined) { throw new ServiceError('ValidationError', `Invalid input for parameter key ${name}. Cannot specify usePreviousValue as true and non empty value for a parameter`); }
    if (stays !== true) { return [name, value ?? '']; }
    const before = parameters[name];
    if (before === undefined) { throw new ServiceError('ValidationError', `Invalid input for parameter key ${name}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`); }
    return [name, before.given];
  }));
}

/** The property that names a resource of IAM: one with a name of its own needs the stronger capability. */
const IAM_NAMES: { readonly [type: string]: string | undefined } = {
  'AWS::IAM::Role': 'RoleName', 'AWS::IAM::User': 'UserName', 'AWS::IAM::Group': 'GroupName', 'AWS::IAM::ManagedPolicy': 'ManagedPolicyName', 'AWS::IAM::InstanceProfile': 'InstanceProfileName',
  'AWS::IAM::Policy': undefined, 'AWS::IAM::AccessKey': undefined, 'AWS::IAM::UserToGroupAddition': undefined,
};

/** @throws ServiceError InsufficientCapabilitiesException */
function requireCapabilities(template: Template, capabilities: readonly string[]): void {
  const resources = Object.values(template.Resources).filter(({ Type: type }) => Object.hasOwn(IAM_NAMES, type));
  const needsNamed = resources.some(({ Type: type, Properties: properties }) => properties?.[IAM_NAMES[type] ?? ''] !== undefined);
  const needed = needsNamed ? 'CAPABILITY_NAMED_IAM' : resources.length > 0 ? 'CAPABILITY_IAM' : undefined;
  if (needed === undefined || capabilities.includes('CAPABILITY_NAMED_IAM') || capabilities.includes(needed)) { return; }
  throw new ServiceError('InsufficientCapabilitiesException', `Requires capabilities : [${needed}]`);
}
