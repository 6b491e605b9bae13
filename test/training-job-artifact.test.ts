import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Key } from 'aws-cdk-lib/aws-kms';
import { App, NestedStack, Stack as CoreStack, type Stack } from 'aws-cdk-lib/core';
import { Completion, ContainerImage, DataSource, Model, ModelData, OutputCompression, OutputLocation } from 'cdk-sagemaker';
import { allowing, bucketNamed, emptyStack, flat, IMAGE_URI, ofType, trainingIn, warnings } from './support/stacks';

const job = (template: Template, id: string) => ofType(template, 'Custom::SageMakerTrainingJob').find(([logicalId]) => logicalId.startsWith(id))![1];
const channelOf = (template: Template, id = 'Second') => job(template, id).Properties.Request.InputDataConfig[0];
const readable = (template: Template, id = 'SecondRole') => allowing(template, id, 's3:GetObject').flatMap((statement) => [statement.Resource].flat().map(flat));

/** A job, and another one that has something of it. */
function two(of: (first: ReturnType<typeof trainingIn>) => DataSource, output = OutputLocation.stackBucket()) {
  const stack = emptyStack();
  const first = trainingIn(stack, { output }, 'First');
  trainingIn(stack, { inputs: { model: of(first) } }, 'Second');
  return Template.fromStack(stack);
}

describe('Incremental training', () => {
  test('goes on from an artifact as the Python SDK does', () => {
    const stack = emptyStack();
    trainingIn(stack, { inputs: { model: DataSource.fromModelData(ModelData.fromS3Uri('s3://my-bucket/prev/output/model.tar.gz')) } }, 'Second');
    const template = Template.fromStack(stack);
    expect(channelOf(template)).toEqual({
      ChannelName: 'model',
      DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://my-bucket/prev/output/model.tar.gz', S3DataDistributionType: 'FullyReplicated' } },
      ContentType: 'application/x-sagemaker-model',
      InputMode: 'File',
    });
    expect(readable(template)).toEqual(['arn:<AWS::Partition>:s3:::my-bucket/prev/output/model.tar.gz']);
  });

  test('goes on from the artifact of another job: its address is of the run, what may be read is of all runs', () => {
    const template = two((first) => DataSource.fromModelData(first.modelData));
    expect(channelOf(template).DataSource.S3DataSource.S3Uri).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^FirstOutcome/), 'ModelArtifacts'] });
    expect(readable(template)).toEqual(['<SageMakerBucket4E4A68EC.Arn>/jobs/stack-first-*']);
  });

  test('takes another type, a revision and groups', () => {
    const stack = emptyStack();
    trainingIn(stack, { inputs: { start: DataSource.fromModelData(ModelData.fromS3Uri('s3://b/m.tar.gz'), { contentType: 'application/x-recordio', revision: '2' }) } }, 'Second');
    const template = Template.fromStack(stack);
    expect(channelOf(template)).toMatchObject({ ChannelName: 'start', ContentType: 'application/x-recordio', InputMode: 'File' });
    expect(job(template, 'Second').Properties.ChannelRevisions).toEqual({ start: '2' });
  });

  test('goes on from another artifact at the same address by its revision, or by that of the channel', () => {
    const revisions = (data: (stack: Stack) => DataSource) => {
      const stack = emptyStack();
      trainingIn(stack, { inputs: { model: data(stack) } }, 'Second');
      return job(Template.fromStack(stack), 'Second').Properties.ChannelRevisions;
    };
    expect(revisions(() => DataSource.fromModelData(ModelData.fromS3Uri('s3://b/m.tar.gz')))).toBeUndefined();
    expect(revisions(() => DataSource.fromModelData(ModelData.fromS3Uri('s3://b/m.tar.gz', { revision: '1' })))).toEqual({ model: '1' });
    expect(revisions((stack) => DataSource.fromModelData(ModelData.fromBucket(bucketNamed(stack, 'models'), 'm.tar.gz', { revision: '1' })))).toEqual({ model: '1' });
    expect(revisions(() => DataSource.fromModelData(ModelData.fromS3Uri('s3://b/m.tar.gz', { revision: '1' }), { revision: '2' }))).toEqual({ model: '2' });
  });

  test.each<[string, unknown, string]>([
    ['no characters', '', 'have 1 to 256 characters, got 0 characters'],
    ['257 characters', 'x'.repeat(257), 'have 1 to 256 characters, got 257 characters'],
    ['a number', 3, 'be text, got 3'],
  ])('rejects a revision of an artifact of %s', (_what, revision, message) => {
    expect(() => trainingIn(emptyStack(), { inputs: { model: DataSource.fromModelData(ModelData.fromS3Uri('s3://b/m.tar.gz', { revision: revision as never })) } }, 'Second'))
      .toThrow(`Stack/Second: modelData: revision must ${message}`);
  });

  test('rejects the artifact of a job whose end nobody waits for', () => {
    const stack = emptyStack();
    const first = trainingIn(stack, { completion: Completion.started() }, 'First');
    expect(() => trainingIn(stack, { inputs: { model: DataSource.fromModelData(first.modelData) } }, 'Second')).toThrow('Stack/First: completion must be Completion.finished() for modelArtifacts to be known');
    expect(() => trainingIn(stack, { inputs: { data: first.outputData() } }, 'Third')).toThrow('Stack/First: completion must be Completion.finished() for outputData to be known');
  });
});

describe('What a job has written', () => {
  test('is below the name of its run, and the other job waits for its end', () => {
    const template = two((first) => first.outputData());
    const [[outcome]] = ofType(template, 'Custom::SageMakerJobOutcome').filter(([id]) => id.startsWith('First'));
    expect(flat(channelOf(template).DataSource.S3DataSource.S3Uri)).toMatch(/^s3:\/\/<SageMakerBucket4E4A68EC>\/jobs\/<First[0-9A-F]+>\/output\/$/);
    expect(job(template, 'Second').DependsOn).toContain(outcome);
    expect(readable(template)).toEqual(['<SageMakerBucket4E4A68EC.Arn>/jobs/stack-first-*']);
  });

  test('is handed over in part, and as any other data', () => {
    const stack = emptyStack();
    const key = new Key(stack, 'Key');
    const first = trainingIn(stack, { output: OutputLocation.fromBucket(new Bucket(stack, 'Out'), '', { compression: OutputCompression.NONE, encryptionKey: key }) }, 'First');
    trainingIn(stack, { inputs: { model: first.outputData({ part: 'data/', contentType: 'text/csv', revision: '2' }) } }, 'Second');
    const template = Template.fromStack(stack);
    expect(flat(channelOf(template).DataSource.S3DataSource.S3Uri)).toMatch(/^s3:\/\/<Out[0-9A-F]+>\/<First[0-9A-F]+>\/output\/data\/$/);
    expect(channelOf(template)).toMatchObject({ ContentType: 'text/csv' });
    expect(readable(template)).toEqual([expect.stringMatching(/^<Out[0-9A-F]+\.Arn>\/stack-first-\*$/)]);
    expect(allowing(template, 'SecondRole', 'kms:Decrypt').map((statement) => flat(statement.Resource))).toEqual([expect.stringMatching(/^<Key/)]);
  });

  test('may be that of a job made elsewhere', () => {
    const stack = emptyStack();
    const first = trainingIn(stack, { adopt: { name: 'theirs' }, output: OutputLocation.fromBucket(bucketNamed(stack, 'out')) }, 'First');
    trainingIn(stack, { inputs: { data: first.outputData() } }, 'Second');
    expect(readable(Template.fromStack(stack))).toEqual(expect.arrayContaining([expect.stringMatching(/out\/stack-first-\*$/), expect.stringMatching(/out\/theirs\/\*$/)]));
  });
});

describe('What a run has written, in another stack', () => {
  const warned = (use: (there: Stack, first: ReturnType<typeof trainingIn>) => void, nested = false) => {
    const app = new App();
    const here = new CoreStack(app, 'Here');
    const there = nested ? new NestedStack(here, 'There') : new CoreStack(app, 'There');
    use(there, trainingIn(here, { output: OutputLocation.fromBucket(bucketNamed(here, 'jobs'), 'runs') }, 'First'));
    return warnings(nested ? here : there).filter((text) => text.includes('runAcrossStacks'));
  };
  const model = (there: Stack, first: ReturnType<typeof trainingIn>) => { new Model(there, 'Model', { image: ContainerImage.fromUri(IMAGE_URI), modelData: first.modelData }); };

  test.each<[string, Parameters<typeof warned>[0]]>([
    ['the artifact, for a model', model],
    ['the artifact, for a job', (there, first) => { trainingIn(there, { inputs: { model: DataSource.fromModelData(first.modelData) } }, 'Second'); }],
    ['the rest, for a job', (there, first) => { trainingIn(there, { inputs: { data: first.outputData() } }, 'Second'); }],
  ])('is an export that could not change, which is warned of: %s', (_what, use) => {
    expect(warned(use)).toEqual([expect.stringMatching(/^Here\/First is in another stack.*publishTo.*ModelData\.fromSsmParameter/)]);
  });

  test('is a parameter of a nested stack, which may change', () => expect(warned(model, true)).toEqual([]));
});
