import { Algorithm, ContainerImage, Framework, OutputCompression, OutputLocation, Script, type Capacity, type TrainedModelProps } from 'cdk-sagemaker';
import { Duration, Size, Tags } from 'aws-cdk-lib/core';
import { join } from 'node:path';
import { on, solo, SOURCE, src, type Place, type Twin } from '../recorded';

const c4 = on('ml.c4.xlarge');
/** `fit` and `deploy(1, instance_type)` of a framework's estimator. */
const deployed = (at: Place, framework: Framework, script: Script, serving = 'ml.m4.xlarge', options: { model?: TrainedModelProps; job?: Parameters<Place['job']>[0]; capacity?: Capacity } = {}) =>
  at.job({ algorithm: Algorithm.framework(framework, { script }), capacity: options.capacity ?? c4, ...options.job })
    .toModel('Model', options.model).deploy('Endpoint', { instanceType: serving });
const pt21 = () => Framework.pytorch('2.1.0', { pyVersion: 'py310' });
const mx = (version: string) => Framework.mxnet(version, { pyVersion: 'py3' });

export const DEPLOY: { readonly [name: string]: Twin } = {
  deploy_estimator_env: (at) => at.job().toModel('Model', {
    environment: { K: 'V' }, role: at.roleNamed('Other'), image: ContainerImage.fromUri('123456789012.dkr.ecr.us-west-2.amazonaws.com/serving:1'),
  }).deploy('Endpoint', { instanceType: 'ml.m5.xlarge' }),
  deploy_estimator_network_isolation: (at) => at.job({ networkIsolation: true }).toModel('Model').deploy('Endpoint', { instanceType: 'ml.m5.xlarge' }),
  deploy_estimator_options: (at) => {
    const job = at.job();
    Tags.of(job).add('train', 'x', { includeResourceTypes: ['Custom::SageMakerTrainingJob'] });
    const model = job.toModel('Model', { modelName: 'my-model' });
    Tags.of(model).add('ep', 'y');
    model.deploy('Endpoint', {
      instanceType: 'ml.m5.xlarge', instanceCount: 2, endpointName: 'my-endpoint', encryptionKey: at.key('ep-key'), volumeSize: Size.gibibytes(60),
      modelDataDownloadTimeout: Duration.seconds(600), containerStartupTimeout: Duration.seconds(300),
    });
  },
  deploy_estimator_tags_inherited: (at) => {
    const job = at.job();
    Tags.of(job).add('train', 'x');
    job.toModel('Model').deploy('Endpoint', { instanceType: 'ml.m5.xlarge' });
  },
  deploy_estimator_uncompressed_model: (at) => at.job({ output: OutputLocation.fromBucket(at.ownBucket, '', { compression: OutputCompression.NONE }) })
    .toModel('Model').deploy('Endpoint', { instanceType: 'ml.m5.xlarge' }),
  deploy_estimator_vpc_none: (at) => at.job(at.network(['subnet-1', 'subnet-2'], ['sg-1'])).toModel('Model', { inheritNetwork: false }).deploy('Endpoint', { instanceType: 'ml.m4.xlarge' }),
  deploy_estimator_vpc_override: (at) => at.job(at.network(['subnet-1', 'subnet-2'], ['sg-1']))
    .toModel('Model', at.network(['subnet-3', 'subnet-4'], ['sg-2'])).deploy('Endpoint', { instanceType: 'ml.m4.xlarge' }),
  deploy_huggingface: (at) => deployed(at, Framework.huggingFace({ transformersVersion: '4.26.0', pytorchVersion: '1.13.1', pyVersion: 'py39' }), src(), 'ml.g4dn.xlarge', { capacity: on('ml.p3.2xlarge') }),
  deploy_mxnet_1_2_1: (at) => deployed(at, mx('1.2.1'), src()),
  deploy_mxnet_1_6_0: (at) => deployed(at, mx('1.6.0'), src()),
  deploy_mxnet_network_isolation: (at) => deployed(at, mx('1.6.0'), src(), 'ml.m4.xlarge', { job: { networkIsolation: true } }),
  deploy_mxnet_vpc: (at) => deployed(at, mx('1.2.1'), solo(), 'ml.p2.xlarge', { capacity: on('ml.p2.xlarge'), job: at.network(['subnet-1', 'subnet-2'], ['sg-1']) }),
  deploy_pytorch_1_1: (at) => deployed(at, Framework.pytorch('1.1.0', { pyVersion: 'py3' }), src()),
  deploy_pytorch_2_1: (at) => deployed(at, pt21(), src()),
  deploy_pytorch_code_location: (at) => deployed(at, pt21(), src(), 'ml.m4.xlarge', { job: { output: OutputLocation.fromBucket(at.bucket('out'), 'p', { encryptionKey: at.key('ok') }) } }),
  deploy_pytorch_workers_entry_point: (at) => deployed(at, pt21(), src(), 'ml.g5.xlarge', {
    model: { modelServerWorkers: 2, script: Script.fromDirectory(SOURCE, { entryPoint: 'inference.py', dependencies: [join(SOURCE, '../parity-lib/common')] }) },
  }),
  deploy_sklearn: (at) => deployed(at, Framework.sklearn('0.23-1'), src()),
  deploy_sklearn_network_isolation: (at) => deployed(at, Framework.sklearn('0.23-1'), src(), 'ml.m4.xlarge', { job: { networkIsolation: true } }),
  deploy_tensorflow_1_12: (at) => deployed(at, Framework.tensorflow('1.12', { pyVersion: 'py3' }), solo()),
  deploy_tensorflow_2_11_entry_point: (at) => deployed(at, Framework.tensorflow('2.11', { pyVersion: 'py39' }), src(), 'ml.g4dn.xlarge', { model: { script: src('inference.py') } }),
};
