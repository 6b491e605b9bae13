import { Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { createHash } from 'node:crypto';

/**
 * Names that deployed stacks carry for ever: job names begin with them, IAM policies are limited to them, and a
 * changed one means a job trained again. Nothing here may change; test/template/names.test.ts pins it.
 */

const LONGEST_STACK_PREFIX = 24;
/** 63 characters of a job name, less `-`, the 10 digits of the run key and `-NNN` of a later attempt. */
const LONGEST_NAME_PREFIX = 48;

/** What the name of every job of a stack begins with. */
export function stackPrefix(stack: Stack): string {
  return shortened(stack.node.path, LONGEST_STACK_PREFIX);
}

/** What the name of one job begins with: the stack, then the way to the construct within the stack. */
export function namePrefix(construct: IConstruct): string {
  const stack = Stack.of(construct);
  const inside = construct.node.path.slice(stack.node.path === '' ? 0 : stack.node.path.length + 1);
  const name = `${stackPrefix(stack)}-${slug(inside)}`;
  return name.length <= LONGEST_NAME_PREFIX && slug(inside) !== '' ? name : cut(name, construct.node.path, LONGEST_NAME_PREFIX);
}

/** The IAM path of the roles made for jobs and models of a stack. */
export function rolePath(stack: Stack): string {
  return `/cdk-sagemaker/${stackPrefix(stack)}/`;
}

function shortened(path: string, longest: number): string {
  const name = slug(path);
  return name.length <= longest && name !== '' ? name : cut(name === '' ? 'stack' : name, path, longest);
}

function cut(name: string, path: string, longest: number): string {
  const hash = createHash('sha256').update(path).digest('hex').slice(0, 4);
  return `${name.slice(0, longest - 5).replace(/-+$/, '')}-${hash}`;
}

function slug(path: string): string {
  return path.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
}
