import type { IConstruct } from 'constructs';
import type { ModelPackageProps } from '../model-package';
import { BOOLEAN, boundBy, can, checkGiven, checkKinds, checkTexts, ENCRYPTION, KEY, STRUCTURE, TEXT, type Kind, type Kinds } from './kinds';

const SOURCE: Kind = boundBy('a ModelPackageSource, for instance ModelPackageSource.containers([{ image, modelData }], { contentTypes, responseTypes })');

export const GROUP: Kind = ['a group (ModelPackageGroup.fromModelPackageGroupArn makes one of an ARN)', can('grantRegister')];

const OF_A_PACKAGE: Kinds = {
  group: GROUP,
  certifyForMarketplace: BOOLEAN,
  modelPackageName: TEXT,
  approvalStatus: TEXT,
  approvalDescription: TEXT,
  description: TEXT,
  metadata: STRUCTURE,
  origin: STRUCTURE,
  sourceUri: TEXT,
  metrics: STRUCTURE,
  driftBaselines: STRUCTURE,
  modelCard: STRUCTURE,
  alternatives: ['a map of ModelPackageSource by name', STRUCTURE[1]],
  domain: TEXT,
  task: TEXT,
  samplePayload: ['a ModelReport', can('_bind')],
  encryptionKey: KEY,
  encryption: ENCRYPTION,
  skipValidation: BOOLEAN,
  removalPolicy: TEXT,
};

/** Programs in JavaScript, or with `any`, are checked by no compiler: what is no such thing at all is refused before it is used. */
export function checkModelPackageKinds(version: IConstruct, props: ModelPackageProps): void {
  checkGiven(version, 'props', props, STRUCTURE);
  checkGiven(version, 'source', props.source, SOURCE);
  checkKinds(version, props, OF_A_PACKAGE);
  checkTexts(version, 'metadata', props.metadata);
  for (const [name, source] of Object.entries(props.alternatives ?? {})) { checkGiven(version, `alternatives.${name}`, source, SOURCE); }
}
