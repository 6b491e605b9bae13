import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Size } from 'aws-cdk-lib/core';
import type { ContainerImage } from './container-image';
import type { RuleAction } from './rule-action';
import type { RuleSource, RuleSourceConfig } from './rule-source';

/** Where a rule leaves what it finds. */
export interface RuleOutputOptions {
  /**
   * The folder in the rule's container that its output is written in.
   *
   * @default '/opt/ml/processing/output/rule/'
   */
  readonly localPath?: string;
  /**
   * The bucket its output is copied to.
   *
   * @default - below the output of the job
   */
  readonly outputBucket?: IBucket;
  /**
   * Below which prefix of that bucket. Only with `outputBucket`.
   *
   * @default - the whole bucket
   */
  readonly outputPrefix?: string;
}

/** How a rule that an image brings along is evaluated. */
export interface MonitoringRuleOptions extends RuleOutputOptions {
  /**
   * Parameters of the rule, for instance `{ rule_to_invoke: 'LossNotDecreasing' }`; at most 100, names and values of at most 256 characters.
   * What an action that is named here needs of the role is granted by hand; `MonitoringRule.builtIn` grants it.
   *
   * @default - none
   */
  readonly parameters?: { [name: string]: string };
  /**
   * The instance that evaluates it, for instance `ml.t3.medium`.
   *
   * @default - the service decides
   */
  readonly instanceType?: string;
  /**
   * Storage of that instance, in whole GiB.
   *
   * @default - the service decides
   */
  readonly volumeSize?: Size;
}

/** How a built-in rule of the profiler is evaluated. */
export interface BuiltInProfilerRuleOptions extends RuleOutputOptions {
  /**
   * Parameters of the rule in the place of its own, for instance `{ threshold_p95: '80' }`; those of `PROFILER_REPORT` are called
   * `<rule>_<parameter>`: `{ CPUBottleneck_threshold: '90' }`.
   *
   * @default - those of the Python SDK
   */
  readonly parameters?: { [name: string]: string };
}

/** How a built-in rule of the debugger is evaluated. */
export interface BuiltInRuleOptions extends RuleOutputOptions {
  /**
   * Parameters of the rule, for instance `{ tensor_regex: 'loss', num_steps: '5' }`; names and values of at most 256 characters.
   *
   * @default - those that the rule has by itself
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/debugger-built-in-rules.html
   */
  readonly parameters?: { [name: string]: string };
  /**
   * The collections of tensors the rule needs, and how each is saved. The hook of the job saves them with its own.
   *
   * @default - those of a built-in rule; none for a custom one
   */
  readonly collectionsToSave?: { [collectionName: string]: { [parameter: string]: string } };
  /**
   * Where tensors of other jobs lie that the rule compares with: `s3://bucket/prefix`. The role may read them.
   *
   * @default - none
   */
  readonly otherTrials?: string[];
  /**
   * What the rule does when it finds what it looks for.
   *
   * @default - it says so in its status, and nothing else
   */
  readonly actions?: RuleAction[];
}

/** How a rule of one's own is evaluated. */
export interface CustomRuleOptions extends BuiltInRuleOptions {
  /** The image, in Amazon ECR: the evaluator image of the service for custom rules, or one of one's own. */
  readonly image: ContainerImage;
  /** The instance that evaluates it, for instance `ml.t3.medium`. */
  readonly instanceType: string;
  /** Storage of that instance, in whole GiB. */
  readonly volumeSize: Size;
  /**
   * Its source. Comes with `ruleToInvoke`.
   *
   * @default - the image has it
   */
  readonly source?: RuleSource;
  /**
   * The class of the rule in its source. Comes with `source`.
   *
   * @default - the image knows it
   */
  readonly ruleToInvoke?: string;
}

/** A rule, ready to be named in a request. */
export interface MonitoringRuleConfig {
  /** The image. */
  readonly imageUri: string;
  /**
   * What the image holds, where that is known.
   *
   * @default - the repository's name and the tag count
   */
  readonly contentHash?: string;
  /** How it is evaluated. */
  readonly options: MonitoringRuleOptions;
  /**
   * Where its output is copied to.
   *
   * @default - below the output of the job
   */
  readonly s3Uri?: string;
  /**
   * What it needs saved.
   *
   * @default - nothing of its own
   */
  readonly collections?: { [collectionName: string]: { [parameter: string]: string } };
  /**
   * Its source.
   *
   * @default - the image has it
   */
  readonly source?: RuleSourceConfig;
  /**
   * Which of a job's rules it can be: `debugRules`, or `profilerRules`.
   *
   * @default - either
   */
  readonly belongsTo?: string;
}
