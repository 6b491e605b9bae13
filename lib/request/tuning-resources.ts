import type { HyperParameterTrainingJobDefinition, HyperParameterTuningInstanceConfig } from '@aws-sdk/client-sagemaker';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Size } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { CapacityConfig } from '../capacity';
import { refuse, wholeGibibytes } from './checks';
import { resourceConfig } from './training-job-resources';

type Resources = Pick<HyperParameterTrainingJobDefinition, 'HyperParameterTuningResourceConfig' | 'ResourceConfig'>;

/** The instances, in the member that tuning jobs have for them; in that of training jobs where only it can say what is asked for. */
export function tuningResources(scope: IConstruct, capacity: CapacityConfig, volumeKey: IKey | undefined): Resources {
  if (capacity.isServerless) { refuse(scope, 'capacity', 'have instances: a tuning job can\'t be serverless', 'Capacity.serverless()'); }
  if (capacity.keepAlive) { refuse(scope, 'capacity.keepAlive', 'be left out: the jobs of a tuning job keep no instances', capacity.keepAlive.toHumanString()); }
  const { instancePreferences: preferences } = capacity;
  if (capacity.trainingPlan ?? capacity.instanceGroups ?? capacity.placement ?? preferences?.some(({ trainingPlan }) => trainingPlan !== undefined)) {
    return { ResourceConfig: resourceConfig(scope, capacity, volumeKey) };
  }
  const VolumeKmsKeyId = volumeKey?.keyArn;
  if (preferences) { return { HyperParameterTuningResourceConfig: { InstanceConfigs: preferences.map((_each, index) => instanceConfig(scope, capacity, index)), VolumeKmsKeyId } }; }
  return {
    HyperParameterTuningResourceConfig: {
      InstanceType: capacity.instanceType as HyperParameterTuningInstanceConfig['InstanceType'],
      InstanceCount: capacity.instanceCount,
      VolumeSizeInGB: wholeGibibytes(scope, 'capacity.volumeSize', capacity.volumeSize ?? DEFAULT_VOLUME()),
      VolumeKmsKeyId,
    },
  };
}

/** Types in order of preference: how they are allocated says the service, which knows one way. */
function instanceConfig(scope: IConstruct, capacity: CapacityConfig, index: number): HyperParameterTuningInstanceConfig {
  const { instanceType, instanceCount, volumeSize } = capacity.instancePreferences![index];
  return {
    InstanceType: instanceType as HyperParameterTuningInstanceConfig['InstanceType'],
    InstanceCount: instanceCount ?? capacity.instanceCount ?? 1,
    VolumeSizeInGB: wholeGibibytes(scope, volumeSize ? `capacity.preferences[${index}].volumeSize` : 'capacity.volumeSize', volumeSize ?? capacity.volumeSize ?? DEFAULT_VOLUME()),
  };
}

const DEFAULT_VOLUME = () => Size.gibibytes(30);
