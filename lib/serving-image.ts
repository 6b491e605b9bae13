import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Lazy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ContainerImageConfig } from './container-image';
import type { FrameworkConfig } from './framework';
import { familyOf, GRAVITON } from './images/instance-family';
import { isToken, refuse } from './request/checks';
import { frameworkRow } from './request/framework-rules';
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
}

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
    this.usual = this.usualImage();
    grantPull(grantee, Lazy.string({ produce: () => this.image.repositoryArn }));
  }

  /** Told what it is put on by a variant. Throws when that needs another image than one before. */
  public servedOn(scope: Construct, prop: string, host: ServingHost): void {
    this.chosenFor(scope, host.isServerless || prop === 'instanceType' ? prop : `${prop}.instanceType`, host);
  }

  private chosenFor(scope: Construct, prop: string, host: ServingHost): void {
    if (isToken(host.instanceType)) { return; }
    const image = this.imageFor(scope, prop, host);
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

  /** There may be none for CPU, which only matters when it is wanted. */
  private usualImage(): SageMakerImage | Error {
    if (this.chosen) { return this.chosen.image; }
    try {
      return this.imageFor(this.scope, 'instanceType', { instanceType: USUAL_INSTANCE });
    } catch (error) {
      return error as Error;
    }
  }

  private imageFor(scope: Construct, prop: string, { instanceType, acceleratorType, isServerless }: ServingHost): SageMakerImage {
    const { name, version, baseVersion, options } = this.framework;
    const shared = name === 'sklearn' || name === 'xgboost';  // one image trains and serves, on whatever instances
    const isGraviton = GRAVITON.families.includes(familyOf(instanceType));
    const image = sageMakerImage(scope, name, {
      version: name === 'tensorflow' ? SERVED_BY[version ?? ''] ?? version : version,
      pyVersion: frameworkRow(this.framework).servesByPython ? options.pyVersion : undefined,
      unlistedVersion: options.unlistedVersion,
      containerVersion: options.containerVersion,
      baseFrameworkVersion: baseVersion,
      instanceType: shared && !isGraviton ? USUAL_INSTANCE : instanceType,
      acceleratorType,
      serverless: isServerless,
      imageScope: shared ? undefined : 'inference',
    }, prop.replace(/\.instanceType$/, ''));
    // of some frameworks there is one image for Graviton, which is of another version than the model
    if (shared && isGraviton && !image.name.includes(`:${version}-`)) { refuse(scope, prop, `be of another kind: there is no image of ${name} ${version} for Graviton`, instanceType); }
    return image;
  }
}
