import type { LocalSageMaker } from '../../../lib/local/testing';

export const ROLE = 'arn:aws:iam::123456789012:role/some-role';
/** An image of the user's own: nothing comes with it, so the tests need no Python package. */
export const IMAGE = '123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1';
/** One that can't be run here: an algorithm of Amazon's. */
export const XGBOOST = '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1';

/** What a training job asks for, but for its program. */
export const training = (name: string, more: object = {}) => ({
  TrainingJobName: name, RoleArn: ROLE, AlgorithmSpecification: { TrainingImage: XGBOOST, TrainingInputMode: 'File' as const }, OutputDataConfig: { S3OutputPath: 's3://out/jobs/' },
  ResourceConfig: { InstanceType: 'ml.m5.large' as const, InstanceCount: 1, VolumeSizeInGB: 10 }, StoppingCondition: { MaxRuntimeInSeconds: 3600 }, ...more,
});

/** The same with a script that really runs. */
export async function trainingBy(aws: LocalSageMaker, name: string, script: string, more: object = {}) {
  const source = `s3://sources/${name}.tar.gz`;
  await aws.putArchive(source, { 'train.py': script });
  await aws.createBucket('out');
  return training(name, {
    AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: 'File' as const },
    HyperParameters: { sagemaker_program: '"train.py"', sagemaker_submit_directory: JSON.stringify(source) }, ...more,
  });
}
