import { Metric as CloudWatchMetric, Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Duration, RemovalPolicy, Size, TimeZone, type Stack } from 'aws-cdk-lib/core';
import * as library from 'cdk-sagemaker';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dice } from './dice';
import { fileSystem, key, login, lustre } from './every-prop';
import { folderWith } from './folders';
import { bucketNamed, IMAGE_URI, tuningDefinition } from './stacks';

type Type = { readonly fqn?: string; readonly primitive?: string; readonly collection?: { readonly kind: 'array' | 'map'; readonly elementtype: Type } };
interface Member { readonly name: string; readonly type: Type; readonly optional?: boolean }
interface Described {
  readonly kind: 'class' | 'interface' | 'enum';
  readonly name: string;
  readonly datatype?: boolean;
  readonly base?: string;
  readonly interfaces?: readonly string[];
  readonly properties?: readonly (Member & { readonly static?: boolean })[];
  readonly methods?: readonly { readonly name: string; readonly static?: boolean; readonly parameters?: readonly Member[]; readonly returns?: { readonly type: Type } }[];
  readonly members?: readonly { readonly name: string }[];
  readonly initializer?: { readonly parameters?: readonly Member[] };
}

const js = library as any;
const OURS = 'cdk-sagemaker.';
/** What is made before it is handed over. */
const CONSTRUCTS = ['Model', 'EndpointConfig', 'Endpoint', 'InferenceComponent', 'ModelPackageGroup', 'ModelPackage', 'TrainingJob', 'HyperparameterTuningJob', 'TransformJob'];
const TYPES = (JSON.parse(readFileSync(join(__dirname, '..', '..', '.jsii'), 'utf8')) as { types: { readonly [fqn: string]: Described } }).types;

/** Texts that are made to break out of wherever a text is put. */
export const HOSTILE_TEXTS: readonly string[] = [
  '', ' ', '*', '../../etc/passwd', '/etc/passwd', 'a\nb', '"', '\\', '\'', '`id`', '$(id)', '; rm -rf /', '${AWS::Region}', '{{resolve:ssm:x}}', '\u2028', '\u0000', '\ud83d\ude00', '\ud800',
  'x'.repeat(2500), '__proto__', 'constructor', 'toString', 's3://*/x', 's3://${aws:username}/x', '{JobName}', '%00', '</script>', 'arn:aws:s3:::*',
];
export const HOSTILE_NUMBERS: readonly number[] = [NaN, Infinity, -Infinity, -0, -1, 0, 1.5, 1e300, 1e400, Number.MAX_SAFE_INTEGER + 1, 5e-324];

/** An object with an entry of that name, whatever the name is. */
export function mapOf<T>(name: string, value: T): { [name: string]: T } {
  return Object.defineProperty({}, name, { value, enumerable: true, configurable: true, writable: true }) as { [name: string]: T };
}

const HOSTILE_OTHERS: readonly unknown[] = [
  null, undefined, {}, [], [null], [undefined], true, false, Symbol('s'), () => 1, 10n, new Date(NaN), new Map([[1, 2]]), Object.create(null), mapOf('__proto__', 'x'), mapOf('constructor', 'x'), [[]], [{}], { a: null },
  Array.from({ length: 101 }, (_, index) => `v${index}`), Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`v${index}`, 'x'])),
];

/** What much else would be refused beside, if it were anything. */
const USUAL: { readonly [name: string]: () => unknown } = {
  Algorithm: () => js.Algorithm.image(js.ContainerImage.fromUri(IMAGE_URI)),
  Capacity: () => js.Capacity.onDemand({ instanceType: 'ml.m5.large' }),
  ContainerImage: () => js.ContainerImage.fromUri(IMAGE_URI),
};

/** Props as the API describes them, at random, and here and there something that no program should pass. */
export class RandomProps {
  private made = 0;

  /** @param hostility of 100 values how many are hostile */
  public constructor(private readonly stack: Stack, private readonly dice: Dice, private readonly hostility: number) {}

  /** The props of a class that is made with `new`. */
  public props(className: string): unknown {
    const [, , parameter] = TYPES[OURS + className]!.initializer!.parameters!;
    const props = this.value(parameter!.type, 'props', 0);
    return typeof props === 'object' && props !== null && !Array.isArray(props) && this.dice.chance(80) ? { ...this.least(className), ...props } : props;
  }

  /** What is refused beside if it is missing, with something random in it. */
  private least(className: string): object {
    const of = (structure: string) => this.value({ fqn: OURS + structure }, 'options', 1) as object;
    switch (className) {
      case 'Model': return { image: USUAL.ContainerImage!() };
      case 'ProcessingJob': return { image: USUAL.ContainerImage!(), capacity: USUAL.Capacity!() };
      case 'HyperparameterTuningJob': return { definition: { ...tuningDefinition(), ...of('TuningDefinitionProps') }, maxJobs: 4, maxParallelJobs: 2 };
      case 'EndpointConfig': return { variants: { a: js.Variant.onInstances(this.construct('IModel'), this.dice.chance(50) ? { instanceType: 'ml.m5.large' } : of('InstanceOptions')) } };
      case 'InferenceComponent': return { endpoint: this.construct('IEndpoint'), variantName: 'AllTraffic', model: this.construct('IModel'), memory: Size.gibibytes(1) };
      case 'TransformJob': return { input: js.DataSource.fromS3Uri('s3://bucket/data/') };
      default: return {};
    }
  }

  /** What a factory may be given; undefined where the library itself refuses what was made at random for it. */
  public arguments(parameters: readonly Member[]): unknown[] | undefined {
    try {
      return parameters.map((parameter) => (parameter.type.fqn === 'constructs.Construct' ? this.stack : parameter.name === 'id' ? 'It' : this.value(parameter.type, parameter.name, 1)));
    } catch {
      return undefined;
    }
  }

  private value(type: Type, name: string, depth: number): unknown {
    if (this.dice.chance(this.hostility)) { return this.hostile(); }
    if (type.primitive !== undefined) { return this.primitive(type.primitive, name); }
    if (type.collection) { return this.collection(type.collection, name, depth); }
    return type.fqn!.startsWith(OURS) ? this.own(type.fqn!, depth) : this.foreign(type.fqn!);
  }

  private hostile(): unknown {
    const kind = this.dice.from(0, 2);
    return this.dice.one<unknown>(kind === 0 ? HOSTILE_TEXTS : kind === 1 ? HOSTILE_NUMBERS : HOSTILE_OTHERS);
  }

  private primitive(primitive: string, name: string): unknown {
    switch (primitive) {
      case 'boolean': return this.dice.chance(50);
      case 'number': return this.dice.one([1, 1, 2, 4, 10, 50]);
      case 'any': return this.dice.one([1, 'a', true, [1], { a: 1 }]);
      default: return this.text(name);
    }
  }

  /** What a text of that name may be, more often than not. */
  private text(name: string): string {
    if (/instanceType/i.test(name)) { return this.dice.one(['ml.m5.large', 'ml.g5.xlarge']); }
    if (/arn$/i.test(name)) { return 'arn:aws:sagemaker:eu-west-1:123456789012:model-package-group/abc'; }
    if (/imageUri/i.test(name)) { return IMAGE_URI; }
    if (/uri$/i.test(name)) { return this.dice.one(['s3://bucket/data/model.tar.gz', IMAGE_URI]); }
    if (/directory$/i.test(name)) { return FOLDER; }
    if (/^(file|path)$/.test(name)) { return join(FOLDER, 'train.py'); }
    if (/entryPoint/.test(name)) { return 'train.py'; }
    if (/prefix$/i.test(name)) { return 'some/where/'; }
    if (/key$/i.test(name)) { return 'code/model.tar.gz'; }
    if (/path$/i.test(name)) { return '/opt/ml/processing/some'; }
    return this.dice.one(['abc', 'a-b']);
  }

  private collection({ kind, elementtype }: NonNullable<Type['collection']>, name: string, depth: number): unknown {
    const entries = Array.from({ length: this.dice.from(0, 2) }, () => this.value(elementtype, name, depth + 1));
    if (kind === 'array') { return entries; }
    return Object.assign({}, ...entries.map((entry, index) => mapOf(this.dice.chance(this.hostility) ? this.dice.one(HOSTILE_TEXTS) : `name${index}`, entry))) as unknown;
  }

  private own(fqn: string, depth: number): unknown {
    const described = TYPES[fqn]!;
    if (described.kind === 'enum') { return js[described.name][this.dice.one(described.members!).name]; }
    if (described.datatype) { return this.structure(fqn, depth); }
    if (described.kind === 'interface' && CONSTRUCTS.includes(described.name.slice(1))) { return this.construct(described.name); }
    return this.instance(fqn, depth);
  }

  private structure(fqn: string, depth: number): unknown {
    const chosen = membersOf(fqn).filter(({ optional }) => !optional || this.dice.chance(depth === 0 ? 15 : depth < 4 ? 25 : 5));
    const given = chosen.filter(({ name }) => !['vpcSubnets', 'securityGroups'].includes(name) || chosen.some((member) => member.name === 'vpc'));
    return Object.assign({}, ...given.map(({ name, type }) => mapOf(name, this.value(type, name, depth + 1)))) as unknown;
  }

  /** By one of the factories or constants of the class, or of one that is derived from it. */
  private instance(fqn: string, depth: number): unknown {
    const { name } = TYPES[fqn]!;
    if (Object.hasOwn(USUAL, name) && this.dice.chance(70)) { return USUAL[name]!(); }
    if (CONSTRUCTS.includes(name)) { return this.construct(`I${name}`); }
    const ways = waysTo(fqn);
    if (ways.length === 0) { return undefined; }
    const { owner, method } = this.dice.one(ways);
    if (!method) { return this.dice.one(constantsOf(owner)); }
    const given: unknown[] = [];
    for (const parameter of method.parameters ?? []) {
      if (parameter.optional && this.dice.chance(60)) { break; }
      given.push(parameter.type.fqn === 'constructs.Construct' ? this.stack : parameter.name === 'id' ? `Made${this.made++}` : this.value(parameter.type, parameter.name, depth + 1));
    }
    return js[owner][method.name](...given);
  }

  private construct(name: string): unknown {
    const id = `Made${this.made++}`;
    switch (name) {
      case 'IModel': return new js.Model(this.stack, id, { image: js.ContainerImage.fromUri(IMAGE_URI) });
      case 'IEndpointConfig': return js.EndpointConfig.fromEndpointConfigName(this.stack, id, 'abc');
      case 'IEndpoint': return js.Endpoint.fromEndpointName(this.stack, id, 'abc');
      case 'IInferenceComponent': return js.InferenceComponent.fromInferenceComponentName(this.stack, id, 'abc');
      case 'IModelPackageGroup': return js.ModelPackageGroup.fromModelPackageGroupName(this.stack, id, 'abc');
      case 'IModelPackage': return js.ModelPackage.fromModelPackageArn(this.stack, id, 'arn:aws:sagemaker:eu-west-1:123456789012:model-package/abc/1');
      case 'ITrainingJob': return js.TrainingJob.fromTrainingJobName(this.stack, id, 'abc');
      case 'IHyperparameterTuningJob': return js.HyperparameterTuningJob.fromHyperparameterTuningJobName(this.stack, id, 'abc');
      case 'ITransformJob': return js.TransformJob.fromTransformJobName(this.stack, id, 'abc');
      default: throw new Error(`no way to make a ${name}`);
    }
  }

  private foreign(fqn: string): unknown {
    const type = fqn.replace(/^aws-cdk-lib\.(aws_\w+\.)?/, '');
    const id = `Made${this.made++}`;
    switch (type) {
      case 'IEndpoint': return this.construct(type);
      case 'Duration': return this.dice.one([Duration.minutes(1), Duration.hours(1), Duration.seconds(90), Duration.millis(100)]);
      case 'Size': return this.dice.one([Size.gibibytes(30), Size.gibibytes(2), Size.mebibytes(5)]);
      case 'RemovalPolicy': return this.dice.one([RemovalPolicy.DESTROY, RemovalPolicy.RETAIN]);
      case 'TimeZone': return TimeZone.ETC_UTC;
      case 'Schedule': return Schedule.expression('rate(1 hour)');
      case 'IMetric': return new CloudWatchMetric({ namespace: 'a', metricName: 'b' });
      case 'IAlarm': return Alarm.fromAlarmArn(this.stack, id, 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:errors');
      case 'IBucket': return bucketNamed(this.stack, `bucket-${this.made}`);
      case 'IKey': return key(this.stack, id);
      case 'IRole': return Role.fromRoleArn(this.stack, id, 'arn:aws:iam::123456789012:role/jobs');
      case 'ITopic': return new Topic(this.stack, id);
      case 'IRepository': return Repository.fromRepositoryName(this.stack, id, 'mine');
      case 'IFunction': return this.once('login', () => login(this.stack));
      case 'IVpc': return this.once('vpc', () => Vpc.fromVpcAttributes(this.stack, 'RandomVpc', { vpcId: 'vpc-1', availabilityZones: ['a', 'b'], privateSubnetIds: ['subnet-1', 'subnet-2'] }));
      case 'SubnetSelection': return {};
      case 'ISecurityGroup': return this.once('group', () => SecurityGroup.fromSecurityGroupId(this.stack, 'RandomGroup', 'sg-1'));
      case 'IFileSystem': return fqn.includes('efs') ? this.once('efs', () => fileSystem(this.stack)) : this.once('fsx', () => lustre(this.stack));
      default: return undefined;
    }
  }

  private readonly kept = new Map<string, any>();

  private once<T>(name: string, make: () => T): T {
    if (!this.kept.has(name)) { this.kept.set(name, make()); }
    return this.kept.get(name) as T;
  }
}

const FOLDER = folderWith({ 'train.py': '', 'abc': '', 'Dockerfile': 'FROM scratch' });

/** Those of a structure and of what it extends. */
function membersOf(fqn: string): readonly Member[] {
  const { properties = [], interfaces = [] } = TYPES[fqn] ?? {};
  return [...properties, ...interfaces.flatMap(membersOf)];
}

type Way = { readonly owner: string; readonly method?: NonNullable<Described['methods']>[number] };

const ways = new Map<string, readonly Way[]>();

/** The factories that return the class or one that is derived from it, and its constants. */
function waysTo(fqn: string): readonly Way[] {
  const isA = (name: string | undefined): boolean => name === fqn || (name !== undefined && (isA(TYPES[name]?.base) || (TYPES[name]?.interfaces ?? []).some(isA)));
  if (!ways.has(fqn)) {
    ways.set(fqn, Object.values(TYPES).filter(({ kind }) => kind === 'class').flatMap((type): Way[] => [
      ...(type.methods ?? []).filter((method) => method.static && !/^(is|for|of|newest|latest)[A-Z]/.test(method.name) && isA(method.returns?.type.fqn)).map((method) => ({ owner: type.name, method })),
      ...(constantsOf(type.name).length > 0 && isA(OURS + type.name) ? [{ owner: type.name }] : []),
    ]));
  }
  return ways.get(fqn)!;
}

const constantsOf = (name: string): readonly unknown[] => (TYPES[OURS + name]?.properties ?? []).filter((property) => property.static).map((property) => js[name][property.name]).filter((value) => typeof value === 'object');

export interface Factory { readonly name: string; readonly parameters: readonly Member[]; readonly call: (given: readonly unknown[]) => unknown }

/** Every static method of every class. */
export const FACTORIES: readonly Factory[] = Object.values(TYPES).filter(({ kind }) => kind === 'class').flatMap(({ name, methods = [] }) => methods.filter((method) => method.static && (method.parameters ?? []).length > 0)
  .map((method) => ({ name: `${name}.${method.name}`, parameters: method.parameters!, call: (given) => js[name][method.name](...given) })));
