import type { CreateProcessingJobRequest, ProcessingInput, ProcessingOutput } from '@aws-sdk/client-sagemaker';
import { unsupported, validationException } from '../service-error';
import { localImage } from './container';
import type { Machine } from './machine';
import { checkTags, MOST_HOSTS, requireS3Uri } from './training-job-rules';

/** What SageMaker takes when MaxRuntimeInSeconds is not given: a day. */
export const DEFAULT_PROCESSING_RUNTIME = 86_400;

/**
 * What the service model does not say, and what can't be done on this machine. Called before a job exists.
 *
 * @throws ServiceError ValidationException
 */
export function checkProcessingJob(request: CreateProcessingJobRequest, machine: Machine): void {
  const inputs = request.ProcessingInputs ?? [];
  const outputs = request.ProcessingOutputConfig?.Outputs ?? [];
  checkTags(request.Tags);
  requireDifferent('input', inputs.map(({ InputName: name }) => name));
  requireDifferent('output', outputs.map(({ OutputName: name }) => name));
  inputs.forEach(checkInput);
  outputs.forEach(checkOutput);
  requireDifferent('LocalPath', [...inputs.map(({ S3Input }) => S3Input?.LocalPath), ...outputs.map(({ S3Output }) => S3Output?.LocalPath)]);
  const count = request.ProcessingResources?.ClusterConfig?.InstanceCount ?? 1;
  if (count > MOST_HOSTS) { throw unsupported(`${count} instances on one machine`); }
  if (machine.containers === undefined) { checkProcessingAsProcess(request, machine); }
}

/**
 * What a process can't do, and a container can.
 *
 * @throws ServiceError ValidationException
 */
export function checkProcessingAsProcess(request: CreateProcessingJobRequest, machine: Machine): void {
  const count = request.ProcessingResources?.ClusterConfig?.InstanceCount ?? 1;
  if (count > 1) { throw unsupported(`${count} instances: process mode has one host, and would not process on several; use InstanceCount 1`); }
  checkProgram(request, machine);
}

/** What the job runs without: its log says so. */
export function leftOutOfProcessing(request: CreateProcessingJobRequest): string[] {
  return request.ExperimentConfig === undefined ? [] : ['The local SageMaker runs this job without ExperimentConfig.'];
}

function checkInput(input: ProcessingInput): void {
  const name = `input ${input.InputName}`;
  if (input.AppManaged === true) { throw unsupported(`AppManaged of ${name}`); }
  if (input.DatasetDefinition !== undefined) { throw unsupported(`DatasetDefinition of ${name}: there is neither Athena nor Redshift here`); }
  const source = input.S3Input;
  if (source === undefined) { throw validationException(`S3Input is required for ${name}.`); }
  checkPath(name, source.LocalPath);
  requireS3Uri(`S3Uri of ${name}`, source.S3Uri);
  if (source.S3CompressionType === 'Gzip' && source.S3InputMode !== 'Pipe') { throw validationException(`S3CompressionType Gzip of ${name} requires S3InputMode Pipe.`); }
  if (source.S3InputMode === 'Pipe') { throw unsupported(`S3InputMode Pipe of ${name}; use File`); }
}

function checkOutput(output: ProcessingOutput): void {
  const name = `output ${output.OutputName}`;
  if (output.AppManaged === true) { throw unsupported(`AppManaged of ${name}`); }
  if (output.FeatureStoreOutput !== undefined) { throw unsupported(`FeatureStoreOutput of ${name}: there is no Feature Store here`); }
  if (output.S3Output === undefined) { throw validationException(`S3Output is required for ${name}.`); }
  checkPath(name, output.S3Output.LocalPath);
  requireS3Uri(`S3Uri of ${name}`, output.S3Output.S3Uri);
}

function checkPath(name: string, path: string | undefined): void {
  if (path === undefined) { throw validationException(`LocalPath is required for ${name}.`); }
  if (!path.startsWith('/opt/ml/processing/') || path.split('/').includes('..')) {
    throw validationException(`LocalPath of ${name} must begin with /opt/ml/processing/, got ${path}`);
  }
}

function checkProgram(request: CreateProcessingJobRequest, machine: Machine): void {
  const { ImageUri: uri, ContainerEntrypoint: entrypoint } = request.AppSpecification ?? {};
  const image = localImage(machine, uri);
  if (entrypoint !== undefined) { return; }
  if (image === undefined) {
    throw unsupported('process mode runs a ContainerEntrypoint, or the entry point of an image asset (ContainerImage.fromAsset); '
      + `image ${uri} with neither of them needs a container`);
  }
  if (image.plan.entrypoint === undefined && image.plan.cmd === undefined) {
    throw unsupported(`an image FROM ${image.plan.base} without ENTRYPOINT or CMD of its own: that of the base is not here; give the job a ContainerEntrypoint`);
  }
}

function requireDifferent(what: string, names: readonly (string | undefined)[]): void {
  const twice = names.find((name, index) => name !== undefined && names.indexOf(name) !== index);
  if (twice !== undefined) { throw validationException(`Duplicate ${what}: ${twice}`); }
}
