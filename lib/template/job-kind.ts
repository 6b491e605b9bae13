import { JOB_KIND_FACTS, type JobKindFacts, type JobKindName } from '../limits/job-kinds';

/** What a template has to know of a kind of job. */
export interface JobKindRow {
  readonly resourceType: string;
  /** The part of the ARN before the name. */
  readonly arnResource: string;
  /** Longest name, in characters. */
  readonly longestName: number;
  /** What the handler calls. */
  readonly actions: readonly string[];
  /** The call of these that describes a job. */
  readonly describe: string;
  /** The kind whose jobs it launches by itself, and which the handler looks at. */
  readonly launches?: JobKindName;
  /** Whether the handler hands a role on when it launches one. */
  readonly passesRole: boolean;
}

/** Read from the facts when it is asked for: a kind is a row there. */
export function jobKind(kind: JobKindName): JobKindRow {
  const { arnType, longestName, calls, launches, passesNoRole = false }: JobKindFacts = JOB_KIND_FACTS[kind];
  return {
    resourceType: `Custom::SageMaker${kind}`,
    arnResource: arnType,
    longestName,
    actions: [...calls, 'AddTags', 'DeleteTags', 'ListTags'],
    describe: calls[1],
    launches: launches as JobKindName | undefined,
    passesRole: !passesNoRole,
  };
}

// Restated from the contract with the handler, of which a template sees the types alone; a test compares them.
export const WAIT_RESOURCE_TYPE = 'Custom::SageMakerJobWait';
export const OUTCOME_RESOURCE_TYPE = 'Custom::SageMakerJobOutcome';
export const ENDPOINT_CHECK_RESOURCE_TYPE = 'Custom::SageMakerEndpointCheck';
export const OWNER_TAG_PREFIX = 'cdk-sagemaker:';
export const STATE_MACHINE_VARIABLE = 'STATE_MACHINE_ARN';
/** Which rules the run key is made by. A new rule is a new version, and the deployed jobs keep theirs. */
export const KEY_VERSION = '1';
