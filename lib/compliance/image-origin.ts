import { accountsOfAws, domainsOfEcr } from '../images/registry';

/** What is said of a parameter. */
export interface Parameter {
  readonly Type?: unknown;
  readonly Default?: unknown;
  readonly AllowedValues?: unknown;
  readonly MinLength?: unknown;
}

/** What else the text of an image hangs on. */
export interface Surroundings {
  /** The mappings of the template. */
  readonly mappings: { readonly [mapping: string]: { readonly [top: string]: { readonly [second: string]: unknown } } };
  /** The parameters of the template. */
  readonly parameters?: { readonly [name: string]: Parameter };
  /** The account of the stack, where it is known. */
  readonly account?: string;
}

/** Where an image comes from. */
export type ImageOrigin =
  | { readonly kind: 'ecr'; readonly accounts: readonly string[] | 'own' | 'unknown' }
  | { readonly kind: 'registry'; readonly host: string }
  | { readonly kind: 'unknown' };

/** Any other domain is one that somebody has registered. */
const DOMAINS = [...domainsOfEcr(), '<suffix>'].map((domain) => domain.replaceAll('.', '\\.')).join('|');
const ACCOUNT_AND_REGION = (registry: string) => String.raw`^(\d{12}|<[^>]*>)\.${registry}(?:-fips)?\.(?:[a-z]+(?:-[a-z]+)+-\d+|<[^>]*>)\.`;
const ECR = new RegExp(String.raw`${ACCOUNT_AND_REGION(String.raw`dkr\.ecr`)}(?:${DOMAINS})$|${ACCOUNT_AND_REGION('dkr-ecr')}on\.(?:aws|amazonwebservices\.com\.cn)$`);
/** What the account of a registry is in the text where it is that of the stack, or may be one of a mapping. */
const OWN = '<own>';
const MAPPED = /^<mapping:(.*)>$/;

/** By its URI, as the template has it: text, or an intrinsic function that makes one. */
export function imageOrigin(image: unknown, around: Surroundings): ImageOrigin {
  const text = textOf(image, around);
  if (!text.includes('/')) { return text.includes('<') ? { kind: 'unknown' } : { kind: 'registry', host: DOCKER_HUB }; }
  const host = text.slice(0, text.indexOf('/'));
  const [, onIpv4, onBoth] = ECR.exec(host) ?? [];
  const account = onIpv4 ?? onBoth;
  if (account !== undefined) { return { kind: 'ecr', accounts: account === around.account ? 'own' : accountsIn(account) }; }
  if (host.includes('<')) { return { kind: 'unknown' }; }
  // as docker tells a registry from the first part of a name
  return { kind: 'registry', host: /[.:]|^localhost$/.test(host) ? host : DOCKER_HUB };
}

/** Whose a model package or an algorithm is, by its ARN or its name, which is one of the stack's account. */
export function ownersOf(source: unknown, around: Surroundings): readonly string[] | 'own' | 'unknown' {
  const [[name, argument] = ['', undefined]] = Object.entries(source ?? {}) as [string, any][];
  const isOfStack = name === 'Ref' ? around.parameters !== undefined && !Object.hasOwn(around.parameters, argument) : name === 'Fn::GetAtt' && String(argument).endsWith('ModelPackageArn');
  if (isOfStack) { return 'own'; }
  const text = textOf(source, around);
  if (!text.startsWith('arn:')) { return text.includes('<') ? 'unknown' : 'own'; }
  const account = /^arn:[^:]*:sagemaker:[^:]*:(\d{12}|<[^>]*>):/.exec(text)?.[1];
  return account === undefined ? 'unknown' : account === around.account ? 'own' : accountsIn(account);
}

const DOCKER_HUB = 'docker.io';

export function isAccountOfAws(account: string): boolean {
  return accountsOfAws().has(account);
}

function accountsIn(account: string): readonly string[] | 'own' | 'unknown' {
  if (account === OWN) { return 'own'; }
  const mapped = MAPPED.exec(account)?.[1];
  if (mapped !== undefined && mapped !== '') { return mapped.split(','); }
  return account.includes('<') ? 'unknown' : [account];
}

/** Text with a mark for each part that is known at deployment. */
function textOf(value: unknown, around: Surroundings): string {
  if (typeof value === 'string') { return value.includes('{{resolve:') ? LATER : value; }
  const [[name, argument] = ['', undefined]] = Object.entries(value ?? {}) as [string, any][];
  if (name === 'Fn::Join' && Array.isArray(argument?.[1])) { return argument[1].map((part: unknown) => textOf(part, around)).join(argument[0]); }
  if (name === 'Fn::Sub') { return substituted(argument, around); }
  if (name === 'Ref') { return argument === 'AWS::AccountId' ? OWN : argument === 'AWS::URLSuffix' ? '<suffix>' : LATER; }
  if (name === 'Fn::FindInMap') { return mapped(argument, around); }
  return name === 'Fn::Select' && isAccountOfResource(argument) ? OWN : LATER;
}

const LATER = '<later>';

function substituted(argument: unknown, around: Surroundings): string {
  const [text, values] = (Array.isArray(argument) ? argument : [argument, {}]) as [string, { readonly [name: string]: unknown }];
  return typeof text !== 'string' ? LATER : text.replace(/\$\{([^}]*)\}/g, (_all, name: string) => (Object.hasOwn(values ?? {}, name) ? textOf(values[name], around) : textOf({ Ref: name }, around)));
}

/** Every account that it may be, whichever Region it is looked up for; what is taken where the mapping has none is one of them. */
function mapped(argument: unknown, { mappings }: Surroundings): string {
  const [mapping, , second, otherwise] = (Array.isArray(argument) ? argument : []) as [string, unknown, string, { readonly DefaultValue?: unknown }?];
  const values = Object.values(mappings[mapping] ?? {}).map((row) => row[second]).filter((value) => value !== undefined || otherwise?.DefaultValue === undefined);
  if (values.length === 0) { return LATER; }
  const all = otherwise?.DefaultValue === undefined ? values : [...values, otherwise.DefaultValue];
  return all.every((value) => typeof value === 'string') ? `<mapping:${[...new Set(all)].join(',')}>` : LATER;
}

/** `Fn::Select: [4, Fn::Split: [':', Fn::GetAtt: [<repository>, 'Arn']]]`: CDK reads the account of a repository of the stack off its ARN. */
function isAccountOfResource([index, split]: readonly [unknown, { readonly 'Fn::Split'?: readonly [string, { readonly 'Fn::GetAtt'?: unknown }] }]): boolean {
  return Number(index) === 4 && split?.['Fn::Split']?.[0] === ':' && split['Fn::Split'][1]?.['Fn::GetAtt'] !== undefined;
}
