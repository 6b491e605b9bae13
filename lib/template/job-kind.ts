import type { JobKindName } from '../handler/contract';

/** What a template has to know of a kind of job: a row each. */
export interface JobKindRow {
  readonly resourceType: string;
  /** The part of the ARN before the name. */
  readonly arnResource: string;
  /** What the handler calls. */
  readonly actions: readonly string[];
}

// Restated from the contract with the handler, of which a template sees the types alone; a test compares them.
export const JOB_KINDS: { readonly [kind in JobKindName]: JobKindRow } = {
  TrainingJob: {
    resourceType: 'Custom::SageMakerTrainingJob',
    arnResource: 'training-job',
    actions: ['CreateTrainingJob', 'DescribeTrainingJob', 'StopTrainingJob', 'DeleteTrainingJob', 'UpdateTrainingJob', 'AddTags', 'DeleteTags', 'ListTags'],
  },
};
export const WAIT_RESOURCE_TYPE = 'Custom::SageMakerJobWait';
export const OUTCOME_RESOURCE_TYPE = 'Custom::SageMakerJobOutcome';
export const OWNER_TAG_PREFIX = 'cdk-sagemaker:';
export const STATE_MACHINE_VARIABLE = 'STATE_MACHINE_ARN';
/** Which rules the run key is made by. A new rule is a new version, and the deployed jobs keep theirs. */
export const KEY_VERSION = '1';
