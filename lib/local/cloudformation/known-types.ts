import { isCustom } from './resource-type';
import type { ResourceTypes } from './resource-type';
import type { StackRecord } from './stack-record';
import { invalidTemplate } from './template';
import type { Template } from './template';

/** Types that nobody knows here, all at once, before anything starts. */
export function requireKnownTypes(template: Template, types: Pick<ResourceTypes, 'has'>): void {
  const unknown = new Map<string, string[]>();
  for (const [id, { Type: type, Properties: properties }] of Object.entries(template.Resources)) {
    if (types.has(type)) { continue; }
    if (!isCustom(type)) { unknown.set(type, [...unknown.get(type) ?? [], id]); }
    if (isCustom(type) && properties?.ServiceToken === undefined) { throw invalidTemplate(`${id}: Missing required property ServiceToken`); }
  }
  if (unknown.size > 0) {
    throw invalidTemplate(`Not supported by the local AWS: ${[...unknown].map(([type, ids]) => `${type} (${ids.join(', ')})`).join('; ')}`);
  }
}

/** A resource keeps its type for ever. */
export function requireSameTypes(record: StackRecord, template: Template): void {
  const changed = Object.entries(record.resources).filter(([id, { type }]) => template.Resources[id] !== undefined && template.Resources[id].Type !== type).map(([id]) => id);
  if (changed.length > 0) { throw invalidTemplate(`Update of resource type is not permitted. The new template modifies resource type of the following resources: [${changed.join(', ')}]`); }
}
