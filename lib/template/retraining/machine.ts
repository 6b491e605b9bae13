import { artifactStep, bestJobStep, jobStep, type LaunchedRun } from './job-states';
import { gateSteps, memoryStep, type Bound } from './gate-states';
import { lastStates, endsOf, type Notice } from './last-states';
import { firstStates } from './first-states';
import { publishStep, registerStep, RESTORE, restoringStates } from './publish-states';
import { inARow, type Ends, type Step } from './states';
import { updateStep, updatingBack } from './update-states';

/** What a workflow does, ready to be written as states. */
export interface Retraining {
  readonly partition: string;
  readonly job: LaunchedRun;
  readonly bounds: readonly Bound[];
  /** The parameter in which it keeps the metrics of the last run that was accepted. */
  readonly memory?: string;
  /** CreateModelPackage, with `{artifact}` where the artifact is named. */
  readonly register?: { readonly [member: string]: unknown };
  /** The parameter that says where the artifact is. */
  readonly parameter?: string;
  /** Whether the artifact is a folder of files. */
  readonly isFolder: boolean;
  /** The stacks that read it. */
  readonly stacks: readonly string[];
  readonly notice: Notice;
}

/**
 * The state machine of a workflow (Standard, JSONPath): a pure function of what it does.
 *
 * What is known along the way: `$.run` is the execution, `$.job` the job's name, `$.trained` the description of the job that has the artifact, `$.artifact`
 * where that is, `$.metrics` its figures, `$.before` what was published until now, and `$.error` why the run is no good.
 */
export function retrainingDefinition(retraining: Retraining): object {
  const { partition, job, notice, parameter } = retraining;
  const ends = endsOf(notice);
  const flow = inARow([...learning(retraining, ends), ...publishing(retraining, ends)], ends.succeeded);
  return {
    Comment: 'One run at a time; a run that fails changes nothing',
    StartAt: 'Begin?',
    States: {
      ...firstStates(partition, flow.entry, ends),
      ...flow.states,
      ...(parameter === undefined ? {} : restoring(retraining, parameter, ends)),
      ...lastStates(partition, job, notice),
    },
  };
}

/** From the job to its metrics. A transform job has no more than an end. */
function learning({ partition, job, bounds, memory, isFolder }: Retraining, ends: Ends): Step[] {
  return [
    jobStep(partition, job, ends),
    ...(job.kind === 'HyperParameterTuningJob' ? [bestJobStep(partition, ends)] : []),
    ...(job.kind === 'TransformJob' ? [] : [artifactStep(isFolder)]),
    ...gateSteps(partition, bounds, memory, ends),
  ];
}

/** From the registry to the endpoint. A stack that can't be moved takes those before it back with it. */
function publishing({ partition, register, parameter, stacks, memory, bounds }: Retraining, ends: Ends): Step[] {
  return [
    ...(register ? [registerStep(partition, register, ends)] : []),
    ...(parameter === undefined ? [] : [publishStep(partition, parameter, ends)]),
    ...stacks.map((stack, index) => updateStep(partition, stack, index, RESTORE, ends)),
    ...(memory === undefined ? [] : [memoryStep(partition, memory, bounds)]),
  ];
}

/** All stacks are asked back, also those that were not reached: there is nothing for them to do then. */
function restoring({ partition, stacks }: Retraining, parameter: string, ends: Ends) {
  const back = inARow(stacks.slice(0, -1).map((stack, index) => updatingBack(partition, stack, index)), ends.failed);
  return { ...restoringStates(partition, parameter, back.entry, ends), ...back.states };
}
