import { JobProgresses } from '../../lib/local/job-progress';
import { IMAGE, ROLE, SageMakerBench, until } from './support/sagemaker-bench';

const FOREVER = 'import time; print("begun", flush=True); time.sleep(600)';
const Tags = [{ Key: 'cdk-sagemaker:stack', Value: 'mine' }];

test('jobs of every kind that carry the tag of a stack are its jobs, with what they printed last', async () => {
  const bench = await SageMakerBench.open();
  try {
    const { TrainingJobName: _name, HyperParameters, ...definition } = await bench.trainingRequest('train', FOREVER, { AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: 'File', MetricDefinitions: [{ Name: 'x', Regex: 'x=(.)' }] } });
    await bench.call('CreateTrainingJob', await bench.trainingRequest('other', FOREVER));
    await bench.call('CreateTrainingJob', await bench.trainingRequest('train', FOREVER, { Tags }));
    await bench.call('CreateHyperParameterTuningJob', {
      HyperParameterTuningJobName: 'tune', Tags, TrainingJobDefinition: { ...definition, StaticHyperParameters: HyperParameters },
      HyperParameterTuningJobConfig: {
        Strategy: 'Bayesian', ResourceLimits: { MaxNumberOfTrainingJobs: 1, MaxParallelTrainingJobs: 1 }, HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'x' },
        ParameterRanges: { IntegerParameterRanges: [{ Name: 'n', MinValue: '1', MaxValue: '2' }] },
      },
    });
    await bench.call('CreateProcessingJob', {
      ProcessingJobName: 'process', Tags, RoleArn: ROLE, AppSpecification: { ImageUri: IMAGE, ContainerEntrypoint: ['python3', '-c', FOREVER] },
      ProcessingResources: { ClusterConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 1 } },
    });
    const progresses = new JobProgresses(bench.sageMaker);
    const jobs = await until(() => progresses.of('mine'), (all) => all.filter(({ lastLine }) => lastLine === 'begun').length === 3);
    expect(jobs.map(({ name, secondaryStatus, lastLine }) => [name.replace(/[0-9a-f]{8}$/, '*'), secondaryStatus, lastLine])).toEqual([
      ['tune-001-*', 'Training', 'begun'],
      ['train', 'Training', 'begun'],
      ['tune', 'InProgress, 1 training jobs run, 0 have ended', expect.stringContaining('without strategy Bayesian')],
      ['process', 'InProgress', 'begun'],
    ]);
  } finally {
    await bench.close();
  }
});
