import { Template } from 'aws-cdk-lib/assertions';
import { App, type Stack } from 'aws-cdk-lib/core';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { imageUri } from '../../lib/images/image-reference';
import { frameworks } from '../../lib/images/image-table';
import type { Images, KindName, Target } from '../../lib/from-job';
import { isSame, pruned, type Tree } from '../../lib/from-job/tree';

/** The library's table, as the command finds it in the installed library. */
export const IMAGES: Images = { frameworks, uri: (framework, region, query) => imageUri(framework, region, query as object) };

const ROOT = join(__dirname, '..', '..');

/** What the compiler has against programs, all in one run. */
export function complaints(programs: { readonly [file: string]: string }): string[] {
  const folder = join(ROOT, 'test', '.from-job');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  try {
    const files = Object.entries(programs).map(([file, code]) => {
      writeFileSync(join(folder, `${file}.ts`), code);
      return join(folder, `${file}.ts`);
    });
    const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile) as { config: { compilerOptions: object } };
    const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
    const program = ts.createProgram(files, { ...options, noEmit: true, incremental: false, composite: false, tsBuildInfoFile: undefined, noUnusedLocals: true, skipLibCheck: true });
    return files.flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)).map((each) => `${file.slice(folder.length + 1)}: ${ts.flattenDiagnosticMessageText(each.messageText, ' ')}`));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a generated program, and makes its stack once more to look into. */
export function stackOf(code: string, { account, region }: Target): Stack {
  return new (stackClassOf(code))(new App(), 'Moved', { env: { account, region } });
}

/** The stack that a generated program has. */
export function stackClassOf(code: string): new (app: App, id: string, props: object) => Stack {
  const { outputText } = ts.transpileModule(code, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
  const module = { exports: {} as { [name: string]: new (app: App, id: string, props: object) => Stack } };
  new Function('require', 'module', 'exports', outputText)(required, module, module.exports);
  return Object.values(module.exports)[0]!;
}

/** By jest's own names: the library is the one under test. */
const required = (name: string) => require(name) as unknown;

export type Requests = readonly { readonly kind: KindName; readonly request: Tree }[];

const TYPES: { readonly [type: string]: KindName } = {
  'Custom::SageMakerTrainingJob': 'TrainingJob', 'Custom::SageMakerHyperParameterTuningJob': 'HyperParameterTuningJob', 'Custom::SageMakerTransformJob': 'TransformJob',
  'AWS::SageMaker::Model': 'Model', 'AWS::SageMaker::EndpointConfig': 'EndpointConfig', 'AWS::SageMaker::Endpoint': 'Endpoint',
};

/** What a stack asks SageMaker for. */
export function requestsOf(stack: Stack): Requests {
  const { Resources } = Template.fromStack(stack).toJSON() as { Resources: { [id: string]: { Type: string; Properties: Tree } } };
  return Object.values(Resources).flatMap(({ Type, Properties }) => (TYPES[Type] ? [{ kind: TYPES[Type]!, request: (Type.startsWith('Custom::') ? Properties.Request : Properties) as Tree }] : []));
}

const NAMES = ['TrainingJobName', 'TransformJobName', 'ModelName', 'EndpointConfigName', 'EndpointName', 'ModelNameOverride'];

/** The names that a request has in it: that of the job, and the one that a script is told. */
export function namesIn(request: Tree, jobName?: string): string[] {
  const said = [...JSON.stringify(request).matchAll(/"sagemaker_job_name":"\\"([^"\\]+)\\""/g)].map(([, name]) => name);
  return [jobName, ...said].filter((name): name is string => name !== undefined && name !== '{JobName}');
}

/** A request without what differs by itself: names of jobs, keys by their ids, a slash at the end of an output. */
export function comparable(request: Tree, names: readonly string[] = []): Tree {
  const visit = (value: unknown, member = ''): unknown => {
    if (typeof value === 'string') { return /KmsKeyId$/.test(member) ? value.replace(/^arn:aws[a-z-]*:kms:[^:]*:[^:]*:key\//, '') : textOf(value, names); }
    if (Array.isArray(value)) { return value.map((entry) => visit(entry, member)); }
    if (typeof value === 'object' && value !== null) { return Object.fromEntries(Object.entries(value).filter(([each]) => !NAMES.includes(each)).map(([each, entry]) => [each, visit(entry, each)])); }
    return value;
  };
  const { Tags: tags, HyperParameterTuningJobName: _name, ...others } = request;
  const plain = visit(others) as { [member: string]: any };
  for (const part of [plain, plain.TrainingJobDefinition, ...(plain.TrainingJobDefinitions ?? [])]) {
    if (part?.InputDataConfig) { part.InputDataConfig = [...part.InputDataConfig].sort((a, b) => (a.ChannelName < b.ChannelName ? -1 : 1)); }
    if (part?.OutputDataConfig) { part.OutputDataConfig = { ...part.OutputDataConfig, S3OutputPath: part.OutputDataConfig.S3OutputPath.replace(/\/$/, '') }; }
  }
  if (plain.TransformOutput) { plain.TransformOutput = { ...plain.TransformOutput, S3OutputPath: plain.TransformOutput.S3OutputPath.replace(/\/?(\{JobName\})?\/?$/, '') }; }
  const own = ((Array.isArray(tags) ? tags : []) as { Key: string; Value: string }[]).map(({ Key, Value }) => `${Key}=${Value}`).filter((tag) => !tag.startsWith('cdk-sagemaker:')).sort();
  return pruned({ ...plain, Tags: own });
}

const textOf = (text: string, names: readonly string[]) => names.reduce((all, name) => all.split(name).join('{JobName}'), text);

export const isSameRequest = (one: Tree, other: Tree): boolean => isSame(one, other);
