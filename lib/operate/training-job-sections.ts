import type { Channel, DescribeTrainingJobResponse, ResourceConfig } from '@aws-sdk/client-sagemaker';
import type { Section } from './job-kind';
import { section, sortedRows } from './sections';

/** The members of a training job that a training job definition of a tuning job has too. */
export type TrainingMembers = Partial<DescribeTrainingJobResponse>;

/** What `describe` shows of a training job alone. */
export function trainingJobSections(job: TrainingMembers): Section[] {
  const algorithm = job.AlgorithmSpecification;
  return [
    section('instances', job.ServerlessJobConfig !== undefined ? [['serverless']] : instanceRows(job.ResourceConfig, job.EnableManagedSpotTraining === true)),
    section('limits', [[limits(job.StoppingCondition)]]),
    section('image', [[algorithm?.TrainingImage], [algorithm?.AlgorithmName]]),
    section('tuning job', [[job.TuningJobArn?.split('/')[1]]]),
    section('role', [[job.RoleArn]]),
    section('network', [[job.VpcConfig === undefined ? undefined : `subnets ${(job.VpcConfig.Subnets ?? []).join(', ')}`], [job.EnableNetworkIsolation === true ? 'isolated' : undefined]]),
    section('inputs', (job.InputDataConfig ?? []).map((channel) => [channel.ChannelName, sourceOf(channel)])),
    section('output', [[job.OutputDataConfig?.S3OutputPath]]),
    section('checkpoints', [[job.CheckpointConfig?.S3Uri]]),
    section('artifact', [[job.ModelArtifacts?.S3ModelArtifacts || undefined]]),
    section('hyperparameters', sortedRows(job.HyperParameters)),
    section('environment', sortedRows(job.Environment)),
    section('metrics', (job.FinalMetricDataList ?? []).map(({ MetricName, Value }) => [MetricName, String(Value)])),
  ];
}

function instanceRows(resources: ResourceConfig | undefined, isSpot: boolean): string[][] {
  if (resources === undefined) { return []; }
  const { InstanceGroups: groups = [], InstancePreferences: preferences = [], VolumeSizeInGB: volume, KeepAlivePeriodInSeconds: keepAlive } = resources;
  const more = [isSpot ? 'managed spot' : 'on demand', ...volume === undefined ? [] : [`${volume} GB`], ...keepAlive === undefined ? [] : [`kept alive for ${keepAlive} s`]].join(', ');
  if (groups.length > 0) { return groups.map(({ InstanceCount, InstanceType, InstanceGroupName }) => [`${InstanceCount} x ${InstanceType}`, `group ${InstanceGroupName}, ${more}`]); }
  const type = resources.SelectedInstanceType ?? resources.InstanceType;
  const count = resources.SelectedInstanceCount ?? resources.InstanceCount;
  if (type !== undefined) { return [[`${count} x ${type}`, more]]; }
  return preferences.map((each, index) => [`${each.InstanceCount ?? count} x ${each.InstanceType}`, `preference ${index + 1}, ${more}`]);
}

function limits(stopping: TrainingMembers['StoppingCondition']): string | undefined {
  const { MaxRuntimeInSeconds: runtime, MaxWaitTimeInSeconds: wait, MaxPendingTimeInSeconds: pending } = stopping ?? {};
  const parts = [runtime === undefined ? [] : [`runtime ${runtime} s`], wait === undefined ? [] : [`with waiting ${wait} s`], pending === undefined ? [] : [`pending ${pending} s`]].flat();
  return parts.length === 0 ? undefined : parts.join(', ');
}

function sourceOf({ DataSource: source }: Channel): string {
  const { S3DataSource: s3, FileSystemDataSource: files, DatasetSource: dataset } = source ?? {};
  if (s3 !== undefined) { return s3.S3DataType === 'S3Prefix' ? s3.S3Uri as string : `${s3.S3Uri} (${s3.S3DataType})`; }
  if (files !== undefined) { return `${files.FileSystemType} ${files.FileSystemId}:${files.DirectoryPath}`; }
  return dataset?.DatasetArn ?? '';
}
