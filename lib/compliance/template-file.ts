import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { TemplateResource } from './findings';
import type { Surroundings } from './image-origin';

interface Artifact { readonly environment?: string; readonly properties?: { readonly templateFile?: string } }

/** The resources of a template that was synthesized, and what is said beside them. */
export function templateFile(path: string): { readonly resources: { readonly [logicalId: string]: TemplateResource }; readonly around: Surroundings } {
  const { Resources: resources = {}, Mappings: mappings = {}, Parameters: parameters = {} } = JSON.parse(readFileSync(path, 'utf8'));
  return { resources, around: { mappings, parameters, account: accountOf(path) } };
}

/** A template doesn't say which account it is for: the manifest beside it does. */
function accountOf(path: string): string | undefined {
  const manifest = join(dirname(path), 'manifest.json');
  const artifacts: Artifact[] = existsSync(manifest) ? Object.values(JSON.parse(readFileSync(manifest, 'utf8')).artifacts ?? {}) : [];
  const stack = artifacts.find(({ properties }) => properties?.templateFile === basename(path));
  return /^aws:\/\/(\d{12})\//.exec(stack?.environment ?? '')?.[1];
}
