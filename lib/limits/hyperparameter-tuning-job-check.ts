import { algorithmViolations, type AlgorithmDescription } from './algorithm-check';
import { completeHyperparameters } from './algorithm-hyperparameters';
import { beyondLimits, type IsUnknown, type Violation } from './constraints';
import { TUNING_JOB_LIMITS } from './hyperparameter-tuning-job';
import { againstTuningRules } from './hyperparameter-tuning-job-rules';
import { asTrainingJob, definitionsOf, inDefinition, rangedNames, SHARED_RANGES, sharedRanges, STATIC, withDefinitions } from './tuning-definition';

type Tree = { readonly [member: string]: any };

/** Everything wrong with a request for a tuning job, as far as it is known: members first, then what they are together. */
export function tuningJobViolations(request: object, isUnknown?: IsUnknown): Violation[] {
  const single = beyondLimits(TUNING_JOB_LIMITS, request, isUnknown);
  return single.length > 0 ? single : againstTuningRules(request as Tree, isUnknown);
}

/** The algorithm resources that definitions name. */
export function algorithmNames(request: Tree): string[] {
  const names = definitionsOf(request).map(({ definition }) => definition?.AlgorithmSpecification?.AlgorithmName as string | undefined);
  return [...new Set(names.filter((name): name is string => name !== undefined && name !== null))];
}

/** What definitions of an algorithm have that it does not take: instances, channels, hyperparameters and their ranges, the objective. */
export function algorithmViolationsOf(request: Tree, name: string, description: AlgorithmDescription, isUnknown?: IsUnknown): Violation[] {
  return definitionsOf(request).filter(({ definition }) => definition.AlgorithmSpecification?.AlgorithmName === name).flatMap(({ definition, at }) => {
    const job = { ...asTrainingJob(definition, sharedRanges(request)), Objective: definition.TuningObjective ?? request.HyperParameterTuningJobConfig?.HyperParameterTuningJobObjective };
    return algorithmViolations(job, description, isUnknown).map((violation) => ({ ...violation, path: pathOf(violation, definition, at) }));
  });
}

function pathOf({ path }: Violation, definition: Tree, at: Violation['path']): Violation['path'] {
  if (path[0] !== 'Objective') { return inDefinition(path, definition, at, SHARED_RANGES); }
  return [...(definition.TuningObjective ? [...at, 'TuningObjective'] : ['HyperParameterTuningJobConfig', 'HyperParameterTuningJobObjective']), ...path.slice(1)];
}

/** The request with what an algorithm has for hyperparameters that its definitions say nothing of. */
export function completedByAlgorithm(request: Tree, name: string, description: AlgorithmDescription, isUnknown?: IsUnknown): Tree {
  const known = description.TrainingSpecification?.SupportedHyperParameters ?? [];
  return withDefinitions(request, (definition) => {
    if (definition?.AlgorithmSpecification?.AlgorithmName !== name) { return definition; }
    const texts = withoutRanged(completeHyperparameters(known, definition[STATIC], isUnknown), definition.HyperParameterRanges ?? sharedRanges(request));
    return Object.keys(texts).length > 0 ? { ...definition, [STATIC]: texts } : definition;
  });
}

function withoutRanged(texts: { [name: string]: string }, ranges: unknown): { [name: string]: string } {
  const ranged = rangedNames(ranges as Tree | undefined);
  return Object.fromEntries(Object.entries(texts).filter(([name]) => !ranged.includes(name)));
}
