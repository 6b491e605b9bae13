import { Annotations, Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct, IDependable } from 'constructs';
import { Completion } from './completion';
import { eventfulJob, type EventfulJob } from './job-base';
import type { JobLifecycleProps } from './job-lifecycle';
import { JOB_KIND_FACTS, type JobKindName } from './limits/job-kinds';
import type { QualityBoundConfig } from './quality-gate';
import { durationInRange, lengthInRange, oneOf, refuse, refuseToken, serviceName, wholeSeconds } from './request/checks';
import { nonEmpty } from './request/members';
import { checkMemberPath, REQUEST_SHAPES } from './request/overrides';
import { Retrain } from './retrain';
import { detailOfJobs, detailOfName } from './template/event-detail';
import { JobOutcome, JobResource, type Gate, type JobProperties } from './template/job-resource';

/** What a job of any kind is launched with. */
export interface LaunchedJobOptions<Kind extends JobKindName> {
  readonly kind: Kind;
  readonly lifecycle: JobLifecycleProps;
  readonly properties: Pick<JobProperties, 'Request' | 'Content' | 'JobNameIn' | 'Prerequisites' | 'ChannelRevisions'>;
  readonly dependencies: readonly IDependable[];
  /** Roles that are on no path of the stack's own, by ARN. */
  readonly roles?: readonly string[];
  /** Keys of volumes, by ARN. */
  readonly volumeKeys?: readonly string[];
  readonly acceptTimeLimit?: boolean;
  readonly gate?: readonly QualityBoundConfig[];
  /** How long the deployment waits when nothing is said. */
  readonly usualWait: () => number;
  /** Where the result is, by the name of the job; not known of every kind. */
  readonly result?: (jobName: string) => string;
}

/** A job of any kind as a stack launches it, and the resources that wait for its end. */
export class LaunchedJob<Kind extends JobKindName> {
  public readonly jobName: string;
  public readonly resource: JobResource<Kind>;
  private readonly outcome?: JobOutcome<Kind>;

  public constructor(private readonly scope: Construct, private readonly options: LaunchedJobOptions<Kind>) {
    this.resource = launched(scope, options);
    this.jobName = this.resource.ref;
    this.outcome = awaited(scope, options, this.resource);
  }

  /** Whether there is an outcome. */
  public get isAwaited(): boolean { return this.outcome !== undefined; }

  /** Its runs, as events tell of them. One that was made elsewhere and is adopted has a name of its own. */
  public get eventful(): EventfulJob {
    const { kind, lifecycle: { adopt } } = this.options;
    return eventfulJob(kind, JOB_KIND_FACTS[kind], this.jobName, adopt ? detailOfName(kind, adopt.name) : detailOfJobs(this.resource));
  }

  /** Its outcome, for one of the attributes that are known only then. Throws under `Completion.started()`. */
  public ended(attribute: string): JobOutcome<Kind> {
    return this.outcome ?? refuse(this.scope, 'completion', `be Completion.finished() for ${attribute} to be known`, 'Completion.started()');
  }
}

/** A deployment that waits this long is in the way of every other change of the stack. */
const LONG_WAIT = Duration.hours(12);
/** Each 55 minutes are a resource, and a stack has 500 at most. */
const LONGEST_WAIT = Duration.days(18);

function launched<Kind extends JobKindName>(scope: Construct, options: LaunchedJobOptions<Kind>): JobResource<Kind> {
  const { kind, lifecycle: { retrain, revision, removalPolicy, adopt }, properties, acceptTimeLimit } = options;
  const manual = (retrain ?? Retrain.whenChanged()).manualRevision;
  const job = new JobResource(scope, kind, {
    Request: { ...properties.Request },
    Content: nonEmpty(properties.Content ?? {}),
    JobNameIn: nonEmpty(properties.JobNameIn ?? []),
    Prerequisites: nonEmpty(properties.Prerequisites ?? []),
    ChannelRevisions: nonEmpty(properties.ChannelRevisions ?? {}),
    Revision: manual ?? revision,
    RetrainOn: manual === undefined ? undefined : 'Revision',
    AcceptTimeLimit: acceptTimeLimit ? 'true' : undefined,
    RemovalPolicy: removalPolicy === RemovalPolicy.DESTROY ? 'Delete' : undefined,
    Adopt: adopt && { Name: adopt.name, Accept: adopt.accept },
  }, options.dependencies);
  const { permissions } = job.provider;
  options.roles?.forEach((role) => permissions.addRole(scope, role));
  options.volumeKeys?.forEach((key) => permissions.addVolumeKey(scope, key));
  if (adopt) { permissions.addAdopted(scope, kind, adopt.name); }
  return job;
}

function awaited<Kind extends JobKindName>(scope: Construct, options: LaunchedJobOptions<Kind>, job: JobResource<Kind>): JobOutcome<Kind> | undefined {
  const completion = options.lifecycle.completion ?? Completion.finished();
  if (!completion.isAwaited) { return options.gate ? refuse(scope, 'completion', 'be Completion.finished() for qualityGate to be judged', 'Completion.started()') : undefined; }
  const seconds = completion.within ? wholeSeconds(scope, 'completion.within', completion.within) : options.usualWait();
  if (seconds > LONGEST_WAIT.toSeconds()) {
    refuse(scope, 'completion', `be Completion.started(), or Completion.finished({ within }) of at most ${LONGEST_WAIT.toHumanString()}, where the job may take longer`, Duration.seconds(seconds).toHumanString());
  }
  if (seconds > LONG_WAIT.toSeconds()) {
    Annotations.of(scope).addWarningV2('cdk-sagemaker:longWait',
      `the deployment waits up to ${Math.round(seconds / 3600)} hours for this job; a RetrainingWorkflow trains outside of deployments`);
  }
  if (options.gate && options.lifecycle.removalPolicy === RemovalPolicy.DESTROY) {
    Annotations.of(scope).addWarningV2('cdk-sagemaker:gatedJobIsDestroyed',
      'a job that misses the qualityGate is deleted when the stack rolls back (removalPolicy), so that a gate that lets it through trains it again');
  }
  return new JobOutcome(job, seconds, {
    AcceptTimeLimit: options.acceptTimeLimit ? 'true' : undefined,
    Artifact: options.result?.(job.ref),
    Gates: options.gate?.map(gate),
  });
}

const gate = ({ metricName, atLeast, atMost, mayFallBy, mayRiseBy }: QualityBoundConfig): Gate => ({ Metric: metricName, AtLeast: atLeast, AtMost: atMost, MayFallBy: mayFallBy, MayRiseBy: mayRiseBy });

/** What only the props of a job can tell of how it lives. */
export function checkLifecycle(job: Construct, kind: JobKindName, props: JobLifecycleProps): void {
  const manual = props.retrain?.manualRevision;
  if (manual !== undefined && props.revision !== undefined) { refuse(job, 'revision', 'be left out with Retrain.manual, which has its own', props.revision); }
  lengthInRange(job, 'revision', props.revision, 1, 256);
  lengthInRange(job, 'retrain', manual, 1, 256);
  oneOf(job, 'removalPolicy', props.removalPolicy, [RemovalPolicy.RETAIN, RemovalPolicy.DESTROY]);
  serviceName(job, 'adopt.name', props.adopt?.name, 'the name of a job:', JOB_KIND_FACTS[kind].longestName);
  props.adopt?.accept?.forEach((path, index) => checkMemberPath(job, REQUEST_SHAPES[kind], `adopt.accept[${index}]`, path));
  if (props.completion?.within?.isUnresolved()) { refuseToken(job, 'completion.within', 'be known at synthesis, for it says how many resources wait'); }
  durationInRange(job, 'completion.within', props.completion?.within, Duration.minutes(1), LONGEST_WAIT);
}
