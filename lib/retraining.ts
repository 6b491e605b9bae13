import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { HyperparameterTuningJob } from './hyperparameter-tuning-job';
import type { TuningOptions } from './hyperparameter-tuning-job-props';
import { JobScope } from './job-scope';
import type { JobKindName } from './limits/job-kinds';
import type { IModel } from './model';
import { refuse } from './request/checks';
import { checkGiven, OF_A_LIFE, STRUCTURE } from './request/kinds';
import { checkTuningKinds } from './request/prop-kinds';
import type { RetrainingJob } from './retraining-job';
import { injectedBelow } from './template/injected';
import { TrainingJob } from './training-job';
import { checkTrainingJobProps } from './training-job-checks';
import { placedTrainingJob, retrainingOf, trainingJobDefinition } from './training-job-definition';
import type { TrainingOptions } from './training-job-props';
import { TransformJob } from './transform-job';
import { checkTransformJobProps } from './transform-job-checks';
import { retrainingOfTransform, transformJobDefinition } from './transform-job-definition';
import type { TransformOptions } from './transform-job-props';
import { retrainingOfTuning, tuningJobDefinition } from './tuning-job-definition';

/**
 * The job that a workflow runs: one of its own, or the same that a construct of the stack runs when it is deployed. Either way it is described once, by the
 * props of the construct of its kind.
 *
 * @example
 * const training = new TrainingJob(this, 'Train', { algorithm, capacity, inputs: { train: DataSource.fromBucket(bucket, 'digits/') } });
 * new RetrainingWorkflow(this, 'Nightly', {
 *   job: Retraining.ofTrainingJob(training),
 *   triggers: [RetrainingTrigger.newData(bucket, { prefix: 'digits/' })],
 * });
 *
 * @example
 * new RetrainingWorkflow(this, 'Scores', {
 *   job: Retraining.transform(model, { input: DataSource.fromBucket(bucket, 'batch/'), instanceType: 'ml.m5.xlarge' }),
 *   triggers: [RetrainingTrigger.schedule(scheduler.ScheduleExpression.cron({ hour: '4', minute: '0' }))],
 * });
 */
export class Retraining {
  /** A training job, with a role of its own. Nothing trains when the stack is deployed. */
  public static train(props: TrainingOptions): Retraining {
    return new Retraining((workflow) => {
      const job = new JobScope(workflow, 'Job');
      const given = checkedProps(job, injectedBelow(workflow, 'Job', TrainingJob.PROPERTY_INJECTION_ID, props));
      checkTrainingJobProps(job, given);
      const placed = placedTrainingJob(job, given);
      job.network = placed.network;
      return retrainingOf(job, trainingJobDefinition(job, placed));
    });
  }

  /** What a training job of the same stack is made of, with its role: other data in the same place, for instance. */
  public static ofTrainingJob(job: TrainingJob): Retraining {
    return new Retraining((workflow) => sameStack(workflow, job, 'TrainingJob', 'a TrainingJob of this app')._retraining);
  }

  /** A tuning job, with roles of its own; its best job is the one that counts. Nothing is tuned when the stack is deployed. */
  public static tune(props: TuningOptions): Retraining {
    return new Retraining((workflow) => {
      const job = new JobScope(workflow, 'Job');
      const given = checkedProps(job, injectedBelow(workflow, 'Job', HyperparameterTuningJob.PROPERTY_INJECTION_ID, props));
      checkTuningKinds(job, given);
      return retrainingOfTuning(job, tuningJobDefinition(job, given));
    });
  }

  /** What a tuning job of the same stack is made of, with its roles. */
  public static ofTuningJob(job: HyperparameterTuningJob): Retraining {
    return new Retraining((workflow) => sameStack(workflow, job, 'HyperParameterTuningJob', 'a HyperparameterTuningJob of this app')._retraining);
  }

  /** A transform job: a model answers whatever lies in a place by then. Nothing is registered or published. */
  public static transform(model: IModel, options: TransformOptions): Retraining {
    return new Retraining((workflow) => {
      const job = new JobScope(workflow, 'Job');
      const given = checkedProps(job, injectedBelow(workflow, 'Job', TransformJob.PROPERTY_INJECTION_ID, { ...options, model }));
      checkTransformJobProps(job, given);
      return retrainingOfTransform(job, transformJobDefinition(job, given));
    });
  }

  /** What a transform job of the same stack is made of. */
  public static ofTransformJob(job: TransformJob): Retraining {
    return new Retraining((workflow) => sameStack(workflow, job, 'TransformJob', 'a TransformJob of this app')._retraining);
  }

  private constructor(private readonly make: (workflow: Construct) => RetrainingJob) {}

  /**
   * What is to be launched, and what was made for it below the workflow.
   *
   * @internal
   */
  public _bind(workflow: Construct): RetrainingJob { return this.make(workflow); }
}

/** How a job lives in a stack says nothing here: each run is a job of its own. */
function checkedProps<Props extends object>(job: Construct, props: Props): Props {
  checkGiven(job, 'props', props, STRUCTURE);
  for (const prop of Object.keys(OF_A_LIFE)) {
    const value = (props as { readonly [prop: string]: unknown })[prop];
    if (value !== undefined) { refuse(job, prop, 'be left out for a workflow, each run of which is a job of its own that nothing waits for', value); }
  }
  return props;
}

/** Its role, its data and the names of its jobs are those of its stack. */
function sameStack<Job extends Construct & { readonly _retraining: RetrainingJob }>(workflow: Construct, job: Job, kind: JobKindName, words: string): Job {
  checkGiven(workflow, 'job', job, [words, (value) => value?._retraining?.kind === kind]);
  if (Stack.of(job) !== Stack.of(workflow)) { refuse(workflow, 'job', `be of the stack of the workflow, ${Stack.of(workflow).node.path}`, job.node.path); }
  return job;
}
