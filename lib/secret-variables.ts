import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { countInRange, isToken, lengthInRange, matches, refuse } from './request/checks';
import { SECRET } from './request/kinds';
import { grantSecret } from './template/secret-access';

/** A container, as far as its secrets go. */
export interface SecretReader {
  readonly scope: Construct;
  /** What errors put before the names of props, for instance `container.`. */
  readonly prefix?: string;
  readonly secrets?: { readonly [variableName: string]: ISecret };
  readonly environment?: { readonly [name: string]: string };
  /** The prop that cuts the container off from Secrets Manager, if one does. */
  readonly isolatedBy?: string;
  /** The longest name of a variable that the service takes, and the longest value. */
  readonly longest: readonly [name: number, value: number];
  /** Who reads, for one of the props. */
  readonly granteeFor: (prop: string) => IGrantable;
}

/** The variables that name secrets by their ARNs; who reads them may. What a secret says stands nowhere. */
export function secretVariables({ scope, prefix = '', secrets, environment = {}, isolatedBy, longest: [longestName, longestValue], granteeFor }: SecretReader): { [name: string]: string } {
  const names = Object.keys(secrets ?? {});
  const token = names.find(isToken);
  if (token !== undefined) { refuse(scope, `${prefix}secrets`, 'have names that are known at synthesis', token); }
  if (names.length > 0 && isolatedBy !== undefined) { refuse(scope, `${prefix}secrets`, `be left out with ${isolatedBy}, under which a container can't ask Secrets Manager`, names.join(', ')); }
  if (names.length > 0) { countInRange(scope, `${prefix}secrets and ${prefix}environment`, [...names, ...Object.keys(environment)], 0, 100); }
  return Object.fromEntries(names.map((name) => {
    matches(scope, `${prefix}secrets: the name ${name.slice(0, 40)}`, name, new RegExp(`^[A-Za-z_][A-Za-z0-9_]{0,${longestName - 1}}$`), `of 1 to ${longestName} letters, digits and underscores, without a digit first`);
    const prop = `${prefix}secrets.${name}`;
    const secret = secrets![name];
    // a value of a secret is a token, and no secret
    if (!SECRET[1](secret)) { refuse(scope, prop, `be ${SECRET[0]}`, secret ?? undefined); }
    if (Object.hasOwn(environment, name)) { refuse(scope, prop, `have a name that ${prefix}environment does not have`, name); }
    if (secret.secretFullArn === undefined && isElsewhere(secret.env.account, Stack.of(scope).account)) {
      refuse(scope, prop, 'be given by its whole ARN where it is of another account (Secret.fromSecretCompleteArn)', secret.secretArn);
    }
    lengthInRange(scope, prop, secret.secretArn, 0, longestValue);
    grantSecret(secret, granteeFor(prop));
    return [name, secret.secretArn];
  }));
}

const isElsewhere = (one: string, other: string): boolean => !isToken(one) && !isToken(other) && one !== other;
