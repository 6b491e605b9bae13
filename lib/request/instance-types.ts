import type { CapacityConfig } from '../capacity';

/** The types of the instances of a capacity, each with the prop that says it; of those groups alone that are chosen. */
export function instanceTypes({ instanceType, instanceGroups = {}, instancePreferences = [] }: CapacityConfig, groups?: readonly string[]): [prop: string, type: string][] {
  const chosen = Object.entries(instanceGroups).filter(([group]) => groups?.includes(group) ?? true);
  return [
    ...(instanceType === undefined ? [] : [['capacity.instanceType', instanceType] as [string, string]]),
    ...chosen.map(([group, each]): [string, string] => [`capacity.groups.${group}.instanceType`, each.instanceType]),
    ...instancePreferences.map((each, index): [string, string] => [`capacity.preferences[${index}].instanceType`, each.instanceType]),
  ];
}
