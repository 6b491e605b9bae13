import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { matches } from './request/checks';
import { grantHubContent } from './template/execution-role';

/** How a language model is customized. */
export enum CustomizationTechnique {
  /** Supervised fine-tuning. */
  SFT = 'SFT',
  /** Direct preference optimization. */
  DPO = 'DPO',
  /** Reinforcement learning with verifiable rewards. */
  RLVR = 'RLVR',
  /** Reinforcement learning with feedback of a model. */
  RLAIF = 'RLAIF',
}

/** Which parameters are trained. */
export enum ParameterEfficientFineTuning {
  /** Low-rank adapters. */
  LORA = 'LORA',
}

/** How a model is evaluated. */
export enum EvaluationType {
  /** A language model judges it. */
  LLM_AS_JUDGE = 'LLMAJEvaluation',
  /** A scorer of one's own judges it. */
  CUSTOM_SCORER = 'CustomScorerEvaluation',
  /** A benchmark judges it. */
  BENCHMARK = 'BenchmarkEvaluation',
}

/** What every serverless job has. */
export interface ServerlessJobOptions {
  /** The ARN of the model in SageMaker's public hub: `arn:<partition>:sagemaker:<region>:aws:hub-content/SageMakerPublicHub/Model/<name>/<version>`. */
  readonly baseModel: string;
  /**
   * Whether the license of the model is agreed to.
   *
   * @default - nothing is said of a license; a gated model is refused then
   */
  readonly acceptEula?: boolean;
}

/** How a language model is fine-tuned. */
export interface FineTuningOptions extends ServerlessJobOptions {
  /** How it is customized. */
  readonly technique: CustomizationTechnique;
  /**
   * Which parameters are trained.
   *
   * @default - all of them
   */
  readonly peft?: ParameterEfficientFineTuning;
  /**
   * The ARN of what rewards the model: a function, or a prompt of a hub. What the role needs to use it is granted by hand.
   *
   * @default - the technique needs none
   */
  readonly evaluator?: string;
  /**
   * The longest sequence, in thousands of tokens: `1K`, `2K`, `4K`, ... `128K`.
   *
   * @default - the service decides
   */
  readonly sequenceLength?: string;
}

/** How a language model is evaluated. */
export interface EvaluationOptions extends ServerlessJobOptions {
  /** How it is judged. */
  readonly evaluationType: EvaluationType;
  /**
   * The ARN of what judges it: a function, or a prompt of a hub. What the role needs to use it is granted by hand.
   *
   * @default - the type of evaluation needs none
   */
  readonly evaluator?: string;
}

/** A serverless job, ready to be named in a request. */
export interface ServerlessJobConfig {
  /** `FineTuning` or `Evaluation`. */
  readonly jobType: string;
  /** The ARN of the model in the public hub. */
  readonly baseModel: string;
  /**
   * Whether its license is agreed to.
   *
   * @default - nothing is said
   */
  readonly acceptEula?: boolean;
  /**
   * How it is customized.
   *
   * @default - it is evaluated
   */
  readonly technique?: CustomizationTechnique;
  /**
   * Which parameters are trained.
   *
   * @default - all of them
   */
  readonly peft?: ParameterEfficientFineTuning;
  /**
   * How it is judged.
   *
   * @default - it is fine-tuned
   */
  readonly evaluationType?: EvaluationType;
  /**
   * The ARN of what rewards or judges it.
   *
   * @default - none
   */
  readonly evaluator?: string;
  /**
   * The longest sequence.
   *
   * @default - the service decides
   */
  readonly sequenceLength?: string;
}

/**
 * The customization or evaluation of a language model on instances that the service chooses.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ServerlessJobConfig.html
 *
 * @example
 * new TrainingJob(this, 'Tune', {
 *   algorithm: Algorithm.serverless(ServerlessJob.fineTuning({
 *     baseModel: 'arn:aws:sagemaker:us-east-1:aws:hub-content/SageMakerPublicHub/Model/llama-3/1.0.0',
 *     technique: CustomizationTechnique.SFT,
 *     acceptEula: true,
 *   })),
 *   capacity: Capacity.serverless(),
 *   inputs: { train: DataSource.fromConversations(bucket, 'talks/') },
 * });
 */
export class ServerlessJob {
  /** Fine-tunes a model of the public hub. */
  public static fineTuning(options: FineTuningOptions): ServerlessJob {
    return new ServerlessJob({ jobType: 'FineTuning', ...options });
  }

  /** Evaluates a model of the public hub, or one customized from it. */
  public static evaluation(options: EvaluationOptions): ServerlessJob {
    return new ServerlessJob({ jobType: 'Evaluation', ...options });
  }

  private constructor(private readonly config: ServerlessJobConfig) {}

  /** Lets the job look the model up and says what is done with it. */
  public bind(job: Construct, grantee: IGrantable): ServerlessJobConfig {
    matches(job, 'algorithm.baseModel', this.config.baseModel, /^arn:[^:]+:sagemaker:[^:]+:(\d{12}|aws):hub-content\/[^/]+\/Model\/.+$/, 'the ARN of a model of a hub');
    grantHubContent(grantee, this.config.baseModel);
    return this.config;
  }
}
