import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { OutputLocationConfig } from './output-location';
import { mapsByName, textsByName } from './request/checks';
import { savedAt, type Place } from './template/output-place';
import { grantRead, grantWrite } from './template/s3-access';

/** What a debugger saves. */
export interface DebugHookOptions {
  /**
   * Which tensors, by the name of their collection, and how each is saved, for instance `{ losses: { 'train.save_interval': '100' } }`.
   * At most 20 collections of at most 20 parameters, those of the rules included; where a rule has a collection of the same name, both are
   * sent and this one holds.
   *
   * @default - what the rules need, else what the hook in the image saves by itself
   */
  readonly collections?: { [collectionName: string]: { [parameter: string]: string } };
  /**
   * Parameters of the hook, for instance `{ 'train.save_interval': '100' }`; at most 20.
   *
   * @default - none
   */
  readonly parameters?: { [name: string]: string };
  /**
   * The folder in the container that tensors are written in.
   *
   * @default '/opt/ml/output/tensors/'
   */
  readonly localPath?: string;
}

/** A debugger, ready to be named in a request. */
export interface DebugHookConfig {
  /**
   * Where tensors are saved.
   *
   * @default - nothing is saved
   */
  readonly s3Uri?: string;
  /** What is saved. */
  readonly options: DebugHookOptions;
}

/**
 * Saves tensors of the model while it is trained (Debugger).
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DebugHookConfig.html
 *
 * @example
 * new TrainingJob(this, 'Train', {
 *   algorithm,
 *   capacity,
 *   debugHook: DebugHook.toBucket(bucket, 'tensors/', { collections: { losses: { 'train.save_interval': '100' } } }),
 * });
 * new TrainingJob(this, 'Unhooked', { algorithm, capacity, debugRules: { Overfit: MonitoringRule.builtIn(BuiltInRule.OVERFIT) }, debugHook: DebugHook.disabled() });
 */
export class DebugHook {
  /** Saves them below a prefix of a bucket, where rules read them. */
  public static toBucket(bucket: IBucket, prefix: string = '', options: DebugHookOptions = {}): DebugHook {
    return new DebugHook({ bucket, prefix }, options);
  }

  /**
   * Saves them with the artifact, in `<output>/<job>/debug-output`, where rules read them: what the Python SDK does by itself. A job that
   * has rules of the debugger and no hook has this one.
   */
  public static toOutput(options: DebugHookOptions = {}): DebugHook {
    return new DebugHook(undefined, options);
  }

  /** Saves nothing: rules of the debugger are sent without a hook, for a script that has one of its own or an image that saves by itself. */
  public static disabled(): DebugHook {
    return new DebugHook(undefined, undefined);
  }

  private constructor(private readonly place: Place | undefined, private readonly options: DebugHookOptions | undefined) {}

  /**
   * Lets the job and its rules write and read tensors and says where they are.
   *
   * Throws when collections or parameters are no map.
   */
  public bind(job: Construct, grantee: IGrantable, output: OutputLocationConfig): DebugHookConfig {
    if (!this.options) { return { options: {} }; }
    mapsByName(job, 'debugHook.collections', this.options.collections);
    textsByName(job, 'debugHook.parameters', this.options.parameters);
    const { place, s3Uri } = savedAt(this.place, output);
    grantRead(place, grantee);                               // rules run with the role of the job
    grantWrite(place, grantee);
    return { s3Uri, options: this.options };
  }
}
