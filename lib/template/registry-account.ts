import { CfnMapping, Fn, type Stack } from 'aws-cdk-lib/core';

const KEY = 'account';

/**
 * The account that has a registry in the Region a stack is deployed to. The mapping is one a registry and stack,
 * named after the registry; a deployment to another Region fails for want of an entry.
 */
export function mappedAccount(stack: Stack, registry: string, accounts: { readonly [region: string]: string }): string {
  const id = `SageMakerImages${registry.split(/[^a-z0-9]+/).map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}`;
  const mapping = stack.node.tryFindChild(id) as CfnMapping | undefined
    ?? new CfnMapping(stack, id, { mapping: Object.fromEntries(Object.entries(accounts).map(([region, account]) => [region, { [KEY]: account }])) });
  return Fn.findInMap(mapping.logicalId, stack.region, KEY);
}
