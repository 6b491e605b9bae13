import { CfnCondition, CfnMapping, Fn, Stack, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { CONSOLE_DOMAINS, consolePage, consolePageAt, logsPage, logsPageAt, partitionOf } from '../limits/partitions';

/** A page of SageMaker in the console of the stack's Region; empty in a partition whose console has no address that is published. */
export function consoleUrl(scope: IConstruct, page: string): string {
  return known(scope, (partition, region) => consolePage(partition, region, page), (domain, region) => consolePageAt(domain, region, page));
}

/** A log group there, and of its streams those that begin so. */
export function logsUrl(scope: IConstruct, group: string, streams?: string): string {
  return known(scope, (partition, region) => logsPage(partition, region, group, streams), (domain, region) => logsPageAt(domain, region, group, streams));
}

function known(scope: IConstruct, ofPartition: (partition: string, region: string) => string | undefined, at: (domain: string, region: string) => string): string {
  const stack = Stack.of(scope);
  if (!Token.isUnresolved(stack.region)) { return ofPartition(partitionOf(stack.region), stack.region) ?? ''; }
  const { domain, isKnown } = consoleOf(stack);
  return Token.asString(Fn.conditionIf(isKnown.logicalId, at(domain, stack.region), ''));
}

const NO_DOMAIN = 'none';

/** Where the Region is known when the stack is deployed, CloudFormation looks its console up. */
function consoleOf(stack: Stack): { readonly domain: string; readonly isKnown: CfnCondition } {
  const mapping = stack.node.tryFindChild('SageMakerConsole') as CfnMapping | undefined
    ?? new CfnMapping(stack, 'SageMakerConsole', { mapping: Object.fromEntries(CONSOLE_DOMAINS.map(([partition, domain = NO_DOMAIN]) => [partition, { Domain: domain }])) });
  const domain = Fn.findInMap(mapping.logicalId, stack.partition, 'Domain');
  const isKnown = stack.node.tryFindChild('SageMakerConsoleIsKnown') as CfnCondition | undefined
    ?? new CfnCondition(stack, 'SageMakerConsoleIsKnown', { expression: Fn.conditionNot(Fn.conditionEquals(domain, NO_DOMAIN)) });
  return { domain, isKnown };
}
