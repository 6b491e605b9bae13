import { beyondLimits, type IsUnknown, type Violation } from './constraints';
import { TRAINING_JOB_LIMITS } from './training-job';
import { againstRules } from './training-job-rules';

/** Everything wrong with a request for a training job, as far as it is known: members first, then what they are together. */
export function trainingJobViolations(request: object, isUnknown?: IsUnknown): Violation[] {
  const single = beyondLimits(TRAINING_JOB_LIMITS, request, isUnknown);
  return single.length > 0 ? single : againstRules(request as { [member: string]: unknown }, isUnknown);
}
