import { App, Stack, type StackProps } from 'aws-cdk-lib/core';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  Algorithm, Capacity, ContainerImage, HyperparameterTuningJob, Metric, Objective, ParameterRange, TrainingJob, type HyperparameterTuningJobProps, type TrainingJobProps, type TuningDefinitionProps,
} from 'cdk-sagemaker';

export const IMAGE_URI = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/my/image:1.0';

export type Resource = { Type: string; Properties: any; DependsOn?: string[] };

export function emptyStack(id = 'Stack', props: StackProps = {}): Stack {
  return new Stack(new App(), id, props);
}

/** The least a training job can be made of, and what a test adds. */
export function trainingProps(overrides: Partial<TrainingJobProps> = {}): TrainingJobProps {
  return {
    algorithm: Algorithm.image(ContainerImage.fromUri(IMAGE_URI)),
    capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }),
    ...overrides,
  };
}

export function trainingIn(stack: Stack, overrides: Partial<TrainingJobProps> = {}, id = 'Train'): TrainingJob {
  return new TrainingJob(stack, id, trainingProps(overrides));
}

/** The least a definition of a tuning job can be made of, and what a test adds. */
export function tuningDefinition(overrides: Partial<TuningDefinitionProps> = {}): TuningDefinitionProps {
  return {
    ...trainingProps(),
    metrics: [Metric.regex('accuracy', 'acc=([0-9.]+)')],
    objective: Objective.maximize('accuracy'),
    ranges: { rate: ParameterRange.continuous(0.1, 0.5) },
    ...overrides,
  };
}

export function tuningIn(stack: Stack, definition: Partial<TuningDefinitionProps> = {}, props: Partial<HyperparameterTuningJobProps> = {}, id = 'Tune'): HyperparameterTuningJob {
  return new HyperparameterTuningJob(stack, id, { definition: tuningDefinition(definition), maxJobs: 4, maxParallelJobs: 2, ...props });
}

/** The properties of the one tuning job in a stack. */
export function tuningOf(template: Template): any {
  return only(template, 'Custom::SageMakerHyperParameterTuningJob').Properties;
}

export function bucketNamed(stack: Stack, name: string): Bucket {
  return Bucket.fromBucketName(stack, `Bucket-${name}`, name) as Bucket;
}

/** Template of a stack with one job. */
export function jobTemplate(overrides: (stack: Stack) => Partial<TrainingJobProps> = () => ({})): Template {
  const stack = emptyStack();
  trainingIn(stack, overrides(stack));
  return Template.fromStack(stack);
}

export function ofType(template: Template, type: string): [string, Resource][] {
  return Object.entries(template.findResources(type)) as [string, Resource][];
}

/** The one resource of a type. */
export function only(template: Template, type: string): Resource {
  const found = ofType(template, type);
  expect(found.map(([id]) => id)).toHaveLength(1);
  return found[0][1];
}

/** The properties of the one job in a stack. */
export function jobOf(template: Template): any {
  return only(template, 'Custom::SageMakerTrainingJob').Properties;
}

/** Every statement of the policies whose logical id begins with the text. */
export function statements(template: Template, policyId: string): any[] {
  return ofType(template, 'AWS::IAM::Policy').filter(([id]) => id.startsWith(policyId)).flatMap(([, policy]) => policy.Properties.PolicyDocument.Statement);
}

export function allowing(template: Template, policyId: string, action: string): any[] {
  return statements(template, policyId).filter((statement) => [statement.Action].flat().includes(action));
}

export function warnings(stack: Stack): string[] {
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map((entry) => String(entry.entry.data));
}

/** Text of a value with its intrinsic functions: short enough to be compared. */
export function flat(value: any): string {
  if (typeof value !== 'object' || value === null) { return String(value); }
  if (Array.isArray(value)) { return value.map(flat).join(','); }
  if (value['Fn::Join']) { return value['Fn::Join'][1].map(flat).join(value['Fn::Join'][0]); }
  if (value.Ref) { return `<${value.Ref}>`; }
  if (value['Fn::GetAtt']) { return `<${value['Fn::GetAtt'].join('.')}>`; }
  if (value['Fn::Sub']) { return value['Fn::Sub']; }
  return JSON.stringify(value);
}

