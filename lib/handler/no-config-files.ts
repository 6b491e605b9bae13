/** Stands in for what reads `~/.aws/config` and `~/.aws/credentials`: as the SDK would find it in Lambda, which has neither. */
export const loadSharedConfigFiles = async (): Promise<{ configFile: object; credentialsFile: object }> => ({ configFile: {}, credentialsFile: {} });
