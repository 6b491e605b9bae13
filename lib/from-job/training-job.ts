import { capacityOf } from './capacity';
import { call, literal, object, optional } from './code';
import { definitionParts } from './definition';
import type { Images } from './images';
import { monitoring } from './monitoring';
import { adoption, completion, experimentCode, prepared, refuseDifferent, tagStatements, withoutTime, type Defaults } from './prepared';
import type { Program } from './program';
import { isEmpty, only, overridesFor, type Tree } from './tree';
import { Unexpressible } from './unexpressible';

/** How a job is written. */
export interface JobOptions {
  /** Whether the construct takes the job over. */
  readonly isAdopted: boolean;
  /** Whether it is what a Describe call says. */
  readonly isDescribed: boolean;
}

/** Members that other props decide. */
export const FIXED = ['OutputDataConfig.S3OutputPath', 'OutputDataConfig.KmsKeyId'];

/** What a job is assumed to have that says nothing of it. */
export const DEFINITION_DEFAULTS: Defaults = {
  'EnableNetworkIsolation': false, 'EnableInterContainerTrafficEncryption': false, 'EnableManagedSpotTraining': false,
};
const DEFAULTS: Defaults = {
  ...DEFINITION_DEFAULTS, 'ResourceConfig.KeepAlivePeriodInSeconds': 0, 'AlgorithmSpecification.TrainingImageConfig.TrainingRepositoryAccessMode': 'Platform',
};

/** What the service refuses, so that no job can have been made of it. */
export function checkSpot({ EnableManagedSpotTraining: isSpot, StoppingCondition: limit }: Tree): void {
  const wait = limit?.MaxWaitTimeInSeconds as number | undefined;
  if (isSpot === true && wait === undefined) { throw new Unexpressible('StoppingCondition.MaxWaitTimeInSeconds: a spot job without a longest wait is refused by the service; say one'); }
  if (isSpot !== true && wait !== undefined) { throw new Unexpressible(`StoppingCondition.MaxWaitTimeInSeconds: ${wait} seconds are for spot capacity alone (EnableManagedSpotTraining), which the service wants with it`); }
}

/** The construct of a training job. @returns its constant */
export function trainingJob(program: Program, images: Images, request: Tree, { isAdopted, isDescribed }: JobOptions): string {
  const jobName = request.TrainingJobName as string | undefined;
  const { wanted, otherwise } = prepared(program, request, ['TrainingJobName', 'Tags', 'RoleArn'], DEFAULTS, (path) => path === 'OutputDataConfig.S3OutputPath');
  checkSpot(wanted);
  const full = { ...wanted, RoleArn: request.RoleArn, TrainingJobName: jobName };
  const capacity = capacityOf(program, full);
  const { parts, output, algorithm } = definitionParts({ program, images, capacity, member: 'HyperParameters', jobName, isDescribed }, full);
  monitoring(program, images, parts, full, output);
  const { ExperimentConfig: experiment, MlflowConfig: mlflow, ModelPackageConfig: registered } = wanted;
  parts.say('experiment', experimentCode(experiment), { ExperimentConfig: experiment });
  if (mlflow) {
    parts.say('mlflow', call('Mlflow.fromResource', literal(mlflow.MlflowResourceArn), object({ experimentName: optional(mlflow.MlflowExperimentName), runName: optional(mlflow.MlflowRunName) })), { MlflowConfig: only(mlflow, 'MlflowResourceArn', 'MlflowExperimentName', 'MlflowRunName') });
  }
  if (registered?.ModelPackageGroupArn !== undefined) {
    parts.say('modelPackage', call('ModelPackageOutput.inGroup', literal(registered.ModelPackageGroupArn), object({ sourceModelPackage: optional(registered.SourceModelPackageArn) })), { ModelPackageConfig: only(registered, 'ModelPackageGroupArn', 'SourceModelPackageArn') });
  }
  for (const [prop, config, member] of [['remoteDebug', 'RemoteDebugConfig', 'EnableRemoteDebug'], ['infraCheck', 'InfraCheckConfig', 'EnableInfraCheck'], ['sessionTagChaining', 'SessionChainingConfig', 'EnableSessionTagChaining']] as const) {
    const value = wanted[config]?.[member] as boolean | undefined;
    if (value !== undefined) { parts.say(prop, literal(value), { [config]: { [member]: value } }); }
  }
  const { overrides, different } = overridesFor(wanted, parts.made, FIXED);
  refuseDifferent(different);
  if (overrides) { parts.say('overrides', literal(overrides)); }
  if (isAdopted && jobName !== undefined) {
    const ofName = algorithm.framework?.name === 'tensorflow' && algorithm.texts.model_dir?.includes(`/${jobName}/`) ? ['HyperParameters.model_dir'] : [];
    parts.say('adopt', adoption(jobName, [...otherwise, ...ofName]));
  }
  const { MaxWaitTimeInSeconds: wait, MaxRuntimeInSeconds: run, MaxPendingTimeInSeconds: pending = 0 } = parts.made.StoppingCondition as Tree ?? {};
  const longest = (wait ?? run) as number | undefined;
  parts.say('completion', completion(program, longest === undefined ? undefined : longest + pending));
  if (isEmpty(request.RoleArn)) { program.note('role: the request names none; the job has one of its own here'); }
  const constant = program.construct('TrainingJob', withoutTime(jobName ?? 'Training'), 'Training', object(parts.props));
  tagStatements(program, constant, request.Tags);
  return constant;
}
