import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Folder } from '../../../lib/local/s3-folder';
import { ContinuousUpload } from '../../../lib/local/sagemaker/continuous-upload';
import { until } from '../support/sagemaker-bench';

let top: string;
let folder: string;
let s3: S3Folder;
beforeEach(async () => {
  top = mkdtempSync(join(tmpdir(), 'upload-'));
  folder = join(top, 'folder');
  mkdirSync(join(folder, 'sub'), { recursive: true });
  s3 = new S3Folder(join(top, 's3'));
  await s3.createBucket('data');
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

const start = (every = 20) => ContinuousUpload.start({ s3, folder, uri: 's3://data/to/', every });
const keys = async () => (await s3.list('data')).map(({ key }) => key);
const text = (key: string) => s3.get('data', key).then(String, () => undefined);

describe('what is uploaded all along', () => {
  test('is what is new or has changed, and not what was there before', async () => {
    writeFileSync(join(folder, 'old'), 'old');
    const upload = await start();
    writeFileSync(join(folder, 'sub', 'new'), 'one');
    await until(() => text('to/sub/new'), (found) => found === 'one');
    writeFileSync(join(folder, 'sub', 'new'), 'second');
    await until(() => text('to/sub/new'), (found) => found === 'second');
    await upload.finish();
    expect(await keys()).toEqual(['to/sub/new']);
  });

  test('is never half of a file that is being written', async () => {
    const upload = await start(40);
    const seen = new Set<string | undefined>();
    for (let part = 0; part < 40; part += 1) {
      appendFileSync(join(folder, 'growing'), 'x');
      seen.add(await text('to/growing'));
      await new Promise((resolve) => { setTimeout(resolve, 5); });
    }
    await upload.finish();
    expect([...seen]).toEqual([undefined]);
    expect(await text('to/growing')).toBe('x'.repeat(40));
  });

  test('is all that is left at the end, and nothing once it was stopped', async () => {
    const upload = await start(60_000);
    writeFileSync(join(folder, 'a'), 'a');
    await upload.finish();
    expect(await keys()).toEqual(['to/a']);
    const stopped = await start(1);
    await stopped.stop();
    writeFileSync(join(folder, 'b'), 'b');
    await new Promise((resolve) => { setTimeout(resolve, 50); });
    expect(await keys()).toEqual(['to/a']);
  });
});
