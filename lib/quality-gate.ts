import { Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { ObjectiveType } from './objective-type';
import { oneOf, refuse } from './request/checks';

/** How a metric is compared with the job before. */
export interface ComparisonOptions {
  /** Whether a higher or a lower value is the better one. */
  readonly goal: ObjectiveType;
  /**
   * How much worse it may be, in the metric's own unit; 0 or more.
   *
   * @default 0
   */
  readonly by?: number;
}

/** One bound, as the handler judges it. */
export interface QualityBoundConfig {
  /** The metric. */
  readonly metricName: string;
  /**
   * Its lowest value.
   * @default - none
   */
  readonly atLeast?: number;
  /**
   * Its highest value.
   * @default - none
   */
  readonly atMost?: number;
  /**
   * How far it may fall from the job before.
   * @default - any
   */
  readonly mayFallBy?: number;
  /**
   * How far it may rise from the job before.
   * @default - any
   */
  readonly mayRiseBy?: number;
}

/**
 * What a job that ended well must have reached before anything is made of it. One that misses the gate fails the deployment with metric, value and
 * threshold in the reason, and the stack rolls back: an endpoint goes on with the model it has. The job is kept. A gate that lets it through takes
 * it as it is, a stricter one is judged again, and neither trains anything.
 *
 * @example
 * new TrainingJob(this, 'Train', {
 *   algorithm,
 *   capacity,
 *   metrics: [Metric.regex('validation:accuracy', 'val_acc=([0-9.]+)'), Metric.regex('validation:loss', 'val_loss=([0-9.]+)')],
 *   qualityGate: QualityGate.all(
 *     QualityGate.atLeast('validation:accuracy', 0.9),
 *     QualityGate.notWorseThanBefore('validation:loss', { goal: ObjectiveType.MINIMIZE, by: 0.01 }),
 *   ),
 * });
 */
export class QualityGate {
  /** The final value of a metric is this or more. */
  public static atLeast(metricName: string, value: number): QualityGate {
    return new QualityGate([{ metricName, atLeast: value }]);
  }

  /** The final value of a metric is this or less. */
  public static atMost(metricName: string, value: number): QualityGate {
    return new QualityGate([{ metricName, atMost: value }]);
  }

  /**
   * The final value of a metric is as good as that of the job that the stack has had until now, or worse by no more than this. Not judged where
   * there is no job before, nor where it is the same one or had no such metric, nor in a rollback.
   */
  public static notWorseThanBefore(metricName: string, options: ComparisonOptions): QualityGate {
    const by = options?.by ?? 0;
    if (options?.goal === 'Maximize') { return new QualityGate([{ metricName, mayFallBy: by }]); }
    if (options?.goal === 'Minimize') { return new QualityGate([{ metricName, mayRiseBy: by }]); }
    throw new Error(`QualityGate.notWorseThanBefore('${String(metricName)}'): goal must be ObjectiveType.MAXIMIZE or ObjectiveType.MINIMIZE, got ${String(typeof options === 'string' ? options : options?.goal)}`);
  }

  /** Every one of these. */
  public static all(...gates: QualityGate[]): QualityGate {
    return new QualityGate(gates.flatMap((gate) => gate?.bounds ?? [{ metricName: undefined as unknown as string }]));
  }

  /** All that is judged. */
  public readonly bounds: QualityBoundConfig[];

  private constructor(bounds: QualityBoundConfig[]) {
    this.bounds = bounds;
  }

  /**
   * Refuses what can't be judged: a metric that the job does not have, and what is no number.
   *
   * @internal
   */
  public _checked(job: IConstruct, metricNames: readonly string[]): QualityBoundConfig[] {
    if (this.bounds.length === 0) { refuse(job, 'qualityGate', 'have at least one bound', 'QualityGate.all()'); }
    for (const { metricName, ...values } of this.bounds) {
      if (typeof metricName !== 'string' || metricName === '') { refuse(job, 'qualityGate', 'be made of QualityGate.atLeast and its like, each with a metric', metricName ?? undefined); }
      if (metricNames.length === 0) { refuse(job, 'metrics', 'be given for qualityGate, which is about one of them', undefined); }
      oneOf(job, 'qualityGate', metricName, metricNames);
      for (const [bound, value] of Object.entries(values)) { checkNumber(job, metricName, bound, value); }
    }
    return this.bounds;
  }
}

const IN_WORDS: { readonly [bound: string]: string } = { atLeast: 'atLeast', atMost: 'atMost', mayFallBy: 'by', mayRiseBy: 'by' };

function checkNumber(job: IConstruct, metricName: string, bound: string, value: unknown): void {
  if (Token.isUnresolved(value)) { return; }
  const isMargin = IN_WORDS[bound] === 'by';
  if (typeof value === 'number' && Number.isFinite(value) && (!isMargin || value >= 0)) { return; }
  refuse(job, `qualityGate: ${IN_WORDS[bound]} of ${metricName}`, isMargin ? 'be a number, 0 or more' : 'be a number', typeof value === 'number' ? String(value) : value ?? undefined);
}
