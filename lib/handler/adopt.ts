import type { Progress, Turn } from './events';
import { succeed } from './events';
import { Refused, shown } from './errors';
import type { Tree } from './job-kind';
import { differencesOf } from './adopt-match';
import { membersOf } from './restore-types';
import type { Run } from './runs';

/** Takes a job that somebody else made as this resource's own. It is never tagged, stopped or deleted. */
export async function adopt(turn: Turn, run: Run, request: Tree): Promise<Progress> {
  const { Name: name, Accept: accept = [] } = run.properties.Adopt!;
  const job = await turn.world.jobs.describe(run.kind, name);
  if (!job) { throw new Refused(`adopt: there is no ${run.row.noun} ${name}`); }
  const different = differencesOf(run.row, membersOf(run.row.schema), request, job.details, accept);
  if (different.length > 0) {
    const list = different.map(([member, wanted, found]) => `${member} (asked for ${shown(member, wanted)}, it has ${shown(member, found)})`);
    throw new Refused(`adopt: ${name} is another run: ${list.join('; ')}. Name the members in \`accept\`, or remove \`adopt\` to launch a job`);
  }
  const attributes = (run.properties.Attributes ?? []).map((attribute) => [attribute, attribute === 'JobArn' ? job.arn : name]);
  return succeed(name, Object.fromEntries(attributes));
}
