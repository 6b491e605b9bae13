import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { Annotations, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ContainerLogLevel } from './algorithm-options';
import type { ContainerImageConfig } from './container-image';
import type { ContainerProps } from './container-options';
import type { Encryption } from './encryption';
import type { JobNetworkProps } from './job-network';
import type { ModelDataConfig } from './model-data';
import { repacked } from './repack';
import { ScriptPlacement } from './repack-options';
import { countInRange, inRange, lengthInRange, matches, oneOf, refuse } from './request/checks';
import { frameworkRow, rlToolkit, servingFramework, type FrameworkRow } from './request/framework-rows';
import { checkFramework } from './request/framework-rules';
import { definedMembers, nonEmpty } from './request/members';
import { warnOfSecretVariable } from './request/secret-values';
import type { Script, ScriptConfig } from './script';
import { secretVariables } from './secret-variables';
import { ServingImage, type ServingHost } from './serving-image';

/** Where a container looks for code in its artifact. */
const PACKED_CODE = '/opt/ml/model/code';
/** The log levels of Python as TensorFlow Serving's proxy calls them. */
const NGINX_LEVELS: { readonly [level: number]: string } = { 10: 'debug', 20: 'info', 30: 'warn', 40: 'error', 50: 'crit' };

/** SageMaker's images that serve, by the processor in their tags. */
const FOR_ACCELERATORS = /\/[a-z0-9-]*(inference|serving)[a-z0-9-]*:[\w.-]*-(gpu|neuronx?)(-[\w.-]*)?$/;

/** Structures of texts, by the names that the run key knows them by (`images` of the handler's row). */
export type ContainerContent = { readonly [member: string]: unknown };

/** Where a container is made, and for whom. */
export interface ContainerContext extends JobNetworkProps {
  /** What errors are about, and what its image and its packing job are below: the model, or the container's own part of it. */
  readonly scope: Construct;
  /** Who pulls its image and reads its artifact, for one of its props. */
  readonly granteeFor: (prop: string) => IGrantable;
  readonly networkIsolation?: boolean;
  /** What is said of all containers of the model. */
  readonly encryption?: Encryption;
  /** The instance type that decides between images of a framework. */
  readonly instanceType?: string;
  /** Whether it is in a model package, which knows nothing of networks. */
  readonly isInPackage?: boolean;
}

/** One container of a model: what the Python SDK's model of the framework makes of the same arguments. */
export class ModelContainer {
  public readonly definition: CfnModel.ContainerDefinitionProperty;
  /** What its answers hang on: what lies at addresses in place of them, where that is known. */
  public readonly content: ContainerContent;
  /** What its artifact is that many hosts don't take, if it is: a folder of files, or one with a license or a hub. */
  private readonly sourced?: string;
  /** Why it can't be served without instances of its own, if it can't. */
  private readonly needsInstances?: string;
  private readonly scope: Construct;
  private readonly serving?: ServingImage;
  private readonly row?: FrameworkRow;

  public constructor(private readonly context: ContainerContext, private readonly props: ContainerProps) {
    const { scope } = context;
    this.scope = scope;
    this.row = this.checkedRow();
    const image = this.image();
    this.serving = image instanceof ServingImage ? image : undefined;
    const { script, data } = this.scriptAndData();
    const plain = { ...props.environment, ...this.variables(script) };
    const environment = { ...plain, ...readSecrets(context, { environment: plain, secrets: props.secrets }) };
    checkEnvironment(scope, environment);
    if (image.isInVpc && context.isInPackage) { refuse(scope, 'image', 'be in Amazon ECR in a model package', image.imageUri); }
    if (image.isInVpc && !context.vpc) { refuse(scope, 'vpc', 'be given for an image in a registry of one\'s own, which is reached through it', undefined); }
    this.checkModels(data);
    this.sourced = sourceOf(data, props.multiModel);
    this.needsInstances = this.reasonForInstances(image);
    this.definition = {
      containerHostname: props.containerName,
      image: image.imageUri,
      imageConfig: image.isInVpc ? {
        repositoryAccessMode: 'Vpc',
        repositoryAuthConfig: image.credentialsProvider && { repositoryCredentialsProviderArn: image.credentialsProvider.functionArn },
      } : undefined,
      mode: props.multiModel ? 'MultiModel' : undefined,
      multiModelConfig: props.modelCache === undefined ? undefined : { modelCacheSetting: props.modelCache ? 'Enabled' : 'Disabled' },
      ...locationOf(data, props.multiModel),
      environment: nonEmpty(environment),
    };
    this.content = contentOf(this.definition, image, data, script);
  }

  /** The image of a framework is for the kind of instance that it is put on. Throws when the container can't be served there. */
  public servedOn(scope: Construct, prop: string, host: ServingHost): void {
    const { framework } = this.props;
    if (host.isTransform && this.props.multiModel) { refuse(scope, 'model', 'have one artifact: a transform job names none of several', 'multiModel'); }
    if (host.isTransform && this.sourced) { refuse(scope, 'model', 'have one compressed archive as its artifact, without acceptEula and hubContent: transform jobs take nothing else', this.sourced); }
    if (host.isShadowed && this.props.multiModel) { refuse(scope, prop, 'have one model where there are shadowVariants', 'multiModel'); }
    if (host.isServerless && this.needsInstances) { refuse(scope, prop, `be on instances: serverless variants serve no ${this.needsInstances}`, 'Variant.serverless'); }
    if (host.acceleratorType !== undefined && framework && servingFramework(framework.config).name === 'sklearn') {
      refuse(scope, `${prop}.acceleratorType`, 'be left out for models of Scikit-learn, which Elastic Inference does not accelerate', host.acceleratorType);
    }
    this.serving?.servedOn(scope, prop, host);
  }

  private checkedRow(): FrameworkRow | undefined {
    const { framework, image, modelServerWorkers } = this.props;
    inRange(this.scope, 'modelServerWorkers', modelServerWorkers, 1, 2147483647);
    if (!framework) {
      if (modelServerWorkers !== undefined) { refuse(this.scope, 'modelServerWorkers', 'come with framework', modelServerWorkers); }
      return undefined;
    }
    if (!image) { checkFramework(this.scope, framework.config, true); }
    if (rlToolkit(framework.config)?.toolkit === 'ray' && !image && !framework.config.options.image) {
      refuse(this.scope, 'image', 'be given: models of Ray can\'t be served by an image of SageMaker (the policy\'s parameters are in the job\'s checkpoints)', undefined);
    }
    const row = frameworkRow(servingFramework(framework.config));
    if (modelServerWorkers !== undefined && !row.scriptVariables) { refuse(this.scope, 'modelServerWorkers', `be left out for ${row.noun}, whose server takes none`, modelServerWorkers); }
    return row;
  }

  private image(): ContainerImageConfig | ServingImage {
    const { framework } = this.props;
    const own = this.props.image ?? framework?.config.options.image;
    const grantee = this.context.granteeFor(this.props.image ? 'image' : 'framework');
    if (own) { return own.bind(this.scope, grantee); }
    if (!framework) { return refuse(this.scope, 'image', 'be given, or framework', undefined); }
    return new ServingImage(this.scope, grantee, servingFramework(framework.config), this.context.instanceType);
  }

  /** The script, and the artifact: packed together where the container doesn't fetch the script. */
  private scriptAndData(): { script?: ScriptConfig; data?: ModelDataConfig } {
    const { scope, context, props } = this;
    const { modelData } = props;
    const script = this.script();
    const boundData = () => modelData?.bind(scope, context.granteeFor('modelData'));
    const isPacked = script !== undefined && !script.isInModelData && this.isPacked(script);
    if (props.repack && !isPacked) { refuse(scope, 'repack', 'be left out where no script is packed', 'options'); }
    if (!script) { return { data: boundData() }; }
    if (!isPacked) { return { script: script.bind(scope, context.granteeFor('script')), data: boundData() }; }
    if (props.multiModel) { refuse(scope, 'script', 'be Script.inModelData for multiModel, where each artifact has code of its own, or be downloaded (ScriptPlacement.DOWNLOADED)', 'code that is packed into one artifact'); }
    if (!modelData) { refuse(scope, 'modelData', 'be given for a script that is packed into it', undefined); }
    const { entryPoint, data } = repacked(scope, modelData, script, props.repack, { ...context, encryption: props.encryption ?? context.encryption }, this.serving && servingFramework(props.framework!.config));
    if (this.serving && this.row?.packedName !== undefined && entryPoint !== this.row.packedName) {
      Annotations.of(scope).addWarningV2('cdk-sagemaker:servingScriptName', `entryPoint is ${entryPoint}; the server of ${this.row.noun} reads ${this.row.packedName} and no other file`);
    }
    return { script: { entryPoint, submitDirectory: PACKED_CODE }, data: data.bind(scope, context.granteeFor('modelData')) };
  }

  private script(): Script | undefined {
    const { script, entryPoint } = this.props;
    if (!script && entryPoint !== undefined) { refuse(this.scope, 'entryPoint', 'come with script', entryPoint); }
    return entryPoint === undefined ? script : script?.withEntryPoint(entryPoint);
  }

  private isPacked(script: Script): boolean {
    const { context: { networkIsolation }, props: { scriptPlacement: placement, framework, modelData } } = this;
    if (networkIsolation) {
      if (placement === ScriptPlacement.DOWNLOADED) { refuse(this.scope, 'scriptPlacement', 'be ScriptPlacement.PACKED under networkIsolation, where a container can\'t download anything', placement); }
      return true;
    }
    oneOf(this.scope, 'scriptPlacement', placement, [ScriptPlacement.DOWNLOADED, ScriptPlacement.PACKED]);
    const packing = framework && this.row?.packing(servingFramework(framework.config).version);
    const readsPacked = packing === 'always' || packing === 'withEntryPoint';
    if (placement === ScriptPlacement.DOWNLOADED && readsPacked && this.serving) { refuse(this.scope, 'scriptPlacement', `be ScriptPlacement.PACKED for images of ${this.row!.noun}, which read the script from the artifact`, placement); }
    if (placement !== undefined) { return placement === ScriptPlacement.PACKED; }
    if (packing === undefined) { return modelData !== undefined && !script.isSingleFile; }
    return readsPacked;
  }

  private variables(script: ScriptConfig | undefined): { [name: string]: string } {
    const { row, props } = this;
    const level = props.logLevel;
    if (level !== undefined && !(level in NGINX_LEVELS)) { refuse(this.scope, 'logLevel', 'be a ContainerLogLevel', level); }
    if (row && !row.scriptVariables) { return level === undefined ? {} : { SAGEMAKER_TFS_NGINX_LOGLEVEL: NGINX_LEVELS[level] }; }
    if (!row && !script) {
      if (level !== undefined) { refuse(this.scope, 'logLevel', 'come with script or framework', level); }
      return {};
    }
    return {
      SAGEMAKER_PROGRAM: script?.entryPoint ?? props.environment?.SAGEMAKER_PROGRAM ?? '',
      SAGEMAKER_SUBMIT_DIRECTORY: script?.submitDirectory ?? props.environment?.SAGEMAKER_SUBMIT_DIRECTORY ?? '',
      SAGEMAKER_CONTAINER_LOG_LEVEL: String(level ?? ContainerLogLevel.INFO),
      SAGEMAKER_REGION: Stack.of(this.scope).region,
      ...(props.modelServerWorkers === undefined ? {} : { SAGEMAKER_MODEL_SERVER_WORKERS: String(props.modelServerWorkers) }),
    };
  }

  private checkModels(data: ModelDataConfig | undefined): void {
    const { multiModel, modelCache } = this.props;
    if (modelCache !== undefined && !multiModel) { refuse(this.scope, 'modelCache', 'come with multiModel', modelCache); }
    if (!multiModel) { return; }
    if (!data) { refuse(this.scope, 'modelData', 'be given for multiModel: the prefix that the artifacts are below', undefined); }
    if (data.isCompressed || data.isOneFile) { refuse(this.scope, 'modelData', 'end with a slash for multiModel: the prefix that the artifacts are below', data.s3Uri); }
    if (hasTerms(data)) { refuse(this.scope, 'modelData', 'be without acceptEula and hubContent for multiModel, which takes plain archives alone: give such a model a container of its own', data.s3Uri); }
  }

  private reasonForInstances(image: ContainerImageConfig): string | undefined {
    if (this.props.multiModel) { return 'multiModel'; }
    if (image.isInVpc) { return 'image of a registry of one\'s own'; }
    if (FOR_ACCELERATORS.test(image instanceof ServingImage ? '' : image.imageUri)) { return 'image for GPUs or Neuron'; }
    return this.sourced && `artifact that is ${this.sourced}`;
  }
}

/** What a job of the model counts of a container. Another address of the same is no other model. */
function contentOf(
  { modelDataUrl, modelDataSource, mode, environment }: CfnModel.ContainerDefinitionProperty, image: ContainerImageConfig, data: ModelDataConfig | undefined, script: ScriptConfig | undefined,
): ContainerContent {
  const variables = environment as { [name: string]: string } | undefined;
  const isFetched = script?.contentHash !== undefined && variables?.SAGEMAKER_SUBMIT_DIRECTORY === script.submitDirectory;
  return definedMembers({
    Image: image.contentHash ?? image.imageUri,
    ModelDataUrl: modelDataUrl,
    ModelDataSource: modelDataSource && data?.s3Uri,
    ModelDataRevision: data?.revision,
    Mode: mode,
    Environment: isFetched ? { ...variables, SAGEMAKER_SUBMIT_DIRECTORY: script!.contentHash! } : variables,
  });
}

const hasTerms = ({ acceptEula, hubContent }: ModelDataConfig) => acceptEula !== undefined || hubContent !== undefined;

/** What of an artifact can't be said by its address alone. */
function sourceOf(data: ModelDataConfig | undefined, multiModel: boolean | undefined): string | undefined {
  if (!data || multiModel) { return undefined; }
  return !data.isCompressed ? (data.isOneFile ? 'a file that is not compressed' : 'a folder of files') : hasTerms(data) ? 'an archive with acceptEula or hubContent' : undefined;
}

/** An archive, a folder of archives, or what has more to it than its address. */
function locationOf(data: ModelDataConfig | undefined, multiModel: boolean | undefined): Pick<CfnModel.ContainerDefinitionProperty, 'modelDataUrl' | 'modelDataSource'> {
  if (!data) { return {}; }
  const { s3Uri, isCompressed, isOneFile, acceptEula, hubContent } = data;
  if (sourceOf(data, multiModel) === undefined) { return { modelDataUrl: s3Uri }; }
  return {
    modelDataSource: {
      s3DataSource: {
        s3Uri,
        s3DataType: isCompressed || isOneFile ? 'S3Object' : 'S3Prefix',
        compressionType: isCompressed ? 'Gzip' : 'None',
        modelAccessConfig: acceptEula === undefined ? undefined : { acceptEula },
        hubAccessConfig: hubContent === undefined ? undefined : { hubContentArn: hubContent },
      },
    },
  };
}

/** The variables that name secrets, beside the others. */
export function readSecrets({ scope, granteeFor, isolated, networkIsolation }: ContainerContext, { environment, secrets }: Pick<ContainerProps, 'environment' | 'secrets'>): { [name: string]: string } {
  return secretVariables({ scope, secrets, environment, isolatedBy: isolated ? 'isolated' : networkIsolation ? 'networkIsolation' : undefined, longest: [1024, 1024], granteeFor });
}

/** What can be said of variables one by one; `scope` is the container's. */
export function checkEnvironment(scope: Construct, environment: { [name: string]: string }, prop = 'environment'): void {
  countInRange(scope, prop, environment, 0, 100);
  for (const [name, value] of Object.entries(environment)) {
    matches(scope, `${prop}: the name ${name.slice(0, 40)}`, name, /^[A-Za-z_][A-Za-z0-9_]{0,1023}$/, 'of 1 to 1024 letters, digits and underscores, without a digit first');
    if (typeof value !== 'string') { refuse(scope, `${prop}.${name}`, 'be text', value); }
    lengthInRange(scope, `${prop}.${name}`, value, 0, 1024);
    warnOfSecretVariable(scope, `${prop}.${name}`, value, 'model', prop.replace(/environment$/, 'secrets'));
  }
}
