import type { BuiltInAlgorithmOptions } from './built-in-algorithm-options';

/**
 * The network of Seq2Seq.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/seq-2-seq-hyperparameters.html
 */
export interface Seq2SeqNetworkOptions extends BuiltInAlgorithmOptions {
  /**
   * The kind of the encoder. `rnn` or `cnn`.
   *
   * @default - the algorithm's own, `rnn`
   */
  readonly encoderType?: string;
  /**
   * The kind of the decoder. `rnn` or `cnn`.
   *
   * @default - the algorithm's own, `rnn`
   */
  readonly decoderType?: string;
  /**
   * How many layers the encoder has. A whole number, at least 1.
   *
   * @default - the algorithm's own, 1
   */
  readonly numLayersEncoder?: number;
  /**
   * How many layers the decoder has. A whole number, at least 1.
   *
   * @default - the algorithm's own, 1
   */
  readonly numLayersDecoder?: number;
  /**
   * The size of the vector of a token of the source. A whole number, at least 1.
   *
   * @default - the algorithm's own, 512
   */
  readonly numEmbedSource?: number;
  /**
   * The size of the vector of a token of the target. A whole number, at least 1.
   *
   * @default - the algorithm's own, 512
   */
  readonly numEmbedTarget?: number;
  /**
   * The share of the vectors of the source that is dropped. A number from 0 to 1.
   *
   * @default - the algorithm's own, 0
   */
  readonly embedDropoutSource?: number;
  /**
   * The share of the vectors of the target that is dropped. A number from 0 to 1.
   *
   * @default - the algorithm's own, 0
   */
  readonly embedDropoutTarget?: number;
  /**
   * The longest sequence of the source. A whole number, at least 1.
   *
   * @default - the algorithm's own, 100
   */
  readonly maxSeqLenSource?: number;
  /**
   * The longest sequence of the target. A whole number, at least 1.
   *
   * @default - the algorithm's own, 100
   */
  readonly maxSeqLenTarget?: number;
  /**
   * The activation of `cnn`. `glu`, `relu`, `softrelu`, `sigmoid` or `tanh`.
   *
   * @default - the algorithm's own, `glu`
   */
  readonly cnnActivationType?: string;
  /**
   * The share that is dropped between layers of `cnn`. A number from 0 to 1.
   *
   * @default - the algorithm's own, 0
   */
  readonly cnnHiddenDropout?: number;
  /**
   * The width of the kernel of a `cnn` encoder. A whole number, at least 1.
   *
   * @default - the algorithm's own, 3
   */
  readonly cnnKernelWidthEncoder?: number;
  /**
   * The width of the kernel of a `cnn` decoder. A whole number, at least 1.
   *
   * @default - the algorithm's own, 5
   */
  readonly cnnKernelWidthDecoder?: number;
  /**
   * How many hidden units `cnn` has. A whole number, at least 1.
   *
   * @default - the algorithm's own, 512
   */
  readonly cnnNumHidden?: number;
  /**
   * Whether upper layers of `rnn` get the attention.
   *
   * @default - the algorithm's own, `true`
   */
  readonly rnnAttentionInUpperLayers?: boolean;
  /**
   * How many hidden units the attention has. A whole number, at least 1.
   *
   * @default - the algorithm's own, `rnnNumHidden`
   */
  readonly rnnAttentionNumHidden?: number;
  /**
   * The kind of the attention. `dot`, `fixed`, `mlp` or `bilinear`.
   *
   * @default - the algorithm's own, `mlp`
   */
  readonly rnnAttentionType?: string;
  /**
   * The kind of the cells. `lstm` or `gru`.
   *
   * @default - the algorithm's own, `lstm`
   */
  readonly rnnCellType?: string;
  /**
   * What the decoder begins with. `last`, `avg` or `zero`.
   *
   * @default - the algorithm's own, `last`
   */
  readonly rnnDecoderStateInit?: string;
  /**
   * The share of the decoder's state that is dropped. A number from 0 to 1.
   *
   * @default - the algorithm's own, 0
   */
  readonly rnnDecoderHiddenDropout?: number;
  /**
   * From which layer on there are residual connections. A whole number, at least 1.
   *
   * @default - the algorithm's own, 2
   */
  readonly rnnFirstResidualLayer?: number;
  /**
   * How many hidden units `rnn` has; an even number. A whole number, at least 2.
   *
   * @default - the algorithm's own, 1024
   */
  readonly rnnNumHidden?: number;
  /**
   * Whether there are residual connections.
   *
   * @default - the algorithm's own, `false`
   */
  readonly rnnResidualConnections?: boolean;
  /**
   * The scale of the first weights.
   *
   * @default - the algorithm's own, 2.34
   */
  readonly weightInitScale?: number;
  /**
   * How weights begin. `uniform` or `xavier`.
   *
   * @default - the algorithm's own, `xavier`
   */
  readonly weightInitType?: string;
  /**
   * The factor of `xavier`. `in`, `out` or `avg`.
   *
   * @default - the algorithm's own, `in`
   */
  readonly xavierFactorType?: string;
}
