import { PropertyInjectors } from 'aws-cdk-lib/core';
import type { Construct, IConstruct } from 'constructs';

/**
 * The props as the nearest scope has them that says something for this class (`PropertyInjectors` of the CDK), which does the same for its own constructs by a
 * decorator. It is asked after `super`, since it is told of scope and id alone.
 */
export function injected<Props>(construct: Construct, uniqueId: string, props: Props): Props {
  const { scope, id } = construct.node;
  return scope ? injectedBelow(scope as Construct, id, uniqueId, props) : props;
}

/** For a class whose base takes props: what these are is asked before there is a construct. */
export function injectedBelow<Props>(scope: Construct, id: string, uniqueId: string, props: Props): Props {
  const injector = injectorOf(scope, uniqueId);
  return injector ? injector.inject(props, { scope, id }) : props;
}

function injectorOf(scope: IConstruct, uniqueId: string) {
  const injectors = scope.node.scopes.filter((each) => PropertyInjectors.hasPropertyInjectors(each)).map((each) => PropertyInjectors.of(each).for(uniqueId));
  return injectors.reverse().find((injector) => injector !== undefined);
}
