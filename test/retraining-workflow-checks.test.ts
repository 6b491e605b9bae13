import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { StringParameter, type IStringParameter } from 'aws-cdk-lib/aws-ssm';
import { App, Duration, Lazy, Stack, TimeZone } from 'aws-cdk-lib/core';
import {
  BatchDataCapture, Checkpoints, ContainerImage, DataSource, Metric, Model, ModelData, OutputCompression, OutputLocation, Retraining, RetrainingTrigger, RetrainingWorkflow, TensorBoardOutput, type NewDataOptions, type RetrainingWorkflowProps,
  type TrainingOptions,
} from 'cdk-sagemaker';
import { ACCOUNT, Deployed, REGION } from './support/policy';
import { IMAGE_URI, trainingIn, trainingProps, tuningDefinition, tuningIn } from './support/stacks';

/** A stack with a workflow; beside it others of the app. */
function made(props: (stack: Stack) => Partial<RetrainingWorkflowProps>) {
  const stack = new Stack(new App(), 'Learn', { env: { account: ACCOUNT, region: REGION } });
  return new RetrainingWorkflow(stack, 'Retrain', { job: Retraining.train(trainingProps()), ...props(stack) });
}

const bucketIn = (stack: Stack) => (stack.node.tryFindChild('Out') ?? Bucket.fromBucketName(stack, 'Out', 'out')) as Bucket;

describe('New data that the jobs of the workflow write', () => {
  type MadeJob = (bucket: Bucket, stack: Stack) => Retraining;
  const train = (props: (bucket: Bucket) => Partial<TrainingOptions>): MadeJob => (bucket) => Retraining.train({ ...trainingProps(), ...props(bucket) });
  const below = (prefix?: string, compression?: OutputCompression): MadeJob => train((bucket) => ({ output: OutputLocation.fromBucket(bucket, prefix, { compression }) }));
  const tune: MadeJob = (bucket) => Retraining.tune({ definition: tuningDefinition({ output: OutputLocation.fromBucket(bucket, 'jobs') }), maxJobs: 2, maxParallelJobs: 1 });
  const transform: MadeJob = (bucket, stack) => Retraining.transform(Model.fromModelName(stack, 'Model', 'digits'), {
    input: DataSource.fromBucket(bucket, 'in/'), instanceType: 'ml.m5.large', output: OutputLocation.fromBucket(bucket, 'out'), dataCapture: BatchDataCapture.toBucket(bucket, 'captured'),
  });
  const [checkpoints, board] = [train((bucket) => ({ checkpoints: Checkpoints.fromBucket(bucket, 'ckpt') })), train((bucket) => ({ tensorBoard: TensorBoardOutput.fromBucket(bucket, 'board') }))];
  const watching = (job: MadeJob, options: NewDataOptions) => () => made((stack) => ({ job: job(bucketIn(stack), stack), triggers: [RetrainingTrigger.newData(bucketIn(stack), options)] }));
  const OURS = 'learn-retrain-job-';

  test.each<[string, MadeJob, NewDataOptions, string]>([
    ['the names of its jobs begin with', below('models'), { prefix: 'models/learn-', suffix: '.tar.gz' }, `models/${OURS}`],
    ['one of its jobs has', below('models/'), { prefix: `models/${OURS}0a1b/output/` }, `models/${OURS}`],
    ['its jobs have in the root of the bucket', below(), { prefix: 'learn-retrain' }, OURS],
    ['files of an output that is not packed have', below('models', OutputCompression.NONE), { prefix: 'models/', suffix: '_SUCCESS' }, `models/${OURS}`],
    ['the whole key of an artifact ends with', below('models'), { suffix: '0a1b/output/model.tar.gz' }, `models/${OURS}`],
    ['checkpoints have', checkpoints, { prefix: 'ckpt/epoch-', suffix: '.pt' }, 'ckpt/'],
    ['data of TensorBoard have', board, { prefix: 'board/', suffix: '.v2' }, `board/${OURS}`],
    ['jobs of its tuning job have', tune, { prefix: 'jobs/learn-retr' }, 'jobs/learn-retr'],
    ['answers of its transform job have', transform, { prefix: 'out/learn-', suffix: '.csv.out' }, `out/${OURS}`],
    ['captured data of it have', transform, { prefix: 'captured/input/' }, 'captured/'],
  ])('are refused by a prefix that %s', (_what, job, options, start) => {
    expect(watching(job, options)).toThrow(new RegExp(`^Learn/Retrain: triggers\\[0\\]: prefix must be one below which the job of the workflow does not write, as it does in s3://out/${start}.*\\*: each run would start the next`));
  });

  test.each<[string, MadeJob, NewDataOptions]>([
    ['that lie beside jobs in the root of the bucket', below(), { prefix: 'in/' }], ['that lie in a place whose name begins alike', below('jobs'), { prefix: 'jobs-in/' }], ['of other jobs', below('models'), { prefix: 'models/other-' }],
    ['of a job whose name begins alike', below('models'), { prefix: 'models/learn-retrain-jobs-' }], ['that lie beside checkpoints', checkpoints, { prefix: 'ckpt-in/' }], ['of what is transformed', transform, { suffix: '.csv', prefix: 'in/' }],
    ['of artifacts beside answers', transform, { prefix: 'out/', suffix: '.tar.gz' }], ['with an ending of its own', below('models'), { prefix: 'models/', suffix: 'my-model.tar.gz' }],
  ])('are not those %s', (_what, job, options) => expect(watching(job, options)).not.toThrow());
});

describe('A parameter that a workflow publishes in', () => {
  const publishing = (publishTo: (stack: Stack) => IStringParameter) => () => made((stack) => ({ publishTo: publishTo(stack) }));
  const ofStack = (account: string, region: string) => (stack: Stack) => new StringParameter(new Stack(stack.node.root, 'Far', { env: { account, region } }), 'Published', { parameterName: '/artifact', stringValue: 'none yet' });
  const byArn = (account: string) => (stack: Stack) => StringParameter.fromStringParameterArn(stack, 'Published', `arn:aws:ssm:${REGION}:${account}:parameter/artifact`);

  test.each<[string, (stack: Stack) => IStringParameter, string]>([
    ['another Region', ofStack(ACCOUNT, 'us-east-1'), `region of the workflow, ${REGION}, got us-east-1`], ['another account', ofStack('999999999999', REGION), `account of the workflow, ${ACCOUNT}, got 999999999999`],
    ['another account, by its ARN', byArn('999999999999'), `account of the workflow, ${ACCOUNT}, got 999999999999`],
  ])('is not of %s', (_what, publishTo, words) => expect(publishing(publishTo)).toThrow(`Learn/Retrain: publishTo must be in the ${words}`));

  test.each([['is of another stack', ofStack(ACCOUNT, REGION)], ['is given by its ARN', byArn(ACCOUNT)], ['is given by its name', (stack: Stack) => StringParameter.fromStringParameterName(stack, 'Published', '/artifact')]])(
    'may be one that %s', (_what, publishTo) => expect(publishing(publishTo)).not.toThrow());
});

describe('A schedule', () => {
  const at = (schedule: ScheduleExpression, flexibleWindow?: Duration) => () => made(() => ({ triggers: [RetrainingTrigger.schedule(schedule, { flexibleWindow })] }));

  test.each(['every day', '', 'cron(0 4 * * *)', '0 4 * * ? *', 'cron(0 4 * * * *)', 'cron(0 4 ? * ? *)', 'rate(0 minutes)', 'rate(1.5 hours)', 'rate(2 weeks)', 'at(2027-01-01)', undefined as never])('that can\'t be read is refused: %j', (text) => {
    expect(at(ScheduleExpression.expression(text))).toThrow(`Learn/Retrain: triggers[0]: schedule must be rate(<number> <minutes, hours or days>), at(yyyy-mm-ddThh:mm:ss) or cron(<minutes> <hours> <day of month> <month> <day of week> <year>) with ? for one of the days, got ${text ?? ''}`);
  });

  test.each([
    ScheduleExpression.rate(Duration.minutes(1)), ScheduleExpression.rate(Duration.minutes(90)), ScheduleExpression.at(new Date(2027, 0, 1)), ScheduleExpression.cron({ weekDay: 'MON#1', hour: '4', timeZone: TimeZone.EUROPE_BERLIN }),
    ScheduleExpression.cron({ day: 'L', minute: '0/5' }), ScheduleExpression.expression(Lazy.string({ produce: () => 'rate(1 day)' })),
  ])('of the CDK, or known later, is taken', (schedule) => expect(at(schedule)).not.toThrow());

  test.each([
    [Duration.seconds(90), 'be a whole number of minutes, got 1 minute 30 seconds'],
    [Duration.hours(Lazy.number({ produce: () => 1 })), 'be made by Duration.minutes where its value is known only at deployment, got a value known at deployment'],
  ])('has a window of whole minutes', (window, words) => expect(at(ScheduleExpression.rate(Duration.days(1)), window)).toThrow(`Learn/Retrain: triggers[0]: flexibleWindow must ${words}`));

  test('has a window in minutes', () => {
    const { stack } = at(ScheduleExpression.rate(Duration.days(1)), Duration.seconds(120))();
    expect(new Deployed(stack).ofType('AWS::Scheduler::Schedule')[0]![1].FlexibleTimeWindow).toEqual({ Mode: 'FLEXIBLE', MaximumWindowInMinutes: 2 });
  });
});

test('The time for a job is in a unit that Step Functions counts in', () => {
  expect(() => made(() => ({ jobTimeout: Duration.hours(Lazy.number({ produce: () => 1 })) }))).toThrow('Learn/Retrain: jobTimeout must be made by Duration.seconds where its value is known only at deployment');
});

describe('What no compiler has checked is refused by its name', () => {
  const parameter = (stack: Stack) => StringParameter.fromStringParameterName(stack, 'Published', '/artifact');
  const queue = { queueArn: 'arn' };

  test.each<[string, (stack: Stack) => { [prop: string]: unknown }, string]>([
    ['a tuning job for a training job', (stack) => ({ job: Retraining.ofTrainingJob(tuningIn(stack) as never) }), 'job must be a TrainingJob of this app, got a HyperparameterTuningJob'],
    ['a training job for a tuning job', (stack) => ({ job: Retraining.ofTuningJob(trainingIn(stack) as never) }), 'job must be a HyperparameterTuningJob of this app, got a TrainingJob'],
    ['a training job for a transform job', (stack) => ({ job: Retraining.ofTransformJob(trainingIn(stack) as never) }), 'job must be a TransformJob of this app, got a TrainingJob'],
    ['no job', () => ({ job: Retraining.ofTrainingJob(undefined as never) }), 'job must be a TrainingJob of this app, got undefined'],
    ['a registration without a group', () => ({ register: {} }), 'register.group must be a group (ModelPackageGroup.fromModelPackageGroupArn makes one of an ARN), got undefined'],
    ['the name of a group', () => ({ register: { group: 'digits' } }), 'register.group must be a group'],
    ['what looks like a gate', () => ({ qualityGate: { bounds: [] } }), 'qualityGate must be a QualityGate, got {"bounds":[]}'],
    ['what looks like a topic', () => ({ notify: { topicArn: 5 } }), 'notify must be a topic (Topic.fromTopicArn makes one of an ARN), got {"topicArn":5}'],
    ['what looks like a parameter', () => ({ publishTo: { parameterName: '' } }), 'publishTo must be a parameter (StringParameter.fromStringParameterName makes one of a name), got {"parameterName":""}'],
    ['what looks like a queue', () => ({ triggers: [RetrainingTrigger.schedule(ScheduleExpression.rate(Duration.days(1)), { deadLetterQueue: queue as never })] }), 'triggers[0]: deadLetterQueue must be a queue, got {"queueArn":"arn"}'],
    ['the name of a parameter', (stack) => ({ publishTo: parameter(stack).parameterName }), 'publishTo must be a parameter'],
  ])('%s', (_what, props, words) => expect(() => made((stack) => props(stack) as never)).toThrow(`Learn/Retrain: ${words}`));

  test('what looks like the gate of a job', () => {
    expect(() => trainingIn(new Stack(), { metrics: [Metric.regex('auc', 'auc=(.*)')], qualityGate: { bounds: [] } as never })).toThrow('Default/Train: qualityGate must be a QualityGate, got {"bounds":[]}');
  });

  test.each<[string, (stack: Stack) => [unknown, unknown?], string]>([
    ['text for a parameter', (stack) => ['x', { bucket: bucketIn(stack), prefix: '' }], 'modelData: parameter must be a parameter (StringParameter.fromStringParameterName makes one of a name), got x'],
    ['null for a parameter', (stack) => [null, { bucket: bucketIn(stack), prefix: '' }], 'modelData: parameter must be a parameter (StringParameter.fromStringParameterName makes one of a name), got undefined'],
    ['no options', (stack) => [parameter(stack)], 'modelData: options must be a structure, got undefined'],
    ['the name of a bucket', (stack) => [parameter(stack), { bucket: 'out', prefix: '' }], 'modelData: bucket must be a bucket'],
    ['no prefix', (stack) => [parameter(stack), { bucket: bucketIn(stack) }], 'modelData: prefix must be text, got undefined'],
  ])('%s that says where an artifact is', (_what, given, words) => {
    const stack = new Stack(undefined, 'Serve');
    const [published, options] = given(stack);
    expect(() => new Model(stack, 'Model', { image: ContainerImage.fromUri(IMAGE_URI), modelData: ModelData.fromSsmParameter(published as never, options as never) })).toThrow(`Serve/Model: ${words}`);
  });
});
