import { Template } from 'aws-cdk-lib/assertions';
import { CfnEndpointConfig, CfnInferenceComponent } from 'aws-cdk-lib/aws-sagemaker';
import { everyEndpointConfig } from '../support/every-endpoint-config';
import { emptyStack } from '../support/stacks';

/** What `aws-cdk-lib` 2.224.0 leaves out of what it is given. */
const UNKNOWN = {
  variants: ['instancePools', 'variantInstanceProvisionTimeoutInSeconds', 'coreDumpConfig'],
  scaling: ['scaleInPolicy'], routing: ['prefixAwareRoutingConfig'], specification: ['dataCacheConfig', 'schedulingConfig'], container: ['containerMetricsConfig'],
};
const without = (value: any, names: string[]) => value && Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
const oldVariant = (variant: any) => ({
  ...without(variant, UNKNOWN.variants), managedInstanceScaling: without(variant.managedInstanceScaling, UNKNOWN.scaling), routingConfig: without(variant.routingConfig, UNKNOWN.routing),
});

test('members that an older aws-cdk-lib leaves out are in the template all the same', () => {
  const template = (isOld: boolean) => {
    const stack = emptyStack();
    everyEndpointConfig(stack);
    for (const part of isOld ? stack.node.findAll() : []) {
      if (part instanceof CfnEndpointConfig) {
        part.metricsConfig = undefined;
        part.productionVariants = (part.productionVariants as any[]).map(oldVariant);
        part.shadowProductionVariants = (part.shadowProductionVariants as any[] | undefined)?.map(oldVariant);
      }
      if (part instanceof CfnInferenceComponent) {
        part.specifications = undefined;
        const { container, ...rest } = (part.specification ?? {}) as any;
        part.specification = part.specification && { ...without(rest, UNKNOWN.specification), container: without(container, UNKNOWN.container) };
      }
    }
    return Template.fromStack(stack).toJSON();
  };
  const [known, dropped] = [template(false), template(true)];
  for (const member of [...UNKNOWN.variants, ...UNKNOWN.scaling, ...UNKNOWN.routing, ...UNKNOWN.specification, ...UNKNOWN.container, 'metricsConfig', 'specifications']) {
    expect(JSON.stringify(known)).toContain(`"${member[0].toUpperCase()}${member.slice(1)}"`);
  }
  expect(dropped).toEqual(known);
});
