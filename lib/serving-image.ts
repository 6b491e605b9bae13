import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Lazy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ContainerImageConfig } from './container-image';
import type { FrameworkConfig } from './framework';
import { familyOf, GRAVITON } from './images/instance-family';
import { isToken, refuse } from './request/checks';
import { frameworkRow } from './request/framework-rows';
import { sageMakerImage, type SageMakerImage } from './sage-maker-image';
import { grantPull } from './template/execution-role';

/** What a model is served on that is put behind no endpoint of the app. */
const USUAL_INSTANCE = 'ml.m5.xlarge';

/** What a model is put on. */
export interface ServingHost {
  /** None for a serverless variant. */
  readonly instanceType?: string;
  readonly acceleratorType?: string;
  readonly isServerless?: boolean;
  /** A transform job, and no endpoint. */
  readonly isTransform?: boolean;
  /** A variant that has a shadow, or is one. */
  readonly isShadowed?: boolean;
}

/** Frameworks of which one image trains and serves, on whatever instances. */
const SHARED = ['sklearn', 'xgboost'];
/** Patches of TensorFlow whose serving image has another number. */
const SERVED_BY: { readonly [version: string]: string } = { '2.12.0': '2.12.1', '2.16.2': '2.16.1' };

/**
 * SageMaker's image for a framework's models. Which one depends on the kind of instance, which the model learns when
 * it is put behind an endpoint: so the template has it late.
 */
export class ServingImage implements ContainerImageConfig {
  public readonly imageUri = Lazy.string({ produce: () => this.image.imageUri });
  public readonly isInVpc = false;
  public readonly credentialsProvider = undefined;
  private chosen?: { readonly host: string; readonly image: SageMakerImage };
  private readonly usual: SageMakerImage | Error;

  public constructor(private readonly scope: Construct, grantee: IGrantable, private readonly framework: FrameworkConfig, instanceType: string | undefined) {
    if (instanceType !== undefined) { this.chosenFor(scope, 'instanceType', { instanceType }); }
    // there may be none for CPU, which only matters when it is wanted
    this.usual = this.chosen?.image ?? usualServingImage(scope, framework);
    grantPull(grantee, Lazy.string({ produce: () => this.image.repositoryArn }));
    scope.node.addValidation({ validate: () => (this.chosen || !(this.usual instanceof Error) ? [] : [`${this.usual.message} (or give image)`]) });
  }

  /** Told what it is put on by a variant. Throws when that needs another image than one before. */
  public servedOn(scope: Construct, prop: string, host: ServingHost): void {
    this.chosenFor(scope, host.isServerless || prop === 'instanceType' ? prop : `${prop}.instanceType`, host);
  }

  private chosenFor(scope: Construct, prop: string, host: ServingHost): void {
    if (isToken(host.instanceType)) {
      if (!this.chosen && !SHARED.includes(this.framework.name)) { refuse(scope, prop, 'be known at synthesis, since the image follows from it (or give the model instanceType, or an image)', host.instanceType); }
      return;
    }
    const image = servingImage(scope, this.scope, prop, this.framework, host);
    const name = host.isServerless ? 'a serverless variant' : host.instanceType!;
    if (this.chosen && this.chosen.image.name !== image.name) {
      refuse(scope, prop, `be served by the image for ${this.chosen.host}, which was chosen before (${this.chosen.image.name}); another kind of instance needs a model of its own`, name);
    }
    this.chosen ??= { host: name, image };
  }

  private get image(): SageMakerImage {
    if (this.chosen) { return this.chosen.image; }
    if (this.usual instanceof Error) { throw this.usual; }
    return this.usual;
  }
}

/** A framework's image for models on CPU, or why there is none. */
export function usualServingImage(scope: Construct, framework: FrameworkConfig): SageMakerImage | Error {
  try {
    return servingImage(scope, scope, 'instanceType', framework, { instanceType: USUAL_INSTANCE });
  } catch (error) {
    return error as Error;
  }
}

/** The image of a framework on an instance; errors about the instance are the variant's, others the model's. */
function servingImage(scope: Construct, model: Construct, prop: string, framework: FrameworkConfig, { instanceType, acceleratorType, isServerless }: ServingHost): SageMakerImage {
  const { name, version, baseVersion, options } = framework;
  const shared = SHARED.includes(name);
  const isGraviton = GRAVITON.families.includes(familyOf(instanceType));
  const image = sageMakerImage(instanceType === USUAL_INSTANCE ? model : scope, name, {
    version: name === 'tensorflow' ? SERVED_BY[version ?? ''] ?? version : version,
    pyVersion: frameworkRow(framework).servesByPython ? options.pyVersion : undefined,
    unlistedVersion: options.unlistedVersion,
    containerVersion: options.containerVersion,
    baseFrameworkVersion: baseVersion,
    instanceType,
    acceleratorType,
    inferenceTool: name === 'huggingface' && instanceType?.startsWith('ml.inf') ? (instanceType.startsWith('ml.inf1') ? 'neuron' : 'neuronx') : undefined,
    serverless: isServerless,
    imageScope: shared ? undefined : 'inference',
  }, 'framework', prop);
  // of some frameworks there is one image for Graviton, which is of another version than the model
  if (shared && isGraviton && !image.name.includes(`:${version}-`)) { refuse(scope, prop, `be of another kind: there is no image of ${name} ${version} for Graviton`, instanceType); }
  if (image.name.includes('-training')) { refuse(scope, prop, `be of another kind: there is no image of ${name} that serves there (give the model an image)`, instanceType); }
  return image;
}
