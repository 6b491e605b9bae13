import { Fn, Token } from 'aws-cdk-lib/core';
import { createHash } from 'node:crypto';

const LONGEST_NAME = 63;
/** What is kept free for an instance type that is known at deployment; the longest there is has 18 characters. */
const ROOM_FOR_A_TOKEN = 24;

/**
 * The name of a variant that is scaled, with what its instances are in it: `AllTraffic` on `ml.m5.large` is `AllTraffic-m5-large`. SageMaker refuses to change the
 * type of a variant that is registered with Application Auto Scaling, so another type must be another variant.
 *
 * Deployed stacks carry these names: a changed rule replaces all variants that are scaled.
 */
export function scaledVariantName(name: string, instanceTypes: readonly string[]): string {
  const known = instanceTypes.filter((type) => !Token.isUnresolved(type));
  if (instanceTypes.length === 1 && known.length === 0) {
    const parts = Fn.split('.', Fn.select(1, Fn.split('ml.', instanceTypes[0])));
    return Fn.join('-', [cut(name, LONGEST_NAME - ROOM_FOR_A_TOKEN - 1), Fn.select(0, parts), Fn.select(1, parts)]);
  }
  // of a pool the set counts, not the order: that is a preference among the same instances
  const suffix = instanceTypes.length === 1 ? instanceTypes[0]!.replace(/^ml\./, '').replace(/\./g, '-') : `pool-${hash([...known].sort().join(' '))}`;
  return `${cut(name, LONGEST_NAME - suffix.length - 1)}-${suffix}`;
}

function cut(name: string, longest: number): string {
  return name.length <= longest ? name : `${name.slice(0, longest - 9)}-${hash(name)}`;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
