import type { Connections, IConnectable, ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { IGrantable, IPrincipal, IRole } from 'aws-cdk-lib/aws-iam';
import { CfnModel, type IModelRef, type ModelReference } from 'aws-cdk-lib/aws-sagemaker';
import { Annotations, Resource, type IResource } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ContainerOptions, ContainerProps, PipelineExecution, TrainedContainerOptions } from './container-options';
import type { Encryption } from './encryption';
import { Endpoint } from './endpoint';
import { EndpointConfig } from './endpoint-config';
import type { EndpointConfigOptions } from './endpoint-config-options';
import type { EndpointOptions } from './endpoint-options';
import { ImportedModel } from './imported-model';
import { ISOLATION_OF_MODELS, isolatedProps } from './isolation';
import { JobNetwork, type JobNetworkProps } from './job-network';
import { ModelContainers } from './model-containers';
import { refuse, serviceName } from './request/checks';
import { checkModelPropKinds } from './request/model-prop-kinds';
import type { ServingHost } from './serving-image';
import { executionRole, grantNetworkInterfaces, policiesOf } from './template/execution-role';
import { granteeFor } from './template/granted';
import { injected } from './template/injected';
import { TransformJob } from './transform-job';
import type { TransformJobOptions } from './transform-job-props';
import { Variant } from './variant';
import type { InstanceOptions, ServerlessOptions } from './variant-options';

/** A model. */
export interface IModel extends IResource, IModelRef, IGrantable, IConnectable {
  /**
   * The name of the model.
   *
   * @attribute
   */
  readonly modelName: string;
  /**
   * The ARN of the model.
   *
   * @attribute
   */
  readonly modelArn: string;
}

/** What is known of a model made elsewhere. */
export interface ImportedModelOptions {
  /**
   * The role of its containers. Transform jobs and endpoint configurations of the model let a role of the app read and write what they ask for; of
   * one made elsewhere a warning lists what it must be allowed.
   *
   * @default - it is allowed what it is granted elsewhere; a warning names what that must be
   */
  readonly role?: IRole;
  /**
   * The security groups of its containers.
   *
   * @default - not known: nothing can be let in for it
   */
  readonly securityGroups?: ISecurityGroup[];
}

/** What is known of a model made elsewhere, its name included. */
export interface ModelAttributes extends ImportedModelOptions {
  /** The name of the model. */
  readonly modelName: string;
  /**
   * The account that it is in.
   *
   * @default - that of the stack
   */
  readonly account?: string;
  /**
   * The Region that it is in.
   *
   * @default - that of the stack
   */
  readonly region?: string;
}

/** What can be said of every model. */
export interface ModelOptions extends ContainerOptions, JobNetworkProps {
  /**
   * The instance type that decides between images of a framework for CPU, GPU, Graviton and others.
   *
   * @default - that of the first endpoint the model is put behind; CPU if there is none
   */
  readonly instanceType?: string;
  /**
   * Cuts the container off from every network. Its script is in its artifact then: it is packed by a job, or training has put it there
   * (`Script.inModelData`).
   *
   * @default - as the training job; false for a model of its own
   */
  readonly networkIsolation?: boolean;
  /**
   * The role of the container. A role of the app is allowed what the props need, also one that is given; one made elsewhere is used as it is, and
   * a warning lists what it must be allowed.
   *
   * @default - one of its own, which may do what the props need
   */
  readonly role?: IRole;
  /**
   * The name, at most 63 letters, digits and dashes. A model with a name given can't be replaced by a change.
   *
   * @default - a generated name
   */
  readonly modelName?: string;
}

/** What of a model a training job leaves open. */
export interface TrainedModelProps extends ModelOptions, TrainedContainerOptions {
  /**
   * Whether the model is in the network of the training job, where it is in none of its own.
   *
   * @default true
   */
  readonly inheritNetwork?: boolean;
}

/** What a model is made of. */
export interface ModelProps extends ModelOptions, ContainerProps {
  /**
   * The containers of a pipeline, 2 to 15, in the order in which a request goes through them: `PipelineModel` of the Python SDK. What is said
   * of one container is said here then, and not of the model.
   *
   * @default - the model has one container
   */
  readonly containers?: ContainerProps[];
  /**
   * Who asks the containers of a pipeline. With PipelineExecution.DIRECT each has a name.
   *
   * @default PipelineExecution.SERIAL
   */
  readonly execution?: PipelineExecution;
}

/** How a model is put behind an endpoint of its own, without instances of its own. */
export interface DeployServerlessOptions extends ServerlessOptions, EndpointConfigOptions, EndpointOptions {}

/** How a model is put behind an endpoint of its own. */
export interface DeployOptions extends InstanceOptions, EndpointConfigOptions, EndpointOptions {}

/**
 * A model of SageMaker: `Model` of the Python SDK, with `framework` its `PyTorchModel`, `MXNetModel` and siblings, with `containers` its
 * `PipelineModel`, with `multiModel` its `MultiDataModel`, with `modelPackage` its `ModelPackage`.
 *
 * CloudFormation knows no `AdditionalModelDataSources` and no `ContainerMetricsConfig` of a container.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModel.html
 *
 * @example
 * const model = new Model(this, 'Model', {
 *   image,
 *   modelData: ModelData.fromBucket(bucket, 'models/digits/model.tar.gz'),
 *   environment: { LOG_LEVEL: 'info' },
 *   vpc,
 * });
 * model.deploy('Endpoint', { instanceType: 'ml.m5.large', instanceCount: 2 });
 * model.transform('Scores', { input: DataSource.fromBucket(bucket, 'batch/'), instanceType: 'ml.m5.large' });
 *
 * @example
 * new Model(this, 'Pipeline', {
 *   containers: [
 *     { framework: Framework.sklearn('1.2-1'), modelData: ModelData.fromBucket(bucket, 'scaler/model.tar.gz'), script: Script.fromFile('scale.py') },
 *     { image, modelData: ModelData.fromBucket(bucket, 'digits/model.tar.gz') },
 *   ],
 * });
 * new Model(this, 'Many', { image, modelData: ModelData.fromBucket(bucket, 'tenants/'), multiModel: true });
 */
export class Model extends Resource implements IModel, IGrantable, IConnectable {
  /** By which `PropertyInjectors` of the CDK know the class. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-sagemaker.Model';

  /** A model made elsewhere, in the account and the Region of the stack. */
  public static fromModelName(scope: Construct, id: string, modelName: string, options: ImportedModelOptions = {}): IModel {
    return Model.fromModelAttributes(scope, id, { modelName, ...options });
  }

  /**
   * A model made elsewhere, by its ARN: also of another account or Region, which its environment is then. SageMaker puts a model behind endpoints of
   * its own account and Region alone. Throws when it is no ARN of a model.
   */
  public static fromModelArn(scope: Construct, id: string, modelArn: string, options: ImportedModelOptions = {}): IModel {
    return ImportedModel.ofArn(scope, id, modelArn, options);
  }

  /** A model made elsewhere, by all that is known of it. */
  public static fromModelAttributes(scope: Construct, id: string, attributes: ModelAttributes): IModel {
    return ImportedModel.ofName(scope, id, attributes);
  }

  public readonly modelName: string;
  public readonly modelArn: string;
  public readonly modelRef: ModelReference;
  /** The role of the containers. */
  public readonly role: IRole;
  public readonly grantPrincipal: IPrincipal;
  private readonly network?: JobNetwork;
  private readonly containers: ModelContainers;
  private readonly encryption?: Encryption;

  constructor(scope: Construct, id: string, props: ModelProps) {
    super(scope, id);
    props = injected(this, Model.PROPERTY_INJECTION_ID, props);
    checkModelPropKinds(this, props);
    serviceName(this, 'modelName', props.modelName);
    props = isolatedProps(this, props, ISOLATION_OF_MODELS);
    if (props.modelName !== undefined) {
      Annotations.of(this).addWarningV2('cdk-sagemaker:namedModel', 'every change of a model makes a new one, which can\'t have the name of the one before: leave modelName out, or change it with every change');
    }
    this.role = executionRole(this, 'Endpoints', props.role);
    this.grantPrincipal = this.role.grantPrincipal;
    this.network = JobNetwork.of(this, props);
    const grantee = (prop: string) => granteeFor(this, prop, this.role);
    if (this.network) { grantNetworkInterfaces(grantee('vpc')); }
    this.encryption = props.encryption;
    this.containers = new ModelContainers({ ...props, scope: this, granteeFor: grantee }, props);
    const model = new CfnModel(this, 'Resource', {
      modelName: props.modelName,
      executionRoleArn: this.role.roleArn,
      ...this.containers.definition,
      enableNetworkIsolation: props.networkIsolation ? true : undefined,
      vpcConfig: this.network && {
        securityGroupIds: this.network.config.securityGroups.map((group) => group.securityGroupId),
        subnets: this.network.config.subnets.map((subnet) => subnet.subnetId),
      },
    });
    // made after the role's policy and the network, and gone before them: the endpoint reads the artifact by them as long as it lives
    model.node.addDependency(policiesOf(this.role), ...(this.network ? [this.network._ready] : []));
    this.modelName = model.attrModelName;
    this.modelArn = model.ref;                              // a model's Ref is its ARN
    this.modelRef = { modelArn: this.modelArn };
  }

  /** The security groups of the containers. Throws when there is no VPC. */
  public get connections(): Connections {
    return this.network?.connections ?? refuse(this, 'vpc', 'be given for a model to have connections', undefined);
  }

  /**
   * Told of what it is put on, by which a framework's image is chosen.
   *
   * @internal
   */
  public _servedOn(scope: Construct, prop: string, host: ServingHost): void {
    this.containers.servedOn(scope, prop, host);
  }

  /**
   * What its answers hang on, and not what it is called: a transform job of it counts this.
   *
   * @internal
   */
  public get _content(): { readonly [member: string]: unknown } { return this.containers.content; }

  /**
   * Told of the instances it has a share of.
   *
   * @internal
   */
  public _servedAsComponent(scope: Construct, instanceType: string | undefined): void {
    this.containers.servedAsComponent(scope, instanceType);
  }

  /** Puts the model behind an endpoint of its own: an endpoint configuration with one variant, and the endpoint. */
  public deploy(id: string, options: DeployOptions): Endpoint {
    const config = new EndpointConfig(this, `${id}Config`, { ...options, encryption: options?.encryption ?? this.encryption, variants: { AllTraffic: Variant.onInstances(this, options) } });
    return new Endpoint(this, id, { ...options, config });
  }

  /**
   * Puts the model behind an endpoint of its own, without instances of its own: SageMaker finds some when requests come. An endpoint can't change
   * from instances to that, so that takes another id.
   *
   * Throws for a model that can't be served so: in a VPC, under network isolation, of several containers or many models, or of a folder of files; and for
   * `asyncInference`, `dataCapture` and `explainer`, which take instances.
   */
  public deployServerless(id: string, options: DeployServerlessOptions = {}): Endpoint {
    const config = new EndpointConfig(this, `${id}Config`, { ...options, encryption: options?.encryption ?? this.encryption, variants: { AllTraffic: Variant.serverless(this, options) } });
    return new Endpoint(this, id, { ...options, config });
  }

  /** Has the model answer many records in one go, without an endpoint: `Model.transformer(...).transform(...)` of the Python SDK. */
  public transform(id: string, options: TransformJobOptions): TransformJob {
    return new TransformJob(this, id, { ...options, encryption: options?.encryption ?? this.encryption, model: this });
  }
}
