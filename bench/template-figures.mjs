// The apps that bench/template.mjs measures, and test/figures.test.ts too.
const ROLE = 'arn:aws:iam::123456789012:role/jobs';
const IMAGE = '123456789012.dkr.ecr.us-east-1.amazonaws.com/mnist:1.0';
const ENV = { env: { region: 'us-east-1', account: '123456789012' } };

function jobs(require, stack, count, own) {
  const { Algorithm, Capacity, Completion, ContainerImage, DataSource, Hyperparameters, OutputLocation, TrainingJob } = require('cdk-sagemaker');
  const { Duration } = require('aws-cdk-lib/core');
  const { Bucket } = require('aws-cdk-lib/aws-s3');
  const { Role } = require('aws-cdk-lib/aws-iam');
  const bucket = Bucket.fromBucketName(stack, 'Data', 'data-of-the-benchmark');
  const role = own ? undefined : Role.fromRoleArn(stack, 'Role', ROLE, { mutable: false });
  for (let n = 0; n < count; n++) {
    new TrainingJob(stack, `Job${n}`, {
      role, algorithm: Algorithm.image(ContainerImage.fromUri(IMAGE)), hyperparameters: Hyperparameters.of({ epochs: n, rate: 0.1 }),
      inputs: { train: DataSource.fromBucket(bucket, 'train/') }, output: OutputLocation.fromBucket(bucket, 'models/'), capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }),
      maxRuntime: Duration.minutes(20), completion: Completion.finished({ within: Duration.minutes(50) }),
    });
  }
}

/** Bytes of one more job: the library's, and what a user would write by hand, a custom resource and the one that waits for it. */
export function bytesPerJob(require, template) {
  const { App, Stack, CfnResource } = require('aws-cdk-lib/core');
  const byLibrary = (count) => template((outdir) => { const app = new App({ outdir }); jobs(require, new Stack(app, 'Bench', ENV), count, false); return app; }).length;
  const byHand = (count) => template((outdir) => {
    const app = new App({ outdir });
    const stack = new Stack(app, 'Bench', ENV);
    const handler = new CfnResource(stack, 'Handler', { type: 'AWS::Lambda::Function' });
    for (let n = 0; n < count; n++) {
      const job = new CfnResource(stack, `Job${n}`, { type: 'Custom::SageMakerTrainingJob', properties: {
        ServiceToken: handler.getAtt('Arn'), Kind: 'TrainingJob', KeyVersion: '1', NamePrefix: `bench-job${n}`,
        Request: {
          RoleArn: ROLE, AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: 'File' }, HyperParameters: { epochs: String(n), rate: '0.1' },
          InputDataConfig: [{ ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data-of-the-benchmark/train/', S3DataDistributionType: 'FullyReplicated' } } }],
          OutputDataConfig: { S3OutputPath: 's3://data-of-the-benchmark/models' }, ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 30 },
          StoppingCondition: { MaxRuntimeInSeconds: 1200 },
        },
      } });
      new CfnResource(stack, `Outcome${n}`, { type: 'Custom::SageMakerJobOutcome', properties: {
        ServiceToken: handler.getAtt('Arn'), Kind: 'TrainingJob', JobName: job.ref, Seconds: 3000, Within: 3000, Artifact: `s3://data-of-the-benchmark/models/${job.ref}/output/model.tar.gz`,
      } });
    }
    return app;
  }).length;
  const perJob = (bytes) => (bytes(40) - bytes(20)) / 20;
  return { library: perJob(byLibrary), raw: perJob(byHand) };
}

/** 120 jobs with roles of their own. */
export function fullStack(require, template) {
  const { App, Stack } = require('aws-cdk-lib/core');
  const text = template((outdir) => { const app = new App({ outdir }); jobs(require, new Stack(app, 'Full', ENV), 120, true); return app; });
  const { Resources } = JSON.parse(text);
  return { resources: Object.keys(Resources).length, bytes: text.length, policyBytes: JSON.stringify(Resources.SageMakerJobHandlerPolicy.Properties.PolicyDocument).length };
}
