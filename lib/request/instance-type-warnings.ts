import { Annotations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/** Instance types with storage of their own; the list of the service grows, so that a mistake here only warns. */
export const LOCAL_STORAGE = /^ml\.([a-z]+\d+[a-z]*d[a-z]*|g5|g6|g6e|gr6|p5|p5e|p5en|p6-b200|p6-b300|p6e-gb200|trn1|trn1n|trn2)\./;

/** Whether instances of a type have storage of their own; of a type that is not known yet nobody can say so. */
export const hasLocalStorage = (instanceType: string): boolean => LOCAL_STORAGE.test(instanceType);

/** What is likely to be wrong with instance types. The ids are part of the API (docs/limits.md). */
export function warnOfInstanceTypes(scope: IConstruct, types: readonly string[], known: readonly string[], hasVolumeKey: boolean, keyProp = 'volumeKey'): void {
  const warn = (id: string, text: string) => Annotations.of(scope).addWarningV2(`cdk-sagemaker:${id}`, text);
  for (const type of types.filter((name) => hasVolumeKey && LOCAL_STORAGE.test(name))) {
    warn('volumeKeyOnLocalStorage', `${type} has storage of its own, for which SageMaker takes no ${keyProp}`);
  }
  for (const type of types.filter((name) => !known.includes(name))) {
    warn('unknownInstanceType', `${type} is not among the instance types that were known when this version was made${alike(type, known)}`);
  }
}

/** The known types of the same family. */
function alike(type: string, known: readonly string[]): string {
  const family = type.split('.').slice(0, 2).join('.');
  const same = known.filter((name) => name.startsWith(`${family}.`));
  return same.length === 0 ? '' : `; ${family} is known as ${same.join(', ')}`;
}
