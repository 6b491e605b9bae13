import { Template } from 'aws-cdk-lib/assertions';
import { Alarm, Metric as CloudWatchMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Peer, Port, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { App, CfnOutput, CfnParameter, Duration, Fn, RemovalPolicy, Stack, Tags, Token } from 'aws-cdk-lib/core';
import { Capacity, Completion, DataSource, Hyperparameters, Metric, OutputLocation, Retrain, TrainingJob } from 'cdk-sagemaker';
import { allowing, bucketNamed, emptyStack, flat, jobOf, jobTemplate, ofType, only, trainingIn } from './support/stacks';

const outcomeOf = (template: Template) => only(template, 'Custom::SageMakerJobOutcome').Properties;
const own = (template: Template) => Object.entries(template.toJSON().Resources as { [id: string]: { Type: string } })
  .filter(([id]) => id.startsWith('Train')).map(([, { Type }]) => Type).sort();
/** Awaited within 55 minutes. */
const SHORT = { maxRuntime: Duration.minutes(25) };
const METRICS = [Metric.regex('validation:accuracy', 'acc=(.*)'), Metric.regex('loss', 'loss=(.*)')];

describe('TrainingJob', () => {
  test('is four resources: role, policy, job and outcome', () => {
    expect(own(jobTemplate(() => SHORT))).toEqual(['AWS::IAM::Policy', 'AWS::IAM::Role', 'Custom::SageMakerJobOutcome', 'Custom::SageMakerTrainingJob']);
  });

  test('is two resources with a role of the user\'s', () => {
    expect(own(jobTemplate((stack) => ({ ...SHORT, role: new Role(stack, 'Mine', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') }) }))))
      .toEqual(['Custom::SageMakerJobOutcome', 'Custom::SageMakerTrainingJob']);
  });

  test.each([[55, []], [56, [1680]], [110, [3300]], [111, [2220, 2220]], [720, Array(13).fill(3086)]])('waits %d minutes by %j and the outcome', (minutes, seconds) => {
    const template = jobTemplate(() => ({ completion: Completion.finished({ within: Duration.minutes(minutes) }) }));
    const waits = ofType(template, 'Custom::SageMakerJobWait');
    expect(waits.map(([, wait]) => wait.Properties.Seconds)).toEqual(seconds);
    const outcome = outcomeOf(template);
    expect(seconds.reduce((sum, part) => sum + part, outcome.Seconds)).toBe(minutes * 60);
    expect(outcome.Within).toBe(minutes * 60);
    expect(Math.max(outcome.Seconds, ...seconds)).toBeLessThanOrEqual(3300);
  });

  test('waits one after the other, and all of them for the job of now', () => {
    const template = jobTemplate(() => ({ completion: Completion.finished({ within: Duration.hours(2) }) }));
    const [[first], [second, { DependsOn }]] = ofType(template, 'Custom::SageMakerJobWait');
    expect(DependsOn).toEqual([first]);
    expect(only(template, 'Custom::SageMakerJobOutcome').DependsOn).toEqual([second]);
    [...ofType(template, 'Custom::SageMakerJobWait'), ...ofType(template, 'Custom::SageMakerJobOutcome')]
      .forEach(([, resource]) => expect(resource.Properties.JobName).toEqual({ Ref: 'Train781835F2' }));
  });

  test.each<[string, Parameters<typeof jobTemplate>[0], number]>([
    ['its maximum run time, an hour, and 30 minutes', () => ({}), 5400],
    ['the run time given and 30 minutes', () => ({ maxRuntime: Duration.minutes(5) }), 2100],
    ['the maximum wait of spot capacity and 30 minutes', () => ({ capacity: Capacity.spot({ instanceType: 'ml.m5.large', maxWait: Duration.hours(3) }) }), 12600],
    ['the pending time too', () => ({ overrides: { StoppingCondition: { MaxPendingTimeInSeconds: 7200 } } }), 12600],
  ])('waits by itself for %s', (_what, props, seconds) => expect(outcomeOf(jobTemplate(props)).Within).toBe(seconds));

  test('has no outcome where only its start counts, and refuses to say how it ended', () => {
    const stack = emptyStack();
    const job = trainingIn(stack, { completion: Completion.started(), metrics: METRICS });
    const message = 'Stack/Train: completion must be Completion.finished()';
    expect(() => job.modelArtifacts).toThrow(message);
    expect(() => job.billableTime).toThrow(message);
    expect(() => job.trainingJobStatus).toThrow(message);
    expect(() => job.metric('loss')).toThrow(message);
    expect(() => job.toModel('Model')).toThrow(message);
    expect(ofType(Template.fromStack(stack), 'Custom::SageMakerJobOutcome')).toEqual([]);
  });

  test('asks for the attributes the template reads, and no others', () => {
    const stack = emptyStack();
    const job = trainingIn(stack, { metrics: METRICS });
    expect(outcomeOf(jobTemplate(() => ({ metrics: METRICS })))).not.toHaveProperty('Attributes');
    new CfnOutput(stack, 'A', { value: job.modelArtifacts });
    new CfnOutput(stack, 'B', { value: job.metric('validation:accuracy') });
    new CfnOutput(stack, 'C', { value: job.billableTime });
    const template = Template.fromStack(stack);
    expect(outcomeOf(template)).toMatchObject({
      Attributes: ['BillableTimeInSeconds', 'ModelArtifacts'],
      Metrics: { 'Metric.validation.3aaccuracy': 'validation:accuracy' },
    });
    template.hasOutput('B', { Value: { 'Fn::GetAtt': ['TrainOutcome732D6B0A', 'Metric.validation.3aaccuracy'] } });
  });

  test('gives a metric as a number, for instance the threshold of an alarm', () => {
    const stack = emptyStack();
    const threshold = Token.asNumber(trainingIn(stack, { metrics: METRICS }).metric('loss'));
    new Alarm(stack, 'Worse', { metric: new CloudWatchMetric({ namespace: 'Shop', metricName: 'Loss' }), threshold, evaluationPeriods: 1 });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', { Threshold: { 'Fn::GetAtt': ['TrainOutcome732D6B0A', 'Metric.loss'] } });
  });

  test('rejects a metric it does not have', () => {
    expect(() => trainingIn(emptyStack(), { metrics: METRICS }).metric('accuracy')).toThrow('metric must be one of validation:accuracy, loss, got accuracy');
  });

  test('knows where its artifact lies when nobody can be asked', () => {
    expect(flat(outcomeOf(jobTemplate()).Artifact)).toBe('s3://<SageMakerBucket4E4A68EC>/jobs/<Train781835F2>/output/model.tar.gz');
    expect(flat(outcomeOf(jobTemplate((stack) => ({ output: OutputLocation.fromBucket(bucketNamed(stack, 'out')) }))).Artifact))
      .toBe('s3://out/<Train781835F2>/output/model.tar.gz');
  });

  test('is named by its place', () => {
    const stack = new Stack(new App(), 'Production', {});
    trainingIn(stack, {}, 'My Job');
    expect(jobOf(Template.fromStack(stack))).toMatchObject({ Kind: 'TrainingJob', KeyVersion: '1', NamePrefix: 'production-my-job' });
  });

  test('waits for its policy, its data and the policies of the provider, in both directions', () => {
    const { DependsOn } = only(jobTemplate(() => ({ inputs: { train: DataSource.fromAsset(__filename) } })), 'Custom::SageMakerTrainingJob');
    expect(DependsOn).toEqual(expect.arrayContaining(['SageMakerJobHandlerPolicy', 'SageMakerJobWaiterPolicy', 'TrainRoleDefaultPolicy919B9EE8']));
    expect(DependsOn!.filter((id) => /^SageMakerInputs.*CustomResource/.test(id))).toHaveLength(1);
  });

  test('waits for the policy of a role of the user\'s, and the handler may pass that role', () => {
    const template = jobTemplate((stack) => ({ role: new Role(stack, 'Mine', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') }) }));
    expect(only(template, 'Custom::SageMakerTrainingJob').DependsOn).toContainEqual(expect.stringMatching(/^MineDefaultPolicy/));
    expect(allowing(template, 'SageMakerJobHandlerPolicy', 'iam:PassRole')[0].Resource).toContainEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Mine/), 'Arn'] });
  });

  test('carries the tags of the app, sorted', () => {
    const stack = emptyStack();
    trainingIn(stack);
    Tags.of(stack).add('team', 'ml');
    Tags.of(stack).add('cost', '7');
    expect(jobOf(Template.fromStack(stack)).Request.Tags).toEqual([{ Key: 'cost', Value: '7' }, { Key: 'team', Value: 'ml' }]);
  });

  test('rejects more tags than SageMaker and the owner\'s tags leave room for, and such as look like them', () => {
    const stack = emptyStack();
    trainingIn(stack);
    for (let i = 0; i < 47; i++) { Tags.of(stack).add(`t${i}`, 'x'); }
    Tags.of(stack).add('cdk-sagemaker:mine', 'x');
    expect(() => Template.fromStack(stack)).toThrow(/tags must have at most 47 entries, got 48[\s\S]*must not begin with cdk-sagemaker:, got cdk-sagemaker:mine/);
  });

  test.each([
    ['team', 'a,b;c#', 'Stack/Train: tags.team must be letters, digits, spaces and _ . : / = + - @, got a,b;c#'],
    ['team', 'x'.repeat(257), 'Stack/Train: tags.team must have at most 256 characters, got 257 characters'],
    ['aws:team', 'x', 'Stack/Train: tags: the name aws:team must be letters, digits, spaces and _ . : / = + - @, not beginning with aws:'],
    ['k'.repeat(129), 'x', 'must have 1 to 128 characters, got 129 characters'],
  ])('rejects the tag %s=%s, which SageMaker would', (key, value, message) => {
    const stack = emptyStack();
    Tags.of(trainingIn(stack)).add(key, value);
    expect(() => Template.fromStack(stack)).toThrow(message);
  });

  test('lets a tag pass that is known later', () => {
    const stack = emptyStack();
    Tags.of(trainingIn(stack)).add('stack', stack.stackName + stack.region);
    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test('tells the handler what counts as another run', () => {
    expect(jobOf(jobTemplate(() => ({ revision: 'r1', inputs: { train: DataSource.fromS3Uri('s3://b/c', { revision: 'monday' }) } }))))
      .toMatchObject({ Revision: 'r1', ChannelRevisions: { train: 'monday' } });
    expect(jobOf(jobTemplate(() => ({ retrain: Retrain.manual('v3') })))).toMatchObject({ Revision: 'v3', RetrainOn: 'Revision' });
    expect(jobOf(jobTemplate(() => ({ retrain: Retrain.whenChanged() })))).not.toHaveProperty('RetrainOn');
  });

  test('tells the handler what to adopt, and lets it look at that job alone', () => {
    const template = jobTemplate(() => ({ adopt: { name: 'By-Hand', accept: ['DebugHookConfig'] }, acceptTimeLimit: true, removalPolicy: RemovalPolicy.DESTROY }));
    expect(jobOf(template)).toMatchObject({ Adopt: { Name: 'By-Hand', Accept: ['DebugHookConfig'] }, AcceptTimeLimit: 'true', RemovalPolicy: 'Delete' });
    expect(outcomeOf(template).AcceptTimeLimit).toBe('true');
    const [, adopted] = allowing(template, 'SageMakerJobHandlerPolicy', 'sagemaker:DescribeTrainingJob');
    expect(adopted.Action).toBe('sagemaker:DescribeTrainingJob');
    expect(adopted.Resource.map(flat).map((arn: string) => arn.split('/').pop())).toEqual(['By-Hand', 'by-hand']);
  });

  test('rejects a wait that is not known at synthesis, for it says how many resources wait', () => {
    const within = Duration.seconds(new CfnParameter(emptyStack('Other'), 'Wait', { type: 'Number' }).valueAsNumber);
    expect(() => jobTemplate(() => ({ completion: Completion.finished({ within }) }))).toThrow('Stack/Train: completion.within must be known at synthesis, for it says how many resources wait, got a value known at deployment');
  });

  test.each([
    ['DebugHookCnfig', /AlgorithmSpecification, .*DebugHookConfig.*, got DebugHookCnfig$/],
    ['ResourceConfig.Instance', /InstanceCount, .*, got ResourceConfig\.Instance$/],
    ['InputDataConfig.train', /\(\*\), got InputDataConfig\.train$/],
    ['HyperParameters.a.b', /\(\), got HyperParameters\.a\.b$/],
    ['', /got $/],
  ])('rejects to accept %j, which no request has', (path, message) => {
    const accepting = () => jobTemplate(() => ({ adopt: { name: 'by-hand', accept: ['VpcConfig.Subnets', path] } }));
    expect(accepting).toThrow('Stack/Train: adopt.accept[1] must be a member CreateTrainingJob has');
    expect(accepting).toThrow(message);
  });

  test('accepts members at any depth', () => {
    const accept = ['VpcConfig', 'HyperParameters.sagemaker_job_name', 'InputDataConfig.*.DataSource.S3DataSource.S3Uri', 'AlgorithmSpecification.MetricDefinitions.*.Regex'];
    expect(jobOf(jobTemplate(() => ({ adopt: { name: 'by-hand', accept } }))).Adopt.Accept).toEqual(accept);
  });

  test('rejects a removal policy that means nothing here', () => {
    expect(() => jobTemplate(() => ({ removalPolicy: RemovalPolicy.SNAPSHOT }))).toThrow('removalPolicy must be one of retain, destroy, got snapshot');
  });

  test('may use its volume key, and so may the handler', () => {
    const template = jobTemplate((stack) => ({ capacity: Capacity.onDemand({ instanceType: 'ml.m5.large', volumeKey: new Key(stack, 'Key') }) }));
    for (const policy of ['TrainRole', 'SageMakerJobHandlerPolicy']) {
      expect(allowing(template, policy, 'kms:CreateGrant')).toMatchObject([{ Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } }, Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] } }]);
      expect(allowing(template, policy, 'kms:DescribeKey')).toHaveLength(1);
    }
  });

  test('reads a secret by grant, never by value', () => {
    const stack = emptyStack();
    const secret = new Secret(stack, 'Secret');
    const job = trainingIn(stack, { environment: { TOKEN_ARN: secret.secretArn } });
    secret.grantRead(job);
    const template = Template.fromStack(stack);
    expect(jobOf(template).Request.Environment).toEqual({ TOKEN_ARN: { Ref: expect.stringMatching(/^Secret/) } });
    expect(allowing(template, 'TrainRole', 'secretsmanager:GetSecretValue')).toHaveLength(1);
  });

  test('has a security group in a VPC, whose members reach each other, and connections', () => {
    const stack = emptyStack();
    const job = trainingIn(stack, { vpc: new Vpc(stack, 'Vpc', { natGateways: 0, subnetConfiguration: [{ name: 'in', subnetType: SubnetType.PRIVATE_ISOLATED }] }) });
    job.connections.allowFrom(Peer.ipv4('10.0.0.0/8'), Port.tcp(22));
    const template = Template.fromStack(stack);
    expect(jobOf(template).Request.VpcConfig.Subnets).toHaveLength(2);
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { IpProtocol: '-1' });
    expect(allowing(template, 'TrainRole', 'ec2:CreateNetworkInterface')).toHaveLength(1);
  });

  test('has no connections without a VPC, and no leave to make network interfaces', () => {
    expect(() => trainingIn(emptyStack()).connections).toThrow('Stack/Train: vpc must be given for a job to have connections');
    expect(allowing(jobTemplate(), 'TrainRole', 'ec2:CreateNetworkInterface')).toEqual([]);
  });

  test('can be named where it was made elsewhere', () => {
    const stack = emptyStack();
    const job = TrainingJob.fromTrainingJobName(stack, 'Old', 'old-job');
    expect(job.trainingJobName).toBe('old-job');
    expect(flat(stack.resolve(job.trainingJobArn))).toBe('arn:<AWS::Partition>:sagemaker:<AWS::Region>:<AWS::AccountId>:training-job/old-job');
  });

  test('has its name in lower case in its ARN, as SageMaker writes it, also when it was made elsewhere', () => {
    const stack = emptyStack();
    expect(flat(stack.resolve(TrainingJob.fromTrainingJobName(stack, 'Old', 'My-Job').trainingJobArn))).toMatch(/:training-job\/my-job$/);
    expect(flat(stack.resolve(trainingIn(stack, { adopt: { name: 'By-Hand' } }).trainingJobArn))).toMatch(/:training-job\/by-hand$/);
    expect(flat(stack.resolve(TrainingJob.fromTrainingJobName(stack, 'Known later', Fn.importValue('Job')).trainingJobArn))).toMatch(/:training-job\/.*"Fn::ImportValue":"Job"/);
  });

  test('takes the outcome of another job', () => {
    const stack = emptyStack();
    const first = trainingIn(stack, { metrics: METRICS }, 'First');
    trainingIn(stack, { hyperparameters: Hyperparameters.of({ start: first.metric('loss') }) }, 'Second');
    const second = ofType(Template.fromStack(stack), 'Custom::SageMakerTrainingJob').find(([id]) => id.startsWith('Second'))![1];
    expect(second.Properties.Request.HyperParameters.start).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^FirstOutcome/), 'Metric.loss'] });
  });
});
