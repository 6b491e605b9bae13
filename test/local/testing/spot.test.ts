import { CreateTrainingJobCommand, DescribeTrainingJobCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { Fault, LocalSageMaker, Outcome } from '../../../lib/local/testing';
import { training, trainingBy } from './support';

let aws: LocalSageMaker;
let client: SageMakerClient;
beforeAll(async () => {
  aws = await LocalSageMaker.start({ clock: 'virtual' });
  client = new SageMakerClient(aws.clientConfig);
  await aws.createBucket('out');
});
afterAll(async () => {
  client.destroy();
  await aws.stop();
});
beforeEach(() => aws.clear());

const SPOT = { EnableManagedSpotTraining: true, StoppingCondition: { MaxRuntimeInSeconds: 3600, MaxWaitTimeInSeconds: 86_400 } };
const statuses = async (name: string) => (await client.send(new DescribeTrainingJobCommand({ TrainingJobName: name }))).SecondaryStatusTransitions?.map(({ Status }) => Status);

/** Counts the epochs in its checkpoints; the first of them goes on until it is told to end, and keeps that too. */
const EPOCHS = `
import os, signal, sys, time
folder = os.path.join(os.environ["SAGEMAKER_BASE_DIR"], "checkpoints")
path = os.path.join(folder, "epochs.txt")
done = open(path).read().splitlines() if os.path.exists(path) else []
def keep(line):
    done.append(line)
    with open(path, "w") as file:
        file.write("\\n".join(done))
def terminated(*_):
    keep("SIGTERM")
    sys.exit(0)
signal.signal(signal.SIGTERM, terminated)
if not done:
    keep("epoch 1")
    print("epoch 1 is done", flush=True)
    time.sleep(60)
keep("epoch 2")
with open(os.path.join(os.environ["SM_MODEL_DIR"], "epochs.txt"), "w") as file:
    file.write("\\n".join(done))
`;

describe('A managed spot training job', () => {
  test('that loses its instances is told to end, and goes on from its checkpoints when there are some again', async () => {
    aws.inject(Fault.spotInterruption({ job: 'digits', atLine: 'epoch 1 is done', wait: { hours: 3 } }));
    await client.send(new CreateTrainingJobCommand(await trainingBy(aws, 'digits', EPOCHS, { ...SPOT, CheckpointConfig: { S3Uri: 's3://out/checkpoints' } })));
    expect(await aws.waitForJob('digits', 'Interrupted')).toMatchObject({ status: 'InProgress', secondaryStatus: 'Interrupted' });
    expect(await aws.getText('s3://out/checkpoints/epochs.txt')).toBe('epoch 1\nSIGTERM');
    expect(await aws.listObjects('s3://out/jobs/')).toEqual([]);
    await aws.clock.advance({ hours: 3 });
    expect(await aws.waitForJob('digits')).toMatchObject({ status: 'Completed', artifact: 's3://out/jobs/digits/output/model.tar.gz' });
    expect(await aws.getText('s3://out/checkpoints/epochs.txt')).toBe('epoch 1\nSIGTERM\nepoch 2');
    expect(await statuses('digits')).toEqual(['Starting', 'Downloading', 'Training', 'Interrupted', 'Starting', 'Downloading', 'Training', 'Uploading', 'Completed']);
    const { TrainingTimeInSeconds: seconds } = await client.send(new DescribeTrainingJobCommand({ TrainingJobName: 'digits' }));
    expect(seconds).toBe(1);                                                   // programs take no time of a clock that stands still, and a job a second at least
  });

  test('that never gets instances again is stopped when it has waited too long', async () => {
    aws.script('lost', Outcome.completesAfter({ minutes: 50 }));
    aws.inject(Fault.spotInterruption({ job: 'lost', after: { minutes: 10 } }));
    await client.send(new CreateTrainingJobCommand(training('lost', SPOT)));
    await aws.clock.advance({ hours: 23, minutes: 59 });
    expect(await aws.job('lost')).toMatchObject({ status: 'InProgress', secondaryStatus: 'Interrupted' });
    await aws.clock.advance({ minutes: 1 });
    expect(await aws.job('lost')).toMatchObject({ status: 'Stopped', secondaryStatus: 'MaxWaitTimeExceeded', artifact: undefined });
    const { TrainingTimeInSeconds: seconds } = await client.send(new DescribeTrainingJobCommand({ TrainingJobName: 'lost' }));
    expect(seconds).toBe(15 * 60);                                             // the program ran for ten minutes, after five of downloading
  });

  test('that never gets any is stopped too, and one that waits for some goes on', async () => {
    aws.script('*', Outcome.completesAfter({ minutes: 50 }));
    aws.inject(Fault.noCapacity({ job: 'never' }), Fault.spotWait({ job: 'late', wait: { hours: 5 } }));
    await client.send(new CreateTrainingJobCommand(training('never', SPOT)));
    await client.send(new CreateTrainingJobCommand(training('late', SPOT)));
    await aws.clock.advance({ hours: 5 });
    expect(await client.send(new DescribeTrainingJobCommand({ TrainingJobName: 'never' }))).toMatchObject({
      SecondaryStatus: 'Starting', SecondaryStatusTransitions: [{}, { StatusMessage: 'Insufficient capacity error from EC2 while launching instances, retrying!' }],
    });
    await aws.clock.advance({ minutes: 50 });
    expect(await aws.job('late')).toMatchObject({ status: 'Completed' });
    await aws.clock.advance({ hours: 19 });
    expect(await statuses('never')).toEqual(['Starting', 'Starting', 'Stopping', 'MaxWaitTimeExceeded']);
  });

  test('has its MaxRuntimeInSeconds for training, however long it waits', async () => {
    aws.script('long', Outcome.completesAfter({ minutes: 50 }));
    aws.inject(Fault.spotInterruption({ job: 'long', after: { minutes: 25 }, wait: { hours: 2 } }));
    await client.send(new CreateTrainingJobCommand(training('long', SPOT)));
    await aws.clock.advance({ hours: 2, minutes: 59 });
    expect(await aws.job('long')).toMatchObject({ secondaryStatus: 'Training' });
    await aws.clock.advance({ minutes: 1 });
    expect(await aws.job('long')).toMatchObject({ status: 'Stopped', secondaryStatus: 'MaxRuntimeExceeded' });
  });
});
