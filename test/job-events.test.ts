import { Match, Template } from 'aws-cdk-lib/assertions';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { App, CfnOutput, Fn, Stack, type StackProps } from 'aws-cdk-lib/core';
import {
  Capacity, ContainerImage, DataSource, HyperparameterTuningJob, JobEvent, Model, ProcessingJob, TrainingJob, TransformJob, type IJobEvents, type ProcessingJobProps,
} from 'cdk-sagemaker';
import { OWNER_TAGS } from '../lib/handler/contract';
import { bucketNamed, emptyStack, IMAGE_URI, ofType, only, trainingIn, tuningIn } from './support/stacks';
import { isMatch } from './support/event-rules';

const STACK_ID = 'arn:aws:cloudformation:eu-west-1:123456789012:stack/Stack/1';
const HASH = '0123456789';
const image = ContainerImage.fromUri(IMAGE_URI);

const KINDS: { [kind: string]: { readonly word: string; readonly detailType: string; readonly make: (stack: Stack, id: string) => IJobEvents; readonly imported: (stack: Stack) => IJobEvents; readonly resource: string } } = {
  TrainingJob: {
    word: 'training-job', detailType: 'SageMaker Training Job State Change', resource: 'Custom::SageMakerTrainingJob',
    make: (stack, id) => trainingIn(stack, {}, id), imported: (stack) => TrainingJob.fromTrainingJobName(stack, 'Old', 'Old-1'),
  },
  HyperParameterTuningJob: {
    word: 'hyper-parameter-tuning-job', detailType: 'SageMaker HyperParameter Tuning Job State Change', resource: 'Custom::SageMakerHyperParameterTuningJob',
    make: (stack, id) => tuningIn(stack, {}, {}, id), imported: (stack) => HyperparameterTuningJob.fromHyperparameterTuningJobName(stack, 'Old', 'Old-1'),
  },
  TransformJob: {
    word: 'transform-job', detailType: 'SageMaker Transform Job State Change', resource: 'Custom::SageMakerTransformJob',
    make: (stack, id) => new TransformJob(stack, id, {
      model: stack.node.tryFindChild('Model') as Model | undefined ?? new Model(stack, 'Model', { image }), input: DataSource.fromBucket(bucketNamed(stack, `data-${id.toLowerCase()}`), 'batch/'), instanceType: 'ml.m5.xlarge',
    }),
    imported: (stack) => TransformJob.fromTransformJobName(stack, 'Old', 'Old-1'),
  },
};

const processing = (stack: Stack, props: Partial<ProcessingJobProps> = {}) => new ProcessingJob(stack, 'Prepare', { image, capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }), ...props });
const patternOf = (stack: Stack) => only(Template.fromStack(stack), 'AWS::Events::Rule').Properties.EventPattern;

describe.each(Object.entries(KINDS))('Events of a job of the kind %s', (kind, { word, detailType, make, imported, resource }) => {
  /** What a run of a job looks like from outside. */
  const event = (name: string, status: string, Tags: unknown) => ({
    'source': 'aws.sagemaker', 'detail-type': detailType,
    'detail': { [`${kind}Name`]: name, [`${kind}Arn`]: `arn:aws:sagemaker:eu-west-1:123456789012:${word}/${name}`, [`${kind}Status`]: status, Tags },
  });

  /** Two jobs, the name of the second of which begins with that of the first; the rule is that of the first. */
  function neighbours(rule: (job: IJobEvents) => void) {
    const stack = emptyStack();
    rule(make(stack, 'Train'));
    make(stack, 'Train-two');
    const [first, second] = ofType(Template.fromStack(stack), resource).map(([logicalId, { Properties }]) => ({ prefix: Properties.NamePrefix as string, logicalId }));
    const tags = (logicalId: string) => ({ [OWNER_TAGS.stack]: STACK_ID, [OWNER_TAGS.logicalId]: logicalId, [OWNER_TAGS.request]: '1' });
    expect(second!.prefix.startsWith(`${first!.prefix}-`)).toBe(true);
    return { first: first!, second: second!, pattern: patternOf(stack), tags, sees: (name: string, status: string, Tags: unknown) => isMatch(patternOf(stack), event(name, status, Tags), { 'AWS::StackId': STACK_ID }) };
  }

  test.each<[string, (job: IJobEvents) => void, string[]]>([
    ['onStateChange', (job) => job.onStateChange('Rule'), ['InProgress', 'Completed', 'Failed', 'Stopping', 'Stopped']],
    ['onCompleted', (job) => job.onCompleted('Rule'), ['Completed']],
    ['onFailed', (job) => job.onFailed('Rule'), ['Failed']],
    ['onStopped', (job) => job.onStopped('Rule'), ['Stopped']],
  ])('%s sees the statuses it is for', (_method, rule, seen) => {
    const { first, sees } = neighbours(rule);
    const all = ['InProgress', 'Completed', 'Failed', 'Stopping', 'Stopped'];
    expect(all.filter((status) => sees(`${first.prefix}-${HASH}`, status, {}))).toEqual(seen);
  });

  test('are of every run of it, the ones that were launched again included', () => {
    const { first, tags, sees } = neighbours((job) => job.onFailed('Rule'));
    expect(sees(`${first.prefix}-${HASH}`, 'Failed', tags(first.logicalId))).toBe(true);
    expect(sees(`${first.prefix}-${HASH}-2`, 'Failed', tags(first.logicalId))).toBe(true);
    expect(sees(`${first.prefix}-${HASH}-2`, 'Failed', Object.entries(tags(first.logicalId)).map(([Key, Value]) => ({ Key, Value })))).toBe(true);
  });

  test('are not those of a neighbour whose name begins with its own', () => {
    const { second, tags, sees } = neighbours((job) => job.onFailed('Rule'));
    for (const name of [`${second.prefix}-${HASH}`, `${second.prefix}-${HASH}-2`]) {
      expect(sees(name, 'Failed', {})).toBe(false);
      expect(sees(name, 'Failed', tags(second.logicalId))).toBe(false);
      expect(sees(name, 'Failed', Object.entries(tags(second.logicalId)).map(([Key, Value]) => ({ Key, Value })))).toBe(false);
    }
  });

  test('are not those of another stack, or of another kind', () => {
    const { first, tags, sees, pattern } = neighbours((job) => job.onFailed('Rule'));
    expect(sees(`other-${first.prefix}-${HASH}`, 'Failed', {})).toBe(false);
    expect(sees(`${first.prefix}-x-${HASH}`, 'Failed', { ...tags(first.logicalId), [OWNER_TAGS.stack]: `${STACK_ID}2` })).toBe(false);
    expect(isMatch(pattern, { ...event(`${first.prefix}-${HASH}`, 'Failed', {}), 'detail-type': 'SageMaker Endpoint State Change' })).toBe(false);
    expect(isMatch(pattern, { ...event(`${first.prefix}-${HASH}`, 'Failed', {}), source: 'mine' })).toBe(false);
  });

  test('of one made elsewhere are found by its exact name', () => {
    const stack = emptyStack();
    imported(stack).onCompleted('Rule');
    expect(patternOf(stack)).toEqual({ 'source': ['aws.sagemaker'], 'detail-type': [detailType], 'detail': { [`${kind}Name`]: ['Old-1'], [`${kind}Status`]: ['Completed'] } });
  });
});

describe('Rules for events of a job', () => {
  test('have the target, the name and the additional pattern that are given', () => {
    const stack = emptyStack();
    trainingIn(stack).onFailed('Rule', { target: new SqsQueue(new Queue(stack, 'Queue')), ruleName: 'failures', description: 'Mine', eventPattern: { account: ['123456789012'] } });
    Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
      Name: 'failures', Description: 'Mine', EventPattern: Match.objectLike({ account: ['123456789012'] }), Targets: [Match.objectLike({ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Queue'), 'Arn'] } })],
    });
  });

  test('are there before the job is, and refer to nothing of it', () => {
    const stack = emptyStack();
    trainingIn(stack).onFailed('Rule');
    const rule = only(Template.fromStack(stack), 'AWS::Events::Rule');
    expect(rule.DependsOn).toBeUndefined();
    expect(JSON.stringify(rule.Properties)).not.toMatch(/GetAtt|"Ref":"Train/);
  });

  test('of a job that is adopted see that job alone', () => {
    const stack = emptyStack();
    trainingIn(stack, { adopt: { name: 'Digits-2023' } }).onFailed('Rule');
    expect(patternOf(stack).detail).toEqual({ TrainingJobName: ['Digits-2023'], TrainingJobStatus: ['Failed'] });
  });

  test('of a processing job know it by its own role, from its first run on', () => {
    const stack = emptyStack();
    processing(stack).onFailed('Rule');
    expect(patternOf(stack)).toEqual({
      'source': ['aws.sagemaker'], 'detail-type': ['SageMaker Processing Job State Change'], 'detail': { RoleArn: [{ 'Fn::GetAtt': ['PrepareRole35546079', 'Arn'] }], ProcessingJobStatus: ['Failed'] },
    });
  });

  test('of a processing job with a role that is given know it by its ARN, and of one made elsewhere by its name', () => {
    const [stack, other] = [emptyStack(), emptyStack()];
    processing(stack, { role: new Role(stack, 'Mine', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') }) }).onFailed('Rule');
    expect(patternOf(stack).detail.ProcessingJobArn).toEqual([{ 'Fn::GetAtt': [expect.stringMatching(/^Prepare/), 'ProcessingJobArn'] }]);
    ProcessingJob.fromProcessingJobName(other, 'Old', 'Old-1').onStopped('Rule');
    expect(patternOf(other).detail).toEqual({ ProcessingJobName: ['Old-1'], ProcessingJobStatus: ['Stopped'] });
  });

  test('reject what is no name', () => {
    expect(() => trainingIn(emptyStack()).onFailed(undefined as never)).toThrow('Stack/Train: id must be text');
  });
});

describe('A job that notifies a topic', () => {
  const IRELAND = { env: { account: '123456789012', region: 'eu-west-1' } };
  function told(props: StackProps, notify: (stack: Stack, job: TrainingJob) => void = (stack, job) => { job.notify(new Topic(stack, 'Topic')); }): Template {
    const stack = emptyStack('Stack', props);
    notify(stack, trainingIn(stack));
    return Template.fromStack(stack);
  }
  const ruleOf = (template: Template) => only(template, 'AWS::Events::Rule').Properties;

  test('says which job, how it ended, why, and where to read on', () => {
    const [target] = ruleOf(told(IRELAND)).Targets;
    expect(target.InputTransformer).toEqual({
      InputPathsMap: { name: '$.detail.TrainingJobName', status: '$.detail.TrainingJobStatus', reason: '$.detail.FailureReason' },
      InputTemplate: [
        '"SageMaker training job <name>: <status>"',
        '"Reason, if it failed: <reason>"',
        '"Construct: Stack/Train"',
        '"Console: https://eu-west-1.console.aws.amazon.com/sagemaker/home?region=eu-west-1#/jobs/<name>"',
        '"Logs: https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/$252Faws$252Fsagemaker$252FTrainingJobs$3FlogStreamNameFilter$3D<name>$252F"',
      ].join('\n'),
    });
  });

  test('does so when it has ended, or with those ends alone that are said', () => {
    expect(ruleOf(told(IRELAND)).EventPattern.detail.TrainingJobStatus).toEqual(['Completed', 'Failed', 'Stopped']);
    expect(ruleOf(told(IRELAND, (stack, job) => job.notify(new Topic(stack, 'Topic'), { on: [JobEvent.FAILED] }))).EventPattern.detail.TrainingJobStatus).toEqual(['Failed']);
  });

  test('lets EventBridge send to the topic, and use the key of an encrypted one', () => {
    const template = told(IRELAND, (stack, job) => job.notify(new Topic(stack, 'Topic', { masterKey: new Key(stack, 'Key') })));
    const toEventBridge = (policy: any) => policy.Statement.filter(({ Principal }: any) => Principal.Service === 'events.amazonaws.com').map(({ Action, Effect }: any) => ({ Action, Effect }));
    expect(toEventBridge(only(template, 'AWS::SNS::TopicPolicy').Properties.PolicyDocument)).toEqual([{ Action: 'sns:Publish', Effect: 'Allow' }]);
    expect(toEventBridge(only(template, 'AWS::KMS::Key').Properties.KeyPolicy)).toEqual([{ Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Effect: 'Allow' }]);
  });

  test('has no links in a partition whose console has no address', () => {
    const { InputTemplate } = ruleOf(told({ env: { account: '123456789012', region: 'us-iso-east-1' } })).Targets[0].InputTransformer;
    expect(InputTemplate.split('\n')).toHaveLength(3);
  });

  test('rejects a topic that is notified already, no end at all and what is no end', () => {
    expect(() => told(IRELAND, (stack, job) => { const topic = new Topic(stack, 'Topic'); job.notify(topic); job.notify(topic); })).toThrow('Stack/Train: topic must be one that is not notified yet');
    expect(() => told(IRELAND, (stack, job) => job.notify(new Topic(stack, 'Topic'), { on: [] }))).toThrow('Stack/Train: on must have 1 to 3 entries, got 0');
    expect(() => told(IRELAND, (stack, job) => job.notify(new Topic(stack, 'Topic'), { on: ['Ended' as JobEvent] }))).toThrow('Stack/Train: on[0] must be one of Completed, Failed, Stopped, got Ended');
    expect(() => told(IRELAND, (_stack, job) => job.notify('arn' as never))).toThrow('Stack/Train: topic must be a topic');
  });

  test('rejects a topic that no rule can send to: one that keeps an order, and one of another Region', () => {
    expect(() => told(IRELAND, (stack, job) => job.notify(new Topic(stack, 'Topic', { fifo: true })))).toThrow('Stack/Train: topic must be a standard topic: what is told here goes to no FIFO topics, got Stack/Topic');
    for (const [region, name, words] of [['eu-west-1', 'ends.fifo', 'topic must be a standard topic'], ['eu-central-1', 'ends', 'topic must be in the region of the stack, eu-west-1, got eu-central-1']]) {
      expect(() => told(IRELAND, (stack, job) => job.notify(Topic.fromTopicArn(stack, 'Topic', `arn:aws:sns:${region}:123456789012:${name}`)))).toThrow(`Stack/Train: ${words}`);
    }
    expect(() => told(IRELAND, (stack, job) => job.notify(new Topic(stack, 'Topic'), { on: [JobEvent.FAILED, JobEvent.FAILED] }))).toThrow('Stack/Train: on must be unique, got Failed twice');
  });

  test('takes a topic of which nobody knows yet where it is', () => {
    told(IRELAND, (stack, job) => job.notify(Topic.fromTopicArn(stack, 'Topic', Fn.importValue('topic')))).resourceCountIs('AWS::Events::Rule', 1);
    told({}, (_stack, job) => job.notify(Topic.fromTopicArn(job as unknown as Stack, 'Topic', 'arn:aws:sns:eu-west-1:123456789012:ends'))).resourceCountIs('AWS::Events::Rule', 1);
  });

  test('rejects a target that is none, and a pattern of other ends than its own', () => {
    expect(() => told(IRELAND, (stack, job) => job.onFailed('F', { target: new Topic(stack, 'Topic') as never }))).toThrow('Stack/Train: target must be a target of a rule');
    expect(() => told(IRELAND, (_stack, job) => job.onFailed('F', { eventPattern: { detail: { TrainingJobStatus: ['Completed'] } } }))).toThrow('Stack/Train: eventPattern.detail.TrainingJobStatus must be left out');
  });

  test('tells two topics', () => {
    told(IRELAND, (stack, job) => { job.notify(new Topic(stack, 'One')); job.notify(new Topic(stack, 'Two')); }).resourceCountIs('AWS::Events::Rule', 2);
  });
});

describe('Links of a job', () => {
  const links = (region: string | undefined, make: (stack: Stack) => IJobEvents = (stack) => TrainingJob.fromTrainingJobName(stack, 'Old', 'Old-1')) => {
    const stack = new Stack(new App(), 'Stack', region === undefined ? {} : { env: { account: '123456789012', region } });
    const { consoleUrl, logsUrl } = make(stack);
    return { stack, consoleUrl, logsUrl };
  };

  test.each([
    ['eu-west-1', 'console.aws.amazon.com'], ['cn-north-1', 'console.amazonaws.cn'], ['us-gov-west-1', 'console.amazonaws-us-gov.com'],
  ])('lead to the console of the partition in %s', (region, domain) => {
    expect(links(region).consoleUrl).toBe(`https://${region}.${domain}/sagemaker/home?region=${region}#/jobs/Old-1`);
    expect(links(region).logsUrl).toMatch(`https://${region}.${domain}/cloudwatch/home?region=${region}#logsV2:log-groups/log-group/`);
  });

  test('are empty where no console is known', () => expect([links('us-iso-east-1').consoleUrl, links('us-isob-east-1').logsUrl]).toEqual(['', '']));

  test.each<[string, (stack: Stack) => IJobEvents, string, string]>([
    ['a tuning job', KINDS.HyperParameterTuningJob!.imported, '#/hyper-tuning-jobs/Old-1', '$252FTrainingJobs$3FlogStreamNameFilter$3DOld-1-'],
    ['a transform job', KINDS.TransformJob!.imported, '#/transform-jobs/Old-1', '$252FTransformJobs$3FlogStreamNameFilter$3DOld-1$252F'],
    ['a processing job', (stack) => ProcessingJob.fromProcessingJobName(stack, 'Old', 'Old-1'), '#/processing-jobs/Old-1', '$252FProcessingJobs$3FlogStreamNameFilter$3DOld-1$252F'],
  ])('of %s are those of its kind', (_kind, make, page, log) => {
    expect(links('eu-west-1', make).consoleUrl.endsWith(page)).toBe(true);
    expect(links('eu-west-1', make).logsUrl.endsWith(log)).toBe(true);
  });

  test('are found by CloudFormation where only it knows the Region, and are empty there too where no console is known', () => {
    const { stack, consoleUrl, logsUrl } = links(undefined);
    new CfnOutput(stack, 'Console', { value: consoleUrl });
    new CfnOutput(stack, 'Log', { value: logsUrl });
    const { Outputs, Mappings, Conditions } = Template.fromStack(stack).toJSON();
    const domain = { 'Fn::FindInMap': ['SageMakerConsole', { Ref: 'AWS::Partition' }, 'Domain'] };
    expect(Conditions.SageMakerConsoleIsKnown).toEqual({ 'Fn::Not': [{ 'Fn::Equals': [domain, 'none'] }] });
    expect(Outputs.Console.Value).toEqual({
      'Fn::If': ['SageMakerConsoleIsKnown', { 'Fn::Join': ['', ['https://', { Ref: 'AWS::Region' }, '.', domain, '/sagemaker/home?region=', { Ref: 'AWS::Region' }, '#/jobs/Old-1']] }, ''],
    });
    expect(Outputs.Log.Value['Fn::If'][2]).toBe('');
    expect(Object.fromEntries(Object.entries(Mappings.SageMakerConsole as { [partition: string]: { Domain: string } }).map(([partition, { Domain }]) => [partition, Domain])))
      .toMatchObject({ 'aws': 'console.aws.amazon.com', 'aws-cn': 'console.amazonaws.cn', 'aws-us-gov': 'console.amazonaws-us-gov.com', 'aws-iso': 'none', 'aws-iso-f': 'none' });
  });
});
