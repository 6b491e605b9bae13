import { Annotations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { instanceTypesOf, type BoundVariant } from './bound-variant';
import type { ChosenKey } from './chosen-keys';
import type { EndpointConfigProps } from './endpoint-config';
import { familyOf } from './images/instance-family';
import { Model } from './model';
import { isToken, oneOf, refuse } from './request/checks';
import KNOWN_TYPES from './request/endpoint-instance-types.json';
import { warnOfInstanceTypes } from './request/instance-type-warnings';
import { warnAcrossStacks } from './template/across-stacks';

/** What endpoints that have no instances, or answer later, can't do beside. */
const ON_INSTANCES = ['asyncInference', 'dataCapture', 'explainer', 'shadowVariants'] as const;
const NOT_IN_A_QUEUE = ['explainer', 'shadowVariants'] as const;
/** What models say themselves, and the components of an endpoint are told by its configuration. */
const OF_COMPONENTS = ['role', 'isolated', 'networkIsolation', 'vpc', 'vpcSubnets', 'securityGroups'] as const;

/** What can't be asked for together, by the documents of SageMaker. Throws at the first of it. */
export function checkTogether(config: Construct, props: EndpointConfigProps, variants: readonly BoundVariant[], shadows: readonly BoundVariant[]): void {
  const all = [...variants, ...shadows];
  checkServerless(config, props, variants, shadows);
  checkComponents(config, props, all);
  if (shadows.length > 0) { checkShadow(config, props, variants, shadows); }
  if (props.asyncInference) { checkQueue(config, props, all); }
  oneOf(config, 'configRemovalPolicy', props.configRemovalPolicy, ['destroy', 'retain', 'retain-on-update-or-delete']);
}

/** What will hardly do as it is asked for. */
export function warnOf(config: Construct, props: EndpointConfigProps, variants: readonly BoundVariant[], volumeKey: ChosenKey | undefined): void {
  const types = [...new Set(variants.flatMap(({ property }) => instanceTypesOf(property)))].filter((type) => !isToken(type));
  warnOfInstanceTypes(config, types, KNOWN_TYPES, volumeKey !== undefined, 'encryptionKey');
  for (const [name, model] of variants.flatMap(({ name, variant }) => variant._models.map((each) => [name, each] as const))) {
    if (model instanceof Model) { warnAcrossStacks(config, `variants.${name}`, model); }
  }
  if (props.endpointConfigName !== undefined) {
    Annotations.of(config).addWarningV2('cdk-sagemaker:namedEndpointConfig', 'every change of an endpoint configuration makes a new one, which can\'t have the name of the one before: leave endpointConfigName out, or change it with every change');
  }
}

const isServerless = ({ property }: BoundVariant): boolean => property.serverlessConfig !== undefined;
const isOfComponents = ({ property }: BoundVariant): boolean => property.modelName === undefined;

function checkServerless(config: Construct, props: EndpointConfigProps, variants: readonly BoundVariant[], shadows: readonly BoundVariant[]): void {
  const hidden = shadows.find(isServerless);
  if (hidden) { refuse(config, `shadowVariants.${hidden.name}`, 'be on instances: a serverless variant is no shadow', 'Variant.serverless'); }
  if (!variants.some(isServerless)) { return; }
  if (variants.length > 1) { refuse(config, 'variants', 'have 1 entry where it is serverless', variants.length); }
  for (const prop of ON_INSTANCES) {
    if (props[prop]) { refuse(config, prop, 'be left out for a serverless variant, which has no instances to do it', 'both'); }
  }
}

function checkComponents(config: Construct, props: EndpointConfigProps, all: readonly BoundVariant[]): void {
  const components = all.filter(isOfComponents);
  if (components.length > 0 && components.length < all.length) { refuse(config, 'variants', 'all be Variant.ofComponents or have models', 'both'); }
  if (components.length > 0 && props.shadowVariants) { refuse(config, 'shadowVariants', 'be left out with Variant.ofComponents: a shadow gets the requests of a model', 'both'); }
  for (const prop of OF_COMPONENTS) {
    if (components.length === 0 && props[prop] !== undefined) { refuse(config, prop, 'come with Variant.ofComponents: models have their own', 'variants with models'); }
  }
}

/** Which models have no shadow, the models say when they are bound. */
function checkShadow(config: Construct, props: EndpointConfigProps, variants: readonly BoundVariant[], shadows: readonly BoundVariant[]): void {
  if (variants.length > 1) { refuse(config, 'variants', 'have 1 entry where there are shadowVariants', variants.length); }
  if (shadows.length > 1) { refuse(config, 'shadowVariants', 'have 1 entry', shadows.length); }
  const [[variant], [shadow]] = [variants, shadows];
  if (variant.variantName === shadow.variantName) { refuse(config, `shadowVariants.${shadow.name}`, 'have another name than the variant that answers', shadow.variantName); }
  for (const [prop, each] of [['variants', variant], ['shadowVariants', shadow]] as const) {
    const place = `${prop}.${each.name}`;
    if (each.property.acceleratorType !== undefined) { refuse(config, `${place}.acceleratorType`, 'be left out where there are shadowVariants', each.property.acceleratorType); }
    refuseInf1(config, place, each, 'where there are shadowVariants');
  }
  if (shadow.variant.autoScaling) { refuse(config, `shadowVariants.${shadow.name}.autoScaling`, 'be left out: no scaling of a shadow is documented (maxInstanceCount has SageMaker scale it)', 'autoScaling'); }
  if (props.asyncInference) { refuse(config, 'shadowVariants', 'be left out with asyncInference: a shadow gets requests that are answered at once', 'both'); }
}

function checkQueue(config: Construct, props: EndpointConfigProps, all: readonly BoundVariant[]): void {
  for (const prop of NOT_IN_A_QUEUE) {
    if (props[prop]) { refuse(config, prop, 'be left out with asyncInference: it is of requests that are answered at once', 'both'); }
  }
  all.forEach((variant) => refuseInf1(config, `variants.${variant.name}`, variant, 'with asyncInference'));
}

function refuseInf1(config: Construct, place: string, variant: BoundVariant, where: string): void {
  const type = instanceTypesOf(variant.property).find((each) => familyOf(each) === 'inf1');
  if (type !== undefined) { refuse(config, `${place}.instanceType`, `be of another family than inf1 ${where}, for instance inf2`, type); }
}
