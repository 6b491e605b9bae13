import type { Connections, IConnectable } from 'aws-cdk-lib/aws-ec2';
import type { IGrantable, IPrincipal, IRole } from 'aws-cdk-lib/aws-iam';
import { CfnModel, type IModelRef, type ModelReference } from 'aws-cdk-lib/aws-sagemaker';
import { Resource, Stack, type IResource } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ContainerImage } from './container-image';
import { Endpoint } from './endpoint';
import { EndpointConfig } from './endpoint-config';
import { JobNetwork, type JobNetworkProps } from './job-network';
import type { ModelData } from './model-data';
import { Variant, type InstanceOptions } from './variant';
import { countInRange, lengthInRange, matches, refuse } from './request/checks';
import type { Script, ScriptConfig } from './script';
import { executionRole, grantNetworkInterfaces, policiesOf } from './template/execution-role';

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
   * @default - that of the training job; for a model of its own, the image has its code inside
   */
  readonly script?: Script;
  /**
   * The file of the script that serves, where it is another than the script says.
   *
   * @default - the entry point of the script
   */
  readonly entryPoint?: string;
  /**
   * Environment variables of the container; at most 100, 32 KB in all.
   * A secret is named by its ARN and read by the model (`secret.grantRead(model)`), never written here.
   *
   * @default - none but those by which the script is found
   */
  readonly environment?: { [name: string]: string };
  /**
   * Cuts the container off from every network. It can't download a script then: see `Script.inModelData`.
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
   * @default - the image of the training job
   */
  readonly image?: ContainerImage;
}

/** What a model is made of. */
export interface ModelProps extends ModelOptions {
  /** The image that serves. */
  readonly image: ContainerImage;
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
   * The name of the endpoint.
   *
   * @default - a generated name
   */
  readonly endpointName?: string;
}

/**
 * A model of SageMaker with one container: `Model` of the Python SDK.
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
      public readonly modelArn = Stack.of(this).formatArn({ service: 'sagemaker', resource: 'model', resourceName: modelName.toLowerCase() });
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

  constructor(scope: Construct, id: string, props: ModelProps) {
    super(scope, id);
    matches(this, 'modelName', props.modelName, /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/, 'of 1 to 63 letters, digits and dashes');
    this.role = props.role ?? executionRole(this, 'Endpoints');
    this.grantPrincipal = this.role.grantPrincipal;
    this.network = JobNetwork.of(this, props);
    if (this.network) { grantNetworkInterfaces(this.role); }
    const model = new CfnModel(this, 'Resource', {
      modelName: props.modelName,
      executionRoleArn: this.role.roleArn,
      primaryContainer: container(this, props),
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

  /** Puts the model behind an endpoint of its own: an endpoint configuration with one variant, and the endpoint. */
  public deploy(id: string, options: DeployOptions): Endpoint {
    const config = new EndpointConfig(this, `${id}Config`, { variants: { AllTraffic: Variant.onInstances(this, options) } });
    return new Endpoint(this, id, { config, endpointName: options.endpointName });
  }
}

function container(model: Model, props: ModelProps): CfnModel.ContainerDefinitionProperty {
  const image = props.image.bind(model, model.role);
  const data = props.modelData?.bind(model, model.role);
  const script = boundScript(model, props);
  const environment = { ...props.environment, ...(script ? scriptEnvironment(model, script) : {}) };
  checkEnvironment(model, environment);
  if (image.isInVpc && !props.vpc) { refuse(model, 'vpc', 'be given for an image in a registry of one\'s own, which is reached through it', undefined); }
  return {
    image: image.imageUri,
    imageConfig: image.isInVpc ? {
      repositoryAccessMode: 'Vpc',
      repositoryAuthConfig: image.credentialsProvider && { repositoryCredentialsProviderArn: image.credentialsProvider.functionArn },
    } : undefined,
    modelDataUrl: data?.isCompressed ? data.s3Uri : undefined,
    modelDataSource: data && !data.isCompressed
      ? { s3DataSource: { s3Uri: data.s3Uri, s3DataType: 'S3Prefix', compressionType: 'None' } }
      : undefined,
    environment: Object.keys(environment).length > 0 ? environment : undefined,
  };
}

function boundScript(model: Model, props: ModelProps): ScriptConfig | undefined {
  if (!props.script) {
    if (props.entryPoint !== undefined) { refuse(model, 'entryPoint', 'come with script', props.entryPoint); }
    return undefined;
  }
  const script = (props.entryPoint === undefined ? props.script : props.script.withEntryPoint(props.entryPoint)).bind(model, model.role);
  if (props.networkIsolation && script.submitDirectory.startsWith('s3:')) {
    refuse(model, 'script', 'be Script.inModelData under networkIsolation, where a container can\'t download anything (let training put its code in the folder code of its artifact)', 'a script in S3');
  }
  return script;
}

/** The names that the serving toolkits of SageMaker look for; 20 is the `INFO` of Python's logging. */
function scriptEnvironment(model: Model, script: ScriptConfig): { [name: string]: string } {
  return {
    SAGEMAKER_PROGRAM: script.entryPoint,
    SAGEMAKER_SUBMIT_DIRECTORY: script.submitDirectory,
    SAGEMAKER_CONTAINER_LOG_LEVEL: '20',
    SAGEMAKER_REGION: Stack.of(model).region,
  };
}

function checkEnvironment(model: Model, environment: { [name: string]: string }): void {
  countInRange(model, 'environment', environment, 0, 100);
  for (const [name, value] of Object.entries(environment)) {
    matches(model, `environment: the name ${name.slice(0, 40)}`, name, /^[A-Za-z_][A-Za-z0-9_]{0,1023}$/, 'of 1 to 1024 letters, digits and underscores, without a digit first');
    lengthInRange(model, `environment.${name}`, value, 0, 1024);
  }
  const bytes = Buffer.byteLength(Object.entries(environment).flat().join(''));
  if (bytes > 32 * 1024) { refuse(model, 'environment', 'have at most 32 KB in all', `${bytes} bytes`); }
}
