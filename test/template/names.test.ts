import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { namePrefix, rolePath, stackPrefix } from '../../lib/template/names';

const stackAt = (...ids: string[]) => new Stack(ids.slice(0, -1).reduce<Construct>((scope, id) => new Stage(scope, id), new App()), ids.at(-1)!, { stackName: 'Named' });
const inStack = (stack: Stack, ...ids: string[]) => ids.reduce<Construct>((scope, id) => new Construct(scope, id), stack);

// Deployed stacks carry these names for ever. A change here is a job trained again for everybody.
describe('names of deployed things', () => {
  test.each([
    [['Digits'], 'digits'],
    [['My Stack_2'], 'my-stack-2'],
    [['Prod', 'Digits'], 'prod-digits'],
    [['--Odd--'], 'odd'],
    [['Production', 'RecommendationsTraining'], 'production-recommen-d28e'],
    [['日本'], 'stack-cf2a'],
  ])('a stack at %j begins the names of its jobs with %s', (path, expected) => {
    expect(stackPrefix(stackAt(...path))).toBe(expected);
    expect(rolePath(stackAt(...path))).toBe(`/cdk-sagemaker/${expected}/`);
  });

  test.each([
    [['Train'], 'digits-train'],
    [['Pipeline', 'Train'], 'digits-pipeline-train'],
    [['A rather long name of a construct', 'inside another one'], 'digits-a-rather-long-name-of-a-construct-in-ca78'],
    [['学習'], 'digits-e4fa'],
  ])('a job at %j is named after stack and path', (path, expected) => {
    expect(namePrefix(inStack(stackAt('Digits'), ...path))).toBe(expected);
  });

  test('no name is longer than SageMaker and the run key leave room for', () => {
    const stack = stackAt('x'.repeat(100), 'y'.repeat(100));
    expect(stackPrefix(stack)).toHaveLength(24);
    expect(namePrefix(inStack(stack, 'z'.repeat(200)))).toHaveLength(48);
  });

  test.each([
    [['Digits'], ['Tune'], 'digits', 'digits-tune'],
    [['Digits'], ['Pipeline', 'Tune'], 'digits', 'digits-pipel-536d'],
    [['Production', 'RecommendationsTraining'], ['Tune'], 'pro-d28e', 'pro-d28e-tune'],
    [['日本'], ['学習'], 'sta-cf2a', 'sta-cf2a-5d31'],
  ])('a kind with names of 32 characters has shorter ones: %j %j', (stackPath, path, stack, job) => {
    expect(stackPrefix(stackAt(...stackPath), 32)).toBe(stack);
    expect(namePrefix(inStack(stackAt(...stackPath), ...path), 32)).toBe(job);
    expect(`${job}-0123456789-999`.length).toBeLessThanOrEqual(32);
    expect(job.startsWith(`${stack}-`)).toBe(true);           // what the handler may do is limited to that
  });

  test('a nested stack has a prefix of its own', () => {
    expect(stackPrefix(new NestedStack(stackAt('Digits'), 'Inner'))).toBe('digits-inner');
  });
});
