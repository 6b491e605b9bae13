import { randomSuffix } from '../cloudformation/names';
import type { ResourceRequest } from '../cloudformation/resource-type';
import type { Properties } from '../cloudformation/stack-record';
import type { SageMakerApi } from '../sagemaker-api';
import { ServiceError } from '../service-error';

export type Tag = { readonly Key: string; readonly Value: string };

/** The given name, or `<logical id>-<suffix>`, which is how CloudFormation names SageMaker's resources. */
export function nameOf({ properties, logicalId }: ResourceRequest, property: string): string {
  return String(properties[property] ?? `${logicalId.slice(0, 50)}-${randomSuffix(12)}`);
}

const NUMBERS = new Set(['InstanceCount', 'MaxRuntimeInSeconds', 'InitialInstanceCount', 'InitialVariantWeight', 'VolumeSizeInGB', 'ModelDataDownloadTimeoutInSeconds', 'ContainerStartupHealthCheckTimeoutInSeconds', 'InitialSamplingPercentage', 'MemorySizeInMB', 'MaxConcurrency', 'ProvisionedConcurrency', 'MaxConcurrentInvocationsPerInstance', 'WaitIntervalInSeconds', 'TerminationWaitInSeconds', 'MaximumExecutionTimeoutInSeconds', 'Value']);
const BOOLEANS = new Set(['EnableNetworkIsolation', 'EnableInterContainerTrafficEncryption', 'AppManaged', 'EnableCapture', 'EnableSSMAccess', 'RetainAllVariantProperties', 'RetainDeploymentConfig']);

/** Numbers and booleans that came as text, for instance out of a parameter of the template. */
export function withNumbers(value: Properties): Properties {
  const convert = (name: string, member: unknown): unknown => {
    if (Array.isArray(member)) { return member.map((element) => convert('', element)); }
    if (typeof member === 'object' && member !== null) { return withNumbers(member as Properties); }
    if (typeof member === 'string' && NUMBERS.has(name) && member.trim() !== '' && !Number.isNaN(Number(member))) { return Number(member); }
    return typeof member === 'string' && BOOLEANS.has(name) ? member === 'true' : member;
  };
  // A variable of a container's environment may have any name.
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, name === 'Environment' || name === 'Tags' ? member : convert(name, member)]));
}

export async function changeTags(sageMaker: SageMakerApi, arn: string, old: readonly Tag[] = [], wanted: readonly Tag[] = []): Promise<void> {
  const gone = old.map(({ Key }) => Key).filter((key) => !wanted.some(({ Key }) => Key === key));
  const changed = wanted.filter((tag) => !old.some(({ Key, Value }) => Key === tag.Key && Value === tag.Value));
  if (gone.length > 0) { await sageMaker.call('DeleteTags', { ResourceArn: arn, TagKeys: gone }); }
  if (changed.length > 0) { await sageMaker.call('AddTags', { ResourceArn: arn, Tags: changed }); }
}

export const isGone = (error: unknown) => error instanceof ServiceError && /could not find|not found/i.test(error.message);

export async function unlessGone(call: Promise<unknown>): Promise<void> {
  await call.catch((error: unknown) => { if (!isGone(error)) { throw error; } });
}

