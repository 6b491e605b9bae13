import { AccountPrincipal, Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Resource, Stack } from 'aws-cdk-lib/core';
import { Construct, type IConstruct } from 'constructs';

/** Whether a resource of the app is in another account or Region than somebody: only by the name it was given is it known there. */
export function isFar(resource: IConstruct, { grantPrincipal: principal }: IGrantable): boolean {
  if (!Construct.isConstruct(principal) || !Resource.isOwnedResource(resource)) { return false; }
  const [there, here] = [Stack.of(resource), Stack.of(principal)];
  return there.account !== here.account || there.region !== here.region;
}

/**
 * Lets a key of the app in another account or Region be used, and says whether it is one. A key has no name by which it could be called there, for which
 * reason CDK allows the role every key there is. Here it is every key of that account and Region, each of which says itself whom it lets in.
 */
export function grantFarKey(key: IKey, grantee: IGrantable, actions: string[], conditions?: { [operator: string]: { [key: string]: string } }): boolean {
  if (!isFar(key, grantee)) { return false; }
  const [there, here] = [Stack.of(key), Stack.of(grantee.grantPrincipal as unknown as IConstruct)];
  Grant.addToPrincipalAndResource({
    grantee, actions, conditions, resource: key,
    resourceArns: [there.formatArn({ service: 'kms', resource: 'key', resourceName: '*' })],
    resourceSelfArns: ['*'],                                 // in the policy of a key it is the key itself
    // a role that is made after the key can't be named by it yet
    resourcePolicyPrincipal: here.dependencies.includes(there) ? new AccountPrincipal(here.account) : undefined,
  });
  return true;
}
