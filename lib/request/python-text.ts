import { Token, Tokenization } from 'aws-cdk-lib/core';
import { jsonSpelling, strSpelling } from './python-spelling';

/** `json.dumps(value)`, of values that may be known at deployment only. */
export const pythonJson = (value: unknown): string => jsonSpelling(value, unresolved);

/** `str(value)`, of values that may be known at deployment only. */
export const pythonStr = (value: unknown): string => strSpelling(value, unresolved);

/** The text of a token. */
export function unresolved(value: unknown): string | undefined {
  if (!Token.isUnresolved(value)) { return undefined; }
  return typeof value === 'number' ? Tokenization.stringifyNumber(value) : Token.asString(value);
}
