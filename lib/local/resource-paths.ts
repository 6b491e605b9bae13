/** Logical id -> what people call the resource: the path of its construct in the stack. */
export type ResourcePaths = { readonly [logicalId: string]: string };

/** @param constructPaths with the path of the stack, stages included, which all of them begin with */
export function resourcePaths(constructPaths: ReadonlyMap<string, string>): ResourcePaths {
  const paths = [...constructPaths.values()].map((path) => path.split('/'));
  const [first = []] = paths;
  const unlike = first.findIndex((part, index) => paths.some((path) => path[index] !== part || index >= path.length - 1));
  return Object.fromEntries([...constructPaths].map(([id, path]) => [id, path.split('/').slice(Math.max(unlike, 1)).join('/') || id]));
}
