import { Unexpressible } from './unexpressible';
import { list, literal, object, call, name, type Code } from './code';
import { key, placeOf } from './elsewhere';
import type { Program } from './program';
import { isTree, type Difference, type Tree } from './tree';

/** What a request is compared by, and which of its members are said in other words. */
export interface Prepared {
  readonly wanted: Tree;
  /** Members that the construct says otherwise, though they mean the same. */
  readonly otherwise: readonly string[];
}

/** Members that say what the service assumes anyway: member by its path -> its value. */
export type Defaults = { readonly [path: string]: unknown };

/** Without what is said elsewhere or assumed anyway, and keys by their ARNs. */
export function prepared(program: Program, request: Tree, without: readonly string[], defaults: Defaults, isFolder: (path: string) => boolean): Prepared {
  const otherwise: string[] = [];
  const visit = (value: unknown, path: string): unknown => {
    if (Array.isArray(value)) { return value.map((entry) => visit(entry, `${path}.*`)); }
    if (isTree(value)) { return Object.fromEntries(Object.entries(value).map(([member, entry]) => [member, within(entry, path === '' ? member : `${path}.${member}`)]).filter(([, entry]) => entry !== undefined)); }
    return value;
  };
  const within = (value: unknown, path: string): unknown => {
    if (without.includes(path) || (Object.hasOwn(defaults, path) && defaults[path] === value)) { return undefined; }
    // A description has an empty key where there is none.
    if (/KmsKeyId$/.test(path) && value === '') { return undefined; }
    const said = /KmsKeyId$/.test(path) ? key(program, value)?.arn ?? value : isFolder(path) ? folderOf(program, value, path) : visit(value, path);
    if (typeof value === 'string' && said !== value) { otherwise.push(path); }
    return said;
  };
  return { wanted: visit(request, '') as Tree, otherwise };
}

/** Addresses with an empty folder in them, which the constructs of jobs refuse. */
export function refuseEmptyFolders(value: unknown, path = ''): void {
  if (typeof value === 'string' && /S3(Uri|OutputPath)$/.test(path) && /^s3:\/\/.*\/\//s.test(value)) {
    throw new Unexpressible(`${path}: ${value} has two slashes in a row, which constructs of jobs refuse: it names a folder without a name`);
  }
  if (Array.isArray(value)) { value.forEach((each, index) => refuseEmptyFolders(each, `${path}[${index}]`)); }
  if (isTree(value)) { for (const [member, each] of Object.entries(value)) { refuseEmptyFolders(each, path === '' ? member : `${path}.${member}`); } }
}

/** An output prefix is sent without a slash at its end; the service puts one before the job's name either way. */
function folderOf(program: Program, uri: unknown, path: string): unknown {
  const place = placeOf(uri);
  if (!place) { throw new Unexpressible(`${path}: ${String(uri)} is no place in S3 that the library can write to (s3://bucket/prefix)`); }
  const folder = `s3://${place.bucket}/${place.prefix.replace(/\/+$/, '')}`;
  if (folder !== uri) { program.note(`${path}: ${String(uri)} is sent as ${folder}, which is the same folder`); }
  return folder;
}

/** Nothing is lost in silence. */
export function refuseDifferent(different: readonly Difference[]): void {
  if (different.length === 0) { return; }
  const [{ path, wanted, made }] = different as [Difference];
  throw new Unexpressible(`${path}: ${wanted === undefined ? `the construct sends ${JSON.stringify(made)}, and the request has none` : `${JSON.stringify(wanted)} can't be said by a construct`}`);
}

/** Tags of one's own: SageMaker's, AWS's and this library's are none. */
export function tagStatements(program: Program, constant: string, tags: unknown): void {
  for (const { Key, Value } of (Array.isArray(tags) ? tags : []) as Tree[]) {
    if (/^(aws:|cdk-sagemaker:|sagemaker:(domain-arn|user-profile-arn|space-arn)$)/.test(Key)) { continue; }
    program.statement(call(`Tags.of(${constant}).add`, literal(Key), literal(Value ?? '')));
  }
}

/** The prop by which a construct takes a job over. */
export const adoption = (jobName: string, accept: readonly string[]): Code => object({ name: literal(jobName), accept: accept.length > 0 ? list([...new Set(accept)].sort().map(literal)) : undefined })!;

/** The longest that a deployment waits for a job, and what a job takes besides its run. */
const LONGEST_WAIT_SECONDS = 18 * 86_400;
const AROUND_THE_RUN_SECONDS = 30 * 60;

/** A job that may take longer than a deployment waits is launched and not waited for. @param seconds undefined where that is not known */
export function completion(program: Program, seconds: number | undefined): Code | undefined {
  if (seconds !== undefined && seconds + AROUND_THE_RUN_SECONDS <= LONGEST_WAIT_SECONDS) { return undefined; }
  program.note(`completion: the job may take ${seconds === undefined ? 'any time' : `${Math.round(seconds / 86_400)} days`}, and a deployment waits for 18 days at most; give Completion.finished with \`within\` where it takes less`);
  return call('Completion.started');
}

/** A name without the time in it, by which a construct is called. */
export const withoutTime = (job: string): string => job.replace(/-\d{4}(-\d\d){5}-\d{3}$|-\d{6}-\d{4}$|-\d{4}(-\d\d){2}$|-\d{10,13}$/, '');

export const experimentCode = (experiment: Tree | undefined): Code | undefined => experiment && object({
  experimentName: experiment.ExperimentName && literal(experiment.ExperimentName), trialName: experiment.TrialName && literal(experiment.TrialName),
  trialComponentDisplayName: experiment.TrialComponentDisplayName && literal(experiment.TrialComponentDisplayName), runName: experiment.RunName && literal(experiment.RunName),
});

export const thisOne = name('this');
