import { JOB_KIND_FACTS, type JobKindName } from '../limits/job-kinds';

/**
 * What the template says to the handler: the properties of the three custom resources of a job, and of the one of an endpoint.
 *
 * The template imports these types and nothing else from here. CloudFormation turns every scalar into a
 * string on the way, so the handler reads them as strings. Old library versions' properties arrive for
 * ever: members are only ever added.
 */

export type { JobKindName };

/** `Custom::SageMaker<Kind>`: launches or adopts a job and answers as soon as SageMaker has accepted it. */
export interface JobProperties {
  readonly Kind: JobKindName;
  /** Which rules the run key is made by; the rules of an old version are never changed. */
  readonly KeyVersion: string;
  /** What the job's name begins with, fixed at synth: `<stack>-<path>`. */
  readonly NamePrefix: string;
  /** The members of the Create call, without the name of the job. Tags are the user's. */
  readonly Request: { readonly [member: string]: unknown };
  /**
   * What stands for a member in the run key instead of its value, where the value is only an address:
   * member path -> hash or digest, for instance `InputDataConfig.train.DataSource.S3DataSource.S3Uri`.
   * A list element is named by the member it is known by (`ChannelName`, `RuleConfigurationName`), or by its index.
   * Where the address stands for several things, such as the name of a model, it is a structure of them.
   */
  readonly Content?: { readonly [path: string]: unknown };
  /** Members of the request, by dotted path, in whose text `{JobName}` stands for the name that the handler gives the job. */
  readonly JobNameIn?: readonly string[];
  /** Channel name -> the user's revision of the data behind it. */
  readonly ChannelRevisions?: { readonly [channel: string]: string };
  /** The user's revision: another one is another run. */
  readonly Revision?: string;
  /** `Revision`: the run key is the revision alone (`Retrain.manual`). Otherwise the request counts. */
  readonly RetrainOn?: 'Revision' | 'Request';
  /** 'true': a job that its time limit ended is as good as a completed one. */
  readonly AcceptTimeLimit?: string;
  /** `Delete`: the job's record goes with the resource. Artifacts are never touched. */
  readonly RemovalPolicy?: 'Retain' | 'Delete';
  /** A job made elsewhere that is to be this resource's job. */
  readonly Adopt?: { readonly Name: string; readonly Accept?: readonly string[] };
  /** What the request names that is to be looked up, and to fit the request, before a job is launched. */
  readonly Prerequisites?: readonly string[];
  /** The attributes the template reads. */
  readonly Attributes?: readonly string[];
}

/** `Custom::SageMakerJobWait`: lets time pass until the job has ended or `Seconds` are over. Never fails a deployment. */
export interface WaitProperties {
  readonly Kind: JobKindName;
  readonly JobName: string;
  readonly Seconds: string;
}

/** `Custom::SageMakerJobOutcome`: waits for the end, judges, and answers with the attributes of the job. */
export interface OutcomeProperties {
  readonly Kind: JobKindName;
  readonly JobName: string;
  /** How long this resource waits; at most 55 minutes. */
  readonly Seconds: string;
  /** How long the job had in all, for the message. */
  readonly Within: string;
  readonly AcceptTimeLimit?: string;
  /** Where the result is when the job's record is gone. Not known of a job that was made elsewhere, and of the best of several. */
  readonly Artifact?: string;
  readonly Attributes?: readonly string[];
  /** Attribute name -> name of the metric whose final value it is. */
  readonly Metrics?: { readonly [attribute: string]: string };
  /** Attribute name -> name of the hyperparameter whose best value it is. */
  readonly Hyperparameters?: { readonly [attribute: string]: string };
  /** What a job that ended well must have reached besides. */
  readonly Gates?: readonly Gate[];
}

/** `Custom::SageMakerEndpointCheck`: looks whether an endpoint serves what the template says. It changes nothing. */
export interface EndpointCheckProperties {
  readonly EndpointName: string;
  readonly EndpointConfigName: string;
  /** What the handler does not read: whatever of the endpoint, when it changes, is to be looked at again. */
  readonly Deployment?: unknown;
}

/** One bound of a quality gate. Numbers are texts by the time they arrive. */
export interface Gate {
  readonly Metric: string;
  readonly AtLeast?: string | number;
  readonly AtMost?: string | number;
  /** How far the metric may fall, or rise, from what the job of this outcome before had. */
  readonly MayFallBy?: string | number;
  readonly MayRiseBy?: string | number;
}

/** Attributes of an `Outcome`, by kind. */
export interface JobAttributes {
  readonly TrainingJob: TrainingJobAttribute;
  readonly HyperParameterTuningJob: TuningJobAttribute;
  readonly TransformJob: TransformJobAttribute;
}

type TuningJobAttribute =
  | 'Status'                   // Completed | Stopped
  | 'JobArn'
  | 'BestTrainingJobName'
  | 'BestTrainingJobArn'
  | 'BestTrainingJobDefinitionName'
  | 'BestHyperparameters'      // the tuned ones of the best job, as JSON
  | 'ObjectiveMetric'
  | 'ObjectiveValue'
  | 'CompletedJobs' | 'FailedJobs' | 'StoppedJobs'
  | ArtifactAttribute;         // of the best job

type TransformJobAttribute =
  | 'OutputPath'               // s3 URI of the folder that it writes
  | 'OutputBucket'             // the two parts of that URI, for a policy; the second with a slash at its end
  | 'OutputKey'
  | 'Status'
  | 'JobArn';

/** What says where a model is, and what it runs in. */
type ArtifactAttribute = 'ModelArtifacts' | 'ArtifactBucket' | 'ArtifactKey' | 'TrainingImage' | 'ImageRepository';

export type TrainingJobAttribute =
  | 'ModelArtifacts'           // s3 URI of model.tar.gz, or of the folder of an uncompressed model
  | 'Status'                   // Completed | Stopped
  | 'SecondaryStatus'
  | 'BillableTimeInSeconds'
  | 'TrainingTimeInSeconds'
  | 'JobArn'
  | 'ArtifactBucket'           // the two parts of that URI, for a policy
  | 'ArtifactKey'
  | 'TrainingImage'
  | 'ImageRepository';         // <region>:<account>:repository/<name> of that image, for a policy

/** The tags by which a job is known to belong to a resource. */
export const OWNER_TAGS = { stack: 'cdk-sagemaker:stack', logicalId: 'cdk-sagemaker:logical-id', request: 'cdk-sagemaker:request' } as const;

export const JOB_RESOURCE_TYPES = Object.keys(JOB_KIND_FACTS).map((kind) => `Custom::SageMaker${kind}`);
export const WAIT_RESOURCE_TYPE = 'Custom::SageMakerJobWait';
export const OUTCOME_RESOURCE_TYPE = 'Custom::SageMakerJobOutcome';
export const ENDPOINT_CHECK_RESOURCE_TYPE = 'Custom::SageMakerEndpointCheck';

/** The environment of the function. */
export const STATE_MACHINE_VARIABLE = 'STATE_MACHINE_ARN';
/** Set by the local AWS, never by a template: answers may go to http://127.0.0.1. */
export const LOCAL_VARIABLE = 'CDK_SAGEMAKER_LOCAL';
