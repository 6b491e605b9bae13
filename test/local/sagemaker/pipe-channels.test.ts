import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { folderWith } from '../../support/folders';
import { CONTRACT_IMAGE, saidIn } from '../support/contract-image';
import { describeWithContainers, withContainers } from '../support/containers';
import { SageMakerBench } from '../support/sagemaker-bench';

jest.setTimeout(120_000);

const pipe = (more: object = {}, source: object = {}) => ({ ChannelName: 'train', InputMode: 'Pipe', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/parts/', ...source } }, ...more });
const READ = `import os
base = os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml") + "/input/data/train_"
for epoch in range(3):
    with open(base + str(epoch), "rb") as pipe: print(repr(pipe.read()))
print(os.path.exists(base + "0"), os.path.exists(base[:-1]))`;

async function benchWith(work: (bench: SageMakerBench) => Promise<void>): Promise<void> {
  const bench = await SageMakerBench.open();
  try {
    await work(bench);
  } finally {
    await bench.close();
  }
  expect(bench.problems).toEqual([]);
}

describe('a channel in Pipe mode', () => {
  test('is a pipe for each epoch, with one object after the other', () => benchWith(async (bench) => {
    await bench.s3.put('data', 'parts/1', 'one,');
    await bench.s3.put('data', 'parts/2', 'two');
    expect(await bench.train('pipe', READ, { InputDataConfig: [pipe()] })).toMatchObject({ TrainingJobStatus: 'Completed' });
    expect(bench.logOf('pipe').split('\n').slice(-4)).toEqual(["b'one,two'", "b'one,two'", "b'one,two'", 'False False']);
  }));

  test('is unpacked and wrapped as the request says', () => benchWith(async (bench) => {
    await bench.s3.put('data', 'parts/1', gzipSync('one'));
    await bench.s3.put('data', 'parts/2', gzipSync('four'));
    await bench.train('packed', READ, { InputDataConfig: [pipe({ CompressionType: 'Gzip' })] });
    expect(bench.logOf('packed')).toContain("b'onefour'");
    await bench.train('records', READ, { InputDataConfig: [pipe({ CompressionType: 'Gzip', RecordWrapperType: 'RecordIO' })] });
    expect(bench.logOf('records')).toContain(String.raw`b'\n#\xd7\xce\x03\x00\x00\x00one\x00\n#\xd7\xce\x04\x00\x00\x00four'`);
  }));

  test('may be left before its end, or never be read', () => benchWith(async (bench) => {
    await bench.s3.put('data', 'parts/1', Buffer.alloc(1 << 20, 'x'));
    const script = READ.replace('pipe.read()', 'pipe.read(2)');
    expect(await bench.train('early', script, { InputDataConfig: [pipe()] })).toMatchObject({ TrainingJobStatus: 'Completed' });
    expect(bench.logOf('early').match(/b'xx'/g)).toHaveLength(3);
    expect(await bench.train('unread', 'print("fine")', { InputDataConfig: [pipe()] })).toMatchObject({ TrainingJobStatus: 'Completed' });
  }));

  test('is not written to a file of this machine that a program has put a link to in its place', () => benchWith(async (bench) => {
    await bench.s3.put('data', 'parts/1', Buffer.alloc(1 << 20, 'x'));
    const file = join(folderWith({ file: 'as it was' }), 'file');
    // While the first pipe is being written to, nobody waits at the second.
    const script = `import os, time
base = os.environ["SAGEMAKER_BASE_DIR"] + "/input/data/train_"
pipe = open(base + "0")
pipe.read(1)
while not os.path.exists(base + "1"): time.sleep(0.01)
os.remove(base + "1")
os.symlink(${JSON.stringify(file)}, base + "1")
pipe.read()
while os.path.exists(base + "0"): time.sleep(0.01)
time.sleep(0.5)`;
    expect(await bench.train('link', script, { InputDataConfig: [pipe()] })).toMatchObject({ TrainingJobStatus: 'Completed' });
    expect(readFileSync(file, 'utf8')).toBe('as it was');
  }));

  test('fails without objects', () => benchWith(async (bench) => {
    expect((await bench.train('none', READ, { InputDataConfig: [pipe()] })).FailureReason).toContain('No S3 objects found under S3 URL "s3://data/parts/"');
  }));
});

describeWithContainers('a channel in Pipe mode, in a container,', () => {
  test('is a pipe of this machine', () => withContainers(async ({ bench, image }) => {
    await bench.s3.put('data', 'parts/1', 'one');
    const script = 'say({"read": [open("/opt/ml/input/data/train_%d" % epoch).read() for epoch in range(2)], "mode": config("inputdataconfig")["train"]["TrainingInputMode"]})';
    await bench.call('CreateTrainingJob', {
      ...await bench.trainingRequest('piped', ''), HyperParameters: { script: JSON.stringify(script) }, InputDataConfig: [pipe()], AlgorithmSpecification: { TrainingImage: image('contract', CONTRACT_IMAGE), TrainingInputMode: 'File' },
    });
    expect(await bench.jobEnd('piped')).toMatchObject({ TrainingJobStatus: 'Completed' });
    expect(saidIn(bench.logOf('piped'))).toEqual([{ read: ['one', 'one'], mode: 'Pipe' }]);
  }));
});
