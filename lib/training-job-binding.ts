import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { AlgorithmConfig } from './algorithm';
import type { JobNetwork } from './job-network';
import type { MonitoringRule, MonitoringRuleConfig } from './monitoring-rule';
import { OutputLocation } from './output-location';
import { lengthInRange, refuse } from './request/checks';
import type { BoundTrainingJob } from './request/training-job-request';
import { grantNetworkInterfaces, grantRemoteDebug, grantRuleLogs, grantVolumeKey, trustSessionTags } from './template/execution-role';
import type { TrainingJobProps } from './training-job-props';

/** Everything the request of a job names, granted to its role. */
export function boundTrainingJob(job: Construct, props: TrainingJobProps, role: IRole, network: JobNetwork | undefined): BoundTrainingJob {
  if (network) { grantNetworkInterfaces(role); }
  if (props.capacity.config.volumeKey) { grantVolumeKey(role, props.capacity.config.volumeKey); }
  if (props.remoteDebug) { grantRemoteDebug(role); }
  if (props.sessionTagChaining) { trustSessionTags(role); }
  const inputs = Object.fromEntries(Object.entries(props.inputs ?? {}).map(([channel, data]) => [channel, data.bind(job, role)]));
  const output = (props.output ?? OutputLocation.stackBucket()).bind(job, role);
  const algorithm = props.algorithm.bind(job, role, { capacity: props.capacity.config, inputs, output, networkIsolation: props.networkIsolation ?? false });
  checkTogether(job, props, algorithm);
  return {
    algorithm,
    inputs,
    output,
    checkpoints: props.checkpoints?.bind(job, role),
    debugHook: props.debugHook?.bind(job, role),
    debugRules: boundRules(job, 'debugRules', props.debugRules, role),
    profiler: props.profiler?.bind(job, role),
    profilerRules: boundRules(job, 'profilerRules', props.profilerRules, role),
    tensorBoard: props.tensorBoard?.bind(job, role),
    mlflow: props.mlflow?.bind(job, role),
    modelPackage: props.modelPackage?.bind(job, role),
    network: network?.config,
    roleArn: role.roleArn,
    region: Stack.of(job).region,
  };
}

/** What is chosen by the service, and what runs on instances. */
function checkTogether(job: Construct, { capacity, metrics, networkIsolation }: TrainingJobProps, { serverless }: AlgorithmConfig): void {
  if (serverless && !capacity.config.isServerless) { refuse(job, 'capacity', 'be Capacity.serverless() for Algorithm.serverless', 'instances'); }
  if (!serverless && capacity.config.isServerless) { refuse(job, 'capacity', 'have instances unless the algorithm is Algorithm.serverless', 'Capacity.serverless()'); }
  if (serverless && networkIsolation) { refuse(job, 'networkIsolation', 'be left out for Algorithm.serverless, which runs no container of yours', networkIsolation); }
  if (serverless && metrics && metrics.length > 0) { refuse(job, 'metrics', 'be left out for Algorithm.serverless, which has metrics of its own', metrics.map((metric) => metric.metricName)); }
}

/** Each rule in a scope of its own, by which errors call it: its image may be built, like that of the job. */
function boundRules(job: Construct, prop: string, rules: { [name: string]: MonitoringRule } | undefined, role: IRole): { [name: string]: MonitoringRuleConfig } | undefined {
  if (!rules || Object.keys(rules).length === 0) { return undefined; }
  grantRuleLogs(role, job);
  const scope = new Construct(job, prop);
  return Object.fromEntries(Object.entries(rules).map(([name, rule]) => {
    lengthInRange(job, `${prop}: the name of a rule`, name, 1, 256);
    return [name, rule.bind(new Construct(scope, name), role)];
  }));
}
