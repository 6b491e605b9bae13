import { SYSTEM_CLOCK } from '../local/clock';
import { interrupt } from '../local/cloudformation/interruption';
import { Ledger } from '../local/cloudformation/ledger';
import { isInProgress, type ResourceRecord, type StackRecord } from '../local/cloudformation/stack-record';
import { MemoryStackStore } from '../local/cloudformation/stack-store';
import { hasEnded, LOST } from '../local/sagemaker/jobs';
import type { JobRecord, SageMakerState } from '../local/sagemaker/state-file';
import { trainsAgain } from '../local/sagemaker/training-job-rules';

/** Jobs that were under way when the local AWS ended, as the next one will find them: most are lost. */
export function jobsAfterRestart(state: SageMakerState): SageMakerState {
  const found = <R extends JobRecord>(jobs: Record<string, R>, goesOn: (job: R) => boolean) => Object.fromEntries(Object.entries(jobs).map(([name, job]): [string, R] => {
    if (hasEnded(job) || job.status === 'InProgress' && goesOn(job)) { return [name, job]; }
    return [name, job.status === 'Stopping' ? { ...job, status: 'Stopped' } : { ...job, status: 'Failed', reason: LOST }];
  }));
  const { trainingJobs, tuningJobs, transformJobs, processingJobs } = state;
  return { ...state, trainingJobs: found(trainingJobs, trainsAgain), tuningJobs: found(tuningJobs, () => true), transformJobs: found(transformJobs, () => false), processingJobs: found(processingJobs, () => false) };
}

/** A stack that was cut short when the local AWS ended, as it will be at rest: forward it has failed, and back, or away, it goes on. @param isLost what a resource had begun */
export function stackAfterRestart(record: StackRecord, isLost: (resource: ResourceRecord) => boolean): StackRecord {
  if (!isInProgress(record.status)) { return record; }
  const stack = structuredClone(record);
  interrupt(new Ledger(stack, SYSTEM_CLOCK, new MemoryStackStore(), () => undefined), isLost);
  switch (stack.status) {
    case 'DELETE_IN_PROGRESS': return { ...stack, status: 'DELETE_COMPLETE' };
    case 'ROLLBACK_IN_PROGRESS': return { ...stack, status: 'ROLLBACK_COMPLETE', resources: {}, outputs: {} };
    case 'UPDATE_ROLLBACK_IN_PROGRESS': case 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS': return { ...stack, ...stack.previous as Partial<StackRecord>, status: 'UPDATE_ROLLBACK_COMPLETE' };
    case 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS': return { ...stack, status: 'UPDATE_COMPLETE' };
    default: return stack;
  }
}
