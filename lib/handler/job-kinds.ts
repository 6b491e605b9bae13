import type { JobKindName } from '../limits/job-kinds';
import type { JobKind } from './job-kind';
import { hyperParameterTuningJob } from './tuning-job-kind';
import { trainingJob } from './training-job-kind';
import { transformJob } from './transform-job-kind';

/** The table: all that the code knows of a kind of job is in its row. */
export const JOB_KINDS: { readonly [kind in JobKindName]: JobKind } = {
  TrainingJob: trainingJob,
  HyperParameterTuningJob: hyperParameterTuningJob,
  TransformJob: transformJob,
};
