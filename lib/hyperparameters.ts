/**
 * Hyperparameters of a job.
 *
 * SageMaker carries them as text. What the text looks like is what the SageMaker Python SDK makes of the same values,
 * so that containers read them as they always have: JSON in script mode (`"adam"` in quotes, `true`, `null`), otherwise
 * Python's `str` (`adam`, `True`, `None`).
 *
 * At most 100; names up to 256 characters, values up to 2,500.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html
 *
 * @example
 * const hyperparameters = Hyperparameters.of({ epochs: 20, optimizer: 'adam', layers: [64, 32], 'early-stopping': true });
 */
export class Hyperparameters {
  /**
   * Of texts, numbers, booleans, lists and maps of such. Numbers may be `NaN`, infinite or a `BigInt`, as Python's are.
   */
  public static of(values: { [name: string]: any }): Hyperparameters {
    return new Hyperparameters(values);
  }

  /** The values by name. */
  public readonly values: { [name: string]: any };

  private constructor(values: { [name: string]: any }) {
    this.values = { ...values };
  }
}
