import { Annotations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { isToken, refuse } from './checks';

/**
 * Versions of a framework that a way to distribute works with.
 *
 * A version is compared as it is written, for it is the tag of the image: `2.0` may be another image than `2.0.1`.
 */
export interface SupportedVersions {
  readonly versions: readonly string[];
  /**
   * Versions above this one did not exist when the table was made. They pass with a warning: a table must not keep
   * anybody from a new version. Known ones that are not in the list are refused, as by the Python SDK.
   */
  readonly newestKnown?: string;
}

const list = (versions: string) => versions.split(' ');
const NEWEST_PYTORCH = '2.8.0';

/** `torchrun`, by the kind of instances. */
export const TORCHRUN_ON_GPU: SupportedVersions = { versions: list('1.13.1 2.0.0 2.0.1 2.1.0 2.1.2 2.2.0 2.3.0 2.3.1 2.4.1 2.5.1 2.6.0 2.7.1 2.8.0'), newestKnown: NEWEST_PYTORCH };
export const TORCHRUN_ON_TRAINIUM: SupportedVersions = { versions: list('1.11 1.11.0 1.12 1.12.0 1.12.1 1.13.1 2.0.0'), newestKnown: NEWEST_PYTORCH };

/** The launcher of the data parallel library has ended: later versions of the frameworks have gone without it, so that newer ones are refused too. */
export const SMDATAPARALLEL: { [framework: string]: SupportedVersions } = {
  tensorflow: { versions: list('2.3 2.3.1 2.3.2 2.4 2.4.1 2.4.3 2.5 2.5.0 2.5.1 2.6 2.6.0 2.6.2 2.6.3 2.7 2.7.1 2.8 2.8.0 2.9 2.9.1 2.9.2 2.10 2.10.1 2.11 2.11.0') },
  pytorch: { versions: list('1.6 1.6.0 1.7 1.7.1 1.8 1.8.0 1.8.1 1.9 1.9.0 1.9.1 1.10 1.10.0 1.10.2 1.11 1.11.0 1.12 1.12.0 1.12.1 1.13.1 2.0.0 2.0.1 2.1.0 2.1.2 2.2.0') },
};

/** Refuses a version that is known not to work; what is the purpose is told by `of`, for instance `Distribution.mpi`. */
export function checkVersion(scope: IConstruct, of: string, framework: string, version: string | undefined, { versions, newestKnown }: SupportedVersions): void {
  if (version === undefined || isToken(version) || versions.includes(version)) { return; }
  if (newestKnown === undefined || !isAbove(version, newestKnown)) { refuse(scope, `the version of ${framework}`, `be one of ${versions.join(', ')} for ${of}`, version); }
  Annotations.of(scope).addWarningV2('cdk-sagemaker:unknownDistributionVersion', `${of} was known for ${framework} up to ${newestKnown} when this version was made; whether it works with ${version} shows when the job runs`);
}

/** Refuses a version below another. */
export function checkVersionAtLeast(scope: IConstruct, of: string, framework: string, version: string | undefined, least: string): void {
  if (version === undefined || isToken(version) || !isAbove(least, version)) { return; }
  refuse(scope, `the version of ${framework}`, `be ${least} or later for ${of}`, version);
}

/** By numbers, so that 1.10 is above 1.9; `2` is `2.0`. */
function isAbove(version: string, other: string): boolean {
  const [these, those] = [version, other].map((text) => text.split('.').map((part) => parseInt(part, 10)));
  for (let index = 0; index < Math.max(these.length, those.length); index += 1) {
    const difference = (these[index] ?? 0) - (those[index] ?? 0);
    if (difference !== 0) { return difference > 0; }
  }
  return false;
}
