import type { Construct, IDependable } from 'constructs';
import type { IHyperparameterTuningJob } from './hyperparameter-tuning-job';
import { refuse } from './request/checks';

/** A warm start, ready to be named in a request. */
export interface WarmStartConfig {
  /** In SageMaker's words: `IdenticalDataAndAlgorithm` or `TransferLearning`. */
  readonly warmStartType: string;
  /** The names of the parents. */
  readonly parentNames: string[];
  /** What must have been deployed before: parents of this app must have ended. */
  readonly dependencies: IDependable[];
}

/**
 * What earlier tuning jobs have found, for another one to begin with; 1 to 5 of them, which have ended. A parent in the same app is waited
 * for. One made elsewhere is `HyperparameterTuningJob.fromHyperparameterTuningJobName`.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-warm-start.html
 *
 * @example
 * const parent = HyperparameterTuningJob.fromHyperparameterTuningJobName(this, 'Parent', 'digits-240101-0000');
 * const warmStart = WarmStart.transferLearning(parent);
 */
export class WarmStart {
  /** Of the same data and the same algorithm, over ranges that may be others. */
  public static identicalDataAndAlgorithm(...parents: IHyperparameterTuningJob[]): WarmStart { return new WarmStart('IdenticalDataAndAlgorithm', parents); }

  /** Of similar data or another version of the algorithm. */
  public static transferLearning(...parents: IHyperparameterTuningJob[]): WarmStart { return new WarmStart('TransferLearning', parents); }

  private constructor(private readonly warmStartType: string, private readonly parents: IHyperparameterTuningJob[]) {}

  /** What a tuning job is to be told. Throws when a parent is none, and when it has `Completion.started()`. */
  public bind(job: Construct): WarmStartConfig {
    for (const parent of this.parents) {
      if ((parent as Partial<IHyperparameterTuningJob> | undefined)?.hyperParameterTuningJobName === undefined) {
        refuse(job, 'warmStart: each parent', 'be a tuning job (HyperparameterTuningJob.fromHyperparameterTuningJobName makes one of a name)', parent ?? undefined);
      }
    }
    return {
      warmStartType: this.warmStartType,
      parentNames: this.parents.map((parent) => parent.hyperParameterTuningJobName),
      dependencies: this.parents.flatMap((parent) => (parent as Partial<Ended>)._end?.() ?? []),
    };
  }
}

/** A parent that an app launches knows what its end is. By what it can do, not by its class: a process may hold two copies of a class. */
interface Ended {
  _end(): IDependable;
}
