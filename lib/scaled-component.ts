import type { IEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import { Annotations, Names, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { createHash } from 'node:crypto';
import type { AutoScaling } from './auto-scaling';
import type { Endpoint } from './endpoint';
import { EndpointConfig } from './endpoint-config';
import { isToken } from './request/checks';
import type { ScaledResource } from './scaled-resource';

/** Where a component is, which can't be changed. */
interface ComponentPlace {
  readonly endpoint: IEndpoint;
  readonly variantName?: string;
}

/**
 * The name of a component that is scaled and has none given. CloudWatch finds its metrics by the name letter by letter, and CloudFormation tells a generated one in the
 * ARN only, where it is in lower case. What can't be changed is in the name, so that another place makes another component.
 */
export function scaledComponentName(scope: Construct, { endpoint, variantName }: ComponentPlace): string {
  const place = JSON.stringify(Stack.of(scope).resolve([endpoint.endpointName, variantName]));
  return `${Names.uniqueResourceName(scope, { maxLength: 54, separator: '-' }).toLowerCase()}-${createHash('sha256').update(place).digest('hex').slice(0, 8)}`;
}

/** Has the copies of a component scaled. */
export function scaleCopies(scope: Construct, component: Construct, autoScaling: AutoScaling, { endpoint, variantName }: ComponentPlace, inferenceComponentName: string): void {
  warnOfIdleInstances(scope, autoScaling, { endpoint, variantName });
  const resource: ScaledResource = { kind: 'copies', endpointName: endpoint.endpointName, variantName, inferenceComponentName };
  autoScaling._bind(new Construct(scope, 'Scaling'), component, resource);
}

function warnOfIdleInstances(scope: Construct, { min }: AutoScaling, { endpoint, variantName }: ComponentPlace): void {
  const { _config: config } = endpoint as Partial<Endpoint>;
  const variant = config instanceof EndpointConfig ? config._variants.find(({ name }) => name === variantName) : undefined;
  const instances = variant?.property.managedInstanceScaling as { readonly minInstanceCount?: number } | undefined;
  if (min !== 0 || !variant || instances?.minInstanceCount === 0 || isToken(instances?.minInstanceCount)) { return; }
  Annotations.of(scope).addWarningV2('cdk-sagemaker:instancesWithoutCopies', `autoScaling: there may be no copies, but the instances of ${variantName} stay and are paid for: give Variant.ofComponents a minInstanceCount of 0, and a maxInstanceCount`);
}
