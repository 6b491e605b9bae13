import { CreateHyperParameterTuningJobRequest$ } from '@aws-sdk/client-sagemaker';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnParameter, Duration, Size, type Stack } from 'aws-cdk-lib/core';
import {
  Algorithm, AlgorithmHyperparameter, AlgorithmSpecification, BuiltInAlgorithm, Capacity, CustomizationTechnique, DataSource, Framework, HyperparameterTuningJob, Hyperparameters, Metric,
  Objective, ParameterRange, ScalingType, Script, ServerlessJob, TuningStrategy, WarmStart, type HyperparameterTuningJobProps, type TuningDefinitionProps,
} from 'cdk-sagemaker';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unknownMembers } from '../support/sdk-members';
import { bucketNamed, emptyStack, flat, trainingIn, tuningDefinition, tuningIn, tuningOf, warnings } from '../support/stacks';

const SOURCE = join(__dirname, '..', 'support', 'source');
const GOLDEN = join(__dirname, '..', 'golden');
const { continuous, integer, categorical, auto } = ParameterRange;
const CONFIG = 'HyperParameterTuningJobConfig';

const propertiesOf = (definition: Partial<TuningDefinitionProps> | ((stack: Stack) => Partial<TuningDefinitionProps>) = {}, props: Partial<HyperparameterTuningJobProps> = {}) => {
  const stack = emptyStack();
  tuningIn(stack, typeof definition === 'function' ? definition(stack) : definition, props);
  return tuningOf(Template.fromStack(stack));
};
const definitionOf = (...given: Parameters<typeof propertiesOf>) => propertiesOf(...given).Request.TrainingJobDefinition;
const configOf = (...given: Parameters<typeof propertiesOf>) => propertiesOf(...given).Request[CONFIG];
const of = (definition: Partial<TuningDefinitionProps>, props: Partial<HyperparameterTuningJobProps> = {}) => () => tuningIn(emptyStack(), definition, props);
const script = () => Script.fromDirectory(SOURCE, { entryPoint: 'train.py' });
const image = tuningDefinition().algorithm.containerImage!;

/** Every prop a request is made of, by cases that go together. */
const CASES: { [name: string]: (stack: Stack) => Partial<HyperparameterTuningJobProps> } = {
  'least': () => ({}),
  'everything': (stack) => ({
    definition: tuningDefinition({
      algorithm: Algorithm.image(image, { script: script() }),
      inputs: { train: DataSource.fromBucket(bucketNamed(stack, 'data'), 'train/', { revision: 'r1' }) },
      hyperparameters: Hyperparameters.of({ epochs: 10, rate: 0.1, name: 'x' }),
      ranges: {
        rate: continuous(1e-5, 0.1, { scaling: ScalingType.LOGARITHMIC }), layers: integer(1, 3, { scaling: ScalingType.LINEAR }), optimizer: categorical('sgd', true, 3), momentum: auto(0.9),
      },
      environment: { LEVEL: 'debug' },
    }),
    strategy: TuningStrategy.hyperband({ minResource: 1, maxResource: 9 }),
    maxJobs: 20,
    maxParallelJobs: 4,
    maxRuntime: Duration.hours(12),
    completionCriteria: { targetObjectiveValue: 0.99, maxJobsNotImproving: 5, onConvergence: true },
    randomSeed: 7,
    warmStart: WarmStart.transferLearning(HyperparameterTuningJob.fromHyperparameterTuningJobName(stack, 'Parent', 'parent')),
    acceptTimeLimit: true,
    overrides: { [CONFIG]: { TuningJobCompletionCriteria: { TargetObjectiveMetricValue: 0.98 } } },
  }),
  'definitions': (stack) => ({
    definition: undefined,
    definitions: {
      trees: tuningDefinition({ inputs: { train: DataSource.fromBucket(bucketNamed(stack, 'data'), 'trees/', { revision: 'r2' }) } }),
      nets: tuningDefinition({
        algorithm: Algorithm.image(image, { script: script() }), objective: Objective.minimize('loss'), metrics: [Metric.regex('loss', 'loss=(.*)')], ranges: { depth: integer(1, 3) },
        capacity: Capacity.instancePreferences([{ instanceType: 'ml.g5.xlarge' }, { instanceType: 'ml.p3.2xlarge', volumeSize: Size.gibibytes(60) }]),
        overrides: { StoppingCondition: { MaxPendingTimeInSeconds: 7200 } },
      }),
    },
    earlyStopping: true,
    strategy: TuningStrategy.random(),
  }),
};

describe.each(Object.entries(CASES))('the request of a tuning job: %s', (name, props) => {
  const stack = emptyStack();
  tuningIn(stack, {}, props(stack));
  const properties = tuningOf(Template.fromStack(stack));

  // a changed byte is a changed template for everybody; a changed member may be another run
  test('is the same, byte by byte, as in every release before', () => {
    const file = join(GOLDEN, `tuning-job-${name}.json`);
    const { Request, Content, JobNameIn, ChannelRevisions, NamePrefix, AcceptTimeLimit } = properties;
    const bytes = `${JSON.stringify({ Request, Content, JobNameIn, ChannelRevisions, NamePrefix, AcceptTimeLimit }, undefined, 2)}\n`;
    if (process.env.UPDATE_GOLDEN) { writeFileSync(file, bytes); }
    expect(existsSync(file)).toBe(true);
    expect(bytes).toBe(readFileSync(file, 'utf8'));
  });

  test('has no member that the SDK does not know', () => {
    const { Request } = properties;
    expect(unknownMembers(CreateHyperParameterTuningJobRequest$ as never, { HyperParameterTuningJobName: 'x', ...Request })).toEqual([]);
  });
});

describe('Ranges', () => {
  test('are always three lists, empty where there is nothing', () => {
    expect(configOf().ParameterRanges).toEqual({
      ContinuousParameterRanges: [{ Name: 'rate', MinValue: '0.1', MaxValue: '0.5', ScalingType: 'Auto' }], IntegerParameterRanges: [], CategoricalParameterRanges: [],
    });
  });

  test('have numbers as Python writes them', () => {
    const [{ MinValue, MaxValue }] = configOf({ ranges: { rate: continuous(1e-5, 1e16) } }).ParameterRanges.ContinuousParameterRanges;
    expect([MinValue, MaxValue]).toEqual(['1e-05', '1e+16']);
  });

  test('of choices are as Python writes them, and texts of JSON for a framework', () => {
    const ranges = { of: categorical('sgd', 32, true) };
    const values = (definition: Partial<TuningDefinitionProps>) => configOf({ ranges, ...definition }).ParameterRanges.CategoricalParameterRanges[0].Values;
    expect(values({})).toEqual(['sgd', '32', 'True']);
    expect(values({ algorithm: Algorithm.image(image, { script: script() }) })).toEqual(['sgd', '32', 'True']);
    expect(values({ algorithm: Algorithm.framework(Framework.sklearn('1.2-1'), { script: script() }) })).toEqual(['"sgd"', '"32"', '"True"']);
  });

  test('may have their choices in one list', () => {
    expect(configOf({ ranges: { of: categorical(['a', 'b']) } }).ParameterRanges.CategoricalParameterRanges[0].Values).toEqual(['a', 'b']);
  });

  test('take the place of what is given for the same hyperparameter', () => {
    expect(definitionOf({ hyperparameters: Hyperparameters.of({ rate: 0.3, epochs: 2 }) }).StaticHyperParameters).toEqual({ epochs: '2' });
  });

  test('that SageMaker finds turn Autotune on, and have examples written as hyperparameters are', () => {
    const { Request } = propertiesOf({ algorithm: Algorithm.image(image, { script: script() }), ranges: { optimizer: auto('adam'), rate: auto(0.5) } }, { maxRuntime: Duration.hours(1) });
    expect(Request.Autotune).toEqual({ Mode: 'Enabled' });
    expect(Request[CONFIG].ParameterRanges.AutoParameters).toEqual([{ Name: 'optimizer', ValueHint: '"adam"' }, { Name: 'rate', ValueHint: '0.5' }]);
    expect(of({ ranges: { rate: auto(0.5) } }, { autotune: false })).toThrow('Stack/Tune: autotune must be true for ranges.rate');
  });

  test('may have values that are known only at deployment', () => {
    const properties = propertiesOf((stack) => ({ ranges: { rate: continuous(new CfnParameter(stack, 'Least', { type: 'Number' }).valueAsNumber, 1) } }));
    expect(flat(properties.Request[CONFIG].ParameterRanges.ContinuousParameterRanges[0].MinValue)).toBe('<Least>');
  });
});

describe('Instances', () => {
  const instances = (capacity: Capacity) => {
    const { HyperParameterTuningResourceConfig, ResourceConfig } = definitionOf({ capacity });
    return { tuning: HyperParameterTuningResourceConfig, plain: ResourceConfig };
  };
  test('are in the member that tuning jobs have for them', () => {
    expect(instances(Capacity.onDemand({ instanceType: 'ml.m5.large' }))).toEqual({ tuning: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 30 }, plain: undefined });
  });

  test('of several types each have their number and their storage', () => {
    const { tuning } = instances(Capacity.instancePreferences([{ instanceType: 'ml.m5.large', instanceCount: 2 }, { instanceType: 'ml.m5.xlarge', instanceCount: 1, volumeSize: Size.gibibytes(50) }]));
    expect(tuning).toEqual({ InstanceConfigs: [{ InstanceType: 'ml.m5.large', InstanceCount: 2, VolumeSizeInGB: 30 }, { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 50 }] });
  });

  test('in groups, or of a plan, are in that of training jobs', () => {
    const trainingPlan = `arn:aws:sagemaker:eu-west-1:123456789012:training-plan/${'p'.repeat(10)}`;
    expect(instances(Capacity.instanceGroups({ groups: { a: { instanceType: 'ml.m5.large' } } }))).toMatchObject({ tuning: undefined, plain: { InstanceGroups: [{ InstanceGroupName: 'a' }] } });
    expect(instances(Capacity.onDemand({ instanceType: 'ml.m5.large', trainingPlan }))).toMatchObject({ tuning: undefined, plain: { TrainingPlanArn: trainingPlan } });
  });
});

describe('What the service would refuse is refused by its prop', () => {
  const serverless = Algorithm.serverless(ServerlessJob.fineTuning({ baseModel: 'arn:aws:sagemaker:eu-west-1:aws:hub-content/SageMakerPublicHub/Model/m/1.0.0', technique: CustomizationTechnique.SFT }));
  test.each<[string, Partial<TuningDefinitionProps>, Partial<HyperparameterTuningJobProps>, string]>([
    ['no definition', {}, { definition: undefined }, 'Stack/Tune: definition must be given, or definitions, and not both'],
    ['both', {}, { definitions: { a: tuningDefinition() } }, 'definition must be given, or definitions, and not both, got both'],
    ['no jobs', {}, { maxJobs: undefined }, 'Stack/Tune: maxJobs must be given, unless the strategy is TuningStrategy.grid()'],
    ['no job at once', {}, { maxParallelJobs: 0 }, 'maxParallelJobs must be a whole number between 1 and'],
    ['a minute', {}, { maxRuntime: Duration.minutes(1) }, 'maxRuntime must be between 2 minutes and'],
    ['a negative seed', {}, { randomSeed: -1 }, 'randomSeed must be a whole number between 0'],
    ['two jobs not improving', {}, { completionCriteria: { maxJobsNotImproving: 2 } }, 'completionCriteria.maxJobsNotImproving must be a whole number between 3'],
    ['no ranges', { ranges: {} }, {}, 'Stack/Tune/Definition: ranges must have at least one hyperparameter, unless autotune is set'],
    ['a range the wrong way round', { ranges: { rate: continuous(0.5, 0.1) } }, {}, 'Stack/Tune/Definition: ranges.rate must be above the lowest value, which is 0.5, got 0.1'],
    ['a whole number with a fraction', { ranges: { depth: integer(1, 2.5) } }, {}, 'ranges.depth must be a whole number, got 2.5'],
    ['a number that is none', { ranges: { rate: continuous('a' as never, 1) } }, {}, 'ranges.rate must have finite numbers as bounds, got a'],
    ['a bound that is none', { ranges: { rate: continuous(Number.NaN, 1) } }, {}, 'ranges.rate must have finite numbers as bounds, got NaN'],
    ['a bound too large to be exact', { ranges: { rate: ParameterRange.integer(0, 2 ** 60) } }, {}, 'ranges.rate must have bounds that are exact in JavaScript'],
    ['a scale that is none', { ranges: { rate: continuous(0.1, 1, 'Log' as never) } }, {}, 'ranges.rate.scaling must be one of Auto, Linear, Logarithmic, ReverseLogarithmic, got Log'],
    ['nothing to choose', { ranges: { rate: ParameterRange.categorical(undefined) } }, {}, 'ranges.rate must be of texts, numbers and booleans'],
    ['a choice that is a structure', { ranges: { rate: ParameterRange.categorical({ a: 1 }) } }, {}, 'ranges.rate must be of texts, numbers and booleans'],
    ['one choice twice', { ranges: { rate: ParameterRange.categorical(1, '1') } }, {}, 'ranges.rate must be unique'],
    ['a range without a name', { ranges: { '': continuous(0.1, 1) } }, {}, 'ranges: the name must be that of a hyperparameter'],
    ['no choices', { ranges: { kind: categorical() } }, {}, 'ranges.kind must have 1 to 30 entries, got 0'],
    ['an unknown scale', { ranges: { rate: continuous(0.1, 1, { scaling: 'Log' as ScalingType }) } }, {}, 'ranges.rate.scaling must be one of Auto, Linear, Logarithmic, ReverseLogarithmic, got Log'],
    ['logarithms of 0', { ranges: { rate: continuous(0, 1, { scaling: ScalingType.LOGARITHMIC }) } }, {}, 'ranges.rate must be above 0 for logarithmic scaling, got 0'],
    ['reverse logarithms of 1', { ranges: { rate: continuous(0, 1, { scaling: ScalingType.REVERSE_LOGARITHMIC }) } }, {}, 'ranges.rate must be below 1 for reverse logarithmic scaling, got 1'],
    ['reverse logarithms of whole numbers', { ranges: { depth: integer(1, 9, { scaling: ScalingType.REVERSE_LOGARITHMIC }) } }, {}, 'ranges.depth.scaling must be one of Auto, Linear, Logarithmic'],
    ['31 ranges', { ranges: Object.fromEntries(Array.from({ length: 31 }, (_, index) => [`r${index}`, index < 16 ? integer(1, 2) : continuous(1, 2)])) }, {}, 'ranges must be at most 30 ranges in all, got 31'],
    ['a grid of numbers', {}, { strategy: TuningStrategy.grid() }, 'ranges.rate must be categorical for the strategy Grid, got Continuous'],
    ['a part of a grid', { ranges: { a: categorical(1, 2, 3) } }, { strategy: TuningStrategy.grid(), maxJobs: 2 }, 'Stack/Tune: maxJobs must be left out for the strategy Grid, or be the number of combinations, which is 3, got 2'],
    ['early stopping of Hyperband', {}, { strategy: TuningStrategy.hyperband(), earlyStopping: true }, 'earlyStopping must be Off for the strategy Hyperband'],
    ['a Hyperband upside down', {}, { strategy: TuningStrategy.hyperband({ minResource: 3, maxResource: 1 }) }, 'strategy.maxResource must be at least the least resource, which is 3, got 1'],
    ['an objective that is no metric', { objective: Objective.maximize('f1') }, {}, 'Stack/Tune/Definition: objective must be one of accuracy, got f1'],
    ['a metric of Amazon\'s own', { algorithm: BuiltInAlgorithm.kMeans({ k: 2, featureDim: 4 }), metrics: undefined, inputs: { train: DataSource.fromS3Uri('s3://b/t') }, ranges: { k: integer(2, 9) } }, {}, 'objective must be one of'],
    ['a wait below the run time', { capacity: Capacity.spot({ instanceType: 'ml.m5.large', maxWait: Duration.minutes(10) }) }, {}, 'Stack/Tune/Definition: capacity.maxWait must be at least the maximum run time, which is 1 hour, got 10 minutes'],
    ['instances that are kept', { capacity: Capacity.onDemand({ instanceType: 'ml.m5.large', keepAlive: Duration.minutes(5) }) }, {}, 'capacity.keepAlive must be left out: the jobs of a tuning job keep no instances, got 5 minutes'],
    ['a wrong type among several', { capacity: Capacity.instancePreferences([{ instanceType: 'ml.m5.large' }, { instanceType: 'm5.large' }]) }, {}, 'capacity.preferences[1].instanceType must be an instance type of SageMaker'],
    ['a command', { algorithm: Algorithm.image(image, { entrypoint: ['python'] }) }, {}, 'algorithm.entrypoint must be left out: the jobs of a tuning job have no such member, got ["python"]'],
    ['series of metrics', { algorithm: Algorithm.image(image, { metricsTimeSeries: true }) }, {}, 'algorithm.metricsTimeSeries must be left out'],
    ['a serverless job', { algorithm: serverless, capacity: Capacity.serverless(), metrics: undefined }, {}, 'algorithm must be one that runs on instances'],
    ['49 variables', { environment: Object.fromEntries(Array.from({ length: 49 }, (_, index) => [`V${index}`, 'x'])) }, {}, 'environment must have 0 to 48 entries, got 49'],
    ['a name of SageMaker\'s own', { algorithm: Algorithm.image(image, { script: script() }), ranges: { sagemaker_program: categorical('a.py') } }, {}, 'ranges.sagemaker_program must be left out: use the prop algorithm.script'],
    ['a definition that is none', {}, { definition: undefined, definitions: { a: null as never } }, 'Stack/Tune/Definitions/a: definition must be given'],
    ['a name with a dot', {}, { definition: undefined, definitions: { 'a.b': tuningDefinition() } }, 'Stack/Tune: definitions: the name must be of 1 to 64 letters, digits and dashes'],
    ['eleven definitions', {}, { definition: undefined, definitions: Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`d${index}`, tuningDefinition()])) }, 'Stack/Tune: definitions must have 1 to 10 entries, got 11'],
    ['no parents', {}, { warmStart: WarmStart.transferLearning() }, 'warmStart: the parents must have 1 to 5 entries, got 0'],
    ['an override of a definition', {}, { overrides: { TrainingJobDefinition: { RoleArn: 'x' } } }, 'overrides.TrainingJobDefinition must be left out: use the overrides of the definition'],
    ['an override that breaks a limit', {}, { overrides: { [CONFIG]: { RandomSeed: -1 } } }, `Stack/Tune: overrides.${CONFIG}.RandomSeed must be a whole number`],
    ['an override that breaks a limit of the definition', { overrides: { RetryStrategy: { MaximumRetryAttempts: 31 } } }, {}, 'Stack/Tune/Definition: overrides.RetryStrategy.MaximumRetryAttempts must be a whole number between 1 and 30, got 31'],
    ['a role by override', { overrides: { RoleArn: 'x' } }, {}, 'Stack/Tune/Definition: overrides.RoleArn must be left out: use the prop role'],
    ['an objective that is a text', { objective: 'accuracy' as never }, {}, 'objective must be an Objective, for instance'],
    ['a range that is a list', { ranges: { rate: [0, 1] as never } }, {}, 'ranges.rate must be a ParameterRange, got [0,1]'],
    ['seconds', {}, { maxRuntime: 3600 as never }, 'maxRuntime must be a Duration, got 3600'],
  ])('%s', (_what, definition, props, message) => {
    expect(of(definition, props)).toThrow(message);
  });

  test('variables of several definitions are counted together', () => {
    const environment = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`V${index}`, 'x']));
    expect(of({}, { definition: undefined, definitions: { a: tuningDefinition({ environment }), b: tuningDefinition({ environment }) } }))
      .toThrow('Stack/Tune/Definitions/b: environment must have at most 48 entries with those of the other definitions, got 60');
  });

  test('an objective that no log tells of has a warning', () => {
    const stack = emptyStack();
    tuningIn(stack, { metrics: undefined });
    expect(warnings(stack).filter((text) => text.includes('objective accuracy is found in no log'))).toHaveLength(1);
  });

  test('a preference has storage of its own for a tuning job alone', () => {
    const capacity = Capacity.instancePreferences([{ instanceType: 'ml.m5.large', volumeSize: Size.gibibytes(50) }]);
    expect(() => trainingIn(emptyStack(), { capacity })).toThrow('capacity.preferences[0].volumeSize must be left out: the job has one volumeSize for whichever type is found, got 50 GiB');
  });
});

describe('Hyperparameters of Amazon\'s own algorithms', () => {
  const kMeans = (ranges: { [name: string]: ParameterRange }) => of({
    algorithm: BuiltInAlgorithm.kMeans({ k: 10, featureDim: 4 }), metrics: undefined, objective: Objective.minimize('test:msd'), inputs: { train: DataSource.fromS3Uri('s3://b/t') }, ranges,
  });

  test.each<[string, { [name: string]: ParameterRange }, string]>([
    ['below the least', { k: integer(1, 5) }, 'ranges.k must be a whole number at least 2, got 1'],
    ['of another kind', { k: continuous(2, 5) }, 'ranges.k must be ParameterRange.integer'],
    ['that are none of the choices', { init_method: categorical('random', 'best') }, 'ranges.init_method must be one of random, kmeans++, got best'],
    ['by the name of the prop', { centerFactor: integer(4, 10) }, 'ranges.centerFactor must be called extra_center_factor, as the algorithm calls it'],
  ])('are searched within what they may be: not values %s', (_what, ranges, message) => {
    expect(kMeans(ranges)).toThrow(message);
  });

  test('that are searched for are not sent', () => {
    expect(definitionOf({
      algorithm: BuiltInAlgorithm.kMeans({ k: 10, featureDim: 4 }), metrics: undefined, objective: Objective.minimize('test:msd'), inputs: { train: DataSource.fromS3Uri('s3://b/t') },
      ranges: { k: integer(2, 20), extra_center_factor: integer(4, 10) },
    }).StaticHyperParameters).toEqual({ feature_dim: '4', force_dense: 'True' });
  });
});

describe('Algorithm resources', () => {
  const hyperparameters = {
    depth: AlgorithmHyperparameter.integer({ min: 1, max: 10, required: true }),
    rate: AlgorithmHyperparameter.continuous({ min: 0, max: 1, defaultValue: 0.5 }),
    kind: AlgorithmHyperparameter.categorical(['a', 'b'], { tunable: false, defaultValue: 'a' }),
  };
  const specification = AlgorithmSpecification.of({ instanceTypes: ['ml.m5.large'], channels: { training: {} }, metricNames: ['accuracy'], hyperparameters });
  const trees = (definition: Partial<TuningDefinitionProps>, known = true): Partial<TuningDefinitionProps> => ({
    algorithm: Algorithm.fromAlgorithmName('trees', known ? { specification } : {}), metrics: undefined, ranges: { depth: integer(1, 10) }, ...definition,
  });

  test('have their defaults, but for what is searched', () => {
    expect(definitionOf(trees({})).StaticHyperParameters).toEqual({ rate: '0.5', kind: 'a' });
    expect(definitionOf(trees({ ranges: { depth: integer(1, 10), rate: continuous(0, 1) } })).StaticHyperParameters).toEqual({ kind: 'a' });
  });

  test('that are not known are looked up before the job is launched', () => {
    const stack = emptyStack();
    tuningIn(stack, trees({}, false));
    const template = Template.fromStack(stack);
    expect(tuningOf(template).Prerequisites).toEqual(['Algorithm']);
    expect(JSON.stringify(template.toJSON())).toContain('sagemaker:DescribeAlgorithm');
    expect(propertiesOf(trees({})).Prerequisites).toBeUndefined();
  });

  test.each<[string, Partial<TuningDefinitionProps>, string]>([
    ['a value beyond its range', { ranges: { depth: integer(1, 11) } }, 'Stack/Tune/Definition: ranges.depth must be between 1 and 10 for trees, got 11'],
    ['a range of another type', { ranges: { depth: continuous(1, 10) } }, 'ranges.depth must be a range of type Integer for trees, got Continuous'],
    ['an unknown hyperparameter', { ranges: { depth: integer(1, 2), nope: integer(1, 2) } }, 'ranges: the name must be one that trees has: depth, rate, kind, got nope'],
    ['what is not tunable', { ranges: { depth: integer(1, 2), kind: categorical('a') } }, 'ranges.kind must be left out, for trees does not let kind be tuned'],
    ['what is required and nowhere', { ranges: { rate: continuous(0, 1) } }, 'hyperparameters.depth must be given, for trees requires it'],
    ['another instance type', { capacity: Capacity.onDemand({ instanceType: 'ml.c5.large' }) }, 'capacity.instanceType must be one of ml.m5.large'],
    ['another instance type among several', { capacity: Capacity.instancePreferences([{ instanceType: 'ml.m5.large' }, { instanceType: 'ml.c5.large' }]) }, 'capacity.preferences[1].instanceType must be one of ml.m5.large'],
    ['another objective', { objective: Objective.maximize('f1') }, 'objective must be one of accuracy, got f1'],
  ])('refuse %s', (_what, definition, message) => {
    expect(of(trees(definition))).toThrow(message);
  });
});
