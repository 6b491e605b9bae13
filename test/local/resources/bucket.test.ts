import { zip } from '../../../lib/local/zip';
import { failureOf, withLocalStack } from '../../support/local-stack';

const BUCKET = { Type: 'AWS::S3::Bucket' };
const deployment = (properties: object) => ({ Type: 'Custom::CDKBucketDeployment', Properties: {
  ServiceToken: 'arn:none', SourceBucketNames: ['assets'], SourceObjectKeys: ['a.zip'], DestinationBucketName: { Ref: 'B' }, DestinationBucketKeyPrefix: 'inputs/x', Prune: true, RetainOnDelete: false, ...properties,
} });

describe('a bucket', () => {
  test('is a real one, with a name that S3 takes', () => withLocalStack(async ({ deploy, destroy, s3 }) => {
    const { resources } = await deploy({ TheBucket: BUCKET });
    const name = resources.TheBucket?.physical?.physicalId as string;
    expect(name).toMatch(/^stack-thebucket-[a-z0-9]{13}$/);
    expect(resources.TheBucket?.physical?.attributes.Arn).toBe(`arn:aws:s3:::${name}`);
    expect(await s3.hasBucket(name)).toBe(true);
    await destroy();
    expect(await s3.hasBucket(name)).toBe(false);
  }));

  test('with objects is not deleted, unless they are to be deleted with it', () => withLocalStack(async ({ deploy, destroy, s3 }) => {
    const { resources } = await deploy({ B: BUCKET });
    await s3.put(resources.B?.physical?.physicalId as string, 'kept', 'x');
    const record = await destroy();
    expect(record.status).toBe('DELETE_FAILED');
    expect(failureOf(record)).toBe('The bucket you tried to delete is not empty');
  }));

  test('empties itself where the CDK was told so', () => withLocalStack(async ({ deploy, destroy, s3 }) => {
    const { resources } = await deploy({ B: BUCKET, Empty: { Type: 'Custom::S3AutoDeleteObjects', Properties: { ServiceToken: 'arn:none', BucketName: { Ref: 'B' } } } });
    await s3.put(resources.B?.physical?.physicalId as string, 'gone', 'x');
    expect(await destroy()).toMatchObject({ status: 'DELETE_COMPLETE' });
  }));
});

describe('a bucket deployment', () => {
  test('unpacks assets, drops what is no longer in them, and takes them away again', () => withLocalStack(async ({ deploy, destroy, s3 }) => {
    await s3.createBucket('assets');
    await s3.put('assets', 'a.zip', zip([{ path: 'one.csv', content: Buffer.from('1') }, { path: 'deep/two.csv', content: Buffer.from('2') }]));
    await s3.put('assets', 'b.zip', zip([{ path: 'one.csv', content: Buffer.from('<<name>>') }]));
    const { resources } = await deploy({ B: BUCKET, D: deployment({}) });
    const bucket = resources.B?.physical?.physicalId as string;
    const keys = async () => (await s3.list(bucket)).map(({ key }) => key);
    await s3.put(bucket, 'other', 'x');
    expect(await keys()).toEqual(['inputs/x/deep/two.csv', 'inputs/x/one.csv', 'other']);
    await deploy({ B: BUCKET, D: deployment({ SourceObjectKeys: ['b.zip'], SourceMarkers: [{ '<<name>>': { Ref: 'B' } }] }) });
    expect(await keys()).toEqual(['inputs/x/one.csv', 'other']);
    expect((await s3.get(bucket, 'inputs/x/one.csv')).toString()).toBe(bucket);
    await s3.delete(bucket, 'other');
    expect(await destroy()).toMatchObject({ status: 'DELETE_COMPLETE' });
  }));

  test('refuses by name what it does not do', () => withLocalStack(async ({ deploy, s3 }) => {
    await s3.createBucket('assets');
    expect(failureOf(await deploy({ B: BUCKET, D: deployment({ DistributionId: 'E1' }) }))).toBe('Not supported by the local AWS: DistributionId of a bucket deployment');
  }));
});
