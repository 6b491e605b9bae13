import type { Connections, IConnectable } from 'aws-cdk-lib/aws-ec2';
import type { IGrantable, IPrincipal, IRole } from 'aws-cdk-lib/aws-iam';
import { CfnProcessingJob } from 'aws-cdk-lib/aws-sagemaker';
import { Fn, Lazy, Size, Stack, Tags, type IResource } from 'aws-cdk-lib/core';
import type { Construct, IDependable } from 'constructs';
import { createHash } from 'node:crypto';
import type { S3ChannelOptions } from './channel-options';
import { keysOf, volumeKeyOfCapacity } from './chosen-keys';
import { DataSource } from './data-source';
import { trainingImage } from './framework-binding';
import { ISOLATION_OF_JOBS, isolatedProps } from './isolation';
import { eventfulJob, JobBase, type EventfulJob } from './job-base';
import type { IJobEvents } from './job-events';
import { PROCESSING_JOB_FACTS } from './limits/job-kinds';
import { JobNetwork } from './job-network';
import { codeInput, command } from './processing-code';
import { checkProcessingJobProps, checkRevision, CODE, folderInContainer } from './processing-job-checks';
import type { ProcessingJobProps } from './processing-job-props';
import type { ProcessingInputConfig } from './processing-input';
import { ProcessingUpload, type ProcessingOutputConfig } from './processing-output';
import { isToken, oneOf, refuse, wholeGibibytes, wholeSeconds } from './request/checks';
import { checkFramework } from './request/framework-rules';
import { warnOfInstanceTypes } from './request/instance-type-warnings';
import { checkImportedName, placeOf, usable } from './request/kinds';
import { nonEmpty } from './request/members';
import KNOWN_TYPES from './request/processing-instance-types.json';
import { warnOfSecretValues } from './request/secret-values';
import type { ScriptConfig } from './script';
import { secretVariables } from './secret-variables';
import { detailOfName } from './template/event-detail';
import { executionRole, grantNetworkInterfaces, grantVolumeKey, policiesOf } from './template/execution-role';
import { granteeFor } from './template/granted';
import { injected } from './template/injected';
import { OWNER_TAG_PREFIX } from './template/job-kind';
import { arnName } from './template/names';
import { grantDecrypt, grantRead, placeInBucket, s3Uri } from './template/s3-access';

/** A processing job. */
export interface IProcessingJob extends IResource, IJobEvents {
  /**
   * The name of the job.
   *
   * @attribute
   */
  readonly processingJobName: string;
  /**
   * The ARN of the job.
   *
   * @attribute
   */
  readonly processingJobArn: string;
}

/**
 * A processing job of SageMaker: `Processor.run`, `ScriptProcessor.run` and `FrameworkProcessor.run` of the Python SDK, as `AWS::SageMaker::ProcessingJob` of CloudFormation.
 *
 * Nothing of such a job can be changed: whatever changes in the template, tags as well, is another job, which is run when the stack is deployed. Files of the app are named
 * by their content, so that other code or other data are a change. Data that change under the same address are seen by no deployment: give them a `revision`.
 * The name is generated, for a name of one's own would keep a rollback from making the job again.
 *
 * Not known for certain, since CloudFormation does not document it:
 *
 * - Whether a deployment waits for the end of the job. If it does not, a failed job does not fail the deployment, and what reads its outputs may begin too
 *   early. Look at `processingJobStatus` after a first deployment: `InProgress` says that it does not wait. Then put what reads the outputs into a stack that is deployed later, or
 *   run the code as a `TrainingJob`, which is always waited for: what it leaves in `/opt/ml/output/data` is its `outputData`.
 * - Whether the job's record is deleted with the resource, or the job is only stopped. Outputs stay either way.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sagemaker-processingjob.html
 *
 * @example
 * const prepare = new ProcessingJob(this, 'Prepare', {
 *   framework: Framework.sklearn('1.2-1'),
 *   script: Script.fromDirectory('src', { entryPoint: 'prepare.py' }),
 *   arguments: ['--share', '0.2'],
 *   inputs: { raw: ProcessingInput.fromData(DataSource.fromBucket(bucket, 'raw/', { revision: '2024-05' })) },
 *   outputs: { train: ProcessingOutput.toStackBucket(), test: ProcessingOutput.toStackBucket() },
 *   capacity: Capacity.onDemand({ instanceType: 'ml.m5.xlarge' }),
 *   maxRuntime: Duration.minutes(30),
 * });
 * new TrainingJob(this, 'Train', { algorithm, capacity, inputs: { train: prepare.outputData('train') } });
 */
export class ProcessingJob extends JobBase implements IProcessingJob, IGrantable, IConnectable {
  /** By which `PropertyInjectors` of the CDK know the class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-sagemaker.ProcessingJob';

  /** A job made elsewhere, in the account and the Region of the stack. */
  public static fromProcessingJobName(scope: Construct, id: string, processingJobName: string): IProcessingJob {
    checkImportedName(placeOf(scope, id), 'processingJobName', processingJobName);
    class Import extends JobBase implements IProcessingJob {
      public readonly _eventful = eventfulJob('ProcessingJob', PROCESSING_JOB_FACTS, processingJobName, detailOfName('ProcessingJob', processingJobName));
      public readonly processingJobName = processingJobName;
      public readonly processingJobArn = Stack.of(this).formatArn({ service: 'sagemaker', resource: 'processing-job', resourceName: arnName(processingJobName) });
    }
    return new Import(scope, id);
  }

  /** The name of the job, as its ARN has it: in lower case. */
  public readonly processingJobName: string;
  public readonly processingJobArn: string;
  /** The role of the containers. */
  public readonly role: IRole;
  public readonly grantPrincipal: IPrincipal;
  private readonly network?: JobNetwork;
  private readonly resource: CfnProcessingJob;
  private readonly outputs: { readonly [name: string]: ProcessingOutputConfig };
  private readonly props: Pick<ProcessingJobProps, 'outputKey' | 'role'>;

  constructor(scope: Construct, id: string, props: ProcessingJobProps) {
    super(scope, id);
    props = injected(this, ProcessingJob.PROPERTY_INJECTION_ID, props);
    checkProcessingJobProps(this, props);
    props = isolatedProps(this, props, ISOLATION_OF_JOBS);
    const outputKey = props.outputKey ?? (nonEmpty({ ...props.outputs }) && keysOf(this, props.encryption).outputKey);
    this.props = { outputKey, role: props.role };
    this.role = executionRole(this, 'ProcessingJobs', props.role);
    this.grantPrincipal = this.role.grantPrincipal;
    this.network = JobNetwork.of(this, props);
    const script = usable(this, 'script', () => props.script?.bind(this, granteeFor(this, 'script', this.role)));
    const inputs = this.boundInputs(props, script);
    const read = this.whatItReads(props, script, Object.values(inputs));
    const revisions = [props.revision, ...Object.values(inputs).map(({ revision }) => revision)];
    // asked when the template is written, by the stack itself: another stack that reads an output refers to nothing of this
    this.outputs = this.boundOutputs({ ...props, outputKey }, Lazy.uncachedString({ produce: () => hashOf(Stack.of(this).resolve({ ...read, revisions })) }));
    this.resource = new CfnProcessingJob(this, 'Resource', { ...read, processingOutputConfig: this.outputConfig() });
    this.checkFolders(inputs);
    this.addRevisions(props, inputs);
    this.resource.node.addDependency(policiesOf(this.role), ...(this.network ? [this.network._ready] : []), ...Object.values(inputs).flatMap(({ dependencies }) => dependencies ?? []));
    this.processingJobArn = this.resource.attrProcessingJobArn;
    this.processingJobName = Fn.select(1, Fn.split(':processing-job/', this.processingJobArn));
  }

  /** How the job is: `Completed`, if CloudFormation has waited for it. */
  public get processingJobStatus(): string { return this.resource.attrProcessingJobStatus; }

  /** What the container has left in `/opt/ml/output/message`. */
  public get exitMessage(): string { return this.resource.attrExitMessage; }

  /** Why the job failed. */
  public get failureReason(): string { return this.resource.attrFailureReason; }

  /** The security groups of the containers. Throws when there is no VPC. */
  public get connections(): Connections {
    return this.network?.connections ?? refuse(this, 'vpc', 'be given for a job to have connections', undefined);
  }

  /** The URI of the folder that an output is written to, with a slash at its end. Throws when there is no such output. */
  public outputUri(name: string): string {
    const { bucket, prefix } = this.output(name);
    return s3Uri({ bucketName: bucket.bucketName, prefix });
  }

  /**
   * An output, as the data of another job. A new run of this job is a new run of the other one, unless a revision is given. The other job is made after this one; whether that
   * is after its end is said above.
   *
   * Throws when there is no such output.
   */
  public outputData(name: string, options: S3ChannelOptions = {}): DataSource {
    const place = this.output(name);
    return new ProcessedData(place, this.props.outputKey, this.resource, { ...options, revision: options.revision ?? this.processingJobArn });
  }

  /**
   * Its name is known when it runs already, and may have ended: a role of its own tells it from the beginning.
   *
   * @internal
   */
  public get _eventful(): EventfulJob {
    const detail = this.props.role ? { ProcessingJobArn: [this.processingJobArn] } : { RoleArn: [this.role.roleArn] };
    return eventfulJob('ProcessingJob', PROCESSING_JOB_FACTS, this.processingJobName, detail);
  }

  private output(name: string): ProcessingOutputConfig {
    oneOf(this, 'output', name ?? '', Object.keys(this.outputs));
    return this.outputs[name];
  }

  /** Everything but the outputs, whose places may hang on it. */
  private whatItReads(props: ProcessingJobProps, script: ScriptConfig | undefined, inputs: ProcessingInputConfig[]) {
    const { instanceType, instanceCount = 1, volumeSize = Size.gibibytes(30) } = props.capacity.config;
    const volumeKey = volumeKeyOfCapacity(this, props.capacity.config, props.encryption);
    if (volumeKey) { grantVolumeKey(granteeFor(this, volumeKey.prop, this.role), volumeKey.key); }
    if (!isToken(instanceType)) { warnOfInstanceTypes(this, [instanceType!], KNOWN_TYPES, volumeKey !== undefined); }
    return {
      appSpecification: { imageUri: this.imageUri(props), ...command(props, script) },
      roleArn: this.role.roleArn,
      processingInputs: inputs.length > 0 ? inputs.map(({ input }) => input) : undefined,
      processingResources: {
        clusterConfig: {
          instanceType: instanceType!, instanceCount, volumeSizeInGb: wholeGibibytes(this, 'capacity.volumeSize', volumeSize), volumeKmsKeyId: volumeKey?.key.keyArn,
        },
      },
      stoppingCondition: props.maxRuntime && { maxRuntimeInSeconds: wholeSeconds(this, 'maxRuntime', props.maxRuntime) },
      environment: nonEmpty({ ...props.environment, ...this.secretVariables(props) }),
      networkConfig: this.networkConfig(props),
      experimentConfig: props.experiment,
    };
  }

  private secretVariables(props: ProcessingJobProps): { [name: string]: string } {
    warnOfSecretValues(this, { Environment: props.environment, entrypoint: props.entrypoint, arguments: props.arguments });
    return secretVariables({
      scope: this, ...props, isolatedBy: props.isolated ? 'isolated' : props.networkIsolation ? 'networkIsolation' : undefined, longest: [256, 256], granteeFor: (prop) => granteeFor(this, prop, this.role),
    });
  }

  private imageUri({ image, framework, capacity }: ProcessingJobProps): string {
    const own = image ?? framework?.config.options.image;
    if (!own) {
      checkFramework(this, framework!.config);
      return trainingImage(this, granteeFor(this, 'framework', this.role), framework!, {}, capacity.config, undefined, 'framework').imageUri;
    }
    const { imageUri, isInVpc } = usable(this, 'image', () => own.bind(this, granteeFor(this, image ? 'image' : 'framework', this.role)));
    return isInVpc ? refuse(this, 'image', 'be in Amazon ECR: a processing job of CloudFormation has no login for another registry', imageUri) : imageUri;
  }

  private boundInputs({ inputs }: ProcessingJobProps, script: ScriptConfig | undefined): { [name: string]: ProcessingInputConfig } {
    const bound = Object.fromEntries(Object.entries(inputs ?? {}).map(([name, input]) => {
      const prop = `inputs.${name}`;
      return [name, usable(this, prop, () => input.bind(this, name, granteeFor(this, prop, this.role)))];
    }));
    return script ? { ...bound, [CODE]: codeInput(script) } : bound;
  }

  private boundOutputs({ outputs, outputKey }: ProcessingJobProps, jobHash: string): { [name: string]: ProcessingOutputConfig } {
    return Object.fromEntries(Object.entries(outputs ?? {}).map(([name, output]) => {
      const prop = `outputs.${name}`;
      return [name, usable(this, prop, () => output.bind(this, granteeFor(this, prop, this.role), { name, jobHash, encryptionKey: outputKey }))];
    }));
  }

  private outputConfig(): CfnProcessingJob.ProcessingOutputConfigProperty | undefined {
    const outputs = Object.entries(this.outputs).map(([name, { options }]) => {
      const { upload = ProcessingUpload.END_OF_JOB } = options;
      const localPath = folderOf(name, options);
      folderInContainer(this, `outputs.${name}.localPath`, localPath);
      oneOf(this, `outputs.${name}.upload`, upload, Object.values(ProcessingUpload));
      return { outputName: name, s3Output: { s3Uri: this.outputUri(name), localPath, s3UploadMode: upload } };
    });
    if (outputs.length === 0 && this.props.outputKey) { refuse(this, 'outputKey', 'come with outputs', 'no outputs'); }
    return outputs.length === 0 ? undefined : { outputs, kmsKeyId: this.props.outputKey?.keyArn };
  }

  private networkConfig({ networkIsolation, encryptInterContainerTraffic }: ProcessingJobProps): CfnProcessingJob.NetworkConfigProperty | undefined {
    if (this.network) { grantNetworkInterfaces(granteeFor(this, 'vpc', this.role)); }
    if (!this.network && !networkIsolation && !encryptInterContainerTraffic) { return undefined; }
    return {
      enableNetworkIsolation: networkIsolation ? true : undefined,
      enableInterContainerTrafficEncryption: encryptInterContainerTraffic ? true : undefined,
      vpcConfig: this.network && {
        securityGroupIds: this.network.config.securityGroups.map((group) => group.securityGroupId),
        subnets: this.network.config.subnets.map((subnet) => subnet.subnetId),
      },
    };
  }

  /** Each folder of the container is of one input or output. */
  private checkFolders(inputs: { readonly [name: string]: ProcessingInputConfig }): void {
    const folders = [
      ...Object.entries(inputs).map(([name, { input }]) => [`inputs.${name}`, (input.s3Input as CfnProcessingJob.S3InputProperty | undefined)?.localPath] as const),
      ...Object.entries(this.outputs).map(([name, { options }]) => [`outputs.${name}`, folderOf(name, options)] as const),
    ];
    const plain = (path: string | undefined) => path?.replace(/\/+$/, '');
    for (const [index, [prop, path]] of folders.entries()) {
      const other = folders.slice(0, index).find(([, earlier]) => path !== undefined && !isToken(path) && plain(earlier) === plain(path));
      if (other) { refuse(this, `${prop}.localPath`, `be another one than that of ${other[0]}`, path); }
    }
  }

  /** What is behind an address is told by tags, which are part of what a job is: there is nowhere else to say it. */
  private addRevisions({ revision }: ProcessingJobProps, inputs: { [name: string]: ProcessingInputConfig }): void {
    const add = (name: string, value: string) => Tags.of(this.resource).add(`${OWNER_TAG_PREFIX}revision${name}`, value);
    if (revision !== undefined) { add('', revision); }
    for (const [name, { revision: ofInput }] of Object.entries(inputs)) {
      if (ofInput === undefined) { continue; }
      checkRevision(this, `inputs.${name}.revision`, ofInput);
      add(`:${name}`, ofInput);
    }
  }
}

/** Where in the container an output is found. */
const folderOf = (name: string, { localPath }: ProcessingOutputConfig['options']): string => localPath ?? `/opt/ml/processing/output/${name}`;

/** Ten digits of what is known at synthesis. */
const hashOf = (resolved: unknown): string => createHash('sha256').update(JSON.stringify(resolved)).digest('hex').slice(0, 10);

class ProcessedData extends DataSource {
  public constructor(
    private readonly place: ProcessingOutputConfig, private readonly key: ProcessingJobProps['outputKey'], private readonly made: IDependable, private readonly options: S3ChannelOptions,
  ) { super(); }

  public bind(_job: Construct, grantee: IGrantable) {
    const { bucket, prefix } = this.place;
    grantRead(placeInBucket(bucket, prefix, this.key), grantee);
    if (this.options.encryptionKey) { grantDecrypt(this.options.encryptionKey, grantee); }
    return { s3Uri: s3Uri({ bucketName: bucket.bucketName, prefix }), options: this.options, dependencies: [this.made] };
  }
}
