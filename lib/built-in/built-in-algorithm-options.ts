import type { InputMode } from '../channel-options';
import type { ContainerImage } from '../container-image';

/** How an algorithm of Amazon's own is run, whichever it is. */
export interface BuiltInAlgorithmOptions {
  /**
   * How the container gets the data of channels that say nothing themselves.
   *
   * @default InputMode.FILE
   */
  readonly inputMode?: InputMode;
  /**
   * Metrics that the algorithm reports beside those which are known. The algorithm itself defines what they are.
   *
   * @default - those which are known
   */
  readonly metricNames?: string[];
  /**
   * Whether metrics are kept as series over time, for SageMaker's own charts.
   *
   * @default - the service decides
   */
  readonly metricsTimeSeries?: boolean;
  /**
   * Another image of the algorithm, for instance of a version or a Region that is newer than this library.
   *
   * @default - ContainerImage.fromSageMaker by the algorithm's name and version
   */
  readonly image?: ContainerImage;
}
