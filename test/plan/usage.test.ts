import { priceListOf } from '../../lib/plan/prices';
import { endpointUsage, jobUsage } from '../../lib/plan/usage';

const HOUR = 3600;
const m5 = (count: unknown = 1) => ({ InstanceType: 'ml.m5.large', InstanceCount: count, VolumeSizeInGB: 30 });
const training = (resources: object, more: object = {}) => jobUsage('TrainingJob', { ResourceConfig: resources, StoppingCondition: { MaxRuntimeInSeconds: 2 * HOUR }, ...more });
const tuning = (limits: object, definition: object = { ResourceConfig: m5(), StoppingCondition: { MaxRuntimeInSeconds: HOUR } }) =>
  jobUsage('HyperParameterTuningJob', { HyperParameterTuningJobConfig: { ResourceLimits: limits }, TrainingJobDefinition: definition });

describe('a training job uses at most', () => {
  test('its instances for as long as it may run', () => {
    expect(training(m5(3))).toEqual({ instances: [{ instanceType: 'ml.m5.large', hours: 6 }], hours: 6, isRunning: false });
  });

  test('the same where CloudFormation has made texts of the numbers', () => {
    expect(training(m5('3'), { StoppingCondition: { MaxRuntimeInSeconds: '7200' } }).hours).toBe(6);
  });

  test('a day, which the service gives a job without a limit', () => {
    expect(jobUsage('TrainingJob', { ResourceConfig: m5() }).hours).toBe(24);
  });

  test('the instances of all groups', () => {
    const groups = [{ InstanceGroupName: 'a', ...m5(2) }, { InstanceGroupName: 'b', InstanceType: 'ml.p3.2xlarge', InstanceCount: 1 }];
    expect(training({ InstanceGroups: groups })).toMatchObject({ hours: 6, instances: [{ instanceType: 'ml.m5.large', hours: 4 }, { instanceType: 'ml.p3.2xlarge', hours: 2 }] });
  });

  test('the largest of several choices of instances, of which there is one', () => {
    const preferences = [{ InstanceType: 'ml.m5.large', InstanceCount: 4 }, { InstanceType: 'ml.m5.xlarge', InstanceCount: 2 }];
    expect(training({ InstancePreferences: preferences })).toMatchObject({ hours: 8, instances: [{ instanceType: 'ml.m5.large', hours: 8 }, { instanceType: 'ml.m5.xlarge', hours: 4 }] });
  });

  test('no more for waiting for spot capacity, or for being tried again: the time limit is that of all attempts', () => {
    expect(training(m5(), { EnableManagedSpotTraining: true, StoppingCondition: { MaxRuntimeInSeconds: HOUR, MaxWaitTimeInSeconds: 9 * HOUR }, RetryStrategy: { MaximumRetryAttempts: 5 } }).hours).toBe(1);
  });

  test('what its instances are kept for as a warm pool', () => {
    expect(training({ ...m5(2), KeepAlivePeriodInSeconds: HOUR }).hours).toBe(6);
  });

  test('an instance for each rule that has one of its own', () => {
    expect(training(m5(), { DebugRuleConfigurations: [{ RuleConfigurationName: 'own', InstanceType: 'ml.t3.medium' }, { RuleConfigurationName: 'built-in' }] })).toMatchObject({
      hours: 4, instances: [{ instanceType: 'ml.m5.large', hours: 2 }, { instanceType: 'ml.t3.medium', hours: 2 }],
    });
  });

  test('something that is not known, where a number is not', () => {
    expect(training(m5('\u00010\u0001'))).toEqual({ instances: [], isRunning: false, unbounded: 'ResourceConfig.InstanceCount is known at deployment only' });
    expect(training({ InstanceType: '\u00010\u0001', InstanceCount: 1 }).unbounded).toBe('ResourceConfig.InstanceType is known at deployment only');
  });

  test('no instances where it is serverless, and what costs then has no price by the hour', () => {
    const usage = jobUsage('TrainingJob', { ServerlessJobConfig: {} }, undefined, priceListOf({ 'ml.m5.large': 1 }));
    expect(usage).toEqual({ instances: [], hours: 0, isRunning: false, unpriced: ['what is serverless'] });
  });
});

describe('a tuning job uses at most', () => {
  test('what all its training jobs use', () => {
    expect(tuning({ MaxNumberOfTrainingJobs: 20, MaxParallelTrainingJobs: 4 }).hours).toBe(20);
  });

  test('what runs at once for as long as the tuning job may take, if that is less', () => {
    expect(tuning({ MaxNumberOfTrainingJobs: 20, MaxParallelTrainingJobs: 4, MaxRuntimeInSeconds: 2 * HOUR }).hours).toBe(8);
    expect(tuning({ MaxNumberOfTrainingJobs: 2, MaxParallelTrainingJobs: 2, MaxRuntimeInSeconds: 9 * HOUR }).hours).toBe(2);
    expect(tuning({ MaxParallelTrainingJobs: 4, MaxRuntimeInSeconds: 2 * HOUR }).hours).toBe(8);
  });

  test('nothing that anybody knows, where there is neither a number nor a time', () => {
    expect(tuning({ MaxParallelTrainingJobs: 4 }).unbounded).toBe('a tuning job without a number of training jobs and without a time limit');
  });

  test('what its most expensive definition uses, for all training jobs may be of that', () => {
    const definitions = [{ ResourceConfig: m5(2), StoppingCondition: { MaxRuntimeInSeconds: HOUR } }, { ResourceConfig: { InstanceType: 'ml.p3.2xlarge', InstanceCount: 1 }, StoppingCondition: { MaxRuntimeInSeconds: HOUR } }];
    const request = { HyperParameterTuningJobConfig: { ResourceLimits: { MaxNumberOfTrainingJobs: 10, MaxParallelTrainingJobs: 2 } }, TrainingJobDefinitions: definitions };
    const usage = jobUsage('HyperParameterTuningJob', request, undefined, priceListOf({ 'ml.m5.large': 1, 'ml.p3.2xlarge': 5 }));
    expect(usage).toEqual({ instances: [{ instanceType: 'ml.m5.large', hours: 20 }, { instanceType: 'ml.p3.2xlarge', hours: 10 }], hours: 20, isRunning: false, cost: 50 });
  });

  test('what the largest of its kinds of instance uses', () => {
    const flexible = { HyperParameterTuningResourceConfig: { AllocationStrategy: 'Prioritized', InstanceConfigs: [m5(1), { InstanceType: 'ml.m5.xlarge', InstanceCount: 3 }] }, StoppingCondition: { MaxRuntimeInSeconds: HOUR } };
    expect(tuning({ MaxNumberOfTrainingJobs: 10, MaxParallelTrainingJobs: 1 }, flexible).hours).toBe(30);
  });
});

describe('other jobs use at most', () => {
  const transform = { TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 2 } };

  test('of a transform job, what a deployment waits for: the service has no limit', () => {
    expect(jobUsage('TransformJob', transform, 3 * HOUR).hours).toBe(6);
    expect(jobUsage('TransformJob', transform)).toMatchObject({ instances: [], unbounded: 'a transform job has no time limit, and no deployment that waits for it' });
  });

  test('of a processing job, its cluster for as long as it may run, or a day', () => {
    const processing = { ProcessingResources: { ClusterConfig: m5(2) } };
    expect(jobUsage('ProcessingJob', { ...processing, StoppingCondition: { MaxRuntimeInSeconds: 1800 } }).hours).toBe(1);
    expect(jobUsage('ProcessingJob', processing).hours).toBe(48);
  });

  test('of a kind that nobody knows, nothing that is known', () => expect(jobUsage('AutoMLJobV2', {}).unbounded).toBe('how long a AutoMLJobV2 may run is not known'));
});

describe('an endpoint uses in a month at most', () => {
  const variant = (more: object) => ({ VariantName: 'A', ModelName: 'm', InstanceType: 'ml.m5.large', InitialInstanceCount: 2, ...more });
  const usage = (variants: readonly object[], most: ReadonlyMap<string, unknown> = new Map()) => endpointUsage({ ProductionVariants: variants }, most);

  test('its instances for 730 hours', () => expect(usage([variant({})])).toEqual({ instances: [{ instanceType: 'ml.m5.large', hours: 1460 }], hours: 1460, isRunning: true }));
  test('the most that auto scaling makes of them', () => expect(usage([variant({})], new Map([['A', 5]])).hours).toBe(3650));
  test('the most that the service makes of them by itself', () => expect(usage([variant({ ManagedInstanceScaling: { MaxInstanceCount: 4 } })]).hours).toBe(2920));
  test('the instances of all variants, those in the shadow as well', () => {
    expect(endpointUsage({ ProductionVariants: [variant({}), variant({ VariantName: 'B' })], ShadowProductionVariants: [variant({ VariantName: 'C' })] }, new Map()).hours).toBe(4380);
  });
  test('nothing where it is serverless', () => {
    expect(usage([{ VariantName: 'A', ServerlessConfig: {} }])).toEqual({ instances: [], hours: 0, isRunning: true });
  });
  test('no less than with the pool of instances that costs most', () => {
    const pools = [{ InstanceType: 'ml.m5.large' }, { InstanceType: 'ml.g5.xlarge' }];
    expect(endpointUsage({ ProductionVariants: [{ VariantName: 'A', InitialInstanceCount: 1, InstancePools: pools }] }, new Map(), priceListOf({ 'ml.m5.large': 1, 'hosting:ml.g5.xlarge': 2 }))).toMatchObject({ hours: 730, cost: 1460 });
  });
});

describe('in money', () => {
  const request = { ResourceConfig: m5(2), StoppingCondition: { MaxRuntimeInSeconds: HOUR } };
  const cost = (prices: object) => jobUsage('TrainingJob', request, undefined, priceListOf(prices));

  test('an hour costs what the list says, and what it says of that use before what it says of any', () => {
    expect(cost({ 'ml.m5.large': 0.1 }).cost).toBe(0.2);
    expect(cost({ 'ml.m5.large': 0.1, 'training:ml.m5.large': 0.3, 'hosting:ml.m5.large': 9 }).cost).toBe(0.6);
  });

  test('what the list has no price of is named, and costs nothing that is known', () => {
    expect(cost({ 'hosting:ml.m5.large': 0.1 })).toMatchObject({ unpriced: ['ml.m5.large'] });
    expect(cost({}).cost).toBeUndefined();
  });

  test.each([
    [[], 'must be an object: {"ml.m5.large": 0.115}'],
    [{ 'm5.large': 1 }, '"m5.large" must be an instance type (ml.m5.large), or one for a use (training:ml.m5.large, processing:ml.m5.large, transform:ml.m5.large, hosting:ml.m5.large)'],
    [{ 'notebook:ml.m5.large': 1 }, '"notebook:ml.m5.large" must be an instance type'],
    [{ 'ml.m5.large': '1' }, 'ml.m5.large must be the price of an hour, got "1"'],
    [{ 'ml.m5.large': -1 }, 'ml.m5.large must be the price of an hour, got -1'],
    [{ currency: 1 }, 'currency must be a text, got 1'],
  ])('%j is no price list', (json, message) => expect(() => priceListOf(json)).toThrow(message));
});
