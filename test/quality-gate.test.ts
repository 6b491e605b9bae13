import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { CfnParameter, RemovalPolicy, type Stack } from 'aws-cdk-lib/core';
import { BuiltInAlgorithm, Completion, DataSource, Metric, ObjectiveType, QualityGate, type TrainingJobProps } from 'cdk-sagemaker';
import { bucketNamed, emptyStack, jobTemplate, only, trainingIn } from './support/stacks';

const METRICS = [Metric.regex('accuracy', 'acc=([0-9.]+)'), Metric.regex('loss', 'loss=([0-9.]+)')];
const outcomeOf = (props: (stack: Stack) => Partial<TrainingJobProps>) => only(jobTemplate((stack) => ({ metrics: METRICS, ...props(stack) })), 'Custom::SageMakerJobOutcome').Properties;
const gates = (qualityGate: QualityGate) => outcomeOf(() => ({ qualityGate })).Gates;
const making = (props: Partial<TrainingJobProps>) => () => trainingIn(emptyStack(), { metrics: METRICS, ...props });

describe('A quality gate in the template', () => {
  test.each<[string, QualityGate, object[]]>([
    ['at least', QualityGate.atLeast('accuracy', 0.9), [{ Metric: 'accuracy', AtLeast: 0.9 }]],
    ['at most, 0 included', QualityGate.atMost('loss', 0), [{ Metric: 'loss', AtMost: 0 }]],
    ['not lower than before', QualityGate.notWorseThanBefore('accuracy', { goal: ObjectiveType.MAXIMIZE }), [{ Metric: 'accuracy', MayFallBy: 0 }]],
    ['not higher than before by more', QualityGate.notWorseThanBefore('loss', { goal: ObjectiveType.MINIMIZE, by: 0.1 }), [{ Metric: 'loss', MayRiseBy: 0.1 }]],
    ['all of several', QualityGate.all(QualityGate.atLeast('accuracy', 0.9), QualityGate.all(QualityGate.atMost('loss', 1), QualityGate.atMost('accuracy', 1))), [
      { Metric: 'accuracy', AtLeast: 0.9 }, { Metric: 'loss', AtMost: 1 }, { Metric: 'accuracy', AtMost: 1 },
    ]],
  ])('says %s, member by member', (_what, gate, expected) => {
    expect(gates(gate)).toEqual(expected);
  });

  test('is a property of the outcome alone: another gate trains nothing', () => {
    const job = (qualityGate?: QualityGate) => only(jobTemplate(() => ({ metrics: METRICS, qualityGate })), 'Custom::SageMakerTrainingJob').Properties;
    expect(job(QualityGate.atLeast('accuracy', 0.9))).toEqual(job());
    expect(outcomeOf(() => ({}))).not.toHaveProperty('Gates');
  });

  test('may have a threshold that is known at deployment', () => {
    const { Gates } = outcomeOf((stack) => ({ qualityGate: QualityGate.atLeast('accuracy', new CfnParameter(stack, 'Least', { type: 'Number' }).valueAsNumber) }));
    expect(Gates).toEqual([{ Metric: 'accuracy', AtLeast: { Ref: 'Least' } }]);
  });

  test('may be about what an algorithm of Amazon\'s own reports', () => {
    const template = jobTemplate((stack) => ({
      inputs: { train: DataSource.fromBucket(bucketNamed(stack, 'data'), 'train/'), validation: DataSource.fromBucket(bucketNamed(stack, 'held'), 'validation/') },
      algorithm: BuiltInAlgorithm.xgboost('1.7-1', { numRound: 5, objective: 'binary:logistic' }), qualityGate: QualityGate.atLeast('validation:auc', 0.8),
    }));
    expect(only(template, 'Custom::SageMakerJobOutcome').Properties.Gates).toEqual([{ Metric: 'validation:auc', AtLeast: 0.8 }]);
  });
});

describe('A quality gate is refused', () => {
  test.each<[string, Partial<TrainingJobProps>, RegExp | string]>([
    ['for a metric that the job does not have', { qualityGate: QualityGate.atLeast('acuracy', 0.9) }, /: qualityGate must be one of accuracy, loss, got acuracy/],
    ['for a metric without a name', { qualityGate: QualityGate.atLeast('', 1) }, /: qualityGate must be made of QualityGate.atLeast and its like, each with a metric, got/],
    ['with no number', { qualityGate: QualityGate.atLeast('accuracy', '0.9' as never) }, /: qualityGate: atLeast of accuracy must be a number, got 0.9/],
    ['without a number', { qualityGate: (QualityGate.atLeast as (name: string) => QualityGate)('accuracy') }, /: qualityGate: atLeast of accuracy must be a number, got undefined/],
    ['made of something else', { qualityGate: QualityGate.all('accuracy' as never) }, /: qualityGate must be made of QualityGate.atLeast/],
    ['of a job without metrics', { qualityGate: QualityGate.atLeast('accuracy', 1), metrics: [] }, /: metrics must be given for qualityGate/],
    ['with NaN', { qualityGate: QualityGate.atMost('accuracy', Number.NaN) }, /: qualityGate: atMost of accuracy must be a number, got NaN/],
    ['with a margin below 0', { qualityGate: QualityGate.notWorseThanBefore('loss', { goal: ObjectiveType.MINIMIZE, by: -1 }) }, /: qualityGate: by of loss must be a number, 0 or more, got -1/],
    ['with nothing in it', { qualityGate: QualityGate.all() }, /: qualityGate must have at least one bound/],
    ['that is none', { qualityGate: { accuracy: 1 } as never }, /: qualityGate must be a QualityGate, got/],
    ['where the end of the job is not waited for', { qualityGate: QualityGate.atLeast('accuracy', 0.9), completion: Completion.started() }, /: completion must be Completion.finished\(\) for qualityGate to be judged/],
  ])('%s', (_what, props, message) => {
    expect(making(props)).toThrow(message);
  });

  test('without a goal, for which is the better value is not to be guessed', () => {
    expect(() => QualityGate.notWorseThanBefore('loss', {} as never)).toThrow('goal must be ObjectiveType.MAXIMIZE or ObjectiveType.MINIMIZE, got undefined');
  });
});

test('A gate whose job is not kept is warned of', () => {
  const stack = emptyStack();
  trainingIn(stack, { metrics: METRICS, qualityGate: QualityGate.atLeast('accuracy', 0.9), removalPolicy: RemovalPolicy.DESTROY });
  Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('a job that misses the qualityGate is deleted when the stack rolls back'));
});
