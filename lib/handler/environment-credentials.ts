import type { AwsCredentialIdentity } from '@smithy/types';

/** The credentials Lambda puts into the environment, read anew for every client. */
export function environmentCredentials(): AwsCredentialIdentity {
  return {
    accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? '',
    secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? '',
    sessionToken: process.env.AWS_SESSION_TOKEN,
  };
}

/** Stands in for `@aws-sdk/credential-provider-node` in the bundle. */
export const defaultProvider = () => async (): Promise<AwsCredentialIdentity> => environmentCredentials();
