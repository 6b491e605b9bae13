import type { JobKindName, JobProperties } from './contract';
import { OWNER_TAGS } from './contract';
import { BadProperties } from './errors';
import type { CloudFormationEvent } from './events';
import type { JobRules, Tree } from './job-kind';
import { runKey, type RunPlace } from './run-key';
import type { Job, Jobs, Tags } from './world';

/** One of the jobs of a run. */
export interface Attempt {
  readonly number: number;
  readonly job: Job;
}

/** Where the name of the job is wanted in a text of the request (`JobNameIn`). */
const JOB_NAME = '{JobName}';
/** Room for `-` and the number of an attempt. */
const ATTEMPT_SUFFIX = 4;

/** The name of the first attempt of the run that these properties ask for; further ones end in -2, -3. */
export function jobNameOf(properties: JobProperties, place: RunPlace, row: Pick<JobRules, 'longestName' | 'key'>): string {
  if (typeof properties.Request !== 'object' || properties.Request === null || Array.isArray(properties.Request)) {
    throw new BadProperties('Request: must be a structure');
  }
  const longest = row.longestName - 11 - ATTEMPT_SUFFIX;
  const prefix = String(properties.NamePrefix ?? '');
  if (!/^[a-z0-9](-?[a-z0-9])*$/.test(prefix) || prefix.length > longest) {
    throw new BadProperties(`NamePrefix: must be at most ${longest} lower-case letters, digits and single dashes, got ${JSON.stringify(properties.NamePrefix)}`);
  }
  return `${prefix}-${runKey(properties, place, row.key)}`;
}

export const attemptName = (jobName: string, number: number) => (number === 1 ? jobName : `${jobName}-${number}`);

/** Which attempt of a run a name is; undefined for any other name. */
export function attemptNumber(jobName: string, name: string | undefined): number | undefined {
  if (name === jobName) { return 1; }
  const number = name?.startsWith(`${jobName}-`) ? name.slice(jobName.length + 1) : '';
  return /^[1-9]\d{0,2}$/.test(number) ? Number(number) : undefined;
}

/**
 * Every attempt of a run, oldest first. A single record that somebody deleted does not hide the later ones, and where
 * more are gone the search goes on at the name that CloudFormation knows, if that is an attempt of this run.
 */
export async function attempts(world: { readonly jobs: Pick<Jobs, 'describe'> }, kind: JobKindName, jobName: string, known: string | undefined): Promise<Attempt[]> {
  const found: Attempt[] = [];
  const last = attemptNumber(jobName, known) ?? 0;
  for (let number = 1, misses = 0; misses < 2 || number <= last; number++) {
    if (misses === 2) { [number, misses] = [last, 0]; }
    const job = await world.jobs.describe(kind, attemptName(jobName, number));
    if (job) { found.push({ number, job }); }
    misses = job ? 0 : misses + 1;
  }
  return found;
}

/** Its result is, or will be, what the run is for. */
export function isUsable({ row, properties }: { readonly row: JobRules; readonly properties: JobProperties }, job: Job): boolean {
  return job.state === 'completed' || (properties.AcceptTimeLimit === 'true' && row.endedByLimit?.(job.details) === true
    && String(row.limit?.(properties.Request as Tree)) === String(row.limit?.(job.details)));
}

export const hasEnded = (job: Job) => ['completed', 'failed', 'stopped'].includes(job.state);

export function jobOf(row: JobRules, name: string, details: Tree): Job {
  const status = String(details[row.statusMember]);
  return { name, arn: details[row.arnMember], details, state: Object.hasOwn(row.states, status) ? row.states[status] : 'running' };
}

/** The tags by which everybody can see whose job it is. */
export function ownerTags(event: Pick<CloudFormationEvent, 'StackId' | 'LogicalResourceId' | 'RequestId'>): Tags {
  return {
    [OWNER_TAGS.stack]: event.StackId,
    [OWNER_TAGS.logicalId]: event.LogicalResourceId,
    [OWNER_TAGS.request]: event.RequestId,
  };
}

export const isOurs = (tags: Tags, event: Pick<CloudFormationEvent, 'StackId' | 'LogicalResourceId'>) =>
  tags[OWNER_TAGS.stack] === event.StackId && tags[OWNER_TAGS.logicalId] === event.LogicalResourceId;

/** The request with the name of the job where the template left it open. */
export function withJobName(request: Tree, { properties }: { readonly properties: JobProperties }, name: string): Tree {
  return (properties.JobNameIn ?? []).reduce<Tree>((tree, path) => filledIn(tree, path.split('.'), name), request);
}

function filledIn(tree: Tree, [member, ...rest]: string[], name: string): Tree {
  const value = tree[member];
  if (typeof value !== 'string' && (typeof value !== 'object' || value === null)) { return tree; }
  const filled = typeof value === 'string' ? value.replaceAll(JOB_NAME, name) : filledIn(value, rest, name);
  return Array.isArray(tree) ? tree.map((entry, index) => (String(index) === member ? filled : entry)) as unknown as Tree : { ...tree, [member]: filled };
}
