import { Annotations, CfnDynamicReference, SecretValue, Stack, Tokenization } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/** What CloudFormation puts a secret in the place of. */
const REFERENCE = /\{\{resolve:(secretsmanager|ssm-secure):/;

/** Whether a text is a secret, or has one in it: what CloudFormation sends on is its value. */
export function isSecretValue(scope: IConstruct, text: string): boolean {
  if (REFERENCE.test(text)) { return true; }
  return Tokenization.reverseString(text).tokens.some((token) => SecretValue.isSecretValue(token)
    || (token instanceof CfnDynamicReference && REFERENCE.test(JSON.stringify(Stack.of(scope).resolve(token)))));
}

/** Says of a variable that it is a secret, which is to be given in another way. */
export function warnOfSecretVariable(scope: IConstruct, prop: string, described: 'job' | 'model'): void {
  const prefix = prop.replace(/environment\..*$/s, '');
  Annotations.of(scope).addWarningV2('cdk-sagemaker:secretInEnvironment',
    `${prop} is a secret, which everybody reads in plain text who may describe the ${described}: give the secret itself to ${prefix}secrets, by which the ${described} may read it and the variable is its ARN, and read it in the container`);
}

/** The same of the variables of a job. */
export function warnOfSecretVariables(scope: IConstruct, environment: { readonly [name: string]: string } | undefined, prop = 'environment'): void {
  for (const [name, value] of Object.entries(environment ?? {})) {
    if (typeof value === 'string' && isSecretValue(scope, value)) { warnOfSecretVariable(scope, `${prop}.${name}`, 'job'); }
  }
}

/**
 * Says of everything else in a request that it is a secret. It is no error, as it is none of a model: who may describe the job may be who may read the
 * secret, and a stack that is deployed goes on being one.
 */
export function warnOfSecretValues(scope: IConstruct, request: object, path = ''): void {
  for (const [member, value] of Object.entries(request)) {
    const place = path === '' ? member : `${path}.${member}`;
    if (typeof value === 'object' && value !== null) {
      if (member === 'Environment') { warnOfSecretVariables(scope, value as { [name: string]: string }); } else { warnOfSecretValues(scope, value, place); }
    } else if (typeof value === 'string' && isSecretValue(scope, value)) {
      Annotations.of(scope).addWarningV2('cdk-sagemaker:secretInRequest',
        `${place.replace(/^(Static)?HyperParameters\./, 'hyperparameters.')} is a secret, which everybody reads in plain text who may describe the job: give the secret itself to secrets, and read it in the container`);
    }
  }
}
