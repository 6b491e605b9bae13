/** Three packs of cdk-nag over an app (AwsSolutions, NIST 800-53 R5, HIPAA Security), and why what they find in the resources of this library is as it should be. */
import { Validations, type App } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks } from 'cdk-nag';

export const PACKS = [AwsSolutionsChecks, NIST80053R5Checks, HIPAASecurityChecks];

/** Findings that are answered, where they are, and the answer. */
export interface Acknowledgement {
  /** How the path of the resource ends. */
  readonly at: string;
  /** What the findings are called, from the first letter to the last. */
  readonly findings: RegExp[];
  readonly reason: string;
}

export interface Finding {
  readonly id: string;
  readonly path: string;
}

const WILDCARD = (resource: string) => new RegExp(`^AwsSolutions-IAM5\\[Resource::${resource}\\]$`);
const ARN = (service: string, rest: string) => WILDCARD(`arn:<AWS::Partition>:${service}:[a-z0-9-]*:(<AWS::AccountId>)?:${rest}`);
/** A rule that both NIST 800-53 R5 and HIPAA Security have. */
const BOTH = (rule: string) => [new RegExp(`^NIST\\.800\\.53\\.R5-${rule}$`), new RegExp(`^HIPAA\\.Security-${rule}$`)];
const INPUTS = WILDCARD('<SageMakerBucket[0-9A-F]{8}\\.Arn>/inputs/[0-9a-f]{64}/\\*');

/** The provider of the jobs, jobs and models by the names they have in the examples, and the bucket of the stack with CDK's deployment to it. */
export const OF_THE_LIBRARY: Acknowledgement[] = [
  {
    at: '/SageMakerJobProvider/HandlerPolicy',
    findings: [ARN('sagemaker', '(training|hyper-parameter-tuning|transform)-job/[a-z0-9-]+-\\*')],
    reason: 'Jobs are made by this function, and named when they are: by a prefix of this stack and a hash of what they run. Only that prefix is allowed.',
  },
  {
    at: '/SageMakerJobProvider/HandlerPolicy',
    findings: [ARN('iam', 'role/cdk-sagemaker/[a-z0-9-]+/\\*')],
    reason: 'The roles of the jobs of this stack have an IAM path of their own; only those can be passed, and only to SageMaker (iam:PassedToService).',
  },
  {
    at: '/SageMakerJobProvider/Waiter',
    findings: [/^AwsSolutions-SF1$/],
    reason: 'Step Functions keeps the history of a Standard execution for 90 days, and the function logs each step. A log of the same would need rights on every log group.',
  },
  {
    at: '/SageMakerJobProvider/Waiter',
    findings: [/^AwsSolutions-SF2$/],
    reason: 'The machine waits and calls one function again and again; there is no path through services to trace. X-Ray would need rights on every resource.',
  },
  ...['/Train', '/Tune/Definition', '/Encoder', '/Regressor'].map((job) => `${job}/Role/DefaultPolicy/Resource`).flatMap((at): Acknowledgement[] => [
    {
      at,
      findings: [WILDCARD('\\*')],
      reason: 'ecr:GetAuthorizationToken and cloudwatch:PutMetricData know no resources; the metrics are limited to the namespace of training jobs.',
    },
    {
      at,
      findings: [ARN('logs', 'log-group:/aws/sagemaker/TrainingJobs:\\*')],
      reason: 'The one log group of training jobs; SageMaker names the streams in it after each job.',
    },
    {
      at,
      findings: [WILDCARD('<SageMakerBucket[0-9A-F]{8}\\.Arn>/jobs/\\*'), ...(at.startsWith('/Regressor') ? [] : [INPUTS])],
      reason: 'A channel is every object below its prefix, named by the hash of its files; SageMaker writes artifacts in a folder that it names after the job.',
    },
  ]),
  {
    at: '/Train/Role/DefaultPolicy/Resource',
    findings: [/^AwsSolutions-IAM5\[Action::kms:GenerateDataKey\*\]$/],
    reason: 'A data key with its plain text or without, of the one key that artifacts are encrypted with; S3 decides which it asks for. CDK grants the use of a key in the same words.',
  },
  {
    at: '/Regressor/Role/DefaultPolicy/Resource',
    findings: [WILDCARD('<SageMakerBucket[0-9A-F]{8}\\.Arn>/jobs/[a-z0-9-]+-encode-\\*')],
    reason: 'What one transform job has written is its channel: every object below the folder of that job.',
  },
  {
    at: '/Model/Repack/Role/DefaultPolicy/Resource',
    findings: [
      WILDCARD('\\*'), ARN('logs', 'log-group:/aws/sagemaker/TrainingJobs:\\*'), WILDCARD('<SageMakerBucket[0-9A-F]{8}\\.Arn>/jobs/\\*'),
      WILDCARD('<SageMakerBucket[0-9A-F]{8}\\.Arn>/jobs/[a-z0-9-]+-\\*'),
    ],
    reason: 'The job that packs a script into an artifact: a job like the one that trained, which reads the artifacts of that one.',
  },
  ...['/Model', '/Pipeline'].map((model) => `${model}/Role/DefaultPolicy/Resource`).flatMap((at): Acknowledgement[] => [
    {
      at,
      findings: [WILDCARD('\\*')],
      reason: 'ecr:GetAuthorizationToken and cloudwatch:PutMetricData know no resources; the metrics are limited to the namespace of endpoints.',
    },
    {
      at,
      findings: [ARN('logs', 'log-group:/aws/sagemaker/(Endpoints/|TransformJobs:)\\*')],
      reason: 'Log groups of endpoints are named after endpoints, whose names are not known before they are made; transform jobs share one, with streams named after each.',
    },
    {
      at,
      findings: [WILDCARD('<SageMakerBucket[0-9A-F]{8}\\.Arn>/jobs/[a-z0-9-]+-\\*')],
      reason: 'The artifacts of this one training job: the model of the run before is read by the same policy while the endpoint moves to the next.',
    },
  ]),
  {
    at: '/Model/Role/DefaultPolicy/Resource',
    findings: [INPUTS, WILDCARD('<SageMakerBucket[0-9A-F]{8}\\.Arn>/jobs/\\*')],
    reason: 'A transform job has the role of its model: it reads every object of its input, and writes in a folder that is named after the job.',
  },
  ...['/Model/Role/DefaultPolicy/Resource', '/Operator/DefaultPolicy/Resource'].map((at): Acknowledgement => ({
    at,
    findings: ['recordings', 'answers', 'failures'].map((folder) => WILDCARD(`<Recordings[0-9A-F]{8}\\.Arn>/${folder}/\\*`)),
    reason: 'Requests and answers of a queue are objects below a prefix each; the caller names the requests, and SageMaker the answers.',
  })),
  ...[
    '/SageMakerJobProvider/HandlerRole', '/SageMakerJobProvider/HandlerPolicy', '/SageMakerJobProvider/WaiterPolicy', '/Endpoint/CheckPolicy',
    '/Retrain/Role/Resource', ...['/Retrain/Role', '/Retrain/EventsRole', '/Retrain/SchedulerRole'].map((role) => `${role}/DefaultPolicy/Resource`),
    ...['/Train', '/Tune/Definition', '/Encoder', '/Regressor', '/Model/Repack', '/Model', '/Pipeline'].map((maker) => `${maker}/Role/DefaultPolicy/Resource`),
  ].map((at): Acknowledgement => ({
    at,
    findings: BOTH('IAMNoInlinePolicy'),
    reason: 'It says what this one role may do, names what that is for, and goes with the role; a managed policy could be attached to others, and is one of the ten that a role can have.',
  })),
  {
    at: '/Operator/DefaultPolicy/Resource',
    findings: BOTH('IAMNoInlinePolicy'),
    reason: 'An example of a grant: CDK writes the statements for a role that the app makes in such a policy. A role made elsewhere has the policies it was given there.',
  },
  {
    at: '/SageMakerJobProvider/Handler',
    findings: BOTH('LambdaInsideVPC'),
    reason: 'It calls AWS APIs and nothing in a network of the account. Who has endpoints for them in a VPC says JobProvider.configure(scope, { vpc }).',
  },
  {
    at: '/SageMakerJobProvider/Handler',
    findings: BOTH('LambdaConcurrency'),
    reason: 'Two or three short calls for an event. A limit takes concurrency from the other functions of the account, and an event above it would wait until CloudFormation gives up.',
  },
  {
    at: '/SageMakerJobProvider/Handler',
    findings: BOTH('LambdaDLQ'),
    reason: 'No event is lost unseen: CloudFormation waits for the answer to each and fails the deployment without one, and the state machine gets its answers from the call itself.',
  },
  {
    at: '/EndpointConfig/Resource',
    findings: BOTH('SageMakerEndpointConfigurationKMSKeyConfigured'),
    reason: 'The volumes hold a copy of the model and are encrypted by a key of the service. Who must have a key of their own gives encryptionKey.',
  },
  ...['/Invocation5XXErrors/AllTraffic', '/ModelLatencyP90/AllTraffic'].map((at): Acknowledgement => ({
    at,
    findings: BOTH('CloudWatchAlarmAction'),
    reason: 'SageMaker watches it while the endpoint moves, and goes back when it rings. Who wants to be woken too gives RollbackAlarm.of an alarm with actions.',
  })),
  {
    at: '/Recordings/Resource',
    findings: [/^AwsSolutions-S1$/, ...['S3BucketLoggingEnabled', 'S3BucketReplicationEnabled', 'S3BucketVersioningEnabled', 'S3DefaultEncryptionKMS'].flatMap(BOTH)],
    reason: 'An example: whose recordings must be traced, kept twice, or encrypted by a key of their own gives the bucket what CDK has for that.',
  },
  {
    at: '/Data/Resource',
    findings: [/^AwsSolutions-S1$/, ...['S3BucketLoggingEnabled', 'S3BucketReplicationEnabled', 'S3BucketVersioningEnabled', 'S3DefaultEncryptionKMS'].flatMap(BOTH)],
    reason: 'An example: whose readings and models must be traced, kept twice, or encrypted by a key of their own gives the bucket what CDK has for that.',
  },
  {
    at: '/Train/Role/DefaultPolicy/Resource',
    findings: ['readings', 'models'].map((folder) => WILDCARD(`<Data[0-9A-F]{8}\\.Arn>/${folder}/\\*`)),
    reason: 'A channel is every object below its prefix, to which others are added each day; SageMaker writes artifacts in a folder that it names after the job.',
  },
  {
    at: '/Model/Role/DefaultPolicy/Resource',
    findings: [WILDCARD('arn:<AWS::Partition>:s3:::bikes-<AWS::AccountId>-[a-z0-9-]+/models/\\*')],
    reason: 'Whichever artifact a parameter names, of all that the job of another stack and its workflow have written below the prefix.',
  },
  {
    at: '/Retrain/Role/DefaultPolicy/Resource',
    findings: [ARN('sagemaker', 'training-job/[a-z0-9-]+-\\*')],
    reason: 'Each run makes a job, and its name: of a prefix, and what no other has. Only that prefix is allowed.',
  },
  {
    at: '/Retrain/Role/DefaultPolicy/Resource',
    findings: [ARN('cloudformation', 'stack/[A-Za-z0-9-]+/\\*')],
    reason: 'The one stack of that name. Its ARN ends with an id, which is another one when the stack is made anew.',
  },
  {
    at: '/Retrain/Role/DefaultPolicy/Resource',
    findings: [ARN('ssm', 'parameter/cdk-bootstrap/\\*')],
    reason: 'The number of a version, which CloudFormation looks up for the template of the stack; it says nothing of anybody. Its name has the qualifier of whoever has bootstrapped.',
  },
  {
    at: '/Retrain/Resource',
    findings: [/^AwsSolutions-SF1$/],
    reason: 'Step Functions keeps the history of each run for 90 days. Who must have a log gives logGroup and LogLevel.ALL, for rights on every log delivery of the account.',
  },
  {
    at: '/Retrain/Resource',
    findings: [/^AwsSolutions-SF2$/],
    reason: 'A run waits for one job and one update; there is no path through services to trace. Who wants traces says tracing.',
  },
  {
    at: '/SageMakerBucket/Resource',
    findings: [/^AwsSolutions-S1$/, ...BOTH('S3BucketLoggingEnabled')],
    reason: 'It holds copies of assets and the artifacts of jobs, which CloudTrail shows the makers of. Who must log each access gives OutputLocation.fromBucket a bucket that does.',
  },
  {
    at: '/SageMakerBucket/Resource',
    findings: ['S3BucketVersioningEnabled', 'S3BucketReplicationEnabled'].flatMap(BOTH),
    reason: 'Each job and each input has a folder of its own, so that nothing is written over. Who must keep versions and copies gives OutputLocation.fromBucket a bucket that does.',
  },
  {
    at: '/SageMakerBucket/Resource',
    findings: BOTH('S3DefaultEncryptionKMS'),
    reason: 'Encrypted with the keys of S3, and open to nobody but the roles of this stack. Who must have a key of their own gives OutputLocation.fromBucket a bucket with it.',
  },
  {
    at: '/Custom::CDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C512MiB/ServiceRole/DefaultPolicy/Resource',
    findings: BOTH('IAMNoInlinePolicy'),
    reason: 'CDK\'s own bucket deployment, which unpacks local inputs; CDK writes the statements for its role in such a policy.',
  },
  {
    at: '/Custom::CDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C512MiB/Resource',
    findings: ['LambdaInsideVPC', 'LambdaConcurrency', 'LambdaDLQ'].flatMap(BOTH),
    reason: 'CDK\'s own bucket deployment, which unpacks local inputs when the stack is deployed, and answers CloudFormation itself. Inputs that are in a bucket already need none.',
  },
  {
    at: '/Custom::CDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C512MiB/ServiceRole/Resource',
    findings: [/^AwsSolutions-IAM4\[Policy::arn:<AWS::Partition>:iam::aws:policy\/service-role\/AWSLambdaBasicExecutionRole\]$/],
    reason: 'CDK\'s own bucket deployment, which unpacks local inputs; it lets its function write its log.',
  },
  {
    at: '/Custom::CDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C512MiB/ServiceRole/DefaultPolicy/Resource',
    findings: [
      /^AwsSolutions-IAM5\[Action::s3:(GetObject|GetBucket|List|DeleteObject|Abort)\*\]$/,
      WILDCARD('arn:<AWS::Partition>:s3:::cdk-[a-z0-9]+-assets-<AWS::AccountId>-[a-z0-9-]+/\\*'), WILDCARD('<SageMakerBucket[0-9A-F]{8}\\.Arn>/\\*'), WILDCARD('<Data[0-9A-F]{8}\\.Arn>/\\*'),
    ],
    reason: 'CDK\'s own bucket deployment, which unpacks local inputs; it reads the assets of the app and writes the bucket of the stack.',
  },
  {
    at: '/Custom::CDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C512MiB/Resource',
    findings: [/^AwsSolutions-L1$/],
    reason: 'CDK\'s own bucket deployment, which unpacks local inputs; CDK chooses the runtime that its code is tested with.',
  },
];

/** What the rules find that nothing answers yet. */
export function findingsIn(app: App): Finding[] {
  return PACKS.flatMap((Pack) => new Pack(app).validateScope(app).violations)
    .flatMap(({ ruleName: id, violatingResources }) => violatingResources.map((resource) => ({ id, path: (resource as { constructPath?: string }).constructPath ?? '' })));
}

export const answers = ({ at, findings }: Acknowledgement, { id, path }: Finding) => path.endsWith(at) && findings.some((finding) => finding.test(id));

/** Lets the synthesis of the app end with an error where a rule finds something that is not acknowledged. */
export function checkedByNag(app: App, acknowledgements: Acknowledgement[] = OF_THE_LIBRARY): App {
  for (const finding of findingsIn(app)) {
    const acknowledgement = acknowledgements.find((each) => answers(each, finding));
    const construct = app.node.findAll().find(({ node }) => node.path === finding.path);
    if (acknowledgement && construct) { Validations.of(construct).acknowledge({ id: finding.id, reason: acknowledgement.reason }); }
  }
  Validations.of(app).addPlugins(...PACKS.map((Pack) => new Pack(app)));
  return app;
}
