import type { CreateHyperParameterTuningJobRequest, HyperParameterTuningJobConfig } from '@aws-sdk/client-sagemaker';
import { Annotations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { AlgorithmSpecification } from '../algorithm-specification';
import type { HyperparameterTuningJobProps } from '../hyperparameter-tuning-job-props';
import { rangedNames } from '../limits/tuning-definition';
import type { WarmStartConfig } from '../warm-start';
import { isToken, refuse, wholeSeconds } from './checks';
import { checkTuningJob } from './hyperparameter-tuning-job-limits';
import { definedMembers, nonEmpty } from './members';
import { TUNING_JOB_SHAPE, withOverrides } from './overrides';
import type { TuningDefinitionRequest } from './tuning-definition';

/** What a definition has been made of, for the request and for what is said of it. */
export interface RenderedDefinition {
  /** By which errors call it. */
  readonly scope: IConstruct;
  /** Its name, where it is one of several. */
  readonly name?: string;
  readonly rendered: TuningDefinitionRequest;
  readonly overrides?: { readonly [member: string]: any };
  readonly specification?: AlgorithmSpecification;
  /** Whether no override may open its network. */
  readonly isolated?: boolean;
}

/** The request, and what stands for its addresses in the run key. */
export interface TuningJobRequest {
  readonly request: Omit<CreateHyperParameterTuningJobRequest, 'HyperParameterTuningJobName'>;
  readonly content: { readonly [path: string]: string };
  /** Members in which the name of the job is to be filled in, which the handler makes. */
  readonly jobNameIn: readonly string[];
  /** What the handler is to look up before it launches the job. */
  readonly prerequisites: readonly 'Algorithm'[];
}

/** Props -> what SageMaker is asked. A single definition has its objective and its ranges in the configuration, each of several has its own. */
export function tuningJobRequest(scope: IConstruct, props: HyperparameterTuningJobProps, definitions: readonly RenderedDefinition[], warmStart?: WarmStartConfig): TuningJobRequest {
  const single = definitions.length === 1 && definitions[0].name === undefined ? definitions[0].rendered : undefined;
  const request: TuningJobRequest['request'] = {
    HyperParameterTuningJobConfig: configuration(scope, props, single),
    TrainingJobDefinition: single?.definition,
    TrainingJobDefinitions: single ? undefined : definitions.map(({ name, rendered }) => (
      { ...rendered.definition, DefinitionName: name, TuningObjective: rendered.objective, HyperParameterRanges: rendered.ranges })),
    WarmStartConfig: warmStart && {
      WarmStartType: warmStart.warmStartType as 'TransferLearning', ParentHyperParameterTuningJobs: warmStart.parentNames.map((HyperParameterTuningJobName) => ({ HyperParameterTuningJobName })),
    },
    Autotune: isAutotuned(scope, props) ? { Mode: 'Enabled' } : undefined,
  };
  const idle = request.Autotune ? undefined : definitions.find(({ rendered }) => rangedNames(rendered.ranges).length === 0);
  if (idle) { refuse(idle.scope, 'ranges', 'have at least one hyperparameter, unless autotune is set', undefined); }
  const complete = withOverrides(scope, TUNING_JOB_SHAPE, request, props.overrides);
  if (!single && (props.earlyStopping || warmStart)) {
    Annotations.of(scope).addWarningV2('cdk-sagemaker:featureOfOneDefinition', `${props.earlyStopping ? 'earlyStopping' : 'warmStart'} is documented for a single definition`);
  }
  const isChecked = checkTuningJob(scope, complete, props.overrides, definitions);
  return {
    request: complete,
    content: Object.fromEntries(definitions.flatMap(({ name, rendered }) => Object.entries(rendered.content).map(([path, hash]) => [`${placeOf(name, name)}.${path}`, hash]))),
    jobNameIn: definitions.flatMap(({ name, rendered }, index) => rendered.jobNameIn.map((path) => `${placeOf(name, index)}.${path}`)),
    prerequisites: isChecked ? [] : ['Algorithm'],
  };
}

const placeOf = (name: string | undefined, member: string | number | undefined) => (name === undefined ? 'TrainingJobDefinition' : `TrainingJobDefinitions.${member}`);

function configuration(scope: IConstruct, props: HyperparameterTuningJobProps, single: TuningDefinitionRequest | undefined): HyperParameterTuningJobConfig {
  const { strategy, minResource, maxResource } = props.strategy?.config ?? { strategy: 'Bayesian' };
  if (props.maxJobs === undefined && strategy !== 'Grid' && !isAutotuned(scope, props)) { refuse(scope, 'maxJobs', 'be given, unless the strategy is TuningStrategy.grid()', undefined); }
  const hyperband = definedMembers({ MinResource: minResource, MaxResource: maxResource });
  return {
    Strategy: strategy as HyperParameterTuningJobConfig['Strategy'],
    StrategyConfig: Object.keys(hyperband).length > 0 ? { HyperbandStrategyConfig: hyperband } : undefined,
    HyperParameterTuningJobObjective: single?.objective,
    ResourceLimits: {
      MaxNumberOfTrainingJobs: props.maxJobs,
      MaxParallelTrainingJobs: props.maxParallelJobs ?? 1,
      MaxRuntimeInSeconds: props.maxRuntime && wholeSeconds(scope, 'maxRuntime', props.maxRuntime),
    },
    ParameterRanges: single?.ranges,
    TrainingJobEarlyStoppingType: props.earlyStopping ? 'Auto' : 'Off',
    TuningJobCompletionCriteria: completionCriteria(scope, props),
    RandomSeed: props.randomSeed,
  };
}

function completionCriteria(scope: IConstruct, { completionCriteria: { targetObjectiveValue, maxJobsNotImproving, onConvergence } = {} }: HyperparameterTuningJobProps): HyperParameterTuningJobConfig['TuningJobCompletionCriteria'] {
  if (typeof targetObjectiveValue === 'number' && !isToken(targetObjectiveValue) && !Number.isFinite(targetObjectiveValue)) {
    refuse(scope, 'completionCriteria.targetObjectiveValue', 'be a finite number', String(targetObjectiveValue));
  }
  return nonEmpty(definedMembers({
    TargetObjectiveMetricValue: targetObjectiveValue,
    BestObjectiveNotImproving: maxJobsNotImproving === undefined ? undefined : { MaxNumberOfTrainingJobsNotImproving: maxJobsNotImproving },
    ConvergenceDetected: onConvergence === undefined ? undefined : { CompleteOnConvergence: onConvergence ? 'Enabled' as const : 'Disabled' as const },
  }));
}

/** Whether SageMaker finds what is left open: said, or meant by a range of its choice. */
export function isAutotuned(scope: IConstruct, { autotune, definition, definitions }: HyperparameterTuningJobProps): boolean {
  const ranges = [definition, ...Object.values(definitions ?? {})].flatMap((each) => Object.entries(each?.ranges ?? {}));
  const auto = ranges.find(([, { config }]) => config.rangeType === 'Auto');
  if (auto && autotune === false) { refuse(scope, 'autotune', `be true for ranges.${auto[0]}, which is ParameterRange.auto`, autotune); }
  return autotune ?? auto !== undefined;
}
