import { Role, type IRole } from 'aws-cdk-lib/aws-iam';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { App, Duration, Stack } from 'aws-cdk-lib/core';
import { Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, Subnet, Vpc, type ISecurityGroup, type ISubnet, type IVpc } from 'aws-cdk-lib/aws-ec2';
import { Key, type IKey } from 'aws-cdk-lib/aws-kms';
import {
  Algorithm, Capacity, ContainerImage, DataSource, HyperparameterTuningJob, Hyperparameters, Metric, ModelData, Objective, OutputLocation, Script, TrainingJob,
  type HyperparameterTuningJobProps, type TrainingJobProps, type TuningDefinitionProps,
} from 'cdk-sagemaker';
import { join } from 'node:path';
import { DIFFERENCES } from './differences';

export type Tree = { [member: string]: any };
/** What the Python SDK sent for some lines of a user's program (sagemaker 2.257.6). */
export interface Recorded {
  readonly region: string;
  readonly requests: readonly { readonly operation: string; readonly params: Tree }[];
  /** Members of the archives it uploaded. */
  readonly code: readonly (readonly string[])[];
}
/** The same program, with constructs. */
export type Twin = (at: Place) => unknown;

export const SOURCE = join(__dirname, '..', 'support', 'parity-source');
const ACCOUNT = '123456789012';
export const IMAGE = `${ACCOUNT}.dkr.ecr.us-west-2.amazonaws.com/my-image:1.0`;

/** A stack where the recorded programs ran, and what they name. */
export class Place {
  public readonly stack: Stack;
  public readonly role: IRole;

  public constructor(public readonly region: string) {
    this.stack = new Stack(new App(), 'Twin', { env: { account: ACCOUNT, region } });
    this.role = this.roleNamed('SageMakerRole');
  }

  public roleNamed(name: string): IRole { return Role.fromRoleArn(this.stack, `Role-${name}`, `arn:aws:iam::${ACCOUNT}:role/${name}`); }
  public bucket(name: string): IBucket { return (this.stack.node.tryFindChild(`Bucket-${name}`) as IBucket | undefined) ?? Bucket.fromBucketName(this.stack, `Bucket-${name}`, name); }
  /** The SDK's default bucket. */
  public get ownBucket(): IBucket { return this.bucket(`sagemaker-${this.region}-${ACCOUNT}`); }
  public key(name: string): IKey { return Key.fromKeyArn(this.stack, `Key-${name}`, `arn:aws:kms:${this.region}:${ACCOUNT}:key/${name}`); }
  public get image(): ContainerImage { return ContainerImage.fromUri(IMAGE); }
  public get vpc(): IVpc { return (this.stack.node.tryFindChild('Vpc') as IVpc | undefined) ?? Vpc.fromVpcAttributes(this.stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['us-west-2a'] }); }
  public subnet(name: string): ISubnet { return (this.stack.node.tryFindChild(name) as ISubnet | undefined) ?? Subnet.fromSubnetAttributes(this.stack, name, { subnetId: name, availabilityZone: 'us-west-2a', routeTableId: 'rtb-1' }); }
  public group(name: string): ISecurityGroup { return (this.stack.node.tryFindChild(name) as ISecurityGroup | undefined) ?? SecurityGroup.fromSecurityGroupId(this.stack, name, name, { mutable: false }); }
  /** `subnets=[...], security_group_ids=[...]`. */
  public network(subnets: string[], groups: string[]) {
    return { vpc: this.vpc, vpcSubnets: { subnets: subnets.map((name) => this.subnet(name)) }, securityGroups: groups.map((name) => this.group(name)) };
  }

  /** A job with what the SDK's estimators have by default: a role, a day, output in the default bucket. */
  public job(props: Partial<TrainingJobProps> = {}): TrainingJob {
    return new TrainingJob(this.stack, 'Train', {
      algorithm: Algorithm.image(this.image),
      capacity: on('ml.c4.xlarge'),
      role: this.role,
      maxRuntime: Duration.days(1),
      output: OutputLocation.fromBucket(this.ownBucket),
      inputs: { training: s3('s3://my-bucket/train') },
      ...props,
    });
  }

  /** What the recorded estimators are as a definition: one with three hyperparameters, whose accuracy is to be the highest. */
  public definition(props: Partial<TuningDefinitionProps> = {}): TuningDefinitionProps {
    return {
      algorithm: Algorithm.image(this.image),
      capacity: on('ml.c4.xlarge'),
      role: this.role,
      maxRuntime: Duration.days(1),
      output: OutputLocation.fromBucket(this.ownBucket),
      inputs: trainAndTest(),
      hyperparameters: Hyperparameters.of({ 'epochs': 10, 'learning-rate': 0.01, 'name': 'x' }),
      metrics: [Metric.regex('validation-accuracy', String.raw`validation-accuracy=(\d\.\d+)`)],
      objective: Objective.maximize('validation-accuracy'),
      ...props,
    };
  }

  /** A tuning job with what the SDK's tuner has by default: one job. */
  public tuning(definition: Partial<TuningDefinitionProps>, props: Partial<HyperparameterTuningJobProps> = {}, id = 'Tune'): HyperparameterTuningJob {
    return new HyperparameterTuningJob(this.stack, id, { definition: this.definition(definition), maxJobs: 1, ...props });
  }
}

export const s3 = DataSource.fromS3Uri;
export const on = (instanceType: string, instanceCount = 1) => Capacity.onDemand({ instanceType, instanceCount });
/** `fit({'train': ..., 'test': ...})`. */
export const trainAndTest = () => ({ train: s3('s3://my-bucket/train'), test: s3('s3://my-bucket/test') });
export const src = (entryPoint = 'train.py') => Script.fromDirectory(SOURCE, { entryPoint });
export const solo = () => Script.fromFile(join(SOURCE, '..', 'solo.py'));
export const artifact = () => ModelData.fromS3Uri('s3://path/to/model.tar.gz');

export interface Resources { [id: string]: { Type: string; Properties: Tree; DeletionPolicy?: string } }

/** What the constructs ask CloudFormation for. */
export function resourcesOf(twin: Twin, region: string): Resources {
  const place = new Place(region);
  twin(place);
  return Template.fromStack(place.stack).toJSON().Resources as Resources;
}

/** What the constructs ask for, in the words of the API. */
export function requestsOf(twin: Twin, region: string): Tree[] {
  const requests: Tree[] = [];
  for (const [id, { Type, Properties }] of Object.entries(resourcesOf(twin, region))) {
    if (Type === 'Custom::SageMakerTrainingJob') {
      if (!/Repack/.test(id)) { requests.push({ operation: 'CreateTrainingJob', params: Properties.Request }); }
    } else if (Type === 'Custom::SageMakerHyperParameterTuningJob') {
      requests.push({ operation: 'CreateHyperParameterTuningJob', params: Properties.Request });
    } else if (Type === 'Custom::SageMakerTransformJob') {
      requests.push({ operation: 'CreateTransformJob', params: Properties.Request });
    } else if (OPERATIONS[Type]) {
      requests.push({ operation: OPERATIONS[Type], params: Properties });   // CloudFormation's words are the API's here
    }
  }
  return requests;
}

const OPERATIONS: { readonly [type: string]: string } = {
  'AWS::SageMaker::Model': 'CreateModel', 'AWS::SageMaker::EndpointConfig': 'CreateEndpointConfig', 'AWS::SageMaker::Endpoint': 'CreateEndpoint',
  'AWS::SageMaker::ModelPackage': 'CreateModelPackage', 'AWS::SageMaker::ModelPackageGroup': 'CreateModelPackageGroup', 'AWS::SageMaker::InferenceComponent': 'CreateInferenceComponent',
};

/** Both sides with the same words for what is generated: names, the bucket of assets, the keys of code and artifacts. */
export function compared(recorded: Recorded, twin: Twin): { sdk: Tree[]; ours: Tree[] } {
  const ours = requestsOf(twin, recorded.region).map((request) => normalized(request));
  const sdk = recorded.requests.map((request) => normalized(request));
  for (const request of sdk) {
    const mine = ours.find(({ operation }) => operation === request.operation);
    for (const [theirs, own] of parts(request.params, mine?.params ?? {})) { DIFFERENCES.forEach(({ apply }) => apply(theirs, own)); }
  }
  return { sdk: inOrder(sdk), ours: inOrder(ours) };
}

/** A request, and the definitions of a tuning job, each of which is much like a request for a training job. */
function parts(sdk: Tree, ours: Tree): [Tree, Tree][] {
  const definitionsOf = ({ TrainingJobDefinition: one, TrainingJobDefinitions: several = [] }: Tree): Tree[] => [...(one ? [one] : []), ...several];
  return [[sdk, ours], ...definitionsOf(sdk).map((each, index): [Tree, Tree] => [each, definitionsOf(ours)[index] ?? {}])];
}

const ORDER = ['CreateTrainingJob', 'CreateHyperParameterTuningJob', 'CreateModelPackageGroup', 'CreateModelPackage', 'CreateModel', 'CreateEndpointConfig', 'CreateEndpoint', 'CreateInferenceComponent', 'CreateTransformJob'];
const inOrder = (requests: Tree[]) => requests.sort((a, b) => ORDER.indexOf(a.operation) - ORDER.indexOf(b.operation));

/** Members that hold a generated name, whatever they say. */
const NAMES = ['TrainingJobName', 'TransformJobName', 'ModelName', 'EndpointConfigName', 'EndpointName'];

export function normalized({ operation, params }: Tree): Tree {
  const visit = (value: unknown): unknown => {
    if (typeof value === 'string' || isIntrinsic(value)) { return textOf(flattened(value)); }
    if (Array.isArray(value)) { return value.map(visit); }
    if (typeof value === 'object' && value !== null) {
      const entries = Object.entries(value).map(([name, entry]) => [name, visit(entry)] as const);
      // a map or a list without an entry says nothing
      return Object.fromEntries(entries.filter(([name, entry]) => !NAMES.includes(name) && entry !== undefined && !isEmpty(entry)));
    }
    return value;
  };
  // the name of the call itself: those of parents count
  const { HyperParameterTuningJobName: _name, ...others } = named(params);
  return { operation, params: visit(others) };
}

/** A name that the user gave a transform job is as good as one that was made, where its output has it. */
function named(params: Tree): Tree {
  const { TransformJobName: name, TransformOutput: output } = params;
  if (name === undefined || !String(output?.S3OutputPath).endsWith(`/${name}`)) { return params; }
  return { ...params, TransformOutput: { ...output, S3OutputPath: `${output.S3OutputPath.slice(0, -name.length)}{JobName}` } };
}

const isEmpty = (value: unknown) => typeof value === 'object' && value !== null && Object.keys(value).length === 0;
const isIntrinsic = (value: unknown): value is Tree => typeof value === 'object' && value !== null && Object.keys(value).length === 1 && /^(Ref|Fn::)/.test(Object.keys(value)[0]);

/** Text of an intrinsic function, with the words of what it refers to. */
function flattened(value: unknown): string {
  if (!isIntrinsic(value)) { return String(value); }
  if (value['Fn::Join']) { return value['Fn::Join'][1].map(flattened).join(value['Fn::Join'][0]); }
  if (value['Fn::GetAtt']) { return `<${value['Fn::GetAtt'].join('.')}>`; }
  return `<${value.Ref ?? JSON.stringify(value)}>`;
}

function textOf(text: string): string {
  return text
    .replace(/s3:\/\/cdk-[a-z0-9]+-assets-[0-9]+-[a-z0-9-]+\/[0-9a-f]{64}(\.tar)?\.gz/g, '<code>')
    .replace(/s3:\/\/[^"]+\/sourcedir\.tar\.gz/g, (uri) => (/2024-01-01/.test(uri) ? '<code>' : uri))
    .replace(/\/opt\/ml\/input\/data\/code\/([0-9a-f]{64}(\.tar)?\.gz|sourcedir\.tar\.gz)/g, '/opt/ml/input/data/code/<archive>')
    .replace(/s3:\/\/[^"]*2024-01-01-00-00-00-000\/output\/model(\.tar\.gz|\/)?$/g, '<artifact>')
    .replace(/s3:\/\/[^"]*2024-01-01-00-00-00-000\/model\.tar\.gz$/g, '<packed artifact>')
    .replace(/<\w*Repack\w*Outcome\w*\.ModelArtifacts>/g, '<packed artifact>')
    .replace(/<\w*Outcome\w*\.ModelArtifacts>/g, '<artifact>')
    .replace(/[a-z0-9-]+-2024-01-01-00-00-00-000/gi, '<name>')
    .replace(/[a-z0-9-]+-240101-0000/g, '<name>')
    .replace(/^<Parent\w*>$/, '<name>')
    .replace(/\{JobName\}/g, '<name>')
    .replace(/^arn:aws:kms:[a-z0-9-]+:\d+:key\//, '');
}
