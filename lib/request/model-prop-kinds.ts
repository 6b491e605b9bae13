import type { IConstruct } from 'constructs';
import type { ModelProps } from '../model';
import { isToken, refuse } from './checks';
import { BOOLEAN, can, checkKinds as check, checkTexts, ENCRYPTION, isObject, NUMBER, OF_A_NETWORK, ROLE, SECRETS, STRUCTURE, TEXT, type Kinds } from './kinds';

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
  secrets: SECRETS,
  encryption: ENCRYPTION,
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
  role: ROLE,
  modelName: TEXT,
  ...OF_A_NETWORK,
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
  check(scope, props, kinds, prefix);
  checkTexts(scope, `${prefix}environment`, (props as ModelProps).environment);
}
