import type { IGrantable, IRole } from 'aws-cdk-lib/aws-iam';
import type { Construct, IDependable } from 'constructs';
import { batchData } from './batch-data';
import type { BatchDataCaptureConfig } from './batch-data-capture';
import { encryptedOutput, outputKeyOf, volumeKeyOf } from './chosen-keys';
import type { Model } from './model';
import { OutputLocation } from './output-location';
import { refuse } from './request/checks';
import { OUTPUT_PATH, transformJobRequest, type BoundTransformJob } from './request/transform-job-request';
import type { RetrainingJob } from './retraining-job';
import { grantJobLogs, grantVolumeKey, policiesOf } from './template/execution-role';
import { granteeFor, reachedFrom } from './template/granted';
import { namePrefix } from './template/names';
import { RecordedGrants, warnOfUnknownRole } from './template/recorded-grants';
import type { TransformJobProps } from './transform-job-props';

/** A transform job as it is whoever launches it: a deployment, or a workflow. */
export interface TransformJobDefinition {
  readonly bound: BoundTransformJob;
  readonly rendered: ReturnType<typeof transformJobRequest>;
  readonly dependencies: IDependable[];
  readonly volumeKeys?: string[];
}

export function transformJobDefinition(job: Construct, props: TransformJobProps): TransformJobDefinition {
  const role = roleOf(job, props);
  const bound = boundTransformJob(job, props, role);
  return {
    bound, rendered: transformJobRequest(job, props, bound),
    dependencies: [...(role ? [policiesOf(role)] : []), ...bound.input.dependencies ?? []],
    volumeKeys: bound.volumeKey && [bound.volumeKey.key.keyArn],
  };
}

/** The same, for a workflow to launch. Nothing limits how long it runs. */
export function retrainingOfTransform(job: Construct, { rendered, dependencies, volumeKeys }: TransformJobDefinition): RetrainingJob {
  return {
    kind: 'TransformJob', scope: job, namePrefix: namePrefix(job), request: rendered.request as { [member: string]: unknown }, jobNameIn: [OUTPUT_PATH], roles: [],
    metricNames: [], acceptTimeLimit: false, longestSeconds: Number.NaN, dependencies, volumeKeys: volumeKeys ?? [],
  };
}

/** Everything the request names, granted to the model's role. */
function boundTransformJob(job: Construct, props: TransformJobProps, role: IRole | undefined): BoundTransformJob {
  const unknown = role ? undefined : new RecordedGrants(job);
  const grantee = (prop: string): IGrantable => granteeFor(job, prop, role ?? unknown!);
  const model = props.model as Partial<Model>;
  model._servedOn?.(job, 'instanceType', { instanceType: props.instanceType, isTransform: true });
  grantJobLogs(grantee('model'), job, 'TransformJobs');
  const volumeKey = volumeKeyOf(job, props.volumeKey && { key: props.volumeKey, prop: 'volumeKey' }, props.encryption, [props.instanceType]);
  if (volumeKey) { grantVolumeKey(grantee(volumeKey.prop), volumeKey.key); }
  const input = batchData(job, 'input', props.input, grantee('input'), 'transform', ['contentType', 'compression']);
  const place = (props.output ?? OutputLocation.stackBucket()).bind(job, grantee('output'));
  if (place.options.compression !== undefined) { refuse(job, 'output.compression', 'be left out: answers are written as they come', place.options.compression); }
  const output = encryptedOutput(job, props.encryption, place, role ?? unknown!);
  const dataCapture = props.dataCapture && encryptedCapture(job, props.dataCapture.bind(job, grantee('dataCapture')), props, role ?? unknown!);
  if (unknown) { warnOfUnknownRole(job, unknown, 'the input, the output and the log'); }
  return { modelName: props.model.modelName, modelContent: model._content, input, output, dataCapture, volumeKey };
}

function encryptedCapture(job: Construct, capture: BatchDataCaptureConfig, { encryption }: TransformJobProps, grantee: IGrantable): BatchDataCaptureConfig {
  return { ...capture, options: { ...capture.options, encryptionKey: capture.options.encryptionKey ?? outputKeyOf(job, encryption, capture.s3Uri, [grantee]) } };
}

/** The role that the model's containers have, where it is known. */
function roleOf(job: Construct, { model }: TransformJobProps): IRole | undefined {
  const { role } = model as Partial<Model>;
  return role && reachedFrom(job, 'ModelRole', role);
}
