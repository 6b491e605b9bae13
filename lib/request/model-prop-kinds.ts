import type { IConstruct } from 'constructs';
import type { ModelProps } from '../model';
import { isToken, refuse } from './checks';

/** What a prop is: the words after `must be`, and how it is known. By what it can do, not by its class: a process may hold two copies of a class. */
type Kind = readonly [words: string, is: (value: any) => boolean];
type Kinds = { readonly [prop: string]: Kind };

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
const can = (...methods: string[]) => (value: any): boolean => methods.every((method) => typeof value?.[method] === 'function');

const BOOLEAN: Kind = ['true or false', (value) => typeof value === 'boolean'];
const NUMBER: Kind = ['a number', (value) => typeof value === 'number'];
const TEXT: Kind = ['text', (value) => typeof value === 'string'];
const STRUCTURE: Kind = ['a structure', (value) => isObject(value) && !Array.isArray(value)];

/** What is said of one container. */
const OF_A_CONTAINER: Kinds = {
  image: ['a ContainerImage, for instance ContainerImage.fromUri(uri)', can('bind')],
  framework: ['a Framework, for instance Framework.pytorch(\'2.6.0\')', (value) => isObject(value?.config)],
  modelData: ['ModelData, for instance ModelData.fromS3Uri(\'s3://bucket/model.tar.gz\')', can('bind')],
  script: ['a Script, for instance Script.fromFile(\'serve.py\')', can('bind', 'withEntryPoint')],
  entryPoint: TEXT,
  scriptPlacement: TEXT,
  repack: STRUCTURE,
  logLevel: NUMBER,
  modelServerWorkers: NUMBER,
  environment: STRUCTURE,
  containerName: TEXT,
  multiModel: BOOLEAN,
  modelCache: BOOLEAN,
  modelPackage: ['a model package (ModelPackage.fromModelPackageArn makes one of an ARN)', can('grantServing')],
};

const OF_A_MODEL: Kinds = {
  ...OF_A_CONTAINER,
  containers: ['a list of containers', Array.isArray],
  execution: TEXT,
  instanceType: TEXT,
  networkIsolation: BOOLEAN,
  role: ['a role (Role.fromRoleArn makes one of an ARN)', isObject],
  modelName: TEXT,
  vpc: ['a VPC', can('selectSubnets')],
  vpcSubnets: STRUCTURE,
  securityGroups: ['a list of security groups', Array.isArray],
};

/** Programs in JavaScript, or with `any`, are checked by no compiler: what is no such thing at all is refused before it is used. */
export function checkModelPropKinds(scope: IConstruct, props: ModelProps): void {
  if (!STRUCTURE[1](props)) { refuse(scope, 'props', 'be a structure', props); }
  checkKinds(scope, '', props, OF_A_MODEL);
  if (isToken(props.containers)) { refuse(scope, 'containers', 'be known at synthesis', props.containers); }
  props.containers?.forEach((container, index) => {
    if (!STRUCTURE[1](container)) { refuse(scope, `containers[${index}]`, 'be a structure', container ?? undefined); }
    checkKinds(scope, `containers[${index}].`, container, OF_A_CONTAINER);
  });
}

function checkKinds(scope: IConstruct, prefix: string, props: object, kinds: Kinds): void {
  for (const [prop, kind] of Object.entries(kinds)) { checkKind(scope, prefix + prop, (props as { [name: string]: unknown })[prop], kind); }
  const { environment } = props as ModelProps;
  if (isToken(environment)) { return; }
  for (const [name, value] of Object.entries(environment ?? {})) { checkKind(scope, `${prefix}environment.${name}`, value ?? null, TEXT); }
}

/** What is left out is no mistake, and neither is what is known at deployment, where that can be. */
function checkKind(scope: IConstruct, prop: string, value: unknown, [words, is]: Kind): void {
  if (value === undefined || is(value) || (isToken(value) && words !== BOOLEAN[0])) { return; }
  refuse(scope, prop, `be ${words}`, value ?? undefined);
}
