import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { BuiltInProfilerRule, BuiltInRule } from './built-in-rule';
import { ContainerImage } from './container-image';
import type { BuiltInProfilerRuleOptions, BuiltInRuleOptions, CustomRuleOptions, MonitoringRuleConfig, MonitoringRuleOptions } from './monitoring-rule-options';
import { DEBUGGER_RULES } from './request/built-in-rules';
import { mapsByName, oneOf, refuse } from './request/checks';
import { STRUCTURE, checkArgument } from './request/kinds';
import { actionJson, profilerRuleParameters } from './request/rule-parameters';
import { grantRead, grantWrite, placeInBucket, placeOfUri, s3Uri } from './template/s3-access';

/** A rule's parameters and what else a job must know of it. */
type Told = Pick<MonitoringRuleConfig, 'collections' | 'source' | 'belongsTo'> & Pick<MonitoringRuleOptions, 'parameters'>;
type Teller = (scope: Construct, grantee: IGrantable, jobNamePrefix: string) => Told;

/**
 * A rule that watches what a job's debugger or profiler writes, in a container of its own, while the job runs: a processing job with
 * the role of the job. What it needs saved, the hook of the job saves.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DebugRuleConfiguration.html
 *
 * @example
 * new TrainingJob(this, 'Train', {
 *   algorithm,
 *   capacity,
 *   debugRules: {
 *     VanishingGradient: MonitoringRule.builtIn(BuiltInRule.VANISHING_GRADIENT),
 *     Loss: MonitoringRule.builtIn(BuiltInRule.LOSS_NOT_DECREASING, { parameters: { num_steps: '5' }, actions: [RuleAction.stopTraining()] }),
 *     Own: MonitoringRule.image(image, { parameters: { rule_to_invoke: 'Own' } }),
 *   },
 *   profilerRules: { Report: MonitoringRule.builtInProfiler(BuiltInProfilerRule.PROFILER_REPORT) },
 * });
 */
export class MonitoringRule {
  /**
   * A rule of the debugger that the service has an evaluator for. Instance and storage are the service's.
   *
   * `TREE_DEPTH`, `FEATURE_IMPORTANCE_OVERWEIGHT` and `CREATE_XGBOOST_REPORT` are for XGBoost only.
   *
   * Throws when the Region is known and has no evaluator, and when the parameters name another rule (`rule_to_invoke`).
   */
  public static builtIn(rule: BuiltInRule, options: BuiltInRuleOptions = {}): MonitoringRule {
    return new MonitoringRule(ContainerImage.fromSageMaker('debugger'), options, (scope, grantee, jobNamePrefix) => {
      oneOf(scope, 'rule', String(rule), Object.keys(DEBUGGER_RULES));
      if (options.parameters?.rule_to_invoke !== undefined) { refuse(scope, 'parameters.rule_to_invoke', 'be left out for a built-in rule', options.parameters.rule_to_invoke); }
      const told = debugging(scope, grantee, jobNamePrefix, options, { rule_to_invoke: rule });
      return isEmpty(told.collections) ? { ...told, collections: DEBUGGER_RULES[rule] } : told;
    });
  }

  /**
   * A rule of the profiler that the service has an evaluator for. Instance and storage are the service's.
   *
   * Throws when the Region is known and has no evaluator, and when a parameter is none of the rule, or its value is out of range.
   */
  public static builtInProfiler(rule: BuiltInProfilerRule, options: BuiltInProfilerRuleOptions = {}): MonitoringRule {
    return new MonitoringRule(ContainerImage.fromSageMaker('debugger'), options, (scope) => {
      oneOf(scope, 'rule', String(rule), Object.values(BuiltInProfilerRule));
      return { parameters: profilerRuleParameters(scope, rule, options.parameters), belongsTo: 'profilerRules' };
    });
  }

  /**
   * A rule of one's own, of the debugger or of the profiler. Collections, other trials and actions make it one of the debugger.
   *
   * Throws when there is a source and no rule to invoke in it, or the other way round, and when the image is in a registry of one's own.
   */
  public static custom(options: CustomRuleOptions): MonitoringRule {
    checkArgument('MonitoringRule.custom', 'options', options, STRUCTURE);
    const { image, source, ruleToInvoke } = options;
    return new MonitoringRule(image, options, (scope, grantee, jobNamePrefix) => {
      if (!source !== !ruleToInvoke) { refuse(scope, 'source', 'come with ruleToInvoke, and the other way round', source ? 'no ruleToInvoke' : 'no source'); }
      const bound = source?.bind(scope, grantee);
      const named: { [parameter: string]: string } = bound && ruleToInvoke ? { source_s3_uri: bound.s3Uri, rule_to_invoke: ruleToInvoke } : {};
      const told = debugging(scope, grantee, jobNamePrefix, options, named);
      const forDebugger = [options.collectionsToSave, options.otherTrials, options.actions].some((prop) => prop !== undefined);
      return { ...told, source: bound, belongsTo: forDebugger ? told.belongsTo : undefined };
    });
  }

  /**
   * A rule that an image in Amazon ECR evaluates: one of the service's evaluator images, or one's own. The role may pull the image.
   *
   * Throws when the image is in a registry of one's own, which SageMaker reaches for no rule.
   */
  public static image(image: ContainerImage, options: MonitoringRuleOptions = {}): MonitoringRule {
    return new MonitoringRule(image, options, () => ({ parameters: options.parameters }));
  }

  private constructor(private readonly evaluator: ContainerImage, private readonly options: MonitoringRuleOptions, private readonly told: Teller) {}

  /**
   * Lets the image be pulled and the output be written and says what is evaluated how.
   *
   * @param jobNamePrefix what the names of the job that the rule watches begin with
   */
  public bind(scope: Construct, grantee: IGrantable, jobNamePrefix: string): MonitoringRuleConfig {
    const { instanceType, volumeSize, localPath, outputBucket, outputPrefix } = this.options;
    if (outputPrefix !== undefined && !outputBucket) { refuse(scope, 'outputPrefix', 'come with outputBucket', outputPrefix); }
    const { imageUri, contentHash, isInVpc } = this.evaluator.bind(scope, grantee);
    // a rule has no member that says how its image is reached
    if (isInVpc) { refuse(scope, 'image', 'be in Amazon ECR for a rule', imageUri); }
    const place = outputBucket && placeInBucket(outputBucket, outputPrefix ?? '');
    if (place) { grantWrite(place, grantee); }
    const { parameters, ...told } = this.told(scope, grantee, jobNamePrefix);
    return { ...told, imageUri, contentHash, options: { instanceType, volumeSize, localPath, parameters }, s3Uri: place && s3Uri(place) };
  }
}

/** What rules of the debugger have in common. Later members win, as they do in the SDK. */
function debugging(scope: Construct, grantee: IGrantable, jobNamePrefix: string, options: BuiltInRuleOptions, named: { [parameter: string]: string }): Told {
  if (options.parameters?.action_json !== undefined) { refuse(scope, 'parameters.action_json', 'be left out; actions are given by actions', options.parameters.action_json); }
  mapsByName(scope, 'collectionsToSave', options.collectionsToSave);
  const trials = (options.otherTrials ?? []).map((uri, index) => {
    grantRead(placeOfUri(scope, uri) ?? refuse(scope, `otherTrials[${index}]`, 'be at s3://bucket/prefix', uri), grantee);
    return [`other_trial_${index}`, uri];
  });
  const actions = (options.actions ?? []).map((action) => action.bind(scope, grantee, jobNamePrefix).members);
  const parameters = { ...Object.fromEntries(trials), ...named, ...options.parameters, ...(actions.length > 0 ? { action_json: actionJson(actions) } : {}) };
  return { parameters: isEmpty(parameters) ? undefined : parameters, collections: options.collectionsToSave, belongsTo: 'debugRules' };
}

const isEmpty = (map: object | undefined) => Object.keys(map ?? {}).length === 0;
