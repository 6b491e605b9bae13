import { OWNER_TAGS } from './contract';
import { isEndedAlready } from './errors';
import type { Turn } from './events';
import type { Tree } from './job-kind';
import { ownerTags } from './run';
import type { Run } from './runs';
import type { Job, Tags } from './world';

/** Brings what does not make another run up to date on a job that exists: its tags, and what its API can change. */
export async function applyInPlace(turn: Turn, run: Run, job: Job, liveTags: Tags, request: Tree): Promise<void> {
  const { jobs } = turn.world;
  const wanted: Tags = { ...Object.fromEntries(userTags(request)), ...ownerTags(turn.event), [OWNER_TAGS.request]: liveTags[OWNER_TAGS.request] };
  const [changed, gone] = tagChanges(liveTags, wanted, turn.memo.before?.tagKeys);
  if (changed.length > 0) { await jobs.tag(job.arn, Object.fromEntries(changed)); }
  if (gone.length > 0) { await jobs.untag(job.arn, gone); }
  const update = run.row.inPlace?.(request, job.details);
  if (!update) { return; }
  try {
    await jobs.update(run.kind, job.name, update);
  } catch (error) {
    // It has ended since it was looked at: there is nothing left to change, and its result stands.
    if (!isEndedAlready(error)) { throw error; }
  }
}

/** @param before the keys that this resource once set, and no others: an organization's own tags on the job stay */
export function tagChanges(live: Tags, wanted: Tags, before: readonly string[] = []): [changed: [string, string][], gone: string[]] {
  return [Object.entries(wanted).filter(([key, value]) => live[key] !== value), before.filter((key) => !(key in wanted) && key in live)];
}

export function userTags(request: Tree): [string, string][] {
  return Array.isArray(request.Tags) ? request.Tags.map((tag: Tree) => [String(tag?.Key), String(tag?.Value ?? '')]) : [];
}
