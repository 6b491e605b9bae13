import type { ResourceType, ResourceTypes } from '../cloudformation/resource-type';
import { alarmType } from './alarm';
import { bucketType } from './bucket';
import { cdkCustomTypes } from './cdk-custom';
import { functionType } from './function';
import { parameterType } from './parameter';
import { RECORDED_TYPES } from './recorded';
import { ruleType } from './rule';
import { sageMakerTypes } from './sagemaker';
import { scheduleType } from './schedule';
import type { LocalServices } from './services';
import { stateMachineType } from './state-machine';

/** Every type of resource that the local AWS knows. */
export function resourceTypes(services: LocalServices): ResourceTypes {
  return new Map([
    ...RECORDED_TYPES,
    ['AWS::S3::Bucket', bucketType(services)],
    ['AWS::CloudWatch::Alarm', alarmType(services)],
    ['AWS::Events::Rule', ruleType(services)],
    ['AWS::Lambda::Function', functionType(services)],
    ['AWS::Scheduler::Schedule', scheduleType(services)],
    ['AWS::SSM::Parameter', parameterType(services)],
    ['AWS::StepFunctions::StateMachine', stateMachineType(services)],
    ...sageMakerTypes(services),
    ...cdkCustomTypes(services),
  ]);
}

/** When a resource of a type is replaced. These rules look at properties alone: no service is there to be asked. */
export function replacementRules(): ReadonlyMap<string, ResourceType['replaces']> {
  return new Map([...resourceTypes({} as LocalServices)].map(([type, { replaces }]) => [type, replaces]));
}
