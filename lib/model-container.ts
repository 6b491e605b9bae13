import type { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { ContainerLogLevel } from './algorithm-options';
import type { ContainerImageConfig } from './container-image';
import type { Model, ModelProps } from './model';
import type { ModelDataConfig } from './model-data';
import { repacked } from './repack';
import { ScriptPlacement } from './repack-options';
import { countInRange, inRange, lengthInRange, matches, refuse } from './request/checks';
import { checkFramework, frameworkRow, rlToolkit, servingFramework, type FrameworkRow } from './request/framework-rules';
import type { Script, ScriptConfig } from './script';
import { ServingImage } from './serving-image';

/** Where a container looks for code in its artifact. */
const PACKED_CODE = '/opt/ml/model/code';
/** The log levels of Python as TensorFlow Serving's proxy calls them. */
const NGINX_LEVELS: { readonly [level: number]: string } = { 10: 'debug', 20: 'info', 30: 'warn', 40: 'error', 50: 'crit' };

/** The one container of a model: what the Python SDK's model of the framework makes of the same arguments. */
export class ModelContainer {
  public readonly definition: CfnModel.ContainerDefinitionProperty;
  private readonly serving?: ServingImage;
  private readonly row?: FrameworkRow;

  public constructor(private readonly model: Model, private readonly props: ModelProps) {
    this.row = this.checkedRow();
    const image = this.image();
    this.serving = image instanceof ServingImage ? image : undefined;
    const { script, data } = this.scriptAndData();
    const environment = { ...props.environment, ...this.variables(script) };
    checkEnvironment(model, environment);
    if (image.isInVpc && !props.vpc) { refuse(model, 'vpc', 'be given for an image in a registry of one\'s own, which is reached through it', undefined); }
    this.definition = {
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

  /** The image of a framework is for the kind of instance that it is put on. */
  public servedOn(scope: Construct, prop: string, instanceType: string): void {
    this.serving?.servedOn(scope, prop, instanceType);
  }

  private checkedRow(): FrameworkRow | undefined {
    const { framework, image, modelServerWorkers } = this.props;
    inRange(this.model, 'modelServerWorkers', modelServerWorkers, 1, 2147483647);
    if (!framework) {
      if (modelServerWorkers !== undefined) { refuse(this.model, 'modelServerWorkers', 'come with framework', modelServerWorkers); }
      return undefined;
    }
    if (!image) { checkFramework(this.model, framework.config); }
    if (rlToolkit(framework.config)?.toolkit === 'ray' && !image) {
      refuse(this.model, 'image', 'be given: models of Ray can\'t be served by an image of SageMaker (the policy\'s parameters are in the job\'s checkpoints)', undefined);
    }
    return frameworkRow(servingFramework(framework.config));
  }

  private image(): ContainerImageConfig | ServingImage {
    const { framework } = this.props;
    const own = this.props.image ?? framework?.config.options.image;
    if (own) { return own.bind(this.model, this.model.role); }
    if (!framework) { return refuse(this.model, 'image', 'be given, or framework', undefined); }
    return new ServingImage(this.model, servingFramework(framework.config), this.props.instanceType);
  }

  /** The script, and the artifact: packed together where the container doesn't fetch the script. */
  private scriptAndData(): { script?: ScriptConfig; data?: ModelDataConfig } {
    const { model, props } = this;
    const { modelData } = props;
    const script = this.script();
    const boundData = () => modelData?.bind(model, model.role);
    if (!script) { return { data: boundData() }; }
    if (script.isInModelData || !this.isPacked(script)) { return { script: script.bind(model, model.role), data: boundData() }; }
    if (!modelData) { refuse(model, 'modelData', 'be given for a script that is packed into it', undefined); }
    const { entryPoint, data } = repacked(model, modelData, script, props);
    return { script: { entryPoint, submitDirectory: PACKED_CODE }, data: data.bind(model, model.role) };
  }

  private script(): Script | undefined {
    const { script, entryPoint } = this.props;
    if (!script && entryPoint !== undefined) { refuse(this.model, 'entryPoint', 'come with script', entryPoint); }
    return entryPoint === undefined ? script : script?.withEntryPoint(entryPoint);
  }

  private isPacked(script: Script): boolean {
    const { scriptPlacement: placement, networkIsolation, framework, modelData } = this.props;
    if (networkIsolation) {
      if (placement === ScriptPlacement.DOWNLOADED) { refuse(this.model, 'scriptPlacement', 'be ScriptPlacement.PACKED under networkIsolation, where a container can\'t download anything', placement); }
      return true;
    }
    if (placement !== undefined) { return placement === ScriptPlacement.PACKED; }
    if (!framework || !this.row) { return modelData !== undefined && !script.isSingleFile; }
    const packing = this.row.packing(servingFramework(framework.config).version);
    return packing === 'always' || packing === 'withEntryPoint';
  }

  private variables(script: ScriptConfig | undefined): { [name: string]: string } {
    const { row, props } = this;
    const level = props.logLevel;
    if (row && !row.scriptVariables) { return level === undefined ? {} : { SAGEMAKER_TFS_NGINX_LOGLEVEL: NGINX_LEVELS[level] }; }
    if (!row && !script) {
      if (level !== undefined) { refuse(this.model, 'logLevel', 'come with script or framework', level); }
      return {};
    }
    return {
      SAGEMAKER_PROGRAM: script?.entryPoint ?? props.environment?.SAGEMAKER_PROGRAM ?? '',
      SAGEMAKER_SUBMIT_DIRECTORY: script?.submitDirectory ?? props.environment?.SAGEMAKER_SUBMIT_DIRECTORY ?? '',
      SAGEMAKER_CONTAINER_LOG_LEVEL: String(level ?? ContainerLogLevel.INFO),
      SAGEMAKER_REGION: Stack.of(this.model).region,
      ...(props.modelServerWorkers === undefined ? {} : { SAGEMAKER_MODEL_SERVER_WORKERS: String(props.modelServerWorkers) }),
    };
  }
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
