import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnMapping, Stack, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ContainerImage, type ContainerImageConfig } from './container-image';
import { refuse } from './request/checks';
import { grantPull } from './template/execution-role';

/** The accounts of the service that the image of the built-in rules is in. */
const RULES: { readonly [region: string]: string } = {
  'af-south-1': '314341159256', 'ap-east-1': '199566480951', 'ap-northeast-1': '430734990657', 'ap-northeast-2': '578805364391', 'ap-northeast-3': '479947661362',
  'ap-south-1': '904829902805', 'ap-southeast-1': '972752614525', 'ap-southeast-2': '184798709955', 'ca-central-1': '519511493484', 'cn-north-1': '618459771430',
  'cn-northwest-1': '658757709296', 'eu-central-1': '482524230118', 'eu-north-1': '314864569078', 'eu-south-1': '563282790590', 'eu-west-1': '929884845733',
  'eu-west-2': '250201462417', 'eu-west-3': '447278800020', 'me-south-1': '986000313247', 'sa-east-1': '818342061345', 'us-east-1': '503895931360',
  'us-east-2': '915447279597', 'us-gov-west-1': '515509971035', 'us-west-1': '685455198987', 'us-west-2': '895741380848',
};
/** The accounts that the image is in which works up what SageMaker Profiler records. */
const DETAILED_PROFILER: { readonly [region: string]: string } = {
  'eu-central-1': '482524230118', 'eu-west-1': '929884845733', 'il-central-1': '216881608335', 'us-east-1': '503895931360', 'us-east-2': '915447279597', 'us-west-2': '895741380848',
};

/** An image of the service that evaluates rules: its repository, and its account in each Region. */
export const RULE_IMAGES = {
  debugger: { repository: 'sagemaker-debugger-rules', accounts: RULES },
  detailedProfiler: { repository: 'detailed-profiler-processing', accounts: DETAILED_PROFILER },
} as const;

/** The image of the service that evaluates built-in rules, in the Region of the stack. */
export function ruleImage(kind: keyof typeof RULE_IMAGES): ContainerImage {
  return new RuleImage(kind);
}

class RuleImage extends ContainerImage {
  public constructor(private readonly kind: keyof typeof RULE_IMAGES) { super(); }

  public bind(scope: Construct, grantee: IGrantable): ContainerImageConfig {
    const stack = Stack.of(scope);
    const { region } = stack;
    const { repository, accounts } = RULE_IMAGES[this.kind];
    const isKnown = !Token.isUnresolved(region);
    const account = isKnown ? accounts[region] ?? refuse(scope, 'image', `be in one of ${Object.keys(accounts).join(', ')}`, region) : accountOf(stack, this.kind);
    const suffix = isKnown ? (region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com') : stack.urlSuffix;
    grantPull(grantee, stack.formatArn({ service: 'ecr', account, region, resource: 'repository', resourceName: repository }));
    return { imageUri: `${account}.dkr.ecr.${region}.${suffix}/${repository}:latest` };
  }
}

/** Looked up when the stack is deployed. */
function accountOf(stack: Stack, kind: string): string {
  const id = 'SageMakerRuleImages';
  const mapping = (stack.node.tryFindChild(id) as CfnMapping | undefined) ?? new CfnMapping(stack, id, { mapping: accountsByRegion() });
  return mapping.findInMap(stack.region, kind);
}

function accountsByRegion(): { [region: string]: { [kind: string]: string } } {
  const regions = [...new Set(Object.values(RULE_IMAGES).flatMap(({ accounts }) => Object.keys(accounts)))].sort();
  return Object.fromEntries(regions.map((region) => [region, Object.fromEntries(
    Object.entries(RULE_IMAGES).flatMap(([kind, { accounts }]) => (region in accounts ? [[kind, (accounts as { [region: string]: string })[region]]] : [])),
  )]));
}
