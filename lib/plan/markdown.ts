import type { EndpointPlan, JobPlan, MemberChange, Plan, StackPlan } from './plan';
import type { Totals } from './totals';
import { modelsOf, totalsText, usageText, valuesOf, verdictWord } from './words';

/** By which a program finds its comment again, to write it anew in place of another one. */
export const MARKER = '<!-- cdk-sagemaker plan -->';
/** A comment at GitHub has 65536 characters at most, and people less patience. */
const LONGEST = 60_000;
const MOST_CHANGES = 40;
/** How many rows a stack has at most, and characters of what can be unfolded: the first that is short enough. */
const SIZES = [{ rows: 60, details: 20_000 }, { rows: 60, details: 0 }, { rows: 10, details: 0 }, { rows: 2, details: 0 }] as const;
type Size = (typeof SIZES)[number];

interface Row {
  readonly verdict: string;
  readonly path: string;
  readonly what: string;
  readonly changes: readonly MemberChange[];
  /** Whose members count, or do not. */
  readonly isJob: boolean;
}

/** A plan as the comment of a pull request: what happens in a table, why in what can be unfolded. @param missed gates */
export function markdownOf(plan: Plan, totals: Totals, missed: readonly string[] = []): string {
  const texts = SIZES.map((size) => textOf(plan, totals, missed, size));
  return texts.find((text) => text.length <= LONGEST) ?? texts.at(-1) as string;
}

function textOf({ stacks }: Plan, totals: Totals, missed: readonly string[], size: Size): string {
  return [
    MARKER,
    '### What a deployment will do',
    ...stacks.map((stack) => stackText(stack, totals.currency, size)),
    totalsText(totals).map(escaped).join(' '),
    ...(missed.length === 0 ? [] : [`**Not within the gates:**\n\n${missed.map((gate) => `- ${escaped(gate)}`).join('\n')}`]),
  ].join('\n\n') + '\n';
}

function stackText(stack: StackPlan, currency: string | undefined, size: Size): string {
  const parts = [...stack.jobs, ...stack.endpoints];
  const unchanged = parts.filter(({ verdict }) => verdict === 'unchanged').length;
  const rows = [
    ...stack.jobs.filter(({ verdict }) => verdict !== 'unchanged').map((job) => jobRow(job, currency)),
    ...stack.endpoints.filter(({ verdict }) => verdict !== 'unchanged').map((endpoint) => endpointRow(endpoint, currency)),
  ];
  const rest = parts.length === 0 ? 'Neither jobs nor endpoints.' : rows.length === 0 ? 'Nothing changes for its jobs and endpoints.' : unchanged > 0 ? `${unchanged} more unchanged.` : '';
  return [
    `**${escaped(stack.path)}**, ${stack.isDeployed ? 'compared with' : 'not yet deployed at'} ${code(stack.comparedWith)}`,
    ...(stack.refused === undefined ? [] : [`**refused**: ${escaped(stack.refused)}`]),
    ...(stack.fails === undefined ? [] : [`**fails**: ${escaped(stack.fails)}`]),
    ...(rows.length === 0 ? [] : [tableOf(rows, size.rows)]),
    ...(rest === '' ? [] : [rest]),
    ...someDetails(rows, size.details),
  ].join('\n\n');
}

function tableOf(rows: readonly Row[], most: number): string {
  const more = rows.length - most;
  return [
    '| | | |', '| --- | --- | --- |',
    ...rows.slice(0, most).map(({ verdict, path, what }) => `| **${verdict}** | ${code(path)} | ${what} |`),
    ...(more > 0 ? [`| | ${more} more | |`] : []),
  ].join('\n');
}

function jobRow({ verdict, path, changes, hangsOn, reason, usage, newJob, oldJob }: JobPlan, currency: string | undefined): Row {
  const counting = changes.filter(({ counts }) => counts).map((change) => code(change.path));
  const named = counting.length > 3 ? [...counting.slice(0, 2), `${counting.length - 2} more members`] : counting;
  const job = verdict === 'adopts' ? newJob : verdict === 'stops' || verdict === 'leaves' ? oldJob : undefined;
  const what = [
    ...(job === undefined ? [] : [code(job)]),
    ...(reason === undefined ? [] : [escaped(reason)]),
    ...(verdict === 'retrains' && named.length > 0 ? [`since ${named.join(', ')} ${counting.length === 1 ? 'changes' : 'change'}`] : []),
    ...(hangsOn.length > 0 ? [`hangs on ${hangsOn.map(escaped).join(', ')}`] : []),
    ...(usage === undefined ? [] : [escaped(usageText(usage, currency))]),
  ];
  return { verdict: verdictWord(verdict), path, what: what.join('<br>'), changes, isJob: true };
}

function endpointRow({ verdict, path, how, models, changes, hangsOn, usage }: EndpointPlan, currency: string | undefined): Row {
  const moved = models.filter((model) => model.old !== model.new);
  const what = [
    ...(how === undefined ? [] : [escaped(how)]),
    ...moved.map((model) => `${code(model.variant)}: ${modelsOf(model).map(escaped).join(' → ')}`),
    ...(hangsOn.length > 0 ? [`hangs on ${hangsOn.map(escaped).join(', ')}`] : []),
    ...(usage === undefined ? [] : [escaped(usageText(usage, currency))]),
  ];
  return { verdict: verdictWord(verdict), path, what: what.join('<br>'), changes, isJob: false };
}

/** As many as there is room for. */
function someDetails(rows: readonly Row[], most: number): string[] {
  const all = rows.filter(({ changes }) => changes.length > 0).map(detailsOf);
  let length = 0;
  const shown = all.filter((text) => (length += text.length) <= most);
  const left = all.length - shown.length;
  return left === 0 ? shown : [...shown, `Details of ${left} more are left out: \`cdk-sagemaker plan\` has them.`];
}

function detailsOf({ path, changes, isJob }: Row): string {
  const more = changes.length - MOST_CHANGES;
  const rows = changes.slice(0, MOST_CHANGES).map((change) => {
    const { old, new: wanted } = valuesOf(change);
    return `| ${code(change.path)} | ${old === undefined ? '' : code(old)} | ${wanted === undefined ? '' : code(wanted)} |${isJob ? ` ${change.counts ? 'yes' : 'no'} |` : ''}`;
  });
  return [
    `<details><summary>${escaped(path)}: what changes</summary>`,
    [`| member | before | after |${isJob ? ' another result |' : ''}`, `| --- | --- | --- |${isJob ? ' --- |' : ''}`, ...rows, ...(more > 0 ? [`| ${more} more | | |${isJob ? ' |' : ''}`] : [])].join('\n'),
    '</details>',
  ].join('\n\n');
}

/** Text in which nothing is a sign of Markdown, a mention, or a reference to an issue. */
function escaped(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[&<>"@#|\\`*_[\]~$]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Text as it is: between backticks, and where that can't hold it (a table ends a cell at a bar even there) as what is written in references to its characters. */
function code(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return /[`|]/.test(line) || line.trim() === '' ? `<code>${escaped(line)}</code>` : `\`${line}\``;
}
