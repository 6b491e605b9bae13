import type { CfnEndpoint, CfnEndpointProps } from 'aws-cdk-lib/aws-sagemaker';
import { Annotations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { instanceTypesOf, isAutoscaled, type BoundVariant } from './bound-variant';
import { DeploymentPolicy } from './deployment-policy';
import type { EndpointConfig } from './endpoint-config';
import type { EndpointOptions } from './endpoint-options';
import { countInRange, isToken, refuse } from './request/checks';

/** How an endpoint is moved, as its resource says it. */
type Deployment = Pick<CfnEndpointProps, 'deploymentConfig' | 'retainAllVariantProperties' | 'excludeRetainedVariantProperties' | 'retainDeploymentConfig'>;

/** Undefined is a configuration made elsewhere: then nothing is known that could be checked. */
export function deploymentOf(scope: Construct, options: EndpointOptions, config: EndpointConfig | undefined, endpoint: () => CfnEndpoint): Deployment {
  const variants = config?._variants;
  const { rollbackAlarms = [], retainDeploymentConfig } = options;
  countInRange(scope, 'rollbackAlarms', options.rollbackAlarms, 1, 10);
  const policy = options.deployment ?? (rollbackAlarms.length > 0 ? DeploymentPolicy.allAtOnce() : undefined);
  if (policy && retainDeploymentConfig) { refuse(scope, 'retainDeploymentConfig', 'be left out beside deployment and rollbackAlarms: it has SageMaker take those of the update before', retainDeploymentConfig); }
  if (policy) { refuseExcluded(scope, options.deployment ? 'deployment' : 'rollbackAlarms', policy, variants ?? []); }
  const watched = { variants, endpoint, givenName: options.endpointName, metricsFrequency: config?._requestMetricsFrequency };
  const alarms = rollbackAlarms.flatMap((alarm) => alarm._names(scope, watched)).map((alarmName) => ({ alarmName }));
  if (new Set(alarms.map(({ alarmName }) => alarmName)).size < alarms.length) { refuse(scope, 'rollbackAlarms', 'be unique', 'an alarm twice'); }
  countInRange(scope, 'rollbackAlarms: the alarms of all variants', options.rollbackAlarms && alarms, 1, 10);
  return {
    deploymentConfig: policy && { ...policy._bind(scope, variants ?? [], alarms.length > 0), autoRollbackConfiguration: alarms.length > 0 ? { alarms } : undefined },
    ...retained(variants ?? []),
    retainDeploymentConfig,
  };
}

/**
 * Otherwise each update would set autoscaled variants back to the counts of the configuration (aws-facts 3.5). Weights and data capture are
 * not kept: they are said in the program alone, and an edit of them must not be without effect.
 */
function retained(variants: readonly BoundVariant[]): Deployment {
  // of a serverless variant SageMaker has no count to keep
  if (!variants.some((bound) => isAutoscaled(bound) && !bound.property.serverlessConfig)) { return {}; }
  return {
    retainAllVariantProperties: true,
    excludeRetainedVariantProperties: [{ variantPropertyType: 'DesiredWeight' }, { variantPropertyType: 'DataCaptureConfig' }],
  };
}

/**
 * SageMaker does not refuse these: it moves them all at once, and looks at no alarm.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html
 */
function refuseExcluded(scope: Construct, prop: string, policy: DeploymentPolicy, variants: readonly BoundVariant[]): void {
  for (const { name, property } of variants) {
    const { serverlessConfig, acceleratorType } = property;
    const inf1 = instanceTypesOf(property).find((type) => !isToken(type) && type.startsWith('ml.inf1.'));
    const leftOut = (why: string) => refuse(scope, prop, `be left out for ${why}: SageMaker moves it all at once, and looks at no alarm`, `variant ${name}`);
    if (serverlessConfig) { leftOut('a serverless variant'); }
    if (inf1 !== undefined) { leftOut(`instances with Inferentia 1 (${inf1}; ml.inf2 can)`); }
    if (acceleratorType !== undefined) { leftOut('Elastic Inference'); }
  }
  if (policy._isRolling && variants.length > 1) { refuse(scope, prop, 'be one other than rolling for several variants, for instance DeploymentPolicy.canary', `${variants.length} variants`); }
}

/** An endpoint can't change between instances and none, so each kind has a construct id: a change of kind makes another endpoint, and deletes the old one. */
export function resourceId(scope: Construct, { endpointName }: EndpointOptions, variants: readonly BoundVariant[] | undefined): string {
  if (!variants?.some(({ property }) => property.serverlessConfig)) { return 'Resource'; }
  if (endpointName !== undefined) {
    Annotations.of(scope).addWarningV2('cdk-sagemaker:serverlessEndpointName', 'endpointName: an endpoint that had instances before can\'t become serverless by an update, and one of the same name can\'t be made while it is there; '
      + 'leave the name out, or give another one, when an endpoint changes between instances and serverless');
  }
  return 'Serverless';
}
