/**
 * What SageMaker tells EventBridge, as the developer guide has it ("Events that Amazon SageMaker AI sends to Amazon EventBridge").
 * There is none for inference components and none for AutoML jobs.
 */
export const EVENT_SOURCE = 'aws.sagemaker';

/** What changes, by the word that its members begin with: `TrainingJobName`, `TrainingJobArn`, `TrainingJobStatus`. */
export const DETAIL_TYPES = {
  TrainingJob: 'SageMaker Training Job State Change',
  HyperParameterTuningJob: 'SageMaker HyperParameter Tuning Job State Change',
  TransformJob: 'SageMaker Transform Job State Change',
  ProcessingJob: 'SageMaker Processing Job State Change',
  Endpoint: 'SageMaker Endpoint State Change',
  ModelPackage: 'SageMaker Model Package State Change',
} as const;

export type EventfulKind = keyof typeof DETAIL_TYPES;

/** What an event must have in its `detail`, member by member. */
export interface EventDetail { readonly [member: string]: unknown }

/** How a move of an endpoint goes on, with members of an endpoint as well. Where deployment guardrails are excluded there may be none. */
export const ENDPOINT_DEPLOYMENT_DETAIL_TYPE = 'SageMaker Endpoint Deployment State Change';
