import type { CapacitySize, DeploymentConfig } from '@aws-sdk/client-sagemaker';
import type { LocalCloudWatch } from '../cloudwatch/local-cloudwatch';
import { unsupported, validationException } from '../service-error';
import type { EndpointPlan } from './state-file';

/**
 * What the service model does not say of an update.
 *
 * @throws ServiceError ValidationException
 */
export function checkDeployment(config: DeploymentConfig | undefined): void {
  const { BlueGreenUpdatePolicy: blueGreen, RollingUpdatePolicy: rolling } = config ?? {};
  if (blueGreen !== undefined && rolling !== undefined) { throw validationException('Only one of BlueGreenUpdatePolicy and RollingUpdatePolicy can be specified.'); }
  const { Type: type, CanarySize, LinearStepSize, WaitIntervalInSeconds: wait = 0 } = blueGreen?.TrafficRoutingConfiguration ?? {};
  requireSize('CanarySize', type === 'CANARY', CanarySize, 1, 50);
  requireSize('LinearStepSize', type === 'LINEAR', LinearStepSize, 10, 50);
  if (rolling !== undefined) { requireSize('MaximumBatchSize', true, rolling.MaximumBatchSize, 5, 50); }
  const longest = blueGreen?.MaximumExecutionTimeoutInSeconds;
  if (longest !== undefined && longest <= wait) { throw validationException(`MaximumExecutionTimeoutInSeconds must be more than WaitIntervalInSeconds, got ${longest} and ${wait}.`); }
}

/** Alarms that are not there, or that nobody here can evaluate, would never roll anything back. */
export function checkAlarms(config: DeploymentConfig | undefined, cloudWatch: LocalCloudWatch): void {
  const names = (config?.AutoRollbackConfiguration?.Alarms ?? []).map(({ AlarmName }) => AlarmName as string);
  const unknown = names.filter((name) => !cloudWatch.has(name));
  if (unknown.length > 0) { throw validationException(`Could not find the alarm(s) of AutoRollbackConfiguration: ${unknown.join(', ')}.`); }
  for (const name of names) {
    const what = cloudWatch.unevaluable(name);
    if (what !== undefined) { throw unsupported(`alarm ${name} of AutoRollbackConfiguration: ${what}`); }
  }
}

/** SageMaker moves serverless endpoints to instances, not the other way round. */
export function checkKind(arn: string, old: EndpointPlan, next: EndpointPlan): void {
  const isServerless = ({ variants }: EndpointPlan) => variants.some(({ variant }) => variant.ServerlessConfig !== undefined);
  if (!isServerless(old) && isServerless(next)) {
    throw validationException(`Cannot update endpoint "${arn}": an endpoint with instances cannot be updated to a configuration with a serverless variant. Create a new endpoint.`);
  }
}

function requireSize(name: string, isRequired: boolean, size: CapacitySize | undefined, least: number, most: number): void {
  if (isRequired && size === undefined) { throw validationException(`${name} is required.`); }
  if (!isRequired && size !== undefined) { throw validationException(`${name} cannot be specified for this type of traffic routing.`); }
  const value = size?.Value ?? least;
  if (size?.Type === 'CAPACITY_PERCENT' && (value < least || value > most)) { throw validationException(`${name} must be between ${least} and ${most} percent of the capacity, got ${value}.`); }
}
