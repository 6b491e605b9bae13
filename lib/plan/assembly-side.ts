import { withNested } from '../audit/synthesized';
import type { AssemblyStack } from '../local/assembly';
import type { StackSide } from './stack-side';
import { wantedStack, type WantedStack } from './wanted-stack';

/**
 * Another assembly, for instance that of the base branch, as if it were deployed: nothing is known but templates. What is the same
 * text on both sides is the same value; which runs there are already nobody can say.
 *
 * @param all the stacks of the other assembly, which may import what this one exports
 */
export function assemblySide(stack: AssemblyStack, all: readonly AssemblyStack[] = []): StackSide {
  const importers = (name: string) => Promise.resolve(all.filter((other) => other !== stack && other.region === stack.region && importsIn(other).includes(name)).map(({ stackName }) => stackName));
  return sideOf(wantedStack(stack), stack.folder, importers);
}

/** What it imports, as the CDK writes it: by name. */
const importsIn = (stack: AssemblyStack) => withNested(stack).flatMap(({ template }) => [...JSON.stringify(template).matchAll(/"Fn::ImportValue":("(?:[^"\\]|\\.)*")/g)].map(([, name]) => JSON.parse(name!) as string));

function sideOf(stack: WantedStack, folder: string, importers: StackSide['importers']): StackSide {
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
    importers,
    ssmParameter: () => Promise.resolve(undefined),
    job: () => Promise.resolve('unknown'),
    nested: (logicalId) => { const inner = nested.get(logicalId); return Promise.resolve(inner && sideOf(inner, folder, importers)); },
  };
}
