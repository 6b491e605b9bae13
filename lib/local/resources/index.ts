import type { ResourceTypes } from '../cloudformation/resource-type';
import { bucketType } from './bucket';
import { cdkCustomTypes } from './cdk-custom';
import { functionType } from './function';
import { RECORDED_TYPES } from './recorded';
import { sageMakerTypes } from './sagemaker';
import type { LocalServices } from './services';
import { stateMachineType } from './state-machine';

/** Every type of resource that the local AWS knows. */
export function resourceTypes(services: LocalServices): ResourceTypes {
  return new Map([
    ...RECORDED_TYPES,
    ['AWS::S3::Bucket', bucketType(services)],
    ['AWS::Lambda::Function', functionType(services)],
    ['AWS::StepFunctions::StateMachine', stateMachineType(services)],
    ...sageMakerTypes(services),
    ...cdkCustomTypes(services),
  ]);
}
