import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { logicalIdsIn, type AssemblyStack } from '../local/assembly';

/** A resource as it is in a template. */
export interface Resource {
  readonly Type: string;
  readonly Properties?: { readonly [name: string]: unknown };
  readonly Metadata?: { readonly [name: string]: unknown };
}

export interface Template {
  readonly Resources?: { readonly [logicalId: string]: Resource };
  readonly Parameters?: { readonly [name: string]: unknown };
  readonly Outputs?: { readonly [name: string]: { readonly Value: unknown; readonly Export?: { readonly Name: unknown } } };
}

/** What is known of a construct: `data` of the entries of each `type`. */
export interface MetadataEntry {
  readonly type: string;
  readonly data?: unknown;
}

/** A stack, nested or not, with what its resources are called in the app. */
export interface SynthesizedStack {
  /** Of the construct, stages included. */
  readonly path: string;
  /** The account that it is deployed to, as its template writes it. */
  readonly account: string;
  readonly template: Template;
  /** What it is nested in, and the logical id that it has there. */
  readonly parent?: { readonly stack: SynthesizedStack; readonly logicalId: string };
  /** Logical id -> path of the construct. */
  readonly paths: ReadonlyMap<string, string>;
}

const NESTED_STACK = 'AWS::CloudFormation::Stack';

/** A stack of a cloud assembly, and those that are nested in it. */
export function withNested(stack: AssemblyStack): SynthesizedStack[] {
  const template = JSON.parse(readFileSync(stack.templateFile, 'utf8')) as Template;
  const ids = logicalIdsIn(stack.metadata);
  const files = templateFiles(stack);
  const read = (path: string, own: Template, parent?: SynthesizedStack['parent']): SynthesizedStack[] => {
    const nested = Object.entries(own.Resources ?? {}).filter(([, { Type }]) => Type === NESTED_STACK);
    const pathOf = (logicalId: string) => nestedPath(ids.find(([id, below]) => id === logicalId && below.startsWith(`${path}/`))?.[1]);
    const nestedPaths = nested.map(([logicalId]) => pathOf(logicalId));
    const isOwn = (below: string) => below.startsWith(`${path}/`) && !nestedPaths.some((other) => other !== undefined && below.startsWith(`${other}/`));
    const self: SynthesizedStack = { path, account: stack.account ?? '${AWS::AccountId}', template: own, parent, paths: new Map(ids.filter(([, below]) => isOwn(below)).map(([id, below]) => [id, constructOf(below)])) };
    return [self, ...nested.flatMap(([logicalId, { Properties }]) => {
      const [file, below] = [fileOf(Properties?.TemplateURL, files), pathOf(logicalId)];
      if (file === undefined || below === undefined) { return []; }  // one that is made elsewhere, of a template that is there already
      return read(below, JSON.parse(readFileSync(join(stack.folder, file), 'utf8')) as Template, { stack: self, logicalId });
    })];
  };
  return read(stack.displayName, template);
}

/** A construct is what its resource is called, which the CDK makes below it. */
export function constructOf(path: string): string {
  return path.replace(/(\/(Resource|Default))+$/, '');
}

/** Of the resource `Stack/Nested.NestedStack/Nested.NestedStackResource` the stack `Stack/Nested`, whose constructs are below that. */
export function nestedPath(path: string): string;
export function nestedPath(path: string | undefined): string | undefined;
export function nestedPath(path: string | undefined): string | undefined {
  return path?.replace(/\/([^/]+)\.NestedStack\/\1\.NestedStackResource$/, '/$1');
}

/** The templates among the assets, by the hashes that their addresses have in them. */
function templateFiles({ assetFiles }: AssemblyStack): ReadonlyMap<string, string> {
  interface Assets { readonly files?: { readonly [hash: string]: { readonly source?: { readonly path?: string } } } }
  const all = assetFiles.filter((file) => existsSync(file)).flatMap((file) => Object.entries((JSON.parse(readFileSync(file, 'utf8')) as Assets).files ?? {}));
  return new Map(all.flatMap(([hash, { source }]) => (source?.path?.endsWith('.json') ? [[hash, source.path] as const] : [])));
}

function fileOf(address: unknown, files: ReadonlyMap<string, string>): string | undefined {
  const text = JSON.stringify(address ?? '');
  return [...files].find(([hash]) => text.includes(hash))?.[1];
}
