import { assemblyOf, chosenStacks } from '../local/cli/app';
import { CommandError, type Output } from '../local/cli/output';
import { audited, type AuditedRole } from './audit';
import { withNested, type SynthesizedStack } from './synthesized';
import { linesOf } from './text';

export interface AuditOptions {
  readonly app?: string;
  /** Where what the app's command writes is kept. */
  readonly state: string;
  readonly role?: string;
  readonly failOnUnexplained?: boolean;
}

/** Prints what the roles of stacks may do, and why; the answer is the exit code. */
export async function audit(names: readonly string[], { app, state, role, failOnUnexplained }: AuditOptions, output: Output): Promise<number> {
  const { all, chosen } = chosenStacks(await assemblyOf(app, state, output), names.length === 0 ? ['*'] : names);
  const parts = new Map(all.map((stack) => [stack, withNested(stack)]));
  const asked = new Set<SynthesizedStack>(chosen.flatMap((stack) => parts.get(stack) ?? []));
  const roles = audited([...parts.values()].flat(), all.map(({ metadata }) => metadata), (stack) => asked.has(stack)).filter(({ path }) => role === undefined || `${path}/`.startsWith(`${role}/`));
  if (role !== undefined && roles.length === 0) { throw new CommandError(`no role is made, or used, at ${role}`); }
  output.result(roles.map((each) => linesOf(each, (colour, text) => output.paint(colour, text)).join('\n')).join('\n\n'));
  const unexplained = roles.filter(({ isOfLibrary }) => isOfLibrary).flatMap(unexplainedOf);
  output.progress(summary(roles, unexplained.length));
  output.json({ roles });
  return failOnUnexplained === true && unexplained.length > 0 ? 1 : 0;
}

/** What the roles that jobs and endpoints have are allowed beyond their props, and who may take them beside the service. */
function unexplainedOf({ trust, statements, managedPolicies }: AuditedRole): readonly unknown[] {
  return [...trust.filter(({ isUnexplained }) => isUnexplained), ...statements.filter(({ unexplained }) => unexplained.length > 0), ...managedPolicies];
}

function summary(roles: readonly AuditedRole[], unexplained: number): string {
  const statements = roles.reduce((sum, role) => sum + role.statements.length, 0);
  return `\n${count(roles.filter(({ attachedTo }) => attachedTo === undefined).length, 'role')}, ${count(statements, 'statement')}; of the roles that cdk-sagemaker uses, ${unexplained === 0 ? 'every statement is needed by a prop' : `${count(unexplained, 'statement')} no prop needs`}`;
}

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;
