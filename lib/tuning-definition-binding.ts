import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { TuningDefinitionProps, TuningOptions } from './hyperparameter-tuning-job-props';
import { ISOLATION_OF_JOBS, isolatedProps } from './isolation';
import { JobNetwork } from './job-network';
import { JobScope } from './job-scope';
import { countInRange, isToken, refuse } from './request/checks';
import type { RenderedDefinition } from './request/hyperparameter-tuning-job-request';
import { checkTuningDefinitionKinds } from './request/prop-kinds';
import type { BoundDefinition } from './request/training-definition';
import { tuningDefinition } from './request/tuning-definition';
import { executionRole } from './template/execution-role';
import { boundDefinition, grantCapacity } from './training-job-binding';
import { checkNames } from './training-job-checks';

/** A definition with all that was made for it: a role of its own, which may do what its own props need, and a network. */
export interface MadeDefinition extends RenderedDefinition {
  readonly props: TuningDefinitionProps;
  readonly bound: BoundDefinition;
  readonly role: IRole;
  readonly network?: JobNetwork;
}

/** Every definition in a scope of its own, by which errors call it. Several are in order of name, as the Python SDK sends them. */
export function madeDefinitions(job: Construct, { definition, definitions }: TuningOptions, jobNamePrefix: string): MadeDefinition[] {
  if ((definition === undefined) === (definitions === undefined)) { refuse(job, 'definition', 'be given, or definitions, and not both', definition ? 'both' : undefined); }
  if (definition) { return [made(new JobScope(job, 'Definition'), definition, jobNamePrefix)]; }
  countInRange(job, 'definitions', definitions, 1, 10);
  const token = Object.keys(definitions!).find(isToken);
  if (token !== undefined) { refuse(job, 'definitions', 'have names that are known at synthesis', token); }
  const scope = new Construct(job, 'Definitions');
  // by code unit: localeCompare differs between machines
  return Object.keys(definitions!).sort().map((name) => {
    if (!/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,63}$/.test(name)) { refuse(job, 'definitions: the name', 'be of 1 to 64 letters, digits and dashes, with no dash at either end', name); }
    return made(new JobScope(scope, name), definitions![name], jobNamePrefix, name);
  });
}

function made(scope: JobScope, props: TuningDefinitionProps, jobNamePrefix: string, name?: string): MadeDefinition {
  checkTuningDefinitionKinds(scope, props);
  props = isolatedProps(scope, props, ISOLATION_OF_JOBS);
  checkNames(scope, props, { ranges: props.ranges });
  const role = executionRole(scope, 'TrainingJobs', props.role);
  const network = JobNetwork.of(scope, props);
  scope.network = network;
  const volumeKey = grantCapacity(scope, props, role, network);
  const bound = { ...boundDefinition(scope, props, role, network, { jobNamePrefix, ranges: props.ranges ?? {} }), volumeKey };
  const rendered = tuningDefinition(scope, props, bound);
  return { scope, name, props, bound, role, network, rendered, isolated: props.isolated, overrides: props.overrides, specification: bound.algorithm.specification };
}
