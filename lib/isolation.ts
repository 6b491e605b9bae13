import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { JobNetworkProps } from './job-network';
import { refuse } from './request/checks';

/** What is said of networks in several props, and by `isolated` in one. */
export interface Isolatable extends JobNetworkProps {
  readonly networkIsolation?: boolean;
  readonly encryptInterContainerTraffic?: boolean;
}

/** What `isolated` sets. Containers of models send each other nothing over a network. */
export const ISOLATION_OF_JOBS = ['networkIsolation', 'encryptInterContainerTraffic'] as const;
export const ISOLATION_OF_MODELS = ['networkIsolation'] as const;

/** The props with everything in them that `isolated` stands for. Throws without a VPC, and where a prop says the opposite. */
export function isolatedProps<Props extends Isolatable>(scope: Construct, props: Props, sets: typeof ISOLATION_OF_JOBS | typeof ISOLATION_OF_MODELS): Props {
  if (!props.isolated) { return props; }
  if (!props.vpc) { refuse(scope, 'vpc', 'be given with isolated, which is a network of one\'s own', undefined); }
  for (const prop of sets) {
    if (props[prop] === false) { refuse(scope, prop, 'be left out with isolated, which sets it to true', false); }
  }
  return { ...props, vpcSubnets: props.vpcSubnets ?? { subnetType: SubnetType.PRIVATE_ISOLATED }, ...Object.fromEntries(sets.map((prop) => [prop, true])) };
}

/** What the containers of a job would have to talk to the world for. Throws where it is asked for beside `isolated`. */
export function checkWithoutNetwork(scope: Construct, props: JobNetworkProps, talks: { readonly [prop: string]: unknown }): void {
  const prop = props.isolated ? Object.keys(talks).find((each) => talks[each]) : undefined;
  if (prop !== undefined) { refuse(scope, prop, 'be left out with isolated: it takes a network that the container does not have then', 'both'); }
}
