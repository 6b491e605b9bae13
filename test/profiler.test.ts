import { Duration, Size, type Stack } from 'aws-cdk-lib/core';
import {
  BuiltInProfilerRule, ContainerImage, CProfileTimer, DebugHook, MonitoringRule, OutputLocation, Profiler, ProfilingRange, PythonProfiler, TensorBoardOutput, type FrameworkProfileOptions, type TrainingJobProps,
} from 'cdk-sagemaker';
import { Template } from 'aws-cdk-lib/assertions';
import { allowing, bucketNamed, emptyStack, flat, jobOf, trainingIn } from './support/stacks';

type Props = (stack: Stack) => Partial<TrainingJobProps>;

function templateOf(props: Props): Template {
  const stack = emptyStack('Stack', { env: { region: 'us-west-2', account: '123456789012' } });
  trainingIn(stack, { output: OutputLocation.fromBucket(bucketNamed(stack, 'out')), ...props(stack) });
  return Template.fromStack(stack);
}

const requestOf = (props: Props) => jobOf(templateOf(props)).Request;
const parametersOf = (framework: FrameworkProfileOptions) => requestOf(() => ({ profiler: Profiler.toOutput({ framework }) })).ProfilerConfig.ProfilingParameters;
const FILES = { LocalPath: '/opt/ml/output/profiler', RotateMaxFileSizeInBytes: '10485760', RotateFileCloseIntervalInSeconds: '60', FileOpenFailThreshold: '50' };

describe('The profile of a framework', () => {
  test('of certain steps is of all kinds, in the words of the Python SDK', () => {
    const { ProfilerConfig } = requestOf(() => ({ profiler: Profiler.toOutput({ interval: Duration.seconds(1), framework: { when: ProfilingRange.steps({ start: 5, count: 10 }) } }) }));
    expect(ProfilerConfig).toEqual({
      S3OutputPath: 's3://out/', DisableProfiler: false, ProfilingIntervalInMilliseconds: 1000,
      ProfilingParameters: {
        ...FILES,
        DetailedProfilingConfig: '{"StartStep": 5, "NumSteps": 10, }',
        DataloaderProfilingConfig: '{"StartStep": 5, "NumSteps": 10, "MetricsRegex": ".*", }',
        PythonProfilingConfig: '{"StartStep": 5, "NumSteps": 10, "ProfilerName": "cprofile", "cProfileTimer": "total_time", }',
        HorovodProfilingConfig: '{"StartStep": 5, "NumSteps": 10, }',
        SMDataParallelProfilingConfig: '{"StartStep": 5, "NumSteps": 10, }',
      },
    });
  });

  test('of nothing in particular is of the steps that each kind has by itself', () => {
    expect(parametersOf({})).toEqual({
      ...FILES,
      DetailedProfilingConfig: '{"StartStep": 5, "NumSteps": 1, }',
      DataloaderProfilingConfig: '{"StartStep": 7, "NumSteps": 1, "MetricsRegex": ".*", }',
      PythonProfilingConfig: '{"StartStep": 9, "NumSteps": 3, "ProfilerName": "cprofile", "cProfileTimer": "default", }',
      HorovodProfilingConfig: '{"StartStep": 13, "NumSteps": 1, }',
      SMDataParallelProfilingConfig: '{"StartStep": 15, "NumSteps": 1, }',
    });
  });

  test('of certain kinds is of no others', () => {
    expect(parametersOf({ python: {}, dataloader: { metricsRegex: 'a.*', when: ProfilingRange.steps({ start: 9, count: 2 }) } })).toEqual({
      ...FILES,
      DataloaderProfilingConfig: '{"StartStep": 9, "NumSteps": 2, "MetricsRegex": "a.*", }',
      PythonProfilingConfig: '{"StartStep": 9, "NumSteps": 3, "ProfilerName": "cprofile", "cProfileTimer": "total_time", }',
    });
  });

  test.each<[string, FrameworkProfileOptions, { [name: string]: string }]>([
    ['the first steps', { detailed: ProfilingRange.steps({ count: 10 }) }, { DetailedProfilingConfig: '{"StartStep": 0, "NumSteps": 10, }' }],
    ['one step', { horovod: ProfilingRange.steps({ start: 3 }) }, { HorovodProfilingConfig: '{"StartStep": 3, "NumSteps": 1, }' }],
    ['a time', { smDataParallel: ProfilingRange.time({ start: new Date('2023-11-14T22:13:20Z'), duration: Duration.seconds(20) }) }, { SMDataParallelProfilingConfig: '{"StartTimeInSecSinceEpoch": 1700000000, "Duration": 20, }' }],
    ['a while', { detailed: ProfilingRange.time({ duration: Duration.millis(1500) }) }, { DetailedProfilingConfig: '{"Duration": 1.5, }' }],
    ['samples of Python', { python: { profiler: PythonProfiler.PYINSTRUMENT } }, { PythonProfilingConfig: '{"StartStep": 9, "NumSteps": 3, "ProfilerName": "pyinstrument", }' }],
    ['the processor\'s time of Python', { python: { timer: CProfileTimer.CPU_TIME } }, { PythonProfilingConfig: '{"StartStep": 9, "NumSteps": 3, "ProfilerName": "cprofile", "cProfileTimer": "cpu_time", }' }],
    ['Python by default', { python: { when: ProfilingRange.byDefault() } }, { PythonProfilingConfig: '{"StartStep": 9, "NumSteps": 3, "ProfilerName": "cprofile", "cProfileTimer": "default", }' }],
  ])('can be of %s', (_what, framework, kinds) => {
    expect(parametersOf(framework)).toEqual({ ...FILES, ...kinds });
  });

  test('is written in files that change as the user says', () => {
    expect(parametersOf({ detailed: ProfilingRange.byDefault(), localPath: '/opt/p', fileMaxSize: Size.kibibytes(64), fileCloseInterval: Duration.seconds(90), fileOpenFailThreshold: 7 })).toMatchObject({
      LocalPath: '/opt/p', RotateMaxFileSizeInBytes: '65536', RotateFileCloseIntervalInSeconds: '90', FileOpenFailThreshold: '7',
    });
  });

  test.each<[string, FrameworkProfileOptions, string]>([
    ['a step before the first', { detailed: ProfilingRange.steps({ start: -1 }) }, 'Stack/Train: profiler.framework.detailed.start must be a whole number between 0'],
    ['no steps', { python: { when: ProfilingRange.steps({ count: 0 }) } }, 'profiler.framework.python.when.count must be a whole number between 1'],
    ['a time without a beginning or an end', { horovod: ProfilingRange.time({}) }, 'profiler.framework.horovod must have a start or a duration, got neither'],
    ['a time of parts of a second', { horovod: ProfilingRange.time({ start: new Date(1) }) }, 'profiler.framework.horovod.start must be a whole number of seconds'],
    ['a time of no length', { horovod: ProfilingRange.time({ duration: Duration.seconds(0) }) }, 'profiler.framework.horovod.duration must be longer than 0 seconds'],
    ['a range for all and one of its own', { when: ProfilingRange.steps({ start: 1 }), python: {} }, 'profiler.framework.when must be left out where python say it for themselves'],
    ['files of no size', { fileMaxSize: Size.bytes(0) }, 'profiler.framework.fileMaxSize must be a whole number between 1'],
    ['an expression that is none', { dataloader: { metricsRegex: '(' } }, 'profiler.framework.dataloader.metricsRegex must be a regular expression of Python, got ('],
    ['no attempt', { fileOpenFailThreshold: 0 }, 'profiler.framework.fileOpenFailThreshold must be a whole number between 1'],
  ])('rejects %s', (_what, framework, message) => {
    expect(() => parametersOf(framework)).toThrow(message);
  });
});

describe('The profiler', () => {
  const inRegion = (region: string, props: Partial<TrainingJobProps>) => {
    const stack = emptyStack('Stack', { env: { region, account: '123456789012' } });
    trainingIn(stack, props);
    return jobOf(Template.fromStack(stack)).Request;
  };

  test('is refused with its rules in a Region that has none, and may be turned off there', () => {
    const rules = { Report: MonitoringRule.image(ContainerImage.fromUri('123456789012.dkr.ecr.me-central-1.amazonaws.com/rule:1')) };
    expect(() => inRegion('me-central-1', { profiler: Profiler.toOutput() })).toThrow('Stack/Train: profiler must be left out in this Region, which has no profiler, got me-central-1');
    expect(() => inRegion('eu-south-2', { profilerRules: rules })).toThrow('Stack/Train: profilerRules must be left out in this Region, which has no profiler, got eu-south-2');
    expect(inRegion('me-central-1', { profiler: Profiler.disabled() }).ProfilerConfig).toEqual({ DisableProfiler: true });
  });
});

describe('SageMaker Profiler', () => {
  test('comes with the rule that works its records up', () => {
    const { ProfilerConfig, ProfilerRuleConfigurations } = requestOf(() => ({ profiler: Profiler.toOutput({ deep: { cpuDuration: Duration.minutes(10) } }) }));
    expect(ProfilerConfig.ProfilingParameters).toEqual({ CPUProfilingDuration: '600', SMPFileRotationSecs: '600' });
    expect(ProfilerRuleConfigurations).toEqual([{
      RuleConfigurationName: 'DetailedProfilerProcessingJobConfig', RuleEvaluatorImage: '895741380848.dkr.ecr.us-west-2.amazonaws.com/detailed-profiler-processing:latest',
      InstanceType: 'ml.m5.4xlarge', VolumeSizeInGB: 128, RuleParameters: { rule_to_invoke: 'DetailedProfilerProcessing' },
    }]);
  });

  test('leaves the rules of a job that has some as they are', () => {
    const { ProfilerRuleConfigurations } = requestOf(() => ({ profiler: Profiler.toOutput({ deep: {} }), profilerRules: { Report: MonitoringRule.builtInProfiler(BuiltInProfilerRule.PROFILER_REPORT) } }));
    expect(ProfilerRuleConfigurations.map((rule: any) => rule.RuleConfigurationName)).toEqual(['Report']);
  });

  test('rejects the profile of a framework beside it', () => {
    expect(() => templateOf(() => ({ profiler: Profiler.toOutput({ deep: {}, framework: {} }) }))).toThrow('Stack/Train: profiler.deep must be left out with framework');
  });
});

describe('What a job saves beside its artifact', () => {
  test('goes to the same place, where its rules may read it', () => {
    const template = templateOf((stack) => ({
      output: OutputLocation.fromBucket(bucketNamed(stack, 'own'), 'models/'), debugHook: DebugHook.toOutput(), profiler: Profiler.toOutput(), tensorBoard: TensorBoardOutput.toOutput(),
    }));
    const { Request } = jobOf(template);
    expect(Request.OutputDataConfig.S3OutputPath).toBe('s3://own/models');
    expect(Request.DebugHookConfig).toEqual({ S3OutputPath: 's3://own/models', CollectionConfigurations: [] });
    expect(Request.ProfilerConfig).toEqual({ S3OutputPath: 's3://own/models', DisableProfiler: false });
    expect(Request.TensorBoardOutputConfig).toEqual({ S3OutputPath: 's3://own/models' });
    expect(allowing(template, 'TrainRole', 's3:GetObject').map(({ Resource }) => flat(Resource))).toEqual(['arn:<AWS::Partition>:s3:::own/models/*']);
  });

  test('is saved as the user says', () => {
    const { DebugHookConfig, TensorBoardOutputConfig } = requestOf((stack) => ({
      debugHook: DebugHook.toBucket(bucketNamed(stack, 'dbg'), 'out', { localPath: '/opt/ml/tensors', parameters: { save_interval: '100' }, collections: { weights: { save_interval: '10' } } }),
      tensorBoard: TensorBoardOutput.fromBucket(bucketNamed(stack, 'path'), 'tensorboard/data/', { localPath: '/local/path/tensorboard/data/' }),
    }));
    expect(DebugHookConfig).toEqual({
      S3OutputPath: 's3://dbg/out', LocalPath: '/opt/ml/tensors', HookParameters: { save_interval: '100' }, CollectionConfigurations: [{ CollectionName: 'weights', CollectionParameters: { save_interval: '10' } }],
    });
    expect(TensorBoardOutputConfig).toEqual({ S3OutputPath: 's3://path/tensorboard/data/', LocalPath: '/local/path/tensorboard/data/' });
  });

  test('is nothing unless it is asked for', () => {
    const request = requestOf(() => ({ debugRules: {}, profilerRules: {} }));
    expect(Object.keys(request).filter((member) => /Debug|Profiler|TensorBoard/.test(member))).toEqual([]);
    expect(requestOf(() => ({ profiler: Profiler.disabled() })).ProfilerConfig).toEqual({ DisableProfiler: true });
  });
});
