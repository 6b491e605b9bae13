import { Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { FileSystem } from 'aws-cdk-lib/aws-efs';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { App, CfnOutput, Duration, Size, Stack, Tags } from 'aws-cdk-lib/core';
import {
  Capacity, ContainerImage, DataDistribution, DataSource, Framework, InputCompression, InputMode, ModelData, ProcessingInput, ProcessingJob, ProcessingOutput, ProcessingUpload, Script,
  type ProcessingJobProps,
} from 'cdk-sagemaker';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allowing, bucketNamed as made, emptyStack, flat, IMAGE_URI, only, trainingIn, warnings } from './support/stacks';

const SOURCE = join(__dirname, 'support', 'source');
const image = ContainerImage.fromUri(IMAGE_URI);
/** By its name, once. */
const bucketNamed = (stack: Stack, name: string): IBucket => (stack.node.tryFindChild(`Bucket-${name}`) as IBucket | undefined) ?? made(stack, name);
const capacity = Capacity.onDemand({ instanceType: 'ml.m5.large' });
const jobIn = (stack: Stack, props: Partial<ProcessingJobProps> = {}, id = 'Prepare') => new ProcessingJob(stack, id, { image, capacity, ...props });

function templateOf(props: (stack: Stack) => Partial<ProcessingJobProps> = () => ({})): Template {
  const stack = emptyStack('Stack', { env: { region: 'eu-west-1' } });
  jobIn(stack, props(stack));
  return Template.fromStack(stack);
}
const jobOf = (template: Template): any => only(template, 'AWS::SageMaker::ProcessingJob').Properties;
const data = (stack: Stack, options = {}) => DataSource.fromBucket(bucketNamed(stack, 'data'), 'raw/', options);

describe('A processing job', () => {
  test('asks for what is said, and has no name of its own', () => {
    expect(jobOf(templateOf())).toEqual({
      AppSpecification: { ImageUri: IMAGE_URI },
      ProcessingResources: { ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB: 30 } },
      RoleArn: { 'Fn::GetAtt': [expect.stringMatching(/^PrepareRole/), 'Arn'] },
    });
  });

  test('asks for all that can be said', () => {
    const template = templateOf((stack) => ({
      entrypoint: ['python3', 'main.py'], arguments: ['--share', '0.2'],
      capacity: Capacity.onDemand({ instanceType: 'ml.m5.xlarge', instanceCount: 2, volumeSize: Size.gibibytes(100), volumeKey: new Key(stack, 'Disk') }),
      inputs: {
        raw: ProcessingInput.fromData(data(stack, { inputMode: InputMode.PIPE, compression: InputCompression.GZIP, distribution: DataDistribution.SHARDED_BY_S3_KEY })),
        listed: ProcessingInput.fromData(DataSource.fromManifest(bucketNamed(stack, 'lists'), 'm.manifest', { dataPrefix: 'd/' }), { localPath: '/opt/listed' }),
      },
      outputs: { report: ProcessingOutput.toBucket(bucketNamed(stack, 'out'), 'reports/latest', { localPath: '/opt/report', upload: ProcessingUpload.CONTINUOUS }) },
      outputKey: new Key(stack, 'Out'),
      maxRuntime: Duration.hours(2),
      environment: { LEVEL: 'debug' },
      vpc: new Vpc(stack, 'Vpc'),
      networkIsolation: true,
      encryptInterContainerTraffic: true,
      experiment: { experimentName: 'digits', trialName: 'one', trialComponentDisplayName: 'clean', runName: 'first' },
      revision: '2024-05',
    }));
    expect(jobOf(template)).toMatchObject({
      AppSpecification: { ContainerEntrypoint: ['python3', 'main.py'], ContainerArguments: ['--share', '0.2'] },
      ProcessingResources: { ClusterConfig: { InstanceCount: 2, InstanceType: 'ml.m5.xlarge', VolumeSizeInGB: 100, VolumeKmsKeyId: { 'Fn::GetAtt': [expect.stringMatching(/^Disk/), 'Arn'] } } },
      ProcessingInputs: [
        { InputName: 'raw', S3Input: { S3Uri: 's3://data/raw/', S3DataType: 'S3Prefix', S3InputMode: 'Pipe', S3CompressionType: 'Gzip', S3DataDistributionType: 'ShardedByS3Key', LocalPath: '/opt/ml/processing/input/raw' } },
        { InputName: 'listed', S3Input: { S3Uri: 's3://lists/m.manifest', S3DataType: 'ManifestFile', S3InputMode: 'File', S3DataDistributionType: 'FullyReplicated', LocalPath: '/opt/listed' } },
      ],
      ProcessingOutputConfig: {
        KmsKeyId: { 'Fn::GetAtt': [expect.stringMatching(/^Out/), 'Arn'] },
        Outputs: [{ OutputName: 'report', S3Output: { S3Uri: 's3://out/reports/latest/', LocalPath: '/opt/report', S3UploadMode: 'Continuous' } }],
      },
      StoppingCondition: { MaxRuntimeInSeconds: 7200 },
      Environment: { LEVEL: 'debug' },
      NetworkConfig: { EnableNetworkIsolation: true, EnableInterContainerTrafficEncryption: true, VpcConfig: { Subnets: [{}, {}], SecurityGroupIds: [{}] } },
      ExperimentConfig: { ExperimentName: 'digits', TrialName: 'one', TrialComponentDisplayName: 'clean', RunName: 'first' },
      Tags: [{ Key: 'cdk-sagemaker:revision', Value: '2024-05' }],
    });
  });

  test('may do what it was given, by a role of its own, and waits for the policy', () => {
    const template = templateOf((stack) => ({
      inputs: { raw: ProcessingInput.fromData(data(stack)) }, outputs: { clean: ProcessingOutput.toBucket(bucketNamed(stack, 'out'), 'clean') }, outputKey: new Key(stack, 'Out'),
      capacity: Capacity.onDemand({ instanceType: 'ml.m5.large', volumeKey: new Key(stack, 'Disk') }),
    }));
    const resources = (action: string) => allowing(template, 'PrepareRole', action).map(({ Resource }) => flat(Resource));
    expect(resources('s3:GetObject')).toEqual([expect.stringMatching(/:::data\/raw\/\*$/)]);
    expect(resources('s3:PutObject')).toEqual([expect.stringMatching(/:::out\/clean\/\*$/)]);
    expect(resources('kms:GenerateDataKey*')).toEqual([expect.stringMatching(/^<Out/)]);
    expect(resources('kms:CreateGrant')).toEqual([expect.stringMatching(/^<Disk/)]);
    expect(resources('ecr:BatchGetImage')).toHaveLength(1);
    expect(resources('logs:PutLogEvents').join()).toContain(':log-group:/aws/sagemaker/ProcessingJobs:*');
    expect(only(template, 'AWS::SageMaker::ProcessingJob').DependsOn).toContainEqual(expect.stringMatching(/^PrepareRoleDefaultPolicy/));
  });

  test('says what became of it', () => {
    const stack = emptyStack();
    const job = jobIn(stack);
    for (const [name, value] of Object.entries({ Status: job.processingJobStatus, Exit: job.exitMessage, Why: job.failureReason, Arn: job.processingJobArn, Name: job.processingJobName })) { new CfnOutput(stack, name, { value }); }
    const { Outputs } = Template.fromStack(stack).toJSON() as any;
    const attribute = (name: string) => ({ Value: { 'Fn::GetAtt': [expect.stringMatching(/^Prepare/), name] } });
    expect(Outputs).toMatchObject({ Status: attribute('ProcessingJobStatus'), Exit: attribute('ExitMessage'), Why: attribute('FailureReason'), Arn: attribute('ProcessingJobArn') });
    expect(Outputs.Name.Value['Fn::Select'][1]['Fn::Split']).toEqual([':processing-job/', attribute('ProcessingJobArn').Value]);
    expect(flat(stack.resolve(ProcessingJob.fromProcessingJobName(stack, 'Old', 'Old-Job').processingJobArn))).toMatch(/:processing-job\/old-job$/);
  });

  test('has connections in a VPC, and none without', () => {
    const stack = emptyStack();
    expect(jobIn(stack, { vpc: new Vpc(stack, 'Vpc') }).connections.securityGroups).toHaveLength(1);
    expect(() => jobIn(stack, {}, 'Other').connections).toThrow('Stack/Other: vpc must be given');
  });
});

describe('The script of a processing job', () => {
  const script = Script.fromDirectory(SOURCE, { entryPoint: 'train.py' });

  test('comes by an input, and is started by Python', () => {
    const template = templateOf(() => ({ script, arguments: ['--fast'] }));
    const { AppSpecification, ProcessingInputs } = jobOf(template);
    expect(AppSpecification.ContainerEntrypoint).toEqual(['/bin/sh', '-c', expect.stringContaining('tar xzf "$0"'), expect.stringMatching(/^[0-9a-f]{64}\.gz$/), 'python3', 'train.py']);
    expect(AppSpecification.ContainerArguments).toEqual(['--fast']);
    expect(ProcessingInputs).toEqual([{ InputName: 'code', S3Input: expect.objectContaining({ LocalPath: '/opt/ml/processing/input/code', S3InputMode: 'File' }) }]);
    expect(flat(ProcessingInputs[0].S3Input.S3Uri)).toMatch(/\/[0-9a-f]{64}\.gz$/);
    expect(allowing(template, 'PrepareRole', 's3:GetObject').map(({ Resource }) => flat(Resource))).toEqual([expect.stringMatching(/[0-9a-f]{64}\.gz$/)]);
  });

  test('is started by what is said, or by bash', () => {
    const entrypoint = (props: Partial<ProcessingJobProps>) => jobOf(templateOf(() => ({ script, ...props }))).AppSpecification.ContainerEntrypoint.slice(4);
    expect(entrypoint({ command: ['spark-submit', '--verbose'] })).toEqual(['spark-submit', '--verbose', 'train.py']);
    expect(entrypoint({ script: Script.fromS3Uri('s3://code/s.tar.gz', { entryPoint: 'run.sh' }) })).toEqual(['bash', 'run.sh']);
  });

  test('runs in the image of a framework, for the instances there are', () => {
    const imageOf = (instanceType: string) => flat(jobOf(templateOf(() => ({ image: undefined, framework: Framework.pytorch('2.1.0', { pyVersion: 'py310' }), script, capacity: Capacity.onDemand({ instanceType }) }))).AppSpecification.ImageUri);
    expect(imageOf('ml.m5.large')).toContain('pytorch-training:2.1.0-cpu-py310');
    expect(imageOf('ml.g5.xlarge')).toContain('pytorch-training:2.1.0-gpu-py310');
    expect(flat(jobOf(templateOf(() => ({ image: undefined, framework: Framework.sklearn('1.2-1'), script }))).AppSpecification.ImageUri)).toContain('sagemaker-scikit-learn:1.2-1-cpu-py3');
    expect(() => templateOf(() => ({ image: undefined, framework: Framework.pytorch('9.9', { pyVersion: 'py310' }), script }))).toThrow('Stack/Prepare: framework.version must be');
  });

  test('is unpacked and started by the command in the template, with its arguments', () => {
    const [shell, flag, text, ...rest] = jobOf(templateOf(() => ({ script: Script.fromS3Uri('s3://code/s.tar.gz', { entryPoint: 'run.sh' }) }))).AppSpecification.ContainerEntrypoint as string[];
    expect(text.length).toBeLessThanOrEqual(256);
    const folder = mkdtempSync(join(tmpdir(), 'processing-'));
    try {
      const [code, source] = ['code', 'source'].map((name) => join(folder, name));
      for (const each of [code, source]) { mkdirSync(each); }
      writeFileSync(join(source, 'run.sh'), 'echo "$1 in $(pwd)"; exit 3\n');
      execFileSync('tar', ['czf', join(code, 's.tar.gz'), '-C', source, 'run.sh']);
      expect(() => execFileSync(shell, [flag, text.replace('/opt/ml/processing/input/code', code), ...rest, '--fast'], { encoding: 'utf8' })).toThrow(expect.objectContaining({ status: 3, stdout: `--fast in ${code}\n` }));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('What is another processing job', () => {
  const script = (entryPoint: string, revision?: string) => Script.fromS3Uri('s3://code/s.tar.gz', { entryPoint, revision });

  test('is told by tags where an address does not tell it', () => {
    const tags = jobOf(templateOf((stack) => ({ script: script('a.py', 'v2'), inputs: { raw: ProcessingInput.fromData(data(stack, { revision: 'May' })) }, revision: 'again' }))).Tags;
    expect(tags).toEqual([{ Key: 'cdk-sagemaker:revision', Value: 'again' }, { Key: 'cdk-sagemaker:revision:code', Value: 'v2' }, { Key: 'cdk-sagemaker:revision:raw', Value: 'May' }]);
    expect(jobOf(templateOf(() => ({ script: script('a.py') })))).not.toHaveProperty('Tags');
  });

  test('writes elsewhere, where it is not told where', () => {
    const place = (props: Partial<ProcessingJobProps> = {}) => flat(jobOf(templateOf(() => ({ outputs: { clean: ProcessingOutput.toStackBucket() }, ...props }))).ProcessingOutputConfig.Outputs[0].S3Output.S3Uri);
    expect(place()).toMatch(/^s3:\/\/<SageMakerBucket\w+>\/processing\/stack-prepare\/[0-9a-f]{10}\/clean\/$/);
    expect(place()).toBe(place());
    const others = [{ environment: { A: '1' } }, { arguments: ['a'] }, { revision: '2' }, { script: script('a.py') }, { script: script('a.py', 'v2') }].map((props) => place(props));
    expect(new Set([place(), ...others]).size).toBe(6);
  });

  test('is a new run of a job that reads its output', () => {
    const stack = emptyStack();
    const job = jobIn(stack, { outputs: { clean: ProcessingOutput.toStackBucket() } });
    trainingIn(stack, { inputs: { train: job.outputData('clean', { contentType: 'text/csv' }) } });
    const template = Template.fromStack(stack);
    const { Properties, DependsOn } = only(template, 'Custom::SageMakerTrainingJob');
    expect(Properties.Request.InputDataConfig[0]).toMatchObject({ ChannelName: 'train', ContentType: 'text/csv', DataSource: { S3DataSource: { S3Uri: jobOf(template).ProcessingOutputConfig.Outputs[0].S3Output.S3Uri } } });
    expect(Properties.ChannelRevisions).toEqual({ train: { 'Fn::GetAtt': [expect.stringMatching(/^Prepare/), 'ProcessingJobArn'] } });
    expect(DependsOn).toContainEqual(expect.stringMatching(/^Prepare/));
    expect(allowing(template, 'TrainRole', 's3:GetObject').map(({ Resource }) => flat(Resource))).toEqual([expect.stringMatching(/\/processing\/stack-prepare\/[0-9a-f]{10}\/clean\/\*$/)]);
  });

  test('may be read by a job of another stack, which refers to nothing else of this one', () => {
    const app = new App();
    const [first, second] = [new Stack(app, 'First'), new Stack(app, 'Second')];
    const job = jobIn(first, { outputs: { clean: ProcessingOutput.toBucket(bucketNamed(first, 'out'), 'c') } });
    trainingIn(second, { inputs: { train: job.outputData('clean') } });
    expect(Object.keys((Template.fromStack(first).toJSON() as any).Outputs)).toEqual([expect.stringContaining('ProcessingJobArn')]);
    expect(only(Template.fromStack(second), 'Custom::SageMakerTrainingJob').Properties.Request.InputDataConfig[0].DataSource.S3DataSource.S3Uri).toBe('s3://out/c/');
  });

  test('is one that reads what another one has written', () => {
    const stack = emptyStack();
    const first = jobIn(stack, { outputs: { clean: ProcessingOutput.toStackBucket() } });
    jobIn(stack, { inputs: { clean: ProcessingInput.fromData(first.outputData('clean')) } }, 'Second');
    const jobs = Object.entries(Template.fromStack(stack).findResources('AWS::SageMaker::ProcessingJob'));
    const [, second] = jobs.find(([id]) => id.startsWith('Second'))!;
    expect(second.Properties.Tags).toEqual([{ Key: 'cdk-sagemaker:revision:clean', Value: { 'Fn::GetAtt': [expect.stringMatching(/^Prepare/), 'ProcessingJobArn'] } }]);
  });

  test('has the tags of its construct', () => {
    const stack = emptyStack();
    Tags.of(jobIn(stack)).add('team', 'vision');
    expect(jobOf(Template.fromStack(stack)).Tags).toEqual([{ Key: 'team', Value: 'vision' }]);
  });
});

describe('Wrong processing jobs', () => {
  const script = Script.fromFile(join(SOURCE, 'train.py'));
  const many = (count: number, entry: (index: number) => unknown): any => Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index}`, entry(index)]));

  test.each<[string, (stack: Stack) => Partial<ProcessingJobProps>, string]>([
    ['no image', () => ({ image: undefined }), 'image must be given, or framework'],
    ['two images', () => ({ framework: Framework.sklearn('1.2-1'), script }), 'image must be left out with framework'],
    ['a framework without a script', () => ({ image: undefined, framework: Framework.sklearn('1.2-1') }), 'script must be given: a framework runs a script'],
    ['a script in an artifact', () => ({ script: Script.inModelData({ entryPoint: 'a.py' }) }), 'script must be Script.fromDirectory or another'],
    ['two entry points', () => ({ script, entrypoint: ['a'] }), 'entrypoint must be left out with script'],
    ['a command for nothing', () => ({ command: ['python'] }), 'command must come with script'],
    ['an image elsewhere', () => ({ image: ContainerImage.fromRegistry('registry.example.com/a:1') }), 'image must be in Amazon ECR'],
    ['no capacity', () => ({ capacity: undefined }), 'capacity must be a Capacity'],
    ['spot capacity', () => ({ capacity: Capacity.spot({ instanceType: 'ml.m5.large', maxWait: Duration.hours(1) }) }), 'capacity.maxWait must be left out'],
    ['preferences', () => ({ capacity: Capacity.instancePreferences([{ instanceType: 'ml.m5.large' }]) }), 'capacity.preferences must be left out: a processing job of CloudFormation has instances of one type'],
    ['a warm pool', () => ({ capacity: Capacity.onDemand({ instanceType: 'ml.m5.large', keepAlive: Duration.minutes(5) }) }), 'capacity.keepAlive must be left out'],
    ['no instances', () => ({ capacity: Capacity.serverless() }), 'capacity must have instances'],
    ['too many instances', () => ({ capacity: Capacity.onDemand({ instanceType: 'ml.m5.large', instanceCount: 101 }) }), 'capacity.instanceCount must be a whole number between 1 and 100, got 101'],
    ['too much storage', () => ({ capacity: Capacity.onDemand({ instanceType: 'ml.m5.large', volumeSize: Size.tebibytes(17) }) }), 'capacity.volumeSize must be a whole number between 1 and 16384 GiB'],
    ['an instance type of EC2', () => ({ capacity: Capacity.onDemand({ instanceType: 'm5.large' }) }), 'capacity.instanceType must be an instance type of SageMaker'],
    ['too long a time', () => ({ maxRuntime: Duration.days(10) }), 'maxRuntime must be between 1 second and 9 days, got 10 days'],
    ['too many variables', () => ({ environment: many(101, () => 'x') }), 'environment must have 0 to 100 entries, got 101'],
    ['too long a variable', () => ({ environment: { A: 'x'.repeat(257) } }), 'environment.A must have at most 256 characters'],
    ['an odd variable', () => ({ environment: { '1A': 'x' } }), 'environment: the name 1A must be of 1 to 256 letters'],
    ['too many inputs', (stack) => ({ inputs: many(11, () => ProcessingInput.fromData(data(stack))) }), 'inputs must have 0 to 10 entries, got 11'],
    ['too many inputs beside a script', (stack) => ({ script, inputs: many(10, () => ProcessingInput.fromData(data(stack))) }), 'inputs must have 0 to 9 entries, got 10'],
    ['too many outputs', () => ({ outputs: many(11, () => ProcessingOutput.toStackBucket()) }), 'outputs must have 0 to 10 entries, got 11'],
    ['the name of the script', (stack) => ({ script, inputs: { code: ProcessingInput.fromData(data(stack)) } }), 'inputs must leave the name code to the script'],
    ['an input that is none', (stack) => ({ inputs: { raw: data(stack) as never } }), 'inputs.raw must be a ProcessingInput, for instance'],
    ['an output that is none', () => ({ outputs: { clean: 's3://out' as never } }), 'outputs.clean must be a ProcessingOutput'],
    ['a file system', (stack) => ({ inputs: { raw: ProcessingInput.fromData(DataSource.fromFileSystem(FileSystem.fromFileSystemAttributes(stack, 'Efs', { fileSystemId: 'fs-1', securityGroup: new Vpc(stack, 'Vpc') as never }))) } }), 'inputs.raw must be in S3: processing jobs read no file system'],
    ['a type of the data', (stack) => ({ inputs: { raw: ProcessingInput.fromData(data(stack, { contentType: 'text/csv' })) } }), 'inputs.raw.contentType must be left out'],
    ['fast files', (stack) => ({ inputs: { raw: ProcessingInput.fromData(data(stack, { inputMode: InputMode.FAST_FILE })) } }), 'inputs.raw.inputMode must be one of File, Pipe, got FastFile'],
    ['compressed files', (stack) => ({ inputs: { raw: ProcessingInput.fromData(data(stack, { compression: InputCompression.GZIP })) } }), 'inputs.raw.compression must be left out unless the input is a pipe'],
    ['the artifact of a model with its type', () => ({ inputs: { raw: ProcessingInput.fromData(DataSource.fromModelData(ModelData.fromS3Uri('s3://m/model.tar.gz'))) } }), 'inputs.raw.contentType must be left out'],
    ['a folder that is none', (stack) => ({ inputs: { raw: ProcessingInput.fromData(data(stack), { localPath: 'raw' }) } }), 'inputs.raw.localPath must be a folder from the root of the container'],
    ['an odd name', (stack) => ({ inputs: { 'a b': ProcessingInput.fromData(data(stack)) } }), 'inputs.a b must be named with 1 to 64 letters'],
    ['a key for nothing', (stack) => ({ outputKey: new Key(stack, 'Key') }), 'outputKey must come with outputs'],
    ['an odd revision', () => ({ revision: 'v1#2' }), 'revision must be of letters, digits, spaces'],
    ['an odd experiment', () => ({ experiment: { runName: 'a_b' } }), 'experiment.runName must be 1 to 120 letters'],
    ['no arguments in a list', () => ({ arguments: [] }), 'arguments must have 1 to 100 entries, got 0'],
    ['too long an argument', () => ({ arguments: ['x'.repeat(257)] }), 'arguments[0] must have at most 256 characters'],
  ])('are refused: %s', (_what, props, message) => {
    expect(() => templateOf(props)).toThrow(`Stack/Prepare: ${message}`);
  });

  test('are refused: no props, and an output that is not there', () => {
    const stack = emptyStack();
    expect(() => new ProcessingJob(stack, 'None', undefined as never)).toThrow('Stack/None: props must be given');
    expect(() => jobIn(stack, { outputs: { clean: ProcessingOutput.toStackBucket() } }).outputData('dirty')).toThrow('Stack/Prepare: output must be one of clean, got dirty');
  });

  test('are warned of: instance types that are unknown, or have storage of their own', () => {
    const warned = (props: (stack: Stack) => Partial<ProcessingJobProps>) => {
      const stack = emptyStack();
      jobIn(stack, props(stack));
      return warnings(stack).map((text) => /\[ack: cdk-sagemaker:([^\]]+)\]/.exec(text)?.[1]);
    };
    expect(warned(() => ({ capacity: Capacity.onDemand({ instanceType: 'ml.m5.lagre' }) }))).toEqual(['unknownInstanceType']);
    expect(warned((stack) => ({ capacity: Capacity.onDemand({ instanceType: 'ml.g5.xlarge', volumeKey: new Key(stack, 'Key') }) }))).toEqual(['volumeKeyOnLocalStorage']);
    expect(warned(() => ({}))).toEqual([]);
  });
});
