import type { Template } from '../local/cloudformation/template';
import type { MemberChange, StackPlan } from './plan';

const HIDDEN = '****';
/** A shorter one is hidden where it is all of a value: as a part of others it tells nothing, and they would be hidden too. */
const SHORTEST_PART = 4;

/** The values of parameters that are not to be echoed. @param values of the parameters, on either side */
export function secretsOf(template: Template, ...values: readonly { readonly [name: string]: string }[]): string[] {
  const names = Object.entries(template.Parameters ?? {}).filter(([, { NoEcho: isSecret }]) => String(isSecret) === 'true');
  return [...new Set(names.flatMap(([name, { Default: otherwise }]) => [otherwise?.toString(), ...values.map((all) => all[name])]).filter((value) => value !== undefined && value !== ''))] as string[];
}

/** The same plan, without them. */
export function withoutSecrets(plan: StackPlan, secrets: readonly string[]): StackPlan {
  const hide = (text: string) => secrets.reduce((shown, secret) => (shown === secret ? HIDDEN : secret.length >= SHORTEST_PART ? shown.replaceAll(secret, HIDDEN) : shown), text);
  const changes = (all: readonly MemberChange[]) => all.map((change) => ({ ...change, ...change.old !== undefined && { old: hide(change.old) }, ...change.new !== undefined && { new: hide(change.new) } }));
  return secrets.length === 0 ? plan : {
    ...plan, ...plan.fails !== undefined && { fails: hide(plan.fails) },
    jobs: plan.jobs.map((job) => ({ ...job, changes: changes(job.changes), hangsOn: job.hangsOn.map(hide), ...job.reason !== undefined && { reason: hide(job.reason) } })),
    endpoints: plan.endpoints.map((endpoint) => ({
      ...endpoint, changes: changes(endpoint.changes), hangsOn: endpoint.hangsOn.map(hide),
      models: endpoint.models.map(({ variant, old, new: wanted }) => ({ variant, ...old !== undefined && { old: hide(old) }, ...wanted !== undefined && { new: hide(wanted) } })),
    })),
  };
}
