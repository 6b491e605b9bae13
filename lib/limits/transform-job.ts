import type { Constraint, Limits } from './constraints';
import { EXPERIMENT, INSTANCE_TYPE, KEY, TAGS, URI, WORD } from './training-job';

/** Megabytes of all requests that are on their way at once to one instance. */
export const MOST_PAYLOAD_MB = 100;
const JSON_PATH: Constraint = { length: [0, 63], pattern: /^\$/, words: 'a JSONPath, which begins with $' };

/**
 * What CreateTransformJob takes, member by member. Where the service's model is weaker than its prose, the prose holds.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTransformJob.html
 */
export const TRANSFORM_JOB_LIMITS: Limits = {
  '': { required: ['ModelName', 'TransformInput', 'TransformOutput', 'TransformResources'] },
  'TransformJobName': { pattern: /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/, words: '1 to 63 letters, digits and dashes, with no dash at either end' },
  'ModelName': { pattern: /^[a-zA-Z0-9]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/, words: 'the name of a model: 1 to 63 letters, digits and dashes' },
  'MaxConcurrentTransforms': { range: [0, 2_147_483_647] },
  'ModelClientConfig.InvocationsTimeoutInSeconds': { seconds: [1, 3600] },
  'ModelClientConfig.InvocationsMaxRetries': { range: [0, 3] },
  'MaxPayloadInMB': { range: [0, MOST_PAYLOAD_MB], unit: 'MB' },
  'BatchStrategy': { oneOf: ['MultiRecord', 'SingleRecord'] },
  'Environment': { count: [0, 16] },
  'Environment{name}': { pattern: /^[a-zA-Z_][a-zA-Z0-9_]{0,1023}$/, words: 'of 1 to 1024 letters, digits and underscores, without a digit first' },
  'Environment{}': { length: [0, 10_240] },
  'TransformInput': { required: ['DataSource'] },
  'TransformInput.DataSource': { required: ['S3DataSource'] },
  'TransformInput.DataSource.S3DataSource': { required: ['S3DataType', 'S3Uri'] },
  // the service's model has more types, and its prose says that transform jobs take these
  'TransformInput.DataSource.S3DataSource.S3DataType': { oneOf: ['ManifestFile', 'S3Prefix'] },
  'TransformInput.DataSource.S3DataSource.S3Uri': URI,
  'TransformInput.ContentType': WORD,
  'TransformInput.CompressionType': { oneOf: ['None', 'Gzip'] },
  'TransformInput.SplitType': { oneOf: ['None', 'Line', 'RecordIO', 'TFRecord'] },
  'TransformOutput': { required: ['S3OutputPath'] },
  'TransformOutput.S3OutputPath': URI,
  'TransformOutput.Accept': WORD,
  'TransformOutput.AssembleWith': { oneOf: ['None', 'Line'] },
  'TransformOutput.KmsKeyId': KEY,
  'DataCaptureConfig': { required: ['DestinationS3Uri'] },
  'DataCaptureConfig.DestinationS3Uri': URI,
  'DataCaptureConfig.KmsKeyId': KEY,
  'TransformResources': { required: ['InstanceType', 'InstanceCount'] },
  'TransformResources.InstanceType': INSTANCE_TYPE,
  'TransformResources.InstanceCount': { range: [1, 100] },
  'TransformResources.VolumeKmsKeyId': KEY,
  'TransformResources.TransformAmiVersion': { length: [1, 63], pattern: /^[a-zA-Z0-9]+(-[a-zA-Z0-9]+)*$/, words: 'the name of an image of machines, of letters, digits and single dashes' },
  'DataProcessing.InputFilter': JSON_PATH,
  'DataProcessing.OutputFilter': JSON_PATH,
  'DataProcessing.JoinSource': { oneOf: ['Input', 'None'] },
  ...TAGS,
  ...EXPERIMENT,
};
