import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsiiAssembly, ROOT } from './support/packed';

interface TypeReference { readonly primitive?: string; readonly fqn?: string; readonly union?: unknown; readonly collection?: { readonly elementtype: TypeReference } }
interface Docs { readonly summary?: string; readonly default?: string; readonly example?: string }
interface Member {
  readonly name: string; readonly docs?: Docs; readonly optional?: boolean; readonly static?: boolean; readonly protected?: boolean; readonly type?: TypeReference;
  readonly returns?: { readonly type: TypeReference }; readonly parameters?: Member[];
}
interface Type {
  readonly name: string; readonly fqn: string; readonly kind: 'class' | 'interface' | 'enum'; readonly datatype?: boolean; readonly abstract?: boolean; readonly base?: string;
  readonly interfaces?: string[]; readonly docs?: Docs; readonly properties?: Member[]; readonly methods?: Member[]; readonly members?: Member[];
}

const TYPES = Object.values(jsiiAssembly(ROOT).types as { [fqn: string]: Type });
const membersOf = (type: Type) => [...type.properties ?? [], ...type.methods ?? [], ...type.members ?? []];
const everyMember = TYPES.flatMap((type) => membersOf(type).map((member) => ({ type, member, path: `${type.name}.${member.name}` })));
const structs = TYPES.filter((type) => type.datatype);
const props = everyMember.filter(({ type }) => type.datatype);
const constructs = TYPES.filter((type) => type.kind === 'class' && ['aws-cdk-lib.Resource', 'constructs.Construct'].includes(rootOf(type)));

/** The first class of another package that a class descends from. */
function rootOf(type: Type): string {
  const base = TYPES.find((each) => each.fqn === type.base);
  return base ? rootOf(base) : type.base ?? '';
}

function holds(reference: TypeReference | undefined, found: (reference: TypeReference) => boolean): boolean {
  return reference !== undefined && (found(reference) || holds(reference.collection?.elementtype, found));
}

const typesOf = (member: Member) => [member.type, member.returns?.type, ...member.parameters?.map((parameter) => parameter.type) ?? []];
const withType = (found: (reference: TypeReference) => boolean) =>
  everyMember.filter(({ member }) => typesOf(member).some((reference) => holds(reference, found))).map(({ path }) => path);

/** Documents in somebody else's words, of text, numbers, booleans, lists and maps, for which no language has a narrower type. */
const FREE_FORM = [
  'AlgorithmSpecification.fromDescription', 'DistributionConfig.hyperparameters', 'Hyperparameters.of', 'Hyperparameters.values', 'ParameterRange.auto', 'ParameterRange.categorical',
  'ParameterRange.continuous', 'ParameterRange.integer', 'ParameterRangeConfig.values', 'SmModelParallelOptions.parameters', 'TorchDistributedOptions.smp', 'TrainingOptions.overrides', 'TransformOptions.overrides',
  'TuningDefinitionProps.overrides', 'TuningOptions.overrides',
];
/** Data that is an entry of a list or a thing of its own, and not what another thing is made by. */
const ENTRIES = ['Adoption', 'EncryptionKeys', 'InstancePool', 'InstancePreference', 'UltraServerPlacement'];

describe('The API', () => {
  test('says of everything what it is', () => {
    const silent = [...TYPES.map((type) => ({ path: type.name, docs: type.docs })), ...everyMember.map(({ path, member }) => ({ path, docs: member.docs }))];
    expect(silent.length).toBeGreaterThan(300);
    expect(silent.filter(({ docs }) => !docs?.summary).map(({ path }) => path)).toEqual([]);
  });

  test('says of every optional prop what happens without it', () => {
    expect(props.filter(({ member }) => member.optional && !member.docs?.default).map(({ path }) => path)).toEqual([]);
    expect(props.filter(({ member }) => !member.optional && member.docs?.default).map(({ path }) => path)).toEqual([]);
  });

  test('takes constructs, durations and sizes, not ARNs, seconds and gigabytes', () => {
    expect(props.filter(({ member }) => /(Arns?|Seconds|Minutes|InGBs?|InMBs?)$/.test(member.name)).map(({ path }) => path)).toEqual([]);
  });

  test('has no unions, which other languages know no type for', () => {
    expect(withType((reference) => reference.union !== undefined)).toEqual([]);
  });

  test('has no type that says nothing, but for documents in other words than its own', () => {
    expect(withType((reference) => reference.primitive === 'any' || reference.primitive === 'json').sort()).toEqual(FREE_FORM);
  });

  test('calls what behaves I..., and what is data by its part', () => {
    const behaviour = TYPES.filter((type) => type.kind === 'interface' && !type.datatype);
    expect(behaviour.filter(({ name }) => !/^I[A-Z]/.test(name)).map(({ name }) => name)).toEqual([]);
    expect(structs.filter(({ name }) => !/(Props|Options|Config|Attributes|Context)$/.test(name)).map(({ name }) => name).sort()).toEqual(ENTRIES);
  });

  test('has an interface for each construct, and a way to one made elsewhere', () => {
    expect(constructs.map(({ name }) => name)).toContain('TrainingJob');
    for (const { name, methods, interfaces } of constructs.filter((type) => !type.abstract)) {
      expect(methods?.filter((method) => method.static).map((method) => method.name)).toContain(`from${name}Name`);
      expect(interfaces?.map((fqn) => fqn.split('.').pop())).toContain(`I${name}`);
    }
  });

  test('shows how each class is used', () => {
    expect(TYPES.filter(({ kind, docs }) => kind === 'class' && !docs?.example).map(({ name }) => name)).toEqual([]);
  });

  // jsii leaves these out without a word, and other languages would lack them
  test('exports nothing that other languages can not have', () => {
    const exported = Object.keys(require(join(ROOT, 'dist', 'lib', 'index.js')));
    expect(exported.filter((name) => !TYPES.some((type) => type.name === name))).toEqual([]);
    const modules = [...readFileSync(join(ROOT, 'dist', 'lib', 'index.d.ts'), 'utf8').matchAll(/export \* from '\.\/(.*)'/g)].map(([, name]) => name!);
    expect(modules.length).toBeGreaterThan(20);
    const source = modules.map((name) => readFileSync(join(ROOT, 'dist', 'lib', `${name}.d.ts`), 'utf8')).join('\n');
    expect([...source.matchAll(/^export (?:declare )?type .*/gm)].map(([line]) => line)).toEqual([]);
    expect([...source.matchAll(/: .*'[^']*' \| .*;/g)].map(([line]) => line)).toEqual([]);
  });
});
