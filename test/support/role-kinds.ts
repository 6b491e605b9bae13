import { Role, ServicePrincipal, type IRole } from 'aws-cdk-lib/aws-iam';
import { Size, type Stack } from 'aws-cdk-lib/core';
import {
  Capacity, ContainerImage, DataSource, Endpoint, EndpointConfig, InferenceComponent, Model, ModelData, OutputLocation, ProcessingInput, ProcessingJob, ProcessingOutput, Variant,
} from 'cdk-sagemaker';
import type { Construct } from 'constructs';
import { bucketNamed, IMAGE_URI, trainingIn, tuningIn } from './stacks';

const image = ContainerImage.fromUri(IMAGE_URI);
const capacity = Capacity.onDemand({ instanceType: 'ml.m5.large' });

export const output = (stack: Stack) => OutputLocation.fromBucket(bucketNamed(stack, 'out'), 'results');
export const ownRole = (scope: Construct) => new Role(scope, 'Own', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });

/** Something of each kind that has a role, with the role that it is given or one that is made. */
export const ROLE_KINDS: { readonly [kind: string]: (stack: Stack, role?: IRole) => void } = {
  'a training job': (stack, role) => { trainingIn(stack, { role, inputs: { train: DataSource.fromBucket(bucketNamed(stack, 'data'), 'train/') }, output: output(stack) }); },
  'a tuning job': (stack, role) => { tuningIn(stack, { role, inputs: { train: DataSource.fromBucket(bucketNamed(stack, 'data'), 'train/') }, output: output(stack) }); },
  'a processing job': (stack, role) => {
    const data = bucketNamed(stack, 'data');
    new ProcessingJob(stack, 'Process', { role, image, capacity, inputs: { raw: ProcessingInput.fromData(DataSource.fromBucket(data, 'train/')) }, outputs: { clean: ProcessingOutput.toBucket(data, 'clean') } });
  },
  'a model': (stack, role) => { new Model(stack, 'Model', { role, image, modelData: ModelData.fromBucket(bucketNamed(stack, 'data'), 'train/model.tar.gz') }); },
  'a transform job, by its model': (stack, role) => {
    const model = new Model(stack, 'Model', { role, image });
    model.transform('Batch', { instanceType: 'ml.m5.large', input: DataSource.fromBucket(bucketNamed(stack, 'data'), 'train/'), output: output(stack) });
  },
  'an endpoint of components': (stack, role) => {
    const config = new EndpointConfig(stack, 'Config', { role, variants: { all: Variant.ofComponents({ instanceType: 'ml.g5.xlarge' }) } });
    const container = { image, modelData: ModelData.fromBucket(bucketNamed(stack, 'data'), 'train/model.tar.gz') };
    new InferenceComponent(stack, 'Component', { endpoint: new Endpoint(stack, 'Endpoint', { config }), variantName: 'all', memory: Size.gibibytes(1), container });
  },
};
