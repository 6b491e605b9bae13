import { Annotations, AspectPriority, Aspects } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/** Warns of what is known only when everything is made, such as grants and endpoints that are added later; where there are no words, of nothing. */
export function warnInTheEnd(scope: IConstruct, id: string, words: () => string | undefined): void {
  const visit = (node: IConstruct) => {
    const text = node === scope ? words() : undefined;
    if (text !== undefined) { Annotations.of(scope).addWarningV2(id, text); }
  };
  // the last of all aspects
  Aspects.of(scope).add({ visit }, { priority: AspectPriority.READONLY });
}
