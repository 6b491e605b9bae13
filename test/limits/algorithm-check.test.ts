import { algorithmViolations } from '../../lib/limits/algorithm-check';
import { written } from '../../lib/limits/constraints';
import { algorithmDescription, ALGORITHM_ARN, withoutDefault } from '../support/algorithm';

type Tree = { [member: string]: any };

const channel = (ChannelName: string, more: Tree = {}) => ({ ChannelName, ...more });
const LEGAL: Tree = {
  AlgorithmSpecification: { AlgorithmName: ALGORITHM_ARN, TrainingInputMode: 'File' },
  ResourceConfig: { InstanceType: 'ml.c4.xlarge', InstanceCount: 1 },
  HyperParameters: { max_leaf_nodes: '5', lr: '0.5', mode: 'b', free: 'text' },
  InputDataConfig: [channel('training', { ContentType: 'text/csv' })],
};

const PRODUCT = algorithmDescription({}, { ProductId: 'prod-1' });
const complaints = (request: Tree, description = algorithmDescription(), isUnknown?: (value: unknown) => boolean) =>
  algorithmViolations({ ...LEGAL, ...request }, description, isUnknown).map(({ path, rule, value }) => `${written(path)} must ${rule}, got ${String(value)}`);

describe('What an algorithm takes', () => {
  test('is right where it does what the algorithm says', () => {
    expect(complaints({})).toEqual([]);
    expect(complaints({ ResourceConfig: { InstanceType: 'ml.m4.xlarge', InstanceCount: 20 } })).toEqual([]);
    expect(complaints({ EnableNetworkIsolation: true }, PRODUCT)).toEqual([]);
  });

  test.each<[string, Tree, string, Tree?]>([
    ['another mode than every channel has', { AlgorithmSpecification: { AlgorithmName: 'a', TrainingInputMode: 'Pipe' } }, 'AlgorithmSpecification.TrainingInputMode must be File, which every channel of some-algorithm takes, got Pipe'],
    ['another mode than its channel has', { InputDataConfig: [channel('training', { InputMode: 'FastFile' })] }, 'InputDataConfig[0].InputMode must be one of File, Pipe, which some-algorithm takes by this channel, got FastFile'],
    ['another instance', { ResourceConfig: { InstanceType: 'ml.p2.xlarge', InstanceCount: 1 } }, 'ResourceConfig.InstanceType must be one of ml.c4.xlarge, ml.m4.xlarge, on which some-algorithm runs, got ml.p2.xlarge'],
    ['another instance in a group', { ResourceConfig: { InstanceGroups: [{ InstanceType: 'ml.c4.xlarge', InstanceCount: 1 }, { InstanceType: 'ml.p2.xlarge', InstanceCount: 1 }] } }, 'ResourceConfig.InstanceGroups[1].InstanceType must be one of'],
    ['another instance among the preferred', { ResourceConfig: { InstancePreferences: [{ InstanceType: 'ml.p2.xlarge' }], InstanceCount: 1 } }, 'ResourceConfig.InstancePreferences[0].InstanceType must be one of'],
    ['several instances', { ResourceConfig: { InstanceType: 'ml.c4.xlarge', InstanceCount: 2 } }, 'ResourceConfig.InstanceCount must be 1, for some-algorithm does not train on several instances, got 2', algorithmDescription({ SupportsDistributedTraining: false })],
    ['several groups', { ResourceConfig: { InstanceGroups: [{ InstanceType: 'ml.c4.xlarge', InstanceCount: 1 }, { InstanceType: 'ml.c4.xlarge', InstanceCount: 1 }] } }, 'ResourceConfig.InstanceCount must be 1', algorithmDescription({ SupportsDistributedTraining: false })],
    ['several of a preference', { ResourceConfig: { InstancePreferences: [{ InstanceType: 'ml.c4.xlarge', InstanceCount: 1 }, { InstanceType: 'ml.m4.xlarge', InstanceCount: 3 }] } }, 'got 3', algorithmDescription({ SupportsDistributedTraining: false })],
    ['an unknown hyperparameter', { HyperParameters: { nope: '1' } }, 'HyperParameters.nope must be one that some-algorithm has: max_leaf_nodes, lr, mode, free, got nope'],
    ['a hyperparameter where there are none', { HyperParameters: { nope: '1' } }, 'HyperParameters.nope must be left out, for some-algorithm has no hyperparameters', algorithmDescription({ SupportedHyperParameters: undefined })],
    ['no whole number', { HyperParameters: { max_leaf_nodes: '5.5' } }, 'HyperParameters.max_leaf_nodes must be a whole number for some-algorithm, got 5.5'],
    ['too small a number', { HyperParameters: { max_leaf_nodes: '0' } }, 'HyperParameters.max_leaf_nodes must be between 1 and 100000 for some-algorithm, got 0'],
    ['no number', { HyperParameters: { lr: 'fast' } }, 'HyperParameters.lr must be a number for some-algorithm, got fast'],
    ['too large a number', { HyperParameters: { lr: '1.01' } }, 'HyperParameters.lr must be between 0.0 and 1.0 for some-algorithm, got 1.01'],
    ['another word', { HyperParameters: { mode: 'z' } }, 'HyperParameters.mode must be one of a, b for some-algorithm, got z'],
    ['no value where one is required', { HyperParameters: undefined }, 'HyperParameters.max_leaf_nodes must be given, for some-algorithm requires it, got undefined', withoutDefault()],
    ['an unknown channel', { InputDataConfig: [channel('training'), channel('test')] }, 'InputDataConfig[1].ChannelName must be one of the channels of some-algorithm: training, validation, got test'],
    ['no channel where one is required', { InputDataConfig: [channel('validation')] }, 'InputDataConfig must have the channel training, which some-algorithm requires, got validation'],
    ['no channel at all', { InputDataConfig: undefined }, 'InputDataConfig must have the channel training, which some-algorithm requires, got none'],
    ['data of another type', { InputDataConfig: [channel('training', { ContentType: 'image/png' })] }, 'InputDataConfig[0].ContentType must be one of text/csv, which some-algorithm takes by this channel, got image/png'],
    ['data compressed otherwise', { InputDataConfig: [channel('training', { CompressionType: 'Gzip' })] }, 'InputDataConfig[0].CompressionType must be one of None,', algorithmDescription({ TrainingChannels: [{ Name: 'training', SupportedCompressionTypes: ['None'] }] })],
    ['a product with a network', {}, 'EnableNetworkIsolation must be true, for some-algorithm is a product of AWS Marketplace, which runs without a network only (prop networkIsolation: true), got undefined', PRODUCT],
    ['a product that waits for long', { EnableNetworkIsolation: true, EnableManagedSpotTraining: true, StoppingCondition: { MaxWaitTimeInSeconds: 3601 } }, 'StoppingCondition.MaxWaitTimeInSeconds must be at most 1 hour for some-algorithm, a product of AWS Marketplace, without checkpoints, got 3601 seconds', PRODUCT],
  ])('is not %s', (_what, request, complaint, ...[description]) => {
    expect(complaints(request, description)).toEqual([expect.stringContaining(complaint)]);
  });

  test.each<[string, Tree, Tree?]>([
    ['the parameters of a content type, and its case', { InputDataConfig: [channel('training', { ContentType: 'Text/CSV; label_size=1' })] }],
    ['the model that training goes on from, whatever its channel is called', { InputDataConfig: [channel('training'), channel('model', { ContentType: 'application/x-sagemaker-model', InputMode: 'File' })] }],
    ['what the algorithm says nothing of', { ResourceConfig: { InstanceType: 'ml.p2.xlarge', InstanceCount: 2 }, HyperParameters: {}, InputDataConfig: undefined }, { TrainingSpecification: {} }],
    ['modes channel by channel, where channels have none in common', { InputDataConfig: [channel('a'), channel('b', { InputMode: 'Pipe' })], HyperParameters: {} },
      algorithmDescription({ SupportedHyperParameters: [], TrainingChannels: [{ Name: 'a', SupportedInputModes: ['File'] }, { Name: 'b', SupportedInputModes: ['Pipe'] }] })],
    ['a default of the algorithm that is beyond its own range', { HyperParameters: { n: '0' } },
      algorithmDescription({ SupportedHyperParameters: [{ Name: 'n', Type: 'Integer', DefaultValue: '0', Range: { IntegerParameterRangeSpecification: { MinValue: '1', MaxValue: '2' } } }] })],
    ['a long wait of a product with checkpoints', { EnableNetworkIsolation: true, EnableManagedSpotTraining: true, StoppingCondition: { MaxWaitTimeInSeconds: 7200 }, CheckpointConfig: { S3Uri: 's3://b' } }, PRODUCT],
    ['a long wait of an algorithm that is no product', { EnableManagedSpotTraining: true, StoppingCondition: { MaxWaitTimeInSeconds: 172800 } }],
  ])('allows %s', (_what, request, ...[description]) => expect(complaints(request, description)).toEqual([]));

  test('passes what is not known yet', () => {
    const unknown = { AlgorithmSpecification: { AlgorithmName: '?', TrainingInputMode: '?' }, ResourceConfig: { InstanceType: '?', InstanceCount: 7 }, HyperParameters: { max_leaf_nodes: '?', mode: '?' }, InputDataConfig: [channel('training', { ContentType: '?', InputMode: '?' })] };
    expect(complaints(unknown, algorithmDescription({ SupportsDistributedTraining: false }), (value) => value === '?' || value === 7)).toEqual([]);
  });
});
