/**
 * A figure SageMaker reads from the output of a job.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/define-train-metrics.html
 *
 * @example
 * const training = new TrainingJob(this, 'Train', {
 *   algorithm,
 *   capacity,
 *   metrics: [Metric.regex('validation:accuracy', 'val_acc=([0-9.]+)')],
 * });
 * const accuracy = training.metric('validation:accuracy');
 */
export class Metric {
  /**
   * A metric found in each line of the log that the expression matches; its first group is the value.
   *
   * @param name 1 to 255 characters, for instance `validation:accuracy`
   * @param regex 1 to 500 characters with one group, for instance `val_acc=([0-9.]+)`
   */
  public static regex(name: string, regex: string): Metric {
    return new Metric(name, regex);
  }

  /** What the metric is called. */
  public readonly metricName: string;
  /** What its lines look like. */
  public readonly expression: string;

  private constructor(metricName: string, expression: string) {
    this.metricName = metricName;
    this.expression = expression;
  }
}
