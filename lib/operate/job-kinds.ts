import type { JobKind } from './job-kind';
import { trainingJob } from './training-job-kind';
import { transformJob } from './transform-job-kind';
import { tuningJob } from './tuning-job-kind';

/** In the order in which a bare name is looked for. */
export const JOB_KINDS: readonly JobKind[] = [trainingJob, tuningJob, transformJob];
