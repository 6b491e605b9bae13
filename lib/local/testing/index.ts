// What tests import as `cdk-sagemaker/local`. It knows nothing of the CDK, and its declarations nothing that is installed beside it.
export type { DeployedStack } from './deploy-stacks';
export {
  Fault, type CallFault, type CutFault, type EndpointFault, type ErrorFault, type FaultDocument, type JobFault, type LimitFault, type ModelErrorFault, type Often, type ServerErrorFault,
  type SlowAnswerFault, type SlowEndpointFault, type SpotInterruptionFault, type SpotWaitFault,
} from './fault';
export { LocalSageMaker } from './local-sage-maker';
export type { Call, ClientConfig, EndpointState, JobState, LocalSageMakerOptions } from './options';
export { Outcome, type CompletionOptions, type Files, type OutcomeDocument, type OutcomeOptions } from './outcome';
export type { ScenarioDocument } from './scenario-document';
export { TestClock } from './test-clock';
export type { Time, TimeLike, TimeParts } from './time';
