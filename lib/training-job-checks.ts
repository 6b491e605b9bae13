import type { Construct } from 'constructs';
import { checkWithoutNetwork } from './isolation';
import { checkLifecycle } from './launched-job';
import { isToken, refuse } from './request/checks';
import { checkPropKinds } from './request/prop-kinds';
import type { TrainingDefinitionProps } from './training-definition-props';
import type { TrainingJobProps } from './training-job-props';

/** What only the props of a job can tell, before anything is made of them. What a request can tell is checked with the request. */
export function checkTrainingJobProps(job: Construct, props: TrainingJobProps): void {
  checkPropKinds(job, props);
  checkLifecycle(job, 'TrainingJob', props);
  checkWithoutNetwork(job, props, { remoteDebug: props.remoteDebug, mlflow: props.mlflow });
  checkNames(job, props, { debugRules: props.debugRules, profilerRules: props.profilerRules });
}

/** Names in map keys must be known: a request's entries are told apart by them. */
export function checkNames(job: Construct, props: TrainingDefinitionProps, others: { readonly [prop: string]: object | undefined }): void {
  const { instanceGroups, placement } = props.capacity.config;
  const maps = { inputs: props.inputs, ...others, 'capacity.groups': instanceGroups, 'capacity.placement.instances': placement?.instances };
  for (const [prop, map] of Object.entries(maps)) {
    const token = Object.keys(map ?? {}).find(isToken);
    if (token !== undefined) { refuse(job, prop, 'have names that are known at synthesis', token); }
  }
}
