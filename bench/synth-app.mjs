// One app, synthesized: `synth-app.mjs <library|raw> <jobs> <jobs per stack>`. Both write the same templates; raw is what an L1 user would write.
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpu, require, root } from './harness.mjs';

const [, , kind, count, perStack, keep] = process.argv;
const { App, Stack, CfnResource, Duration, AssetStaging, FileAssetPackaging } = require('aws-cdk-lib/core');
const ROLE = 'arn:aws:iam::123456789012:role/jobs';
const IMAGE = '123456789012.dkr.ecr.us-east-1.amazonaws.com/mnist:1.0';

/** Both apps have their role and their bucket as CDK objects, made elsewhere: loading those is nobody's choice of library. */
function givens(stack) {
  const { Role } = require('aws-cdk-lib/aws-iam');
  const { Bucket } = require('aws-cdk-lib/aws-s3');
  return { role: Role.fromRoleArn(stack, 'Role', ROLE, { mutable: false }), bucket: Bucket.fromBucketName(stack, 'Data', 'data-of-the-benchmark') };
}

function library(stack, first, last) {
  const { Algorithm, Capacity, Completion, ContainerImage, DataSource, Hyperparameters, OutputLocation, TrainingJob } = require('cdk-sagemaker');
  const { role, bucket } = givens(stack);
  for (let n = first; n < last; n++) {
    new TrainingJob(stack, `Job${n}`, {
      role,
      algorithm: Algorithm.image(ContainerImage.fromUri(IMAGE)),
      hyperparameters: Hyperparameters.of({ epochs: n, rate: 0.1 }),
      inputs: { train: DataSource.fromBucket(bucket, 'train/') },
      output: OutputLocation.fromBucket(bucket, 'models/'),
      capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }),
      maxRuntime: Duration.minutes(20),
      completion: Completion.finished({ within: Duration.minutes(50) }),
    });
  }
}

/** The same resources by their L1 classes; the provider's properties are those of the template itself, since no user would write them twice. */
function raw(stack, first, last) {
  const { role, bucket } = givens(stack);
  const provider = JSON.parse(process.env.BENCH_PROVIDER);
  const { CfnRole, CfnPolicy } = require('aws-cdk-lib/aws-iam');
  const { CfnFunction } = require('aws-cdk-lib/aws-lambda');
  const { CfnLogGroup } = require('aws-cdk-lib/aws-logs');
  const { CfnStateMachine } = require('aws-cdk-lib/aws-stepfunctions');
  const CLASSES = { 'AWS::IAM::Role': CfnRole, 'AWS::IAM::Policy': CfnPolicy, 'AWS::Lambda::Function': CfnFunction, 'AWS::Logs::LogGroup': CfnLogGroup, 'AWS::StepFunctions::StateMachine': CfnStateMachine };
  const staging = new AssetStaging(stack, 'Code', { sourcePath: join(root, 'dist', 'handler') });
  stack.synthesizer.addFileAsset({ packaging: FileAssetPackaging.ZIP_DIRECTORY, sourceHash: staging.assetHash, fileName: staging.relativeStagedPath(stack) });
  // each class with what it asks for, and its properties as they are in the template
  const LEAST = { assumeRolePolicyDocument: {}, policyDocument: {}, policyName: 'x', roles: [], role: 'x', roleArn: 'x', code: { zipFile: 'x' } };
  const made = Object.fromEntries(Object.entries(provider).map(([id, { Type, Properties }]) => {
    const resource = new CLASSES[Type](stack, id, LEAST);
    resource.overrideLogicalId(id);
    resource.addOverride('Properties', Properties);
    return [id, resource];
  }));
  for (const [id, { DependsOn = [] }] of Object.entries(provider)) { for (const other of DependsOn) { made[id].addResourceDependency(made[other]); } }
  const handler = made.SageMakerJobHandler.attrArn;
  for (let n = first; n < last; n++) {
    const job = new CfnResource(stack, `Job${n}`, { type: 'Custom::SageMakerTrainingJob', properties: {
      ServiceToken: handler, Kind: 'TrainingJob', KeyVersion: '1', NamePrefix: prefix(stack, n),
      Request: {
        RoleArn: role.roleArn,
        AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: 'File' },
        HyperParameters: { epochs: String(n), rate: '0.1' },
        InputDataConfig: [{ ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: bucket.s3UrlForObject('train/'), S3DataDistributionType: 'FullyReplicated' } } }],
        OutputDataConfig: { S3OutputPath: bucket.s3UrlForObject('models') },
        ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 30 },
        StoppingCondition: { MaxRuntimeInSeconds: 1200 },
      },
    } });
    job.addResourceDependency(made.SageMakerJobHandlerPolicy);
    job.addResourceDependency(made.SageMakerJobWaiterPolicy);
    new CfnResource(stack, `Outcome${n}`, { type: 'Custom::SageMakerJobOutcome', properties: {
      ServiceToken: handler, Kind: 'TrainingJob', JobName: job.ref, Seconds: 3000, Within: 3000, Artifact: `${bucket.s3UrlForObject('models')}/${job.ref}/output/model.tar.gz`,
    } });
  }
}

const prefix = (stack, n) => `${stack.stackName.toLowerCase()}-job${n}`;

const outdir = keep ?? mkdtempSync(join(tmpdir(), 'bench-synth-'));
const app = new App({ outdir });
for (let first = 0, number = 0; first < Number(count); first += Number(perStack), number++) {
  const stack = new Stack(app, `Bench${number}`, { env: { region: 'us-east-1', account: '123456789012' } });
  ({ library, raw })[kind](stack, first, Math.min(first + Number(perStack), Number(count)));
}
app.synth();
const used = cpu();
const templates = readdirSync(outdir).filter((file) => file.endsWith('.template.json')).map((file) => readFileSync(join(outdir, file), 'utf8'));
// What both templates hold alike: the jobs and the provider, by their properties, under whatever logical ids.
const resources = templates.flatMap((text) => Object.values(JSON.parse(text).Resources)).filter(({ Type }) => Type.startsWith('Custom::') || Type.startsWith('AWS::Lambda'));
const essence = createHash('sha256').update(JSON.stringify(resources.map(({ Type, Properties }) => JSON.stringify([Type, Properties.Request ?? Type])).sort())).digest('hex');
console.log(JSON.stringify({ cpu: used, bytes: templates.reduce((sum, text) => sum + text.length, 0), resources: resources.length, essence }));
if (!keep) { rmSync(outdir, { recursive: true, force: true }); }
