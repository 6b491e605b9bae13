import type { Deserializer } from './deserializer';
import { ModelError, PredictorError } from './errors';
import { textOf } from './sequence';
import type { ObjectStore, StoredObject } from './stored-object';

export interface WaitOptions {
  /** @default 900, a quarter of an hour, as the Python SDK waits */
  readonly timeoutSeconds?: number;
  /** How long between two looks. @default 15 */
  readonly pollSeconds?: number;
}

/** A request that an asynchronous endpoint has taken, whose answer will be in S3. */
export class AsyncPrediction<O> {
  private isForbidden = false;

  /** @internal */
  constructor(
    public readonly inferenceId: string | undefined,
    /** Where the answer will be. */
    public readonly outputLocation: string,
    /** Where the error will be, if the endpoint has a failure path. */
    public readonly failureLocation: string | undefined,
    private readonly s3: ObjectStore,
    private readonly deserializer: Deserializer<O>,
    private readonly clock: { now(): number; sleep(milliseconds: number): Promise<void> },
  ) {}

  /**
   * The answer, if there is one now.
   *
   * @throws ModelError when the model has failed; PredictorError when S3 can't be read
   */
  async result(): Promise<O | undefined> {
    const object = await this.answer();
    return object === undefined ? undefined : this.deserializer.deserialize(object.body, object.contentType);
  }

  /**
   * The answer, as soon as there is one.
   *
   * @throws ModelError when the model has failed; PredictorError `TimeoutError` when there is no answer in time
   */
  async wait(options: WaitOptions = {}): Promise<O> {
    const object = await this.awaited(options);
    return this.deserializer.deserialize(object.body, object.contentType);
  }

  /** As `wait`, with the bytes as they are, and their type. */
  async awaited({ timeoutSeconds = 900, pollSeconds = 15 }: WaitOptions = {}): Promise<StoredObject> {
    if (!(timeoutSeconds > 0) || !(pollSeconds > 0)) { throw new PredictorError('ValidationError', `timeoutSeconds and pollSeconds must be greater than 0, got ${timeoutSeconds} and ${pollSeconds}`); }
    for (const end = this.clock.now() + timeoutSeconds * 1000; ;) {
      const object = await this.answer();
      if (object !== undefined) { return object; }
      const left = end - this.clock.now();
      if (left <= 0) { break; }
      await this.clock.sleep(Math.min(left, pollSeconds * 1000));
    }
    const why = this.isForbidden ? '. S3 answers that access is denied: so it says of what is not there to whoever may not list the bucket (s3:ListBucket), and of what may not be read' : '';
    throw new PredictorError('TimeoutError', `there is no answer at ${this.outputLocation} after ${timeoutSeconds} seconds${why}`);
  }

  private async answer(): Promise<StoredObject | undefined> {
    const [output, failure] = await Promise.all([this.s3.read(this.outputLocation), this.failureLocation === undefined ? 'missing' : this.s3.read(this.failureLocation)]);
    this.isForbidden = output === 'forbidden';
    if (typeof output === 'object') { return output; }
    if (typeof failure === 'object') {
      const said = textOf(failure.body);
      throw new ModelError(`the model has failed: ${said}`, undefined, said, undefined, undefined);
    }
    return undefined;
  }
}
