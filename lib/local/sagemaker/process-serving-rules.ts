import type { ContainerDefinition } from '@aws-sdk/client-sagemaker';
import { unsupported } from '../service-error';
import { localImage } from './container';
import type { Machine } from './machine';
import { servingScriptOf } from './script';

/** @throws ServiceError why a container of a model can't be served without a container */
export function checkServedAsProcess(container: ContainerDefinition, machine: Machine): void {
  const image = localImage(machine, container.Image);
  const runsScripts = image === undefined || image.runsScripts;
  if (container.Mode === 'MultiModel' && !runsScripts) {
    throw unsupported(`Mode MultiModel of image ${container.Image}, which has a program of its own: only inference scripts are loaded model by model here`);
  }
  const hasData = container.ModelDataUrl !== undefined || container.ModelDataSource?.S3DataSource?.S3Uri !== undefined;
  if (servingScriptOf(container.Environment) === undefined && !hasData && runsScripts) {
    throw unsupported('process mode serves inference scripts (environment SAGEMAKER_PROGRAM, or code/inference.py in the model\'s data), '
      + `or runs the serve program of an image asset (ContainerImage.fromAsset); image ${container.Image} with none of them needs a container`);
  }
}
