import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { python } from '../support/python';

const PROGRAM = join(__dirname, '..', '..', '..', 'lib', 'local', 'python', 'training_environment.py');
const INPUT = { TrainingInputMode: 'File', S3DistributionType: 'FullyReplicated', RecordWrapperType: 'None' };
const RESOURCES = {
  current_host: 'algo-1', current_instance_type: 'ml.m5.large', current_group_name: 'homogeneousCluster', hosts: ['algo-1'], network_interface_name: 'eth0',
  instance_groups: [{ instance_group_name: 'homogeneousCluster', instance_type: 'ml.m5.large', hosts: ['algo-1'] }],
};

function environmentOf(hyperparameters: Record<string, string>, inputs: Record<string, unknown> = {}): { base: string; environment: Record<string, string>; arguments: string[] } {
  const base = mkdtempSync(join(tmpdir(), 'opt-ml-'));
  try {
    mkdirSync(join(base, 'input', 'config'), { recursive: true });
    const write = (name: string, content: unknown) => writeFileSync(join(base, 'input', 'config', name), JSON.stringify(content));
    write('hyperparameters.json', hyperparameters);
    write('inputdataconfig.json', inputs);
    write('resourceconfig.json', RESOURCES);
    return { base, ...JSON.parse(python([PROGRAM, base, 'the-job', 'us-east-1', 'some_framework.training:main'])) as { environment: Record<string, string>; arguments: string[] } };
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

describe('the environment of a training script', () => {
  const SCRIPT = { sagemaker_program: '"train.py"', sagemaker_submit_directory: '"s3://b/sourcedir.tar.gz"' };

  test('has every variable of the training toolkit', () => {
    const { base, environment } = environmentOf({ ...SCRIPT, sagemaker_container_log_level: '30', sagemaker_mpi_enabled: 'true', epochs: '3', 'learning-rate': '1e-05' }, { train: INPUT, 'Test-1': INPUT });
    const { SM_TRAINING_ENV, SM_NUM_CPUS, SM_NUM_GPUS, ...others } = environment;
    expect(others).toEqual({
      CURRENT_HOST: 'algo-1',
      SAGEMAKER_JOB_NAME: '',
      SAGEMAKER_REGION: 'us-east-1',
      SM_CHANNELS: '["Test-1","train"]',
      'SM_CHANNEL_TEST-1': `${base}/input/data/Test-1`,
      SM_CHANNEL_TRAIN: `${base}/input/data/train`,
      SM_CURRENT_HOST: 'algo-1',
      SM_CURRENT_INSTANCE_GROUP: 'homogeneousCluster',
      SM_CURRENT_INSTANCE_GROUP_HOSTS: '["algo-1"]',
      SM_CURRENT_INSTANCE_TYPE: 'ml.m5.large',
      SM_DISTRIBUTION_INSTANCE_GROUPS: '["homogeneousCluster"]',
      SM_FRAMEWORK_MODULE: 'some_framework.training:main',
      SM_FRAMEWORK_PARAMS: '{"sagemaker_mpi_enabled":true}',
      SM_HOSTS: '["algo-1"]',
      SM_HPS: '{"epochs":3,"learning-rate":1e-05}',
      SM_HP_EPOCHS: '3',
      'SM_HP_LEARNING-RATE': '1e-05',
      SM_INPUT_CONFIG_DIR: `${base}/input/config`,
      SM_INPUT_DATA_CONFIG: '{"Test-1":{"RecordWrapperType":"None","S3DistributionType":"FullyReplicated","TrainingInputMode":"File"},"train":{"RecordWrapperType":"None","S3DistributionType":"FullyReplicated","TrainingInputMode":"File"}}',
      SM_INPUT_DIR: `${base}/input`,
      SM_INSTANCE_GROUPS: '["homogeneousCluster"]',
      SM_INSTANCE_GROUPS_DICT: '{"homogeneousCluster":{"hosts":["algo-1"],"instance_group_name":"homogeneousCluster","instance_type":"ml.m5.large"}}',
      SM_IS_HETERO: 'false',
      SM_LOG_LEVEL: '30',
      SM_MODEL_DIR: `${base}/model`,
      SM_MODULE_DIR: 's3://b/sourcedir.tar.gz',
      SM_MODULE_NAME: 'train',
      SM_NETWORK_INTERFACE_NAME: 'eth0',
      SM_NUM_NEURONS: '0',
      SM_OUTPUT_DATA_DIR: `${base}/output/data`,
      SM_OUTPUT_DIR: `${base}/output`,
      SM_OUTPUT_INTERMEDIATE_DIR: `${base}/output/intermediate`,
      SM_RESOURCE_CONFIG: JSON.stringify(RESOURCES, ['current_group_name', 'current_host', 'current_instance_type', 'hosts', 'instance_groups', 'network_interface_name', 'instance_group_name', 'instance_type'].sort()),
      SM_USER_ARGS: '["--epochs","3","--learning-rate","1e-05"]',
      SM_USER_ENTRY_POINT: 'train.py',
    });
    expect(Number(SM_NUM_CPUS)).toBeGreaterThan(0);
    expect(Number(SM_NUM_GPUS)).toBeGreaterThanOrEqual(0);
    expect(JSON.parse(SM_TRAINING_ENV as string)).toMatchObject({
      job_name: 'the-job', is_master: true, master_hostname: 'algo-1', hyperparameters: { epochs: 3, 'learning-rate': 1e-5 },
      channel_input_dirs: { train: `${base}/input/data/train` }, additional_framework_parameters: { sagemaker_mpi_enabled: true }, distribution_hosts: ['algo-1'],
    });
  });

  test('passes hyperparameters as sorted arguments, in the spelling of Python', () => {
    expect(environmentOf({
      ...SCRIPT, flag: 'true', none: 'null', one: '1.0', large: '1e16', list: '[1, 2.5, "a"]', map: '{"b": 1, "a": "x"}', text: '"two words"', raw: 'no json', e: '0', letters: '"\\u00fc"',
    }).arguments).toEqual(['-e', '0', '--flag', 'True', '--large', '1e+16', '--letters', 'ü', '--list', "[1, 2.5, 'a']", '--map', 'a=x,b=1', '--none', '', '--one', '1.0', '--raw', 'no json', '--text', 'two words']);
  });

  test('turns paths of the container into paths here, and leaves their likes alone', () => {
    const { base, environment, arguments: args } = environmentOf({ ...SCRIPT, model_dir: '"/opt/ml/model"', other: '"/opt/mlx"', bucket: '"s3://b/opt/ml"' });
    expect(args).toEqual(['--bucket', 's3://b/opt/ml', '--model_dir', `${base}/model`, '--other', '/opt/mlx']);
    expect(environment.SM_HP_MODEL_DIR).toBe(`${base}/model`);
  });
});
