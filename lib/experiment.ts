/**
 * What a job is called in SageMaker Experiments. Each name has 1 to 120 letters, digits and dashes.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ExperimentConfig.html
 */
export interface ExperimentOptions {
  /**
   * An experiment that exists.
   *
   * @default - none
   */
  readonly experimentName?: string;
  /**
   * A trial of it that exists.
   *
   * @default - a new one
   */
  readonly trialName?: string;
  /**
   * What the job is called in the trial.
   *
   * @default - the name of the trial component
   */
  readonly trialComponentDisplayName?: string;
  /**
   * The run of the experiment.
   *
   * @default - none
   */
  readonly runName?: string;
}
