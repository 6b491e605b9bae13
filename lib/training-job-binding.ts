import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { AlgorithmConfig } from './algorithm';
import type { JobNetwork } from './job-network';
import type { MonitoringRule, MonitoringRuleConfig } from './monitoring-rule';
import { OutputLocation } from './output-location';
import { refuse } from './request/checks';
import type { BoundTrainingJob } from './request/training-job-request';
import { grantNetworkInterfaces, grantRemoteDebug, grantVolumeKey, trustSessionTags } from './template/execution-role';
import type { TrainingJobProps } from './training-job-props';

/** Everything the request of a job names, granted to its role. */
export function boundTrainingJob(job: Construct, props: TrainingJobProps, role: IRole, network: JobNetwork | undefined): BoundTrainingJob {
  if (network) { grantNetworkInterfaces(role); }
  if (props.capacity.config.volumeKey) { grantVolumeKey(role, props.capacity.config.volumeKey); }
  if (props.remoteDebug) { grantRemoteDebug(role); }
  if (props.sessionTagChaining) { trustSessionTags(role); }
  const inputs = Object.fromEntries(Object.entries(props.inputs ?? {}).map(([channel, data]) => [channel, data.bind(job, role)]));
  const output = (props.output ?? OutputLocation.stackBucket()).bind(job, role);
  const algorithm = props.algorithm.bind(job, role, {
    capacity: props.capacity.config, inputs, output, networkIsolation: props.networkIsolation ?? false, hyperparameters: props.hyperparameters, metrics: props.metrics,
  });
  checkTogether(job, props, algorithm);
  return {
    algorithm,
    inputs,
    output,
    checkpoints: props.checkpoints?.bind(job, role),
    debugHook: props.debugHook?.bind(job, role),
    debugRules: boundRules(job, 'DebugRules', props.debugRules, role),
    profiler: props.profiler?.bind(job, role),
    profilerRules: boundRules(job, 'ProfilerRules', props.profilerRules, role),
    tensorBoard: props.tensorBoard?.bind(job, role),
    mlflow: props.mlflow?.bind(job, role),
    modelPackage: props.modelPackage?.bind(job, role),
    network: network?.config,
    roleArn: role.roleArn,
    region: Stack.of(job).region,
  };
}

/** What is chosen by the service, and what runs on instances. */
function checkTogether(job: Construct, { capacity, networkIsolation }: TrainingJobProps, { serverless }: AlgorithmConfig): void {
  if (serverless && !capacity.config.isServerless) { refuse(job, 'capacity', 'be Capacity.serverless() for Algorithm.serverless', 'instances'); }
  if (!serverless && capacity.config.isServerless) { refuse(job, 'capacity', 'have instances unless the algorithm is Algorithm.serverless', 'Capacity.serverless()'); }
  if (serverless && networkIsolation) { refuse(job, 'networkIsolation', 'be left out for Algorithm.serverless, which runs no container of yours', networkIsolation); }
}

/** Each rule in a scope of its own: its image may be built, like that of the job. */
function boundRules(job: Construct, id: string, rules: { [name: string]: MonitoringRule } | undefined, role: IRole): { [name: string]: MonitoringRuleConfig } | undefined {
  if (!rules || Object.keys(rules).length === 0) { return undefined; }
  const scope = new Construct(job, id);
  return Object.fromEntries(Object.entries(rules).map(([name, rule], index) => [name, rule.bind(new Construct(scope, `Rule${index}`), role)]));
}
