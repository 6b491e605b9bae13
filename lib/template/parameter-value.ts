import { CfnParameter, StringParameter, type IStringParameter } from 'aws-cdk-lib/aws-ssm';
import { Stack, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/**
 * The value of a parameter in the template of a construct. That of another stack is read by its name, by a parameter of the template that
 * CloudFormation resolves at each deployment: an attribute would be an export, which can't change while it is in use.
 *
 * @param refuse ends the synthesis
 */
export function parameterValue(scope: Construct, parameter: IStringParameter, refuse: (rule: string, value: unknown) => never): string {
  const [stack, owner] = [Stack.of(scope), Stack.of(parameter)];
  if (stack === owner) { return parameter.stringValue; }
  for (const part of ['account', 'region'] as const) {
    if (differ(stack[part], owner[part])) { refuse(`be in the ${part} of the model, ${stack[part]}: CloudFormation reads no parameter of another`, owner[part]); }
  }
  const name = givenName(parameter);
  if (name === undefined) { refuse('have a name given (parameterName) where the model is in another stack, which reads it by its name', undefined); }
  deployedAfter(stack, owner);
  return StringParameter.valueForStringParameter(scope, name as string);
}

/** Newer versions of the CDK call it by another name, and warn of the old one. */
function deployedAfter(stack: Stack, before: Stack): void {
  const reason = 'a model reads a parameter of it';
  if (typeof stack.addStackDependency === 'function') { stack.addStackDependency(before, reason); } else { stack.addDependency(before, reason); }
}

const differ = (one: string, other: string) => !Token.isUnresolved(one) && !Token.isUnresolved(other) && one !== other;

/** As the user gave it: the name of a parameter that is made in the app is a Ref otherwise. */
function givenName(parameter: IStringParameter): string | undefined {
  const made = parameter.node.defaultChild;
  return [parameter.parameterName, made instanceof CfnParameter ? made.name : undefined].find((name) => name !== undefined && !Token.isUnresolved(name));
}
