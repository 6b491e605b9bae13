/**
 * When a deployment trains again.
 *
 * @example
 * new TrainingJob(this, 'Train', { algorithm, capacity, retrain: Retrain.manual('v3') });
 */
export class Retrain {
  /** Whenever something changed that determines the result: image, code, hyperparameters, inputs, instances. */
  public static whenChanged(): Retrain {
    return new Retrain(undefined);
  }

  /**
   * Only when this text changes; nothing else about the job does.
   *
   * @param revision 1 to 256 characters
   */
  public static manual(revision: string): Retrain {
    // a program without types may pass nothing, which must not mean `whenChanged`
    return new Retrain(revision ?? '');
  }

  /** The text of `manual`; undefined for `whenChanged`. */
  public readonly manualRevision?: string;

  private constructor(manualRevision: string | undefined) {
    this.manualRevision = manualRevision;
  }
}
