import { PolicyStatement, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { matches } from './request/checks';

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
  /**
   * A tracking server (`arn:<partition>:sagemaker:<region>:<account>:mlflow-tracking-server/<name>`) or an app (`...:mlflow-app/<id>`)
   * of SageMaker, by its ARN.
   *
   * The job may log there. Of an app it may more, deletion included, for one permission stands for all of an app's API.
   * Clients write artifacts into the bucket of the server themselves; the ARN does not tell which that is: `bucket.grantReadWrite(job)`.
   */
  public static fromResource(resource: string, options: MlflowOptions = {}): Mlflow {
    return new Mlflow(resource, options);
  }

  private constructor(private readonly resource: string, private readonly options: MlflowOptions) {}

  /** Lets the job write experiments, runs, metrics, models and artifacts there, and says where it is. */
  public bind(job: Construct, grantee: IGrantable): MlflowConfig {
    matches(job, 'mlflow', this.resource, /^arn:[^:]+:sagemaker:[^:]*:[^:]*:mlflow-[a-zA-Z-]*\/.+$/, 'the ARN of a tracking server or an app of MLflow');
    const isServer = this.resource.includes(':mlflow-tracking-server/');
    grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions: isServer ? LOGGING : [...LOGGING, ...APP], resources: [this.resource] }));
    return { resource: this.resource, options: this.options };
  }
}

/**
 * What MLflow's client, of version 2 or 3, calls to log a run and its models; nothing that deletes. Assumed from what each
 * call is for: no list of what a job needs is documented. Names are those of the service `sagemaker-mlflow`.
 */
const LOGGING = [
  'CreateExperiment', 'GetExperiment', 'GetExperimentByName', 'SetExperimentTag',
  'CreateRun', 'GetRun', 'UpdateRun', 'SearchRuns', 'LogBatch', 'LogInputs', 'LogOutputs', 'LogMetric', 'LogParam', 'SetTag',
  'LogModel', 'FinalizeLoggedModel', 'GetLoggedModel', 'LogLoggedModelParams', 'SetLoggedModelTags',
  'GetMetricHistory', 'ListArtifacts', 'ListLoggedModelArtifacts',
].map((action) => `sagemaker-mlflow:${action}`);
/** An app is asked by an action of SageMaker itself, which has no finer ones, and its address is looked up. Also where the ARN is not known yet. */
const APP = ['sagemaker:CallMlflowAppApi', 'sagemaker:DescribeMlflowApp'];
