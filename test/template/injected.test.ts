import { App, Duration, PropertyInjectors, Size, Stack, type InjectionContext, type IPropertyInjector } from 'aws-cdk-lib/core';
import { Template } from 'aws-cdk-lib/assertions';
import * as library from 'cdk-sagemaker';
import {
  Algorithm, ContainerImage, DataSource, Endpoint, EndpointConfig, EndpointDashboard, Framework, HyperparameterTuningJob, InferenceComponent, Model, ModelData, ModelPackage, ModelPackageGroup,
  ModelPackageSource, ProcessingJob, Retraining, RetrainingWorkflow, Script, TrainingJob, TransformJob, Variant,
} from 'cdk-sagemaker';
import { Construct } from 'constructs';
import { join } from 'node:path';
import { bucketNamed, emptyStack, IMAGE_URI, jobOf, only, trainingIn, trainingProps, tuningDefinition, tuningIn, tuningOf } from '../support/stacks';

const image = ContainerImage.fromUri(IMAGE_URI);
const script = Script.fromDirectory(join(__dirname, '..', 'support', 'source'), { entryPoint: 'train.py' });
const model = (stack: Stack) => new Model(stack, 'Model', { image, modelData: ModelData.fromBucket(bucketNamed(stack, 'models'), 'a/model.tar.gz') });
const onInstances = (stack: Stack) => new EndpointConfig(stack, 'Config', { variants: { AllTraffic: Variant.onInstances(model(stack), { instanceType: 'ml.m5.large' }) } });
const shared = (stack: Stack) => new EndpointConfig(stack, 'Config', { variants: { AllTraffic: Variant.ofComponents({ instanceType: 'ml.g5.xlarge' }) } });

type Made = (stack: Stack) => unknown;
/** One of each class, and what says in its template that the injected props arrived. */
const EACH: { readonly [className: string]: { readonly injects: object; readonly made: Made; readonly type: string; readonly properties: object } } = {
  TrainingJob: { injects: { maxRuntime: Duration.hours(3) }, made: (stack) => trainingIn(stack), type: 'Custom::SageMakerTrainingJob', properties: { Request: { StoppingCondition: { MaxRuntimeInSeconds: 10800 } } } },
  HyperparameterTuningJob: {
    injects: { maxParallelJobs: 3 }, made: (stack) => new HyperparameterTuningJob(stack, 'Tune', { definition: tuningDefinition(), maxJobs: 4 }),
    type: 'Custom::SageMakerHyperParameterTuningJob', properties: { Request: { HyperParameterTuningJobConfig: { ResourceLimits: { MaxParallelTrainingJobs: 3 } } } },
  },
  TransformJob: {
    injects: { maxPayload: Size.mebibytes(3) }, made: (stack) => new TransformJob(stack, 'Score', { model: model(stack), input: DataSource.fromBucket(bucketNamed(stack, 'data'), 'batch/'), instanceType: 'ml.m5.large' }),
    type: 'Custom::SageMakerTransformJob', properties: { Request: { MaxPayloadInMB: 3 } },
  },
  ProcessingJob: {
    injects: { maxRuntime: Duration.hours(3) }, made: (stack) => new ProcessingJob(stack, 'Prepare', { image, capacity: trainingProps().capacity }),
    type: 'AWS::SageMaker::ProcessingJob', properties: { StoppingCondition: { MaxRuntimeInSeconds: 10800 } },
  },
  Model: { injects: { networkIsolation: true }, made: model, type: 'AWS::SageMaker::Model', properties: { EnableNetworkIsolation: true } },
  EndpointConfig: { injects: { endpointConfigName: 'injected' }, made: onInstances, type: 'AWS::SageMaker::EndpointConfig', properties: { EndpointConfigName: 'injected' } },
  Endpoint: { injects: { endpointName: 'injected' }, made: (stack) => new Endpoint(stack, 'Endpoint', { config: onInstances(stack) }), type: 'AWS::SageMaker::Endpoint', properties: { EndpointName: 'injected' } },
  InferenceComponent: {
    injects: { copies: 3 }, type: 'AWS::SageMaker::InferenceComponent', properties: { RuntimeConfig: { CopyCount: 3 } },
    made: (stack) => new InferenceComponent(stack, 'Component', { endpoint: new Endpoint(stack, 'Endpoint', { config: shared(stack) }), variantName: 'AllTraffic', model: model(stack), memory: Size.gibibytes(1) }),
  },
  ModelPackage: {
    injects: { description: 'injected' }, made: (stack) => new ModelPackage(stack, 'Version', { group: new ModelPackageGroup(stack, 'Group'), source: ModelPackageSource.containers([{ image, modelData: ModelData.fromBucket(bucketNamed(stack, 'models'), 'a/model.tar.gz') }], { contentTypes: ['text/csv'], responseTypes: ['text/csv'] }) }),
    type: 'AWS::SageMaker::ModelPackage', properties: { ModelPackageDescription: 'injected' },
  },
  ModelPackageGroup: { injects: { description: 'injected' }, made: (stack) => new ModelPackageGroup(stack, 'Group'), type: 'AWS::SageMaker::ModelPackageGroup', properties: { ModelPackageGroupDescription: 'injected' } },
  RetrainingWorkflow: {
    injects: { tracing: true }, type: 'AWS::StepFunctions::StateMachine', properties: { TracingConfiguration: { Enabled: true } },
    made: (stack) => new RetrainingWorkflow(stack, 'Retrain', { job: Retraining.train(trainingProps()) }),
  },
  EndpointDashboard: {
    injects: { dashboardName: 'injected' }, made: (stack) => new EndpointDashboard(stack, 'Dashboard', { endpoints: [new Endpoint(stack, 'Endpoint', { config: onInstances(stack) })] }),
    type: 'AWS::CloudWatch::Dashboard', properties: { DashboardName: 'injected' },
  },
};

/** Lays its props under those of the user, and remembers what it was asked. */
class Defaults implements IPropertyInjector {
  public readonly asked: (InjectionContext & { readonly props: any })[] = [];

  public constructor(public readonly constructUniqueId: string, private readonly defaults: object) {}

  public inject(props: any, context: InjectionContext): any {
    this.asked.push({ ...context, props });
    return { ...this.defaults, ...props };
  }
}

const training = (defaults: object) => new Defaults(TrainingJob.PROPERTY_INJECTION_ID, defaults);
const hours = (stack: Stack) => jobOf(Template.fromStack(stack)).Request.StoppingCondition.MaxRuntimeInSeconds / 3600;

describe('The props of a construct', () => {
  test.each(Object.entries(EACH))('%s are completed by an injector', (className, { injects, made, type, properties }) => {
    const injector = new Defaults(`cdk-sagemaker.${className}`, injects);
    const stack = new Stack(new App({ propertyInjectors: [injector] }), 'Stack');
    made(stack);
    Template.fromStack(stack).hasResourceProperties(type, properties);
    expect(injector.asked).toHaveLength(1);
  });

  test('are injected in every class that takes some, by an id that says which it is', () => {
    const constructs = Object.entries(library as { [name: string]: any }).filter(([, { prototype }]) => prototype && isConstruct(prototype));
    expect(constructs.filter(([name, type]) => type.PROPERTY_INJECTION_ID === `cdk-sagemaker.${name}`).map(([name]) => name).sort()).toEqual(Object.keys(EACH).sort());
    // abstract, or made by their own factories alone; the last is an InterfaceVpcEndpoint, which CDK injects
    expect(constructs.map(([name]) => name).filter((name) => !(name in EACH)).sort()).toEqual(['EndpointBase', 'EndpointMetrics', 'InferenceComponentBase', 'SageMakerVpcEndpoint']);
  });

  test('are those of the nearest scope that knows the class', () => {
    const app = new App({ propertyInjectors: [training({ maxRuntime: Duration.hours(2) }), new Defaults(Model.PROPERTY_INJECTION_ID, {})] });
    const stack = new Stack(app, 'Near', { propertyInjectors: [training({ maxRuntime: Duration.hours(5) })] });
    trainingIn(stack);
    const other = new Stack(app, 'Far', { propertyInjectors: [new Defaults(Model.PROPERTY_INJECTION_ID, {})] });
    trainingIn(other);
    expect([stack, other].map(hours)).toEqual([5, 2]);
  });

  test('are seen by the injector as they were given, with scope and id', () => {
    const injector = training({});
    const stack = emptyStack();
    PropertyInjectors.of(stack).add(injector);
    const props = trainingProps();
    new TrainingJob(stack, 'Mine', props);
    expect(injector.asked).toEqual([{ scope: stack, id: 'Mine', props }]);
    expect(injector.asked[0]!.props).toBe(props);
  });

  test('may be none at all', () => {
    const stack = emptyStack();
    const injector = new Defaults(ModelPackageGroup.PROPERTY_INJECTION_ID, { modelPackageGroupName: 'injected' });
    PropertyInjectors.of(stack).add(injector);
    new ModelPackageGroup(stack, 'Group');
    expect(only(Template.fromStack(stack), 'AWS::SageMaker::ModelPackageGroup').Properties.ModelPackageGroupName).toBe('injected');
  });

  test('reach what a construct makes by its methods', () => {
    const stack = emptyStack();
    const asked = ['Model', 'EndpointConfig', 'Endpoint', 'TransformJob', 'ModelPackage'].map((name) => new Defaults(`cdk-sagemaker.${name}`, {}));
    PropertyInjectors.of(stack).add(...asked);
    const job = trainingIn(stack);
    const made = job.toModel('Model', { environment: { A: 'b' } });
    made.deploy('Endpoint', { instanceType: 'ml.m5.large' });
    made.transform('Score', { input: DataSource.fromBucket(bucketNamed(stack, 'data'), 'batch/'), instanceType: 'ml.m5.xlarge' });
    job.register('Version', { group: new ModelPackageGroup(stack, 'Group'), contentTypes: ['text/csv'], responseTypes: ['text/csv'], description: 'good' });
    expect(asked.map((each) => each.asked.map(({ id }) => id))).toEqual([['Model'], ['EndpointConfig'], ['Endpoint'], ['Score'], ['Version']]);
    expect(asked[0]!.asked[0]!.props.environment).toEqual({ A: 'b' });
    expect(asked[3]!.asked[0]!.props.instanceType).toBe('ml.m5.xlarge');
    expect(asked[4]!.asked[0]!.props.description).toBe('good');
  });

  test('of a job that packs a model are injected as those of every training job', () => {
    const stack = emptyStack();
    PropertyInjectors.of(stack).add(training({ encryptInterContainerTraffic: true }));
    new Model(stack, 'Model', { framework: Framework.sklearn('1.2-1'), modelData: ModelData.fromBucket(bucketNamed(stack, 'models'), 'a/model.tar.gz'), script, networkIsolation: true });
    expect(jobOf(Template.fromStack(stack)).Request).toMatchObject({ EnableInterContainerTrafficEncryption: true, EnableNetworkIsolation: true });
  });

  test('of a tuning job include its definitions', () => {
    const stack = emptyStack();
    const injector: IPropertyInjector = {
      constructUniqueId: HyperparameterTuningJob.PROPERTY_INJECTION_ID,
      inject: ({ definition, ...props }) => ({ ...props, definition: { networkIsolation: true, ...definition } }),
    };
    PropertyInjectors.of(stack).add(injector);
    tuningIn(stack);
    expect(tuningOf(Template.fromStack(stack)).Request.TrainingJobDefinition.EnableNetworkIsolation).toBe(true);
  });

  test('are checked as they are after it, and errors name the construct', () => {
    const stack = emptyStack();
    PropertyInjectors.of(stack).add(training({ maxRuntime: Duration.days(29) }));
    expect(() => trainingIn(stack)).toThrow(/^Stack\/Train: maxRuntime must be /);
    expect(() => new TrainingJob(stack, 'Own', { ...trainingProps(), algorithm: Algorithm.image(image), maxRuntime: Duration.hours(1) })).not.toThrow();
  });
});

function isConstruct(prototype: object | null): boolean {
  return prototype !== null && (prototype === Construct.prototype || isConstruct(Object.getPrototypeOf(prototype)));
}
