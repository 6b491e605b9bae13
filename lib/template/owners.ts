import { CfnElement, DefaultTokenResolver, Lazy, Reference, Stack, StringConcat, Tokenization, type IPostProcessor, type IResolvable, type IResolveContext } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/** The paths of what a value refers to in other stacks than the scope's, by logical id: two stacks may have the same. Nothing where it refers to none. */
export function ownersOf(scope: IConstruct, value: unknown): IResolvable {
  return Lazy.uncachedAny({
    produce: (context) => {
      const found = new FarReferences(Stack.of(scope));
      Tokenization.resolve(value, { scope: context.scope, resolver: found, preparing: false });
      return found.owners.size > 0 ? Object.fromEntries([...found.owners].sort()) : undefined;
    },
  });
}

class FarReferences extends DefaultTokenResolver {
  public readonly owners = new Map<string, string>();

  public constructor(private readonly stack: Stack) { super(new StringConcat()); }

  public override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    const resolved: unknown = super.resolveToken(token, context, postProcessor);
    if (Reference.isReference(token) && CfnElement.isCfnElement(token.target) && Stack.of(token.target) !== this.stack) {
      const id = this.stack.resolve(token.target.logicalId) as string;
      // what is imported, or a parameter, has an id of the stack itself
      if (idIn(resolved) === id) { this.owners.set(id, token.target.node.path); }
    }
    return resolved;
  }
}

function idIn(resolved: unknown): unknown {
  if (typeof resolved !== 'object' || resolved === null) { return undefined; }
  const { Ref, 'Fn::GetAtt': [id] = [undefined] } = resolved as { readonly Ref?: string; readonly 'Fn::GetAtt'?: readonly [string, string] };
  return Ref ?? id;
}
