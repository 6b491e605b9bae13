import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { FoundImage, type Found } from './found-result';
import type { JobNetworkProps } from './job-network';
import type { ModelData } from './model-data';
import { OutputCompression } from './output-location';
import { refuse } from './request/checks';
import { isolationOtherwise, servedBy, type Served } from './trained-model';
import type { MadeDefinition } from './tuning-definition-binding';

/**
 * What a model of the best job takes over. Which definition has won is known only when the stack is deployed: what they have in common is taken over, and
 * where all are plain images, the image that the deployment finds.
 */
export function servedByBest(found: Found, definitions: readonly MadeDefinition[], modelData: ModelData): Served {
  const [first, ...others] = definitions;
  const served = servedBy(first.props, first.bound.algorithm, modelData);
  // which of them has won is not known: the first that says something is better than none
  const encryption = definitions.find(({ props }) => props.encryption)?.props.encryption;
  const networkIsolation = definitions.some(({ props, bound }) => props.networkIsolation ?? bound.algorithm.networkIsolation) || undefined;
  const network = { networkIsolation, isolationOtherwise: definitions.some(({ props, bound }) => isolationOtherwise(props, bound.algorithm)) || undefined };
  if (others.every(({ props }) => props.algorithm === first.props.algorithm)) { return { ...served, ...network, encryption }; }
  const arePlain = definitions.every(({ props: { algorithm } }) => algorithm.containerImage && !algorithm.scriptFramework && !algorithm.script);
  return { modelData, ...network, encryption, image: arePlain ? new FoundImage(found) : undefined };
}

/** The network of the jobs, where it is the same for all: which of them wins is not known. In another VPC a model is isolated if one of them is. */
export function servedNetwork(job: Construct, definitions: readonly MadeDefinition[], vpc?: IVpc): JobNetworkProps | undefined {
  const isolated = definitions.some((definition) => definition.props.isolated) || undefined;
  if (vpc) { return { vpc, isolated }; }
  const { props, network } = definitions.find((definition) => definition.props.isolated) ?? definitions[0];
  const differs = definitions.find((other) => other.props.vpc !== props.vpc);
  if (differs) { refuse(job, 'toModel: vpc', 'be given, or inheritNetwork: false, where the definitions are in several networks', differs.name); }
  return network && { vpc: props.vpc, vpcSubnets: props.vpcSubnets, securityGroups: network.config.securityGroups, isolated };
}

/** How all of them pack their artifacts. A model has to know it before one of them has won. */
export function packedAlike(job: Construct, definitions: readonly MadeDefinition[]): boolean {
  const [first, ...others] = definitions.map(({ rendered }) => rendered.definition.OutputDataConfig?.CompressionType !== OutputCompression.NONE);
  if (others.some((each) => each !== first)) { refuse(job, 'definitions', 'pack their artifacts alike (output.compression)', 'some of each'); }
  return first;
}
