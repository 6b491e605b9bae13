import type { Template } from '../cloudformation/template';

/** What people call a resource: its path in the stack, from the CDK's metadata; otherwise its logical id. */
export function resourcePaths(template: Template): { readonly [logicalId: string]: string } {
  const paths = Object.entries(template.Resources).map(([id, { Metadata: metadata }]) => {
    const path = (metadata as { 'aws:cdk:path'?: string } | undefined)?.['aws:cdk:path'];
    return [id, path?.split('/')] as const;
  });
  // The stack's own path is what all of them begin with; there may be stages in it.
  const known = paths.flatMap(([, path]) => (path === undefined ? [] : [path]));
  const first = known[0] ?? [];
  const alike = first.findIndex((part, index) => known.some((path) => path[index] !== part || index >= path.length - 1));
  return Object.fromEntries(paths.map(([id, path]) => [id, path?.slice(Math.max(alike, 1)).join('/') || id]));
}
