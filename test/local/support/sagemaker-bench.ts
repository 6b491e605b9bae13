import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PythonEnvironments } from '../../../lib/local/python-environment';
import { S3Folder } from '../../../lib/local/s3-folder';
import { LocalSageMaker, type LocalSageMakerOptions } from '../../../lib/local/sagemaker/local-sagemaker';

export const ROLE = 'arn:aws:iam::123456789012:role/some-role';
/** An image of the user's own: nothing comes with it, so the tests need no Python package. */
export const IMAGE = '123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1';

/** A local SageMaker on a folder of its own, with buckets `data` and `out`. */
export class SageMakerBench {
  public readonly folder = mkdtempSync(join(tmpdir(), 'sagemaker-'));
  public readonly s3 = new S3Folder(join(this.folder, 's3'));
  public sageMaker!: LocalSageMaker;
  public readonly problems: string[] = [];
  private readonly opened: LocalSageMaker[] = [];

  public static async open(options: Partial<LocalSageMakerOptions> = {}): Promise<SageMakerBench> {
    const bench = new SageMakerBench();
    await bench.s3.createBucket('data');
    await bench.s3.createBucket('out');
    await bench.s3.put('data', 'train/a.txt', 'alpha');
    bench.reopen(options);
    return bench;
  }

  /** A new SageMaker on the same folder, as after a restart. */
  public reopen(options: Partial<LocalSageMakerOptions> = {}): LocalSageMaker {
    this.sageMaker = new LocalSageMaker({
      folder: join(this.folder, 'sagemaker'),
      s3: this.s3,
      s3Endpoint: 'http://127.0.0.1:9',
      python: new PythonEnvironments({ cacheFolder: join(this.folder, 'cache') }),
      stopGrace: 1000,
      log: (line) => this.problems.push(line),
      ...options,
    });
    this.opened.push(this.sageMaker);
    return this.sageMaker;
  }

  public async close(): Promise<void> {
    await Promise.all(this.opened.map((each) => each.close()));
    rmSync(this.folder, { recursive: true, force: true });
  }

  public call(operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>> {
    return this.sageMaker.call(operation, input);
  }

  /** Files and links as `s3://data/<key>`, a .tar.gz. */
  public async archive(key: string, files: Readonly<Record<string, string>>, links: Readonly<Record<string, string>> = {}): Promise<string> {
    const folder = mkdtempSync(join(this.folder, 'source-'));
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    for (const [name, to] of Object.entries(links)) { symlinkSync(to, join(folder, name)); }
    execFileSync('tar', ['-czf', `${folder}.tar.gz`, '-C', folder, '.']);
    await this.s3.put('data', key, readFileSync(`${folder}.tar.gz`));
    return `s3://data/${key}`;
  }

  /** A request that trains with this script. */
  public async trainingRequest(name: string, script: string, overrides: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const { HyperParameters, ...others } = overrides;
    return {
      TrainingJobName: name,
      RoleArn: ROLE,
      AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: 'File' },
      HyperParameters: {
        sagemaker_program: '"train.py"',
        sagemaker_submit_directory: JSON.stringify(await this.archive(`${name}/sourcedir.tar.gz`, { 'train.py': script })),
        ...HyperParameters as Record<string, string>,
      },
      InputDataConfig: [{ ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/train/' } } }],
      OutputDataConfig: { S3OutputPath: 's3://out/jobs/' },
      ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 10 },
      StoppingCondition: { MaxRuntimeInSeconds: 60 },
      ...others,
    };
  }

  public async train(name: string, script: string, overrides: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    await this.call('CreateTrainingJob', await this.trainingRequest(name, script, overrides));
    return this.jobEnd(name);
  }

  public jobEnd(name: string): Promise<Record<string, unknown>> {
    return until(() => this.call('DescribeTrainingJob', { TrainingJobName: name }), (job) => /Completed|Failed|Stopped/.test(job.TrainingJobStatus as string));
  }

  public logOf(name: string): string {
    return this.sageMaker.logLines(name).lines.join('\n');
  }

  /** What CloudWatch Logs has of a job of any kind, in streams whose name begins so. */
  public async logEvents(group: string, prefix: string): Promise<string> {
    const { events } = await this.sageMaker.logs.call('FilterLogEvents', { logGroupName: `/aws/sagemaker/${group}`, logStreamNamePrefix: prefix }) as { events: Array<{ message: string }> };
    return events.map(({ message }) => message).join('\n');
  }

  /** A model and a configuration with one variant, named alike, whose script answers with this text. */
  public async modelSaying(name: string, text: string, inference = SAYING): Promise<void> {
    await this.call('CreateModel', {
      ModelName: name,
      ExecutionRoleArn: ROLE,
      PrimaryContainer: { Image: IMAGE, ModelDataUrl: await this.archive(`${name}/model.tar.gz`, { 'text.txt': text, 'code/inference.py': inference }) },
    });
    await this.config(name, { [name]: 1 });
  }

  /** A configuration of several models, each a variant of its name. */
  public config(name: string, weights: Readonly<Record<string, number>>): Promise<Record<string, unknown>> {
    return this.call('CreateEndpointConfig', {
      EndpointConfigName: name,
      ProductionVariants: Object.entries(weights).map(([model, weight]) => ({ VariantName: model, ModelName: model, InstanceType: 'ml.m5.large', InitialInstanceCount: 1, InitialVariantWeight: weight })),
    });
  }

  /** When it is neither being made nor being updated. */
  public endpointAtRest(name: string): Promise<Record<string, unknown>> {
    return until(() => this.call('DescribeEndpoint', { EndpointName: name }), (endpoint) => /InService|Failed/.test(endpoint.EndpointStatus as string));
  }

  public async ask(name: string, body = '{}', variant?: string): Promise<string> {
    const answer = await this.sageMaker.invoke(name, { body: Buffer.from(body), contentType: 'application/json', accept: 'application/json', variant });
    return answer.body.toString();
  }
}

/** Answers with the text in the model's data. */
export const SAYING = `
import json, os
def model_fn(model_dir):
    with open(os.path.join(model_dir, "text.txt")) as file:
        return file.read()
def predict_fn(data, model):
    if data == {"fail": True}:
        raise RuntimeError("asked to fail")
    return {"text": model, "data": data}
def input_fn(body, content_type):
    return json.loads(body)
`;

export async function until<T>(look: () => Promise<T>, enough: (value: T) => boolean, seconds = 30): Promise<T> {
  for (const deadline = Date.now() + seconds * 1000; ;) {
    const value = await look();
    if (enough(value)) { return value; }
    if (Date.now() > deadline) { throw new Error(`still ${JSON.stringify(value)} after ${seconds} seconds`); }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
