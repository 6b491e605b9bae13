import type { Clock } from '../clock';
import type { Physical, Properties } from './stack-record';

/** What a resource type is asked with. */
export interface ResourceRequest {
  readonly stack: { readonly name: string; readonly id: string; readonly region: string; readonly account: string; readonly partition: string };
  readonly logicalId: string;
  readonly properties: Properties;
  readonly clock: Clock;
  /** Aborted when the operation is cancelled: waits end, what has been made is said through `initiated`. */
  readonly signal: AbortSignal;
  /** A name of the form `<stack>-<logical id>-<suffix>`. */
  generatedName(max: number): string;
  /**
   * Says what is about to be made, before it is asked for: written down at once, so that nothing is left that no stack knows
   * of when everything ends right then. What can't be made after all is not deleted.
   */
  planned(physical: Physical): void;
  /** Says what has been made before it is ready, so that it can be deleted. */
  initiated(physical: Physical): void;
}

/** A type of resource: how it is made, changed and deleted. What it throws is the reason of the failure. */
export interface ResourceType {
  /** Must a new one take its place? @default - never */
  replaces?(old: Properties, wanted: Properties): boolean;
  create(request: ResourceRequest): Promise<Physical>;
  /** Changes it in place. @default - there is nothing to do but to remember the properties */
  update?(request: ResourceRequest, physical: Physical, old: Properties): Promise<Physical>;
  /** Success when it is gone, or was never there. */
  delete?(request: ResourceRequest, physical: Physical): Promise<void>;
  /** Called when the local AWS starts again: brings back what lives in memory only. */
  restore?(request: ResourceRequest, physical: Physical): Promise<void>;
}

export type ResourceTypes = ReadonlyMap<string, ResourceType>;

/** Custom resources have no row in the table: their template says who makes them. */
export const isCustom = (type: string) => type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';

/** Reads like `replaces: whenChanged('RoleName', 'Path')`. */
export const whenChanged = (...names: string[]) => (old: Properties, wanted: Properties) => names.some((name) => !sameValue(old[name], wanted[name]));

/** Equal as JSON, whatever the order of the members. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) { return true; }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) { return false; }
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => sameValue((a as Properties)[name], (b as Properties)[name]));
}
