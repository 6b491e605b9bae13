import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnMapping, Stack, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ContainerImage, type ContainerImageConfig } from '../container-image';
import { refuse } from '../request/checks';
import ACCOUNTS from './registry-accounts.json';

/** The image of an algorithm of Amazon's own in the Region of the stack; the same for training and for inference. */
export function builtInImage(algorithm: string, version: string): ContainerImage {
  return new BuiltInImage(algorithm, version);
}

const PICTURES = ['blazingtext', 'image-classification', 'object-detection', 'semantic-segmentation', 'seq2seq'];

class BuiltInImage extends ContainerImage {
  public constructor(private readonly algorithm: string, private readonly version: string) { super(); }

  public bind(scope: Construct, grantee: IGrantable): ContainerImageConfig {
    const stack = Stack.of(scope);
    const [repository, tag] = this.algorithm === 'xgboost' && !['1', 'latest'].includes(this.version) ? ['sagemaker-xgboost', xgboostTag(this.version)] : [this.algorithm, this.version];
    const registry = PICTURES.includes(repository) ? 'pictures' : ['forecasting-deepar', 'lda', 'xgboost', 'sagemaker-xgboost'].includes(repository) ? repository : 'records';
    const suffix = Token.isUnresolved(stack.region) ? stack.urlSuffix : RegionInfo.get(stack.region).domainSuffix ?? stack.urlSuffix;
    return ContainerImage.fromUri(`${account(scope, stack, registry)}.dkr.ecr.${stack.region}.${suffix}/${repository}:${tag}`).bind(scope, grantee);
  }
}

/** Older images say in their tags what they are made for. */
function xgboostTag(version: string): string {
  return /^(0\.90|1\.0)-\d+$/.test(version) ? `${version}-cpu-py3` : version;
}

function account(scope: Construct, stack: Stack, registry: string): string {
  const accounts = Object.fromEntries(Object.entries(ACCOUNTS as { [region: string]: { [registry: string]: string } }).filter(([, registries]) => registry in registries));
  if (!Token.isUnresolved(stack.region)) {
    return accounts[stack.region]?.[registry] ?? refuse(scope, 'algorithm', `be run in a Region that has its image: ${Object.keys(accounts).join(', ')}`, stack.region);
  }
  const id = `BuiltIn${registry.replace(/[^a-z]/g, '')}`;
  const mapping = stack.node.tryFindChild(id) as CfnMapping | undefined ?? new CfnMapping(stack, id, { mapping: accounts });
  return mapping.findInMap(stack.region, registry);
}
