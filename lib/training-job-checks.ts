import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { durationInRange, isToken, lengthInRange, oneOf, refuse, refuseToken, serviceName } from './request/checks';
import { checkMemberPath } from './request/overrides';
import { checkPropKinds } from './request/prop-kinds';
import type { TrainingJobProps } from './training-job-props';

/** What only the props of a job can tell, before anything is made of them. What a request can tell is checked with the request. */
export function checkTrainingJobProps(job: IConstruct, props: TrainingJobProps): void {
  checkPropKinds(job, props);
  checkLife(job, props);
  checkNames(job, props);
}

function checkLife(job: IConstruct, props: TrainingJobProps): void {
  const manual = props.retrain?.manualRevision;
  if (manual !== undefined && props.revision !== undefined) { refuse(job, 'revision', 'be left out with Retrain.manual, which has its own', props.revision); }
  lengthInRange(job, 'revision', props.revision, 1, 256);
  lengthInRange(job, 'retrain', manual, 1, 256);
  oneOf(job, 'removalPolicy', props.removalPolicy, [RemovalPolicy.RETAIN, RemovalPolicy.DESTROY]);
  serviceName(job, 'adopt.name', props.adopt?.name, 'the name of a job:');
  props.adopt?.accept?.forEach((path, index) => checkMemberPath(job, `adopt.accept[${index}]`, path));
  if (props.completion?.within?.isUnresolved()) { refuseToken(job, 'completion.within', 'be known at synthesis, for it says how many resources wait'); }
  durationInRange(job, 'completion.within', props.completion?.within, Duration.minutes(1), Duration.days(30));
}

/** Names in map keys must be known: a request's entries are told apart by them. */
function checkNames(job: IConstruct, props: TrainingJobProps): void {
  const { instanceGroups, placement } = props.capacity.config;
  const maps = {
    'inputs': props.inputs, 'debugRules': props.debugRules, 'profilerRules': props.profilerRules,
    'capacity.groups': instanceGroups, 'capacity.placement.instances': placement?.instances,
  };
  for (const [prop, map] of Object.entries(maps)) {
    const token = Object.keys(map ?? {}).find(isToken);
    if (token !== undefined) { refuse(job, prop, 'have names that are known at synthesis', token); }
  }
}
