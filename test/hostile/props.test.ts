import { Template } from 'aws-cdk-lib/assertions';
import { App, Stack } from 'aws-cdk-lib/core';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import * as fc from 'fast-check';
import * as library from 'cdk-sagemaker';
import { Dice } from '../support/dice';
import { FACTORIES, mapOf, RandomProps } from '../support/random-props';
import { emptyStack, IMAGE_URI, trainingIn } from '../support/stacks';

/** Programs in JavaScript know no kinds. */
const js = library as any;
const QUIET = { context: { 'aws:cdk:disable-creation-stack-traces': true } };
const stackWithPlace = () => new Stack(new App(QUIET), 'Stack', { env: { account: '123456789012', region: 'eu-west-1' } });

/** What is thrown, unless it is an error of ours: a path, or a factory, then what must be otherwise. */
function foreignError(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    const { name, message, stack } = error as Error;
    const isOurs = ['Error', 'UnsupportedImage'].includes(name) && /^(Stack(\/[^:\n]+)*|[A-Z]\w+(\.\w+)?(\([^)]*\))?|[\w-]*): .* must /s.test(message);
    return isOurs ? undefined : `${name}: ${message}\n${stack?.split('\n').find((line) => line.includes('/lib/')) ?? ''}`;
  }
}

jest.setTimeout(240_000);

describe('Whatever is passed to', () => {
  test.each(['TrainingJob', 'HyperparameterTuningJob', 'TransformJob', 'ProcessingJob', 'Model', 'EndpointConfig', 'Endpoint', 'InferenceComponent', 'ModelPackage', 'ModelPackageGroup', 'EndpointDashboard'])('%s, it is made, or ends with an error that names its path', (name) => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.constantFrom(0, 3, 6), (seed, hostility) => {
      const stack = stackWithPlace();
      const props = foreignError(() => new js[name](stack, 'It', new RandomProps(stack, new Dice(seed), hostility).props(name)));
      expect(props).toBeUndefined();
    }), { seed: 20261121, numRuns: 120 });
  });

  const WRONG: readonly (readonly [string, unknown])[] = [
    ['null', null], ['undefined', undefined], ['NaN', NaN], ['text', 'x'], ['1.5', 1.5], ['true', true], ['{}', {}], ['[]', []], ['[null]', [null]], ['a function', () => 1], ['a symbol', Symbol('x')], ['an object without a class', Object.create(null)],
  ];

  test.each(FACTORIES.map((factory) => [factory.name, factory] as const))('%s, it is taken, or ends with an error that names it', (_name, { parameters, call }) => {
    const found = parameters.flatMap((parameter, index) => WRONG.filter(([, value]) => value !== undefined || !parameter.optional).flatMap(([what, value]) => {
      const stack = stackWithPlace();
      const random = new RandomProps(stack, new Dice(7), 0);
      const given = random.arguments(parameters);
      if (given === undefined || given[index] === stack || parameter.name === 'id') { return []; }
      const error = foreignError(() => call(given.map((each, place) => (place === index ? value : each))));
      return error === undefined ? [] : [`${parameter.name} = ${what}: ${error}`];
    }));
    expect(found).toEqual([]);
  });

  const methods: readonly (readonly [string, (stack: Stack, value: unknown) => unknown])[] = [
    ['endpoint.grantInvoke', (stack, value) => js.Endpoint.fromEndpointName(stack, 'It', 'a').grantInvoke(value)],
    ['endpoint.grantInvokeModels', (stack, value) => js.Endpoint.fromEndpointName(stack, 'It', 'a').grantInvokeModels(value, 'm')],
    ['endpoint.grantInvokeAsync', (stack, value) => js.Endpoint.fromEndpointName(stack, 'It', 'a').grantInvokeAsync(value)],
    ['endpoint.addCaller', (stack, value) => js.Endpoint.fromEndpointName(stack, 'It', 'a').addCaller(value)],
    ['endpoint.allowFromVpc', (stack, value) => js.Endpoint.fromEndpointName(stack, 'It', 'a').allowFromVpc(value)],
    ['group.grantRead', (stack, value) => new js.ModelPackageGroup(stack, 'It').grantRead(value)],
    ['group.grantDeploy', (stack, value) => new js.ModelPackageGroup(stack, 'It').grantDeploy(value)],
    ['group.grantRegister', (stack, value) => new js.ModelPackageGroup(stack, 'It').grantRegister(value)],
    ['group.grantApprove', (stack, value) => new js.ModelPackageGroup(stack, 'It').grantApprove(value)],
  ];

  test.each(methods)('%s, it is refused with the path and what it must be', (_name, call) => {
    for (const [, value] of WRONG) { expect(() => call(stackWithPlace(), value)).toThrow(/^Stack\/It: (grantee|caller|vpc) must be .*, got /); }
  });
});

describe('Names that every object of JavaScript has', () => {
  const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__'];
  const model = (stack: Stack, environment?: object) => new js.Model(stack, 'Model', { image: js.ContainerImage.fromUri(IMAGE_URI), environment });
  const rule = () => js.MonitoringRule.image(js.ContainerImage.fromUri(IMAGE_URI), {});

  test.each<[string, (stack: Stack, name: string) => unknown]>([
    ['hyperparameters', (stack, name) => trainingIn(stack, { hyperparameters: js.Hyperparameters.of(mapOf(name, 'v')) })],
    ['environment', (stack, name) => trainingIn(stack, { environment: mapOf(name, 'v') })],
    ['environment', (stack, name) => model(stack, mapOf(name, 'v'))],
    ['overrides.Environment', (stack, name) => trainingIn(stack, { overrides: { Environment: mapOf(name, 'v') } })],
    ['variants', (stack, name) => new js.EndpointConfig(stack, 'Config', { variants: mapOf(name, js.Variant.onInstances(model(stack), { instanceType: 'ml.m5.large' })) })],
  ])('are carried or refused as names of %s, and never lost', (prop, make) => {
    for (const name of NAMES) {
      const stack = emptyStack();
      if (name === '__proto__') {
        expect(() => make(stack, name)).toThrow(new RegExp(`^Stack/\\w+: ${prop}.*__proto__`, 's'));
      } else {
        let isMade = false;
        expect(foreignError(() => { make(stack, name); isMade = true; })).toBeUndefined();
        if (isMade) { expect(JSON.stringify(Template.fromStack(stack).toJSON())).toContain(`"${name}"`); }
      }
    }
  });

  test('are refused as names of rules, which are constructs, where the CDK takes them for one that is there', () => {
    for (const name of NAMES.filter((each) => each in {})) {
      expect(() => trainingIn(emptyStack(), { debugRules: mapOf(name, rule()) })).toThrow(`Stack/Train: debugRules.${name} must have another name: the CDK makes no construct of it, got ${name}`);
    }
  });

  test('are refused as names of variants that are scaled, for the same reason', () => {
    for (const name of ['constructor', 'toString']) {
      const stack = emptyStack();
      const autoScaling = js.AutoScaling.between(1, 2, [js.ScalingPolicy.cpuUtilization(50)]);
      const variants = { [name]: js.Variant.onInstances(model(stack), { instanceType: 'ml.m5.large', autoScaling }) };
      expect(() => new js.Endpoint(stack, 'Endpoint', { config: new js.EndpointConfig(stack, 'Config', { variants }) })).toThrow(`Stack/Endpoint: variants.${name} must have another name`);
    }
  });
});

describe('What is of one kind', () => {
  const bucketIn = (stack: Stack) => new Bucket(stack, 'Bucket');
  const PLACES: { readonly [prop: string]: (stack: Stack) => unknown } = {
    output: (stack) => js.OutputLocation.fromBucket(bucketIn(stack)),
    checkpoints: (stack) => js.Checkpoints.fromBucket(bucketIn(stack)),
    debugHook: (stack) => js.DebugHook.toBucket(bucketIn(stack)),
    profiler: (stack) => js.Profiler.toBucket(bucketIn(stack)),
    tensorBoard: (stack) => js.TensorBoardOutput.fromBucket(bucketIn(stack)),
    mlflow: () => js.Mlflow.fromResource('arn:aws:sagemaker:eu-west-1:123456789012:mlflow-tracking-server/team'),
    algorithm: () => js.Algorithm.image(js.ContainerImage.fromUri(IMAGE_URI)),
  };
  const pairs = Object.keys(PLACES).flatMap((prop) => Object.keys(PLACES).filter((other) => other !== prop).map((other) => [prop, other] as const));

  test.each(pairs)('is no %s if it is made for %s', (prop, other) => {
    const stack = emptyStack();
    expect(() => trainingIn(stack, { [prop]: PLACES[other]!(stack) })).toThrow(new RegExp(`^Stack/Train: ${prop} must be (an? )?[A-Z]\\w+.*, got an? `));
  });

  test('is known in an app whose bundler renamed the classes: by another name, or with a line before it', () => {
    const renamed = (name: string) => {
      class Renamed { public bind() { return { s3Uri: 's3://bucket/x', options: {} }; } }
      Object.defineProperty(Renamed, 'name', { value: name });
      return new Renamed();
    };
    for (const name of ['a', '_DataSource']) { trainingIn(emptyStack(), { inputs: { train: Object.assign(renamed(name)) } }); }
    expect(() => trainingIn(emptyStack(), { inputs: { train: Object.assign(renamed('_Checkpoints')) } })).toThrow('Stack/Train: inputs.train must be a DataSource');
  });

  const OF_A_CONFIG: { readonly [prop: string]: (stack: Stack) => unknown } = {
    dataCapture: (stack) => js.DataCapture.toBucket(bucketIn(stack)),
    explainer: () => js.Explainer.clarify({ baseline: js.ShapBaseline.of('1,2') }),
    asyncInference: (stack) => js.AsyncInference.toBucket(bucketIn(stack)),
    coreDumps: (stack) => js.CoreDumps.toBucket(bucketIn(stack)),
  };
  const ofConfigs = Object.keys(OF_A_CONFIG).flatMap((prop) => Object.keys(OF_A_CONFIG).filter((other) => other !== prop).map((other) => [prop, other] as const));

  test.each(ofConfigs)('is no %s of an endpoint if it is made for %s', (prop, other) => {
    const stack = emptyStack();
    const value = { [prop]: OF_A_CONFIG[other]!(stack) };
    const model = new js.Model(stack, 'Model', { image: js.ContainerImage.fromUri(IMAGE_URI) });
    const [ofVariant, ofConfig] = prop === 'coreDumps' ? [value, {}] : [{}, value];
    expect(() => new js.EndpointConfig(stack, 'Config', { variants: { a: js.Variant.onInstances(model, { instanceType: 'ml.m5.large', ...ofVariant }) }, ...ofConfig })).toThrow(new RegExp(`^Stack/Config: (variants\\.a\\.)?${prop} must be (an? )?[A-Z]\\w+.*, got an? `));
  });
});
