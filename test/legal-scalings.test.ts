import { App, Size, Stack } from 'aws-cdk-lib/core';
import { AsyncInference, ContainerImage, Endpoint, EndpointConfig, InferenceComponent, Model, Variant } from 'cdk-sagemaker';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Dice } from './support/dice';
import { legalScaling } from './support/legal-scalings';
import { bucketNamed, IMAGE_URI, type Resource } from './support/stacks';

const scratch = mkdtempSync(join(tmpdir(), 'scalings-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** As many as a stack has room for. */
const ROUNDS = 9;

/** Endpoints and components that are scaled by chance, all in one stack. */
function scaledByChance(stack: Stack): void {
  const model = new Model(stack, 'Model', { image: ContainerImage.fromUri(IMAGE_URI) });
  const answers = bucketNamed(stack, 'answers');
  for (let round = 0; round < ROUNDS; round++) {
    const dice = new Dice(round);
    const instanceType = dice.one(['ml.m5.large', 'ml.g5.12xlarge', 'ml.c7i.2xlarge']);
    model.deploy(`Instances${round}`, { instanceType, autoScaling: legalScaling(dice, 'instances') });
    model.deploy(`Async${round}`, { instanceType, asyncInference: AsyncInference.toBucket(answers), autoScaling: legalScaling(dice, 'async') });
    const serverless = legalScaling(dice, 'serverless');
    model.deployServerless(`Serverless${round}`, { maxConcurrency: 20, provisionedConcurrency: serverless.min, autoScaling: serverless });
    const config = new EndpointConfig(stack, `Config${round}`, { variants: { AllTraffic: Variant.ofComponents({ instanceType, minInstanceCount: 0, maxInstanceCount: 2 }) } });
    const endpoint = new Endpoint(stack, `Endpoint${round}`, { config });
    new InferenceComponent(stack, `Copies${round}`, { endpoint, variantName: 'AllTraffic', model, memory: Size.gibibytes(1), autoScaling: legalScaling(dice, 'copies') });
  }
}

describe(`${ROUNDS * 4} scalings by chance`, () => {
  const before = { ...process.env };
  Object.assign(process.env, { CDK_VALIDATION: 'true', CDK_CONTEXT_JSON: JSON.stringify({ '@aws-cdk/core:validateAgainstDefaultRules': true }) });
  const app = new App({ outdir: scratch });
  scaledByChance(new Stack(app, 'Stack'));
  app.synth();
  process.env = before;
  const { Resources } = JSON.parse(readFileSync(join(scratch, 'Stack.template.json'), 'utf8')) as { Resources: { [id: string]: Resource } };
  const ofType = (type: string) => Object.entries(Resources).filter(([, resource]) => resource.Type === type);

  test('synthesize without findings of the strict validation', () => {
    expect(JSON.parse(readFileSync(join(scratch, 'validation-report.json'), 'utf8')).pluginReports).toEqual([]);
  });

  test('are registered once each, after what is scaled, and every policy has one of the targets', () => {
    const targets = ofType('AWS::ApplicationAutoScaling::ScalableTarget');
    expect(targets).toHaveLength(ROUNDS * 4);
    for (const [, target] of targets) { expect(target.DependsOn!.map((id) => Resources[id]!.Type)).toContainEqual(expect.stringMatching(/(SageMakerEndpointCheck|::InferenceComponent)$/)); }
    const ids = targets.map(([id]) => id);
    for (const [, policy] of ofType('AWS::ApplicationAutoScaling::ScalingPolicy')) { expect(ids).toContain(policy.Properties.ScalingTargetId.Ref); }
  });

  test('come out of zero wherever they can get there, and only there', () => {
    const canBeNone = ofType('AWS::ApplicationAutoScaling::ScalableTarget').filter(([, { Properties }]) =>
      [Properties, ...(Properties.ScheduledActions ?? []).map((action: any) => action.ScalableTargetAction)].some(({ MinCapacity }) => MinCapacity === 0));
    const waking = ofType('AWS::CloudWatch::Alarm').filter(([, { Properties }]) => ['HasBacklogWithoutCapacity', 'NoCapacityInvocationFailures'].includes(Properties.MetricName));
    const woken = waking.map(([, { Properties }]) => Resources[Properties.AlarmActions[0].Ref]!.Properties.ScalingTargetId.Ref);
    expect(canBeNone.length).toBeGreaterThan(3);
    expect(woken.sort()).toEqual(canBeNone.map(([id]) => id).sort());
  });
});
