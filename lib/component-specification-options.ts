import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Duration, Size } from 'aws-cdk-lib/core';
import type { ComponentPlacement } from './component-placement';
import type { ContainerImage } from './container-image';
import type { IModel } from './model';
import type { ModelData } from './model-data';

/** The container of an inference component that is of no model. */
export interface ComponentContainerOptions {
  /**
   * The image that serves. The role of the instances may pull it, where the endpoint and its configuration are of the app.
   *
   * @default - that of the component it adapts; for others it must be given
   */
  readonly image?: ContainerImage;
  /**
   * The artifact: one compressed archive. The role of the instances may read it, where the endpoint and its configuration are of the app.
   *
   * @default - the image has its model inside
   */
  readonly modelData?: ModelData;
  /**
   * Environment variables of the container; at most 100 together with those of `secrets`. A secret is never written here: `secrets` names it.
   *
   * @default - none
   */
  readonly environment?: { [name: string]: string };
  /**
   * Secrets that the container reads, by the environment variable that has the ARN of each. The role of the instances may read them, and use their keys
   * for that, where the endpoint and its configuration are of the app. Not where the configuration has `networkIsolation`, under which a container can't
   * ask Secrets Manager. Names are of variables, and others than in `environment`.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets.html
   */
  readonly secrets?: { [variableName: string]: ISecret };
  /**
   * Where the container answers with metrics for Prometheus, on its port 8080; a path of at most 256 characters. For `detailedObservability` of the configuration.
   *
   * @default - `/metrics`; images of SageMaker know by themselves
   */
  readonly metricsPath?: string;
  /**
   * How often these metrics are published: every 10 or 30 seconds, or 1 to 5 minutes. Comes with `metricsPath`.
   *
   * @default - as the configuration says
   */
  readonly metricsFrequency?: Duration;
}

/** What a copy of an inference component is, and what it needs. */
export interface ComponentSpecificationOptions {
  /**
   * The model, of one container.
   *
   * @default - `container` says what serves; one of both must be given
   */
  readonly model?: IModel;
  /**
   * The container, in place of `model`.
   *
   * @default - that of the model
   */
  readonly container?: ComponentContainerOptions;
  /**
   * The memory that is reserved for each copy, in whole MiB; at least 128 MiB. Must be given, but with `adapterOf`.
   *
   * @default - an adapter has that of its base
   */
  readonly memory?: Size;
  /**
   * The memory that a copy may use at most, in whole MiB.
   *
   * @default - what the instance has
   */
  readonly maxMemory?: Size;
  /**
   * The processors that are reserved for each copy; at least 0.25.
   *
   * @default - none
   */
  readonly cpus?: number;
  /**
   * The accelerators, GPUs or Neuron devices, that are reserved for each copy; at least 1.
   *
   * @default - none
   */
  readonly accelerators?: number;
  /**
   * Longest the download of the artifact to an instance may take; 1 minute to 1 hour.
   *
   * @default - the service decides
   */
  readonly modelDataDownloadTimeout?: Duration;
  /**
   * Longest a container may take until it answers a health check; 1 minute to 1 hour.
   *
   * @default - the service decides
   */
  readonly containerStartupTimeout?: Duration;
  /**
   * Whether artifact and image are kept on each new instance, so that copies start sooner.
   *
   * @default - the service decides
   */
  readonly dataCache?: boolean;
  /**
   * On which instances copies are put.
   *
   * @default - the service decides
   */
  readonly placement?: ComponentPlacement;
}
