import { conditions as conditionsText } from '../template/statement-text';
import type { AuditedRole, AuditedStatement } from './audit';
import type { Reason } from './needs';
import type { Statement } from './statement';

/** Constructs that need the same are named up to here. */
const MOST_NAMED = 3;
/** A statement that is longer is told in two lines. */
const LONGEST_LINE = 120;
const OF_THE_APP = 'granted by the app, not by a prop of cdk-sagemaker';
const OF_THE_CDK = 'granted by the CDK, to the function of a custom resource of its own';

/** Who grants what no prop needs. */
export const granter = (role: string) => (/\/(Custom::[^/]+|LogRetention[0-9a-f]+)\//.test(role) ? OF_THE_CDK : OF_THE_APP);

/** A role for reading: who may take it, then what it may do, each with the reasons below. */
export function linesOf(role: AuditedRole, paint: (colour: 'bold' | 'yellow' | 'grey', text: string) => string): string[] {
  const { path, stack, arn, trust, permissionsBoundary, managedPolicies, statements, lacking, attachedTo } = role;
  const short = (text: string) => (stack === undefined ? text : text.replaceAll(`\${${stack}/`, '${'));
  const within = (construct: string) => (stack !== undefined && construct.startsWith(`${stack}/`) ? construct.slice(stack.length + 1) : construct);
  const allowed = (statement: Statement) => inLines(short(textOf(statement)));
  const from = (reasons: readonly Reason[]) => reasonLines(reasons, within).map((line) => `      <- ${line}`);
  return [
    paint('bold', path) + (stack === undefined ? `  made elsewhere${arn === undefined ? '' : `: ${short(arn)}`}` : '')
      + (attachedTo === undefined ? '' : `  attached to a role that is not known: ${attachedTo.map(short).join(', ')}`),
    ...trust.flatMap((statement) => [
      `  assumed by ${short(textOf(statement))}`,
      ...(statement.isUnexplained ? [paint('yellow', `      <- ${granter(path)}`)] : []),
    ]),
    ...(permissionsBoundary === undefined ? [] : [`  at most what ${short(permissionsBoundary)} allows`]),
    ...managedPolicies.flatMap((policy) => [`  all that ${short(policy)} allows`, paint('yellow', `      <- ${granter(path)}`)]),
    ...statements.flatMap((statement) => [
      ...allowed(statement),
      ...(statement.why === undefined ? [] : [paint('grey', `      *  ${statement.why}`)]),
      ...from(statement.reasons),
      ...unexplainedLines(statement, granter(path)).map((line) => paint('yellow', `      <- ${short(line)} (${within(statement.policy)})`)),
    ]),
    ...(lacking.length === 0 ? [] : [paint('yellow', stack === undefined ? '  must be allowed, and nothing is attached to it:' : '  is needed, and no policy of the app allows it:')]),
    ...lacking.flatMap(({ statement, reasons }) => [...allowed(statement), ...from(reasons)]),
  ];
}

function textOf({ effect, actions, isNotAction, resources, isNotResource, principals, conditions }: Statement): string {
  const what = `${isNotAction ? 'all but ' : ''}${actions.join(', ')}`;
  // who takes a role is what a trust policy is about
  const told = principals !== undefined && resources.length === 0 ? `${principals.join(', ')}${what === 'sts:AssumeRole' ? '' : ` (${what})`}` : what;
  const where = resources.length === 0 ? '' : ` on ${isNotResource ? 'all but ' : ''}${resources.join(', ')}`;
  return `${effect === 'Allow' ? '' : `${effect.toLowerCase()} `}${told}${where}${conditions ? ` if ${conditionsText(conditions)}` : ''}`;
}

function inLines(text: string): string[] {
  const at = text.length > LONGEST_LINE ? text.indexOf(' on ') : -1;
  return at < 0 ? [`  ${text}`] : [`  ${text.slice(0, at)}`, `    ${text.slice(at + 1)}`];
}

/** By construct; constructs with the same reasons share a line. */
function reasonLines(reasons: readonly Reason[], within: (construct: string) => string): string[] {
  const props = new Map<string, string[]>();
  for (const { construct, prop } of reasons) { props.set(construct, [...props.get(construct) ?? [], prop]); }
  const constructs = new Map<string, string[]>();
  for (const [construct, list] of props) { constructs.set(list.join(', '), [...constructs.get(list.join(', ')) ?? [], within(construct)]); }
  return [...constructs].map(([list, all]) => `${all.slice(0, MOST_NAMED).join(', ')}${all.length > MOST_NAMED ? ` and ${all.length - MOST_NAMED} more` : ''}: ${list}`);
}

function unexplainedLines({ unexplained, reasons }: AuditedStatement, by: string): string[] {
  if (unexplained.length === 0) { return []; }
  if (reasons.length === 0) { return [by]; }
  return [`${by}: ${unexplained.map(({ action, resource }) => `${action} on ${resource}`).join(', ')}`];
}
