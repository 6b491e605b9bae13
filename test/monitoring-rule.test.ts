import { Template } from 'aws-cdk-lib/assertions';
import { Size, type Stack } from 'aws-cdk-lib/core';
import {
  BuiltInProfilerRule, BuiltInRule, Capacity, ContainerImage, DebugHook, MonitoringRule, OutputLocation, Profiler, RuleAction, RuleSource, type BuiltInRuleOptions, type TrainingJobProps,
} from 'cdk-sagemaker';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { login } from './support/every-prop';
import { allowing, bucketNamed, emptyStack, flat, IMAGE_URI, jobOf, only, trainingIn } from './support/stacks';

const OREGON = { env: { region: 'us-west-2', account: '123456789012' } };
const RULES_IMAGE = '895741380848.dkr.ecr.us-west-2.amazonaws.com/sagemaker-debugger-rules:latest';
const OWN_EVALUATOR = ContainerImage.fromUri('759209512951.dkr.ecr.us-west-2.amazonaws.com/sagemaker-debugger-rule-evaluator:latest');

type Props = (stack: Stack) => Partial<TrainingJobProps>;

function templateOf(props: Props, region = 'us-west-2'): Template {
  const stack = emptyStack('Stack', { env: { ...OREGON.env, region } });
  trainingIn(stack, { output: OutputLocation.fromBucket(bucketNamed(stack, 'out')), ...props(stack) });
  return Template.fromStack(stack);
}

const requestOf = (props: Props) => jobOf(templateOf(props)).Request;
const debugged = (rule: BuiltInRule, options?: BuiltInRuleOptions) => requestOf(() => ({ debugRules: { [rule]: MonitoringRule.builtIn(rule, options) } }));

describe('A built-in rule of the debugger', () => {
  test('is the evaluator of the service, told which rule, and has the hook save what it needs with the artifact', () => {
    const { DebugRuleConfigurations, DebugHookConfig, ProfilerConfig } = debugged(BuiltInRule.VANISHING_GRADIENT);
    expect(DebugRuleConfigurations).toEqual([{ RuleConfigurationName: 'VanishingGradient', RuleEvaluatorImage: RULES_IMAGE, RuleParameters: { rule_to_invoke: 'VanishingGradient' } }]);
    expect(DebugHookConfig).toEqual({ S3OutputPath: 's3://out/', CollectionConfigurations: [{ CollectionName: 'gradients', CollectionParameters: { save_interval: '500' } }] });
    expect(ProfilerConfig).toBeUndefined();
  });

  test('has its name, place, parameters, other trials and collections from the user', () => {
    const { DebugRuleConfigurations, DebugHookConfig } = requestOf((stack) => ({
      debugRules: {
        lnd: MonitoringRule.builtIn(BuiltInRule.LOSS_NOT_DECREASING, {
          localPath: '/opt/ml/rule', outputBucket: bucketNamed(stack, 'rule'), outputPrefix: 'out', otherTrials: ['s3://other/t1'],
          parameters: { tensor_regex: 'loss', num_steps: '5' }, collectionsToSave: { losses: { save_interval: '50' } },
        }),
      },
    }));
    expect(DebugRuleConfigurations).toEqual([{
      RuleConfigurationName: 'lnd', RuleEvaluatorImage: RULES_IMAGE, LocalPath: '/opt/ml/rule', S3OutputPath: 's3://rule/out',
      RuleParameters: { other_trial_0: 's3://other/t1', rule_to_invoke: 'LossNotDecreasing', tensor_regex: 'loss', num_steps: '5' },
    }]);
    expect(DebugHookConfig).toEqual({ S3OutputPath: 's3://out/', CollectionConfigurations: [{ CollectionName: 'losses', CollectionParameters: { save_interval: '50' } }] });
  });

  test.each<[BuiltInRule, { [name: string]: { [parameter: string]: string } }]>([
    [BuiltInRule.WEIGHT_UPDATE_RATIO, { weights: { save_interval: '500' } }],
    [BuiltInRule.CHECK_INPUT_IMAGES, { input_image: { include_regex: '.*hybridsequential0_input_0', save_interval: '500' } }],
    [BuiltInRule.DEAD_RELU, { relu_output: { include_regex: '.*relu_output', save_interval: '500' } }],
    [BuiltInRule.POOR_WEIGHT_INITIALIZATION, { relu_input: { include_regex: '.*relu_input', save_interval: '500' } }],
    [BuiltInRule.NLP_SEQUENCE_RATIO, { input_sequence: { include_regex: '.*embedding0_input_0', save_interval: '500' } }],
    [BuiltInRule.FEATURE_IMPORTANCE_OVERWEIGHT, { feature_importance: { save_interval: '500' } }],
    [BuiltInRule.CREATE_XGBOOST_REPORT, {
      feature_importance: { save_interval: '5' }, hyperparameters: { save_steps: '0' }, labels: { save_interval: '5' }, metrics: { save_interval: '5' }, predictions: { save_interval: '5' },
    }],
    [BuiltInRule.STALLED_TRAINING, {}],
  ])('%s wants its own collections saved', (rule, collections) => {
    const { DebugRuleConfigurations, DebugHookConfig } = debugged(rule);
    expect(DebugRuleConfigurations[0].RuleParameters).toEqual({ rule_to_invoke: rule });
    expect(DebugHookConfig.CollectionConfigurations).toEqual(Object.entries(collections).map(([CollectionName, CollectionParameters]) => ({ CollectionName, CollectionParameters })));
  });

  test('there are 21 of them, each of which makes a request', () => {
    const all = Object.values(BuiltInRule);
    expect(all).toHaveLength(21);
    for (const rule of all) { expect(debugged(rule).DebugRuleConfigurations[0].RuleConfigurationName).toBe(rule); }
  });

  test('has what several rules and the hook want saved once, in order of name, the hook\'s own wish last', () => {
    const { DebugHookConfig } = requestOf((stack) => ({
      debugHook: DebugHook.toBucket(bucketNamed(stack, 'tensors'), 'run/', { collections: { losses: { save_interval: '10' }, biases: {}, gradients: { save_interval: '500' } } }),
      debugRules: {
        a: MonitoringRule.builtIn(BuiltInRule.LOSS_NOT_DECREASING), b: MonitoringRule.builtIn(BuiltInRule.VANISHING_GRADIENT),
        c: MonitoringRule.builtIn(BuiltInRule.LOSS_NOT_DECREASING, { parameters: { num_steps: '2' } }), d: MonitoringRule.builtIn(BuiltInRule.OVERFIT),
      },
    }));
    expect(DebugHookConfig).toEqual({
      S3OutputPath: 's3://tensors/run/',
      CollectionConfigurations: [
        { CollectionName: 'biases' }, { CollectionName: 'gradients', CollectionParameters: { save_interval: '500' } },
        { CollectionName: 'losses', CollectionParameters: { save_interval: '500' } }, { CollectionName: 'losses', CollectionParameters: { save_interval: '10' } },
      ],
    });
  });
});

describe('The action of a rule', () => {
  const acting = (...actions: RuleAction[]): Props => () => ({ debugRules: { Overfit: MonitoringRule.builtIn(BuiltInRule.OVERFIT, { actions }) } });
  const jsonOf = (props: Props) => requestOf(props).DebugRuleConfigurations[0].RuleParameters.action_json;

  test('is text whose quotes are escaped, in the order of the Python SDK', () => {
    expect(jsonOf(acting(RuleAction.stopTraining(), RuleAction.email('a@b.co'))))
      .toBe('[{\\"name\\": \\"stoptraining\\", \\"training_job_prefix\\": \\"{JobName}\\"}, {\\"endpoint\\": \\"a@b.co\\", \\"name\\": \\"email\\"}]');
    expect(jsonOf(acting(RuleAction.stopTraining('others-'), RuleAction.sms('+14255550100'))))
      .toBe('[{\\"training_job_prefix\\": \\"others-\\", \\"name\\": \\"stoptraining\\"}, {\\"endpoint\\": \\"+14255550100\\", \\"name\\": \\"sms\\"}]');
  });

  test('to stop the job leaves its name to the handler, which makes it', () => {
    const rules = { a: MonitoringRule.builtIn(BuiltInRule.OVERFIT), b: MonitoringRule.builtIn(BuiltInRule.OVERFIT, { actions: [RuleAction.stopTraining()] }), c: MonitoringRule.builtIn(BuiltInRule.OVERFIT, { actions: [RuleAction.stopTraining('other')] }) };
    expect(jobOf(templateOf(() => ({ debugRules: rules }))).JobNameIn).toEqual(['DebugRuleConfigurations.1.RuleParameters.action_json']);
  });

  test('alone is no list', () => {
    expect(jsonOf(acting(RuleAction.stopTraining()))).toBe('{\\"name\\": \\"stoptraining\\", \\"training_job_prefix\\": \\"{JobName}\\"}');
  });

  test('to stop the job may stop the jobs of this construct and no others', () => {
    const template = templateOf(acting(RuleAction.stopTraining()));
    expect(allowing(template, 'TrainRole', 'sagemaker:StopTrainingJob').map(({ Resource }) => flat(Resource))).toEqual(['arn:<AWS::Partition>:sagemaker:us-west-2:123456789012:training-job/stack-train-*']);
    expect(allowing(template, 'TrainRole', 'sagemaker:ListTrainingJobs')).toHaveLength(1);
    expect(allowing(template, 'TrainRole', 'sns:Publish')).toEqual([]);
  });

  test('to send a message may use the topic of all rules and no other', () => {
    const template = templateOf(acting(RuleAction.email('team.digits@example.com')));
    const [statement] = allowing(template, 'TrainRole', 'sns:Publish');
    expect(statement.Action).toEqual(['sns:CreateTopic', 'sns:Publish', 'sns:Subscribe']);
    expect(flat(statement.Resource)).toBe('arn:<AWS::Partition>:sns:us-west-2:123456789012:SMDebugRules');
    expect(allowing(template, 'TrainRole', 'sagemaker:StopTrainingJob')).toEqual([]);
  });

  test.each<[string, RuleAction, string]>([
    ['an odd address', RuleAction.email('team'), 'debugRules/Overfit: actions: email must be an address: name@domain, got team'],
    ['an odd number', RuleAction.sms('0425'), 'debugRules/Overfit: actions: sms must be a number in the form of E.164'],
    ['an odd prefix', RuleAction.stopTraining('my_job'), 'debugRules/Overfit: actions: jobNamePrefix must be letters, digits and dashes, got my_job'],
  ])('rejects %s', (_what, action, message) => {
    expect(() => templateOf(acting(action))).toThrow(message);
  });
});

describe('A built-in rule of the profiler', () => {
  test('is the evaluator of the service, and has the profiler save with the artifact', () => {
    const { ProfilerRuleConfigurations, ProfilerConfig, DebugRuleConfigurations, DebugHookConfig } = requestOf(() => ({
      debugRules: { Overtraining: MonitoringRule.builtIn(BuiltInRule.OVERTRAINING) },
      profilerRules: { ProfilerReport: MonitoringRule.builtInProfiler(BuiltInProfilerRule.PROFILER_REPORT) },
    }));
    expect(DebugRuleConfigurations).toEqual([{ RuleConfigurationName: 'Overtraining', RuleEvaluatorImage: RULES_IMAGE, RuleParameters: { rule_to_invoke: 'Overtraining' } }]);
    expect(DebugHookConfig).toEqual({ S3OutputPath: 's3://out/', CollectionConfigurations: [] });
    expect(ProfilerRuleConfigurations).toEqual([{ RuleConfigurationName: 'ProfilerReport', RuleEvaluatorImage: RULES_IMAGE, RuleParameters: { rule_to_invoke: 'ProfilerReport' } }]);
    expect(ProfilerConfig).toEqual({ S3OutputPath: 's3://out/', DisableProfiler: false });
  });

  test.each<[BuiltInProfilerRule, { [name: string]: string }]>([
    [BuiltInProfilerRule.BATCH_SIZE, { cpu_threshold_p95: '70', gpu_threshold_p95: '70', gpu_memory_threshold_p95: '70', patience: '1000', window: '500' }],
    [BuiltInProfilerRule.CPU_BOTTLENECK, { threshold: '50', gpu_threshold: '10', cpu_threshold: '90', patience: '1000' }],
    [BuiltInProfilerRule.DATALOADER, { min_threshold: '70', max_threshold: '200' }],
    [BuiltInProfilerRule.GPU_MEMORY_INCREASE, { increase: '5', patience: '1000', window: '10' }],
    [BuiltInProfilerRule.IO_BOTTLENECK, { threshold: '50', gpu_threshold: '10', io_threshold: '50', patience: '1000' }],
    [BuiltInProfilerRule.LOAD_BALANCING, { threshold: '0.5', patience: '1000' }],
    [BuiltInProfilerRule.LOW_GPU_UTILIZATION, { threshold_p95: '70', threshold_p5: '10', window: '500', patience: '1000' }],
    [BuiltInProfilerRule.MAX_INITIALIZATION_TIME, { threshold: '20' }],
    [BuiltInProfilerRule.OVERALL_SYSTEM_USAGE, {}],
    [BuiltInProfilerRule.STEP_OUTLIER, { stddev: '3', mode: 'None', n_outliers: '10' }],
  ])('%s names all its parameters', (rule, parameters) => {
    const [{ RuleParameters }] = requestOf(() => ({ profilerRules: { rule: MonitoringRule.builtInProfiler(rule) } })).ProfilerRuleConfigurations;
    expect(RuleParameters).toEqual({ rule_to_invoke: rule, scan_interval_us: '60000000', ...parameters });
  });

  test('takes the user\'s parameters, and a report those of the rules it calls', () => {
    const rules = requestOf(() => ({
      profilerRules: {
        low: MonitoringRule.builtInProfiler(BuiltInProfilerRule.LOW_GPU_UTILIZATION, { parameters: { threshold_p95: '80' } }),
        report: MonitoringRule.builtInProfiler(BuiltInProfilerRule.PROFILER_REPORT, { parameters: { CPUBottleneck_gpu_threshold: '20', stepoutlier_mode: 'TRAIN' } }),
      },
    })).ProfilerRuleConfigurations;
    expect(rules[0].RuleParameters).toMatchObject({ threshold_p95: '80', threshold_p5: '10' });
    expect(rules[1].RuleParameters).toEqual({ rule_to_invoke: 'ProfilerReport', CPUBottleneck_gpu_threshold: '20', stepoutlier_mode: 'TRAIN' });
  });
});

describe('A custom rule', () => {
  const custom = { image: OWN_EVALUATOR, instanceType: 'ml.t3.medium', volumeSize: Size.gibibytes(30) };

  test('is told where its source is and what to call there', () => {
    const template = templateOf((stack) => ({
      debugRules: {
        custom: MonitoringRule.custom({
          ...custom, source: RuleSource.fromBucket(bucketNamed(stack, 'my-bucket'), 'rules/custom_rule.py'), ruleToInvoke: 'CustomRule', parameters: { threshold: '20' }, collectionsToSave: { gradients: {} },
        }),
      },
    }));
    const { DebugRuleConfigurations, DebugHookConfig } = jobOf(template).Request;
    expect(DebugRuleConfigurations).toEqual([{
      RuleConfigurationName: 'custom', RuleEvaluatorImage: '759209512951.dkr.ecr.us-west-2.amazonaws.com/sagemaker-debugger-rule-evaluator:latest', InstanceType: 'ml.t3.medium', VolumeSizeInGB: 30,
      RuleParameters: { source_s3_uri: 's3://my-bucket/rules/custom_rule.py', rule_to_invoke: 'CustomRule', threshold: '20' },
    }]);
    expect(DebugHookConfig).toEqual({ S3OutputPath: 's3://out/', CollectionConfigurations: [{ CollectionName: 'gradients' }] });
    expect(allowing(template, 'TrainRole', 's3:GetObject').map(({ Resource }) => flat(Resource))).toContain('arn:<AWS::Partition>:s3:::my-bucket/rules/custom_rule.py');
  });

  test('of a file of the app keeps the file\'s name; its content counts in the run key, and the job waits for it', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'rule-')), 'my_rule.py');
    writeFileSync(file, 'class MyRule: pass\n');
    const template = templateOf(() => ({ debugRules: { own: MonitoringRule.custom({ ...custom, source: RuleSource.fromFile(file), ruleToInvoke: 'MyRule' }) } }));
    const { Request, Content } = jobOf(template);
    expect(flat(Request.DebugRuleConfigurations[0].RuleParameters.source_s3_uri)).toMatch(/^s3:\/\/<SageMakerBucket\w+>\/inputs\/[0-9a-f]{64}\/my_rule\.py$/);
    expect(Content['DebugRuleConfigurations.own.RuleParameters.source_s3_uri']).toMatch(/^[0-9a-f]{64}$/);
    expect(only(template, 'Custom::SageMakerTrainingJob').DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^SageMakerInputs.*CustomResource/)]));
  });

  test('watches the profiler as well', () => {
    const rules = { own: MonitoringRule.custom({ ...custom, source: RuleSource.fromS3Uri('s3://my-bucket/rules/r.py'), ruleToInvoke: 'R' }) };
    expect(requestOf(() => ({ profilerRules: rules })).ProfilerRuleConfigurations).toEqual([expect.objectContaining({ RuleParameters: { source_s3_uri: 's3://my-bucket/rules/r.py', rule_to_invoke: 'R' } })]);
  });
});

describe('The rules of a job', () => {
  const overfit = { Overfit: MonitoringRule.builtIn(BuiltInRule.OVERFIT) };

  test('log and measure as the processing jobs they are; a job without rules does not', () => {
    const groups = (props: Props) => allowing(templateOf(props), 'TrainRole', 'logs:PutLogEvents').flatMap(({ Resource }) => [Resource].flat().map(flat));
    const LOGS = 'arn:<AWS::Partition>:logs:us-west-2:123456789012:log-group:/aws/sagemaker/';
    expect(groups(() => ({ debugRules: overfit }))).toEqual([`${LOGS}TrainingJobs`, `${LOGS}TrainingJobs:*`, `${LOGS}ProcessingJobs`, `${LOGS}ProcessingJobs:*`]);
    expect(groups(() => ({}))).toEqual([`${LOGS}TrainingJobs`, `${LOGS}TrainingJobs:*`]);
    const namespaces = allowing(templateOf(() => ({ debugRules: overfit })), 'TrainRole', 'cloudwatch:PutMetricData').map(({ Condition }) => Condition.StringEquals['cloudwatch:namespace']);
    expect(namespaces).toEqual(['/aws/sagemaker/TrainingJobs', '/aws/sagemaker/ProcessingJobs']);
  });

  test('may read what the job saves with its artifact, and pull their image', () => {
    const template = templateOf((stack) => ({ output: OutputLocation.fromBucket(bucketNamed(stack, 'own'), 'models'), debugRules: overfit }));
    expect(jobOf(template).Request.DebugHookConfig.S3OutputPath).toBe('s3://own/models');
    expect(allowing(template, 'TrainRole', 's3:GetObject').map(({ Resource }) => flat(Resource))).toEqual(['arn:<AWS::Partition>:s3:::own/models/*']);
    expect(allowing(template, 'TrainRole', 'ecr:BatchGetImage').map(({ Resource }) => flat(Resource))).toContain('arn:<AWS::Partition>:ecr:us-west-2:895741380848:repository/sagemaker-debugger-rules');
  });

  test('find their image in the Region of the deployment where the stack has none', () => {
    const stack = emptyStack();
    trainingIn(stack, { debugRules: overfit, profilerRules: { Report: MonitoringRule.builtInProfiler(BuiltInProfilerRule.PROFILER_REPORT) } });
    const template = Template.fromStack(stack);
    const found = { 'Fn::FindInMap': ['SageMakerImagesDebugger', { Ref: 'AWS::Region' }, 'account'] };
    expect(jobOf(template).Request.DebugRuleConfigurations[0].RuleEvaluatorImage).toEqual({
      'Fn::Join': ['', [found, '.dkr.ecr.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }, '/sagemaker-debugger-rules:latest']],
    });
    template.hasMapping('SageMakerImagesDebugger', { 'eu-west-1': { account: '929884845733' }, 'cn-north-1': { account: '618459771430' } });
  });

  test('have the suffix of China there', () => {
    const [rule] = jobOf(templateOf(() => ({ debugRules: overfit }), 'cn-north-1')).Request.DebugRuleConfigurations;
    expect(rule.RuleEvaluatorImage).toBe('618459771430.dkr.ecr.cn-north-1.amazonaws.com.cn/sagemaker-debugger-rules:latest');
  });

  test('count by what their images hold', () => {
    const directory = mkdtempSync(join(tmpdir(), 'rule-'));
    writeFileSync(join(directory, 'Dockerfile'), 'FROM scratch\n');
    mkdirSync(join(directory, 'src'));
    const digest = `sha256:${'a'.repeat(64)}`;
    const { Content } = jobOf(templateOf(() => ({
      debugRules: {
        built: MonitoringRule.image(ContainerImage.fromAsset(directory)), fixed: MonitoringRule.image(ContainerImage.fromUri(IMAGE_URI.replace(':1.0', `@${digest}`))),
        named: MonitoringRule.image(ContainerImage.fromUri(IMAGE_URI)),
      },
    })));
    expect(Content).toEqual({ 'DebugRuleConfigurations.built.RuleEvaluatorImage': expect.stringMatching(/^[0-9a-f]{64}$/), 'DebugRuleConfigurations.fixed.RuleEvaluatorImage': digest });
  });

  const image = ContainerImage.fromUri(IMAGE_URI);
  const wrong = (value: unknown) => value as BuiltInRule;
  test.each<[string, Props, string]>([
    ['what is no rule', () => ({ debugRules: { x: 'x' as unknown as MonitoringRule } }), 'Stack/Train: debugRules.x must be a MonitoringRule, got x'],
    ['a rule that there is not', () => ({ debugRules: { x: MonitoringRule.builtIn(wrong('Underfit')) } }), 'Stack/Train/debugRules/x: rule must be one of AllZero, CheckInputImages'],
    ['a rule of the profiler that there is not', () => ({ profilerRules: { x: MonitoringRule.builtInProfiler('Fast' as BuiltInProfilerRule) } }), 'Stack/Train/profilerRules/x: rule must be one of BatchSize'],
    ['no rule', () => ({ debugRules: { x: MonitoringRule.builtIn(wrong(undefined)) } }), 'Stack/Train/debugRules/x: rule must be one of AllZero, CheckInputImages'],
    ['no rule of the profiler', () => ({ profilerRules: { x: MonitoringRule.builtInProfiler(wrong(undefined) as any) } }), 'Stack/Train/profilerRules/x: rule must be one of BatchSize'],
    ['collections of a rule in a list', () => ({ debugRules: { x: MonitoringRule.builtIn(BuiltInRule.OVERFIT, { collectionsToSave: wrong(['losses']) as any }) } }), 'Stack/Train/debugRules/x: collectionsToSave must be a map by name, got ["losses"]'],
    ['collections of a hook in a list', () => ({ debugHook: DebugHook.toOutput({ collections: wrong(['losses']) as any }) }), 'Stack/Train: debugHook.collections must be a map by name, got ["losses"]'],
    ['a collection that is no map', () => ({ debugHook: DebugHook.toOutput({ collections: wrong({ losses: '10' }) as any }) }), 'debugHook.collections.losses must be a map by name, got 10'],
    ['parameters of a hook in a list', () => ({ debugHook: DebugHook.toOutput({ parameters: wrong(['a']) as any }) }), 'debugHook.parameters must be a map by name, got ["a"]'],
    ['a rule of the profiler for the debugger', () => ({ debugRules: { x: MonitoringRule.builtInProfiler(BuiltInProfilerRule.BATCH_SIZE) } }), 'debugRules.x must be one of profilerRules instead'],
    ['a rule of the debugger for the profiler', () => ({ profilerRules: overfit }), 'profilerRules.Overfit must be one of debugRules instead'],
    ['actions of a rule of the profiler', () => ({ profilerRules: { x: MonitoringRule.custom({ image, instanceType: 'ml.t3.medium', volumeSize: Size.gibibytes(1), actions: [] }) } }), 'profilerRules.x must be one of debugRules instead'],
    ['another rule by the parameters', () => ({ debugRules: { x: MonitoringRule.builtIn(BuiltInRule.OVERFIT, { parameters: { rule_to_invoke: 'Own' } }) } }), 'parameters.rule_to_invoke must be left out for a built-in rule, got Own'],
    ['actions by the parameters', () => ({ debugRules: { x: MonitoringRule.builtIn(BuiltInRule.OVERFIT, { parameters: { action_json: '{}' } }) } }), 'parameters.action_json must be left out; actions are given by actions'],
    ['a source without a rule in it', () => ({ debugRules: { x: MonitoringRule.custom({ image, instanceType: 'ml.t3.medium', volumeSize: Size.gibibytes(1), source: RuleSource.fromS3Uri('s3://b/r.py') }) } }), 'source must come with ruleToInvoke, and the other way round, got no ruleToInvoke'],
    ['a rule without its source', () => ({ debugRules: { x: MonitoringRule.custom({ image, instanceType: 'ml.t3.medium', volumeSize: Size.gibibytes(1), ruleToInvoke: 'R' }) } }), 'source must come with ruleToInvoke, and the other way round, got no source'],
    ['a source that is not there', () => ({ debugRules: { x: MonitoringRule.custom({ image, instanceType: 'ml.t3.medium', volumeSize: Size.gibibytes(1), source: RuleSource.fromFile('nowhere.py'), ruleToInvoke: 'R' }) } }), 'source must be a file that exists, got nowhere.py'],
    ['a source elsewhere', () => ({ debugRules: { x: MonitoringRule.custom({ image, instanceType: 'ml.t3.medium', volumeSize: Size.gibibytes(1), source: RuleSource.fromS3Uri('http://b/r.py'), ruleToInvoke: 'R' }) } }), 'source must be at s3://bucket/key, got http://b/r.py'],
    ['trials elsewhere', () => ({ debugRules: { x: MonitoringRule.builtIn(BuiltInRule.SIMILAR_ACROSS_RUNS, { otherTrials: ['s3://a/b', '/tmp'] }) } }), 'otherTrials[1] must be at s3://bucket/prefix, got /tmp'],
    ['a prefix without a bucket', () => ({ debugRules: { x: MonitoringRule.image(image, { outputPrefix: 'x/' }) } }), 'Stack/Train/debugRules/x: outputPrefix must come with outputBucket, got x/'],
    ['an image in a registry of one\'s own', (stack) => ({ debugRules: { x: MonitoringRule.image(ContainerImage.fromRegistry('registry.example.com/rule:1', { credentialsProvider: login(stack) })) } }), 'Stack/Train/debugRules/x: image must be in Amazon ECR for a rule, got registry.example.com/rule:1'],
    ['a parameter of no rule', () => ({ profilerRules: { x: MonitoringRule.builtInProfiler(BuiltInProfilerRule.DATALOADER, { parameters: { threshold: '5' } }) } }), 'parameters must be one of min_threshold, max_threshold, scan_interval_us, got threshold'],
    ['a share above 100', () => ({ profilerRules: { x: MonitoringRule.builtInProfiler(BuiltInProfilerRule.CPU_BOTTLENECK, { parameters: { threshold: '101' } }) } }), 'parameters.threshold must be a number between 0 and 100, got 101'],
    ['patience of none', () => ({ profilerRules: { x: MonitoringRule.builtInProfiler(BuiltInProfilerRule.CPU_BOTTLENECK, { parameters: { patience: '0' } }) } }), 'parameters.patience must be a number above 0, got 0'],
    ['a report on no rule', () => ({ profilerRules: { x: MonitoringRule.builtInProfiler(BuiltInProfilerRule.PROFILER_REPORT, { parameters: { Fast_threshold: '1' } }) } }), 'parameters.Fast_threshold must begin with one of BatchSize'],
    ['a report on no parameter', () => ({ profilerRules: { x: MonitoringRule.builtInProfiler(BuiltInProfilerRule.PROFILER_REPORT, { parameters: { Dataloader_window: '1' } }) } }), 'the parameter of Dataloader must be one of min_threshold, max_threshold, scan_interval_us, got window'],
    ['a report by an odd name', () => ({ profilerRules: { x: MonitoringRule.builtInProfiler(BuiltInProfilerRule.PROFILER_REPORT, { parameters: { threshold: '1' } }) } }), 'parameters must be called <rule>_<parameter>, got threshold'],
    ['rules of a profiler that is off', () => ({ profiler: Profiler.disabled(), profilerRules: { x: MonitoringRule.image(image) } }), 'profilerRules must be left out where the profiler is disabled'],
    ['rules of the profiler on Trainium', () => ({ capacity: Capacity.onDemand({ instanceType: 'ml.trn1.2xlarge' }), profilerRules: { x: MonitoringRule.image(image) } }), 'profiler must be left out, with its rules, for instances with Trainium, got ml.trn1.2xlarge'],
  ])('rejects %s', (_what, props, message) => {
    expect(() => templateOf(props)).toThrow(message);
  });

  test('needs no hook where the hook is disabled', () => {
    const off = templateOf(() => ({ debugRules: { Loss: MonitoringRule.builtIn(BuiltInRule.LOSS_NOT_DECREASING) }, debugHook: DebugHook.disabled() }));
    const { DebugRuleConfigurations, DebugHookConfig } = jobOf(off).Request;
    expect(DebugRuleConfigurations.map((rule: any) => rule.RuleConfigurationName)).toEqual(['Loss']);
    expect(DebugHookConfig).toBeUndefined();
    expect(requestOf(() => ({ debugHook: DebugHook.disabled() }))).not.toHaveProperty('DebugHookConfig');
    expect(() => templateOf(() => ({ debugHook: DebugHook.disabled() }), 'me-central-1')).not.toThrow();
    expect(() => templateOf(() => ({ debugHook: DebugHook.disabled(), debugRules: { x: MonitoringRule.image(image) } }), 'me-central-1')).toThrow('Stack/Train: debugRules must be left out in this Region');
  });

  test('rejects a Region without a debugger, and one without the image', () => {
    expect(() => templateOf(() => ({ debugRules: { x: MonitoringRule.image(image) } }), 'eu-south-2')).toThrow('Stack/Train: debugRules must be left out in this Region, which has no debugger, got eu-south-2');
    expect(() => templateOf(() => ({ debugHook: DebugHook.toOutput() }), 'me-central-1')).toThrow('Stack/Train: debugHook must be left out in this Region');
    expect(() => templateOf(() => ({ debugRules: overfit }), 'ca-west-1')).toThrow(/Stack\/Train\/debugRules\/Overfit: image.region must be one of af-south-1, .*, got ca-west-1/);
  });
});
