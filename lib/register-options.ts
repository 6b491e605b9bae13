import type { TrainedContainerOptions } from './container-options';
import type { IModelPackageGroup } from './model-package-group';
import type { ModelPackageOptions } from './model-package-options';
import type { PackagedContainersOptions } from './model-package-source';

/** How what a job has made becomes a version in the registry. */
export interface RegisterOptions extends ModelPackageOptions, PackagedContainersOptions {
  /** The group that it is a new version in. */
  readonly group: IModelPackageGroup;
  /**
   * What of the container that serves is not taken over of the job, as for `toModel`.
   *
   * @default - all is taken over
   */
  readonly container?: TrainedContainerOptions;
}
