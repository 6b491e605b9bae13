import { createHash } from 'node:crypto';

/**
 * What names of jobs begin with, from paths alone: the command line finds the jobs of a construct by it, without the app.
 *
 * Deployed stacks carry these names for ever: IAM policies are limited to them, and a changed one means a job trained
 * again. Nothing here may change; test/template/names.test.ts pins it.
 */

/** Names of most kinds of job. */
const LONGEST_NAME = 63;
/** `-`, the 10 digits of the run key, and `-NNN` of a later attempt. */
const AFTER_THE_PREFIX = 15;

/** What the name of every job of a stack begins with; half of what a name has room for. */
export function stackNamePrefix(stackPath: string, longestName = LONGEST_NAME): string {
  const longest = Math.floor((longestName - AFTER_THE_PREFIX) / 2);
  const name = slug(stackPath);
  return name.length <= longest && name !== '' ? name : cut(name === '' ? 'stack' : name, stackPath, longest);
}

/** What the name of one job begins with: the stack, then the way to the construct within the stack. */
export function jobNamePrefix(stackPath: string, pathInStack: string, longestName = LONGEST_NAME): string {
  const longest = longestName - AFTER_THE_PREFIX;
  const name = `${stackNamePrefix(stackPath, longestName)}-${slug(pathInStack)}`;
  const path = stackPath === '' ? pathInStack : `${stackPath}/${pathInStack}`;
  return name.length <= longest && slug(pathInStack) !== '' ? name : cut(name, path, longest);
}

/** Whether a job's name is one of those that begin with a prefix: then come the run key and, later, the attempt. */
export function isJobOf(prefix: string, jobName: string): boolean {
  return jobName.startsWith(`${prefix}-`) && /^[0-9a-f]{10}(-\d+)?$/.test(jobName.slice(prefix.length + 1));
}

function cut(name: string, path: string, longest: number): string {
  const hash = createHash('sha256').update(path).digest('hex').slice(0, 4);
  return `${name.slice(0, longest - 5).replace(/-+$/, '')}-${hash}`;
}

function slug(path: string): string {
  return path.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
}
