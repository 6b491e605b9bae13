import { DefaultTokenResolver, Reference, Stack, StringConcat, Tokenization, type IPostProcessor, type IResolvable, type IResolveContext } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/**
 * The constructs that a value refers to, wherever they are: templates of several stacks write different constructs alike. What can't be written in a
 * stack, as the generated name of a bucket in another account, is known as well.
 */
export function targetsOf(scope: IConstruct, value: unknown): Set<IConstruct> {
  const targets = new Targets();
  try { Tokenization.resolve(value, { scope: Stack.of(scope), resolver: targets, preparing: true }); } catch { /* what was seen before counts */ }
  return targets.seen;
}

class Targets extends DefaultTokenResolver {
  public readonly seen = new Set<IConstruct>();

  constructor() { super(new StringConcat()); }

  public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): any {
    if (!Reference.isReference(token)) { return super.resolveToken(token, context, postProcessor); }
    this.seen.add(token.target);
    // what it is written as is no matter, and can fail
    return token.toString();
  }
}
