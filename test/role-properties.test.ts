import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Stack } from 'aws-cdk-lib/core';
import {
  AsyncInference, Capacity, ContainerImage, DataCapture, DataSource, Endpoint, EndpointConfig, InferenceComponent, Model, ModelData, OutputLocation, ProcessingInput, ProcessingJob, ProcessingOutput,
  TrainingJob, Variant,
} from 'cdk-sagemaker';
import { Size } from 'aws-cdk-lib/core';
import * as fc from 'fast-check';
import { network } from './support/every-prop';
import { legalJob, Surroundings } from './support/legal-jobs';
import { allows, Deployed, like, type Statement } from './support/policy';
import { faultsOf } from './support/role-judge';
import { bucketNamed, emptyStack, IMAGE_URI, tuningDefinition, tuningIn } from './support/stacks';

const image = ContainerImage.fromUri(IMAGE_URI);
const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/own';

describe('the judge', () => {
  const statement = (resources: string[], conditions: Statement['conditions'] = {}, effect = 'Allow'): Statement => ({ effect, actions: ['s3:Get*'], resources, conditions });
  const asked = { action: 's3:GetObject', resource: 'arn:aws:s3:::b/a/x' };

  test.each<[string, Statement[], boolean]>([
    ['what matches is allowed', [statement(['arn:aws:s3:::b/a/*'])], true],
    ['what lies beside is not', [statement(['arn:aws:s3:::b/a'])], false],
    ['a denial wins', [statement(['*']), statement(['*'], {}, 'Deny')], false],
    ['a condition on what is not said is not met', [statement(['*'], { StringEquals: { 's3:prefix': ['a'] } })], false],
  ])('%s', (_, statements, expected) => expect(allows(statements, asked)).toBe(expected));

  test('reads patterns as IAM does', () => {
    expect([like('a?c*', 'abcd/e'), like('a.c', 'abc'), like('A', 'a')]).toEqual([true, false, false]);
  });

  test('notices a role that lacks something, one that has too much, and what has no reason', () => {
    const stack = emptyStack();
    const job = new TrainingJob(stack, 'Train', { algorithm: legalAlgorithm(), capacity: Capacity.onDemand({ instanceType: 'ml.m5.large' }), output: OutputLocation.fromBucket(bucketNamed(stack, 'out'), 'results') });
    bucketNamed(stack, 'more').grantRead(job);
    const deployed = new Deployed(stack);
    const [[, { Request: request }]] = deployed.ofType('Custom::SageMakerTrainingJob');
    const lacking = { ...request, CheckpointConfig: { S3Uri: 's3://elsewhere/points' } };
    const faults = faultsOf(deployed, { role: job.role, requests: [lacking], logGroups: ['TrainingJobs'] });
    expect(faults).toContain('lacks s3:PutObject on arn:aws:s3:::elsewhere/points/job/output/model.tar.gz');
    expect(faults).toContain('may s3:GetObject* on arn:aws:s3:::more/*, which no request names');
    expect(faults).toContain('is given without a reason: s3:GetObject* on arn:aws:s3:::more/* {}');
  });
});

const legalAlgorithm = () => tuningDefinition().algorithm;

describe('a made role may do all that its request names, and nothing else', () => {
  test('of training jobs', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 8, maxLength: 8 }), (seeds) => {
      const stack = emptyStack();
      const around = new Surroundings(stack);
      const jobs = [...new Set(seeds)].map((seed) => new TrainingJob(stack, `Job${seed}`, legalJob(seed, around).props));
      const deployed = new Deployed(stack);
      const requests = deployed.ofType('Custom::SageMakerTrainingJob').map(([, { Request }]) => Request);
      const faults = jobs.flatMap((job) => {
        const [roleArn] = [deployed.value(stack.resolve(job.role.roleArn))];
        const request = requests.find(({ RoleArn }) => RoleArn === roleArn);
        const rules = [...request.DebugRuleConfigurations ?? [], ...request.ProfilerRuleConfigurations ?? []];
        return faultsOf(deployed, { role: job.role, requests: [request], logGroups: ['TrainingJobs', ...(rules.length > 0 ? ['ProcessingJobs'] : [])], alsoRead: ['data/d/'] }).map((fault) => `${job.node.id}: ${fault}`);
      });
      expect(faults).toEqual([]);
    }), { numRuns: 6, seed: 7 });
  });

  test('of tuning jobs', () => {
    fc.assert(fc.property(CHOICE, (choice) => {
      const { stack, bucket, key } = place(choice);
      const job = tuningIn(stack, {
        inputs: { train: DataSource.fromBucket(bucket, choice.input, { encryptionKey: key }) }, output: OutputLocation.fromBucket(bucket, choice.output, { encryptionKey: key }),
        capacity: Capacity.onDemand({ instanceType: 'ml.m5.large', volumeKey: key }), ...(choice.isInVpc ? network(stack) : {}),
      });
      const deployed = new Deployed(stack);
      const [[, { Request: request }]] = deployed.ofType('Custom::SageMakerHyperParameterTuningJob');
      expect(faultsOf(deployed, { role: job.roles[0], requests: [request], logGroups: ['TrainingJobs'], alsoDecrypted: key ? [KEY] : [] })).toEqual([]);
    }), RUNS);
  });

  test('of processing jobs', () => {
    fc.assert(fc.property(CHOICE, (choice) => {
      const { stack, bucket, key } = place(choice);
      const job = new ProcessingJob(stack, 'Process', {
        image, capacity: Capacity.onDemand({ instanceType: 'ml.m5.large', volumeKey: key }), outputKey: key,
        inputs: { raw: ProcessingInput.fromData(DataSource.fromBucket(bucket, choice.input, { encryptionKey: key })) },
        outputs: { clean: ProcessingOutput.toBucket(bucket, choice.output) }, ...(choice.isInVpc ? network(stack) : {}),
      });
      const deployed = new Deployed(stack);
      expect(faultsOf(deployed, { role: job.role, requests: [deployed.ofType('AWS::SageMaker::ProcessingJob')[0][1]], logGroups: ['ProcessingJobs'], alsoDecrypted: key ? [KEY] : [] })).toEqual([]);
    }), RUNS);
  });

  test('of models, with the transform jobs and the endpoints that they serve', () => {
    fc.assert(fc.property(CHOICE, (choice) => {
      const { stack, bucket, key } = place(choice);
      const model = new Model(stack, 'Model', {
        image, modelData: ModelData.fromBucket(bucket, choice.input.endsWith('/') ? choice.input : `${choice.input}/model.tar.gz`, { encryptionKey: key }), ...(choice.isInVpc ? network(stack) : {}),
      });
      // a transform job takes no folder of files
      (choice.input.endsWith('/') ? new Model(stack, 'Other', { image, role: model.role }) : model).transform('Batch', { instanceType: 'ml.m5.large', volumeKey: key, input: DataSource.fromBucket(bucket, `batch/${choice.input}`), output: OutputLocation.fromBucket(bucket, choice.output, { encryptionKey: key }) });
      model.deploy('Endpoint', { instanceType: 'ml.m5.large', dataCapture: DataCapture.toBucket(bucket, `captured/${choice.output}`, { encryptionKey: key }) });
      new EndpointConfig(stack, 'Queued', {
        variants: { a: Variant.onInstances(model, { instanceType: 'ml.m5.large', ssmAccess: choice.isInVpc }) },
        asyncInference: AsyncInference.toBucket(bucket, `answers/${choice.output}`, { failurePrefix: 'failures', encryptionKey: key, errorTopic: Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:eu-west-1:123456789012:errors') }),
      });
      const deployed = new Deployed(stack);
      const requests = [
        ...deployed.ofType('AWS::SageMaker::Model'), ...deployed.ofType('AWS::SageMaker::EndpointConfig'), ...deployed.ofType('Custom::SageMakerTransformJob').map(([id, { Request }]) => [id, Request] as const),
      ].map(([, properties]) => properties);
      expect(faultsOf(deployed, { role: model.role, requests, logGroups: ['Endpoints/any', 'TransformJobs'], alsoDecrypted: key ? [KEY] : [] })).toEqual([]);
    }), RUNS);
  });

  test('of endpoints of inference components', () => {
    fc.assert(fc.property(CHOICE, (choice) => {
      const { stack, bucket, key } = place(choice);
      const config = new EndpointConfig(stack, 'Config', {
        variants: { AllTraffic: Variant.ofComponents({ instanceType: 'ml.g5.xlarge' }) }, ...(choice.isInVpc ? network(stack) : {}),
        dataCapture: DataCapture.toBucket(bucket, `captured/${choice.output}`, { encryptionKey: key }),
      });
      const endpoint = new Endpoint(stack, 'Endpoint', { config });
      new InferenceComponent(stack, 'Component', { endpoint, variantName: 'AllTraffic', memory: Size.gibibytes(1), container: { image, modelData: ModelData.fromBucket(bucket, `${choice.input.replace(/\/$/, '')}/model.tar.gz`, { encryptionKey: key }) } });
      const deployed = new Deployed(stack);
      const requests = [...deployed.ofType('AWS::SageMaker::EndpointConfig'), ...deployed.ofType('AWS::SageMaker::InferenceComponent')].map(([, properties]) => properties);
      expect(faultsOf(deployed, { role: config.role!, requests, logGroups: ['Endpoints/any'], alsoDecrypted: key ? [KEY] : [] })).toEqual([]);
    }), RUNS);
  });
});

interface Choice { readonly input: string; readonly output: string; readonly hasKey: boolean; readonly isInVpc: boolean }

const NAME = fc.stringMatching(/^[a-z][a-z0-9]{0,8}(\/[a-z0-9]{1,6}){0,2}$/);
const CHOICE: fc.Arbitrary<Choice> = fc.record({ input: fc.oneof(NAME, NAME.map((name) => `${name}/`)), output: NAME, hasKey: fc.boolean(), isInVpc: fc.boolean() });
const RUNS = { numRuns: 8, seed: 7 };

function place({ hasKey }: Choice): { stack: Stack; bucket: ReturnType<typeof bucketNamed>; key: ReturnType<typeof Key.fromKeyArn> | undefined } {
  const stack = emptyStack();
  return { stack, bucket: bucketNamed(stack, 'data'), key: hasKey ? Key.fromKeyArn(stack, 'Key', KEY) : undefined };
}
