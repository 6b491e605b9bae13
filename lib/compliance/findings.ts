import { factsOf } from './facts';
import type { Surroundings } from './image-origin';
import { RULE_NAMES, RULES, type Limits, type RuleName } from './rules';

/** A resource as it is in a template. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: { readonly [name: string]: unknown };
  readonly Metadata?: { readonly [name: string]: unknown };
}

/** What an organization has decided. */
export interface Policy {
  readonly limits: Limits;
  /** What each rule is worth; `off` for none. */
  readonly severities: { readonly [rule in RuleName]: Severity };
  /** What it is worth that a value is known at deployment only; at most what its rule is. */
  readonly unknown: Severity;
}
export type Severity = 'error' | 'warning' | 'off';

/** A property of a resource that breaks a rule. */
export interface Finding {
  /** `cdk-sagemaker:checks/vpc`; with `/unknown` behind it where only the deployment can tell. */
  readonly id: string;
  readonly severity: 'error' | 'warning';
  /** The prop, what it must be, what it is, and where. */
  readonly words: string;
  /** Where in the properties. */
  readonly path: string;
}

/** In the metadata of a resource in the template: which rules it need not keep, and why. */
export const SUPPRESSED = 'cdk-sagemaker:checks';
export interface Suppression { readonly check: string; readonly reason: string }

export const idOf = (rule: RuleName): string => `cdk-sagemaker:checks/${rule}`;

/** A resource as it is in the template -> what of it breaks a rule. */
export function findingsOf({ Type, Properties = {}, Metadata }: TemplateResource, policy: Policy, around: Surroundings): Finding[] {
  const suppressed = new Set(((Metadata?.[SUPPRESSED] ?? []) as Suppression[]).map(({ check }) => check));
  const rules = RULE_NAMES.filter((rule) => policy.severities[rule] !== 'off' && !suppressed.has(rule));
  const facts = rules.length > 0 ? factsOf(Type, Properties) : [];
  return rules.flatMap((rule) => facts.flatMap((each) => RULES[rule].judge(each, policy.limits, around)).flatMap(({ path, must, got, isUnknown }) => {
    const severity = isUnknown ? milder(policy.unknown, policy.severities[rule]) : policy.severities[rule];
    const words = `${RULES[rule].prop} must ${must}, ${isUnknown ? 'and what it is is known at deployment only' : `got ${shown(got)}`} (${path})`;
    return severity === 'off' ? [] : [{ id: isUnknown ? `${idOf(rule)}/unknown` : idOf(rule), severity, words, path }];
  }));
}

const SEVERITIES: readonly Severity[] = ['off', 'warning', 'error'];
const milder = (one: Severity, other: Severity): Severity => SEVERITIES[Math.min(SEVERITIES.indexOf(one), SEVERITIES.indexOf(other))]!;

function shown(value: unknown): string {
  if (value === undefined) { return 'nothing'; }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}
