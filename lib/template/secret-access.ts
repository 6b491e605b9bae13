import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { grantFarKey, isFar } from './far-key';

/**
 * Lets a secret be read, and its key decrypt it for that. Not by `secret.grantRead`: that has the key's policy name the role, which for a secret of another
 * stack makes the two stacks wait for each other, and for a key that was made elsewhere does nothing.
 */
export function grantSecret(secret: ISecret, grantee: IGrantable): void {
  // Secrets Manager ends an ARN with six characters of its own, which a name or a part of an ARN does not tell; in another account a secret is known by its name
  const [full, part] = [secret.secretFullArn, `${secret.secretArn}-??????`];
  Grant.addToPrincipalOrResource({
    grantee,
    actions: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
    resourceArns: [isFar(secret, grantee) ? part : full ?? part],
    resourceSelfArns: [full ?? part],
    resource: secret,
  });
  const { encryptionKey: key } = secret;
  // the service's name ends with the domain of the partition
  const conditions = { StringLike: { 'kms:ViaService': `secretsmanager.${secret.env.region}.*` } };
  if (!key || grantFarKey(key, grantee, ['kms:Decrypt'], conditions)) { return; }
  Grant.addToPrincipalOrResource({
    grantee,
    actions: ['kms:Decrypt'],
    resourceArns: [key.keyArn],
    resourceSelfArns: ['*'],                                 // in the policy of a key it is the key itself
    resource: key,
    conditions,
  });
}
