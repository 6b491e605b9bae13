import { randomInt } from 'node:crypto';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

export const randomSuffix = (length: number) => Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]).join('');

/** A physical name as CloudFormation makes them: `<stack>-<logical id>-<suffix>`, cut in the middle to fit. */
export function generatedName(stackName: string, logicalId: string, max: number): string {
  const suffix = randomSuffix(13);
  const room = max - suffix.length - 2;
  const half = Math.floor(room / 2);
  const stack = stackName.slice(0, Math.max(half, room - logicalId.length));
  return `${stack}-${logicalId.slice(0, room - stack.length)}-${suffix}`;
}
