import {
  Annotations, Aspects, AspectPriority, CfnMapping, CfnParameter, CfnResource, Stack, Token,
  type IAspect, type IPolicyValidationContextBeta1, type IPolicyValidationPluginBeta1, type PolicyValidationPluginReportBeta1,
} from 'aws-cdk-lib/core';
import { Construct, type IConstruct } from 'constructs';
import { JUDGED_TYPES } from './compliance/facts';
import { findingsOf, idOf, SUPPRESSED, SUPPRESSION_ID, type Policy, type Suppression, type TemplateResource } from './compliance/findings';
import type { Surroundings } from './compliance/image-origin';
import { RULE_NAMES, type RuleName } from './compliance/rules';
import { templateFile } from './compliance/template-file';
import { isToken, matches, oneOf, refuse, refuseToken } from './request/checks';
import { BOOLEAN, checkGiven, checkKnown, checkOptions, DURATION, STRUCTURE, TEXT, TEXTS, type Kinds } from './request/kinds';
import { CheckSeverity, SageMakerCheck, type SageMakerChecksOptions } from './sage-maker-checks-options';

/**
 * Judges resources of SageMaker by what an organization allows, whoever made them: constructs of this library, those of the CDK, and templates that were included.
 *
 * It is an aspect, whose findings are errors and warnings of constructs, and a plugin for the CDK's validation of policies, which reads the templates and
 * fails the synthesis; both find the same. Findings have the ids `cdk-sagemaker:checks/<rule>`, and `cdk-sagemaker:checks/<rule>/unknown` where a value is known at deployment
 * only. A warning is acknowledged as every warning of the CDK; a rule that a construct need not keep is named with `suppress`.
 *
 * An aspect doesn't reach the stages of an app: it is added to each of them. The plugin sees all stacks, but no nested ones.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/policy-validation-synthesis.html
 *
 * @example
 * const checks = SageMakerChecks.all({
 *   maxRuntime: Duration.hours(8),
 *   deniedInstanceFamilies: ['p4d', 'p5'],
 *   requiredTags: { team: [], stage: ['dev', 'prod'] },
 *   severities: { volumeKey: CheckSeverity.WARNING },
 * });
 * const app = new App();
 * Aspects.of(app).add(checks);
 * Validations.of(app).addPlugins(checks);
 * SageMakerChecks.suppress(training, SageMakerCheck.NETWORK_ISOLATION, 'fetches its base model from a public hub');
 */
export class SageMakerChecks implements IAspect, IPolicyValidationPluginBeta1 {
  /**
   * Every rule; those on run times, instances and tags as far as options say what is allowed.
   *
   * Throws for a severity, a family or an account that can't be.
   */
  public static all(options: SageMakerChecksOptions = {}): SageMakerChecks {
    return new SageMakerChecks(options);
  }

  /**
   * Lets a construct, and everything below it, break a rule. Rule and reason are in the metadata of its resources in the template, where auditors find them.
   *
   * Throws without a reason.
   */
  public static suppress(construct: IConstruct, check: SageMakerCheck, reason: string): void {
    if (!Construct.isConstruct(construct)) { refuse(placeNamed('SageMakerChecks.suppress'), 'construct', 'be a construct', construct); }
    oneOf(construct, 'check', check, RULE_NAMES);
    if (typeof reason !== 'string' || reason.trim() === '') { refuse(construct, 'reason', 'say why the rule need not be kept', reason); }
    const suppression: Suppression = { check, reason };
    const visit = (node: IConstruct) => { if (isJudged(node)) { addSuppression(node, suppression); } };
    Aspects.of(construct).add({ visit }, { priority: AspectPriority.MUTATING });
  }

  /** What the CDK's report calls it. */
  public readonly name = 'cdk-sagemaker';
  /** The ids of what it may find. */
  public readonly ruleIds?: string[] = RULE_NAMES.flatMap((rule) => [idOf(rule), `${idOf(rule)}/unknown`]).concat(SUPPRESSION_ID);
  private readonly policy: Policy;
  /** What was visited, by stack. */
  private readonly visited = new WeakMap<Stack, Set<CfnResource>>();

  private constructor(options: SageMakerChecksOptions) {
    this.policy = policyOf(options);
  }

  /** As an aspect: `Aspects.of(scope).add(checks)`. */
  public visit(node: IConstruct): void {
    if (!CfnResource.isCfnResource(node)) { return; }
    const stack = Stack.of(node);
    const visited = this.visited.get(stack);
    if (visited) { visited.add(node); return; }
    this.visited.set(stack, new Set([node]));
    // judged when all aspects have been there, tags for instance
    stack.node.addValidation({ validate: () => { this.annotate(stack); return []; } });
  }

  /** As a plugin: `Validations.of(app).addPlugins(checks)`, or `new App({ policyValidationBeta1: [checks] })` where the CDK has no `Validations` yet. */
  public validate(context: IPolicyValidationContextBeta1): PolicyValidationPluginReportBeta1 {
    const violations = context.templatePaths.flatMap((templatePath) => {
      const { resources, around } = templateFile(templatePath);
      return Object.entries(resources).flatMap(([resourceLogicalId, resource]) => findingsOf(resource, this.policy, around).map(({ id, severity, words, path }) => ({
        ruleName: id, description: words, severity, violatingResources: [{ resourceLogicalId, templatePath, locations: [locationOf(path)] }],
      })));
    });
    return { success: violations.every(({ severity }) => severity !== CheckSeverity.ERROR), violations };
  }

  private annotate(stack: Stack): void {
    const [visited, around] = [this.visited.get(stack)!, aroundOf(stack)];
    for (const node of stack.node.findAll().filter((part): part is CfnResource => visited.has(part as CfnResource))) {
      const owner = node.node.scope?.node.defaultChild === node ? node.node.scope : node;
      const resource = resourceOf(node);
      for (const { id, severity, words } of resource ? findingsOf(resource, this.policy, around) : []) {
        const text = `${owner.node.path}: ${words}`;
        if (severity === 'error') { Annotations.of(owner).addError(`${text} [${id}]`); } else { Annotations.of(owner).addWarningV2(id, text); }
      }
    }
  }
}

function addSuppression(node: CfnResource, suppression: Suppression): void {
  const others = [node.getMetadata(SUPPRESSED) ?? []].flat() as Suppression[];
  if (!others.includes(suppression)) { node.addMetadata(SUPPRESSED, [...others, suppression]); }
}

const locationOf = (path: string) => `${path.startsWith('Metadata.') ? '' : 'Properties/'}${path.replaceAll('.', '/')}`;

/** By its type, or that which takes its place in the template: no aspect can read the template yet, so that the CDK is asked for its overrides. */
function isJudged(node: IConstruct): node is CfnResource {
  if (!CfnResource.isCfnResource(node)) { return false; }
  const { Type } = (node as unknown as { readonly rawOverrides?: { readonly Type?: string } }).rawOverrides ?? {};
  return [node.cfnResourceType, Type].some((type) => type !== undefined && JUDGED_TYPES.includes(type));
}

/** As it will be in the template, overrides included. */
function resourceOf(node: CfnResource): TemplateResource | undefined {
  return Object.values((Stack.of(node).resolve(node._toCloudFormation()) as { readonly Resources?: { readonly [id: string]: TemplateResource } }).Resources ?? {})[0];
}

function aroundOf(stack: Stack): Surroundings {
  const elements = stack.node.findAll().filter((child): child is CfnMapping | CfnParameter => (child instanceof CfnMapping || child instanceof CfnParameter) && Stack.of(child) === stack);
  const parts = elements.map((element) => stack.resolve((element as unknown as { _toCloudFormation(): object })._toCloudFormation()) as { readonly Mappings?: object; readonly Parameters?: object });
  return {
    account: Token.isUnresolved(stack.account) ? undefined : stack.account,
    mappings: Object.assign({}, ...parts.map(({ Mappings }) => Mappings)), parameters: Object.assign({}, ...parts.map(({ Parameters }) => Parameters)),
  };
}

/** For errors of a factory, which has no construct to name. */
const placeNamed = (path: string) => ({ node: { path } }) as IConstruct;
const PLACE = placeNamed('SageMakerChecks.all');

const OF_THE_OPTIONS: Kinds = {
  severity: TEXT, severities: STRUCTURE, unknown: TEXT, maxRuntime: DURATION, allowedInstanceFamilies: TEXTS, deniedInstanceFamilies: TEXTS, requiredTags: STRUCTURE, imageAccounts: TEXTS,
  awsImages: BOOLEAN, imageRegistries: TEXTS, encryptTrafficOfOneInstance: BOOLEAN,
};

/** What options say, as the rules read it. */
function policyOf(options: SageMakerChecksOptions): Policy {
  checkOptions(PLACE, '', options, OF_THE_OPTIONS);
  const { severity = CheckSeverity.ERROR, severities = {}, unknown = CheckSeverity.WARNING, maxRuntime } = options;
  const known = Object.values(CheckSeverity);
  checkKnown(PLACE, 'options', options, Object.keys(OF_THE_OPTIONS));
  checkKnown(PLACE, 'severities', severities, RULE_NAMES);
  for (const [option, value] of Object.entries({ severity, unknown, ...severities })) {
    if (value !== undefined && !known.includes(value)) { refuse(PLACE, option, `be one of ${known.join(', ')}`, value); }
  }
  for (const [name, values] of Object.entries(options.requiredTags ?? {})) { checkGiven(PLACE, `requiredTags.${name}`, values, TEXTS); }
  if (isToken(maxRuntime) || maxRuntime?.isUnresolved()) { refuseToken(PLACE, 'maxRuntime', 'be known at synthesis, which judges by it'); }
  for (const option of ['allowedInstanceFamilies', 'deniedInstanceFamilies'] as const) {
    options[option]?.forEach((family) => matches(PLACE, option, family, /^[a-z][a-z\d-]*$/, 'families of instances, for instance m5'));
  }
  options.imageAccounts?.forEach((account) => matches(PLACE, 'imageAccounts', account, /^\d{12}$/, 'accounts of 12 digits'));
  return {
    severities: Object.fromEntries(RULE_NAMES.map((rule) => [rule, severities[rule] ?? severity])) as { [rule in RuleName]: CheckSeverity },
    unknown,
    limits: {
      maxRuntimeSeconds: maxRuntime?.toSeconds(), allowedFamilies: options.allowedInstanceFamilies, deniedFamilies: options.deniedInstanceFamilies, requiredTags: options.requiredTags,
      imageAccounts: options.imageAccounts, awsImages: options.awsImages ?? true, imageRegistries: options.imageRegistries ?? [], encryptsAlways: options.encryptTrafficOfOneInstance ?? false,
    },
  };
}
