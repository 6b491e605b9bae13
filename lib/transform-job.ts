import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Duration, type IResource } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { S3ChannelOptions } from './channel-options';
import type { DataSource } from './data-source';
import { ImportedTransformJob } from './imported-transform-job';
import { JobBase, type EventfulJob } from './job-base';
import type { IJobEvents } from './job-events';
import { JobOutput, type OutputSource } from './job-output';
import { LaunchedJob } from './launched-job';
import { OUTPUT_PATH, outputPath } from './request/transform-job-request';
import type { RetrainingJob } from './retraining-job';
import { injected } from './template/injected';
import { jobArn, namePrefix } from './template/names';
import { checkTransformJobProps } from './transform-job-checks';
import { retrainingOfTransform, transformJobDefinition, type TransformJobDefinition } from './transform-job-definition';
import type { TransformJobProps } from './transform-job-props';

/** A transform job. */
export interface ITransformJob extends IResource, IJobEvents {
  /**
   * The name of the job.
   *
   * @attribute
   */
  readonly transformJobName: string;
  /**
   * The ARN of the job.
   *
   * @attribute
   */
  readonly transformJobArn: string;
  /** The URI of the folder that it writes. */
  readonly outputPath: string;

  /** What the job writes, as the data of another job. */
  outputData(options?: S3ChannelOptions): DataSource;
}

/** What is not read from the record of a job that was made elsewhere. */
export interface ImportedTransformJobOptions {
  /**
   * The key its output is encrypted with.
   *
   * @default - none that a policy must name
   */
  readonly encryptionKey?: IKey;
}

/** Nothing limits how long a transform job runs. */
const USUAL_WAIT = Duration.hours(3);

/**
 * A batch transform job of SageMaker: `Transformer.transform` of the Python SDK. A model answers everything that lies in a place, without an endpoint.
 *
 * The deployment launches it when something changed that determines its result: the data, how they are read, and what the model answers by: images,
 * artifacts and environment of its containers. A model that is made anew with the same contents, or with another role or network, answers nothing
 * again. A model made elsewhere is known by its name alone.
 *
 * A transform job has no role of its own: the model's role reads the input and writes the output. That of a model made elsewhere is not known here
 * (unless `Model.fromModelName` is told), and must be allowed to.
 *
 * Nothing limits how long it runs, so that a deployment waits 3 hours unless `completion` says otherwise. Its record can't be deleted.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/batch-transform.html
 *
 * @example
 * const scores = model.transform('Scores', {
 *   input: DataSource.fromBucket(bucket, 'batch/', { contentType: 'text/csv' }),
 *   splitType: SplitType.LINE,
 *   assembleWith: AssembleWith.LINE,
 *   instanceType: 'ml.m5.xlarge',
 *   output: OutputLocation.fromBucket(bucket, 'scores'),
 * });
 * new CfnOutput(this, 'Where', { value: scores.outputPath });
 *
 * @example
 * new TransformJob(this, 'Joined', {
 *   model: Model.fromModelName(this, 'Old', 'digits-2024', { role }),
 *   input: DataSource.fromAsset('data/batch.csv', { contentType: 'text/csv' }),
 *   splitType: SplitType.LINE,
 *   strategy: BatchStrategy.MULTI_RECORD,
 *   maxPayload: Size.mebibytes(2),
 *   accept: 'text/csv',
 *   assembleWith: AssembleWith.LINE,
 *   inputFilter: '$[1:]',
 *   joinSource: JoinSource.INPUT,
 *   outputFilter: '$[0,-1]',
 *   instanceType: 'ml.m5.xlarge',
 *   completion: Completion.finished({ within: Duration.hours(6) }),
 * });
 */
export class TransformJob extends JobBase implements ITransformJob {
  /** By which `PropertyInjectors` of the CDK know the class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-sagemaker.TransformJob';

  /**
   * A job made elsewhere, in the account and the Region of the stack. Where it writes is looked up when the stack is deployed; a job that still runs
   * is waited for, up to 55 minutes.
   *
   * Throws when it is no name of a job, for instance an ARN.
   */
  public static fromTransformJobName(scope: Construct, id: string, transformJobName: string, options: ImportedTransformJobOptions = {}): ITransformJob {
    return new ImportedTransformJob(scope, id, transformJobName, options);
  }

  public readonly transformJobName: string;
  public readonly transformJobArn: string;
  private readonly source: OutputSource;
  private readonly definition: TransformJobDefinition;
  private readonly job: LaunchedJob<'TransformJob'>;

  constructor(scope: Construct, id: string, props: TransformJobProps) {
    super(scope, id);
    props = injected(this, TransformJob.PROPERTY_INJECTION_ID, props);
    checkTransformJobProps(this, props);
    this.definition = transformJobDefinition(this, props);
    this.job = this.launched(props, this.definition);
    this.transformJobName = this.job.jobName;
    this.transformJobArn = jobArn(this, 'TransformJob', props.adopt?.name ?? this.job.jobName);
    this.source = { job: this, outputs: [this.definition.bound.output], folders: [`${namePrefix(this)}-`, ...(props.adopt ? [`${props.adopt.name}/`] : [])] };
  }

  /** The URI of the folder that it writes, without a slash at its end. Throws under `Completion.started()`. */
  public get outputPath(): string { return this.job.ended('outputPath').attribute('OutputPath'); }

  /** How the job ended: `Completed`. Throws under `Completion.started()`. */
  public get transformJobStatus(): string { return this.job.ended('transformJobStatus').attribute('Status'); }

  /**
   * What the job writes, as the data of another job. A new run of this job is a new run of the other one.
   *
   * The other job throws when it is made of it under `Completion.started()`.
   */
  public outputData(options: S3ChannelOptions = {}): DataSource {
    return new JobOutput(this.source, this.transformJobName, '', () => this.job.ended('outputData').end, options);
  }

  /**
   * The same job, for a workflow to launch.
   *
   * @internal
   */
  public get _retraining(): RetrainingJob { return retrainingOfTransform(this, this.definition); }

  /** @internal */
  public get _eventful(): EventfulJob { return this.job.eventful; }

  private launched(props: TransformJobProps, definition: TransformJobDefinition): LaunchedJob<'TransformJob'> {
    const { bound, rendered: { request, content }, dependencies, volumeKeys } = definition;
    const { revision } = bound.input.options;
    return new LaunchedJob(this, {
      kind: 'TransformJob',
      lifecycle: props,
      properties: { Request: request as { [member: string]: unknown }, Content: content, JobNameIn: [OUTPUT_PATH], ChannelRevisions: revision === undefined ? undefined : { input: revision } },
      dependencies,
      volumeKeys,
      usualWait: () => USUAL_WAIT.toSeconds(),
      result: (jobName) => outputPath(bound.output, jobName),
    });
  }
}
