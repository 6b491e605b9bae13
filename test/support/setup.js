// Unit tests leave CloudFormation's validator out: it costs a second for each new set of resource types.
process.env.CDK_VALIDATION ??= 'false';

// Whatever engine a machine has: containers are what the tests about them ask for.
process.env.CDK_SAGEMAKER_LOCAL_MODE ??= 'process';
