import type { JobRules } from '../handler/job-kind';
import { TRAINING_JOB_RULES } from '../handler/training-job-rules';
import { TRANSFORM_JOB_RULES } from '../handler/transform-job-rules';
import { TUNING_JOB_RULES } from '../handler/tuning-job-rules';
import type { JobKindName } from '../limits/job-kinds';

/** What the handler goes by, by kind: a plan says what it will do because it asks the same rules. */
export const JOB_RULES: { readonly [kind in JobKindName]: JobRules } = {
  TrainingJob: TRAINING_JOB_RULES,
  HyperParameterTuningJob: TUNING_JOB_RULES,
  TransformJob: TRANSFORM_JOB_RULES,
};

/** The kind of job that a type of resource launches. */
export function kindOfType(type: string): JobKindName | undefined {
  const name = /^Custom::SageMaker(\w+)$/.exec(type)?.[1] ?? '';
  return Object.hasOwn(JOB_RULES, name) ? name as JobKindName : undefined;
}
