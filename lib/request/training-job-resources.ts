import type { InstancePlacementConfig, ResourceConfig } from '@aws-sdk/client-sagemaker';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Size, SizeRoundingBehavior } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { CapacityConfig, InstancePreference, UltraServerPlacement } from '../capacity';
import { refuse, wholeGibibytes, wholeSeconds } from './checks';

type InstanceType = ResourceConfig['InstanceType'];

/** The instances; nothing where the service chooses them. */
export function resourceConfig(scope: IConstruct, capacity: CapacityConfig, volumeKey: IKey | undefined): ResourceConfig | undefined {
  if (capacity.isServerless) { return undefined; }
  return {
    InstanceType: capacity.instanceType as InstanceType,
    InstanceCount: capacity.instanceCount,
    InstanceGroups: capacity.instanceGroups && Object.entries(capacity.instanceGroups).map(([name, group]) => (
      { InstanceType: group.instanceType as InstanceType, InstanceCount: group.instanceCount ?? 1, InstanceGroupName: name })),
    InstancePreferences: capacity.instancePreferences?.map((each, index) => preference(scope, each, index)),
    VolumeSizeInGB: wholeGibibytes(scope, 'capacity.volumeSize', capacity.volumeSize ?? Size.gibibytes(30)),
    VolumeKmsKeyId: volumeKey?.keyArn,
    KeepAlivePeriodInSeconds: capacity.keepAlive && wholeSeconds(scope, 'capacity.keepAlive', capacity.keepAlive),
    TrainingPlanArn: capacity.trainingPlan,
    InstancePlacementConfig: capacity.placement && placement(capacity.placement),
  };
}

function preference(scope: IConstruct, { instanceType, instanceCount, trainingPlan, volumeSize }: InstancePreference, index: number): NonNullable<ResourceConfig['InstancePreferences']>[number] {
  if (volumeSize) { refuse(scope, `capacity.preferences[${index}].volumeSize`, 'be left out: the job has one volumeSize for whichever type is found', `${volumeSize.toGibibytes({ rounding: SizeRoundingBehavior.NONE })} GiB`); }
  return { InstanceType: instanceType as InstanceType, InstanceCount: instanceCount, TrainingPlanArns: trainingPlan === undefined ? undefined : [trainingPlan] };
}

function placement({ instances, multipleJobs }: UltraServerPlacement): InstancePlacementConfig {
  return {
    EnableMultipleJobs: multipleJobs,
    PlacementSpecifications: instances && Object.entries(instances).map(([UltraServerId, InstanceCount]) => ({ UltraServerId, InstanceCount })),
  };
}
