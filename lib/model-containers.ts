import type { CfnModel, CfnModelProps } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { PipelineExecution, type ContainerProps } from './container-options';
import { checkEnvironment, ModelContainer, readSecrets, type ContainerContent, type ContainerContext } from './model-container';
import { ModelPackage } from './model-package';
import { countInRange, refuse, serviceName, unique } from './request/checks';
import { definedMembers, nonEmpty } from './request/members';
import type { ServingHost } from './serving-image';

/** A container, whatever it is made of. */
interface BoundContainer {
  readonly definition: CfnModel.ContainerDefinitionProperty;
  readonly content: ContainerContent;
  servedOn(scope: Construct, prop: string, host: ServingHost): void;
}

/** What a model says of its containers. */
export interface ModelContainersProps extends ContainerProps {
  readonly containers?: ContainerProps[];
  readonly execution?: PipelineExecution;
}

const IN_A_PACKAGE = ['image', 'framework', 'modelData', 'multiModel', 'modelCache', 'script', 'entryPoint', 'scriptPlacement', 'repack', 'logLevel', 'modelServerWorkers'] as const;
const OF_ONE_CONTAINER = [...IN_A_PACKAGE, 'modelPackage', 'environment', 'secrets', 'containerName'] as const;

/** The containers of a model: one, or a pipeline of them. */
export class ModelContainers {
  public readonly definition: Pick<CfnModelProps, 'primaryContainer' | 'containers' | 'inferenceExecutionConfig'>;
  private readonly bound: BoundContainer[];

  public constructor(private readonly context: ContainerContext, private readonly props: ModelContainersProps) {
    const { scope } = context;
    const { containers, execution } = props;
    if (!containers) {
      if (execution !== undefined) { refuse(scope, 'execution', 'come with containers', execution); }
      this.bound = [bound(context, props)];
      const [{ definition }] = this.bound;
      // a package alone is in a list, as the Python SDK has it
      this.definition = props.modelPackage ? { containers: [definition] } : { primaryContainer: definition };
    } else {
      this.checkPipeline(containers);
      this.bound = containers.map((container, index) => bound({ ...context, scope: partOf(scope, container, index), granteeFor: (prop) => context.granteeFor(`containers[${index}].${prop}`) }, container));
      this.definition = { containers: this.bound.map(({ definition }) => definition), inferenceExecutionConfig: execution && { mode: execution } };
    }
    this.checkEnvironments();
  }

  /** What the answers of all containers hang on. */
  public get content(): ContainerContent {
    const { execution, networkIsolation } = { ...this.context, ...this.props };
    return definedMembers({
      Containers: this.bound.map(({ content }) => content),
      Execution: execution === PipelineExecution.DIRECT ? execution : undefined,
      NetworkIsolation: networkIsolation ? true : undefined,
    });
  }

  /** Told of what the model is put on. Throws when it can't be served there. */
  public servedOn(scope: Construct, prop: string, host: ServingHost): void {
    if (host.isServerless) {
      const { containers, networkIsolation, vpc } = { ...this.context, containers: this.props.containers };
      const never = containers ? 'pipeline of containers' : vpc ? 'model in a VPC' : networkIsolation ? 'model under network isolation' : undefined;
      if (never) { refuse(scope, prop, `be on instances: serverless variants serve no ${never}`, 'Variant.serverless'); }
    }
    if (host.isShadowed && this.props.containers) { refuse(scope, prop, 'have a model of one container where there are shadowVariants', `${this.props.containers.length} containers`); }
    this.bound.forEach((container) => container.servedOn(scope, prop, host));
  }

  /** Told of instances that it has a share of. */
  public servedAsComponent(scope: Construct, instanceType: string | undefined): void {
    if (this.props.containers) { refuse(scope, 'model', 'be of one container: an inference component has no pipeline', `${this.props.containers.length} containers`); }
    if (this.props.multiModel) { refuse(scope, 'model', 'be one model: many in one container are no inference component', 'multiModel'); }
    if (instanceType !== undefined) { this.bound.forEach((container) => container.servedOn(scope, 'instanceType', { instanceType })); }
  }

  private checkPipeline(containers: ContainerProps[]): void {
    const { context: { scope }, props } = this;
    const twice = OF_ONE_CONTAINER.find((prop) => props[prop] !== undefined);
    if (twice) { refuse(scope, twice, 'be said of one of the containers where there are containers', 'both'); }
    countInRange(scope, 'containers', containers, 2, 15);
    unique(scope, 'containers: containerName', containers.flatMap(({ containerName }) => containerName ?? []));
    const nameless = containers.findIndex(({ containerName }) => containerName === undefined);
    if (props.execution === PipelineExecution.DIRECT && nameless >= 0) {
      refuse(scope, `containers[${nameless}].containerName`, 'be given for PipelineExecution.DIRECT, where a request names its container', undefined);
    }
    const many = containers.findIndex(({ multiModel }) => multiModel);
    if (many >= 0 && props.execution !== PipelineExecution.DIRECT) {
      refuse(scope, `containers[${many}].multiModel`, 'come with PipelineExecution.DIRECT: a request names one model, and so can\'t go through several containers', true);
    }
  }

  /** The service counts the variables of all containers together. */
  private checkEnvironments(): void {
    const variables = this.bound.flatMap(({ definition }) => Object.entries((definition.environment ?? {}) as { [name: string]: string }));
    const bytes = Buffer.byteLength(variables.flat().join(''));
    if (bytes > 32 * 1024) { refuse(this.context.scope, 'environment', 'have at most 32 KB in all', `${bytes} bytes`); }
  }
}

function bound(context: ContainerContext, props: ContainerProps): BoundContainer {
  serviceName(context.scope, 'containerName', props.containerName);
  return props.modelPackage ? packaged(context, props) : new ModelContainer(context, props);
}

/** Everything but its variables is in the package. */
function packaged(context: ContainerContext, props: ContainerProps): BoundContainer {
  const { scope, granteeFor } = context;
  const { modelPackage, containerName } = props;
  const environment = { ...props.environment, ...readSecrets(context, props) };
  const twice = IN_A_PACKAGE.find((prop) => props[prop] !== undefined);
  if (twice) { refuse(scope, twice, 'be left out with modelPackage, which has it', 'both'); }
  checkEnvironment(scope, environment);
  if (nonEmpty(environment) && modelPackage instanceof ModelPackage && modelPackage._hasEnvironment) {
    refuse(scope, props.environment ? 'environment' : 'secrets', 'be left out with a modelPackage whose containers have variables (environment, or those of a framework\'s script): SageMaker takes them of one of the two; say them in the package', 'both');
  }
  modelPackage!.grantServing(granteeFor('modelPackage'));
  const content = { modelPackageName: modelPackage!.modelPackageArn, environment: nonEmpty(environment) };
  return {
    definition: { containerHostname: containerName, ...content },
    content: definedMembers({ ModelPackageName: content.modelPackageName, Environment: content.environment }),
    servedOn: () => undefined,
  };
}

/** A part of the construct for each container, so that errors, assets and packing jobs have a place each. */
function partOf(scope: Construct, { containerName }: ContainerProps, index: number): Construct {
  return new Construct(scope, containerName === undefined ? `Container${index + 1}` : `Container-${containerName}`);
}
