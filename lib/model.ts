import type { Connections, IConnectable } from 'aws-cdk-lib/aws-ec2';
import type { IGrantable, IPrincipal, IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnModel, type IModelRef, type ModelReference } from 'aws-cdk-lib/aws-sagemaker';
import { Resource, Stack, type IResource } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ContainerLogLevel } from './algorithm-options';
import type { ContainerImage } from './container-image';
import { Endpoint } from './endpoint';
import { EndpointConfig } from './endpoint-config';
import type { Framework } from './framework';
import { JobNetwork, type JobNetworkProps } from './job-network';
import { ModelContainer } from './model-container';
import type { ModelData } from './model-data';
import type { RepackOptions, ScriptPlacement } from './repack-options';
import { Variant, type InstanceOptions } from './variant';
import { matches, refuse } from './request/checks';
import type { Script } from './script';
import { executionRole, grantNetworkInterfaces, policiesOf } from './template/execution-role';
import { arnName } from './template/names';

/** A model. */
export interface IModel extends IResource, IModelRef {
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

/** What can be said of every model. */
export interface ModelOptions extends JobNetworkProps {
  /**
   * The user's code.
   *
   * @default - as the training job's framework is served; for a model of its own, the image has its code inside
   */
  readonly script?: Script;
  /**
   * The file of the script that serves, where it is another than the script says.
   *
   * @default - the entry point of the script
   */
  readonly entryPoint?: string;
  /**
   * How the container gets the script.
   *
   * @default - as the Python SDK does it for the framework (docs/python-sdk.md); a model under network isolation always has it packed
   */
  readonly scriptPlacement?: ScriptPlacement;
  /**
   * How the job is run that packs the script into the artifact, where one is needed.
   *
   * @default - on one ml.m5.large
   */
  readonly repack?: RepackOptions;
  /**
   * How much the server in the container writes to its log.
   *
   * @default - as the training job; ContainerLogLevel.INFO for a script of a model of its own
   */
  readonly logLevel?: ContainerLogLevel;
  /**
   * How many processes of the model server answer; at least 1. For images of frameworks, but TensorFlow's.
   *
   * @default - as the server does by itself: one for each processor
   */
  readonly modelServerWorkers?: number;
  /**
   * The instance type that decides between images of a framework for CPU, GPU, Graviton and others.
   *
   * @default - that of the first endpoint the model is put behind; CPU if there is none
   */
  readonly instanceType?: string;
  /**
   * Environment variables of the container; at most 100, 32 KB in all.
   * A secret is named by its ARN and read by the model (`secret.grantRead(model)`), never written here.
   *
   * @default - none but those by which the script is found
   */
  readonly environment?: { [name: string]: string };
  /**
   * Cuts the container off from every network. Its script is in its artifact then: it is packed by a job, or training has put it there
   * (`Script.inModelData`).
   *
   * @default - as the training job; false for a model of its own
   */
  readonly networkIsolation?: boolean;
  /**
   * The role of the container.
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
export interface TrainedModelProps extends ModelOptions {
  /**
   * The image that serves.
   *
   * @default - of a framework its serving image, else the image of the training job
   */
  readonly image?: ContainerImage;
  /**
   * The framework by whose ways it is served, where that is another than the training job's.
   *
   * @default - that of the training job
   */
  readonly framework?: Framework;
  /**
   * Whether the model is in the network of the training job, where it is in none of its own.
   *
   * @default true
   */
  readonly inheritNetwork?: boolean;
}

/** What a model is made of. */
export interface ModelProps extends ModelOptions {
  /**
   * The image that serves.
   *
   * @default - the serving image of the framework; one of the two must be given
   */
  readonly image?: ContainerImage;
  /**
   * The framework by whose ways the artifact is served: its image, its variables, and where it looks for a script.
   *
   * @default - none: the image knows by itself
   */
  readonly framework?: Framework;
  /**
   * The artifact.
   *
   * @default - the image has its model inside
   */
  readonly modelData?: ModelData;
}

/** How a model is put behind an endpoint of its own. */
export interface DeployOptions extends InstanceOptions {
  /**
   * The key that the storage of the instances is encrypted with. Not for instance types with storage of their own.
   *
   * @default - a key of the service
   */
  readonly encryptionKey?: IKey;
  /**
   * The name of the endpoint.
   *
   * @default - a generated name
   */
  readonly endpointName?: string;
}

/**
 * A model of SageMaker with one container: `Model` of the Python SDK, and with `framework` its `PyTorchModel`, `MXNetModel` and siblings.
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
 */
export class Model extends Resource implements IModel, IGrantable, IConnectable {
  /** A model made elsewhere, in the account and the Region of the stack. */
  public static fromModelName(scope: Construct, id: string, modelName: string): IModel {
    class Import extends Resource implements IModel {
      public readonly modelName = modelName;
      public readonly modelArn = Stack.of(this).formatArn({ service: 'sagemaker', resource: 'model', resourceName: arnName(modelName) });
      public readonly modelRef: ModelReference = { modelArn: this.modelArn };
    }
    return new Import(scope, id);
  }

  public readonly modelName: string;
  public readonly modelArn: string;
  public readonly modelRef: ModelReference;
  /** The role of the container. */
  public readonly role: IRole;
  public readonly grantPrincipal: IPrincipal;
  private readonly network?: JobNetwork;
  private readonly container: ModelContainer;

  constructor(scope: Construct, id: string, props: ModelProps) {
    super(scope, id);
    matches(this, 'modelName', props.modelName, /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/, 'of 1 to 63 letters, digits and dashes');
    this.role = props.role ?? executionRole(this, 'Endpoints');
    this.grantPrincipal = this.role.grantPrincipal;
    this.network = JobNetwork.of(this, props);
    if (this.network) { grantNetworkInterfaces(this.role); }
    this.container = new ModelContainer(this, props);
    const model = new CfnModel(this, 'Resource', {
      modelName: props.modelName,
      executionRoleArn: this.role.roleArn,
      primaryContainer: this.container.definition,
      enableNetworkIsolation: props.networkIsolation ? true : undefined,
      vpcConfig: this.network && {
        securityGroupIds: this.network.config.securityGroups.map((group) => group.securityGroupId),
        subnets: this.network.config.subnets.map((subnet) => subnet.subnetId),
      },
    });
    // made after the role's policy, and gone before it: the endpoint reads the artifact by it as long as it lives
    model.node.addDependency(policiesOf(this.role));
    this.modelName = model.attrModelName;
    this.modelArn = model.ref;                              // a model's Ref is its ARN
    this.modelRef = { modelArn: this.modelArn };
  }

  /** The security groups of the containers. Throws when there is no VPC. */
  public get connections(): Connections {
    return this.network?.connections ?? refuse(this, 'vpc', 'be given for a model to have connections', undefined);
  }

  /**
   * Told of the instances it is put on, by which a framework's image is chosen.
   *
   * @internal
   */
  public _servedOn(scope: Construct, prop: string, instanceType: string): void {
    this.container.servedOn(scope, prop, instanceType);
  }

  /** Puts the model behind an endpoint of its own: an endpoint configuration with one variant, and the endpoint. */
  public deploy(id: string, options: DeployOptions): Endpoint {
    const config = new EndpointConfig(this, `${id}Config`, { variants: { AllTraffic: Variant.onInstances(this, options) }, encryptionKey: options.encryptionKey });
    return new Endpoint(this, id, { config, endpointName: options.endpointName });
  }
}
