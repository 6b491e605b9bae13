import type { CreateModelInput, CreateTransformJobRequest } from '@aws-sdk/client-sagemaker';
import { unsupported, validationException } from '../service-error';
import { definitionsOf } from './models';
import { PathError } from './record-path';
import { formatOf, RecordProcessing } from './transform-records';
import { checkTags, requireS3Uri } from './training-job-rules';

/**
 * What the service model does not say, and what is not done here. Called before a job exists.
 *
 * @throws ServiceError ValidationException
 */
export function checkTransformJob(request: CreateTransformJobRequest, model: CreateModelInput): void {
  const { TransformInput: input, TransformOutput: output, MaxPayloadInMB: payload = 6, MaxConcurrentTransforms: concurrent = 1 } = request;
  checkTags(request.Tags);
  if (payload * concurrent > LARGEST_LOAD) {
    throw validationException(`MaxConcurrentTransforms * MaxPayloadInMB must be at most ${LARGEST_LOAD}, got ${concurrent} * ${payload}.`);
  }
  const type = input?.DataSource?.S3DataSource?.S3DataType;
  if (type !== 'S3Prefix' && type !== 'ManifestFile') { throw validationException(`S3DataType of TransformInput must be S3Prefix or ManifestFile, got ${type}.`); }
  requireS3Uri('TransformInput.DataSource.S3DataSource.S3Uri', input?.DataSource?.S3DataSource?.S3Uri);
  requireS3Uri('TransformOutput.S3OutputPath', output?.S3OutputPath);
  const split = input?.SplitType ?? 'None';
  if (split !== 'None' && split !== 'Line') { throw unsupported(`SplitType ${split}; use Line or None`); }
  if (request.DataCaptureConfig !== undefined) { throw unsupported('DataCaptureConfig: what is sent and answered is not captured here'); }
  if (definitionsOf(model).some((container) => container.ModelDataSource !== undefined)) { throw validationException('ModelDataSource cannot be used with batch transform; use ModelDataUrl.'); }
  if (model.InferenceExecutionConfig?.Mode === 'Direct') { throw validationException('A model whose containers are invoked directly cannot be used with batch transform.'); }
  if (definitionsOf(model).some((container) => container.Mode === 'MultiModel')) { throw validationException('Multi-model containers cannot be used with batch transform.'); }
  checkProcessing(request);
}

/** What the job runs without, or in another way: its log says so. */
export function leftOutOfTransform(request: CreateTransformJobRequest): string[] {
  const count = request.TransformResources?.InstanceCount ?? 1;
  return [
    ...request.ExperimentConfig === undefined ? [] : ['The local SageMaker runs this job without ExperimentConfig.'],
    ...count === 1 ? [] : [`The local SageMaker transforms on one machine what is for ${count} instances.`],
  ];
}

function checkProcessing({ DataProcessing: processing, TransformInput: input, TransformOutput: output }: CreateTransformJobRequest): void {
  try {
    const { isNone } = RecordProcessing.of(processing);
    if (!isNone && formatOf(input?.ContentType) === undefined) {
      throw validationException(`DataProcessing requires ContentType text/csv, application/json or application/jsonlines, got ${input?.ContentType}.`);
    }
  } catch (error) {
    throw error instanceof PathError ? validationException(`Invalid filter in DataProcessing: ${error.message}.`) : error;
  }
  if (processing?.JoinSource === 'Input' && (input?.SplitType ?? 'None') !== (output?.AssembleWith ?? 'None')) {
    throw validationException('JoinSource Input requires that SplitType and AssembleWith are the same.');
  }
}

/** In MB, of all requests under way at once. */
const LARGEST_LOAD = 100;
