import { Annotations, CfnDynamicReference, CfnParameter, Reference, SecretValue, Stack, Tokenization, type IResolvable } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/** What CloudFormation puts a secret in the place of. */
const REFERENCE = /\{\{resolve:(secretsmanager|ssm-secure):/;

/**
 * Says of every text in the request of a job that it is a secret, or has one in it: what CloudFormation sends on is its value. It is no error, as it is
 * none of a model: who may describe the job may be who may read the secret, and a stack that is deployed goes on being one.
 *
 * @param instead the prop that takes secrets
 */
export function warnOfSecretValues(scope: IConstruct, request: object, instead = 'secrets', path = ''): void {
  for (const [member, value] of Object.entries(request)) {
    const place = path === '' ? member : `${path}.${member}`;
    if (typeof value === 'object' && value !== null) { warnOfSecretValues(scope, value, instead, place); }
    if (typeof value !== 'string') { continue; }
    if (path === 'Environment') { warnOfSecretVariable(scope, `environment.${member}`, value, 'job', instead); } else { warnOfSecretMember(scope, place, value, instead); }
  }
}

/** Says of a variable of a container that it is a secret. The ids are part of the API (docs/limits.md). */
export function warnOfSecretVariable(scope: IConstruct, prop: string, value: string, described: 'job' | 'model', instead: string): void {
  if (!isSecretValue(scope, value)) { return; }
  Annotations.of(scope).addWarningV2('cdk-sagemaker:secretInEnvironment',
    `${prop} is a secret, which everybody reads in plain text who may describe the ${described}: give the secret itself to ${instead}, which lets its ARN be the variable, and read it in the container`);
}

function warnOfSecretMember(scope: IConstruct, place: string, value: string, instead: string): void {
  if (!isSecretValue(scope, value)) { return; }
  Annotations.of(scope).addWarningV2('cdk-sagemaker:secretInRequest',
    `${place.replace(/^(Static)?HyperParameters\./, 'hyperparameters.')} is a secret, which everybody reads in plain text who may describe the job: give the secret itself to ${instead}, and read it in the container`);
}

function isSecretValue(scope: IConstruct, text: string): boolean {
  return REFERENCE.test(text) || Tokenization.reverseString(text).tokens.some((token) => SecretValue.isSecretValue(token) || isHidden(token)
    || (token instanceof CfnDynamicReference && REFERENCE.test(JSON.stringify(Stack.of(scope).resolve(token)))));
}

/** A parameter whose value CloudFormation shows nobody. */
const isHidden = (token: IResolvable): boolean => Reference.isReference(token) && token.target instanceof CfnParameter && token.target.noEcho;
