import { call, list, literal, object, type Code } from './code';
import { key } from './elsewhere';
import type { Program } from './program';
import { only, type Tree } from './tree';
import { Unexpressible } from './unexpressible';
import { duration, gibibytes } from './values';

/** A capacity, and what the library makes of it. */
export interface FoundCapacity {
  readonly code: Code;
  readonly made: Tree;
  /** The types of all instances. */
  readonly types: readonly string[];
  /** That of all instances, where it is one. */
  readonly type?: string;
}

const DEFAULT_VOLUME = 30;

/** The instances of a training job. */
export function capacityOf(program: Program, { ResourceConfig: resources, EnableManagedSpotTraining: isSpot, StoppingCondition: limits }: Tree): FoundCapacity {
  if (!resources) { return { code: call('Capacity.serverless'), made: {}, types: [] }; }
  const wait = isSpot === true ? limits?.MaxWaitTimeInSeconds as number | undefined : undefined;
  const storage = storageOf(program, resources);
  const waiting = wait === undefined ? {} : { EnableManagedSpotTraining: true, StoppingCondition: { MaxWaitTimeInSeconds: wait } };
  const { InstanceGroups: groups, InstancePreferences: preferences, InstanceType, InstanceCount = 1, KeepAlivePeriodInSeconds: keepAlive, TrainingPlanArn: plan, InstancePlacementConfig: placement } = resources;
  const count = InstanceCount === 1 ? undefined : literal(InstanceCount);
  if (groups?.length > 0) {
    const code = call('Capacity.instanceGroups', object({
      groups: object(Object.fromEntries((groups as Tree[]).map(({ InstanceGroupName, InstanceType: type, InstanceCount: of = 1 }) => [InstanceGroupName, object({ instanceType: literal(type), instanceCount: of === 1 ? undefined : literal(of) })]))),
      maxWait: duration(wait), trainingPlan: plan === undefined ? undefined : literal(plan), ...storage.props,
    }));
    return { code, types: groups.map((group: Tree) => group.InstanceType), made: { ResourceConfig: { InstanceGroups: (groups as Tree[]).map((each) => only(each, 'InstanceGroupName', 'InstanceType', 'InstanceCount')), TrainingPlanArn: plan, ...storage.made }, ...waiting } };
  }
  if (preferences?.length > 0) {
    const isCounted = (preferences as Tree[]).some((each) => each.InstanceCount !== undefined);
    const code = call('Capacity.instancePreferences', list((preferences as Tree[]).map((each) => object({
      instanceType: literal(each.InstanceType), instanceCount: each.InstanceCount === undefined ? undefined : literal(each.InstanceCount),
      trainingPlan: each.TrainingPlanArns?.length === 1 ? literal(each.TrainingPlanArns[0]) : undefined,
    })!)), object({ instanceCount: count, keepAlive: duration(keepAlive), ...storage.props }));
    return {
      code, types: preferences.map((each: Tree) => each.InstanceType),
      made: {
        ResourceConfig: {
          InstanceCount: resources.InstanceCount !== undefined && resources.InstanceCount !== 1 ? resources.InstanceCount : isCounted ? undefined : 1, KeepAlivePeriodInSeconds: keepAlive, ...storage.made,
          InstancePreferences: (preferences as Tree[]).map((each) => ({ ...only(each, 'InstanceType', 'InstanceCount'), TrainingPlanArns: each.TrainingPlanArns?.length === 1 ? each.TrainingPlanArns : undefined })),
        },
      },
    };
  }
  const type = InstanceType as string;
  const made = { InstanceType, InstanceCount, ...storage.made };
  if (wait !== undefined) {
    return { code: call('Capacity.spot', object({ instanceType: literal(type), instanceCount: count, maxWait: duration(wait), ...storage.props })), types: [type], type, made: { ResourceConfig: made, ...waiting } };
  }
  return {
    code: call('Capacity.onDemand', object({
      instanceType: literal(type), instanceCount: count, ...storage.props, keepAlive: keepAlive > 0 ? duration(keepAlive) : undefined, trainingPlan: plan === undefined ? undefined : literal(plan), placement: placementOf(placement),
    })),
    types: [type], type,
    made: { ResourceConfig: { ...made, KeepAlivePeriodInSeconds: keepAlive > 0 ? keepAlive : undefined, TrainingPlanArn: plan, InstancePlacementConfig: placement && placementMade(placement) } },
  };
}

/** The instances of a tuning job's jobs, which have a member of their own for them. */
export function tuningCapacity(program: Program, definition: Tree): FoundCapacity {
  const { HyperParameterTuningResourceConfig: resources, ResourceConfig: plain, EnableManagedSpotTraining: isSpot, StoppingCondition: limits } = definition;
  if (!resources) {
    const capacity = capacityOf(program, definition);
    const { ResourceConfig: made = {}, ...others } = capacity.made;
    const isOwn = plain?.TrainingPlanArn ?? plain?.InstanceGroups?.[0] ?? plain?.InstancePlacementConfig ?? plain?.InstancePreferences?.some((each: Tree) => each.TrainingPlanArns);
    return isOwn ? capacity : { ...capacity, made: { ...others, HyperParameterTuningResourceConfig: made } };
  }
  const configs = resources.InstanceConfigs as Tree[] | undefined;
  if (!(configs && configs.length > 0)) {
    const capacity = capacityOf(program, { ResourceConfig: resources, EnableManagedSpotTraining: isSpot, StoppingCondition: limits });
    const { ResourceConfig: made, ...others } = capacity.made;
    return { ...capacity, made: { ...others, HyperParameterTuningResourceConfig: made } };
  }
  const volumeKey = key(program, resources.VolumeKmsKeyId);
  const code = call('Capacity.instancePreferences', list(configs.map((each) => object({
    instanceType: literal(each.InstanceType), instanceCount: literal(each.InstanceCount ?? 1), volumeSize: (each.VolumeSizeInGB ?? DEFAULT_VOLUME) === DEFAULT_VOLUME ? undefined : gibibytes(each.VolumeSizeInGB),
  })!)), object({ volumeKey: volumeKey?.code }));
  return {
    code, types: configs.map((each) => each.InstanceType),
    made: { HyperParameterTuningResourceConfig: { InstanceConfigs: configs.map(({ InstanceType, InstanceCount = 1, VolumeSizeInGB = DEFAULT_VOLUME }) => ({ InstanceType, InstanceCount, VolumeSizeInGB })), VolumeKmsKeyId: volumeKey?.arn } },
  };
}

function storageOf(program: Program, { VolumeSizeInGB: size, VolumeKmsKeyId }: Tree): { readonly props: { readonly [prop: string]: Code | undefined }; readonly made: Tree } {
  if (size < 1) { throw new Unexpressible(`ResourceConfig.VolumeSizeInGB: ${size} can't be said by a construct: a volume has 1 GiB or more`); }
  const volumeKey = key(program, VolumeKmsKeyId);
  return {
    props: { volumeSize: size === undefined || size === DEFAULT_VOLUME ? undefined : gibibytes(size), volumeKey: volumeKey?.code },
    made: { VolumeSizeInGB: size ?? DEFAULT_VOLUME, VolumeKmsKeyId: volumeKey?.arn },
  };
}

function placementMade({ PlacementSpecifications: places, EnableMultipleJobs }: Tree): Tree {
  return { PlacementSpecifications: (places as Tree[] | undefined)?.map((each) => only(each, 'UltraServerId', 'InstanceCount')), EnableMultipleJobs };
}

function placementOf(placement: Tree | undefined): Code | undefined {
  return placement && object({
    instances: placement.PlacementSpecifications && object(Object.fromEntries((placement.PlacementSpecifications as Tree[]).map(({ UltraServerId, InstanceCount }) => [UltraServerId, literal(InstanceCount)]))),
    multipleJobs: placement.EnableMultipleJobs === undefined ? undefined : literal(placement.EnableMultipleJobs),
  });
}
