import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isAlive, readServerInfo } from '../../lib/local/server-file';
import { runLocal, type Ended, type RunOptions } from './built-cli';

/** Prints metrics, and leaves a model and all that it was given. SECONDS and FAIL do as they say. */
export const TRAIN = `
import json, os, signal, sys, time

base = os.environ["SAGEMAKER_BASE_DIR"]
values = json.load(open(os.path.join(base, "input/config/hyperparameters.json")))
seconds = float(os.environ.get("SECONDS", "0"))

def stopped(*_):
    open(os.path.join(base, "model/stopped.txt"), "w").write("stopped")
    print("leaving", flush=True)
    sys.exit(0)

if os.environ.get("DEAF"):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
else:
    signal.signal(signal.SIGTERM, stopped)
for epoch in range(1, int(values.get("epochs", "3")) + 1):
    print(f"epoch={epoch} loss={1 / epoch:.3f}; pid={os.getpid()};", flush=True)
    time.sleep(seconds)
if os.environ.get("FAIL"):
    sys.exit("no good")

def read(folder):
    found = {}
    for at, _, names in os.walk(os.path.join(base, folder)):
        for name in names:
            path = os.path.join(at, name)
            found[os.path.relpath(path, base)] = open(path).read()
    return found

layout = {
    "files": read("input"), "environment": dict(os.environ), "arguments": sys.argv[1:], "channels": sorted(os.listdir(os.path.join(base, "input/data"))),
    "links": [name for name in os.listdir(os.path.join(base, "input/data")) if os.path.islink(os.path.join(base, "input/data", name))],
}
json.dump(layout, open(os.path.join(base, "output/data/layout.json"), "w"))
open(os.path.join(base, "model/model.txt"), "w").write(values.get("word", "none").strip('"'))
`;

export const INFERENCE = `
import os

def model_fn(folder):
    return open(os.path.join(folder, "model.txt")).read()

def input_fn(body, content_type):
    if content_type != "text/csv":
        raise ValueError("text/csv is wanted")
    return body.decode() if isinstance(body, bytes) else body

def predict_fn(text, model):
    return "".join(f"{model}:{line}\\n" for line in text.splitlines())

def output_fn(text, accept):
    return text, "text/csv"
`;

const IMAGE = '123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1';
/** An image asset, whose folder a test writes to `cdk.out/asset.image`. */
export const IMAGE_ASSET = { 'Fn::Sub': '${AWS::AccountId}.dkr.ecr.us-east-1.amazonaws.com/images:image0123' };
const ROLE = { 'Fn::GetAtt': ['Role', 'Arn'] };
const BUCKET_URI = (key: string) => ({ 'Fn::Join': ['', ['s3://', { Ref: 'Bucket' }, `/${key}`]] });
const SCRIPT_KEY = 'code0123.tar.gz';
const SCRIPT = { 'Fn::Sub': `s3://assets-\${AWS::AccountId}/${SCRIPT_KEY}` };
const channel = (ChannelName: string, S3Uri: unknown) => ({ ChannelName, DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri, S3DataDistributionType: 'FullyReplicated' } } });
const METRICS = [{ Name: 'loss', Regex: 'loss=([0-9.]+)' }];
const scriptHyperparameters = { epochs: '3', sagemaker_program: '"train.py"', sagemaker_submit_directory: { 'Fn::Join': ['', ['"', SCRIPT, '"']] }, sagemaker_job_name: '"{JobName}"' };
const outcome = (job: string, Kind: string) => ({ Type: 'Custom::SageMakerJobOutcome', Properties: { ServiceToken: 'x', Kind, JobName: { Ref: job }, Attributes: ['ModelArtifacts'] } });
const model = (ModelDataUrl: unknown) => ({
  Type: 'AWS::SageMaker::Model',
  Properties: { ExecutionRoleArn: ROLE, PrimaryContainer: { Image: IMAGE, ModelDataUrl, Environment: { SAGEMAKER_PROGRAM: 'inference.py', SAGEMAKER_SUBMIT_DIRECTORY: SCRIPT } } },
});

/** A stack as the library makes them, of scripts that need nothing but Python. */
export function trainingStack(change: { readonly request?: object; readonly more?: object } = {}) {
  return {
    Parameters: { BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/hnb659fds/version' } },
    Resources: {
      Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } },
      Bucket: { Type: 'AWS::S3::Bucket' },
      Data: {
        Type: 'Custom::CDKBucketDeployment',
        Properties: { ServiceToken: 'x', SourceBucketNames: [{ 'Fn::Sub': 'assets-${AWS::AccountId}' }], SourceObjectKeys: ['data0123.zip'], DestinationBucketName: { Ref: 'Bucket' }, DestinationBucketKeyPrefix: 'inputs/train' },
      },
      Train: {
        Type: 'Custom::SageMakerTrainingJob',
        Properties: {
          ServiceToken: 'x', Kind: 'TrainingJob', KeyVersion: '1', NamePrefix: 'app-train', JobNameIn: ['HyperParameters.sagemaker_job_name'],
          Request: {
            RoleArn: ROLE, AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: 'File', MetricDefinitions: METRICS }, HyperParameters: scriptHyperparameters,
            InputDataConfig: [channel('train', BUCKET_URI('inputs/train/'))], OutputDataConfig: { S3OutputPath: BUCKET_URI('jobs') },
            ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 30 }, StoppingCondition: { MaxRuntimeInSeconds: 600 }, ...change.request,
          },
        },
      },
      TrainOutcome: outcome('Train', 'TrainingJob'),
      TrainModel: model({ 'Fn::GetAtt': ['TrainOutcome', 'ModelArtifacts'] }),
      Config: { Type: 'AWS::SageMaker::EndpointConfig', Properties: { ProductionVariants: [{ VariantName: 'first', ModelName: { 'Fn::GetAtt': ['TrainModel', 'ModelName'] }, InitialInstanceCount: 2, InstanceType: 'ml.m5.large', InitialVariantWeight: 1 }] } },
      Endpoint: { Type: 'AWS::SageMaker::Endpoint', Properties: { EndpointConfigName: { 'Fn::GetAtt': ['Config', 'EndpointConfigName'] } } },
      Score: {
        Type: 'Custom::SageMakerTransformJob',
        Properties: {
          ServiceToken: 'x', Kind: 'TransformJob', KeyVersion: '1', NamePrefix: 'app-score', JobNameIn: ['TransformOutput.S3OutputPath'],
          Request: {
            ModelName: { 'Fn::GetAtt': ['TrainModel', 'ModelName'] },
            TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://nowhere-at-all/x/' } }, ContentType: 'text/csv' },
            TransformOutput: { S3OutputPath: BUCKET_URI('jobs/{JobName}') }, TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
          },
        },
      },
      Tune: {
        Type: 'Custom::SageMakerHyperParameterTuningJob',
        Properties: {
          ServiceToken: 'x', Kind: 'HyperParameterTuningJob', KeyVersion: '1', NamePrefix: 'app-tune', JobNameIn: ['TrainingJobDefinition.StaticHyperParameters.sagemaker_job_name'],
          Request: {
            HyperParameterTuningJobConfig: {
              Strategy: 'Random', HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: 'loss' }, ResourceLimits: { MaxNumberOfTrainingJobs: 4, MaxParallelTrainingJobs: 2 },
              ParameterRanges: { IntegerParameterRanges: [{ Name: 'epochs', MinValue: '1', MaxValue: '5', ScalingType: 'Linear' }] }, RandomSeed: 1,
            },
            TrainingJobDefinition: {
              RoleArn: ROLE, AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: 'File', MetricDefinitions: METRICS },
              StaticHyperParameters: { ...scriptHyperparameters, epochs: undefined }, OutputDataConfig: { S3OutputPath: BUCKET_URI('jobs') },
              ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 30 }, StoppingCondition: { MaxRuntimeInSeconds: 600 },
            },
          },
        },
      },
      ...change.more,
    },
  };
}

interface Source {
  readonly path: string;
  readonly name: string;
}

export interface RunApp {
  readonly folder: string;
  /** Of the script, as on disk. */
  readonly source: string;
  write(name: string, content: string): string;
  /** Writes the assembly again. @param sources of the script. @default - the folder `source` */
  stacks(stacks: { readonly [path: string]: object }, sources?: readonly Source[]): void;
  run(args: readonly string[], options?: RunOptions): Promise<Ended>;
  /** With `--json`: the document. */
  json(...args: readonly string[]): Promise<{ readonly [member: string]: unknown }>;
}

/** An app's assembly and its sources in a folder of their own, which is gone afterwards. */
export async function inRunApp(work: (app: RunApp) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'run-app-'));
  const write = (name: string, content: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const stacks: RunApp['stacks'] = (given, sources = [{ path: join(folder, 'src'), name: '' }]) => writeAssembly(sources, write, given);
  const run = (args: readonly string[], options?: RunOptions) => runLocal(folder, args, options);
  try {
    write('src/train.py', TRAIN);
    write('src/inference.py', INFERENCE);
    stacks({ App: trainingStack() });
    await work({
      folder, source: join(folder, 'src'), write, stacks, run,
      json: async (...args) => {
        const { out, err, code } = await run([...args, '--json']);
        if (err !== '') { throw new Error(`${code} ${err}`); }
        return JSON.parse(out) as { [member: string]: unknown };
      },
    });
  } finally {
    const pid = readServerInfo(join(folder, '.cdk-sagemaker'))?.pid;
    if (pid !== undefined) {
      process.kill(pid, 'SIGTERM');
      while (isAlive(pid)) { await new Promise((resolve) => { setTimeout(resolve, 20); }); }
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeAssembly(sources: readonly Source[], write: (name: string, content: string) => string, stacks: { readonly [path: string]: object }): void {
  write('cdk.out/asset.data/train.csv', '1,2\n');
  write('cdk.out/asset.data/deep/more.csv', '3,4\n');
  write('cdk.out/asset.code.tar.gz', '');
  write('cdk.out/asset.image/Dockerfile', 'FROM scratch\n');
  const artifacts = Object.entries(stacks).flatMap(([path, template]) => {
    const id = path.replaceAll('/', '');
    write(`cdk.out/${id}.template.json`, JSON.stringify(template));
    write(`cdk.out/${id}.assets.json`, JSON.stringify({
      files: { code: { source: { path: 'asset.code.tar.gz', packaging: 'file' }, destinations: { here: { bucketName: 'assets-${AWS::AccountId}', objectKey: SCRIPT_KEY } } }, data: { source: { path: 'asset.data', packaging: 'zip' }, destinations: { here: { bucketName: 'assets-${AWS::AccountId}', objectKey: 'data0123.zip' } } } },
      dockerImages: { image: { source: { directory: 'asset.image' }, destinations: { here: { repositoryName: 'images', imageTag: 'image0123' } } } },
    }));
    const ids = Object.keys((template as { Resources: object }).Resources);
    const metadata = {
      ...Object.fromEntries(ids.map((logicalId) => [`/${path}/${logicalId}/Resource`, [{ type: 'aws:cdk:logicalId', data: logicalId }]])),
      [`/${path}/Train`]: [{ type: 'cdk-sagemaker:source', data: { archive: SCRIPT_KEY, roots: sources } }],
    };
    return [
      [id, { type: 'aws:cloudformation:stack', environment: 'aws://unknown-account/us-east-1', properties: { templateFile: `${id}.template.json` }, dependencies: [`${id}.assets`], displayName: path, metadata }],
      [`${id}.assets`, { type: 'cdk:asset-manifest', properties: { file: `${id}.assets.json` } }],
    ];
  });
  write('cdk.out/manifest.json', JSON.stringify({ version: '55.0.0', artifacts: Object.fromEntries(artifacts) }));
}
