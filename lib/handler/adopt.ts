import type { Progress, Turn } from './events';
import { succeed } from './events';
import { Refused } from './errors';
import { contains } from './job-kinds';
import type { Tree } from './job-kinds';
import { canonicalJson, keyMaterial } from './run-key';
import type { Run } from './runs';

/** Takes a job that somebody else made as this resource's own. It is never tagged, stopped or deleted. */
export async function adopt(turn: Turn, run: Run, request: Tree): Promise<Progress> {
  const { Name: name, Accept: accept = [] } = run.properties.Adopt!;
  const job = await turn.world.jobs.describe(run.kind, name);
  if (!job) { throw new Refused(`adopt: there is no ${run.row.noun} ${name}`); }
  const column = { ...run.row.key, omitted: [...run.row.key.omitted, ...accept] };
  const [wanted, found] = [keyMaterial({ Request: request }, column), keyMaterial({ Request: job.details }, column)];
  const different = Object.keys(wanted).filter((member) => canonicalJson(wanted[member]) !== 'null' && !contains(found[member], wanted[member]));
  if (different.length > 0) {
    const list = different.map((member) => `${member} (asked for ${canonicalJson(wanted[member]).slice(0, 200)}, it has ${canonicalJson(found[member]).slice(0, 200)})`);
    throw new Refused(`adopt: ${name} is another run: ${list.join('; ')}. Name the members in \`accept\`, or remove \`adopt\` to launch a job`);
  }
  const attributes = (run.properties.Attributes ?? []).map((attribute) => [attribute, attribute === 'JobArn' ? job.arn : name]);
  return succeed(name, Object.fromEntries(attributes));
}
