import { ServiceError } from '../service-error';

/** A CloudFormation template, as far as it is looked at here. */
export interface Template {
  readonly Parameters?: { readonly [name: string]: ParameterDeclaration };
  readonly Mappings?: { readonly [map: string]: { readonly [first: string]: { readonly [second: string]: unknown } } };
  readonly Conditions?: { readonly [name: string]: unknown };
  readonly Resources: { readonly [logicalId: string]: ResourceDeclaration };
  readonly Outputs?: { readonly [name: string]: OutputDeclaration };
  readonly Transform?: unknown;
  readonly [section: string]: unknown;
}

export interface ParameterDeclaration {
  readonly Type: string;
  readonly Default?: string | number;
  readonly AllowedValues?: readonly unknown[];
  readonly AllowedPattern?: string;
  readonly NoEcho?: boolean | string;
}

export interface ResourceDeclaration {
  readonly Type: string;
  readonly Properties?: { readonly [name: string]: unknown };
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Metadata?: unknown;
}

export interface OutputDeclaration {
  readonly Value: unknown;
  readonly Description?: string;
  readonly Condition?: string;
  readonly Export?: { readonly Name: unknown };
}

export const invalidTemplate = (message: string) => new ServiceError('ValidationError', message);

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Takes JSON as a template.
 *
 * @throws ServiceError ValidationError, as CreateStack does, for what is no template or needs a macro
 */
export function templateOf(json: unknown): Template {
  if (!isObject(json) || !isObject(json.Resources) || Object.keys(json.Resources).length === 0) {
    throw invalidTemplate('Template format error: At least one Resources member must be defined.');
  }
  // AWS::LanguageExtensions brings two functions, Fn::Length and Fn::ToJsonString, that are understood without it.
  const macros = [json.Transform ?? []].flat().filter((macro) => macro !== 'AWS::LanguageExtensions');
  if (macros.length > 0) { throw invalidTemplate(`Not supported by the local AWS: Transform ${JSON.stringify(macros)}`); }
  for (const [id, resource] of Object.entries(json.Resources)) {
    if (!isObject(resource) || typeof resource.Type !== 'string') { throw invalidTemplate(`Template format error: [/Resources/${id}] Every Resources object must contain a Type member.`); }
  }
  requireNoNull(json.Resources, '/Resources');
  return json as unknown as Template;
}

function requireNoNull(value: unknown, path: string): void {
  if (value === null) { throw invalidTemplate(`[${path}] 'null' values are not allowed in templates`); }
  if (typeof value !== 'object') { return; }
  for (const [name, member] of Object.entries(value as object)) { requireNoNull(member, `${path}/${name}`); }
}
