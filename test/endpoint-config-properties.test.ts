import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { App, Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib/core';
import fc from 'fast-check';
import {
  AsyncInference, CapacityReservation, ContainerImage, CoreDumps, DataCapture, Endpoint, EndpointConfig, Explainer, InferenceAmi, Model, ModelData, Routing, ScaleIn, ShapBaseline, Variant,
  type ComponentInstanceOptions, type EndpointConfigProps, type InstanceOptions, type ModelProps,
} from 'cdk-sagemaker';
import { lint, testWithLinter } from './support/cfn-lint';
import { PLAN } from './support/every-prop';
import { bucketNamed, IMAGE_URI } from './support/stacks';

const image = ContainerImage.fromUri(IMAGE_URI);
const [STACKS, CONFIGS] = [2, 20];

/** What the options of a variant, a model or a configuration are, in a stack: everything is made anew there, below an id of its own. */
type In<T> = (stack: Stack, id: string) => T;

const either = <T>(...values: T[]) => fc.constantFrom(...values);
const sometimes = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const minutes = (min: number, max: number) => sometimes(fc.integer({ min, max }).map((count) => Duration.minutes(count)));
const weight = sometimes(either(0, 0.5, 1, 100));
const cpuTypes = ['ml.m5.large', 'ml.c6i.xlarge', 'ml.r7i.2xlarge', 'ml.c7g.large'];
const gpuTypes = ['ml.g4dn.xlarge', 'ml.g5.2xlarge', 'ml.g6e.4xlarge', 'ml.p4d.24xlarge'];

const types = either(cpuTypes, gpuTypes).chain((list) => fc.record({
  place: fc.oneof(
    either(...list).map((instanceType) => ({ instanceType })),
    fc.uniqueArray(either(...list), { minLength: 1, maxLength: 4 }).map((chosen) => ({ instancePools: chosen.map((instanceType) => ({ instanceType })) })),
  ),
  inferenceAmi: sometimes(list === gpuTypes ? either(InferenceAmi.AL2_GPU_2, InferenceAmi.AL2_GPU_2_1, InferenceAmi.AL2_GPU_3_1) : fc.constant(undefined)),
}).map(({ place, inferenceAmi }): InstanceOptions => ({ ...place, inferenceAmi })));

const scaling = (least: number) => sometimes(fc.record({
  instanceCount: fc.integer({ min: 1, max: 4 }), more: fc.integer({ min: 0, max: 4 }), least: fc.integer({ min: least, max: 1 }),
  scaleIn: sometimes(either(ScaleIn.whenIdle(), ScaleIn.consolidating({ maxStepSize: 100, cooldown: Duration.days(1) }), ScaleIn.consolidating())),
}).map(({ instanceCount, more, least: minInstanceCount, scaleIn }) => ({ instanceCount, minInstanceCount, maxInstanceCount: instanceCount + more, scaleIn })));

const instances = (least: number): fc.Arbitrary<In<InstanceOptions & ComponentInstanceOptions>> => fc.record({
  types, scaling: scaling(least), provisionTimeout: minutes(5, 60), modelDataDownloadTimeout: minutes(1, 60), containerStartupTimeout: minutes(1, 60), ssmAccess: sometimes(fc.boolean()),
  routing: sometimes(either(Routing.random(), Routing.leastOutstandingRequests(), Routing.prefixAware({ prefixLength: 65536, concurrencyThreshold: 1024 }))),
  capacityReservation: sometimes(either(CapacityReservation.any(), CapacityReservation.fromArn(PLAN), CapacityReservation.fromArn(PLAN, { exclusive: false }))),
  volumeSize: sometimes(fc.integer({ min: 1, max: 512 }).map((count) => Size.gibibytes(count))), dumps: fc.boolean(),
}).map(({ types: place, scaling: scaled, dumps, ...rest }) => (stack, id) => ({
  ...place, ...scaled, ...rest, coreDumps: dumps ? CoreDumps.toBucket(bucketNamed(stack, `dumps-${id.toLowerCase()}`), 'crashes') : undefined,
}));

const simpleModel: fc.Arbitrary<In<Partial<ModelProps>>> = fc.record({ hasData: fc.boolean(), environment: sometimes(fc.constant({ LOG_LEVEL: 'info' })) })
  .map(({ hasData, environment }) => () => ({ image, modelData: hasData ? ModelData.fromS3Uri('s3://models/a/model.tar.gz') : undefined, environment }));
const anyModel: fc.Arbitrary<In<Partial<ModelProps>>> = fc.record({
  content: fc.oneof(
    simpleModel,
    fc.constant<In<Partial<ModelProps>>>(() => ({ image, modelData: ModelData.fromS3Uri('s3://models/files/') })),
    fc.constant<In<Partial<ModelProps>>>(() => ({ image, modelData: ModelData.fromS3Uri('s3://models/all/'), multiModel: true, modelCache: false })),
    fc.constant<In<Partial<ModelProps>>>(() => ({ containers: [{ image }, { image, containerName: 'second' }] })),
  ), hasVpc: fc.boolean(), networkIsolation: sometimes(fc.boolean()),
}).map(({ content, hasVpc, networkIsolation }) => (stack, id) => ({ ...content(stack, id), networkIsolation, vpc: hasVpc ? vpcOf(stack) : undefined }));

const onInstances = (model: fc.Arbitrary<In<Partial<ModelProps>>>): fc.Arbitrary<In<Variant>> => fc.record({ model, options: instances(1), weight })
  .map((drawn) => (stack, id) => Variant.onInstances(new Model(stack, `${id}Model`, drawn.model(stack, id)), { ...drawn.options(stack, id), weight: drawn.weight }));
const serverless: fc.Arbitrary<In<Variant>> = fc.record({ model: simpleModel, memory: fc.integer({ min: 1, max: 6 }), maxConcurrency: fc.integer({ min: 5, max: 200 }), provisionedConcurrency: sometimes(fc.integer({ min: 1, max: 5 })), weight })
  .map(({ model, memory, ...options }) => (stack, id) => Variant.serverless(new Model(stack, `${id}Model`, model(stack, id)), { ...options, memorySize: Size.gibibytes(memory) }));

/** What any configuration with instances may have beside. */
const beside: fc.Arbitrary<In<Partial<EndpointConfigProps>>> = fc.record({
  captured: fc.boolean(), hasKey: fc.boolean(), enhancedMetrics: sometimes(fc.boolean()), detailedObservability: sometimes(fc.boolean()),
  metricsFrequency: sometimes(either(10, 30, 60, 120, 180, 240, 300).map((count) => Duration.seconds(count))), configRemovalPolicy: sometimes(either(RemovalPolicy.RETAIN, RemovalPolicy.DESTROY)),
}).map(({ captured, hasKey, ...rest }) => (stack, id) => ({
  ...rest, dataCapture: captured ? DataCapture.toBucket(bucketNamed(stack, `captures-${id.toLowerCase()}`)) : undefined, encryptionKey: hasKey ? Key.fromKeyArn(stack, `${id}Key`, 'arn:aws:kms:eu-west-1:123456789012:key/12345678-1234-1234-1234-123456789012') : undefined,
}));
const explained: In<Partial<EndpointConfigProps>> = () => ({ explainer: Explainer.clarify({ baseline: ShapBaseline.of('0,1'), featureHeaders: ['a', 'b'], maxPayload: Size.mebibytes(25) }) });
const queued: In<Partial<EndpointConfigProps>> = (stack, id) => ({ asyncInference: AsyncInference.toBucket(bucketNamed(stack, `answers-${id.toLowerCase()}`), 'answers', { failurePrefix: 'failures' }) });
const nothing: In<Partial<EndpointConfigProps>> = () => ({});

const config: fc.Arbitrary<In<EndpointConfigProps>> = fc.oneof(
  fc.record({ variants: fc.array(onInstances(anyModel), { minLength: 1, maxLength: 3 }), beside, way: either(explained, queued, nothing) }).map(({ variants, beside: more, way }): In<EndpointConfigProps> => (stack, id) => ({
    ...more(stack, id), ...way(stack, id), variants: Object.fromEntries(variants.map((variant, index) => [`v${index}`, variant(stack, `${id}V${index}`)])),
  })),
  fc.record({ answers: onInstances(simpleModel), listens: onInstances(simpleModel), beside, way: either(explained, nothing) }).map(({ answers, listens, beside: more, way }): In<EndpointConfigProps> => (stack, id) => ({
    ...more(stack, id), ...way(stack, id), variants: { a: answers(stack, `${id}A`) }, shadowVariants: { b: listens(stack, `${id}B`) },
  })),
  serverless.map((variant): In<EndpointConfigProps> => (stack, id) => ({ variants: { a: variant(stack, id) } })),
  fc.record({ options: instances(0), beside, hasVpc: fc.boolean(), networkIsolation: sometimes(fc.boolean()) }).map(({ options, beside: more, hasVpc, networkIsolation }): In<EndpointConfigProps> => (stack, id) => ({
    ...more(stack, id), variants: { a: Variant.ofComponents(options(stack, id)) }, networkIsolation, vpc: hasVpc ? vpcOf(stack) : undefined,
  })),
);

function vpcOf(stack: Stack): Vpc {
  return (stack.node.tryFindChild('Vpc') ?? new Vpc(stack, 'Vpc', { maxAzs: 2, restrictDefaultSecurityGroup: false })) as Vpc;
}

/** As many configurations as are drawn, a few in each stack, since a validation takes as long for one as for many. */
describe(`${STACKS * CONFIGS} configurations drawn from what the props allow`, () => {
  const outdir = mkdtempSync(join(tmpdir(), 'configs-'));
  const { CDK_VALIDATION: before } = process.env;
  const { exitCode } = process;
  afterAll(() => rmSync(outdir, { recursive: true, force: true }));

  beforeAll(() => {
    process.env.CDK_VALIDATION = 'true';
    try {
      const app = new App({ outdir, context: { '@aws-cdk/core:validateAgainstDefaultRules': true } });
      fc.sample(config, { seed: 20240101, numRuns: STACKS * CONFIGS }).forEach((props, index) => {
        const name = `Stack${index % STACKS}`;
        const stack = (app.node.tryFindChild(name) ?? new Stack(app, name)) as Stack;
        new Endpoint(stack, `Endpoint${index}`, { config: new EndpointConfig(stack, `Config${index}`, props(stack, `C${index}`)) });
      });
      app.synth();
    } finally {
      process.env.CDK_VALIDATION = before;
      process.exitCode = exitCode;
    }
  }, 120_000);

  const templates = () => readdirSync(outdir).filter((file) => file.endsWith('.template.json')).map((file) => join(outdir, file));

  test('are of every kind', () => {
    const configs = templates().flatMap((file) => Object.values(JSON.parse(readFileSync(file, 'utf8')).Resources as { [id: string]: any }).filter(({ Type }) => Type === 'AWS::SageMaker::EndpointConfig'));
    const count = (is: (properties: any) => unknown) => configs.filter(({ Properties }) => is(Properties)).length;
    expect(configs).toHaveLength(STACKS * CONFIGS);
    for (const number of [
      count((p) => p.ShadowProductionVariants), count((p) => p.ProductionVariants[0].ServerlessConfig), count((p) => p.ExecutionRoleArn), count((p) => p.AsyncInferenceConfig),
      count((p) => p.ExplainerConfig), count((p) => p.ProductionVariants[0].InstancePools), count((p) => p.VpcConfig), count((p) => p.MetricsConfig),
    ]) { expect(number).toBeGreaterThan(0); }
  });

  test('are nothing for the strict validation to reject', () => {
    expect(JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')).pluginReports).toEqual([]);
  });

  testWithLinter('are nothing for cfn-lint to reject, as far as it knows their members', () => {
    const known = templates().map((file, index) => {
      writeFileSync(join(outdir, `known-${index}.json`), JSON.stringify(ofSageMaker(JSON.parse(readFileSync(file, 'utf8')))));
      return join(outdir, `known-${index}.json`);
    });
    expect(lint(known, 'us-east-1')).toBe('');
  }, 120_000);
});

/** Members that schemas of early 2026 don't have; aws-cdk-lib's own, by which the strict validation goes, has them. */
const NEWER = ['MetricsConfig', 'VariantInstanceProvisionTimeoutInSeconds', 'CoreDumpConfig', 'ScaleInPolicy', 'PrefixAwareRoutingConfig', 'InstancePools'];

/** SageMaker's resources alone, which the linter is quick about: what they refer to is a parameter, and what it can't know is left out. */
function ofSageMaker(template: { readonly Resources: { readonly [id: string]: any } }): object {
  const kept = Object.entries(template.Resources).filter(([, { Type }]) => Type.startsWith('AWS::SageMaker::'));
  const ids = kept.map(([id]) => id);
  const known = (value: any): any => {
    if (Array.isArray(value)) { return value.map(known); }
    if (typeof value !== 'object' || value === null) { return value === 'PREFIX_AWARE' ? 'RANDOM' : value; }
    const target = value.Ref ?? value['Fn::GetAtt']?.[0];
    if (target !== undefined && !target.startsWith('AWS::') && !ids.includes(target)) { return { Ref: 'Given' }; }
    return Object.fromEntries(Object.entries(value).filter(([name]) => !NEWER.includes(name)).map(([name, member]) => [name, known(member)]));
  };
  const resources = kept.map(([id, { Type, Properties }]) => [id, { Type, Properties: known(Properties) }]);
  return { Parameters: { Given: { Type: 'String' } }, Resources: Object.fromEntries(resources) };
}
