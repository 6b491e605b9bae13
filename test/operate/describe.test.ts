import { description, descriptionLines } from '../../lib/operate/describe';
import { JOB_KINDS } from '../../lib/operate/job-kinds';
import { START } from '../support/job-view';

const at = (seconds: number) => new Date(START + seconds * 1000);

test('a spot job on two kinds of instances, in columns', () => {
  const kind = JOB_KINDS[0]!;
  const document = {
    TrainingJobName: 'job', TrainingJobArn: 'arn:aws:sagemaker:us-east-1:123456789012:training-job/job', TrainingJobStatus: 'Stopped', SecondaryStatus: 'MaxWaitTimeExceeded',
    CreationTime: at(0), LastModifiedTime: at(130), TrainingStartTime: at(10), TrainingEndTime: at(110), TrainingTimeInSeconds: 100, BillableTimeInSeconds: 40, EnableManagedSpotTraining: true,
    SecondaryStatusTransitions: [{ Status: 'Starting', StartTime: at(0), EndTime: at(10), StatusMessage: 'Launching' }, { Status: 'Stopped', StartTime: at(130), StatusMessage: '' }],
    ResourceConfig: { VolumeSizeInGB: 30, InstanceGroups: [{ InstanceGroupName: 'gpu', InstanceType: 'ml.p3.2xlarge', InstanceCount: 1 }, { InstanceGroupName: 'cpu', InstanceType: 'ml.c5.xlarge', InstanceCount: 2 }] },
    StoppingCondition: { MaxRuntimeInSeconds: 60, MaxWaitTimeInSeconds: 120 },
    InputDataConfig: [{ ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'ManifestFile', S3Uri: 's3://b/m' } } }, { ChannelName: 'efs', DataSource: { FileSystemDataSource: { FileSystemType: 'EFS', FileSystemId: 'fs-1', DirectoryPath: '/d' } } }],
  };
  const sections = description(kind, kind.view(document), kind.sections(document), { owner: { stackName: 'Digits', logicalId: 'Train1', others: [['team', 'vision']] }, console: 'https://console' }, START);
  expect(descriptionLines(sections, (label) => label)).toEqual([
    'training job  job',
    'status        Stopped (MaxWaitTimeExceeded)',
    'history       2026-01-01 12:00:00  10 s  Starting  Launching',
    '              2026-01-01 12:02:10  0 s   Stopped',
    'time          created 2026-01-01 12:00:00 UTC, ended 2026-01-01 12:01:50 UTC',
    '              training 300 s, billable 120 s, managed spot saved 60.0%',
    'instances     1 x ml.p3.2xlarge  group gpu, managed spot, 30 GB',
    '              2 x ml.c5.xlarge   group cpu, managed spot, 30 GB',
    'limits        runtime 60 s, with waiting 120 s',
    'inputs        train  s3://b/m (ManifestFile)',
    '              efs    EFS fs-1:/d',
    'stack         Digits, Train1',
    'tags          team  vision',
    'arn           arn:aws:sagemaker:us-east-1:123456789012:training-job/job',
    'logs          /aws/sagemaker/TrainingJobs, streams job/*',
    'console       https://console',
  ]);
});
