import type { Construct } from 'constructs';
import { JOB_KIND_FACTS, type JobKindName } from './limits/job-kinds';
import { isToken, refuse, serviceName } from './request/checks';
import { JobProviderResources } from './template/job-provider';
import { JobOutcome } from './template/job-resource';

/** CloudFormation waits for one resource at most an hour. */
const WITHIN_SECONDS = 55 * 60;

/** What a deployment finds out of a job made elsewhere. A job that still runs is waited for. */
export function foundJob<Kind extends JobKindName>(scope: Construct, kind: Kind, jobName: string): JobOutcome<Kind> {
  const provider = JobProviderResources.of(scope);
  provider.permissions.addAdopted(scope, kind, jobName);
  const outcome = new JobOutcome({ scope, provider, kind, jobName }, WITHIN_SECONDS, {});
  outcome.dependOn(...provider.lifelines);
  return outcome;
}

/** The name alone, and no ARN: the handler asks by it, and the policy is made of it. */
export function checkJobName(scope: Construct, prop: string, name: string, kind: JobKindName): void {
  if (typeof name !== 'string' && !isToken(name)) { refuse(scope, prop, 'be text', name); }
  serviceName(scope, prop, name, 'the name of a job, and not its ARN:', JOB_KIND_FACTS[kind].longestName);
}
