import type { IGrantable, IRole } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct, IDependable } from 'constructs';
import type { AlgorithmConfig, AlgorithmContext } from './algorithm-options';
import { encryptedOutput, volumeKeyOfCapacity, type ChosenKey } from './chosen-keys';
import type { JobNetwork } from './job-network';
import { OutputLocation } from './output-location';
import { refuse, revisionText } from './request/checks';
import { usable } from './request/kinds';
import type { BoundDefinition } from './request/training-definition';
import type { BoundTrainingJob } from './request/training-job-request';
import { secretVariables } from './secret-variables';
import { grantNetworkInterfaces, grantRemoteDebug, grantVolumeKey, trustSessionTags } from './template/execution-role';
import { granteeFor } from './template/granted';
import { namePrefix } from './template/names';
import type { TrainingDefinitionProps } from './training-definition-props';
import { boundMonitoring } from './training-job-monitors';
import type { TrainingOptions } from './training-job-props';

/** Everything the request of a job names, granted to its role. */
export function boundTrainingJob(job: Construct, props: TrainingOptions, role: IRole, network: JobNetwork | undefined): BoundTrainingJob {
  const volumeKey = grantCapacity(job, props, role, network);
  if (props.remoteDebug) { grantRemoteDebug(granteeFor(job, 'remoteDebug', role)); }
  if (props.sessionTagChaining) { trustSessionTags(role); }
  const definition = boundDefinition(job, props, role, network, { jobNamePrefix: namePrefix(job) });
  return {
    ...definition,
    volumeKey,
    ...boundMonitoring(job, props, role, definition.output),
    tensorBoard: bound(job, 'tensorBoard', role, (grantee) => props.tensorBoard?.bind(job, grantee, definition.output)),
    mlflow: props.mlflow?.bind(job, granteeFor(job, 'mlflow', role)),
    modelPackage: props.modelPackage?.bind(job, granteeFor(job, 'modelPackage', role)),
  };
}

/** What instances need of a role, and the key of their storage. */
export function grantCapacity(job: Construct, { capacity, encryption }: TrainingDefinitionProps, role: IRole, network: JobNetwork | undefined): ChosenKey | undefined {
  if (network) { grantNetworkInterfaces(granteeFor(job, 'vpc', role)); }
  const volumeKey = volumeKeyOfCapacity(job, capacity.config, encryption);
  if (volumeKey) { grantVolumeKey(granteeFor(job, volumeKey.prop, role), volumeKey.key); }
  return volumeKey;
}

/** Everything a definition names, granted to the role of its jobs. */
export function boundDefinition(
  job: Construct, props: TrainingDefinitionProps, role: IRole, network: JobNetwork | undefined, runs: Pick<AlgorithmContext, 'jobNamePrefix' | 'ranges'>,
): BoundDefinition {
  checkReach(job, props, network);
  const inputs = Object.fromEntries(Object.entries(props.inputs ?? {}).map(([channel, data]) => [channel, bound(job, `inputs.${channel}`, role, (grantee) => data.bind(job, grantee))]));
  const place = bound(job, 'output', role, (grantee) => (props.output ?? OutputLocation.stackBucket()).bind(job, grantee));
  const output = encryptedOutput(job, props.encryption, place, role);
  const algorithm = bound(job, 'algorithm', role, (grantee) => props.algorithm.bind(job, grantee, {
    capacity: props.capacity.config, inputs, output, networkIsolation: props.networkIsolation ?? false, hyperparameters: props.hyperparameters, metrics: props.metrics, ...runs,
  }));
  checkTogether(job, props, algorithm);
  const isIsolated = props.networkIsolation ?? algorithm.networkIsolation ?? false;
  for (const [channel, { options }] of Object.entries(inputs)) { revisionText(job, `inputs.${channel}.revision`, options.revision); }
  return {
    algorithm,
    inputs,
    output,
    checkpoints: bound(job, 'checkpoints', role, (grantee) => props.checkpoints?.bind(job, grantee)),
    secrets: secretVariables({ scope: job, ...props, isolatedBy: props.isolated ? 'isolated' : isIsolated ? 'networkIsolation' : undefined, longest: [512, 512], granteeFor: (prop) => granteeFor(job, prop, role) }),
    network: network?.config,
    roleArn: role.roleArn,
    region: Stack.of(job).region,
  };
}

/** A file system is reached through a VPC alone: here the channel that is on one is known. */
function checkReach(job: Construct, { inputs }: TrainingDefinitionProps, network: JobNetwork | undefined): void {
  const channel = Object.entries(inputs ?? {}).find(([, data]) => data._isFileSystem)?.[0];
  if (channel !== undefined && !network) { refuse(job, 'vpc', `be given for inputs.${channel}, whose data are on a file system`, undefined); }
}

/** What a factory took without a compiler's check shows when it is used: then the prop it came by is named, as it is of what is granted for it. */
function bound<T>(job: Construct, prop: string, role: IRole, bind: (grantee: IGrantable) => T): T {
  return usable(job, prop, () => bind(granteeFor(job, prop, role)));
}

/** What is chosen by the service, and what runs on instances. */
function checkTogether(job: Construct, { capacity, metrics, networkIsolation, secrets, isolated }: TrainingDefinitionProps, { serverless }: AlgorithmConfig): void {
  if (serverless && !capacity.config.isServerless) { refuse(job, 'capacity', 'be Capacity.serverless() for Algorithm.serverless', 'instances'); }
  if (!serverless && capacity.config.isServerless) { refuse(job, 'capacity', 'have instances unless the algorithm is Algorithm.serverless', 'Capacity.serverless()'); }
  if (serverless && isolated) { refuse(job, 'isolated', 'be left out for Algorithm.serverless, which runs no container of yours', isolated); }
  if (serverless && networkIsolation) { refuse(job, 'networkIsolation', 'be left out for Algorithm.serverless, which runs no container of yours', networkIsolation); }
  if (serverless && Object.keys(secrets ?? {}).length > 0) { refuse(job, 'secrets', 'be left out for Algorithm.serverless, which runs no container of yours', Object.keys(secrets!).join(', ')); }
  if (serverless && metrics && metrics.length > 0) { refuse(job, 'metrics', 'be left out for Algorithm.serverless, which has metrics of its own', metrics.map((metric) => metric.metricName)); }
}

/** What must have been deployed before the job can begin. */
export function dependenciesOf({ inputs, debugRules, profilerRules }: BoundDefinition & Partial<BoundTrainingJob>): IDependable[] {
  const rules = [...Object.values(debugRules ?? {}), ...Object.values(profilerRules ?? {})];
  return [...Object.values(inputs), ...rules.map(({ source }) => source)].flatMap((bound) => bound?.dependencies ?? []);
}

/** What the user says of the data behind each channel. */
export function channelRevisions(inputs: BoundDefinition['inputs']): { [channel: string]: string } {
  return Object.fromEntries(Object.entries(inputs).flatMap(([channel, { options: { revision } }]) => (revision === undefined ? [] : [[channel, revision]])));
}
