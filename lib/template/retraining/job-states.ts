import { JOB_KIND_FACTS, type JobKindName } from '../../limits/job-kinds';
import { again, caught, like, parameters, sdk, text, type Ends, type States, type Step } from './states';

/** The job of a workflow: what is asked of SageMaker, but for the name. */
export interface LaunchedRun {
  readonly kind: JobKindName;
  readonly namePrefix: string;
  readonly request: { readonly [member: string]: unknown };
  /** Members in which the name of the job is filled in. */
  readonly jobNameIn: readonly string[];
  readonly acceptTimeLimit: boolean;
  /** The longest that it can take, if there is such a time. */
  readonly timeoutSeconds?: number;
}

/** What SageMaker has no instances for is asked for again, under another name, so often. */
const ATTEMPTS = 4;
const BETWEEN_ATTEMPTS_SECONDS = 15 * 60;
/** Each wait for a job whose task has ended without it is longer than the one before it by this: 300 looks are a month, and 4,000 of the 25,000 events that an execution can have. */
const LONGER_BY_SECONDS = 60;
const LONGEST_WAIT_SECONDS = 300 * LONGER_BY_SECONDS;

/**
 * A job under a name of its own, which is made before it is launched: however often the launch is tried, there is one job. How it ended is what its
 * description says, whatever became of the task: a launch that was answered too late, for instance, is found and waited for.
 */
export function jobStep(partition: string, run: LaunchedRun, ends: Ends): Step {
  const { kind, namePrefix, acceptTimeLimit, timeoutSeconds } = run;
  const [create, describe, stop] = JOB_KIND_FACTS[kind].calls;
  const status = `$.trained.${kind}Status`;
  const reason = '$.trained.FailureReason';
  return {
    entry: 'Name',
    states: (next) => ({
      'Name': {
        Type: 'Pass',
        Parameters: {
          // of a UUID two parts: what names of jobs have room for
          'name.$': `States.Format('${namePrefix}-{}-{}', States.ArrayGetItem(States.StringSplit(States.UUID(), '-'), 0), States.ArrayGetItem(States.StringSplit(States.UUID(), '-'), 1))`,
          'token.$': 'States.UUID()', 'waited': 0, 'seconds': 0, 'attempt.$': 'States.MathAdd($.job.attempt, 1)',
        },
        ResultPath: '$.job', Next: 'Launch',
      },
      'Launch': {
        Type: 'Task', Resource: `arn:${partition}:states:::sagemaker:${camel(create)}.sync`, Parameters: named(run), TimeoutSeconds: timeoutSeconds,
        // a quota that others use up for now, and calls that are too many; a job that failed is States.TaskFailed, and never among these
        Retry: [
          ...again(12, ['SageMaker.ResourceLimitExceededException'], 120),
          ...again(6, ['SageMaker.AmazonSageMakerException', 'SageMaker.SageMakerException', 'SageMaker.ThrottlingException'], 10),
        ],
        ResultPath: null, Catch: [{ ErrorEquals: ['States.Timeout'], ResultPath: '$.launch', Next: 'Stop' }, ...caught('$.launch', 'Look')], Next: 'Look',
      },
      'Look': {
        Type: 'Task', Resource: sdk(partition, 'sagemaker', camel(describe)), Parameters: { [`${kind}Name.$`]: '$.job.name' }, ResultPath: '$.trained',
        Retry: again(5), Catch: caught('$.look', 'Never launched?'), Next: 'Ended?',
      },
      'Never launched?': { Type: 'Choice', Choices: [{ Variable: '$.launch', IsPresent: true, Next: 'Not launched' }], Default: 'Not seen' },
      'Not launched': failure('JobNotLaunched', '{name} was not launched: {error}: {cause}', { error: '$.launch.Error', cause: '$.launch.Cause' }, ends.failed),
      'Not seen': failure('JobNotSeen', '{name} can\'t be looked at: {error}: {cause}', { error: '$.look.Error', cause: '$.look.Cause' }, ends.failed),
      'Ended?': {
        Type: 'Choice',
        Choices: [
          { Variable: status, StringEquals: 'Completed', Next: next },
          ...(acceptTimeLimit ? [{ And: [{ Variable: status, StringEquals: 'Stopped' }, ...byItsLimit(run)], Next: next }] : []),
          { Or: ['InProgress', 'Stopping'].map((word) => ({ Variable: status, StringEquals: word })), Next: 'Wait for the job' },
          { And: [like(reason, 'CapacityError*'), { Variable: '$.job.attempt', NumericLessThan: ATTEMPTS }], Next: 'Wait for instances' },
          { Variable: reason, IsPresent: true, Next: 'Job failed' },
        ],
        Default: 'Job stopped',
      },
      'Wait for the job': {
        Type: 'Pass',
        Parameters: {
          'name.$': '$.job.name', 'token.$': '$.job.token', 'attempt.$': '$.job.attempt',
          'seconds.$': `States.MathAdd($.job.seconds, ${LONGER_BY_SECONDS})`, 'waited.$': 'States.MathAdd($.job.waited, $.job.seconds)',
        },
        ResultPath: '$.job', Next: 'Too long?',
      },
      'Too long?': {
        Type: 'Choice',
        Choices: [
          ...(timeoutSeconds === undefined ? [] : [{ Variable: '$.job.waited', NumericGreaterThanEquals: timeoutSeconds, Next: 'Stop' }]),
          { Variable: '$.job.seconds', NumericGreaterThan: LONGEST_WAIT_SECONDS, Next: 'Stop' },
        ],
        Default: 'Wait',
      },
      'Wait': { Type: 'Wait', SecondsPath: '$.job.seconds', Next: 'Look' },
      // that Step Functions does it by itself is said of executions that are stopped, not of tasks that take too long
      'Stop': {
        Type: 'Task', Resource: sdk(partition, 'sagemaker', camel(stop)), Parameters: { [`${kind}Name.$`]: '$.job.name' }, ResultPath: null,
        Retry: again(8), Catch: caught('$.unknown', 'Job timed out'), Next: 'Job timed out',
      },
      'Job timed out': failure('JobFailed', '{name} has taken longer than it may (jobTimeout), and was stopped', {}, ends.failed),
      'Wait for instances': { Type: 'Wait', Seconds: BETWEEN_ATTEMPTS_SECONDS, Next: 'Name' },
      'Job failed': failure('JobFailed', '{name} ended as {status}: {reason}', { status, reason }, ends.failed),
      'Job stopped': failure('JobFailed', '{name} ended as {status}', { status }, ends.failed),
    }),
  };
}

/** Why a run is no good. */
export function failure(Error: string, words: string, paths: { readonly [word: string]: string }, Next: string): object {
  return { Type: 'Pass', Parameters: { Error, ...text('Cause', words, { name: '$.job.name', ...paths }) }, ResultPath: '$.error', Next };
}

function named({ kind, request, jobNameIn }: LaunchedRun): unknown {
  return { ...parameters(request, { JobName: '$.job.name' }, jobNameIn) as object, [`${kind}Name.$`]: '$.job.name' };
}

/** Of a tuning job the description doesn't say why it was stopped: it has taken as long as it may. */
function byItsLimit({ kind, request }: LaunchedRun): object[] {
  const spent = '$.trained.ConsumedResources.RuntimeInSeconds';
  const { ResourceLimits: limits } = (request.HyperParameterTuningJobConfig ?? {}) as { readonly ResourceLimits?: { readonly MaxRuntimeInSeconds?: number } };
  const [variable, rule] = kind === 'TrainingJob' ? ['$.trained.SecondaryStatus', { StringEquals: 'MaxRuntimeExceeded' }] : [spent, { NumericGreaterThanEquals: limits?.MaxRuntimeInSeconds ?? Number.MAX_SAFE_INTEGER }];
  return [{ Variable: variable, IsPresent: true }, { Variable: variable, ...rule }];
}

/** The best job of a tuning job is the one whose artifact and metrics count. */
export function bestJobStep(partition: string, ends: Ends): Step {
  const best = '$.trained.BestTrainingJob.TrainingJobName';
  return {
    entry: 'Any good?',
    states: (next): States => ({
      'Any good?': { Type: 'Choice', Choices: [{ Variable: best, IsPresent: true, Next: 'Best job' }], Default: 'None good' },
      'None good': failure('JobFailed', 'none of the jobs of {name} ended well', {}, ends.failed),
      'Best job': {
        Type: 'Task', Resource: sdk(partition, 'sagemaker', 'describeTrainingJob'), Parameters: { 'TrainingJobName.$': best }, ResultPath: '$.trained',
        Retry: again(5), Catch: caught('$.error', ends.failed), Next: next,
      },
    }),
  };
}

/** A folder has the slash at its end that a model's data source wants. */
export function artifactStep(isFolder: boolean): Step {
  const uri = '$.trained.ModelArtifacts.S3ModelArtifacts';
  const kept = (Next: string) => ({ Type: 'Pass', InputPath: uri, ResultPath: '$.artifact', Next });
  if (!isFolder) { return { entry: 'Artifact', states: (next) => ({ Artifact: kept(next) }) }; }
  return {
    entry: 'Slash?',
    states: (next) => ({
      'Slash?': { Type: 'Choice', Choices: [{ Variable: uri, StringMatches: '*/', Next: 'Artifact' }], Default: 'Slash' },
      'Slash': { Type: 'Pass', Parameters: { 'S3ModelArtifacts.$': `States.Format('{}/', ${uri})` }, ResultPath: '$.trained.ModelArtifacts', Next: 'Artifact' },
      'Artifact': kept(next),
    }),
  };
}

const camel = (call: string) => `${call[0].toLowerCase()}${call.slice(1)}`;
