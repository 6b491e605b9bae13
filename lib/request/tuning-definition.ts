import type { CreateTrainingJobRequest, HyperParameterTrainingJobDefinition, HyperParameterTuningJobObjective, ParameterRanges } from '@aws-sdk/client-sagemaker';
import { Annotations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { TuningDefinitionProps } from '../hyperparameter-tuning-job-props';
import { asTrainingJob, STATIC } from '../limits/tuning-definition';
import { oneOf, refuse } from './checks';
import { nonEmpty } from './members';
import { TUNING_DEFINITION_SHAPE, withOverrides } from './overrides';
import { parameterRanges } from './parameter-ranges';
import { warnOfSecretValues } from './secret-values';
import { definitionContent, trainingDefinition, type BoundDefinition } from './training-definition';
import { tuningResources } from './tuning-resources';

/** A definition, without what belongs to the configuration where there is a single one. */
export interface TuningDefinitionRequest {
  readonly definition: HyperParameterTrainingJobDefinition;
  readonly objective: HyperParameterTuningJobObjective;
  readonly ranges: ParameterRanges;
  /** What stands for its addresses in the run key, by the path within it. */
  readonly content: { readonly [path: string]: string };
  /** Members of it in which the name of the job is to be filled in. */
  readonly jobNameIn: readonly string[];
  /** Every metric that a job of it has. */
  readonly metricNames: readonly string[];
}

/** Props of a definition -> what SageMaker is asked. */
export function tuningDefinition(scope: IConstruct, props: TuningDefinitionProps, bound: BoundDefinition): TuningDefinitionRequest {
  checkExpressible(scope, props, bound);
  const { algorithm } = bound;
  const { members: { HyperParameters, AlgorithmSpecification: spec, ...same }, namingTheJob, reserved } = trainingDefinition(scope, props, bound, tuningResources(scope, props.capacity.config, bound.volumeKey?.key));
  for (const name of Object.keys(props.ranges ?? {})) { if (Object.hasOwn(reserved, name)) { refuse(scope, `ranges.${name}`, reserved[name], name); } }
  const ranges = parameterRanges(scope, props.ranges ?? {}, algorithm, props.algorithm.scriptFramework !== undefined);
  const definition: HyperParameterTrainingJobDefinition = {
    ...same as HyperParameterTrainingJobDefinition,
    AlgorithmSpecification: {
      TrainingImage: spec?.TrainingImage, AlgorithmName: spec?.AlgorithmName, TrainingInputMode: spec?.TrainingInputMode, MetricDefinitions: spec?.MetricDefinitions,
    },
    [STATIC]: nonEmpty(Object.fromEntries(Object.entries(HyperParameters ?? {}).filter(([name]) => !Object.hasOwn(props.ranges ?? {}, name)))),
  };
  const complete = withOverrides(scope, TUNING_DEFINITION_SHAPE, definition, props.overrides);
  warnOfSecretValues(scope, complete);
  const twice = Object.keys(complete[STATIC] ?? {}).find((name) => Object.hasOwn(props.ranges ?? {}, name));
  if (twice !== undefined) { refuse(scope, `overrides.${STATIC}.${twice}`, 'be left out: ranges has it', complete[STATIC]![twice]); }
  const [after, before] = [complete, definition].map((each) => asTrainingJob(each, undefined) as CreateTrainingJobRequest);
  const content = definitionContent(after, before, bound);
  return {
    definition: complete,
    objective: { Type: props.objective.goal, MetricName: props.objective.metricName },
    ranges,
    content: Object.fromEntries(Object.entries(content).map(([path, hash]) => [path.replace(/^HyperParameters\./, `${STATIC}.`), hash])),
    jobNameIn: namingTheJob.map((name) => `${STATIC}.${name}`),
    metricNames: metricNames(scope, props, complete, bound),
  };
}

/** What a training job may have, and the jobs of a tuning job have no members for. */
function checkExpressible(scope: IConstruct, { algorithm }: TuningDefinitionProps, { algorithm: { serverless, entrypoint, arguments: commandArguments, metricsTimeSeries, image } }: BoundDefinition): void {
  const none = (prop: string, value: unknown) => { if (value !== undefined) { refuse(scope, prop, 'be left out: the jobs of a tuning job have no such member', value); } };
  if (serverless) { refuse(scope, 'algorithm', 'be one that runs on instances: a tuning job can\'t be serverless', algorithm); }
  none('algorithm.entrypoint', entrypoint);
  none('algorithm.arguments', commandArguments);
  none('algorithm.metricsTimeSeries', metricsTimeSeries);
  if (image?.isInVpc) { refuse(scope, 'algorithm.image', 'be in Amazon ECR: the jobs of a tuning job reach no registry of one\'s own', image.imageUri); }
}

/** The objective is one of the metrics, where they are known. */
function metricNames(scope: IConstruct, props: TuningDefinitionProps, definition: HyperParameterTrainingJobDefinition, { algorithm }: BoundDefinition): string[] {
  const { metricName } = props.objective;
  const known = [...(definition.AlgorithmSpecification?.MetricDefinitions ?? []).map(({ Name }) => Name!), ...algorithm.metricNames ?? []];
  if (known.length > 0) { oneOf(scope, 'objective', metricName, known); }
  if (known.length === 0 && algorithm.algorithmName === undefined) {
    Annotations.of(scope).addWarningV2('cdk-sagemaker:objectiveWithoutMetric', `no metric is defined, so that the objective ${metricName} is found in no log; set metrics`);
  }
  return [...new Set([...known, metricName])];
}
