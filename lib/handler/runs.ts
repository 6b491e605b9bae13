import type { JobKindName, JobProperties } from './contract';
import { OWNER_TAGS } from './contract';
import { BadProperties } from './errors';
import type { CloudFormationEvent, Turn } from './events';
import { kindOfType, propertiesOf } from './events';
import { JOB_KINDS } from './job-kinds';
import type { JobKind, Tree } from './job-kind';
import { runKey } from './run-key';
import type { Job, Tags, World } from './world';

/** What an event asks for. */
export interface Run {
  readonly kind: JobKindName;
  readonly row: JobKind;
  readonly properties: JobProperties;
  /** The name of the first attempt; further ones end in -2, -3. */
  readonly jobName: string;
}

/** One of the jobs of a run. */
export interface Attempt {
  readonly number: number;
  readonly job: Job;
}

/** Room for `-` and the number of an attempt. */
const ATTEMPT_SUFFIX = 4;

/** The run that these properties ask for. */
export function runOf(event: CloudFormationEvent, from: unknown = event.ResourceProperties): Run {
  const kind = kindOfType(event.ResourceType);
  if (!kind) { throw new BadProperties(`${event.ResourceType}: not a job`); }
  const row = JOB_KINDS[kind];
  const properties = propertiesOf<JobProperties>(from);
  if (typeof properties.Request !== 'object' || properties.Request === null || Array.isArray(properties.Request)) {
    throw new BadProperties('Request: must be a structure');
  }
  const longest = row.longestName - 11 - ATTEMPT_SUFFIX;
  const prefix = String(properties.NamePrefix ?? '');
  if (!/^[a-z0-9](-?[a-z0-9])*$/.test(prefix) || prefix.length > longest) {
    throw new BadProperties(`NamePrefix: must be at most ${longest} lower-case letters, digits and single dashes, got ${JSON.stringify(properties.NamePrefix)}`);
  }
  const key = runKey(properties, { stackId: event.StackId, logicalId: event.LogicalResourceId }, row.key);
  return { kind, row, properties, jobName: `${prefix}-${key}` };
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
export async function attempts(world: World, kind: JobKindName, jobName: string, known: string | undefined): Promise<Attempt[]> {
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
export function isUsable(run: Run, job: Job): boolean {
  return job.state === 'completed' || (run.properties.AcceptTimeLimit === 'true' && run.row.endedByLimit?.(job.details) === true
    && String(run.row.limit?.(run.properties.Request as Tree)) === String(run.row.limit?.(job.details)));
}

export const hasEnded = (job: Job) => ['completed', 'failed', 'stopped'].includes(job.state);

/** The tags by which everybody can see whose job it is. */
export function ownerTags(event: CloudFormationEvent): Tags {
  return {
    [OWNER_TAGS.stack]: event.StackId,
    [OWNER_TAGS.logicalId]: event.LogicalResourceId,
    [OWNER_TAGS.request]: event.RequestId,
  };
}

export const isOurs = (tags: Tags, event: CloudFormationEvent) =>
  tags[OWNER_TAGS.stack] === event.StackId && tags[OWNER_TAGS.logicalId] === event.LogicalResourceId;

/** Launched for this very event, by this or an earlier delivery of it. */
export const isOfThisEvent = (tags: Tags, event: CloudFormationEvent) => isOurs(tags, event) && tags[OWNER_TAGS.request] === event.RequestId;

/** The job that this event launched, if it did. */
export async function launchedByThisEvent(turn: Turn, run: Run): Promise<Job | undefined> {
  for (const { job } of (await attempts(turn.world, run.kind, run.jobName, turn.event.PhysicalResourceId)).reverse()) {
    if (isOfThisEvent(await turn.world.jobs.tags(job.arn), turn.event)) { return job; }
  }
  return undefined;
}
