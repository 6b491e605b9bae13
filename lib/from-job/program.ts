import { call, importsOf, literal, name, object, printed, type Code } from './code';

/** Where the stack will be, and what is known of what made the requests. */
export interface Target {
  readonly account?: string;
  readonly region?: string;
  /** The id of the VPC that subnets are in, which no request says. */
  readonly vpcId?: string;
}

/** Modules of the CDK by what is taken from them; everything else is of this library. */
const MODULES: { readonly [name: string]: string } = {
  App: 'aws-cdk-lib/core', Lazy: 'aws-cdk-lib/core', Duration: 'aws-cdk-lib/core', Size: 'aws-cdk-lib/core', Stack: 'aws-cdk-lib/core', StackProps: 'aws-cdk-lib/core', Tags: 'aws-cdk-lib/core',
  SecurityGroup: 'aws-cdk-lib/aws-ec2', Subnet: 'aws-cdk-lib/aws-ec2', Vpc: 'aws-cdk-lib/aws-ec2', Role: 'aws-cdk-lib/aws-iam', Key: 'aws-cdk-lib/aws-kms', Bucket: 'aws-cdk-lib/aws-s3',
  Function: 'aws-cdk-lib/aws-lambda', Topic: 'aws-cdk-lib/aws-sns', FileSystem: 'aws-cdk-lib/aws-efs', LustreFileSystem: 'aws-cdk-lib/aws-fsx', Alarm: 'aws-cdk-lib/aws-cloudwatch',
  CfnModel: 'aws-cdk-lib/aws-sagemaker', CfnEndpointConfig: 'aws-cdk-lib/aws-sagemaker', CfnEndpoint: 'aws-cdk-lib/aws-sagemaker',
};

/** Names of the CDK that hide one of JavaScript. */
const CALLED: { readonly [name: string]: string } = { Function: 'LambdaFunction' };

const RESERVED = new Set([
  'app', 'scope', 'id', 'props', 'arguments', 'await', 'break', 'case', 'catch', 'class', 'const', 'continue', 'debugger', 'default', 'delete', 'do', 'else', 'enum', 'eval', 'export', 'extends',
  'false', 'finally', 'for', 'function', 'if', 'implements', 'import', 'in', 'instanceof', 'interface', 'let', 'new', 'null', 'package', 'private', 'protected', 'public', 'return', 'static', 'super',
  'switch', 'this', 'throw', 'true', 'try', 'typeof', 'undefined', 'var', 'void', 'while', 'with', 'yield',
]);

interface Statement {
  readonly constant?: string;
  readonly code: Code;
  readonly comment?: string;
}

/** The file that is written: a stack with everything in it, and an app of that stack. */
export class Program {
  /** What the reader has to know. */
  public readonly notes: string[] = [];
  private readonly statements: Statement[] = [];
  /** What is made elsewhere, which comes first. */
  private readonly elsewhere: Statement[] = [];
  private readonly known = new Map<string, Code>();
  private readonly identifiers = new Set<string>();
  private readonly types = new Set<string>();

  public constructor(public readonly target: Target) {}

  /** Says something once. */
  public note(text: string): void {
    if (!this.notes.includes(text)) { this.notes.push(text); }
  }

  /** A constant for what is made elsewhere or used more than once; the same thing is declared once. */
  public shared(kind: string, key: string, hint: string, make: (id: string) => Code, comment?: string): Code {
    const found = this.known.get(`${kind} ${key}`);
    if (found) { return found; }
    const { constant, id } = this.called(hint, kind);
    this.elsewhere.push({ constant, code: make(id), comment });
    this.known.set(`${kind} ${key}`, name(constant));
    return name(constant);
  }

  /** The construct that it is all about; others name it by the constant. */
  public construct(className: string, hint: string, fallback: string, props: Code | undefined): string {
    const { constant, id } = this.called(hint, fallback);
    this.statements.push({ constant, code: call(`new ${className}`, name('this'), literal(id), props) });
    return constant;
  }

  /** A class of the CDK that a resource is taken for. */
  public uses(className: string): void {
    this.types.add(className);
  }

  public statement(code: Code, comment?: string): void {
    this.statements.push({ code, comment });
  }

  /** The source, with what it is as a comment at the top. */
  public file(title: string, stackName: string): string {
    const { id: stackId } = words(stackName, 'Imported');
    const className = `${stackId}Stack`;
    const body = this.all.map((statement, index) => this.line(statement, index));
    const { account, region } = this.target;
    const env = object({ env: object({ account: account === undefined ? undefined : literal(account), region: region === undefined ? undefined : literal(region) }) });
    return [
      `/**\n * ${[title, ...(this.notes.length > 0 ? ['', ...this.notes.map((note) => `- ${note}`)] : [])].map(safe).join('\n * ').replace(/ \* \n/g, ' *\n')}\n */`,
      ...this.imports(),
      '',
      `export class ${className} extends Stack {`,
      '  constructor(scope: Construct, id: string, props?: StackProps) {',
      '    super(scope, id, props);',
      ...body,
      '  }',
      '}',
      '',
      `${printed(call(`new ${className}`, call('new App'), literal(stackId), env))};`,
      '',
    ].join('\n');
  }

  private get all(): readonly Statement[] { return [...this.elsewhere, ...this.statements]; }

  private line({ constant, code, comment }: Statement, index: number): string {
    const isUsed = constant !== undefined && this.all.slice(index + 1).some((later) => uses(later.code, constant));
    const head = isUsed ? `const ${constant} = ` : '';
    return `${comment === undefined ? '' : `    // ${safe(comment)}\n`}    ${head}${renamed(printed(code, '    ', 4 + head.length))};`;
  }

  private imports(): string[] {
    const modules = new Map<string, Set<string>>();
    for (const each of ['App', 'Stack', 'StackProps', ...this.types, ...this.all.flatMap(({ code }) => importsOf(code))]) {
      const from = MODULES[each] ?? 'cdk-sagemaker';
      modules.set(from, (modules.get(from) ?? new Set()).add(each));
    }
    const lines = [...modules].map(([from, names]) => [from, importLine(from, [...names].sort())] as const);
    return [...lines, ['constructs', 'import type { Construct } from \'constructs\';'] as const].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
  }

  private called(hint: string, fallback: string): { readonly constant: string; readonly id: string } {
    const { constant, id } = words(hint, fallback);
    for (let number = 1; ; number++) {
      const suffix = number === 1 ? '' : String(number);
      if (this.identifiers.has(`${id}${suffix}`.toLowerCase()) || RESERVED.has(`${constant}${suffix}`)) { continue; }
      this.identifiers.add(`${id}${suffix}`.toLowerCase());
      return { constant: `${constant}${suffix}`, id: `${id}${suffix}` };
    }
  }
}

/** Nothing ends a comment, or begins another line. */
const safe = (text: string) => text.replace(/\*\//g, '* /').replace(/[\r\n\u2028\u2029]+/g, ' ');

const renamed = (text: string) => text.replace(/^Function\.from/, 'LambdaFunction.from');

function importLine(from: string, names: readonly string[]): string {
  const words = names.map((each) => (CALLED[each] ? `${each} as ${CALLED[each]}` : each === 'StackProps' ? 'type StackProps' : each));
  const line = `import { ${words.join(', ')} } from '${from}';`;
  return line.length <= 120 ? line : `import {\n  ${words.join(', ')},\n} from '${from}';`.replace(/^ {2}.{100,}$/m, (all) => wrapped(all.trim()));
}

function wrapped(text: string): string {
  return text.split(' ').reduce<string[]>((lines, word) => {
    const last = lines[lines.length - 1]!;
    return last.length + word.length < 116 ? [...lines.slice(0, -1), `${last} ${word}`] : [...lines, `  ${word}`];
  }, [' ']).join('\n');
}

/** Longest part of a name that a reader still reads. */
const LONGEST = 40;

function words(hint: string, fallback: string): { readonly constant: string; readonly id: string } {
  const parts = hint.match(/[A-Za-z0-9]+/g) ?? [];
  const joined = parts.map((part) => part[0]!.toUpperCase() + part.slice(1)).join('').slice(0, LONGEST);
  const id = joined === '' || /^\d/.test(joined) ? `${fallback}${joined}` : joined;
  return { id, constant: id.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+/, (head) => head.toLowerCase()) };
}

function uses(code: Code, constant: string): boolean {
  if ('text' in code) { return code.text === constant || code.text.startsWith(`${constant}.`) || code.text.startsWith(`(${constant}.`); }
  if ('callee' in code) { return new RegExp(`(^|\\W)${constant}\\b`).test(code.callee) || code.args.some((arg) => uses(arg, constant)); }
  return 'members' in code ? code.members.some(([, value]) => uses(value, constant)) : code.entries.some((entry) => uses(entry, constant));
}
