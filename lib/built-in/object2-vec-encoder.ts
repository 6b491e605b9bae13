import type { BuiltInAlgorithmOptions } from './built-in-algorithm-options';

/**
 * The two encoders of Object2Vec.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/object2vec-hyperparameters.html
 */
export interface Object2VecEncoderOptions extends BuiltInAlgorithmOptions {
  /**
   * The size of the vectors. A whole number from 4 to 10000.
   *
   * @default - the algorithm's own, 4096
   */
  readonly encDim?: number;
  /**
   * Whether both encoders share the embedding of tokens.
   *
   * @default - the algorithm's own, `false`
   */
  readonly tiedTokenEmbeddingWeight?: boolean;
  /**
   * How gradients of embeddings are kept. `dense` or `row_sparse`.
   *
   * @default - the algorithm's own, `dense`
   */
  readonly tokenEmbeddingStorageType?: string;
  /**
   * The kind of the first encoder. `hcnn`, `bilstm` or `pooled_embedding`.
   *
   * @default - the algorithm's own, `hcnn`
   */
  readonly enc0Network?: string;
  /**
   * The kind of the second encoder; `enc0` for the same as the first. `hcnn`, `bilstm`, `pooled_embedding` or `enc0`.
   *
   * @default - the algorithm's own, `enc0`
   */
  readonly enc1Network?: string;
  /**
   * The width of the filter of a first encoder of kind `hcnn`. A whole number from 1 to 9.
   *
   * @default - the algorithm's own, 3
   */
  readonly enc0CnnFilterWidth?: number;
  /**
   * The width of the filter of a second encoder of kind `hcnn`. A whole number from 1 to 9.
   *
   * @default - the algorithm's own, 3
   */
  readonly enc1CnnFilterWidth?: number;
  /**
   * The longest sequence of the second encoder. A whole number from 1 to 5000.
   *
   * @default - that of the first
   */
  readonly enc1MaxSeqLen?: number;
  /**
   * The size of the embedding of a token in the first encoder. A whole number from 2 to 1000.
   *
   * @default - the algorithm's own, 300
   */
  readonly enc0TokenEmbeddingDim?: number;
  /**
   * The size of the embedding of a token in the second encoder. A whole number from 2 to 1000.
   *
   * @default - the algorithm's own, 300
   */
  readonly enc1TokenEmbeddingDim?: number;
  /**
   * How many different tokens the second encoder knows. A whole number from 2 to 3000000.
   *
   * @default - that of the first
   */
  readonly enc1VocabSize?: number;
  /**
   * How many layers the first encoder has. A whole number from 1 to 4.
   *
   * @default - the algorithm's own, `auto`, by its kind
   */
  readonly enc0Layers?: number;
  /**
   * How many layers the second encoder has. A whole number from 1 to 4.
   *
   * @default - the algorithm's own, `auto`, by its kind
   */
  readonly enc1Layers?: number;
  /**
   * Whether embeddings that the first encoder is given stay as they are.
   *
   * @default - the algorithm's own, `true`
   */
  readonly enc0FreezePretrainedEmbedding?: boolean;
  /**
   * Whether embeddings that the second encoder is given stay as they are.
   *
   * @default - the algorithm's own, `true`
   */
  readonly enc1FreezePretrainedEmbedding?: boolean;
}
