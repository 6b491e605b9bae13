import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Encryption } from './encryption';
import type { ModelPackageSource } from './model-package-source';
import type { ModelReport } from './model-report';

/** Whether a version may be deployed. */
export enum ModelApprovalStatus {
  /** It may. */
  APPROVED = 'Approved',
  /** It may not. */
  REJECTED = 'Rejected',
  /** Somebody must say so first. */
  PENDING_MANUAL_APPROVAL = 'PendingManualApproval',
}

/** How far the card of a model is. */
export enum ModelCardStatus {
  /** Somebody writes it. */
  DRAFT = 'Draft',
  /** Somebody must look at it. */
  PENDING_REVIEW = 'PendingReview',
  /** It is agreed to. */
  APPROVED = 'Approved',
  /** It holds no longer. */
  ARCHIVED = 'Archived',
}

/** What a model is, for people who decide on it. */
export interface ModelCardOptions {
  /** The card as SageMaker writes it: a document of its schema for model packages, as JSON. */
  readonly content: string;
  /**
   * How far it is.
   *
   * @default ModelCardStatus.DRAFT
   */
  readonly status?: ModelCardStatus;
}

/** Where a version comes from. */
export interface ModelOriginOptions {
  /**
   * The commit of the code.
   *
   * @default - none
   */
  readonly commit?: string;
  /**
   * Where the code is kept.
   *
   * @default - none
   */
  readonly repository?: string;
  /**
   * The project that it belongs to.
   *
   * @default - none
   */
  readonly project?: string;
  /**
   * What made it.
   *
   * @default - the ARN of the training job for `register`, otherwise none
   */
  readonly generatedBy?: string;
}

/** What is measured of a model or its data, and what it should be. */
export interface ModelQualityOptions {
  /**
   * What was measured.
   *
   * @default - none
   */
  readonly statistics?: ModelReport;
  /**
   * What it should be.
   *
   * @default - none
   */
  readonly constraints?: ModelReport;
}

/** How biased a model is. */
export interface ModelBiasOptions {
  /**
   * All of it.
   *
   * @default - none
   */
  readonly report?: ModelReport;
  /**
   * Of the data before training.
   *
   * @default - none
   */
  readonly preTraining?: ModelReport;
  /**
   * Of the model after training.
   *
   * @default - none
   */
  readonly postTraining?: ModelReport;
}

/** What is known of how good a version is. */
export interface ModelMetricsOptions {
  /**
   * How good its answers are.
   *
   * @default - none
   */
  readonly modelQuality?: ModelQualityOptions;
  /**
   * What its data are like.
   *
   * @default - none
   */
  readonly dataQuality?: ModelQualityOptions;
  /**
   * How biased it is.
   *
   * @default - none
   */
  readonly bias?: ModelBiasOptions;
  /**
   * Why it answers as it does.
   *
   * @default - none
   */
  readonly explainability?: ModelReport;
}

/** What bias is measured against. */
export interface BiasBaselineOptions {
  /**
   * How it is measured: the configuration of Clarify.
   *
   * @default - none
   */
  readonly config?: ModelReport;
  /**
   * What it may be in the data before training.
   *
   * @default - none
   */
  readonly preTrainingConstraints?: ModelReport;
  /**
   * What it may be in the model after training.
   *
   * @default - none
   */
  readonly postTrainingConstraints?: ModelReport;
}

/** What explanations are measured against. */
export interface ExplainabilityBaselineOptions {
  /**
   * How they are made: the configuration of Clarify.
   *
   * @default - none
   */
  readonly config?: ModelReport;
  /**
   * What they may be.
   *
   * @default - none
   */
  readonly constraints?: ModelReport;
}

/** What a monitor of a deployed version measures against. */
export interface DriftBaselinesOptions {
  /**
   * How good its answers must be.
   *
   * @default - none
   */
  readonly modelQuality?: ModelQualityOptions;
  /**
   * What its data must be like.
   *
   * @default - none
   */
  readonly dataQuality?: ModelQualityOptions;
  /**
   * How biased it may be.
   *
   * @default - none
   */
  readonly bias?: BiasBaselineOptions;
  /**
   * Why it may answer as it does.
   *
   * @default - none
   */
  readonly explainability?: ExplainabilityBaselineOptions;
}

/** What can be said of every model package. */
export interface ModelPackageOptions {
  /**
   * Whether the version may be deployed. For a package in a group. A change is made in place.
   *
   * @default - ModelApprovalStatus.PENDING_MANUAL_APPROVAL
   */
  readonly approvalStatus?: ModelApprovalStatus;
  /**
   * Why it may or may not; at most 1,024 characters. For a package in a group.
   *
   * @default - none
   */
  readonly approvalDescription?: string;
  /**
   * What is to be known of it; at most 1,024 characters.
   *
   * @default - none
   */
  readonly description?: string;
  /**
   * Data of one's own about it, by name; at most 50 entries. A metric of the training job is one: `{ accuracy: training.metric('accuracy') }`.
   *
   * @default - none
   */
  readonly metadata?: { [name: string]: string };
  /**
   * Where it comes from.
   *
   * @default - the training job for `register`, otherwise none
   */
  readonly origin?: ModelOriginOptions;
  /**
   * The URI of what it was made of; at most 1,024 characters. Not beside containers: SageMaker takes one of the two when a package is made (say it in `metadata`).
   *
   * @default - none
   */
  readonly sourceUri?: string;
  /**
   * What is known of how good it is.
   *
   * @default - nothing
   */
  readonly metrics?: ModelMetricsOptions;
  /**
   * What a monitor of it measures against.
   *
   * @default - nothing
   */
  readonly driftBaselines?: DriftBaselinesOptions;
  /**
   * What it is, for people. For a package in a group.
   *
   * @default - none
   */
  readonly modelCard?: ModelCardOptions;
  /**
   * Other containers of the same model by name, for instance for other instances; at most 15. Made by `ModelPackageSource.containers`.
   *
   * @default - none
   */
  readonly alternatives?: { [name: string]: ModelPackageSource };
  /**
   * The domain of machine learning: `COMPUTER_VISION`, `NATURAL_LANGUAGE_PROCESSING` or `MACHINE_LEARNING`.
   *
   * @default - none
   */
  readonly domain?: string;
  /**
   * What it does, for the Inference Recommender: `IMAGE_CLASSIFICATION`, `FILL_MASK` and others.
   *
   * @default - none
   */
  readonly task?: string;
  /**
   * Requests to try it with, an archive (`.tar.gz`) in S3, for the Inference Recommender.
   *
   * @default - none
   */
  readonly samplePayload?: ModelReport;
  /**
   * The key that the registry keeps its data with. Another one is another version.
   *
   * @default - as `encryption` says, else a key of AWS
   */
  readonly encryptionKey?: IKey;
  /**
   * What the registry keeps its data with, where there is no `encryptionKey`: the key of what is written. Who describes the version, or makes a model of it,
   * must be let decrypt by that key.
   *
   * @default - as the training job, by whose `register` it is; else as `SageMakerDefaults` says, else by a key of AWS
   */
  readonly encryption?: Encryption;
  /**
   * Whether SageMaker takes images and artifacts without looking whether they are there.
   *
   * @default false
   */
  readonly skipValidation?: boolean;
  /**
   * Whether a version stays in the registry when another takes its place in the stack, or the stack is deleted.
   *
   * @default - RemovalPolicy.RETAIN in a group, RemovalPolicy.DESTROY without one
   */
  readonly removalPolicy?: RemovalPolicy;
}
