import type { CreateHyperParameterTuningJobRequest, CreateTrainingJobRequest } from '@aws-sdk/client-sagemaker';
import type { IConstruct } from 'constructs';
import { written, type Path, type Violation } from '../limits/constraints';
import { algorithmViolationsOf, tuningJobViolations } from '../limits/hyperparameter-tuning-job-check';
import { asTrainingJob, SHARED_RANGES, sharedRanges, STATIC } from '../limits/tuning-definition';
import { uncarried } from './carried';
import { isToken } from './checks';
import type { RenderedDefinition } from './hyperparameter-tuning-job-request';
import { doubleSlash, isOverridden, refuseAt } from './request-violations';
import { propOf, unknownUntilDeployed } from './training-job-limits';
import { checkIsolation, warnOfRisks } from './training-job-warnings';

type Request = Omit<CreateHyperParameterTuningJobRequest, 'HyperParameterTuningJobName'>;
type Tree = { readonly [member: string]: any };

/**
 * Beyond what the service or an algorithm takes: a wrong program. The error names the definition and the prop that the member came from. Answers
 * whether all that counts of the algorithms was known: otherwise the handler has to look at it once more.
 */
export function checkTuningJob(scope: IConstruct, request: Request, overrides: Tree | undefined, definitions: readonly RenderedDefinition[]): boolean {
  const refused = (violation: Violation) => refuseTuningViolation(scope, request, overrides, definitions, violation);
  const violation = tuningJobViolations(request, isToken)[0] ?? doubleSlash(request) ?? uncarried(request);
  if (violation) { refused(violation); }
  let isKnown = true;
  for (const { definition, rendered } of inRequest(request, definitions)) {
    const name = definition.AlgorithmSpecification?.AlgorithmName as string | undefined;
    if (name === undefined) { continue; }
    if (!rendered.specification) { isKnown = false; continue; }
    const { isUnknown, sawUnknown } = unknownUntilDeployed();
    const [wrong] = algorithmViolationsOf(request, name, rendered.specification._description, isUnknown);
    if (wrong) { refused(wrong); }
    isKnown &&= !sawUnknown();
  }
  for (const { definition, rendered: { scope: place, isolated, overrides: own } } of inRequest(request, definitions)) {
    const job = asTrainingJob(definition, undefined) as CreateTrainingJobRequest;
    checkIsolation(place, job, isolated, own);
    warnOfRisks(place, job, isolated);
  }
  return isKnown;
}

function inRequest(request: Request, definitions: readonly RenderedDefinition[]): { readonly definition: Tree; readonly rendered: RenderedDefinition }[] {
  const list = request.TrainingJobDefinitions ?? [request.TrainingJobDefinition];
  return definitions.map((rendered, index) => ({ definition: list[index] as Tree, rendered }));
}

function refuseTuningViolation(scope: IConstruct, request: Request, overrides: Tree | undefined, definitions: readonly RenderedDefinition[], violation: Violation): never {
  const found = definitionAt(violation.path);
  if (!found) { return refuseAt(scope, violation, (at) => (isOverridden(overrides, at) ? `overrides.${written(at)}` : TUNING_PROPS[plain(at)] ?? `overrides.${written(at)}`)); }
  const { definition, rendered } = inRequest(request, definitions)[found.index];
  const job = asTrainingJob(definition, sharedRanges(request));
  const within = { ...violation, path: found.path };
  return refuseAt(rendered.scope, within, (at) => (isOverridden(rendered.overrides, at) ? `overrides.${written(at)}` : propOf(trainingWords(at), job)));
}

const OBJECTIVE: Path = ['HyperParameterTuningJobConfig', 'HyperParameterTuningJobObjective'];

/** Which definition a path is about, and where in it. */
function definitionAt(path: Path): { readonly index: number; readonly path: Path } | undefined {
  const [first, second, ...rest] = path;
  if (first === 'TrainingJobDefinition' && second !== undefined) { return { index: 0, path: [second, ...rest] }; }
  if (first === 'TrainingJobDefinitions' && typeof second === 'number' && rest.length > 0) { return { index: second, path: rest }; }
  if (startsWith(path, SHARED_RANGES)) { return { index: 0, path: ['HyperParameterRanges', ...rest] }; }
  return startsWith(path, OBJECTIVE) ? { index: 0, path: ['TuningObjective', ...rest] } : undefined;
}

const startsWith = (path: Path, start: Path) => start.every((part, index) => path[index] === part);

/** A place in a definition, as a training job calls it. */
function trainingWords([first, ...rest]: Path): Path {
  switch (first) {
    case STATIC: return ['HyperParameters', ...rest];
    case 'HyperParameterRanges': return ['ParameterRanges', ...rest];
    case 'TuningObjective': return ['Objective', ...rest];
    case 'HyperParameterTuningResourceConfig': return ['ResourceConfig', ...rest.map((part) => (part === 'InstanceConfigs' ? 'InstancePreferences' : part))];
    default: return [first, ...rest];
  }
}

const plain = (path: Path) => path.filter((part) => typeof part !== 'number').join('.');
const CONFIG = 'HyperParameterTuningJobConfig';

/** Member -> prop of the tuning job. */
const TUNING_PROPS: { readonly [member: string]: string } = {
  'TrainingJobDefinition': 'definition',
  'TrainingJobDefinitions': 'definitions',
  'TrainingJobDefinitions.DefinitionName': 'definitions: the name',
  [`${CONFIG}.Strategy`]: 'strategy',
  [`${CONFIG}.StrategyConfig`]: 'strategy',
  [`${CONFIG}.StrategyConfig.HyperbandStrategyConfig.MinResource`]: 'strategy.minResource',
  [`${CONFIG}.StrategyConfig.HyperbandStrategyConfig.MaxResource`]: 'strategy.maxResource',
  [`${CONFIG}.ResourceLimits.MaxNumberOfTrainingJobs`]: 'maxJobs',
  [`${CONFIG}.ResourceLimits.MaxParallelTrainingJobs`]: 'maxParallelJobs',
  [`${CONFIG}.ResourceLimits.MaxRuntimeInSeconds`]: 'maxRuntime',
  [`${CONFIG}.TrainingJobEarlyStoppingType`]: 'earlyStopping',
  [`${CONFIG}.TuningJobCompletionCriteria.BestObjectiveNotImproving.MaxNumberOfTrainingJobsNotImproving`]: 'completionCriteria.maxJobsNotImproving',
  [`${CONFIG}.RandomSeed`]: 'randomSeed',
  'WarmStartConfig': 'warmStart',
  'WarmStartConfig.WarmStartType': 'warmStart',
  'WarmStartConfig.ParentHyperParameterTuningJobs': 'warmStart: the parents',
  'WarmStartConfig.ParentHyperParameterTuningJobs.HyperParameterTuningJobName': 'warmStart: the parents',
};
