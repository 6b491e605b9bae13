// Synth of N training jobs that share a role, against N raw pairs of CfnResources with the same properties and one function.
// Prints medians of CPU time and wall time of whole processes, the ratio of each round's pair, and template bytes per job.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(join(root, 'package.json'));
const [jobs = '100', rounds = '7'] = process.argv.slice(2);

const CASES = { library: withLibrary, raw: withRawResources };

function withLibrary(stack, count) {
  const { Algorithm, Capacity, Completion, ContainerImage, DataSource, Hyperparameters, OutputLocation, TrainingJob } = require('cdk-sagemaker');
  const { Duration } = require('aws-cdk-lib/core');
  const { Role } = require('aws-cdk-lib/aws-iam');
  const { Bucket } = require('aws-cdk-lib/aws-s3');
  const role = Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::123456789012:role/jobs', { mutable: false });
  const bucket = Bucket.fromBucketName(stack, 'Data', 'data-of-the-benchmark');
  for (let n = 0; n < count; n++) {
    new TrainingJob(stack, `Job${n}`, {
      role,
      algorithm: Algorithm.image(ContainerImage.fromUri('123456789012.dkr.ecr.us-east-1.amazonaws.com/mnist:1.0')),
      hyperparameters: Hyperparameters.of({ epochs: n, rate: 0.1 }),
      inputs: { train: DataSource.fromBucket(bucket, 'train/') },
      output: OutputLocation.fromBucket(bucket, 'models/'),
      capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }),
      maxRuntime: Duration.minutes(20),
      completion: Completion.finished({ within: Duration.minutes(50) }),
    });
  }
}

function withRawResources(stack, count) {
  const { CfnResource } = require('aws-cdk-lib/core');
  const { CfnRole } = require('aws-cdk-lib/aws-iam');
  const { CfnFunction } = require('aws-cdk-lib/aws-lambda');
  const role = new CfnRole(stack, 'HandlerRole', { assumeRolePolicyDocument: {} });
  const handler = new CfnFunction(stack, 'Handler', { role: role.attrArn, runtime: 'nodejs24.x', handler: 'index.handler', code: { zipFile: 'exports.handler = () => {}' } });
  for (let n = 0; n < count; n++) {
    const job = new CfnResource(stack, `Job${n}`, { type: 'Custom::SageMakerTrainingJob', properties: {
      ServiceToken: handler.attrArn, Kind: 'TrainingJob', KeyVersion: '1', NamePrefix: `bench-job${n}`,
      Request: {
        RoleArn: 'arn:aws:iam::123456789012:role/jobs',
        AlgorithmSpecification: { TrainingImage: '123456789012.dkr.ecr.us-east-1.amazonaws.com/mnist:1.0', TrainingInputMode: 'File' },
        HyperParameters: { epochs: String(n), rate: '0.1' },
        InputDataConfig: [{ ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data-of-the-benchmark/train/', S3DataDistributionType: 'FullyReplicated' } } }],
        OutputDataConfig: { S3OutputPath: 's3://data-of-the-benchmark/models' },
        ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 30 },
        StoppingCondition: { MaxRuntimeInSeconds: 1200 },
      },
    } });
    new CfnResource(stack, `Outcome${n}`, { type: 'Custom::SageMakerJobOutcome', properties: {
      ServiceToken: handler.attrArn, Kind: 'TrainingJob', JobName: job.ref, Seconds: 3000, Within: 3000, Artifact: `s3://data-of-the-benchmark/models/${job.ref}/output/model.tar.gz`,
    } });
  }
}

function measured(name) {
  const outdir = mkdtempSync(join(tmpdir(), 'bench-synth-'));
  try {
    const began = process.hrtime.bigint();
    const { status, stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--case', name, jobs, outdir], { encoding: 'utf8', env: { ...process.env, CDK_VALIDATION: 'false' } });
    if (status !== 0) { throw new Error(stderr); }
    return { wall: Number(process.hrtime.bigint() - began) / 1e6, cpu: Number(stdout), bytes: readFileSync(join(outdir, 'Bench.template.json')).length };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

if (process.argv[2] === '--case') {
  const [, , , name, count, outdir] = process.argv;
  const { App, Stack } = require('aws-cdk-lib/core');
  const app = new App({ outdir });
  CASES[name](new Stack(app, 'Bench', { env: { region: 'us-east-1', account: '123456789012' } }), Number(count));
  app.synth();
  const { user, system } = process.cpuUsage();
  console.log((user + system) / 1000);
} else {
  for (const name of Object.keys(CASES)) { measured(name); }                     // warm the file cache
  const pairs = Array.from({ length: Number(rounds) }, () => ({ library: measured('library'), raw: measured('raw') }));
  console.log(`${jobs} jobs, ${rounds} rounds, Node ${process.versions.node}, validation off`);
  for (const figure of ['wall', 'cpu', 'bytes']) {
    const [library, raw, ratio] = [median(pairs.map((p) => p.library[figure])), median(pairs.map((p) => p.raw[figure])), median(pairs.map((p) => p.library[figure] / p.raw[figure]))];
    console.log(`${figure.padEnd(5)}  library ${library.toFixed(0)}  raw ${raw.toFixed(0)}  ratio ${ratio.toFixed(2)}`);
  }
}
