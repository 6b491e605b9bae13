// Unit tests leave CloudFormation's validator out: it costs a second for each new set of resource types.
process.env.CDK_VALIDATION ??= 'false';
