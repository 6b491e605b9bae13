import { CreateTrainingJobRequest$ } from '@aws-sdk/client-sagemaker';
import { Template } from 'aws-cdk-lib/assertions';
import { App, Stack } from 'aws-cdk-lib/core';
import { Role } from 'aws-cdk-lib/aws-iam';
import { TrainingJob } from 'cdk-sagemaker';
import { isDeepStrictEqual } from 'node:util';
import { restoreTypes, type Schema } from '../../lib/handler/restore-types';
import { trainingJobViolations } from '../../lib/limits/training-job-check';
import { trainingJobRequest } from '../../lib/request/training-job-request';
import { Dice } from '../support/dice';
import { legalJob, Surroundings } from '../support/legal-jobs';

type Tree = { [member: string]: any };

const SCHEMA = CreateTrainingJobRequest$ as unknown as Schema;
const NAMED = { TrainingJobName: 'a-job' };

/** What CloudFormation makes of properties on their way to a custom resource. */
function stringified(value: unknown): unknown {
  if (Array.isArray(value)) { return value.map(stringified); }
  if (typeof value === 'object' && value !== null) { return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined).map(([member, entry]) => [member, stringified(entry)])); }
  return String(value);
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) { return value.map(withoutUndefined); }
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined).map(([member, entry]) => [member, withoutUndefined(entry)])) : value;
}

/** What is wrong with a request; nothing for one that SageMaker would take, as far as is known. */
function complaints(request: Tree): unknown[] {
  const restored = restoreTypes(SCHEMA, stringified({ ...request, ...NAMED })) as Tree;
  const plain = withoutUndefined({ ...request, ...NAMED });
  return [
    ...trainingJobViolations(restored),
    ...(isDeepStrictEqual(restored, plain) ? [] : ['other types on the way through CloudFormation']),
  ];
}

/** Each run has a seed of its own: what fails is made again by `legalJob(seed, ...)`. */
const FIRST_SEED = 20261121;

describe('Legal props of every kind', () => {
  test('make 100,000 requests that SageMaker\'s schema and limits accept, and that CloudFormation carries unharmed', () => {
    const scope = new Stack(new App({ context: { 'aws:cdk:disable-creation-stack-traces': true } }), 'S');
    const around = new Surroundings(scope);
    jest.spyOn(scope.node, 'addMetadata').mockImplementation(() => undefined);       // a hundred thousand warnings would be kept
    const failures: unknown[] = [];
    for (let seed = FIRST_SEED; seed < FIRST_SEED + 100_000 && failures.length < 3; seed++) {
      try {
        const { props, bound } = legalJob(seed, around);
        const found = complaints(trainingJobRequest(scope, props, bound).request);
        if (found.length > 0) { failures.push({ seed, found }); }
      } catch (error) {
        failures.push({ seed, found: (error as Error).message });
      }
    }
    expect(failures).toEqual([]);
  }, 600_000);

  test('make 1,000 jobs in stacks, whose templates hold the same', () => {
    const failures: unknown[] = [];
    for (let part = 0; part < 50; part++) {
      const stack = new Stack(new App({ context: { 'aws:cdk:disable-creation-stack-traces': true } }), 'S');
      const around = new Surroundings(stack);
      const role = Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::123456789012:role/jobs');
      for (let n = 0; n < 20; n++) {
        const seed = FIRST_SEED + part * 20 + n;
        new TrainingJob(stack, `Job${seed}`, { ...legalJob(seed, around).props, role });
      }
      for (const [id, job] of Object.entries(Template.fromStack(stack).findResources('Custom::SageMakerTrainingJob'))) {
        const request = withoutTokens(job.Properties.Request as Tree) as Tree;
        const found = complaints(request);
        if (found.length > 0) { failures.push({ id, found }); }
      }
    }
    expect(failures).toEqual([]);
  }, 600_000);

  test('are refused by name once one member is beyond its limit', () => {
    const scope = new Stack(undefined, 'S');
    const around = new Surroundings(scope);
    const beyond: [string, (request: Tree, dice: Dice) => void][] = [
      ['OutputDataConfig.S3OutputPath', (request) => { request.OutputDataConfig.S3OutputPath = `s3://${'x'.repeat(1025)}`; }],
      ['StoppingCondition.MaxRuntimeInSeconds', (request) => { request.StoppingCondition = { ...request.StoppingCondition, MaxRuntimeInSeconds: 0 }; }],
      ['HyperParameters.a', (request) => { request.HyperParameters = { a: 'x'.repeat(2501) }; }],
      ['RoleArn', (request) => { request.RoleArn = 'jobs'; }],
      ['MlflowConfig.MlflowResourceArn', (request) => { request.MlflowConfig = { MlflowResourceArn: 'arn:aws:sagemaker:eu-west-1:1:model/x' }; }],
      ['InputDataConfig', (request) => { request.InputDataConfig = Array.from({ length: 21 }, (_, n) => ({ ChannelName: `c${n}`, DataSource: { DatasetSource: { DatasetArn: 'x' } } })); }],
    ];
    for (let seed = 1; seed <= 2000; seed++) {
      const { props, bound } = legalJob(seed, around);
      const request = withoutUndefined(trainingJobRequest(scope, props, bound).request) as Tree;
      const dice = new Dice(seed);
      const [path, break_] = dice.one(beyond);
      break_(request, dice);
      const [first] = trainingJobViolations({ ...request, ...NAMED });
      expect(first?.path.filter((part) => typeof part === 'string').join('.').startsWith(path.split('.')[0])).toBe(true);
    }
  }, 120_000);
});

/** What is known at deployment only, as something that is known. */
function withoutTokens(value: unknown): unknown {
  if (Array.isArray(value)) { return value.map(withoutTokens); }
  if (typeof value !== 'object' || value === null) { return value; }
  const [[first] = []] = [Object.keys(value)];
  if (first === 'Ref' || first?.startsWith('Fn::')) { return 'resolved-at-deployment'; }
  return Object.fromEntries(Object.entries(value).map(([member, entry]) => [member, withoutTokens(entry)]));
}
