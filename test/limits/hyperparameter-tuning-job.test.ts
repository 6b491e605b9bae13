import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { written } from '../../lib/limits/constraints';
import { TUNING_JOB_LIMITS } from '../../lib/limits/hyperparameter-tuning-job';
import { algorithmNames, algorithmViolationsOf, completedByAlgorithm, tuningJobViolations } from '../../lib/limits/hyperparameter-tuning-job-check';
import { combinationsInAll } from '../../lib/limits/hyperparameter-tuning-job-rules';
import { TRAINING_JOB_LIMITS } from '../../lib/limits/training-job';
import { algorithmDescription, ALGORITHM_ARN } from '../support/algorithm';

type Tree = { [member: string]: any };

const CONFIG = 'HyperParameterTuningJobConfig';
const RANGE = { Name: 'rate', MinValue: '0.1', MaxValue: '0.5' };
const DEFINITION: Tree = {
  RoleArn: 'arn:aws:iam::123456789012:role/job',
  AlgorithmSpecification: { TrainingImage: 'image', TrainingInputMode: 'File' },
  OutputDataConfig: { S3OutputPath: 's3://models/mnist' },
  HyperParameterTuningResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 30 },
  StoppingCondition: { MaxRuntimeInSeconds: 3600 },
};
const SETTINGS: Tree = {
  Strategy: 'Bayesian',
  HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'accuracy' },
  ResourceLimits: { MaxNumberOfTrainingJobs: 4, MaxParallelTrainingJobs: 2 },
  ParameterRanges: { ContinuousParameterRanges: [RANGE] },
};
const OF_SEVERAL: Tree = { Strategy: 'Bayesian', ResourceLimits: SETTINGS.ResourceLimits };
const one = (DefinitionName: string, more: Tree = {}) => ({
  ...DEFINITION, DefinitionName, TuningObjective: SETTINGS.HyperParameterTuningJobObjective, HyperParameterRanges: SETTINGS.ParameterRanges, ...more,
});

const job = (config: Tree = {}, definition: Tree = {}, more: Tree = {}): Tree => ({ HyperParameterTuningJobName: 'digits', [CONFIG]: { ...SETTINGS, ...config }, TrainingJobDefinition: { ...DEFINITION, ...definition }, ...more });
const severalOf = (definitions: Tree[], config: Tree = {}, more: Tree = {}): Tree => ({ [CONFIG]: { ...OF_SEVERAL, ...config }, TrainingJobDefinitions: definitions, ...more });
const found = (request: Tree) => tuningJobViolations(request).map(({ path, rule }) => `${written(path)} must ${rule}`);
const ranges = (list: string, ...entries: Tree[]) => ({ ParameterRanges: { [list]: entries } });
const continuous = (more: Tree) => ranges('ContinuousParameterRanges', { ...RANGE, ...more });

describe('What a tuning job may have', () => {
  test('is legal in one definition and in several', () => {
    expect(found(job())).toEqual([]);
    expect(found(severalOf([one('a'), one('b')]))).toEqual([]);
    expect(found(job({}, {}, { HyperParameterTuningJobName: 'a'.repeat(32) }))).toEqual([]);
  });

  test.each<[string, Tree, RegExp]>([
    ['a name of 33 characters', job({}, {}, { HyperParameterTuningJobName: 'a'.repeat(33) }), /^HyperParameterTuningJobName must be 1 to 32 letters/],
    ['another strategy', job({ Strategy: 'Guess' }), /Strategy must be one of Bayesian, Random, Hyperband, Grid/],
    ['jobs without a number at once', job({ ResourceLimits: {} }), /MaxParallelTrainingJobs must be given/],
    ['less than two minutes', job({ ResourceLimits: { MaxParallelTrainingJobs: 1, MaxRuntimeInSeconds: 119 } }), /MaxRuntimeInSeconds must be between 2 minutes and/],
    ['more than 182.5 days', job({ ResourceLimits: { MaxParallelTrainingJobs: 1, MaxRuntimeInSeconds: 15_768_001 } }), /MaxRuntimeInSeconds must be between 2 minutes and/],
    ['two jobs not improving', job({ TuningJobCompletionCriteria: { BestObjectiveNotImproving: { MaxNumberOfTrainingJobsNotImproving: 2 } } }), /MaxNumberOfTrainingJobsNotImproving must be a whole number between 3/],
    ['31 ranges of a kind', job(ranges('IntegerParameterRanges', ...Array.from({ length: 31 }, (_, index) => ({ Name: `r${index}`, MinValue: '1', MaxValue: '2' })))), /IntegerParameterRanges must have 0 to 30 entries/],
    ['31 choices', job(ranges('CategoricalParameterRanges', { Name: 'a', Values: Array.from({ length: 31 }, String) })), /CategoricalParameterRanges\[0\].Values must have 1 to 30 entries/],
    ['a range without an end', job(ranges('IntegerParameterRanges', { Name: 'a', MinValue: '1' })), /MaxValue must be given/],
    ['eleven definitions', severalOf(Array.from({ length: 11 }, (_, index) => one(`d${index}`))), /^TrainingJobDefinitions must have 1 to 10 entries/],
    ['a definition with an underscore', severalOf([one('a_b')]), /DefinitionName must be named with/],
    ['six parents', job({}, {}, { WarmStartConfig: { WarmStartType: 'TransferLearning', ParentHyperParameterTuningJobs: Array.from({ length: 6 }, (_, index) => ({ HyperParameterTuningJobName: `p${index}` })) } }), /ParentHyperParameterTuningJobs must have 1 to 5 entries/],
    ['another warm start', job({}, {}, { WarmStartConfig: { WarmStartType: 'Hot', ParentHyperParameterTuningJobs: [{ HyperParameterTuningJobName: 'p' }] } }), /WarmStartType must be one of IdenticalDataAndAlgorithm, TransferLearning/],
    ['seven types of instances', job({}, { HyperParameterTuningResourceConfig: { InstanceConfigs: Array(7).fill({ InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 1 }) } }), /InstanceConfigs must have 1 to 6 entries/],
    ['a type without storage', job({}, { HyperParameterTuningResourceConfig: { InstanceConfigs: [{ InstanceType: 'ml.m5.large', InstanceCount: 1 }] } }), /InstanceConfigs\[0\].VolumeSizeInGB must be given/],
    ['a definition without a role', job({}, { RoleArn: undefined }), /^TrainingJobDefinition.RoleArn must be given/],
    ['101 hyperparameters', job({}, { StaticHyperParameters: Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`h${index}`, '1'])) }), /StaticHyperParameters must have 0 to 100 entries/],
    ['49 variables', job({}, { Environment: Object.fromEntries(Array.from({ length: 49 }, (_, index) => [`V${index}`, '1'])) }), /Environment must have 0 to 48 entries/],
    ['32 retries', severalOf([one('a', { RetryStrategy: { MaximumRetryAttempts: 32 } })]), /^TrainingJobDefinitions\[0\].RetryStrategy.MaximumRetryAttempts must be a whole number between 1 and 30/],
  ])('is not %s', (_what, request, message) => {
    expect(found(request).some((text) => message.test(text))).toBe(true);
  });

  test('of a definition is what a training job may have, wherever a definition has the member', () => {
    const members = JSON.parse(readFileSync(join(__dirname, '..', '..', 'lib', 'request', 'hyperparameter-tuning-job-members.json'), 'utf8')) as Tree;
    const has = (path: string) => path.split(/\.|(?=\[\])|(?=\{)/).reduce<any>((place, part) => (part === '[]' ? place?.[0] : /^\{/.test(part) ? place : place?.[part]), members.TrainingJobDefinition) !== undefined;
    const shared = Object.keys(TRAINING_JOB_LIMITS).filter((path) => path !== '' && !path.startsWith('Environment') && path !== 'TrainingJobName' && has(path));
    expect(shared.length).toBeGreaterThan(50);
    for (const place of ['TrainingJobDefinition', 'TrainingJobDefinitions[]']) {
      expect(shared.filter((path) => TUNING_JOB_LIMITS[`${place}.${path}`] !== TRAINING_JOB_LIMITS[path])).toEqual([]);
    }
  });
});

describe('Rules of a tuning job over several members', () => {
  /** A rule, what breaks it and what just holds it. */
  test.each<[string, Tree, RegExp, Tree]>([
    ['a definition, or several: none', { [CONFIG]: SETTINGS }, /^TrainingJobDefinition must be the only one/, job()],
    ['a definition, or several: both', { ...severalOf([one('a')]), TrainingJobDefinition: DEFINITION }, /^TrainingJobDefinitions must be the only one/, severalOf([one('a')])],
    ['definitions have names of their own', severalOf([one('a'), one('a')]), /^TrainingJobDefinitions must be unique/, severalOf([one('a'), one('b')])],
    ['a single definition has its objective in the configuration', job({ HyperParameterTuningJobObjective: undefined }), /HyperParameterTuningJobObjective must be given for a single/, job()],
    ['each of several has its own objective', severalOf([one('a', { TuningObjective: undefined })]), /TrainingJobDefinitions\[0\].TuningObjective must be given/, severalOf([one('a')])],
    ['several share no objective', severalOf([one('a')], { HyperParameterTuningJobObjective: SETTINGS.HyperParameterTuningJobObjective }), /HyperParameterTuningJobObjective must be left out/, severalOf([one('a')])],
    ['several share no ranges', severalOf([one('a')], continuous({})), /ParameterRanges must be left out/, severalOf([one('a')])],
    ['a hyperparameter has one range', job(ranges('ContinuousParameterRanges', RANGE, RANGE)), /ParameterRanges must be unique/, job(ranges('ContinuousParameterRanges', RANGE, { ...RANGE, Name: 'other' }))],
    ['30 ranges in all', severalOf(['a', 'b'].map((name) => one(name, { HyperParameterRanges: { IntegerParameterRanges: Array.from({ length: 16 }, (_, index) => ({ Name: `r${index}`, MinValue: '1', MaxValue: '2' })) } }))), /at most 30 ranges in all/, severalOf([one('a'), one('b')])],
    ['the highest value is above the lowest', job(continuous({ MaxValue: '0.1' })), /MaxValue must be above the lowest value, which is 0.1/, job(continuous({ MaxValue: '0.11' }))],
    ['numbers are numbers', job(continuous({ MinValue: 'low' })), /MinValue must be a number/, job(continuous({ MinValue: '1e-05' }))],
    ['whole numbers are whole', job(ranges('IntegerParameterRanges', { Name: 'a', MinValue: '1.0', MaxValue: '2' })), /MinValue must be a whole number/, job(ranges('IntegerParameterRanges', { Name: 'a', MinValue: '-1', MaxValue: '2' }))],
    ['logarithms are of what is above 0', job(continuous({ MinValue: '0', ScalingType: 'Logarithmic' })), /must be above 0 for logarithmic/, job(continuous({ MinValue: '0.01', ScalingType: 'Logarithmic' }))],
    ['reverse logarithms are of at least 0', job(continuous({ MinValue: '-0.1', ScalingType: 'ReverseLogarithmic' })), /must be at least 0 for reverse/, job(continuous({ MinValue: '0', ScalingType: 'ReverseLogarithmic' }))],
    ['reverse logarithms are of less than 1', job(continuous({ MaxValue: '1', ScalingType: 'ReverseLogarithmic' })), /must be below 1 for reverse/, job(continuous({ MaxValue: '0.99', ScalingType: 'ReverseLogarithmic' }))],
    ['ranges of SageMaker\'s choice come with Autotune', job(ranges('AutoParameters', { Name: 'a', ValueHint: '1' })), /AutoParameters must come with Autotune/, job(ranges('AutoParameters', { Name: 'a', ValueHint: '1' }), {}, { Autotune: { Mode: 'Enabled' } })],
    ['a grid is of choices', job({ Strategy: 'Grid', ResourceLimits: { MaxParallelTrainingJobs: 1 } }), /ContinuousParameterRanges\[0\] must be categorical/, job({ Strategy: 'Grid', ResourceLimits: { MaxParallelTrainingJobs: 1 }, ...ranges('CategoricalParameterRanges', { Name: 'a', Values: ['x'] }) })],
    ['a grid has as many jobs as combinations', job({ Strategy: 'Grid', ...ranges('CategoricalParameterRanges', { Name: 'a', Values: ['x', 'y', 'z'] }) }), /or be the number of combinations, which is 3/, job({ Strategy: 'Grid', ...ranges('CategoricalParameterRanges', { Name: 'a', Values: ['x', 'y'] }, { Name: 'b', Values: ['x', 'y'] }) })],
    ['Hyperband stops jobs by itself', job({ Strategy: 'Hyperband', TrainingJobEarlyStoppingType: 'Auto' }), /TrainingJobEarlyStoppingType must be Off/, job({ Strategy: 'Hyperband', TrainingJobEarlyStoppingType: 'Off' })],
    ['resources are Hyperband\'s', job({ StrategyConfig: { HyperbandStrategyConfig: { MinResource: 1 } } }), /StrategyConfig must be left out unless/, job({ Strategy: 'Hyperband', StrategyConfig: { HyperbandStrategyConfig: { MinResource: 1, MaxResource: 1 } } })],
    ['the most is at least the least', job({ Strategy: 'Hyperband', StrategyConfig: { HyperbandStrategyConfig: { MinResource: 2, MaxResource: 1 } } }), /MaxResource must be at least the least resource, which is 2/, job({ Strategy: 'Hyperband', StrategyConfig: { HyperbandStrategyConfig: { MinResource: 2, MaxResource: 2 } } })],
    ['a parent counts once', job({}, {}, { WarmStartConfig: { WarmStartType: 'TransferLearning', ParentHyperParameterTuningJobs: [{ HyperParameterTuningJobName: 'p' }, { HyperParameterTuningJobName: 'p' }] } }), /ParentHyperParameterTuningJobs must be unique/, job()],
    ['instances are said in one place', job({}, { ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1 } }), /ResourceConfig must be left out with HyperParameterTuningResourceConfig/, job({}, { ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1 }, HyperParameterTuningResourceConfig: undefined })],
    ['several types stand for themselves', job({}, { HyperParameterTuningResourceConfig: { InstanceType: 'ml.m5.large', InstanceConfigs: [{ InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 1 }] } }), /InstanceType must be left out with InstanceConfigs/, job({}, { HyperParameterTuningResourceConfig: { InstanceConfigs: [{ InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 1 }] } })],
    ['there are instances', job({}, { HyperParameterTuningResourceConfig: { VolumeSizeInGB: 30 } }), /HyperParameterTuningResourceConfig.InstanceType must be given/, job()],
    ['spot capacity has a wait', job({}, { EnableManagedSpotTraining: true }), /^TrainingJobDefinition.StoppingCondition.MaxWaitTimeInSeconds must be given for spot/, job({}, { EnableManagedSpotTraining: true, StoppingCondition: { MaxRuntimeInSeconds: 60, MaxWaitTimeInSeconds: 60 } })],
    ['metrics have names of their own', severalOf([one('a', { AlgorithmSpecification: { ...DEFINITION.AlgorithmSpecification, MetricDefinitions: [{ Name: 'a', Regex: 'x' }, { Name: 'a', Regex: 'y' }] } })]), /^TrainingJobDefinitions\[0\].AlgorithmSpecification.MetricDefinitions must be unique/, severalOf([one('a')])],
  ])('%s', (_what, broken, message, held) => {
    expect(found(broken).some((text) => message.test(text))).toBe(true);
    expect(found(held)).toEqual([]);
  });

  test('let pass what is not known yet', () => {
    const request = job({ ...continuous({ MinValue: 'token', MaxValue: 'token' }), Strategy: 'token' }, { StoppingCondition: { MaxRuntimeInSeconds: 60 } });
    expect(tuningJobViolations(request, (value) => value === 'token')).toEqual([]);
  });

  test('count the combinations of a grid where they are known', () => {
    const of = (ParameterRanges: object) => combinationsInAll({ HyperParameterTuningJobConfig: { ParameterRanges }, TrainingJobDefinition: {} });
    const six = { CategoricalParameterRanges: [{ Values: ['a', 'b'] }, { Values: [1, 2, 3] }] };
    expect(of(six)).toBe(6);
    expect(combinationsInAll({ HyperParameterTuningJobConfig: {}, TrainingJobDefinitions: [{ HyperParameterRanges: six }, { HyperParameterRanges: { CategoricalParameterRanges: [{ Values: ['a'] }] } }] })).toBe(7);
    expect(of({ CategoricalParameterRanges: [] })).toBeUndefined();
  });
});

describe('An algorithm resource in a tuning job', () => {
  const algorithm = algorithmDescription();
  const specification = { AlgorithmName: ALGORITHM_ARN, TrainingInputMode: 'File' };
  const inputs = [{ ChannelName: 'training', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://b/t' } } }];
  const resources = { HyperParameterTuningResourceConfig: { InstanceType: 'ml.c4.xlarge', InstanceCount: 1, VolumeSizeInGB: 30 } };
  const reported = { Type: 'Maximize', MetricName: 'validation-accuracy' };
  const trees = (more: Tree = {}, config: Tree = {}) => job({ HyperParameterTuningJobObjective: reported, ...ranges('ContinuousParameterRanges', { Name: 'lr', MinValue: '0', MaxValue: '1' }), ...config }, { AlgorithmSpecification: specification, InputDataConfig: inputs, ...resources, ...more });
  const wrong = (request: Tree) => algorithmViolationsOf(completedByAlgorithm(request, ALGORITHM_ARN, algorithm), ALGORITHM_ARN, algorithm).map(({ path, rule }) => `${written(path)} must ${rule}`);

  test('is looked up once for all definitions of it', () => {
    expect(algorithmNames(severalOf([one('a', { AlgorithmSpecification: specification }), one('b', { AlgorithmSpecification: specification }), one('c')]))).toEqual([ALGORITHM_ARN]);
  });

  test('gives its defaults to what is not searched', () => {
    const { TrainingJobDefinition } = completedByAlgorithm(trees(), ALGORITHM_ARN, algorithm);
    expect(Object.keys(TrainingJobDefinition.StaticHyperParameters as object)).not.toContain('lr');
    expect(TrainingJobDefinition.StaticHyperParameters.mode).toBe('a');
    expect(wrong(trees())).toEqual([]);
  });

  test('refuses ranges beyond what its hyperparameters may be, by their place', () => {
    expect(wrong(trees({}, continuous({ Name: 'lr', MaxValue: '2' })))).toEqual([expect.stringMatching(/^HyperParameterTuningJobConfig.ParameterRanges.ContinuousParameterRanges\[0\].MaxValue must be between/)]);
    const [text] = wrong(severalOf([one('a', { AlgorithmSpecification: specification, InputDataConfig: inputs, ...resources, HyperParameterRanges: { IntegerParameterRanges: [{ Name: 'lr', MinValue: '0', MaxValue: '1' }] } })]));
    expect(text).toMatch(/^TrainingJobDefinitions\[0\].HyperParameterRanges.IntegerParameterRanges\[0\] must be a range of type Continuous/);
  });

  test('refuses an objective that it does not report, by its place', () => {
    expect(wrong(trees({}, { HyperParameterTuningJobObjective: SETTINGS.HyperParameterTuningJobObjective }))).toEqual([expect.stringMatching(/^HyperParameterTuningJobConfig.HyperParameterTuningJobObjective.MetricName must be one of validation-accuracy/)]);
    const own = { ...specification, MetricDefinitions: [{ Name: 'accuracy', Regex: 'a=(.*)' }] };
    expect(wrong(trees({ AlgorithmSpecification: own }, { HyperParameterTuningJobObjective: SETTINGS.HyperParameterTuningJobObjective }))).toEqual([]);
  });

  test('refuses hyperparameters and instances by the names that a definition has for them', () => {
    expect(wrong(trees({ StaticHyperParameters: { nope: '1' } }))).toEqual([expect.stringMatching(/^TrainingJobDefinition.StaticHyperParameters.nope must be one that/)]);
    expect(wrong(trees({ HyperParameterTuningResourceConfig: { InstanceType: 'ml.p2.xlarge', InstanceCount: 1 } }))).toEqual([expect.stringMatching(/^TrainingJobDefinition.HyperParameterTuningResourceConfig.InstanceType must be one of/)]);
    expect(wrong(trees({ HyperParameterTuningResourceConfig: { InstanceConfigs: [{ InstanceType: 'ml.p2.xlarge', InstanceCount: 1, VolumeSizeInGB: 1 }] } })))
      .toEqual([expect.stringMatching(/^TrainingJobDefinition.HyperParameterTuningResourceConfig.InstanceConfigs\[0\].InstanceType must be one of/)]);
  });
});
