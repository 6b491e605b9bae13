import { URL_SUFFIXES } from '../limits/partitions';
import type { Statement } from './statement';

/** A statement of a trust policy. */
export interface AuditedTrust extends Statement {
  /** Of a role that the library uses: it lets in others than the service that takes the role, or that service for others. */
  readonly isUnexplained?: true;
}

/** Who takes the roles of the function and of what waits, by the last part of the path; jobs and models have SageMaker. */
const TAKEN_BY: { readonly [name: string]: string } = { HandlerRole: 'lambda', WaiterRole: 'states' };
/** Session tags are handed on by whoever launches a job; that is SageMaker itself. */
const TAKEN: { readonly [service: string]: readonly string[] } = { sagemaker: ['sts:AssumeRole', 'sts:TagSession'], lambda: ['sts:AssumeRole'], states: ['sts:AssumeRole'] };
const PROVIDER = '/SageMakerJobProvider/';

/** Whether a role is one that jobs, models, the function or the state machine could have. */
export function isTakenByLibrary(path: string, trust: readonly Statement[]): boolean {
  return path.includes(PROVIDER) || trust.some((statement) => statement.effect === 'Allow' && (statement.principals ?? []).some((principal) => isService(principal, 'sagemaker')));
}

/** The trust of a role of the library, in which more than the role needs is marked. */
export function auditedTrust(path: string, account: string, trust: readonly Statement[]): AuditedTrust[] {
  const service = (path.includes(PROVIDER) ? TAKEN_BY[path.slice(path.lastIndexOf('/') + 1)] : undefined) ?? 'sagemaker';
  const isForAccount = ({ conditions }: Statement) => sourceAccounts(conditions).some(({ operator, values }) => operator === 'StringEquals' && values.join() === account);
  const isOfService = ({ effect, isNotAction, actions, principals = [] }: Statement) => effect === 'Allow' && !isNotAction
    && actions.every((action) => TAKEN[service].includes(action)) && principals.length > 0 && principals.every((principal) => isService(principal, service));
  const isLimited = trust.some((statement) => isOfService(statement) && isForAccount(statement));
  // a role that was given may leave the account open; beside a statement that names it, that is more than is needed
  const isNeeded = (statement: Statement) => isOfService(statement) && (isForAccount(statement) || (!isLimited && sourceAccounts(statement.conditions).length === 0));
  return trust.map((statement) => (isNeeded(statement) ? statement : { ...statement, isUnexplained: true }));
}

/** The accounts that a service must act for; other conditions allow less still. Keys may be written in any case. */
function sourceAccounts(conditions: Statement['conditions']): { operator: string; values: readonly string[] }[] {
  return Object.entries(conditions ?? {}).flatMap(([operator, keys]) => Object.entries(keys)
    .filter(([key]) => key.toLowerCase() === 'aws:sourceaccount').map(([, values]) => ({ operator, values })));
}

const DOMAINS = ['${AWS::URLSuffix}', ...URL_SUFFIXES];

/** The name of a service in the domain of a partition, also with a Region between. */
function isService(principal: string, service: string): boolean {
  const domain = DOMAINS.find((each) => principal.endsWith(`.${each}`));
  return domain !== undefined && principal.startsWith(service) && /^(\.(\$\{AWS::Region\}|[a-z0-9-]+))?$/.test(principal.slice(service.length, -domain.length - 1));
}
