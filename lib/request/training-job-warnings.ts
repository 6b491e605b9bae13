import type { CreateTrainingJobRequest } from '@aws-sdk/client-sagemaker';
import { Annotations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { isToken, refuse } from './checks';
import { warnOfInstanceTypes } from './instance-type-warnings';
import KNOWN_TYPES from './training-instance-types.json';

type Request = Omit<CreateTrainingJobRequest, 'TrainingJobName'>;

/** Instance types that a job can wait for by MaxPendingTimeInSeconds. */
const ACCELERATED = /^ml\.(p|g|gr|trn|inf|dl)\d/;
const ULTRA_SERVERS = /^ml\.(p6e|trn2u)/;
/** The model of the service takes 2,500 characters, its documents 256. */
const LONGEST_DOCUMENTED_VALUE = 256;
/** The model of the service takes 6 hours, older documents one. */
const LONGEST_DOCUMENTED_KEEP_ALIVE = 3600;

/** What `isolated` sets, an override would take away without a word. */
export function checkIsolation(scope: IConstruct, request: Request, isolated: boolean | undefined, overrides: { readonly [member: string]: unknown } = {}): void {
  if (!isolated) { return; }
  // null takes the network away, and anything else leads out of the subnets that were looked at
  if (overrides.VpcConfig !== undefined) { refuse(scope, 'overrides.VpcConfig', 'be left out with isolated, which says it by vpc, vpcSubnets and securityGroups', overrides.VpcConfig); }
  for (const member of ['EnableNetworkIsolation', 'EnableInterContainerTrafficEncryption'] as const) {
    if (request[member] !== true) { refuse(scope, `overrides.${member}`, 'be left out with isolated, which sets it to true', request[member]); }
  }
}

/** Allowed, or not for certain refused, and likely to hurt. The ids are part of the API (docs/limits.md). */
export function warnOfRisks(scope: IConstruct, request: Request, isolated = false): void {
  const warn = (id: string, text: string) => Annotations.of(scope).addWarningV2(`cdk-sagemaker:${id}`, text);
  const resources = request.ResourceConfig ?? {};
  const types = instanceTypes(resources);
  if (request.EnableManagedSpotTraining && !request.CheckpointConfig) {
    warn('spotWithoutCheckpoints', 'a spot job without checkpoints starts over when it is interrupted; set checkpoints');
  }
  // which is nobody's word where it comes with isolated
  if (request.EnableInterContainerTrafficEncryption && resources.InstanceCount === 1 && !isolated) {
    warn('encryptionOfOneInstance', 'there is no traffic between containers to encrypt with one instance; it has an effect from two instances on');
  }
  warnOfInstanceTypes(scope, types, KNOWN_TYPES, resources.VolumeKmsKeyId !== undefined);
  if (request.StoppingCondition?.MaxPendingTimeInSeconds !== undefined && !resources.TrainingPlanArn && types.length > 0 && !types.some((type) => ACCELERATED.test(type))) {
    warn('pendingTimeOfPlainInstances', `maxPending is for accelerated instance types and training plans; ${types.join(', ')} may refuse it`);
  }
  if (resources.InstancePlacementConfig && types.length > 0 && !types.some((type) => ULTRA_SERVERS.test(type))) {
    warn('placementWithoutUltraServers', `capacity.placement is for instance types of UltraServers; ${types.join(', ')} may refuse it`);
  }
  if (seconds(resources.KeepAlivePeriodInSeconds) > LONGEST_DOCUMENTED_KEEP_ALIVE) {
    warn('longKeepAlive', 'a warm pool is documented for up to 1 hour in one place and up to 6 hours in another; your account\'s quota of warm pools must allow it');
  }
  for (const { Name, Regex = '' } of request.AlgorithmSpecification?.MetricDefinitions ?? []) {
    const groups = isToken(Regex) ? undefined : groupsOf(Regex);
    if (groups === 0) { warn('metricWithoutGroup', `the metric ${Name} has no value: its expression ${Regex} has no group`); }
    if (groups === 'unreadable') { warn('unreadableMetric', `the metric ${Name} will hardly be found: its expression ${Regex} is none that can be read`); }
  }
  for (const [name, value] of Object.entries(request.HyperParameters ?? {})) {
    if (!isToken(value) && value.length > LONGEST_DOCUMENTED_VALUE) { warn('longHyperparameter', `hyperparameters.${name} has ${value.length} characters; SageMaker documents ${LONGEST_DOCUMENTED_VALUE} in one place and 2500 in another`); }
  }
}

function instanceTypes({ InstanceType, InstanceGroups, InstancePreferences }: NonNullable<Request['ResourceConfig']>): string[] {
  const all = [InstanceType, ...(InstanceGroups ?? []).map((group) => group.InstanceType), ...(InstancePreferences ?? []).map((choice) => choice.InstanceType)];
  return [...new Set(all.filter((type): type is NonNullable<typeof type> => type !== undefined && !isToken(type)))];
}

const seconds = (value: number | undefined) => (value === undefined || isToken(value) ? 0 : value);

/** How many groups an expression has. What Python alone writes is read too: flags at the beginning, and `(?P<name>`. */
function groupsOf(expression: string): number | 'unreadable' {
  const plain = expression.replace(/^\(\?[aiLmsux]+\)/, '').replaceAll('(?P<', '(?<');
  try { return new RegExp(`${plain}|`).exec('')!.length - 1; } catch { return 'unreadable'; }
}
