import type { IConstruct } from 'constructs';
import { uncarried } from './carried';
import { isToken, refuse, serviceName } from './checks';
import { refuseAt } from './request-violations';

/** What a prop is: the words after `must be`, and how it is known. By what it can do, not by its class: a process may hold two copies of a class. */
export type Kind = readonly [words: string, is: (value: any) => boolean];
export type Kinds = { readonly [prop: string]: Kind };

export const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
export const can = (...methods: string[]) => (value: any): boolean => methods.every((method) => typeof value?.[method] === 'function');
/** What is bound to constructs, by class. */
const BOUND = new Set([
  'Algorithm', 'AsyncInference', 'BatchDataCapture', 'Checkpoints', 'ContainerImage', 'CoreDumps', 'DataCapture', 'DataSource', 'DebugHook', 'Explainer', 'Mlflow', 'ModelData',
  'ModelPackageOutput', 'ModelPackageSource', 'MonitoringRule', 'OutputLocation', 'ProcessingInput', 'ProcessingOutput', 'Profiler', 'Script', 'TensorBoardOutput', 'WarmStart',
]);
/** Which of them a value comes from; undefined where its classes have other names, as in an app that was minified. A bundler may put a line before a name. */
function boundClassOf(value: unknown): string | undefined {
  for (let place: unknown = isObject(value) ? Object.getPrototypeOf(value) : null; isObject(place); place = Object.getPrototypeOf(place)) {
    const name = (place as { constructor?: { name?: string } }).constructor?.name?.replace(/^_+/, '');
    if (name !== undefined && BOUND.has(name)) { return name; }
  }
  return undefined;
}
/** What is bound to a construct, and is not of another class than the words name first: a place of outputs is none of checkpoints. */
export function boundBy(words: string): Kind {
  const [, className] = /^(?:an? )?(\w+)/.exec(words)!;
  return [words, (value) => can('bind')(value) && [className, undefined].includes(boundClassOf(value))];
}
export const has = (words: string, member: string): Kind => [words, (value) => isObject(value) && member in value];

export const BOOLEAN: Kind = ['true or false', (value) => typeof value === 'boolean'];
export const NUMBER: Kind = ['a number', (value) => typeof value === 'number'];
export const TEXT: Kind = ['text', (value) => typeof value === 'string'];
export const STRUCTURE: Kind = ['a structure', (value) => isObject(value) && !Array.isArray(value)];
export const LIST: Kind = ['a list', Array.isArray];
export const STRUCTURES: Kind = ['a list of structures', (value) => Array.isArray(value) && value.every(STRUCTURE[1])];
export const MAP_OF_STRUCTURES: Kind = ['a map of structures by name', (value) => STRUCTURE[1](value) && Object.values(value as object).every(STRUCTURE[1])];
export const TEXTS: Kind = ['a list of texts', (value) => Array.isArray(value) && value.every((each) => typeof each === 'string')];
export const DURATION: Kind = ['a Duration', can('toSeconds')];
export const SIZE: Kind = ['a Size', can('toGibibytes')];
export const GRANTEE: Kind = ['a grantee: a role, a function, a model or whatever else is granted something', has('', 'grantPrincipal')[1]];
export const FUNCTION: Kind = ['a function (aws_lambda.Function)', can('addEnvironment')];
export const VPC: Kind = ['a VPC', can('selectSubnets')];
export const ROLE: Kind = has('a role (Role.fromRoleArn makes one of an ARN)', 'roleArn');
export const MANAGED_POLICY: Kind = has('a managed policy (ManagedPolicy.fromManagedPolicyArn makes one of an ARN)', 'managedPolicyArn');
export const KEY: Kind = has('a key (Key.fromKeyArn makes one of an ARN)', 'keyArn');
export const ENCRYPTION: Kind = ['an Encryption, for instance Encryption.withKey(key)', can('_keys')];
export const SECRET: Kind = ['a secret (Secret.fromSecretCompleteArn makes one of an ARN)', (value) => can('grantRead')(value) && has('', 'secretArn')[1](value)];
/** Of a map by name; each of them is checked where it is bound. */
export const SECRETS: Kind = ['a map of secrets by variable', STRUCTURE[1]];
export const BUCKET: Kind = ['a bucket (Bucket.fromBucketName makes one of a name)', can('arnForObjects')];
export const PARAMETER: Kind = ['a parameter (StringParameter.fromStringParameterName makes one of a name)', can('grantWrite')];
export const QUALITY_GATE: Kind = ['a QualityGate', can('_checked')];
export const DATA = boundBy('a DataSource, for instance DataSource.fromBucket(bucket, prefix)');
export const MODEL: Kind = ['a model (Model.fromModelName makes one of a name)', (value) => value?.modelName !== undefined && can('applyRemovalPolicy')(value)];

/** What every kind of job says of its life. */
export const OF_A_LIFE: Kinds = {
  completion: has('a Completion', 'isAwaited'), retrain: has('a Retrain', 'manualRevision'), revision: TEXT, adopt: STRUCTURE, removalPolicy: TEXT,
};

export const SUBNET: Kind = has('a subnet (Subnet.fromSubnetId makes one of an id)', 'subnetId');
export const SECURITY_GROUP: Kind = has('a security group (SecurityGroup.fromSecurityGroupId makes one of an id)', 'securityGroupId');
export const CONNECTABLE: Kind = has('a construct with connections, for instance a function in the VPC', 'connections');
export const OF_A_NETWORK: Kinds = { vpc: VPC, vpcSubnets: STRUCTURE, securityGroups: ['a list of security groups', LIST[1]], isolated: BOOLEAN };

/** Programs in JavaScript, or with `any`, are checked by no compiler: what is no such thing at all is refused before it is used. */
export function checkKinds(scope: IConstruct, props: object, kinds: Kinds, prefix = ''): void {
  for (const [prop, kind] of Object.entries(kinds)) { checkKind(scope, prefix + prop, (props as { [name: string]: unknown })[prop], kind); }
}

/** What must be there. */
export function checkGiven(scope: IConstruct, prop: string, value: unknown, kind: Kind): void { checkKind(scope, prop, value ?? null, kind); }

/** What a list is made of. */
export function checkEach(scope: IConstruct, prop: string, list: unknown, kind: Kind): void {
  if (list === undefined || isToken(list)) { return; }
  checkKind(scope, prop, list, LIST);
  (list as unknown[]).forEach((each, index) => checkGiven(scope, `${prop}[${index}]`, each, kind));
}

/** What a factory looks into at once, when there is no construct yet for an error to name: `Capacity.spot: options must be a structure, got undefined`. */
export function checkArgument(factory: string, argument: string, value: unknown, kind: Kind): void {
  checkGiven({ node: { path: factory } } as IConstruct, argument, value, kind);
}

/** What a factory took without a compiler's check shows when it is used: then the prop it came by is named. */
export function usable<T>(scope: IConstruct, prop: string, use: () => T): T {
  try {
    return use();
  } catch (error) {
    const { name, message } = error as Error;               // by its name: Node's own may be of another realm
    if (name !== 'TypeError' && name !== 'RangeError') { throw error; }
    throw new Error(`${scope.node.path}: ${prop} must be made of what its factory takes (${message})`, { cause: error });
  }
}

/** The options of a factory, which are there or left out as a whole, and what is in them. */
export function checkOptions(scope: IConstruct, prefix: string, options: unknown, kinds: Kinds, required: Kinds = {}): void {
  checkGiven(scope, `${prefix}options`, options, STRUCTURE);
  for (const [prop, kind] of Object.entries(required)) { checkGiven(scope, prefix + prop, (options as { [name: string]: unknown })[prop], kind); }
  checkKinds(scope, options as object, kinds, prefix);
}

/** That options are such as there are: a misspelled one would be left out in silence. */
export function checkKnown(scope: IConstruct, prop: string, value: object, names: readonly string[]): void {
  const other = Object.entries(value).find(([name, each]) => each !== undefined && !names.includes(name));
  if (other) { refuse(scope, prop, `have no other members than ${names.join(', ')}`, other[0]); }
}

/** The bucket and the prefix of a factory, and its options. */
export function checkPlace(scope: IConstruct, prefix: string, place: { readonly bucket: unknown; readonly prefix: unknown; readonly options: unknown }, kinds: Kinds): void {
  checkGiven(scope, `${prefix}bucket`, place.bucket, BUCKET);
  checkGiven(scope, `${prefix}prefix`, place.prefix, TEXT);
  checkOptions(scope, prefix, place.options, kinds);
}

/** Where a construct will be, for what is refused before it is made. */
export function placeOf(scope: IConstruct, id: string): IConstruct {
  return { node: { path: [scope.node.path, id].filter((part) => part !== '').join('/') } } as IConstruct;
}

/** The name of what was made elsewhere. */
export function checkImportedName(scope: IConstruct, prop: string, name: unknown): void {
  checkGiven(scope, prop, name, TEXT);
  serviceName(scope, prop, name as string);
}

/** What is left out is no mistake, and neither is what is known at deployment, where that can be. */
export function checkKind(scope: IConstruct, prop: string, value: unknown, [words, is]: Kind): void {
  if (value === undefined || is(value) || (isToken(value) && words !== BOOLEAN[0])) { return; }
  refuse(scope, prop, `be ${words}`, value ?? undefined);
}

/** That a template can carry it. */
export function checkCarried(scope: IConstruct, prop: string, value: unknown): void {
  const found = uncarried(value);
  if (found) { refuseAt(scope, found, (path) => [prop, ...path].join('.')); }
}

/** That the CDK makes a construct of that name: it takes what every object of JavaScript has for one that is there. */
export function checkConstructName(scope: IConstruct, prop: string, name: string): void {
  if (name in Object.prototype) { refuse(scope, prop, 'have another name: the CDK makes no construct of it', name); }
}

/** What is in the structures that a job's life is made of. */
export function checkLifeKinds(
  scope: IConstruct, { completion, retrain, adopt }: { readonly completion?: { readonly within?: unknown }; readonly retrain?: { readonly manualRevision?: unknown }; readonly adopt?: { readonly name: unknown; readonly accept?: unknown } },
): void {
  checkKind(scope, 'completion.within', completion?.within, DURATION);
  checkKind(scope, 'retrain', retrain?.manualRevision, ['a revision: text', TEXT[1]]);
  checkKind(scope, 'adopt.name', adopt && (adopt.name ?? null), TEXT);
  checkKind(scope, 'adopt.accept', adopt?.accept, LIST);
}

/** Values of a map that are text each. */
export function checkTexts(scope: IConstruct, prop: string, map: object | undefined): void {
  if (map === undefined || isToken(map)) { return; }
  for (const [name, value] of Object.entries(map)) { checkKind(scope, `${prop}.${name}`, value ?? null, TEXT); }
  checkCarried(scope, prop, map);
}
