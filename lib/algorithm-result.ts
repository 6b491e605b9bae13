import type { Construct } from 'constructs';
import type { ContainerImage } from './container-image';
import type { ModelData } from './model-data';
import { ModelPackage, type IModelPackage } from './model-package';
import { refuse } from './request/checks';
import { algorithmModelPackage } from './template/algorithm-model-package';
import { RecordedGrants } from './template/recorded-grants';

/** An algorithm resource, as far as a model of its result must know it. */
export interface ServedAlgorithm {
  readonly algorithmName: string;
  /** One's own algorithm's image, which the role of the model pulls. */
  readonly image?: ContainerImage;
}

const ID = 'ServedPackage';

/** The package of what a job of an algorithm has made, for all models of the job. */
export function resultOfAlgorithm(job: Construct, { algorithmName, image }: ServedAlgorithm, modelData: ModelData, jobName?: string): IModelPackage {
  const existing = job.node.tryFindChild(ID) as IModelPackage | undefined;
  if (existing) { return existing; }
  const { s3Uri, isCompressed } = modelData.bind(job, new RecordedGrants(job));
  if (!isCompressed) { refuse(job, 'toModel: image', 'be given for an artifact that is a folder of files, which a model package of the algorithm can\'t have', undefined); }
  const { attrModelPackageArn } = algorithmModelPackage(job, { algorithmName, modelDataUrl: s3Uri, jobName });
  return ModelPackage.fromModelPackageArn(job, ID, attrModelPackageArn, { image, modelData });
}
