import { factsOf, type Facts } from './facts';
import type { Surroundings } from './image-origin';
import { RULE_NAMES, RULES, type Limits, type RuleName, type Verdict } from './rules';

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
  /** Where in the properties, or in the `Metadata`. */
  readonly path: string;
}

/** In the metadata of a resource in the template: which rules it need not keep, and why. */
export const SUPPRESSED = 'cdk-sagemaker:checks';
export interface Suppression { readonly check: string; readonly reason: string }

export const idOf = (rule: RuleName): string => `cdk-sagemaker:checks/${rule}`;

/** What is found of a suppression that nobody can honour. */
export const SUPPRESSION_ID = 'cdk-sagemaker:checks/suppression';

/** A resource as it is in the template -> what of it breaks a rule. */
export function findingsOf({ Type, Properties, Metadata }: TemplateResource, policy: Policy, around: Surroundings): Finding[] {
  const active = RULE_NAMES.filter((rule) => policy.severities[rule] !== 'off');
  const facts = active.length > 0 ? factsOf(Type, Properties ?? {}) : [];
  if (facts.length === 0) { return []; }
  const suppressions = suppressionsOf(Metadata);
  const suppressed = new Set(suppressions.filter(isSuppression).map(({ check }) => check));
  const bad = suppressions.map((each, index) => [each, index] as const).filter(([each]) => !isSuppression(each)).map(([each, index]): Finding => ({
    id: SUPPRESSION_ID, severity: 'error', path: `Metadata.${SUPPRESSED}.${index}`,
    words: `${SUPPRESSED} must have a check, one of ${RULE_NAMES.join(', ')}, and a reason, got ${shown(each)} (Metadata.${SUPPRESSED}.${index})`,
  }));
  return [...bad, ...active.filter((rule) => !suppressed.has(rule)).flatMap((rule) => verdictsOf(rule, facts, policy, around).flatMap(({ path, must, got, isUnknown }) => {
    const severity = isUnknown ? milder(policy.unknown, policy.severities[rule]) : policy.severities[rule];
    const words = `${RULES[rule].prop} must ${must}, ${isUnknown ? 'and what it is is known at deployment only' : `got ${shown(got)}`} (${path})`;
    return severity === 'off' ? [] : [{ id: isUnknown ? `${idOf(rule)}/unknown` : idOf(rule), severity, words, path }];
  }))];
}

/** Each place once: what is certain before what is not. */
function verdictsOf(rule: RuleName, facts: readonly Facts[], { limits }: Policy, around: Surroundings): Verdict[] {
  const all = facts.flatMap((each) => RULES[rule].judge(each, limits, around).map((verdict) => (each.isDoubtful ? { ...verdict, isUnknown: true } : verdict)));
  return all.filter((verdict, index) => {
    const same = (other: Verdict) => other.path === verdict.path && other.must === verdict.must;
    return verdict.isUnknown ? !all.some((other, at) => same(other) && (!other.isUnknown || at < index)) : all.findIndex((other) => same(other) && !other.isUnknown) === index;
  });
}

/** Whoever writes a template may write anything there. */
function suppressionsOf(metadata: unknown): unknown[] {
  const all = isObject(metadata) ? (metadata as { readonly [name: string]: unknown })[SUPPRESSED] : undefined;
  return all === undefined || all === null ? [] : Array.isArray(all) ? all : [all];
}

function isSuppression(value: unknown): value is Suppression {
  const { check, reason } = isObject(value) ? value as { readonly check?: unknown; readonly reason?: unknown } : {};
  return (RULE_NAMES as readonly unknown[]).includes(check) && typeof reason === 'string' && reason.trim() !== '';
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const SEVERITIES: readonly Severity[] = ['off', 'warning', 'error'];
const milder = (one: Severity, other: Severity): Severity => SEVERITIES[Math.min(SEVERITIES.indexOf(one), SEVERITIES.indexOf(other))]!;

function shown(value: unknown): string {
  if (value === undefined) { return 'nothing'; }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}
