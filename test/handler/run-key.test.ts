import fc from 'fast-check';
import { JOB_KINDS } from '../../lib/handler/job-kinds';
import type { JobProperties } from '../../lib/handler/contract';
import { canonicalJson, runKey } from '../../lib/handler/run-key';
import { jobProperties } from '../support/job-events';

const PLACE = { stackId: 'arn:aws:cloudformation:eu-west-1:123456789012:stack/mnist/guid', logicalId: 'TrainResource' };
const keyOf = (properties: JobProperties, place = PLACE) => runKey(properties, place, JOB_KINDS.TrainingJob.key);
const request = (members: object, more: object = {}) => jobProperties('A', { ...more, Request: members });

const CHANNEL = { ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/train/' } } };
const S3_URI = 'InputDataConfig.train.DataSource.S3DataSource.S3Uri';

describe('The run key', () => {
  // A key that changes is a job trained again for everybody who upgrades. These never change; a new rule is a new KeyVersion.
  test.each([
    ['the plain request', request({}), 'e4cd0376df'],
    ['another hyperparameter', jobProperties('B'), '30de02504f'],
    ['a channel', request({ InputDataConfig: [CHANNEL] }), 'e9047b682f'],
    ['a channel known by its content', request({ InputDataConfig: [CHANNEL] }, { Content: { [S3_URI]: 'hash-of-the-data' } }), 'f55b1f28ce'],
    ['a revision', { ...request({}), Revision: 'v2' }, 'f9e240f869'],
    ['the revision alone', { ...request({}), Revision: 'v2', RetrainOn: 'Revision' } as JobProperties, '1ae9e0f1fa'],
    ['revised data', { ...request({ InputDataConfig: [CHANNEL] }), ChannelRevisions: { train: '2026-11' } }, '8b02601c37'],
  ])('is for ever the same for %s', (_what, properties, key) => {
    expect(keyOf(properties)).toBe(key);
  });

  test.each([
    ['tags', { Tags: [{ Key: 'team', Value: 'vision' }] }],
    ['the role', { RoleArn: 'arn:aws:iam::123456789012:role/another' }],
    ['the time limit', { StoppingCondition: { MaxRuntimeInSeconds: '7200' } }],
    ['retries', { RetryStrategy: { MaximumRetryAttempts: '3' } }],
    ['keep-alive', { ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: '1', VolumeSizeInGB: '30', KeepAlivePeriodInSeconds: '600' } }],
    ['the profiler', { ProfilerConfig: { DisableProfiler: 'true' }, ProfilerRuleConfigurations: [] }],
    ['remote debug', { RemoteDebugConfig: { EnableRemoteDebug: 'true' } }],
    ['a default that is spelled out', { EnableNetworkIsolation: 'false', EnableManagedSpotTraining: false }],
    ['checks and tags that are off', { InfraCheckConfig: { EnableInfraCheck: 'false' }, SessionChainingConfig: { EnableSessionTagChaining: 'false' } }],
    ['UltraServers that are not shared', {
      ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: '1', VolumeSizeInGB: '30', InstancePlacementConfig: { EnableMultipleJobs: 'false' } },
    }],
    ['what is empty', { Environment: {}, InputDataConfig: [] }],
    ['the registry of the image', { AlgorithmSpecification: { TrainingImage: '999999999999.dkr.ecr.us-gov-west-1.amazonaws.com/mnist:1.0', TrainingInputMode: 'File' } }],
    ['numbers as numbers', { ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 30 } }],
  ])('does not count %s', (_what, members) => {
    expect(keyOf(request(members))).toBe(keyOf(request({})));
  });

  test.each([
    ['a hyperparameter', { HyperParameters: { run: 'C' } }],
    ['the instance type', { ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: '1', VolumeSizeInGB: '30' } }],
    ['the image\'s tag', { AlgorithmSpecification: { TrainingImage: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/mnist:1.1', TrainingInputMode: 'File' } }],
    ['a network', { VpcConfig: { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] } }],
    ['where the output goes', { OutputDataConfig: { S3OutputPath: 's3://elsewhere' } }],
    ['environment', { Environment: { MODE: 'full' } }],
  ])('counts %s', (_what, members) => {
    expect(keyOf(request(members))).not.toBe(keyOf(request({})));
  });

  test('counts what an address leads to, not the address', () => {
    const moved = (uri: string, hash: string) => request({ InputDataConfig: [{ ...CHANNEL, DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: uri } } }] }, { Content: { [S3_URI]: hash } });
    expect(keyOf(moved('s3://elsewhere/x/', 'h1'))).toBe(keyOf(moved('s3://data/train/', 'h1')));
    expect(keyOf(moved('s3://data/train/', 'h2'))).not.toBe(keyOf(moved('s3://data/train/', 'h1')));
  });

  test('does not count the mode of a channel that is the mode of all, and counts another one', () => {
    const mode = (InputMode?: string) => keyOf(request({ InputDataConfig: [{ ...CHANNEL, InputMode }] }));
    expect(mode('File')).toBe('e9047b682f');
    expect(new Set([mode(), mode('File'), mode('Pipe'), mode('FastFile')]).size).toBe(3);
  });

  test('counts the digest of an image alone', () => {
    const image = (name: string) => request({ AlgorithmSpecification: { TrainingImage: `${name}@sha256:${'a'.repeat(64)}`, TrainingInputMode: 'File' } });
    expect(keyOf(image('123456789012.dkr.ecr.eu-west-1.amazonaws.com/one'))).toBe(keyOf(image('registry.example.com/two')));
  });

  test('does not care for the order of subnets, security groups and channels', () => {
    const other = { ...CHANNEL, ChannelName: 'test' };
    const one = request({ VpcConfig: { Subnets: ['a', 'b'], SecurityGroupIds: ['x', 'y'] }, InputDataConfig: [CHANNEL, other] });
    const two = request({ VpcConfig: { Subnets: ['b', 'a'], SecurityGroupIds: ['y', 'x'] }, InputDataConfig: [other, CHANNEL] });
    expect(keyOf(one)).toBe(keyOf(two));
  });

  const rule = (name: string, more: object = {}) => ({ RuleConfigurationName: name, RuleEvaluatorImage: '503895931360.dkr.ecr.us-east-1.amazonaws.com/sagemaker-debugger-rules:latest', ...more });

  test.each([
    ['the hook', (LocalPath?: string) => request({ DebugHookConfig: { S3OutputPath: 's3://tensors', LocalPath } }), ['/opt/ml/output/tensors', '/opt/ml/output/tensors/']],
    ['a rule', (LocalPath?: string) => request({ DebugRuleConfigurations: [rule('a', { LocalPath })] }), ['/opt/ml/processing/output/rule/', '/opt/ml/processing/output/rule']],
  ])('does not count the folder of %s that the service takes by itself, with or without a slash', (_what, jobWith, folders) => {
    expect(new Set([undefined, ...folders].map((folder) => keyOf(jobWith(folder)))).size).toBe(1);
    expect(keyOf(jobWith('/elsewhere'))).not.toBe(keyOf(jobWith()));
  });

  test('does not care for the order of rules, collections and UltraServers', () => {
    const job = <T>(order: (list: T[]) => T[]) => request({
      DebugRuleConfigurations: order([rule('a'), rule('b')] as T[]),
      DebugHookConfig: { S3OutputPath: 's3://tensors', CollectionConfigurations: order([{ CollectionName: 'losses' }, { CollectionName: 'weights' }] as T[]) },
      ResourceConfig: { InstancePlacementConfig: { PlacementSpecifications: order([{ UltraServerId: 'us-1', InstanceCount: '1' }, { UltraServerId: 'us-2', InstanceCount: '3' }] as T[]) } },
    });
    expect(keyOf(job((list) => list))).toBe(keyOf(job((list) => list.reverse())));
  });

  test('counts what the image of a rule holds and what its source is, not where they lie', () => {
    const job = (account: string, image: string, source: string) => request(
      { DebugRuleConfigurations: [rule('own', { RuleEvaluatorImage: `${account}.dkr.ecr.eu-west-1.amazonaws.com/assets:${account}`, RuleParameters: { source_s3_uri: `s3://${account}/r.py` } })] },
      { Content: { 'DebugRuleConfigurations.own.RuleEvaluatorImage': image, 'DebugRuleConfigurations.own.RuleParameters.source_s3_uri': source } },
    );
    expect(keyOf(job('111111111111', 'i', 's'))).toBe(keyOf(job('222222222222', 'i', 's')));
    expect(new Set([job('111111111111', 'i', 's'), job('111111111111', 'j', 's'), job('111111111111', 'i', 't')].map((properties) => keyOf(properties))).size).toBe(3);
  });

  test('is another one in another stack and for another resource', () => {
    expect(new Set([keyOf(request({})), keyOf(request({}), { ...PLACE, stackId: 'another' }), keyOf(request({}), { ...PLACE, logicalId: 'Other' })]).size).toBe(3);
  });

  test('under Retrain.manual, is the revision alone', () => {
    const manual = (letter: string, revision: string): JobProperties => ({ ...jobProperties(letter), RetrainOn: 'Revision', Revision: revision });
    expect(keyOf(manual('A', 'v1'))).toBe(keyOf(manual('B', 'v1')));
    expect(keyOf(manual('A', 'v1'))).not.toBe(keyOf(manual('A', 'v2')));
  });

  test('rejects a version of the rules it does not know', () => {
    expect(() => keyOf({ ...request({}), KeyVersion: '99' })).toThrow('KeyVersion: must be one of 1, got 99');
  });

  test('does not hang on the order of members, whatever they are', () => {
    fc.assert(fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.string()))), (members) => {
      const reversed = Object.fromEntries(Object.entries(members).reverse());
      expect(canonicalJson(members)).toBe(canonicalJson(reversed));
    }));
  });
});

describe('The run key of a transform job', () => {
  const container = (more: object = {}) => ({ Image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/digits:1.0', ModelDataUrl: 's3://models/a/model.tar.gz', ...more });
  const transform = (members: object = {}, model: unknown = { Containers: [container()] }): JobProperties => ({
    Kind: 'TransformJob', KeyVersion: '1', NamePrefix: 'mnist-scores',
    Request: {
      ModelName: 'generated-1',
      TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/batch/' } } },
      TransformOutput: { S3OutputPath: 's3://out/{JobName}' },
      TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: '1' },
      ...members,
    },
    ...(model === undefined ? {} : { Content: { ModelName: model } }),
  });
  const key = (properties: JobProperties) => runKey(properties, PLACE, JOB_KINDS.TransformJob.key);
  const named = (properties: JobProperties): JobProperties => ({ ...properties, Content: undefined });

  test.each([
    ['a model by its content', transform(), 'bbdb458883'],
    ['a model by its name', named(transform()), 'b6a7658738'],
    ['two containers', transform({}, { Containers: [container(), container({ Environment: { A: '1' } })] }), 'bd544107bb'],
    ['data known by their content', { ...transform(), Content: { 'ModelName': { Containers: [container()] }, 'TransformInput.DataSource.S3DataSource.S3Uri': 'hash' } }, '474ecf3784'],
  ])('is for ever the same for %s', (_what, properties, expected) => {
    expect(key(properties)).toBe(expected);
  });

  test.each<[string, JobProperties]>([
    ['the name of a model', transform({ ModelName: 'generated-2' })],
    ['the registry of an image', transform({}, { Containers: [container({ Image: '999999999999.dkr.ecr.us-east-1.amazonaws.com/digits:1.0' })] })],
    ['how often and how long it is asked', transform({ ModelClientConfig: { InvocationsMaxRetries: '3', InvocationsTimeoutInSeconds: '60' } })],
    ['what the service takes by itself', transform({ MaxConcurrentTransforms: '0', DataProcessing: { InputFilter: '$', OutputFilter: '$', JoinSource: 'None' } })],
    ['what is empty', transform({ Environment: {} }, { Containers: [container({ Environment: {} })] })],
  ])('does not count %s', (_what, properties) => {
    expect(key(properties)).toBe(key(transform()));
  });

  test.each<[string, JobProperties]>([
    ['another artifact', transform({}, { Containers: [container({ ModelDataUrl: 's3://models/b/model.tar.gz' })] })],
    ['another image', transform({}, { Containers: [container({ Image: 'digits:1.1' })] })],
    ['the environment of a container', transform({}, { Containers: [container({ Environment: { A: '1' } })] })],
    ['its own environment', transform({ Environment: { A: '1' } })],
    ['where it writes', transform({ TransformOutput: { S3OutputPath: 's3://elsewhere/{JobName}' } })],
    ['a filter', transform({ DataProcessing: { InputFilter: '$[1:]' } })],
  ])('counts %s', (_what, properties) => {
    expect(key(properties)).not.toBe(key(transform()));
  });

  test('counts the name of a model that nothing else is known of', () => {
    expect(key(named(transform({ ModelName: 'other' })))).not.toBe(key(named(transform())));
  });
});

describe('The run key of a tuning job', () => {
  const CONFIG = 'HyperParameterTuningJobConfig';
  const range = (more: object = {}) => ({ Name: 'rate', MinValue: '0.1', MaxValue: '0.5', ...more });
  const definition = (more: object = {}) => ({
    RoleArn: 'arn:aws:iam::123456789012:role/one',
    AlgorithmSpecification: { TrainingImage: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/mnist:1.0', TrainingInputMode: 'File' },
    StaticHyperParameters: { epochs: '3', sagemaker_submit_directory: '"s3://assets/a"', sagemaker_job_name: '"{JobName}"' },
    InputDataConfig: [CHANNEL],
    OutputDataConfig: { S3OutputPath: 's3://models' },
    HyperParameterTuningResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: '1', VolumeSizeInGB: '30' },
    StoppingCondition: { MaxRuntimeInSeconds: '3600' },
    ...more,
  });
  const config = (more: object = {}) => ({
    Strategy: 'Bayesian', HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'accuracy' }, ResourceLimits: { MaxNumberOfTrainingJobs: '4', MaxParallelTrainingJobs: '2' },
    ParameterRanges: { ContinuousParameterRanges: [range()], IntegerParameterRanges: [], CategoricalParameterRanges: [] }, TrainingJobEarlyStoppingType: 'Off', ...more,
  });
  const tuning = (request: object, more: object = {}): JobProperties => ({ Kind: 'HyperParameterTuningJob', KeyVersion: '1', NamePrefix: 'mnist-tune', Request: request as JobProperties['Request'], ...more });
  const key = (properties: JobProperties) => runKey(properties, PLACE, JOB_KINDS.HyperParameterTuningJob.key);
  const single = (change: { config?: object; definition?: object; request?: object } = {}, more: object = {}) =>
    key(tuning({ [CONFIG]: config(change.config), TrainingJobDefinition: definition(change.definition), ...change.request }, more));
  const named = (DefinitionName: string, more: object = {}) => definition({ DefinitionName, TuningObjective: { Type: 'Maximize', MetricName: 'accuracy' }, HyperParameterRanges: { ContinuousParameterRanges: [range()] }, ...more });
  const several = (definitions: object[], more: object = {}) => key(tuning({ [CONFIG]: { Strategy: 'Bayesian', ResourceLimits: { MaxParallelTrainingJobs: '2' } }, TrainingJobDefinitions: definitions }, more));

  // As those of training jobs, these never change; a new rule is a new KeyVersion.
  test('is for ever the same', () => {
    expect(single()).toBe('9d02ecaf93');
    expect(several([named('a'), named('b')])).toBe('870f9d2745');
  });

  test.each<[string, Parameters<typeof single>[0]]>([
    ['how many jobs run at once, and for how long', { config: { ResourceLimits: { MaxNumberOfTrainingJobs: '4', MaxParallelTrainingJobs: '9', MaxRuntimeInSeconds: '7200' } } }],
    ['defaults that are spelled out', { config: { TrainingJobEarlyStoppingType: undefined, ParameterRanges: { ContinuousParameterRanges: [range({ ScalingType: 'Auto' })] } } }],
    ['tags and the role', { definition: { RoleArn: 'arn:aws:iam::123456789012:role/two' }, request: { Tags: [{ Key: 'a', Value: 'b' }] } }],
    ['time limits and retries of the jobs', { definition: { StoppingCondition: { MaxRuntimeInSeconds: '60' }, RetryStrategy: { MaximumRetryAttempts: '3' } } }],
    ['the job\'s own name', { definition: { StaticHyperParameters: { epochs: '3', sagemaker_submit_directory: '"s3://assets/a"', sagemaker_job_name: '"another"' } } }],
    ['how instances are allocated, which is done in one way', { definition: { HyperParameterTuningResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: '1', VolumeSizeInGB: '30', AllocationStrategy: 'Prioritized' } } }],
    ['the registry of the image', { definition: { AlgorithmSpecification: { TrainingImage: '999999999999.dkr.ecr.eu-west-1.amazonaws.com/mnist:1.0', TrainingInputMode: 'File' } } }],
  ])('does not count %s', (_what, change) => {
    expect(single(change)).toBe(single());
  });

  test.each<[string, Parameters<typeof single>[0]]>([
    ['the number of jobs', { config: { ResourceLimits: { MaxNumberOfTrainingJobs: '5', MaxParallelTrainingJobs: '2' } } }],
    ['the strategy', { config: { Strategy: 'Random' } }],
    ['the seed', { config: { RandomSeed: '3' } }],
    ['a range', { config: { ParameterRanges: { ContinuousParameterRanges: [range({ MaxValue: '0.6' })] } } }],
    ['its scale', { config: { ParameterRanges: { ContinuousParameterRanges: [range({ ScalingType: 'Logarithmic' })] } } }],
    ['the objective', { config: { HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: 'accuracy' } } }],
    ['a hyperparameter', { definition: { StaticHyperParameters: { epochs: '4', sagemaker_submit_directory: '"s3://assets/a"' } } }],
    ['the instances', { definition: { HyperParameterTuningResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: '1', VolumeSizeInGB: '30' } } }],
    ['a parent', { request: { WarmStartConfig: { WarmStartType: 'TransferLearning', ParentHyperParameterTuningJobs: [{ HyperParameterTuningJobName: 'p' }] } } }],
    ['Autotune', { request: { Autotune: { Mode: 'Enabled' } } }],
  ])('counts %s', (_what, change) => {
    expect(single(change)).not.toBe(single());
  });

  test('counts what the addresses of a definition lead to', () => {
    const script = (address: string, hash: string) => single(
      { definition: { StaticHyperParameters: { sagemaker_submit_directory: address } } }, { Content: { 'TrainingJobDefinition.StaticHyperParameters.sagemaker_submit_directory': hash } },
    );
    expect(script('"s3://assets/b"', 'h1')).toBe(script('"s3://assets/a"', 'h1'));
    expect(script('"s3://assets/a"', 'h2')).not.toBe(script('"s3://assets/a"', 'h1'));
  });

  test('counts it by the name of the definition, where there are several', () => {
    const data = (uri: string, hash: string) => several(
      [named('a', { InputDataConfig: [{ ...CHANNEL, DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: uri } } }] }), named('b')],
      { Content: { [`TrainingJobDefinitions.a.${S3_URI}`]: hash } },
    );
    expect(data('s3://elsewhere/x/', 'h1')).toBe(data('s3://data/train/', 'h1'));
    expect(data('s3://data/train/', 'h2')).not.toBe(data('s3://data/train/', 'h1'));
    expect(several([named('a'), named('b')], { ChannelRevisions: { 'a.train': 'r1' } })).not.toBe(several([named('a'), named('b')], { ChannelRevisions: { 'b.train': 'r1' } }));
  });

  test('does not care for the order of definitions, ranges and parents, and for that of instance types it does', () => {
    const parents = (...names: string[]) => single({ request: { WarmStartConfig: { WarmStartType: 'TransferLearning', ParentHyperParameterTuningJobs: names.map((HyperParameterTuningJobName) => ({ HyperParameterTuningJobName })) } } });
    const both = (...names: string[]) => single({ config: { ParameterRanges: { ContinuousParameterRanges: names.map((Name) => range({ Name })) } } });
    const types = (...names: string[]) => single({ definition: { HyperParameterTuningResourceConfig: { InstanceConfigs: names.map((InstanceType) => ({ InstanceType, InstanceCount: '1', VolumeSizeInGB: '1' })) } } });
    expect(several([named('b'), named('a')])).toBe(several([named('a'), named('b')]));
    expect(parents('p', 'q')).toBe(parents('q', 'p'));
    expect(both('x', 'y')).toBe(both('y', 'x'));
    expect(types('ml.m5.large', 'ml.m5.xlarge')).not.toBe(types('ml.m5.xlarge', 'ml.m5.large'));
  });

  test('does not count the mode of a channel that is the mode of its own definition', () => {
    const mode = (InputMode?: string) => several([named('a', { InputDataConfig: [{ ...CHANNEL, InputMode }] }), named('b', { AlgorithmSpecification: { TrainingImage: 'i', TrainingInputMode: 'Pipe' } })]);
    expect(mode('File')).toBe(mode());
    expect(mode('Pipe')).not.toBe(mode());
  });
});
