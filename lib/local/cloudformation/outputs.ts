import type { Scope } from './intrinsics';
import type { LoadedTemplate } from './loaded-template';
import type { Output } from './stack-record';
import { invalidTemplate } from './template';

/** The outputs of a stack whose resources are there, and the exports of others that it uses. */
export function outputsOf(loaded: LoadedTemplate, resource: Scope['resource'], before: { readonly [name: string]: Output }, othersUse: (exportName: string) => string | undefined) {
  const outputs: { [name: string]: Output } = {};
  for (const [name, declared] of Object.entries(loaded.outputs)) {
    const value = loaded.value(declared.Value, `Outputs.${name}`, resource);
    if (typeof value === 'object') { throw invalidTemplate(`Template format error: The Value field of every Outputs member must evaluate to a String (${name})`); }
    const exportName = declared.Export === undefined ? undefined : String(loaded.value(declared.Export.Name, `Outputs.${name}.Export`, resource));
    outputs[name] = { value: String(value), description: declared.Description, exportName };
  }
  for (const { exportName, value } of Object.values(before)) {
    const user = exportName === undefined ? undefined : othersUse(exportName);
    const isKept = Object.values(outputs).some((output) => output.exportName === exportName && output.value === value);
    if (user !== undefined && !isKept) { throw invalidTemplate(`Cannot update export ${exportName} as it is in use by ${user}`); }
  }
  return { outputs, imports: importsIn(loaded.resources, loaded, resource) };
}

function importsIn(expression: unknown, loaded: LoadedTemplate, resource: Scope['resource']): string[] {
  if (typeof expression !== 'object' || expression === null) { return []; }
  return Object.entries(expression).flatMap(([name, argument]) =>
    (name === 'Fn::ImportValue' ? [String(loaded.value(argument, 'Fn::ImportValue', resource))] : importsIn(argument, loaded, resource)));
}
