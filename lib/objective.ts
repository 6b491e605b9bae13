import { ObjectiveType } from './objective-type';

/**
 * The metric by which the jobs of a tuning job are compared, and which of its values is the better one.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HyperParameterTuningJobObjective.html
 *
 * @example
 * const tuning = new HyperparameterTuningJob(this, 'Tune', {
 *   definition: {
 *     algorithm,
 *     capacity,
 *     metrics: [Metric.regex('validation:loss', 'val_loss=([0-9.]+)')],
 *     objective: Objective.minimize('validation:loss'),
 *     ranges: { 'learning-rate': ParameterRange.continuous(0.001, 0.1) },
 *   },
 *   maxJobs: 20,
 * });
 */
export class Objective {
  /** The higher the better, for instance an accuracy. */
  public static maximize(metricName: string): Objective { return new Objective(ObjectiveType.MAXIMIZE, metricName); }

  /** The lower the better, for instance a loss. */
  public static minimize(metricName: string): Objective { return new Objective(ObjectiveType.MINIMIZE, metricName); }

  /** Which value is the better one. */
  public readonly goal: ObjectiveType;
  /** The metric; 1 to 255 characters. */
  public readonly metricName: string;

  private constructor(goal: ObjectiveType, metricName: string) {
    this.goal = goal;
    this.metricName = metricName;
  }
}
