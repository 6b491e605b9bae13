import type { AssemblyStack } from '../local/assembly';
import type { StackSide } from './stack-side';
import { wantedStack, type WantedStack } from './wanted-stack';

/**
 * Another assembly, for instance that of the base branch, as if it were deployed: nothing is known but templates. What is the same
 * text on both sides is the same value; which runs there are already nobody can say.
 */
export function assemblySide(stack: AssemblyStack): StackSide {
  return sideOf(wantedStack(stack), stack.folder);
}

function sideOf(stack: WantedStack, folder: string): StackSide {
  const { stackName, region, account, template, parameters, paths, path, nested } = stack;
  const defaults = Object.entries(template.Parameters ?? {}).flatMap(([name, { Default: otherwise }]) => (otherwise === undefined ? [] : [[name, String(otherwise)] as const]));
  const given = { ...Object.fromEntries(defaults), ...parameters };
  const isSsm = (name: string) => template.Parameters?.[name]?.Type.startsWith('AWS::SSM::') === true;
  return {
    name: folder, stackName, region, account, template, given,
    parameters: Object.fromEntries(Object.entries(given).filter(([name]) => !isSsm(name))),
    paths: Object.fromEntries([...paths].map(([id, construct]) => [id, construct.startsWith(`${path}/`) ? construct.slice(path.length + 1) : construct])),
    resource: () => undefined,
    exportValue: () => undefined,
    ssmParameter: () => Promise.resolve(undefined),
    job: () => Promise.resolve('unknown'),
    nested: (logicalId) => { const inner = nested.get(logicalId); return Promise.resolve(inner && sideOf(inner, folder)); },
  };
}
