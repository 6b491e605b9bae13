import { CfnPolicy, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CfnEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import { CfnResource, Lazy, Names } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { EndpointCheckProperties } from '../handler/contract';
import { writeDown } from './granted';
import { ENDPOINT_CHECK_RESOURCE_TYPE } from './job-kind';
import { JobProviderResources } from './job-provider';

/**
 * The resource that looks whether an endpoint serves what the template says, each time the endpoint has been made or moved: an update that
 * SageMaker rolls back by itself is a success to CloudFormation, which would delete the configuration in service next (aws-facts 3.6).
 */
export function endpointCheck(scope: Construct, endpoint: CfnEndpoint): CfnResource {
  const provider = JobProviderResources.of(scope);
  // Not in the provider's own policy: that is a lifeline of the jobs, whose results the endpoint serves, and can't wait for the endpoint.
  const statement = new PolicyStatement({ actions: ['sagemaker:DescribeEndpoint'], resources: [endpoint.ref] });
  writeDown(scope, { role: provider.handlerRole.node.path, prop: 'is looked at after each deployment', statement: statement.toStatementJson() });
  const policy: CfnPolicy = new CfnPolicy(scope, 'CheckPolicy', {
    policyName: Lazy.string({ produce: () => Names.uniqueResourceName(policy, { maxLength: 100 }) }),
    roles: [provider.handlerRole.ref],
    policyDocument: new PolicyDocument({ statements: [statement] }),
  });
  const properties: EndpointCheckProperties = {
    EndpointName: endpoint.attrEndpointName,
    EndpointConfigName: Lazy.string({ produce: () => endpoint.endpointConfigName }),
    Deployment: Lazy.any({ produce: () => endpoint.deploymentConfig }),
  };
  const check = new CfnResource(scope, 'Check', { type: ENDPOINT_CHECK_RESOURCE_TYPE, properties: { ServiceToken: provider.serviceToken, ...properties } });
  check.node.addDependency(policy, ...provider.lifelines);
  return check;
}
