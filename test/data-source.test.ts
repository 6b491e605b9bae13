import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type App, type Stack } from 'aws-cdk-lib/core';
import { DataSource } from 'cdk-sagemaker';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allowing, emptyStack, flat, jobOf, jobTemplate, ofType, only, trainingIn } from './support/stacks';

const withData = (data: (stack: Stack) => { [channel: string]: DataSource }) => jobTemplate((stack) => ({ inputs: data(stack) }));
const uris = (template: Template) => jobOf(template).Request.InputDataConfig.map((channel: any) => flat(channel.DataSource.S3DataSource.S3Uri));

function folderWith(files: { [name: string]: string }): string {
  const folder = mkdtempSync(join(tmpdir(), 'data-'));
  for (const [name, contents] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), contents);
  }
  return folder;
}

describe('DataSource', () => {
  test('in a bucket may be read below its prefix, and nothing else in the bucket', () => {
    const template = withData((stack) => ({ train: DataSource.fromBucket(new Bucket(stack, 'Data', { encryptionKey: new Key(stack, 'Key') }), 'train/') }));
    const read = allowing(template, 'TrainRole', 's3:GetObject').map((statement) => flat(statement.Resource));
    expect(read).toEqual([expect.stringMatching(/^<Data[0-9A-F]+\.Arn>\/train\/\*$/)]);
    expect(allowing(template, 'TrainRole', 's3:ListBucket')[0].Condition).toEqual({ StringLike: { 's3:prefix': ['train/*'] } });
    expect(allowing(template, 'TrainRole', 'kms:Decrypt')).toMatchObject([{ Action: 'kms:Decrypt', Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] } }]);
  });

  test('by its URI is as good as a bucket', () => {
    const template = withData(() => ({ train: DataSource.fromS3Uri('s3://data/train/') }));
    expect(uris(template)).toEqual(['s3://data/train/']);
    expect(allowing(template, 'TrainRole', 's3:GetObject').map((statement) => flat(statement.Resource))).toEqual(['arn:<AWS::Partition>:s3:::data/train/*']);
  });

  test('by its URI is sent to the letter, a bucket as a whole without a slash too', () => {
    const template = withData(() => ({ train: DataSource.fromS3Uri('s3://data'), test: DataSource.fromS3Uri('s3://data/') }));
    expect(uris(template)).toEqual(['s3://data', 's3://data/']);
    expect(allowing(template, 'TrainRole', 's3:GetObject').map((statement) => flat(statement.Resource))).toEqual(['arn:<AWS::Partition>:s3:::data/*']);
  });

  test('of the app is unpacked under the hash of its files, which counts in place of the address', () => {
    const folder = folderWith({ 'a.csv': '1', 'deep/b.csv': '2', '.DS_Store': 'x' });
    const template = withData(() => ({ train: DataSource.fromAsset(folder) }));
    const hash = jobOf(template).Content['InputDataConfig.train.DataSource.S3DataSource.S3Uri'];
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(uris(template)).toEqual([`s3://<SageMakerBucket4E4A68EC>/inputs/${hash}/`]);
    expect(only(template, 'Custom::CDKBucketDeployment').Properties).toMatchObject({
      DestinationBucketKeyPrefix: `inputs/${hash}/`, Prune: false, RetainOnDelete: true,
    });
  });

  test('of the app keeps the names of its files, and of a single file takes that one along', () => {
    const folder = folderWith({ 'a.csv': '1', 'other.csv': '2' });
    const stack = emptyStack();
    trainingIn(stack, { inputs: { one: DataSource.fromAsset(join(folder, 'a.csv')), all: DataSource.fromAsset(folder) } });
    const { directory } = (stack.node.root as App).synth();
    const listings = readdirSync(directory).filter((name) => name.startsWith('asset.')).map((name) => readdirSafe(join(directory, name)).join());
    expect(listings).toEqual(expect.arrayContaining(['a.csv', 'a.csv,other.csv']));
  });

  test('of the app is unpacked once however often it is used', () => {
    const folder = folderWith({ 'a.csv': '1' });
    const stack = emptyStack();
    trainingIn(stack, { inputs: { a: DataSource.fromAsset(folder), b: DataSource.fromAsset(folder) } }, 'One');
    trainingIn(stack, { inputs: { a: DataSource.fromAsset(folder) } }, 'Two');
    expect(ofType(Template.fromStack(stack), 'Custom::CDKBucketDeployment')).toHaveLength(1);
  });

  test('of the app goes to the bucket it is told', () => {
    const folder = folderWith({ 'a.csv': '1' });
    const template = withData((stack) => ({ own: DataSource.fromAsset(folder, { bucket: new Bucket(stack, 'Mine') }), stacks: DataSource.fromAsset(folder) }));
    expect(ofType(template, 'Custom::CDKBucketDeployment').map(([, { Properties }]) => flat(Properties.DestinationBucketName)))
      .toEqual([expect.stringMatching(/^<Mine/), '<SageMakerBucket4E4A68EC>']);
  });

  test('has the same hash whatever folder it is in', () => {
    const hash = (folder: string) => jobOf(withData(() => ({ train: DataSource.fromAsset(folder) }))).Content;
    expect(hash(folderWith({ 'a.csv': '1' }))).toEqual(hash(folderWith({ 'a.csv': '1' })));
    expect(hash(folderWith({ 'a.csv': '1' }))).not.toEqual(hash(folderWith({ 'b.csv': '1' })));
  });

  test('rejects what is not there, and what is empty', () => {
    expect(() => withData(() => ({ train: DataSource.fromAsset('/nowhere') }))).toThrow(/Stack\/Train: inputs must be files that can be uploaded: .*ENOENT.*got \/nowhere/);
    expect(() => withData(() => ({ train: DataSource.fromAsset(folderWith({})) }))).toThrow('there are no files in it');
  });
});

function readdirSafe(path: string): string[] {
  try { return readdirSync(path).sort(); } catch { return [readFileSync(path).length > 0 ? 'file' : 'empty']; }
}
