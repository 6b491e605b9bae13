import { Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { isToken } from './request/checks';

type Part = 'account' | 'region';

/** In which part a place is known to be another one than that of a construct. */
export function elsewhere(scope: IConstruct, place: { readonly [part in Part]: string }, parts: readonly Part[] = ['account', 'region']): { readonly part: Part; readonly here: string; readonly there: string } | undefined {
  const stack = Stack.of(scope);
  const part = parts.find((each) => !isToken(place[each]) && !isToken(stack[each]) && place[each] !== stack[each]);
  return part && { part, here: stack[part], there: place[part] };
}
