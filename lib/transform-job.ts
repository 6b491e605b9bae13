import type { IGrantable, IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Duration, Resource, type IResource } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { batchData } from './batch-data';
import type { BatchDataCaptureConfig } from './batch-data-capture';
import type { S3ChannelOptions } from './channel-options';
import { encryptedOutput, outputKeyOf, volumeKeyOf } from './chosen-keys';
import type { DataSource } from './data-source';
import { ImportedTransformJob } from './imported-transform-job';
import { JobOutput, type OutputSource } from './job-output';
import { LaunchedJob } from './launched-job';
import type { Model } from './model';
import { OutputLocation } from './output-location';
import { refuse } from './request/checks';
import { OUTPUT_PATH, outputPath, transformJobRequest, type BoundTransformJob } from './request/transform-job-request';
import { grantJobLogs, grantVolumeKey, policiesOf } from './template/execution-role';
import { granteeFor, reachedFrom } from './template/granted';
import { injected } from './template/injected';
import { jobArn, namePrefix } from './template/names';
import { RecordedGrants, warnOfUnknownRole } from './template/recorded-grants';
import { checkTransformJobProps } from './transform-job-checks';
import type { TransformJobProps } from './transform-job-props';

/** A transform job. */
export interface ITransformJob extends IResource {
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
export class TransformJob extends Resource implements ITransformJob {
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
  private readonly job: LaunchedJob<'TransformJob'>;

  constructor(scope: Construct, id: string, props: TransformJobProps) {
    super(scope, id);
    props = injected(this, TransformJob.PROPERTY_INJECTION_ID, props);
    checkTransformJobProps(this, props);
    const role = roleOf(this, props);
    const bound = this.bound(props, role);
    this.job = this.launched(props, bound, role);
    this.transformJobName = this.job.jobName;
    this.transformJobArn = jobArn(this, 'TransformJob', props.adopt?.name ?? this.job.jobName);
    this.source = { outputs: [bound.output], folders: [`${namePrefix(this)}-`, ...(props.adopt ? [`${props.adopt.name}/`] : [])] };
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

  /** Everything the request names, granted to the model's role. */
  private bound(props: TransformJobProps, role: IRole | undefined): BoundTransformJob {
    const unknown = role ? undefined : new RecordedGrants(this);
    const grantee = (prop: string): IGrantable => granteeFor(this, prop, role ?? unknown!);
    const model = props.model as Partial<Model>;
    model._servedOn?.(this, 'instanceType', { instanceType: props.instanceType, isTransform: true });
    grantJobLogs(grantee('model'), this, 'TransformJobs');
    const volumeKey = volumeKeyOf(this, props.volumeKey && { key: props.volumeKey, prop: 'volumeKey' }, props.encryption, [props.instanceType]);
    if (volumeKey) { grantVolumeKey(grantee(volumeKey.prop), volumeKey.key); }
    const input = batchData(this, 'input', props.input, grantee('input'), 'transform', ['contentType', 'compression']);
    const place = (props.output ?? OutputLocation.stackBucket()).bind(this, grantee('output'));
    if (place.options.compression !== undefined) { refuse(this, 'output.compression', 'be left out: answers are written as they come', place.options.compression); }
    const output = encryptedOutput(this, props.encryption, place, role ?? unknown!);
    const dataCapture = props.dataCapture && this.encryptedCapture(props.dataCapture.bind(this, grantee('dataCapture')), props, role ?? unknown!);
    if (unknown) { warnOfUnknownRole(this, unknown, 'the input, the output and the log'); }
    return { modelName: props.model.modelName, modelContent: model._content, input, output, dataCapture, volumeKey };
  }

  private encryptedCapture(capture: BatchDataCaptureConfig, { encryption }: TransformJobProps, grantee: IGrantable): BatchDataCaptureConfig {
    return { ...capture, options: { ...capture.options, encryptionKey: capture.options.encryptionKey ?? outputKeyOf(this, encryption, capture.s3Uri, [grantee]) } };
  }

  private launched(props: TransformJobProps, bound: BoundTransformJob, role: IRole | undefined): LaunchedJob<'TransformJob'> {
    const { request, content } = transformJobRequest(this, props, bound);
    const { revision } = bound.input.options;
    return new LaunchedJob(this, {
      kind: 'TransformJob',
      lifecycle: props,
      properties: { Request: request as { [member: string]: unknown }, Content: content, JobNameIn: [OUTPUT_PATH], ChannelRevisions: revision === undefined ? undefined : { input: revision } },
      dependencies: [...(role ? [policiesOf(role)] : []), ...bound.input.dependencies ?? []],
      volumeKeys: bound.volumeKey && [bound.volumeKey.key.keyArn],
      usualWait: () => USUAL_WAIT.toSeconds(),
      result: (jobName) => outputPath(bound.output, jobName),
    });
  }
}

/** The role that the model's containers have, where it is known. */
function roleOf(job: TransformJob, { model }: TransformJobProps): IRole | undefined {
  const { role } = model as Partial<Model>;
  return role && reachedFrom(job, 'ModelRole', role);
}
