/** A group of model packages, as its ARN has it. */
export interface GroupAddress {
  readonly region: string;
  readonly account: string;
  /** In lower case. */
  readonly group: string;
}

/** Under which key of `cdk.context.json` the version of a group is kept that is deployed. It is in the files of users: it never changes. */
export function approvedVersionKey({ region, account, group }: GroupAddress): string {
  return `cdk-sagemaker:approved-version:account=${account}:group=${group}:region=${region}`;
}
