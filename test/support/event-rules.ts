/**
 * Whether EventBridge would hand an event to a rule: the comparisons that our rules use, as its user guide has them. What is later known to CloudFormation is looked up in `values`.
 */
export function isMatch(pattern: any, event: any, values: { readonly [pseudo: string]: string } = {}): boolean {
  return Object.entries(pattern as { [member: string]: any }).every(([member, wanted]) => {
    if (member === '$or') { return (wanted as any[]).some((each) => isMatch(each, event, values)); }
    if (!Array.isArray(wanted)) { return [event?.[member]].flat().some((each) => typeof each === 'object' && each !== null && isMatch(wanted, each, values)); }
    return [event?.[member]].flat().some((found) => wanted.some((each) => isOne(each, found, values)));
  });
}

function isOne(wanted: any, found: unknown, values: { readonly [pseudo: string]: string }): boolean {
  if (typeof wanted === 'string') { return found === wanted; }
  if (wanted.Ref !== undefined) { return values[wanted.Ref] !== undefined && found === values[wanted.Ref]; }
  if (wanted['Fn::GetAtt'] !== undefined) { return values[wanted['Fn::GetAtt'].join('.')] !== undefined && found === values[wanted['Fn::GetAtt'].join('.')]; }
  if (typeof found !== 'string') { return false; }
  if (wanted.prefix !== undefined) { return found.startsWith(wanted.prefix); }
  const not = wanted['anything-but']?.wildcard;
  if (not === undefined) { throw new Error(`no comparison that is known: ${JSON.stringify(wanted)}`); }
  return !new RegExp(`^${String(not).replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(found);
}
