import { familyOf } from '../images/instance-family';
import { LOCAL_STORAGE } from '../request/instance-type-warnings';
import type { Facts, Instances } from './facts';
import { imageOrigin, isAccountOfAws, ownersOf, type Parameter, type Surroundings } from './image-origin';
import type { Setting, State } from './place';

/** What an organization allows, as values. */
export interface Limits {
  readonly maxRuntimeSeconds?: number;
  readonly allowedFamilies?: readonly string[];
  readonly deniedFamilies?: readonly string[];
  readonly requiredTags?: { readonly [name: string]: readonly string[] };
  /** Accounts whose registries images may be in; any, where there is none said. */
  readonly imageAccounts?: readonly string[];
  readonly awsImages: boolean;
  readonly imageRegistries: readonly string[];
  /** Also where there is one instance alone, which sends nothing. */
  readonly encryptsAlways: boolean;
}

/** A property that breaks a rule, or of which nobody can say until deployment whether it does. */
export interface Verdict {
  readonly path: string;
  readonly must: string;
  readonly got: unknown;
  readonly isUnknown: boolean;
}

interface Rule {
  /** What a construct of this library calls it. */
  readonly prop: string;
  judge(facts: Facts, limits: Limits, around: Surroundings): Verdict[];
}

/** The rules by name, which is the last part of a finding's id (docs/compliance.md). */
export const RULES = {
  vpc: { prop: 'vpc', judge: ({ vpc }, _limits, around) => there(vpc, 'be given', around) },
  networkIsolation: { prop: 'networkIsolation', judge: ({ networkIsolation }) => allowed(networkIsolation, isTrue, 'be true') },
  interContainerEncryption: { prop: 'encryptInterContainerTraffic', judge: interContainerEncryption },
  volumeKey: { prop: 'encryption', judge: volumeKey },
  outputKey: { prop: 'encryption', judge: ({ outputKeys = [] }, _limits, around) => outputKeys.flatMap((key) => there(key, 'have a key for what is written', around)) },
  maxRuntime: { prop: 'maxRuntime', judge: maxRuntime },
  instanceFamily: { prop: 'instanceType', judge: instanceFamily },
  image: { prop: 'image', judge: ({ images = [], sources = [] }, limits, around) => [...images.flatMap((image) => ofImage(image, limits, around)), ...sources.flatMap((source) => ofSource(source, limits, around))] },
  tags: { prop: 'tags', judge: requiredTags },
  directInternet: { prop: 'directInternetAccess', judge: ({ directInternet }) => allowed(directInternet, (value) => value === 'Disabled', 'be Disabled') },
} as const satisfies { readonly [rule: string]: Rule };

export type RuleName = keyof typeof RULES;
export const RULE_NAMES = Object.keys(RULES) as RuleName[];

const violated = ({ path }: Setting, must: string, got: unknown): Verdict => ({ path, must, got, isUnknown: false });
const unknown = ({ path }: Setting, must: string): Verdict => ({ path, must, got: undefined, isUnknown: true });

/** Something must be there, whatever it is. */
function there(setting: Setting | undefined, must: string, around: Surroundings): Verdict[] {
  const presence = setting ? presenceOf(setting, around) : true;
  return presence === true ? [] : [presence === undefined ? unknown(setting!, must) : violated(setting!, must, undefined)];
}

/** Whether there is anything; undefined where only the deployment can tell. */
function presenceOf(state: State, { parameters = {} }: Surroundings): boolean | undefined {
  if (state.kind === 'absent') { return false; }
  if (state.kind === 'unsure') { return undefined; }
  if (state.kind === 'known') { return typeof state.value !== 'object' ? state.value !== '' : Object.keys(state.value ?? {}).length > 0; }
  const [one, ...others] = (state.either ?? []).map((each) => presenceOf(each, { mappings: {}, parameters }));
  if (state.either) { return others.every((other) => other === one) ? one : undefined; }
  const name = (state.value as { readonly Ref?: string } | undefined)?.Ref ?? '';
  return Object.hasOwn(parameters, name) && mayBeEmpty(name, parameters[name]!) ? undefined : true;
}

/** Those that the CDK makes for a nested stack are given a value by it. */
function mayBeEmpty(name: string, { Type, Default, AllowedValues, MinLength }: Parameter): boolean {
  if (name.startsWith('referenceto') || /AWS::/.test(String(Type)) || Number(MinLength ?? 0) > 0) { return false; }
  return Array.isArray(AllowedValues) ? AllowedValues.includes('') : Default === undefined || Default === '';
}

/** Something must be one of several values. */
function allowed(setting: Setting | undefined, isAllowed: (value: unknown) => boolean, must: string): Verdict[] {
  if (!setting) { return []; }
  if (setting.kind === 'later' || setting.kind === 'unsure') { return [unknown(setting, must)]; }
  const value = setting.kind === 'known' ? setting.value : undefined;
  return isAllowed(value) ? [] : [violated(setting, must, value)];
}

/** CloudFormation takes the word for the value. */
const isTrue = (value: unknown) => value === true || value === 'true';

function interContainerEncryption({ interContainerEncryption: setting, instances = [] }: Facts, { encryptsAlways }: Limits): Verdict[] {
  const [verdict] = allowed(setting, isTrue, encryptsAlways ? 'be true' : 'be true for more than one instance');
  if (!verdict || encryptsAlways) { return verdict ? [verdict] : []; }
  const counts = instances.map(({ count }) => (count.kind === 'known' ? Number(count.value) : count.kind === 'absent' ? 1 : Number.NaN));
  const most = instances.some(({ isAlternative }) => isAlternative) ? Math.max(...counts) : counts.reduce((sum, count) => sum + count, 0);
  return most <= 1 ? [] : [{ ...verdict, isUnknown: verdict.isUnknown || Number.isNaN(most) }];
}

/** Instances with storage of their own take no key. */
function volumeKey({ volumeKey: key, instances = [] }: Facts, _limits: Limits, around: Surroundings): Verdict[] {
  const [verdict] = there(key, 'have a key for the storage of instances', around);
  const types = instances.filter(({ type }) => !(type.kind === 'known' && LOCAL_STORAGE.test(String(type.value)))).map(({ type }) => type);
  if (!verdict || types.length === 0) { return []; }
  return [{ ...verdict, isUnknown: verdict.isUnknown || types.every(({ kind }) => kind !== 'known') }];
}

function maxRuntime({ maxRuntime: setting, usualRuntimeSeconds }: Facts, { maxRuntimeSeconds: most }: Limits): Verdict[] {
  if (most === undefined) { return []; }
  const isShort = (value: unknown) => Number(value ?? usualRuntimeSeconds) <= most;
  return allowed(setting, isShort, `be at most ${most} seconds`).map((verdict) => ({ ...verdict, got: verdict.got ?? usualRuntimeSeconds }));
}

function instanceFamily({ instances = [], otherTypes = [] }: Facts, { allowedFamilies, deniedFamilies = [] }: Limits): Verdict[] {
  const isAllowed = (type: unknown) => !deniedFamilies.includes(familyOf(String(type))) && (allowedFamilies?.includes(familyOf(String(type))) ?? true);
  const must = [...(allowedFamilies ? [`be of the families ${allowedFamilies.join(', ')}`] : []), ...(deniedFamilies.length > 0 ? [`be of no family of ${deniedFamilies.join(', ')}`] : [])].join(' and ');
  if (must === '') { return []; }
  return [...instances.map(({ type }: Instances) => type), ...otherTypes].filter(({ kind }) => kind !== 'absent').flatMap((type) => allowed(type, isAllowed, must));
}

function ofImage(image: Setting, limits: Limits, around: Surroundings): Verdict[] {
  const { imageRegistries } = limits;
  const must = whereImagesMayBe(limits);
  const value = valueOf(image);
  const origin = imageOrigin(value, around);
  if (image.kind === 'unsure' || origin.kind === 'unknown') { return [unknown(image, must)]; }
  if (origin.kind === 'registry') { return imageRegistries.includes(origin.host) ? [] : [violated(image, must, value)]; }
  return ofAccounts(image, origin.accounts, limits, must);
}

function ofAccounts(setting: Setting, accounts: readonly string[] | 'own' | 'unknown', { imageAccounts, awsImages }: Limits, must: string): Verdict[] {
  if (accounts === 'own' || (!imageAccounts && awsImages)) { return []; }
  if (accounts === 'unknown') { return [unknown(setting, must)]; }
  const mayBe = (account: string) => (isAccountOfAws(account) ? awsImages : imageAccounts === undefined) || imageAccounts?.includes(account) === true;
  return accounts.every(mayBe) ? [] : [violated(setting, must, valueOf(setting))];
}

/** A model package or an algorithm has images of its owner. */
function ofSource(source: Setting, limits: Limits, around: Surroundings): Verdict[] {
  return ofAccounts(source, source.kind === 'unsure' ? 'unknown' : ownersOf(valueOf(source), around), limits, whereImagesMayBe(limits));
}

function whereImagesMayBe({ imageAccounts, awsImages, imageRegistries }: Limits): string {
  const accounts = imageAccounts && [...imageAccounts.length > 0 ? [`the accounts ${imageAccounts.join(', ')}`] : [], 'the stack\'s own', ...(awsImages ? ['that of AWS'] : [])];
  const places = [`a private registry of Amazon ECR${accounts ? ` of ${accounts.join(' or ')}` : awsImages ? '' : ' that is not of AWS'}`, ...imageRegistries];
  return `be in ${places.join(', or in ')}`;
}

function valueOf(setting: Setting): unknown {
  return 'value' in setting ? setting.value : undefined;
}

function requiredTags({ tags }: Facts, { requiredTags: required = {} }: Limits): Verdict[] {
  if (!tags) { return []; }
  return Object.entries(required).flatMap(([name, values]) => {
    const must = values.length === 0 ? `have ${name}` : `have ${name} with one of ${values.join(', ')}`;
    if (tags.kind === 'later' || tags.kind === 'unsure') { return [unknown(tags, must)]; }
    const value = valueOf(tags) ?? [];
    if (!Array.isArray(value)) { return [violated(tags, must, value)]; }
    const list: { readonly Key?: unknown; readonly Value?: unknown }[] = value.filter((each) => each !== null && each !== undefined);
    const tag = list.find(({ Key }) => Key === name);
    if (!tag) { return list.some(({ Key }) => typeof Key !== 'string') ? [unknown(tags, must)] : [violated(tags, must, undefined)]; }
    if (values.length === 0) { return []; }
    return typeof tag.Value === 'string' ? (values.includes(tag.Value) ? [] : [violated(tags, must, tag.Value)]) : [unknown(tags, must)];
  });
}
