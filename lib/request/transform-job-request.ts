import type { CreateTransformJobRequest } from '@aws-sdk/client-sagemaker';
import { Annotations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { BatchDataCaptureConfig } from '../batch-data-capture';
import type { ChosenKey } from '../chosen-keys';
import type { DataSourceConfig } from '../data-source-config';
import { RECORD_PATH } from '../limits/record-path';
import { MOST_PAYLOAD_MB } from '../limits/transform-job';
import { transformJobViolations } from '../limits/transform-job-rules';
import type { OutputLocationConfig } from '../output-location';
import type { TransformJobProps } from '../transform-job-props';
import { isToken, matches, wholeMebibytes, wholeSeconds } from './checks';
import { warnOfInstanceTypes } from './instance-type-warnings';
import { definedMembers, nonEmpty } from './members';
import { TRANSFORM_JOB_SHAPE, withOverrides } from './overrides';
import { doubleSlash, refuseViolation, type PropTable } from './request-violations';
import { warnOfSecretValues } from './secret-values';
import { JOB_NAME } from './training-job-hyperparameters';
import { experimentConfig } from './training-job-monitoring';
import KNOWN_TYPES from './transform-instance-types.json';

/** What the props of a transform job are bound to. */
export interface BoundTransformJob {
  readonly modelName: string;
  /** What the model's answers hang on; not known of a model that was made elsewhere. */
  readonly modelContent?: { readonly [member: string]: unknown };
  readonly input: DataSourceConfig;
  readonly output: OutputLocationConfig;
  readonly dataCapture?: BatchDataCaptureConfig;
  /** The key of the storage of the instances. */
  readonly volumeKey?: ChosenKey;
}

type Request = Omit<CreateTransformJobRequest, 'TransformJobName'>;

/** The request, and what stands for its addresses in the run key. */
export interface TransformJobRequest {
  readonly request: Request;
  readonly content: { readonly [path: string]: unknown };
}

/** The folder of each run, whose name the handler fills in: two runs never write to one place. */
export const OUTPUT_PATH = 'TransformOutput.S3OutputPath';
const INPUT_URI = 'TransformInput.DataSource.S3DataSource.S3Uri';

/** Where a run writes. */
export function outputPath({ bucket, prefix }: OutputLocationConfig, jobName: string): string {
  return `s3://${bucket.bucketName}/${prefix === '' ? '' : `${prefix}/`}${jobName}`;
}

/** Props -> what SageMaker is asked. Members are there when they say something: what is off is not sent. */
export function transformJobRequest(scope: IConstruct, props: TransformJobProps, bound: BoundTransformJob): TransformJobRequest {
  const made: Request = {
    ModelName: bound.modelName,
    MaxConcurrentTransforms: props.maxConcurrentTransforms,
    ModelClientConfig: modelClientConfig(scope, props),
    MaxPayloadInMB: props.maxPayload && wholeMebibytes(scope, 'maxPayload', props.maxPayload),
    BatchStrategy: props.strategy,
    Environment: nonEmpty({ ...props.environment }),
    TransformInput: {
      DataSource: { S3DataSource: { S3DataType: bound.input.s3DataType ?? 'S3Prefix', S3Uri: bound.input.s3Uri } },
      ContentType: bound.input.options.contentType,
      CompressionType: bound.input.options.compression,
      SplitType: props.splitType,
    },
    TransformOutput: {
      S3OutputPath: outputPath(bound.output, JOB_NAME),
      Accept: props.accept,
      AssembleWith: props.assembleWith,
      KmsKeyId: bound.output.options.encryptionKey?.keyArn,
    },
    DataCaptureConfig: bound.dataCapture && {
      DestinationS3Uri: bound.dataCapture.s3Uri,
      KmsKeyId: bound.dataCapture.options.encryptionKey?.keyArn,
      GenerateInferenceId: bound.dataCapture.options.generateInferenceId,
    },
    TransformResources: {
      InstanceType: props.instanceType as NonNullable<Request['TransformResources']>['InstanceType'],
      InstanceCount: props.instanceCount ?? 1,
      VolumeKmsKeyId: bound.volumeKey?.key.keyArn,
      TransformAmiVersion: props.amiVersion,
    },
    DataProcessing: nonEmpty(definedMembers({ InputFilter: props.inputFilter, OutputFilter: props.outputFilter, JoinSource: props.joinSource })),
    ExperimentConfig: experimentConfig(props.experiment),
  };
  const request = withOverrides(scope, TRANSFORM_JOB_SHAPE, made, props.overrides);
  checkFilters(scope, props);
  const violation = transformJobViolations(request, isToken)[0] ?? doubleSlash(request);
  if (violation) { refuseViolation(scope, PROPS, request, props.overrides, violation); }
  warnOfRisks(scope, request);
  warnOfSecretValues(scope, request, 'secrets of the model');
  return { request, content: contentOf(request, made, bound) };
}

function modelClientConfig(scope: IConstruct, { invocationTimeout, maxInvocationRetries }: TransformJobProps): Request['ModelClientConfig'] {
  return nonEmpty(definedMembers({
    InvocationsTimeoutInSeconds: invocationTimeout && wholeSeconds(scope, 'invocationTimeout', invocationTimeout),
    InvocationsMaxRetries: maxInvocationRetries,
  }));
}

/** What the addresses in the request hold, as far as it is known. An address that an override replaced holds something else. */
function contentOf(request: Request, made: Request, { modelContent, input }: BoundTransformJob): { [path: string]: unknown } {
  const isSame = request.TransformInput?.DataSource?.S3DataSource?.S3Uri === made.TransformInput?.DataSource?.S3DataSource?.S3Uri;
  return definedMembers({ ModelName: modelContent, [INPUT_URI]: isSame ? input.contentHash : undefined });
}

/** What SageMaker is documented to refuse, and what nobody has seen it refuse. */
function warnOfRisks(scope: IConstruct, { TransformResources: resources, TransformInput: input, TransformOutput: output, DataProcessing: paths, ...rest }: Request): void {
  const type = resources?.InstanceType;
  if (type !== undefined && !isToken(type)) { warnOfInstanceTypes(scope, [type], KNOWN_TYPES, resources?.VolumeKmsKeyId !== undefined); }
  const warn = (id: string, text: string) => Annotations.of(scope).addWarningV2(`cdk-sagemaker:${id}`, text);
  const isWhole = input?.SplitType === undefined || input.SplitType === 'None';
  if (rest.BatchStrategy === 'MultiRecord' && isWhole) { warn('batchesOfWholeObjects', 'strategy MULTI_RECORD puts several records into a request, and without splitType an object is one record'); }
  if (rest.MaxPayloadInMB === undefined && !isToken(rest.MaxConcurrentTransforms) && (rest.MaxConcurrentTransforms ?? 0) * USUAL_PAYLOAD_MB > MOST_PAYLOAD_MB) {
    warn('payloadOfAllRequests', `${rest.MaxConcurrentTransforms} requests at once of ${USUAL_PAYLOAD_MB} MiB, which is what they have unless the model says otherwise, are more than the ${MOST_PAYLOAD_MB} MiB that all have together; give maxPayload`);
  }
  if (paths && input?.ContentType === undefined) { warn('filterOfUnknownType', 'filters and joins are of CSV and JSON, which the contentType of the input says'); }
  if (paths?.JoinSource === 'Input' && /^text\/csv\b/.test(input?.ContentType ?? '') && (input?.SplitType !== 'Line' || output?.AssembleWith !== 'Line')) {
    warn('joinOfWholeObjects', 'CSV is joined line by line: splitType and assembleWith are lines then');
  }
}

const USUAL_PAYLOAD_MB = 6;

/** Filters are paths of the kind that batch transform has; what is none ends the synthesis, not the job. */
function checkFilters(scope: IConstruct, { inputFilter, outputFilter }: TransformJobProps): void {
  for (const [prop, path] of Object.entries({ inputFilter, outputFilter })) { matches(scope, prop, path, RECORD_PATH, 'a JSONPath such as $, $.name, $[\'name\'] or $[0,2:]'); }
}

/** Member -> prop. */
export const PROPS: PropTable = {
  'ModelName': 'model',
  'MaxConcurrentTransforms': 'maxConcurrentTransforms',
  'ModelClientConfig.InvocationsTimeoutInSeconds': 'invocationTimeout',
  'ModelClientConfig.InvocationsMaxRetries': 'maxInvocationRetries',
  'MaxPayloadInMB': 'maxPayload',
  'BatchStrategy': 'strategy',
  'Environment': 'environment*',
  'TransformInput': 'input',
  'TransformInput.DataSource.S3DataSource.S3DataType': 'input: the type of the data',
  'TransformInput.DataSource.S3DataSource.S3Uri': 'input: the URI',
  'TransformInput.ContentType': 'input.contentType',
  'TransformInput.CompressionType': 'input.compression',
  'TransformInput.SplitType': 'splitType',
  'TransformOutput': 'output',
  'TransformOutput.Accept': 'accept',
  'TransformOutput.AssembleWith': 'assembleWith',
  'TransformOutput.KmsKeyId': 'output.encryptionKey',
  'DataCaptureConfig': 'dataCapture',
  'DataCaptureConfig.KmsKeyId': 'dataCapture.encryptionKey',
  'DataCaptureConfig.GenerateInferenceId': 'dataCapture.generateInferenceId',
  'TransformResources.InstanceType': 'instanceType',
  'TransformResources.InstanceCount': 'instanceCount',
  'TransformResources.VolumeKmsKeyId': 'volumeKey',
  'TransformResources.TransformAmiVersion': 'amiVersion',
  'DataProcessing.InputFilter': 'inputFilter',
  'DataProcessing.OutputFilter': 'outputFilter',
  'DataProcessing.JoinSource': 'joinSource',
  'ExperimentConfig.ExperimentName': 'experiment.experimentName',
  'ExperimentConfig.TrialName': 'experiment.trialName',
  'ExperimentConfig.TrialComponentDisplayName': 'experiment.trialComponentDisplayName',
  'ExperimentConfig.RunName': 'experiment.runName',
};
