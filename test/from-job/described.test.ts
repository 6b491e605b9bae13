import TUNING_JOB from '../../lib/request/hyperparameter-tuning-job-members.json';
import TRAINING_JOB from '../../lib/request/training-job-members.json';
import TRANSFORM_JOB from '../../lib/request/transform-job-members.json';
import { requestOf, written, type KindName } from '../../lib/from-job';
import { IMAGES } from '../support/from-job';
import type { Tree } from '../../lib/from-job/tree';
import { TARGET, training } from './fixtures';

test.each([['TrainingJob', TRAINING_JOB], ['HyperParameterTuningJob', TUNING_JOB], ['TransformJob', TRANSFORM_JOB]] as [KindName, object][])('a description of a %s has every member that its request can have', (kind, members) => {
  const document = Object.fromEntries([...Object.keys(members), 'CreationTime', 'FailureReason'].map((member) => [member, /Definitions$/.test(member) ? [{ A: 'b' }] : { A: 'b', DisableProfiler: true }]));
  expect(Object.keys(requestOf(kind, document, [])).sort()).toEqual(Object.keys(members).filter((member) => member !== 'Tags').sort());
});

test('what the service adds by itself is no part of the request', () => {
  const xgboost = { TrainingImage: '141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1', TrainingInputMode: 'File' };
  const own = training({ AlgorithmSpecification: xgboost, HyperParameters: { objective: 'reg:squarederror', num_round: '5' } });
  const request = requestOf('TrainingJob', {
    ...own, TrainingJobArn: 'arn:aws:sagemaker:eu-west-1:123456789012:training-job/digits', TrainingJobStatus: 'Completed', BillableTimeInSeconds: 3, EnableNetworkIsolation: false, EnableManagedSpotTraining: false,
    HyperParameters: { ...own.HyperParameters, _tuning_objective_metric: 'x' }, AlgorithmSpecification: { ...xgboost, EnableSageMakerMetricsTimeSeries: false, MetricDefinitions: [{ Name: 'train:rmse', Regex: '.*' }] },
    ProfilerConfig: { S3OutputPath: 's3://models/digits', ProfilingIntervalInMilliseconds: 500, DisableProfiler: false },
  }, [{ Key: 'team', Value: 'a' }, { Key: 'aws:cloudformation:stack-name', Value: 'b' }]);
  const code = (isDescribed: boolean, of = request) => written([{ kind: 'TrainingJob', request: of }], IMAGES, TARGET, { isDescribed }).code;
  expect(code(true)).toBe(code(false, { ...own, Tags: [{ Key: 'team', Value: 'a' }] }));
});

test('an empty key is none', () => {
  const code = (OutputDataConfig: object) => written([{ kind: 'TrainingJob', request: training({ OutputDataConfig }) }], IMAGES, TARGET, { isDescribed: true }).code;
  expect(code({ S3OutputPath: 's3://models/out', KmsKeyId: '' })).toBe(code({ S3OutputPath: 's3://models/out' }));
});

test.each([
  ['a spot job without a longest wait', training({ EnableManagedSpotTraining: true }), 'StoppingCondition.MaxWaitTimeInSeconds'],
  ['a file system without a VPC', training({ InputDataConfig: [{ ChannelName: 'train', DataSource: { FileSystemDataSource: { FileSystemId: 'fs-0123456789', FileSystemType: 'EFS', DirectoryPath: '/' } } }] }), 'VpcConfig'],
  ['an image of no registry', training({ AlgorithmSpecification: { TrainingImage: 'own:1', TrainingInputMode: 'File' } }), 'own:1'],
  ['an output that is none', training({ OutputDataConfig: { S3OutputPath: 'https://models/' } }), 'OutputDataConfig.S3OutputPath'],
  ['a key whose account nobody knows', training({ RoleArn: undefined, OutputDataConfig: { S3OutputPath: 's3://models/', KmsKeyId: 'abc' } }), 'OutputDataConfig.KmsKeyId'],
])('%s is refused by name', (_what, request, member) => {
  expect(() => written([{ kind: 'TrainingJob', request }], IMAGES, { region: 'eu-west-1' })).toThrow(member);
});

test.each([
  ['an output with an empty folder', training({ OutputDataConfig: { S3OutputPath: 's3://models/team//digits' } }), 'OutputDataConfig.S3OutputPath: s3://models/team//digits has two slashes in a row'],
  ['data with an empty folder', training({ InputDataConfig: [{ ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data//train/' } } }] }), 'InputDataConfig[0].DataSource.S3DataSource.S3Uri: s3://data//train/ has two slashes in a row'],
  ['a volume of nothing', training({ ResourceConfig: { InstanceType: 'ml.g5.xlarge', InstanceCount: 1, VolumeSizeInGB: 0 } }), 'ResourceConfig.VolumeSizeInGB: 0 can\'t be said by a construct'],
])('%s, which no construct would synthesize, is refused by name', (_what, request, message) => {
  expect(() => written([{ kind: 'TrainingJob', request }], IMAGES, TARGET)).toThrow(message);
});

test('data at an access point are in the overrides, since no bucket has their name', () => {
  const uri = 's3://arn:aws:s3:eu-west-1:123456789012:accesspoint/data/train/';
  const { code } = written([{ kind: 'TrainingJob', request: training({ InputDataConfig: [{ ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: uri, S3DataDistributionType: 'FullyReplicated' } } }] }) }], IMAGES, TARGET);
  expect(code).not.toContain('DataSource.from');
  expect(code).toMatch(/overrides: \{\s+InputDataConfig:/);
});

test.each<[string, Tree]>([
  ['InstanceGroups', { InstanceGroups: [{ InstanceGroupName: 'one', InstanceType: 'ml.m5.large', InstanceCount: 1, Newer: 'x' }] }],
  ['InstancePreferences', { InstancePreferences: [{ InstanceType: 'ml.m5.large', InstanceCount: 1, Newer: 'x' }] }],
  ['InstancePlacementConfig', { InstanceType: 'ml.m5.large', InstanceCount: 1, InstancePlacementConfig: { EnableMultipleJobs: true, Newer: 'x' } }],
])('what the library has no words for within %s is not lost', (_what, resources) => {
  const { code } = written([{ kind: 'TrainingJob', request: training({ ResourceConfig: { VolumeSizeInGB: 30, ...resources } }) }], IMAGES, TARGET);
  expect(code).toMatch(/overrides: \{[^]*Newer: 'x'/);
});

test('an endpoint with inference components says that they are not written', () => {
  const config = { EndpointConfigName: 'digits', ExecutionRoleArn: 'arn:aws:iam::123456789012:role/R', ProductionVariants: [{ VariantName: 'AllTraffic', InstanceType: 'ml.g5.xlarge', InitialInstanceCount: 1 }] };
  expect(written([{ kind: 'EndpointConfig', request: config }], IMAGES, TARGET).notes).toContainEqual(expect.stringContaining('inference components'));
});

test('a hyperparameter that is an empty structure is one, also where it is the only one', () => {
  const HyperParameters = { options: '{}', sagemaker_program: '"train.py"', sagemaker_submit_directory: '"s3://some-bucket/code/sourcedir.tar.gz"' };
  expect(written([{ kind: 'TrainingJob', request: training({ HyperParameters }) }], IMAGES, TARGET).code).toContain('Hyperparameters.of({ options: {} })');
});
