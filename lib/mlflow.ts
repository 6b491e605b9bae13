import { PolicyStatement, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** What a job is called in MLflow. */
export interface MlflowOptions {
  /**
   * The experiment; 1 to 256 characters.
   *
   * @default - the service decides
   */
  readonly experimentName?: string;
  /**
   * The run; 1 to 256 characters.
   *
   * @default - the service decides
   */
  readonly runName?: string;
}

/** MLflow, ready to be named in a request. */
export interface MlflowConfig {
  /** The ARN of the tracking server or app. */
  readonly resource: string;
  /** What the job is called there. */
  readonly options: MlflowOptions;
}

/**
 * Where a job is tracked in MLflow.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_MlflowConfig.html
 *
 * @example
 * new TrainingJob(this, 'Train', {
 *   algorithm,
 *   capacity,
 *   mlflow: Mlflow.fromResource('arn:aws:sagemaker:eu-west-1:123456789012:mlflow-tracking-server/team', { experimentName: 'digits' }),
 * });
 */
export class Mlflow {
  /** A tracking server or an app of SageMaker, by its ARN: `arn:<partition>:sagemaker:<region>:<account>:mlflow-...`. */
  public static fromResource(resource: string, options: MlflowOptions = {}): Mlflow {
    return new Mlflow(resource, options);
  }

  private constructor(private readonly resource: string, private readonly options: MlflowOptions) {}

  /** Lets the job write experiments, runs, metrics, models and artifacts there, and says where it is. */
  public bind(_job: Construct, grantee: IGrantable): MlflowConfig {
    grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions: TRACKING, resources: [this.resource] }));
    return { resource: this.resource, options: this.options };
  }
}

/** What MLflow's client calls to log a run; nothing that deletes. Names are those of the service `sagemaker-mlflow`. */
const TRACKING = [
  'CreateExperiment', 'GetExperiment', 'GetExperimentByName', 'SetExperimentTag',
  'CreateRun', 'GetRun', 'UpdateRun', 'SearchRuns', 'LogBatch', 'LogInputs', 'LogMetric', 'LogModel', 'LogParam', 'SetTag',
  'GetMetricHistory', 'ListArtifacts',
].map((action) => `sagemaker-mlflow:${action}`);
