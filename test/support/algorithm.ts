type Tree = { [member: string]: any };

export const ALGORITHM_ARN = 'arn:aws:sagemaker:us-west-2:123456789012:algorithm/some-algorithm';

/** What DescribeAlgorithm says of an algorithm with a hyperparameter of each type and two channels. */
export function algorithmDescription(training: Tree = {}, more: Tree = {}): Tree {
  return {
    AlgorithmName: 'some-algorithm',
    AlgorithmArn: ALGORITHM_ARN,
    TrainingSpecification: {
      TrainingImage: 'x',
      SupportsDistributedTraining: true,
      SupportedTrainingInstanceTypes: ['ml.c4.xlarge', 'ml.m4.xlarge'],
      SupportedHyperParameters: [
        { Name: 'max_leaf_nodes', Type: 'Integer', IsRequired: true, Range: { IntegerParameterRangeSpecification: { MinValue: '1', MaxValue: '100000' } }, DefaultValue: '100' },
        { Name: 'lr', Type: 'Continuous', Range: { ContinuousParameterRangeSpecification: { MinValue: '0.0', MaxValue: '1.0' } } },
        { Name: 'mode', Type: 'Categorical', Range: { CategoricalParameterRangeSpecification: { Values: ['a', 'b'] } }, DefaultValue: 'a' },
        { Name: 'free', Type: 'FreeText' },
      ],
      MetricDefinitions: [{ Name: 'validation-accuracy', Regex: 'acc=(.*)' }],
      TrainingChannels: [
        { Name: 'training', IsRequired: true, SupportedContentTypes: ['text/csv'], SupportedInputModes: ['File', 'Pipe'] },
        { Name: 'validation', SupportedContentTypes: ['text/csv'], SupportedInputModes: ['File'] },
      ],
      ...training,
    },
    ...more,
  };
}

/** The same without a default for the hyperparameter that is required. */
export function withoutDefault(): Tree {
  const description = algorithmDescription();
  delete description.TrainingSpecification.SupportedHyperParameters[0].DefaultValue;
  return description;
}
