import { Capacity, Checkpoints, ContainerImage, Algorithm, ContainerLogLevel, DataSource, Hyperparameters, Metric, ModelData, OutputLocation, Script } from 'cdk-sagemaker';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Duration, Tags } from 'aws-cdk-lib/core';
import { join } from 'node:path';
import { IMAGE, on, s3, solo, SOURCE, src, type Place, type Twin } from '../recorded';

const scripted = (at: Place, options: object = {}, script = src()) => Algorithm.image(at.image, { script, ...options });

export const ESTIMATOR: { readonly [name: string]: Twin } = {
  estimator_base_job_name: (at) => at.job(),
  estimator_checkpoints_local_path: (at) => at.job({ checkpoints: Checkpoints.fromBucket(at.bucket('my-bucket'), 'ckpt', { localPath: '/opt/ml/checkpoints' }) }),
  estimator_container_entrypoint: (at) => at.job({ algorithm: Algorithm.image(at.image, { entrypoint: ['/bin/bash', '/opt/run.sh'], arguments: ['--a', '1'] }) }),
  estimator_default_bucket_prefix: (at) => at.job({ output: OutputLocation.fromBucket(at.bucket('team-bucket'), 'team/prefix') }),
  estimator_encrypt_without_vpc: (at) => at.job({ encryptInterContainerTraffic: true }),
  estimator_experiment_config: (at) => at.job({ experiment: { experimentName: 'exp', trialName: 'trial', trialComponentDisplayName: 'tc', runName: 'run' } }),
  estimator_explicit_job_name: (at) => at.job(),
  estimator_hyperparameters_mixed: (at) => at.job({
    hyperparameters: Hyperparameters.of({ 'int': 1, 'float': 0.1, 'sci': 1e-5, 'bool': true, 'false': false, 'none': null, 'str': 'text', 'list': [1, 2], 'dict': { a: 'b' }, 'batch-size': 64 }),
  }),
  estimator_infra_check: (at) => at.job({ infraCheck: true }),
  estimator_instance_groups: (at) => at.job({ capacity: Capacity.instanceGroups({ groups: { gpu: { instanceType: 'ml.p3.2xlarge' }, cpu: { instanceType: 'ml.c5.xlarge', instanceCount: 2 } } }) }),
  estimator_instance_groups_input: (at) => at.job({
    capacity: Capacity.instanceGroups({ groups: { gpu: { instanceType: 'ml.p3.2xlarge' }, cpu: { instanceType: 'ml.c5.xlarge', instanceCount: 2 } } }),
    inputs: { train: s3('s3://my-bucket/train', { instanceGroups: ['gpu'] }) },
  }),
  estimator_instance_placement: (at) => at.job({
    capacity: Capacity.onDemand({ instanceType: 'ml.p6e-gb200.36xlarge', instanceCount: 2, placement: { multipleJobs: true, instances: { 'us-1': 2 } } }),
  }),
  estimator_long_base_job_name: (at) => at.job(),
  estimator_max_retry_attempts: (at) => at.job({ maxRetries: 3 }),
  estimator_max_run: (at) => at.job({ maxRuntime: Duration.seconds(360000) }),
  estimator_metric_definitions: (at) => at.job({
    metrics: [Metric.regex('test:msd', '#quality_metric: host=\\S+, test msd <loss>=(\\S+)'), Metric.regex('test:ssd', '#quality_metric: host=\\S+, test ssd <loss>=(\\S+)')],
  }),
  estimator_model_uri: (at) => at.job({ inputs: { training: s3('s3://my-bucket/train'), model: DataSource.fromModelData(ModelData.fromS3Uri('s3://my-bucket/prev/output/model.tar.gz')) } }),
  estimator_model_uri_no_inputs: (at) => at.job({ inputs: { model: DataSource.fromModelData(ModelData.fromS3Uri('s3://my-bucket/prev/output/model.tar.gz')) } }),
  estimator_multi_instance: (at) => at.job({ capacity: on('ml.m5.4xlarge', 4) }),
  estimator_network_isolation: (at) => at.job({ networkIsolation: true }),
  estimator_no_inputs: (at) => at.job({ inputs: {} }),
  estimator_output_path_kms: (at) => at.job({ output: OutputLocation.fromBucket(at.bucket('my-output-bucket'), 'some/prefix', { encryptionKey: at.key('out-key') }) }),
  estimator_region_us_gov_east_1: (at) => at.job({ algorithm: Algorithm.image(ContainerImage.fromUri(IMAGE)) }),
  estimator_remote_debug: (at) => at.job({ remoteDebug: true }),
  estimator_role_name: (at) => at.job(),
  estimator_role_path: (at) => at.job({ role: at.roleNamed('service-role/MyRole') }),
  estimator_script_code_location: (at) => at.job({ algorithm: scripted(at) }),
  estimator_script_code_location_kms: (at) => at.job({ algorithm: scripted(at), output: OutputLocation.fromBucket(at.bucket('out'), 'p', { encryptionKey: at.key('ok') }) }),
  estimator_script_dependencies: (at) => at.job({
    algorithm: scripted(at, {}, Script.fromDirectory(SOURCE, { entryPoint: 'train.py', dependencies: [join(SOURCE, '../parity-lib/common'), join(SOURCE, '../parity-lib/util.py')] })),
  }),
  estimator_script_network_isolation: (at) => at.job({ algorithm: scripted(at), networkIsolation: true }),
  estimator_script_s3_source_dir: (at) => at.job({ algorithm: scripted(at, {}, Script.fromS3Uri('s3://code-bucket/code/sourcedir.tar.gz', { entryPoint: 'train.py' })) }),
  estimator_script_shell_entry_point: (at) => at.job({ algorithm: scripted(at, { logLevel: ContainerLogLevel.DEBUG }, src('run.sh')) }),
  estimator_session_tag_chaining: (at) => at.job({ sessionTagChaining: true }),
  estimator_spot: (at) => at.job({ capacity: Capacity.spot({ instanceType: 'ml.c4.xlarge', maxWait: Duration.seconds(7200) }), maxRuntime: Duration.seconds(3600) }),
  estimator_spot_checkpoints: (at) => at.job({
    capacity: Capacity.spot({ instanceType: 'ml.c4.xlarge', maxWait: Duration.seconds(172800) }), checkpoints: Checkpoints.fromBucket(at.bucket('my-bucket'), 'ckpt'),
  }),
  estimator_tags_list: (at) => { const job = at.job(); Tags.of(job).add('CER', '1'); Tags.of(job).add('team', 'ml'); },
  estimator_training_image_config: (at) => at.job({
    algorithm: Algorithm.image(ContainerImage.fromRegistry(`123456789012.dkr.ecr.us-west-2.amazonaws.com/my-image:1.0`, {
      credentialsProvider: LambdaFunction.fromFunctionArn(at.stack, 'Login', 'arn:aws:lambda:us-west-2:123456789012:function:creds'),
    })),
    ...at.network(['subnet-1'], ['sg-1']),
  }),
  estimator_training_plan: (at) => at.job({ capacity: Capacity.onDemand({ instanceType: 'ml.c4.xlarge', trainingPlan: 'arn:aws:sagemaker:us-west-2:123456789012:training-plan/plan' }) }),
  estimator_volume_kms: (at) => at.job({ capacity: Capacity.onDemand({ instanceType: 'ml.c4.xlarge', volumeKey: at.key('vol') }) }),
  estimator_volume_kms_nvme_instance: (at) => at.job({ capacity: Capacity.onDemand({ instanceType: 'ml.g5.xlarge', volumeKey: at.key('vol-key') }) }),
  estimator_vpc_encrypted: (at) => at.job({ encryptInterContainerTraffic: true, ...at.network(['subnet-1', 'subnet-2'], ['sg-1']) }),
  sagemaker_config_defaults: (at) => {
    const job = at.job({
      role: at.roleNamed('FromConfig'), networkIsolation: true, encryptInterContainerTraffic: true, environment: { CFG: '1' }, ...at.network(['subnet-123'], ['sg-123']),
      inputs: { training: s3('s3://b/t') },
      output: OutputLocation.fromBucket(at.ownBucket, '', { encryptionKey: at.key('cfg-key') }),
      capacity: Capacity.onDemand({ instanceType: 'ml.c4.xlarge', volumeKey: at.key('cfg-vol') }),
    });
    Tags.of(job).add('cfg', '1');
  },
};

export const entryPointAlone: Twin = (at) => at.job({ algorithm: scripted(at, {}, solo()) });
