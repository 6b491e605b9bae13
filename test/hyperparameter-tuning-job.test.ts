import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { FileSystem } from 'aws-cdk-lib/aws-efs';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnOutput, Duration, type Stack } from 'aws-cdk-lib/core';
import {
  Algorithm, BuiltInAlgorithm, Capacity, Completion, ContainerImage, DataSource, Framework, HyperparameterTuningJob, Metric, Objective, OutputCompression, OutputLocation, ParameterRange, QualityGate, Script,
  TrainingJob, TuningStrategy, WarmStart, type HyperparameterTuningJobProps,
} from 'cdk-sagemaker';
import { join } from 'node:path';
import { allowing, bucketNamed, emptyStack, flat, IMAGE_URI, only, trainingProps, tuningDefinition, tuningIn, tuningOf, warnings } from './support/stacks';

const SOURCE = join(__dirname, 'support', 'source');
const script = () => Script.fromDirectory(SOURCE, { entryPoint: 'train.py' });
const outcomeOf = (stack: Stack) => only(Template.fromStack(stack), 'Custom::SageMakerJobOutcome').Properties;
const several = (props: Partial<HyperparameterTuningJobProps> = {}): HyperparameterTuningJobProps => ({
  definitions: { b: tuningDefinition(), a: tuningDefinition({ objective: Objective.minimize('loss'), metrics: [Metric.regex('loss', 'loss=(.*)')], ranges: { depth: ParameterRange.integer(1, 3) } }) },
  maxJobs: 4,
  ...props,
});

describe('A tuning job', () => {
  test('is one resource of its kind, with names of 32 characters', () => {
    const stack = emptyStack('a-stack-whose-name-is-rather-long');
    tuningIn(stack);
    const { Kind, NamePrefix } = tuningOf(Template.fromStack(stack));
    expect(Kind).toBe('HyperParameterTuningJob');
    expect(`${NamePrefix}-0123456789-999`.length).toBeLessThanOrEqual(32);
  });

  test('has a role that may write its own output and no more', () => {
    const stack = emptyStack();
    tuningIn(stack, { output: OutputLocation.fromBucket(bucketNamed(stack, 'out'), 'models') });
    const [written] = allowing(Template.fromStack(stack), 'TuneDefinitionRole', 's3:PutObject');
    expect(flat(written.Resource)).toContain('out/models/*');
  });

  test('of several definitions has a role each, with the grants of its own props alone', () => {
    const stack = emptyStack();
    const { definitions, ...props } = several();
    const tuning = new HyperparameterTuningJob(stack, 'Tune', {
      ...props, definitions: { a: { ...definitions!.a, inputs: { train: DataSource.fromS3Uri('s3://of-a/train') } }, b: { ...definitions!.b, inputs: { train: DataSource.fromS3Uri('s3://of-b/train') } } },
    });
    const template = Template.fromStack(stack);
    const readBy = (name: string) => allowing(template, `TuneDefinitions${name}Role`, 's3:GetObject').map((statement) => flat(statement.Resource)).join();
    expect(tuning.roles).toHaveLength(2);
    expect(readBy('a')).toContain('of-a');
    expect(readBy('a')).not.toContain('of-b');
    expect(readBy('b')).toContain('of-b');
  });

  test('is granted what it is granted for each of its roles', () => {
    const stack = emptyStack();
    const tuning = new HyperparameterTuningJob(stack, 'Tune', several());
    const key = new Key(stack, 'Key');
    key.grantDecrypt(tuning);
    const template = Template.fromStack(stack);
    for (const name of ['a', 'b']) { expect(allowing(template, `TuneDefinitions${name}Role`, 'kms:Decrypt')).toHaveLength(1); }
  });

  test('lets the handler pass a role that was made elsewhere', () => {
    const stack = emptyStack();
    const role = Role.fromRoleArn(stack, 'Theirs', 'arn:aws:iam::123456789012:role/theirs');
    const tuning = tuningIn(stack, { role });
    expect(tuning.roles).toEqual([role]);
    const passed = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role')).concat(Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy')));
    expect(JSON.stringify(passed)).toContain('arn:aws:iam::123456789012:role/theirs');
  });

  test('waits as long as all its jobs may take, as many at once as are allowed', () => {
    const stack = emptyStack();
    tuningIn(stack, { maxRuntime: Duration.minutes(10) }, { maxJobs: 5, maxParallelJobs: 2 });
    expect(outcomeOf(stack).Within).toBe((3 * 10 + 30) * 60);
  });

  test.each<[string, Partial<HyperparameterTuningJobProps>, number]>([
    ['its own limit, where it has one', { maxRuntime: Duration.hours(1) }, 90 * 60],
    ['the wait for spot capacity', { definition: tuningDefinition({ maxRuntime: Duration.minutes(10), capacity: Capacity.spot({ instanceType: 'ml.m5.large', maxWait: Duration.minutes(20) }) }) }, (2 * 20 + 30) * 60],
    ['the combinations of a grid', { definition: tuningDefinition({ maxRuntime: Duration.minutes(10), ranges: { a: ParameterRange.categorical(1, 2, 3), b: ParameterRange.categorical('x', 'y') } }), strategy: TuningStrategy.grid(), maxJobs: undefined }, (3 * 10 + 30) * 60],
    ['what the completion says', { completion: Completion.finished({ within: Duration.minutes(50) }) }, 3000],
  ])('waits for %s', (_what, props, seconds) => {
    const stack = emptyStack();
    tuningIn(stack, {}, props);
    expect(outcomeOf(stack).Within).toBe(seconds);
  });

  test('asks how long to wait where nothing says it', () => {
    expect(() => tuningIn(emptyStack(), { ranges: { rate: ParameterRange.auto(0.1) } }, { maxJobs: undefined })).toThrow('Stack/Tune: completion must be given with within, or maxRuntime');
    expect(() => tuningIn(emptyStack(), { maxRuntime: Duration.days(20) }, { maxJobs: 4, maxParallelJobs: 1 })).toThrow('got 80 days');
  });

  test('knows what its best job is and has found', () => {
    const stack = emptyStack();
    const tuning = tuningIn(stack, { metrics: [Metric.regex('accuracy', 'acc=(.*)'), Metric.regex('loss', 'loss=(.*)')] });
    const read = [
      tuning.bestTrainingJobName, tuning.bestTrainingJobArn, tuning.modelArtifacts, tuning.bestHyperparameters, tuning.objectiveValue, tuning.tuningJobStatus,
      tuning.completedJobs, tuning.failedJobs, tuning.stoppedJobs, tuning.tunedHyperparameter('rate'), tuning.metric('loss'),
    ];
    new CfnOutput(stack, 'All', { value: read.join() });
    expect(outcomeOf(stack)).toMatchObject({
      Attributes: ['BestHyperparameters', 'BestTrainingJobArn', 'BestTrainingJobName', 'CompletedJobs', 'FailedJobs', 'ModelArtifacts', 'ObjectiveValue', 'Status', 'StoppedJobs'],
      Hyperparameters: { 'Hyperparameter.rate': 'rate' },
      Metrics: { 'Metric.loss': 'loss' },
    });
  });

  test('of several definitions knows which of them the best job is of; a single one has no name', () => {
    const stack = emptyStack();
    const tuning = new HyperparameterTuningJob(stack, 'Tune', several());
    new CfnOutput(stack, 'Definition', { value: tuning.bestDefinitionName });
    expect(outcomeOf(stack).Attributes).toEqual(['BestTrainingJobDefinitionName']);
    expect(() => tuningIn(emptyStack()).bestDefinitionName).toThrow('Stack/Tune: bestDefinitionName must be asked of several definitions');
  });

  test('of K-means takes as many records at once as the Python SDK says to a tuner, where their number is known', () => {
    const batch = (props: object) => {
      const stack = emptyStack();
      const train = DataSource.fromRecordSet(bucketNamed(stack, 'data'), 'records/.amazon.manifest', { dataPrefix: 'records/', featureDim: 784, numRecords: 10_000 });
      tuningIn(stack, { algorithm: BuiltInAlgorithm.kMeans({ k: 10 }), metrics: undefined, objective: Objective.minimize('test:msd'), inputs: { train }, ...props });
      return tuningOf(Template.fromStack(stack)).Request.TrainingJobDefinition.StaticHyperParameters.mini_batch_size;
    };
    expect(batch({ ranges: { extra_center_factor: ParameterRange.integer(4, 10) } })).toBe('5000');
    expect(batch({ ranges: { mini_batch_size: ParameterRange.integer(100, 1000) } })).toBeUndefined();
  });

  test('reads a file system, which lets the instances of the definition in', () => {
    const stack = emptyStack();
    const vpc = new Vpc(stack, 'Vpc', { maxAzs: 1 });
    tuningIn(stack, { vpc, inputs: { train: DataSource.fromFileSystem(new FileSystem(stack, 'Files', { vpc }), { directory: 'digits' }) } });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 2049, ToPort: 2049 });
    expect(tuningOf(template).Request.TrainingJobDefinition.InputDataConfig[0].DataSource).toHaveProperty('FileSystemDataSource.DirectoryPath', '/digits');
  });

  test('counts the combinations of all definitions of a grid', () => {
    const definitions = Object.fromEntries(['a', 'b'].map((name) => [name, tuningDefinition({ ranges: { solver: ParameterRange.categorical('sgd', 'adam') }, maxRuntime: Duration.hours(1) })]));
    const stack = emptyStack();
    new HyperparameterTuningJob(stack, 'Tune', { definitions, strategy: TuningStrategy.grid() });
    expect(outcomeOf(stack).Within).toBe(4 * 3600 + 1800);
  });

  test.each([
    ['no definitions', { definitions: {}, maxJobs: 1 }, 'Stack/Tune: definitions must have 1 to 10 entries, got 0'],
    ['a parent by its name alone', { ...several(), warmStart: WarmStart.transferLearning('parent' as never) }, 'Stack/Tune: warmStart: each parent must be a tuning job'],
    ['a parent that is a training job', { ...several(), warmStart: WarmStart.transferLearning({ trainingJobName: 'x' } as never) }, 'Stack/Tune: warmStart: each parent must be a tuning job'],
    ['a target that is no number', { ...several(), completionCriteria: { targetObjectiveValue: Number.NaN } }, 'completionCriteria.targetObjectiveValue must be a finite number, got NaN'],
  ])('is refused for %s', (_what, props, message) => {
    expect(() => new HyperparameterTuningJob(emptyStack(), 'Tune', props)).toThrow(message);
  });

  test('is refused where an override gives what is searched for', () => {
    expect(() => tuningIn(emptyStack(), { overrides: { StaticHyperParameters: { rate: '0.1' } } })).toThrow('overrides.StaticHyperParameters.rate must be left out: ranges has it');
  });

  test('knows of metrics and hyperparameters that it has, and no others', () => {
    const tuning = tuningIn(emptyStack());
    expect(() => tuning.metric('f1')).toThrow('Stack/Tune: metric must be one of accuracy, got f1');
    expect(() => tuning.tunedHyperparameter('depth')).toThrow('Stack/Tune: tunedHyperparameter must be one of rate, got depth');
    expect(() => tuningIn(emptyStack(), {}, { completion: Completion.started() }).modelArtifacts).toThrow('completion must be Completion.finished()');
  });

  test('of which SageMaker finds the ranges lets any hyperparameter be asked for', () => {
    const stack = emptyStack();
    const tuning = tuningIn(stack, { ranges: undefined }, { autotune: true });
    expect(() => tuning.tunedHyperparameter('anything')).not.toThrow();
  });

  test('is judged by the objective and the metrics of its best job', () => {
    const stack = emptyStack();
    tuningIn(stack, {}, { qualityGate: QualityGate.atLeast('accuracy', 0.9) });
    expect(outcomeOf(stack).Gates).toEqual([{ Metric: 'accuracy', AtLeast: 0.9 }]);
    expect(() => tuningIn(emptyStack(), {}, { qualityGate: QualityGate.atLeast('f1', 0.9) })).toThrow('qualityGate must be one of accuracy, got f1');
  });

  test('goes on from parents of the same app when they have ended', () => {
    const stack = emptyStack();
    const parent = tuningIn(stack, {}, {}, 'Parent');
    tuningIn(stack, {}, { warmStart: WarmStart.identicalDataAndAlgorithm(parent) });
    const jobs = Template.fromStack(stack).findResources('Custom::SageMakerHyperParameterTuningJob');
    const [id, child] = Object.entries(jobs).find(([name]) => name.startsWith('Tune'))!;
    expect(id).toBeDefined();
    expect(flat(child.Properties.Request.WarmStartConfig.ParentHyperParameterTuningJobs[0].HyperParameterTuningJobName)).toMatch(/^<Parent/);
    expect(child.DependsOn.some((dependency: string) => dependency.startsWith('ParentOutcome'))).toBe(true);
    expect(() => tuningIn(emptyStack(), {}, { warmStart: WarmStart.transferLearning(tuningIn(emptyStack(), {}, { completion: Completion.started() })) })).toThrow('completion must be Completion.finished()');
  });

  test('takes another revision of the data of a definition for other data', () => {
    const stack = emptyStack();
    const { definitions, ...props } = several();
    new HyperparameterTuningJob(stack, 'Tune', { ...props, definitions: { ...definitions, a: { ...definitions!.a, inputs: { train: DataSource.fromS3Uri('s3://b/t', { revision: 'r1' }) } } } });
    expect(tuningOf(Template.fromStack(stack)).ChannelRevisions).toEqual({ 'a.train': 'r1' });
  });

  test('has the connections of all its containers', () => {
    const stack = emptyStack();
    const vpc = new Vpc(stack, 'Vpc');
    const groups = ['a', 'b'].map((name) => new SecurityGroup(stack, `Group-${name}`, { vpc }));
    const { definitions, ...props } = several();
    const tuning = new HyperparameterTuningJob(stack, 'Tune', {
      ...props, definitions: { a: { ...definitions!.a, vpc, securityGroups: [groups[0]] }, b: { ...definitions!.b, vpc, securityGroups: [groups[1]] } },
    });
    expect(tuning.connections.securityGroups).toEqual(groups);
    expect(() => tuningIn(emptyStack()).connections).toThrow('vpc must be given');
  });
});

describe('The result of a tuning job', () => {
  test('is a model of the best artifact, which may read what any of its jobs writes', () => {
    const stack = emptyStack();
    tuningIn(stack, { output: OutputLocation.fromBucket(bucketNamed(stack, 'out'), 'models') }).toModel('Model');
    const template = Template.fromStack(stack);
    const prefix = tuningOf(template).NamePrefix as string;
    expect(flat(only(template, 'AWS::SageMaker::Model').Properties.PrimaryContainer.ModelDataUrl)).toMatch(/^<TuneOutcome\w*\.ModelArtifacts>$/);
    expect(allowing(template, 'TuneModelRole', 's3:GetObject').map((statement) => flat(statement.Resource)).join()).toContain(`out/models/${prefix}-*`);
  });

  test('of a framework is served by it, with its script', () => {
    const stack = emptyStack();
    tuningIn(stack, { algorithm: Algorithm.framework(Framework.sklearn('1.2-1'), { script: script() }) }, {}).toModel('Model');
    expect(only(Template.fromStack(stack), 'AWS::SageMaker::Model').Properties.PrimaryContainer.Environment).toMatchObject({ SAGEMAKER_PROGRAM: 'train.py' });
  }, 20_000);

  test('keeps the isolation and the network of its jobs', () => {
    const stack = emptyStack();
    const vpc = new Vpc(stack, 'Vpc');
    tuningIn(stack, { networkIsolation: true, vpc }).toModel('Model');
    Template.fromStack(stack).hasResourceProperties('AWS::SageMaker::Model', { EnableNetworkIsolation: true, VpcConfig: Match.objectLike({ SecurityGroupIds: [Match.anyValue()] }) });
  });

  test('of one algorithm with several ranges is served as if there were one definition', () => {
    const stack = emptyStack();
    const { algorithm } = trainingProps();
    const { definitions, ...props } = several();
    new HyperparameterTuningJob(stack, 'Tune', { ...props, definitions: { a: { ...definitions!.a, algorithm }, b: { ...definitions!.b, algorithm } } }).toModel('Model');
    Template.fromStack(stack).hasResourceProperties('AWS::SageMaker::Model', { PrimaryContainer: { Image: IMAGE_URI } });
  });

  test('of several images is served by the one that the deployment finds', () => {
    const stack = emptyStack();
    new HyperparameterTuningJob(stack, 'Tune', several()).toModel('Model');
    expect(flat(only(Template.fromStack(stack), 'AWS::SageMaker::Model').Properties.PrimaryContainer.Image)).toContain('Outcome');
    expect(outcomeOf(stack).Attributes).toEqual(expect.arrayContaining(['ImageRepository', 'TrainingImage']));
  });

  test('of several frameworks needs to be told what serves it', () => {
    const { definitions, ...props } = several();
    const algorithm = () => Algorithm.framework(Framework.sklearn('1.2-1'), { script: script() });
    const tuning = new HyperparameterTuningJob(emptyStack(), 'Tune', { ...props, definitions: { a: { ...definitions!.a, algorithm: algorithm() }, b: { ...definitions!.b, algorithm: algorithm() } } });
    expect(() => tuning.toModel('Model')).toThrow('toModel: image must be given');
    expect(() => tuning.toModel('Model2', { image: ContainerImage.fromUri(IMAGE_URI) })).not.toThrow();
  }, 20_000);

  test('is the data of another job, which waits for it', () => {
    const stack = emptyStack();
    const tuning = tuningIn(stack, { output: OutputLocation.fromBucket(bucketNamed(stack, 'out'), 'models') });
    new TrainingJob(stack, 'Next', { ...trainingProps(), inputs: { model: tuning.outputData({ part: 'model.tar.gz' }) } });
    const template = Template.fromStack(stack);
    const next = only(template, 'Custom::SageMakerTrainingJob');
    expect(flat(next.Properties.Request.InputDataConfig[0].DataSource.S3DataSource.S3Uri)).toMatch(/^s3:\/\/out\/models\/<TuneOutcome.*BestTrainingJobName>\/output\/model.tar.gz$/);
  });

  test('is in one place, or can\'t be the data of another job', () => {
    const stack = emptyStack();
    const { definitions, ...props } = several();
    const tuning = new HyperparameterTuningJob(stack, 'Tune', { ...props, definitions: { ...definitions, a: { ...definitions!.a, output: OutputLocation.fromBucket(bucketNamed(stack, 'elsewhere')) } } });
    expect(() => tuning.outputData()).toThrow('Stack/Tune: outputData must be of definitions that write to one place (output), got 2 places');
  });

  test('is packed in one way', () => {
    const { definitions, ...props } = several();
    expect(() => new HyperparameterTuningJob(emptyStack(), 'Tune', {
      ...props, definitions: { ...definitions, a: { ...definitions!.a, output: OutputLocation.stackBucket({ compression: OutputCompression.NONE }) } },
    })).toThrow('Stack/Tune: definitions must pack their artifacts alike');
  });
});

describe('A tuning job made elsewhere', () => {
  test('is looked up when the stack is deployed, and its best job with it', () => {
    const stack = emptyStack();
    HyperparameterTuningJob.fromHyperparameterTuningJobName(stack, 'Theirs', 'Their-240101').toModel('Model');
    const template = Template.fromStack(stack);
    expect(only(template, 'Custom::SageMakerJobOutcome').Properties).toMatchObject({ Kind: 'HyperParameterTuningJob', JobName: 'Their-240101', Attributes: expect.arrayContaining(['ModelArtifacts', 'TrainingImage']) });
    const policies = JSON.stringify(template.toJSON());
    expect(policies).toContain('hyper-parameter-tuning-job/their-240101');
    expect(policies).toContain('training-job/their-240101-*');
  });

  test.each(['arn:aws:sagemaker:eu-west-1:123456789012:hyper-parameter-tuning-job/x', 'a'.repeat(33), ''])('is called by its name: %s is none', (name) => {
    expect(() => HyperparameterTuningJob.fromHyperparameterTuningJobName(emptyStack(), 'Theirs', name)).toThrow('Stack/Theirs: tuningJobName must be the name of a job, and not its ARN');
  });

  test('can be adopted', () => {
    const stack = emptyStack();
    tuningIn(stack, {}, { adopt: { name: 'Theirs' } }).toModel('Model');
    const template = Template.fromStack(stack);
    expect(tuningOf(template).Adopt).toEqual({ Name: 'Theirs' });
    expect(allowing(template, 'TuneModelRole', 's3:GetObject').map((statement) => flat(statement.Resource)).join()).toContain('/Theirs-*');
  });
});

test('A tuning job whose jobs share what they write while they train has a warning', () => {
  const stack = emptyStack('Stack', { env: { region: 'eu-west-1', account: '123456789012' } });
  tuningIn(stack, { algorithm: Algorithm.framework(Framework.tensorflow('2.11.0', { pyVersion: 'py39' }), { script: script() }) });
  expect(warnings(stack).filter((text) => text.includes('model_dir'))).toHaveLength(1);
}, 20_000);
