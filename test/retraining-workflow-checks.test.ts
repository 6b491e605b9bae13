import { Bucket } from 'aws-cdk-lib/aws-s3';
import { App, Stack } from 'aws-cdk-lib/core';
import {
  BatchDataCapture, Checkpoints, DataSource, Model, OutputCompression, OutputLocation, Retraining, RetrainingTrigger, RetrainingWorkflow, TensorBoardOutput, type NewDataOptions, type RetrainingWorkflowProps,
  type TrainingOptions,
} from 'cdk-sagemaker';
import { ACCOUNT, REGION } from './support/policy';
import { trainingProps, tuningDefinition } from './support/stacks';

/** A stack with a workflow; beside it others of the app. */
function made(props: (stack: Stack) => Partial<RetrainingWorkflowProps>) {
  const stack = new Stack(new App(), 'Learn', { env: { account: ACCOUNT, region: REGION } });
  return new RetrainingWorkflow(stack, 'Retrain', { job: Retraining.train(trainingProps()), ...props(stack) });
}

const bucketIn = (stack: Stack) => (stack.node.tryFindChild('Out') ?? Bucket.fromBucketName(stack, 'Out', 'out')) as Bucket;

describe('New data that the jobs of the workflow write', () => {
  type MadeJob = (bucket: Bucket, stack: Stack) => Retraining;
  const train = (props: (bucket: Bucket) => Partial<TrainingOptions>): MadeJob => (bucket) => Retraining.train({ ...trainingProps(), ...props(bucket) });
  const below = (prefix?: string, compression?: OutputCompression): MadeJob => train((bucket) => ({ output: OutputLocation.fromBucket(bucket, prefix, { compression }) }));
  const tune: MadeJob = (bucket) => Retraining.tune({ definition: tuningDefinition({ output: OutputLocation.fromBucket(bucket, 'jobs') }), maxJobs: 2, maxParallelJobs: 1 });
  const transform: MadeJob = (bucket, stack) => Retraining.transform(Model.fromModelName(stack, 'Model', 'digits'), {
    input: DataSource.fromBucket(bucket, 'in/'), instanceType: 'ml.m5.large', output: OutputLocation.fromBucket(bucket, 'out'), dataCapture: BatchDataCapture.toBucket(bucket, 'captured'),
  });
  const [checkpoints, board] = [train((bucket) => ({ checkpoints: Checkpoints.fromBucket(bucket, 'ckpt') })), train((bucket) => ({ tensorBoard: TensorBoardOutput.fromBucket(bucket, 'board') }))];
  const watching = (job: MadeJob, options: NewDataOptions) => () => made((stack) => ({ job: job(bucketIn(stack), stack), triggers: [RetrainingTrigger.newData(bucketIn(stack), options)] }));
  const OURS = 'learn-retrain-job-';

  test.each<[string, MadeJob, NewDataOptions, string]>([
    ['the names of its jobs begin with', below('models'), { prefix: 'models/learn-', suffix: '.tar.gz' }, `models/${OURS}`],
    ['one of its jobs has', below('models/'), { prefix: `models/${OURS}0a1b/output/` }, `models/${OURS}`],
    ['its jobs have in the root of the bucket', below(), { prefix: 'learn-retrain' }, OURS],
    ['files of an output that is not packed have', below('models', OutputCompression.NONE), { prefix: 'models/', suffix: '_SUCCESS' }, `models/${OURS}`],
    ['the whole key of an artifact ends with', below('models'), { suffix: '0a1b/output/model.tar.gz' }, `models/${OURS}`],
    ['checkpoints have', checkpoints, { prefix: 'ckpt/epoch-', suffix: '.pt' }, 'ckpt/'],
    ['data of TensorBoard have', board, { prefix: 'board/', suffix: '.v2' }, `board/${OURS}`],
    ['jobs of its tuning job have', tune, { prefix: 'jobs/learn-retr' }, 'jobs/learn-retr'],
    ['answers of its transform job have', transform, { prefix: 'out/learn-', suffix: '.csv.out' }, `out/${OURS}`],
    ['captured data of it have', transform, { prefix: 'captured/input/' }, 'captured/'],
  ])('are refused by a prefix that %s', (_what, job, options, start) => {
    expect(watching(job, options)).toThrow(new RegExp(`^Learn/Retrain: triggers\\[0\\]: prefix must be one below which the job of the workflow does not write, as it does in s3://out/${start}.*\\*: each run would start the next`));
  });

  test.each<[string, MadeJob, NewDataOptions]>([
    ['that lie beside jobs in the root of the bucket', below(), { prefix: 'in/' }], ['that lie in a place whose name begins alike', below('jobs'), { prefix: 'jobs-in/' }], ['of other jobs', below('models'), { prefix: 'models/other-' }],
    ['of a job whose name begins alike', below('models'), { prefix: 'models/learn-retrain-jobs-' }], ['that lie beside checkpoints', checkpoints, { prefix: 'ckpt-in/' }], ['of what is transformed', transform, { suffix: '.csv', prefix: 'in/' }],
    ['of artifacts beside answers', transform, { prefix: 'out/', suffix: '.tar.gz' }], ['with an ending of its own', below('models'), { prefix: 'models/', suffix: 'my-model.tar.gz' }],
  ])('are not those %s', (_what, job, options) => expect(watching(job, options)).not.toThrow());
});
