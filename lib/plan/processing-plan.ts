import type { Unknowns } from '../local/run-one/unknown';
import { decided, type Foreseen } from './foreseen';
import { sameValue } from '../local/cloudformation/resource-type';
import { kindOfType } from './job-kinds';
import { allChanges } from './member-changes';
import type { JobPlan } from './plan';

export const PROCESSING_JOB = 'AWS::SageMaker::ProcessingJob';

/** The kind of job that a resource is, those included that CloudFormation makes by itself. */
export const anyKindOf = (type: string): string | undefined => kindOfType(type) ?? (type === PROCESSING_JOB ? 'ProcessingJob' : undefined);

/** A processing job is a resource of CloudFormation's own: whatever changes of it, another one runs in its place. */
export function processingPlan({ logicalId, path, change, old, wanted = {}, deployed }: Foreseen, unknowns: Unknowns): JobPlan {
  const oldJob = nameOf(deployed?.physicalId);
  const base = { path, logicalId, kind: 'ProcessingJob', changes: old === undefined ? [] : allChanges(old, wanted, unknowns), ...oldJob === undefined ? {} : { oldJob } };
  const name = typeof wanted.ProcessingJobName === 'string' && unknowns.allWithin(wanted.ProcessingJobName).length === 0 ? wanted.ProcessingJobName : undefined;
  const newJob = name === undefined ? {} : { newJob: name };
  if (old === undefined) { return { ...base, verdict: 'launches', ...newJob, hangsOn: [] }; }
  if (change === 'none') { return { ...base, verdict: 'unchanged', ...oldJob === undefined ? {} : { newJob: oldJob }, hangsOn: [] }; }
  if (change === 'open' && sameValue(old, decided(wanted, old, unknowns))) {
    return { ...base, verdict: 'unknown', hangsOn: [...new Set(unknowns.allWithin(wanted).filter(({ novelty }) => novelty === undefined).map(({ what }) => what))] };
  }
  if (name !== undefined && name === oldJob) { return { ...base, verdict: 'fails', reason: `the name ${name} is taken by the job that it is to replace`, hangsOn: [] }; }
  return { ...base, verdict: 'retrains', ...newJob, hangsOn: [] };
}

const nameOf = (physicalId: string | undefined) => physicalId?.split('/').at(-1);
