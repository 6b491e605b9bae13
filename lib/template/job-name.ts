import { createHash } from 'node:crypto';

/**
 * What names of jobs begin with, from paths alone: the command line finds the jobs of a construct by it, without the app.
 *
 * Deployed stacks carry these names for ever: IAM policies are limited to them, and a changed one means a job trained
 * again. Nothing here may change; test/template/names.test.ts pins it.
 */

const LONGEST_STACK_PREFIX = 24;
/** 63 characters of a job name, less `-`, the 10 digits of the run key and `-NNN` of a later attempt. */
const LONGEST_NAME_PREFIX = 48;

/** What the name of every job of a stack begins with. */
export function stackNamePrefix(stackPath: string): string {
  const name = slug(stackPath);
  return name.length <= LONGEST_STACK_PREFIX && name !== '' ? name : cut(name === '' ? 'stack' : name, stackPath, LONGEST_STACK_PREFIX);
}

/** What the name of one job begins with: the stack, then the way to the construct within the stack. */
export function jobNamePrefix(stackPath: string, pathInStack: string): string {
  const name = `${stackNamePrefix(stackPath)}-${slug(pathInStack)}`;
  const path = stackPath === '' ? pathInStack : `${stackPath}/${pathInStack}`;
  return name.length <= LONGEST_NAME_PREFIX && slug(pathInStack) !== '' ? name : cut(name, path, LONGEST_NAME_PREFIX);
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
