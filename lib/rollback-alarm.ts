import { CfnAlarm, type IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration, Lazy, Names } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { durationInRange, inRange, isToken, refuse, refuseToken, wholeMilliseconds, wholeSeconds } from './request/checks';
import { ENDPOINT_METRICS } from './request/endpoint-metrics';
import { checkGivenAlarm, OF_A_ROLLBACK_ALARM } from './request/hosting-prop-kinds';
import { checkOptions } from './request/kinds';
import type { RollbackAlarmOptions, RollbackErrorsOptions, RollbackLatencyOptions } from './rollback-alarm-options';
import type { WatchedEndpoint } from './watched-endpoint';

/**
 * What rolls an update of an endpoint back when it rings: SageMaker watches it while the endpoint moves.
 *
 * CloudFormation's role needs `cloudwatch:DescribeAlarms` then.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
 *
 * @example
 * new Endpoint(this, 'Endpoint', {
 *   config: new EndpointConfig(this, 'Config', { variants: { AllTraffic: Variant.onInstances(model, { instanceType: 'ml.m5.large', instanceCount: 2 }) } }),
 *   rollbackAlarms: [
 *     RollbackAlarm.modelErrors({ abovePercent: 1 }),
 *     RollbackAlarm.modelLatency({ above: Duration.millis(200), percentile: 99 }),
 *   ],
 * });
 */
export abstract class RollbackAlarm {
  /** An alarm made elsewhere. It can't be made of the endpoint itself, which is not there yet: use the other alarms for that. */
  public static of(alarm: IAlarm): RollbackAlarm { return new Given(alarm); }

  /** Too many requests are answered with an error of the server. One alarm for each variant. */
  public static invocation5xxErrors(options: RollbackErrorsOptions = {}): RollbackAlarm { return new Errors('Invocation5XXErrors', options); }

  /** Too many requests are answered with an error of the caller, which a model that takes other requests than before makes. One alarm for each variant. */
  public static invocation4xxErrors(options: RollbackErrorsOptions = {}): RollbackAlarm { return new Errors('Invocation4XXErrors', options); }

  /** Too many requests get no answer of the model, or none but errors. One alarm for each variant. */
  public static modelErrors(options: RollbackErrorsOptions = {}): RollbackAlarm { return new Errors('InvocationModelErrors', options); }

  /** The model takes too long. One alarm for each variant. */
  public static modelLatency(options: RollbackLatencyOptions): RollbackAlarm { return new Latency(options); }

  /**
   * The names of its alarms.
   *
   * @internal
   */
  public abstract _names(scope: Construct, watched: WatchedEndpoint): string[];
}

class Given extends RollbackAlarm {
  public constructor(private readonly alarm: IAlarm) { super(); }

  public _names(scope: Construct): string[] {
    checkGivenAlarm(scope, 'rollbackAlarms', this.alarm);
    return [this.alarm.alarmName];
  }
}

/** What an alarm rings at; its metric is one of SageMaker's own, which have the dimensions of a variant. */
interface Threshold {
  /** Of the alarms' constructs. */
  readonly id: string;
  readonly metricName: string;
  readonly statistic: { readonly statistic: string } | { readonly extendedStatistic: string };
  readonly threshold: number;
  readonly words: string;
}

abstract class OfEndpoint extends RollbackAlarm {
  public constructor(private readonly options: RollbackAlarmOptions) { super(); }

  protected abstract threshold(scope: Construct): Threshold;

  /**
   * An alarm names its endpoint, and the endpoint names its alarms: a circle, if both were references. So the alarm has a name that is made here, which lasts as
   * long as its place in the tree, and which the endpoint says literally. The alarm is made after the endpoint and changes in place. With a name given
   * to the endpoint it is the other way round, so that the alarm is there when the endpoint is made. Whether SageMaker minds
   * an alarm that is not there yet is not documented; it watches none before the first update.
   */
  public _names(scope: Construct, { variants, givenName, metricsFrequency, endpoint }: WatchedEndpoint): string[] {
    checkOptions(scope, 'rollbackAlarms.', this.options, OF_A_ROLLBACK_ALARM);
    const at = this.threshold(scope);
    if (!variants) { return refuse(scope, 'rollbackAlarms', 'be of RollbackAlarm.of(alarm) for a configuration made elsewhere, whose variants are not known', at.metricName); }
    const { namespace, kinds } = ENDPOINT_METRICS[at.metricName]!;
    if (variants.some(({ kind }) => kind === 'async') && !kinds.includes('async')) {
      refuse(scope, 'rollbackAlarms', 'be of a metric that an endpoint with asyncInference has, for instance RollbackAlarm.invocation5xxErrors', at.metricName);
    }
    if (scope.node.tryFindChild(at.id)) { refuse(scope, 'rollbackAlarms', 'be unique', `${at.id} twice`); }
    const parent = new Construct(scope, at.id);
    return variants.map(({ name, variantName }) => {
      const alarm = new CfnAlarm(parent, name, {
        alarmDescription: `${at.metricName} of ${name} ${at.words}: rolls an update of the endpoint back`,
        namespace,
        metricName: at.metricName,
        dimensions: [{ name: 'EndpointName', value: givenName ?? Lazy.string({ produce: () => endpoint().attrEndpointName }) }, { name: 'VariantName', value: variantName }],
        ...at.statistic,
        ...this.duration(scope, metricsFrequency),
        threshold: at.threshold,
        comparisonOperator: 'GreaterThanThreshold',
        treatMissingData: 'notBreaching',                    // no requests are no errors
      });
      alarm.alarmName = Names.uniqueResourceName(alarm, { maxLength: 200 });
      return givenName === undefined ? alarm.alarmName : alarm.ref;
    });
  }

  private duration(scope: Construct, published: number | undefined): { readonly period: number; readonly evaluationPeriods: number } {
    const { period = Duration.minutes(1), evaluationPeriods = 2 } = this.options;
    durationInRange(scope, 'rollbackAlarms.period', period, Duration.seconds(10), Duration.hours(1));
    const seconds = wholeSeconds(scope, 'rollbackAlarms.period', period);
    if (!isToken(seconds) && ![10, 30].includes(seconds) && seconds % 60 !== 0) { refuse(scope, 'rollbackAlarms.period', 'be 10 or 30 seconds, or whole minutes', period.toHumanString()); }
    // periods without a value lie between, so that there are never several bad ones in a row
    if (published !== undefined && !isToken(seconds) && seconds < published) {
      refuse(scope, 'rollbackAlarms.period', `be at least ${published} seconds, how often the configuration has metrics of requests published (less with enhancedMetrics and a metricsFrequency)`, period.toHumanString());
    }
    inRange(scope, 'rollbackAlarms.evaluationPeriods', evaluationPeriods, 1, 24);
    return { period: seconds, evaluationPeriods };
  }
}

class Errors extends OfEndpoint {
  public constructor(private readonly metricName: string, private readonly errors: RollbackErrorsOptions) { super(errors); }

  /** SageMaker counts 1 or 0 for each request, so that their average is the share. */
  protected threshold(scope: Construct): Threshold {
    const percent = between(scope, 'abovePercent', this.errors.abovePercent ?? 5, 0, 100);
    return { id: this.metricName, metricName: this.metricName, statistic: { statistic: 'Average' }, threshold: percent / 100, words: `above ${percent} %` };
  }
}

class Latency extends OfEndpoint {
  public constructor(private readonly latency: RollbackLatencyOptions) { super(latency); }

  /** SageMaker counts microseconds. */
  protected threshold(scope: Construct): Threshold {
    const { above, percentile = 90 } = this.latency;
    if (!above) { return refuse(scope, 'rollbackAlarms.above', 'be given', above); }
    if (!(between(scope, 'percentile', percentile, 0, 100) > 0)) { refuse(scope, 'rollbackAlarms.percentile', 'be above 0', percentile); }
    if (above.isUnresolved()) { refuseToken(scope, 'rollbackAlarms.above', 'be known at synth'); }
    const milliseconds = wholeMilliseconds(scope, 'rollbackAlarms.above', above);
    if (milliseconds === 0) { refuse(scope, 'rollbackAlarms.above', 'be more than 0', above.toHumanString()); }
    return { id: `ModelLatencyP${percentile}`, metricName: 'ModelLatency', statistic: { extendedStatistic: `p${percentile}` }, threshold: milliseconds * 1000, words: `above ${milliseconds} ms` };
  }
}

/** It goes into a threshold by arithmetic, which what is known at deployment can't. */
function between(scope: Construct, prop: string, value: number, min: number, max: number): number {
  if (typeof value === 'number' && !isToken(value) && value >= min && value <= max) { return value; }
  return refuse(scope, `rollbackAlarms.${prop}`, `be between ${min} and ${max}`, value);
}
