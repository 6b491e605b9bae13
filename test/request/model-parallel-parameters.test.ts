import { App, Stack, Token } from 'aws-cdk-lib/core';
import { Capacity, Distribution, type DistributionContext } from 'cdk-sagemaker';

const CONTEXT: DistributionContext = {
  framework: 'pytorch', frameworkVersion: '2.2.0', pyVersion: 'py310', hasOwnImage: false, entryPoint: 'train.py', capacity: Capacity.onDemand({ instanceType: 'ml.p4d.24xlarge' }).config,
};
const bind = (distribution: Distribution) => distribution.bind(new Stack(new App(), 'Train'), CONTEXT).hyperparameters;
const withParameters = (parameters: { [name: string]: any }) => () => bind(Distribution.smModelParallel({ parameters }));

describe('Parameters of the model parallel library', () => {
  test.each<[string, { [name: string]: any }, string]>([
    ['an unknown pipeline', { pipeline: 'fast' }, 'Train: distribution.parameters.pipeline must be one of simple, interleaved, _only_forward, got fast'],
    ['an unknown placement', { placement_strategy: 'near' }, 'placement_strategy must be one of spread, cluster'],
    ['an unknown aim', { optimize: 'cost' }, 'optimize must be one of speed, memory'],
    ['no microbatch', { microbatches: 0 }, 'distribution.parameters.microbatches must be a whole number of at least 1, got 0'],
    ['half a partition', { partitions: 1.5 }, 'partitions must be a whole number of at least 1'],
    ['a text for a number', { active_microbatches: '2' }, 'active_microbatches must be a whole number'],
    ['a switch that is a word', { ddp: 'yes' }, 'distribution.parameters.ddp must be true or false, got yes'],
    ['a partition file that is no name', { partition_file: 1 }, 'partition_file must be a text'],
    ['no automatic partition and no other', { auto_partition: false }, 'auto_partition must be true unless default_partition says'],
    ['a default partition beyond the last', { partitions: 2, default_partition: 2 }, 'default_partition must be less than partitions, got 2'],
    ['a default partition of none', { default_partition: 0 }, 'default_partition must come with partitions'],
    ['a weight above 1', { memory_weight: 1.1 }, 'memory_weight must be between 0 and 1'],
    ['a port without ddp', { ddp_port: 8080 }, 'ddp_port must come with ddp'],
    ['a backend without ddp', { ddp_dist_backend: 'nccl' }, 'ddp_dist_backend must come with ddp'],
    ['a port below 0', { ddp: true, ddp_port: -1 }, 'ddp_port must be the number of a port, got -1'],
    ['ddp and horovod', { ddp: true, horovod: true }, 'ddp must be false where horovod is true'],
  ])('rejects %s', (_what, parameters, message) => expect(withParameters(parameters)).toThrow(message));

  test('passes what is right, what is unknown and what is known at deployment only', () => {
    const parameters = {
      pipeline: 'interleaved', placement_strategy: 'cluster', optimize: 'speed', partitions: 4, default_partition: 3, auto_partition: false, memory_weight: 0, ddp: true, ddp_port: 0,
      ddp_dist_backend: 'auto', horovod: false, partition_file: 'a.json', tensor_parallel_degree: 8, microbatches: Token.asNumber({ Ref: 'Batches' }),
    };
    expect(withParameters(parameters)().mp_parameters).toEqual(parameters);
  });

  test('leaves out what is not defined', () => {
    expect(withParameters({ partitions: 2, pipeline: undefined })().mp_parameters).toEqual({ partitions: 2 });
  });

  test('are checked for version 2 too', () => {
    expect(() => bind(Distribution.torchDistributed({ smp: { ddp: 1 } }))).toThrow('Train: distribution.smp.ddp must be true or false, got 1');
  });
});
