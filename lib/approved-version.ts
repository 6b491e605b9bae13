import { Annotations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { approvedVersionKey } from './limits/approved-version';
import type { IModelPackageGroup } from './model-package-group';
import { isToken, refuse } from './request/checks';
import { arnName } from './template/names';

/** What stands for a version that is not pinned yet, in a template that is not deployed. */
const NONE = '0';

/**
 * The version of a group that `cdk-sagemaker pin-model` has written to the context. Without one the stack can't be deployed; the others of the app can,
 * for one of them may be what makes the group.
 */
export function pinnedVersion(scope: Construct, { env: { account, region }, modelPackageGroupName }: IModelPackageGroup): string {
  const address = { account, region, group: arnName(modelPackageGroupName) };
  for (const [part, value] of Object.entries(address)) {
    if (isToken(value)) { refuse(scope, `group: ${part}`, 'be known at synthesis, since the version is looked up by it: give the stack an env, or take the group by its ARN', value); }
  }
  const key = approvedVersionKey(address);
  const pinned: unknown = scope.node.tryGetContext(key);
  if (pinned === undefined) {
    Annotations.of(scope).addError(`no version of the model package group ${address.group} is pinned: \`npx cdk-sagemaker pin-model ${address.group} --account ${account} --region ${region}\` `
      + 'asks SageMaker for the latest approved one and writes it to cdk.context.json');
    return NONE;
  }
  if (!/^[1-9][0-9]*$/.test(String(pinned))) { refuse(scope, `context ${key}`, 'be the number of a version', pinned); }
  return String(pinned);
}
