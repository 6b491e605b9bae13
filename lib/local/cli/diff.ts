import { templateOfStack } from '../assembly';
import { isCustom } from '../cloudformation/resource-type';
import { templateOf } from '../cloudformation/template';
import { replacementRules } from '../resources';
import { assemblyOf, selectedStacks } from './app';
import { deployedStacks, isThere } from './deployed';
import type { Output } from './output';
import { otherSectionsDiffer, templateDiff } from './template-diff';
import type { ResourceChange } from './template-diff';

export interface DiffOptions {
  readonly app?: string;
  readonly state: string;
}

/** Prints what a deployment would change; the answer is whether it would change anything. */
export async function diff(names: readonly string[], options: DiffOptions, output: Output): Promise<boolean> {
  const rules = replacementRules();
  const replaces = (type: string, old: object, wanted: object) => rules.get(type)?.(old as never, wanted as never) === true;
  const results: object[] = [];
  let differs = false;
  for (const stack of selectedStacks(await assemblyOf(options.app, options.state, output), names)) {
    const record = deployedStacks(options.state).find((candidate) => candidate.stackName === stack.stackName && isThere(candidate) && !candidate.status.startsWith('ROLLBACK_'));
    const wanted = templateOf(templateOfStack(stack));
    const deployed = record?.template ?? { Resources: {} };
    const changes = templateDiff(deployed, wanted, replaces);
    const sections = otherSectionsDiffer(deployed, wanted);
    const paths = { ...record?.paths, ...stack.paths };
    differs ||= changes.length > 0 || sections.length > 0;
    output.result(output.paint('bold', `${stack.displayName}${record === undefined ? ' (not deployed)' : ''}`));
    for (const change of changes) { for (const line of linesOf(change, paths, output)) { output.result(line); } }
    if (sections.length > 0) { output.result(`~ ${sections.join(', ')} of the template`); }
    if (changes.length === 0 && sections.length === 0) { output.result('  no differences'); }
    results.push({ stackName: stack.stackName, deployed: record !== undefined, changes: changes.map((change) => ({ path: paths[change.logicalId], ...change })), sections });
  }
  output.json(results);
  return differs;
}

function linesOf({ logicalId, type, change, because, properties }: ResourceChange, paths: { readonly [logicalId: string]: string }, output: Output): string[] {
  const path = paths[logicalId] ?? logicalId;
  if (change === 'add') { return [output.paint('green', `+ ${path} (${type})`)]; }
  if (change === 'remove') { return [output.paint('red', `- ${path} (${type})`)]; }
  const lines = properties.map(({ path: property, old, new: wanted }) => `  ${path} ${property}: ${old ?? '(none)'} -> ${wanted ?? '(none)'}`);
  const why = because.length === 0 ? '' : ` along with ${because.map((id) => paths[id] ?? id).join(', ')}`;
  const what = change === 'replace' ? output.paint('yellow', 'is replaced') : isCustom(type) ? 'is updated, which may make a new one' : 'is updated in place';
  return [`~ ${path} (${type}) ${what}${why}`, ...lines];
}
