import { partitionOf } from '../../limits/partitions';
import type { Clock } from '../clock';
import { ServiceError, unsupported, validationException } from '../service-error';
import { readWhole, writeWhole } from '../whole-file';

interface Version {
  readonly value: string;
  readonly type: string;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

interface ParameterRecord {
  readonly arn: string;
  description?: string;
  allowedPattern?: string;
  tier: string;
  dataType: string;
  /** Version 1 first; of old ones only the number is known. */
  versions: (Version | null)[];
}

export interface LocalSsmOptions {
  /** Where the parameters are kept. */
  readonly file: string;
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
  /** Parameters that nobody has put, such as the bootstrap's version. */
  readonly given?: (name: string) => string | undefined;
}

type Input = Record<string, unknown>;
type Operation = (input: Input) => Input;

const VERSIONS_KEPT = 100;
const LONGEST: { readonly [tier: string]: number } = { 'Standard': 4096, 'Advanced': 8192, 'Intelligent-Tiering': 8192 };
const LOST = 'put a copy in its place, or delete it, which forgets all parameters; a deployment of the stacks that have made them puts them again';

/** The parameter by which the CDK knows that an account is bootstrapped: this machine always is. */
export const bootstrapParameter = (name: string) => (/^\/cdk-bootstrap\/[^/]+\/version$/.test(name) ? '30' : undefined);

/** SSM's parameters, in a file: String and StringList, with their versions. */
export class LocalSsm {
  private readonly parameters: Map<string, ParameterRecord>;
  private readonly operations: { readonly [name: string]: Operation } = {
    GetParameter: ({ Name: name }) => ({ Parameter: this.described(String(name)) }),
    GetParameters: ({ Names: names }) => {
      const found = [names ?? []].flat().map((name) => [String(name), this.find(String(name))] as const);
      return { Parameters: found.flatMap(([, parameter]) => parameter ?? []), InvalidParameters: found.flatMap(([name, parameter]) => (parameter === undefined ? [name] : [])) };
    },
    PutParameter: (input) => this.put(input),
    DeleteParameter: ({ Name: name }) => {
      if (!this.parameters.delete(String(name))) { throw notFound(); }
      this.save();
      return {};
    },
  };

  constructor(private readonly options: LocalSsmOptions) {
    this.parameters = new Map(Object.entries(readWhole<{ [name: string]: ParameterRecord }>(options.file, LOST) ?? {}));
  }

  get operationNames(): readonly string[] { return Object.keys(this.operations); }

  /** @throws ServiceError with SSM's own name and message */
  async call(operation: string, input: Input): Promise<Input> {
    const perform = Object.hasOwn(this.operations, operation) ? this.operations[operation] : undefined;
    if (perform === undefined) { throw new ServiceError('UnknownOperationException', `The local SSM does not know the operation ${operation}.`); }
    return perform(input);
  }

  /** The value of a parameter, which may be `name:version`. */
  value(name: string): string | undefined {
    return this.find(name)?.Value as string | undefined;
  }

  private described(name: string): Input {
    const parameter = this.find(name);
    if (parameter !== undefined) { return parameter; }
    if (/:\d+$/.test(name) && this.find(name.replace(/:\d+$/, '')) !== undefined) {
      throw new ServiceError('ParameterVersionNotFound', `Systems Manager could not find version ${name.split(':').at(-1)} of ${name.replace(/:\d+$/, '')}. Verify the version and try again.`);
    }
    throw notFound();
  }

  private find(given: string): Input | undefined {
    const [, name = given, selector] = /^(.*?)(?::(\d+))?$/.exec(given.replace(/^arn:[^/]*:parameter(?=\/)/, '')) ?? [];
    const record = this.parameters.get(name);
    const { region, accountId } = this.options;
    if (record === undefined) {
      const value = this.options.given?.(name);
      return value === undefined ? undefined : { Name: name, Type: 'String', Value: value, Version: 1, LastModifiedDate: new Date(0), ARN: `arn:${partitionOf(region)}:ssm:${region}:${accountId}:parameter${name}`, DataType: 'text' };
    }
    const number = selector === undefined ? record.versions.length : Number(selector);
    const version = record.versions[number - 1];
    return version === undefined || version === null ? undefined : {
      Name: name, Type: version.type, Value: version.value, Version: number, LastModifiedDate: new Date(version.modified), ARN: record.arn, DataType: record.dataType,
      ...selector !== undefined && { Selector: `:${selector}` },
    };
  }

  private put({ Name, Value, Type, Overwrite, Description, AllowedPattern, Tier, DataType, ...others }: Input): Input {
    const name = String(Name);
    if (!/^(\/[\w.-]+)+$|^[\w.-]+$/.test(name) || name.length > 1011) { throw validationException(`Parameter name must be a fully qualified name, of letters, numbers and .-_ with / before each part, or without any: ${name}`); }
    const unknown = Object.keys(others).filter((member) => member !== 'Tags' && others[member] !== undefined);
    if (unknown.length > 0) { throw unsupported(`${unknown.join(', ')} of a parameter`); }
    const known = this.parameters.get(name);
    const type = String(Type ?? known?.versions.at(-1)?.type ?? '');
    if (type === '') { throw validationException('A parameter type is required when you create a parameter.'); }
    if (type !== 'String' && type !== 'StringList') { throw unsupported(`a parameter of Type ${type}`); }
    if (known !== undefined && Overwrite !== true) { throw new ServiceError('ParameterAlreadyExists', 'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.'); }
    const value = String(Value);
    const tier = String(Tier ?? known?.tier ?? 'Standard');
    if (value === '' || value.length > (LONGEST[tier] ?? 4096)) { throw validationException(`${tier} tier parameters support a parameter value of 1 to ${LONGEST[tier] ?? 4096} characters.`); }
    const allowedPattern = AllowedPattern === undefined ? known?.allowedPattern : String(AllowedPattern);
    if (allowedPattern !== undefined && allowedPattern !== '' && !new RegExp(allowedPattern).test(value)) {
      throw new ServiceError('ParameterPatternMismatchException', `Parameter value, cannot be validated against allowedPattern: ${allowedPattern}`);
    }
    const { region, accountId } = this.options;
    const versions = [...known?.versions ?? [], { value, type, modified: this.options.clock.now() }];
    this.parameters.set(name, {
      arn: `arn:${partitionOf(region)}:ssm:${region}:${accountId}:parameter${name.startsWith('/') ? '' : '/'}${name}`, allowedPattern, tier, dataType: String(DataType ?? known?.dataType ?? 'text'),
      description: Description === undefined ? known?.description : String(Description),
      versions: versions.map((version, index) => (index < versions.length - VERSIONS_KEPT ? null : version)),
    });
    this.save();
    return { Version: versions.length, Tier: tier === 'Intelligent-Tiering' ? 'Standard' : tier };
  }

  private save(): void { writeWhole(this.options.file, JSON.stringify(Object.fromEntries(this.parameters), undefined, 1)); }
}

/** SSM says no more than the name. */
const notFound = () => new ServiceError('ParameterNotFound', '');
