import { Unexpressible } from './unexpressible';
import { call, literal, object, optional, type Code } from './code';
import { bucket, key, placeOf } from './elsewhere';
import { Parts } from './parts';
import { adoption, experimentCode, prepared, refuseDifferent, tagStatements, withoutTime, type Defaults } from './prepared';
import type { Program } from './program';
import { isEmpty, overridesFor, type Tree } from './tree';
import { duration, mebibytes, member, told } from './values';

/** Members that other props decide. */
const FIXED = ['ModelName', 'TransformOutput.S3OutputPath', 'TransformOutput.KmsKeyId'];

const DEFAULTS: Defaults = {};

/** The construct of a transform job. @param model the constant of its model @returns its constant */
export function transformJob(program: Program, request: Tree, model: (modelName: string) => Code, isAdopted: boolean): string {
  const jobName = request.TransformJobName as string | undefined;
  const { wanted, otherwise } = prepared(program, request, ['TransformJobName', 'Tags'], DEFAULTS, () => false);
  const parts = new Parts();
  const { TransformInput: input = {}, TransformOutput: output = {}, TransformResources: resources = {}, DataProcessing: processing = {}, ModelClientConfig: client = {} } = wanted;
  parts.say('model', model(wanted.ModelName), { ModelName: wanted.ModelName });
  batchInput(program, parts, input);
  const path = outputOf(program, parts, output, jobName);
  parts.say('splitType', member('SplitType', input.SplitType), { TransformInput: { SplitType: told('SplitType', input.SplitType) } });
  parts.say('assembleWith', member('AssembleWith', output.AssembleWith), { TransformOutput: { AssembleWith: told('AssembleWith', output.AssembleWith) } });
  parts.say('accept', optional(output.Accept), { TransformOutput: { Accept: output.Accept } });
  parts.say('instanceType', literal(resources.InstanceType), { TransformResources: { InstanceType: resources.InstanceType } });
  if (resources.InstanceCount !== 1) { parts.say('instanceCount', optional(resources.InstanceCount)); }
  const volumeKey = key(program, resources.VolumeKmsKeyId);
  parts.say('volumeKey', volumeKey?.code);
  parts.say('amiVersion', optional(resources.TransformAmiVersion));
  parts.makes({ TransformResources: { InstanceCount: resources.InstanceCount ?? 1, VolumeKmsKeyId: volumeKey?.arn, TransformAmiVersion: resources.TransformAmiVersion } });
  parts.say('strategy', member('BatchStrategy', wanted.BatchStrategy), { BatchStrategy: wanted.BatchStrategy });
  parts.say('maxPayload', wanted.MaxPayloadInMB === 0 ? call('Size.mebibytes', literal(0)) : mebibytes(wanted.MaxPayloadInMB), { MaxPayloadInMB: wanted.MaxPayloadInMB });
  parts.say('maxConcurrentTransforms', optional(wanted.MaxConcurrentTransforms), { MaxConcurrentTransforms: wanted.MaxConcurrentTransforms });
  if (!isEmpty(wanted.Environment)) { parts.say('environment', literal(wanted.Environment), { Environment: wanted.Environment }); }
  parts.say('inputFilter', optional(processing.InputFilter), { DataProcessing: { InputFilter: processing.InputFilter } });
  parts.say('outputFilter', optional(processing.OutputFilter), { DataProcessing: { OutputFilter: processing.OutputFilter } });
  parts.say('joinSource', member('JoinSource', processing.JoinSource), { DataProcessing: { JoinSource: told('JoinSource', processing.JoinSource) } });
  dataCapture(program, parts, wanted.DataCaptureConfig);
  parts.say('invocationTimeout', duration(client.InvocationsTimeoutInSeconds), { ModelClientConfig: { InvocationsTimeoutInSeconds: client.InvocationsTimeoutInSeconds } });
  parts.say('maxInvocationRetries', optional(client.InvocationsMaxRetries), { ModelClientConfig: { InvocationsMaxRetries: client.InvocationsMaxRetries } });
  parts.say('experiment', experimentCode(wanted.ExperimentConfig), { ExperimentConfig: wanted.ExperimentConfig });
  const { overrides, different } = overridesFor({ ...wanted, TransformOutput: { ...output, S3OutputPath: path.made } }, parts.made, FIXED);
  refuseDifferent(different);
  if (overrides) { parts.say('overrides', literal(overrides)); }
  if (isAdopted && jobName !== undefined) { parts.say('adopt', adoption(jobName, [...otherwise, 'TransformOutput.S3OutputPath'])); }
  const constant = program.construct('TransformJob', withoutTime(jobName ?? 'Transform'), 'Transform', object(parts.props));
  tagStatements(program, constant, request.Tags);
  return constant;
}

function batchInput(program: Program, parts: Parts, input: Tree): void {
  const { S3DataType, S3Uri } = input.DataSource?.S3DataSource ?? {};
  const place = placeOf(S3Uri);
  const compression = told('InputCompression', input.CompressionType);
  const options = { contentType: optional(input.ContentType), compression: member('InputCompression', compression) };
  const folder = place?.prefix.replace(/[^/]*$/, '') ?? '';
  if (!place) { throw new Unexpressible(`TransformInput.DataSource.S3DataSource.S3Uri: ${String(S3Uri)} is no place in S3`); }
  const isManifest = S3DataType === 'ManifestFile' && place.prefix !== '';
  if (isManifest) { program.note(`dataPrefix of ${S3Uri}: the request doesn't say where the objects lie that the manifest names; the manifest's own folder is taken for it`); }
  const code = isManifest
    ? call('DataSource.fromManifest', bucket(program, place.bucket), literal(place.prefix), object({ dataPrefix: literal(folder), ...options }))
    : place.hasSlash
      ? call('DataSource.fromBucket', bucket(program, place.bucket), place.prefix === '' && !object(options) ? undefined : literal(place.prefix), object(options))
      : call('DataSource.fromS3Uri', literal(S3Uri), object(options));
  parts.say('input', code, { TransformInput: { DataSource: { S3DataSource: { S3DataType: isManifest ? 'ManifestFile' : 'S3Prefix', S3Uri } }, ContentType: input.ContentType, CompressionType: compression } });
}

/** A job writes to a folder of its own, called like the job, below what is said. */
function outputOf(program: Program, parts: Parts, output: Tree, jobName: string | undefined): { readonly made: string } {
  const place = placeOf(output.S3OutputPath);
  if (!place) { throw new Unexpressible(`TransformOutput.S3OutputPath: ${String(output.S3OutputPath)} is no place in S3 that the library can write to (s3://bucket/prefix)`); }
  const isOwn = jobName !== undefined && (place.prefix === jobName || place.prefix.endsWith(`/${jobName}`));
  const prefix = (isOwn ? place.prefix.slice(0, -jobName.length) : place.prefix).replace(/\/+$/, '');
  if (!isOwn) { program.note(`TransformOutput.S3OutputPath: each run writes to a folder of its own below ${output.S3OutputPath}, so that none overwrites what another has written`); }
  const outputKey = key(program, output.KmsKeyId);
  const made = `s3://${place.bucket}/${prefix === '' ? '' : `${prefix}/`}{JobName}`;
  const options = object({ encryptionKey: outputKey?.code });
  parts.say('output', call('OutputLocation.fromBucket', bucket(program, place.bucket), prefix === '' && !options ? undefined : literal(prefix), options), { TransformOutput: { S3OutputPath: made, KmsKeyId: outputKey?.arn } });
  return { made };
}

function dataCapture(program: Program, parts: Parts, capture: Tree | undefined): void {
  const place = placeOf(capture?.DestinationS3Uri);
  if (!capture || !place || (place.hasSlash && place.prefix === '')) { return; }
  const captureKey = key(program, capture.KmsKeyId);
  const options = object({ encryptionKey: captureKey?.code, generateInferenceId: optional(capture.GenerateInferenceId) });
  parts.say('dataCapture', call('BatchDataCapture.toBucket', bucket(program, place.bucket), place.prefix === '' && !options ? undefined : literal(place.prefix), options),
    { DataCaptureConfig: { DestinationS3Uri: capture.DestinationS3Uri, KmsKeyId: captureKey?.arn, GenerateInferenceId: capture.GenerateInferenceId } });
}
