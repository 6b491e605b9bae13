import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { S3Folder } from '../../../lib/local/s3-folder';
import { ContinuousUpload } from '../../../lib/local/sagemaker/continuous-upload';
import { addFolder } from '../../../lib/local/sagemaker/opt-ml';
import { uploadFolder } from '../../../lib/local/sagemaker/s3-source';
import { folderWith } from '../../support/folders';
import { ROLE, SageMakerBench, until } from '../support/sagemaker-bench';

let bench: SageMakerBench;
beforeAll(async () => { bench = await SageMakerBench.open(); });
afterAll(async () => {
  await bench.close();
  expect(bench.problems).toEqual([]);
});

const HEAD = 'import os, shutil, socket, sys\nml = os.environ["SAGEMAKER_BASE_DIR"]\n';
const keys = async (prefix: string) => (await bench.s3.list('out', prefix)).map(({ key }) => key.slice(prefix.length)).sort();
const membersOf = (key: string) => execFileSync('tar', ['-tzf', bench.s3.pathOf('out', key)]).toString().split('\n').filter((name) => name !== '').sort();

async function processed(name: string, script: string, outputs: ReadonlyArray<{ readonly path: string; readonly mode?: string }>): Promise<Record<string, unknown>> {
  await bench.call('CreateProcessingJob', {
    ProcessingJobName: name, RoleArn: ROLE, AppSpecification: { ImageUri: '123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1', ContainerEntrypoint: ['python3', '-c', `exec(${JSON.stringify(HEAD + script)})`] },
    ProcessingResources: { ClusterConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 1 } },
    ProcessingOutputConfig: { Outputs: outputs.map(({ path, mode = 'EndOfJob' }, index) => ({ OutputName: `o${index}`, S3Output: { S3Uri: `s3://out/${name}/${index}`, LocalPath: path, S3UploadMode: mode } })) },
  });
  return until(() => bench.call('DescribeProcessingJob', { ProcessingJobName: name }), (job) => /Completed|Failed|Stopped/.test(job.ProcessingJobStatus as string));
}

describe('of what a training job has left', () => {
  test.each([
    ['a link to a file of this machine', (secret: string) => `os.symlink(${JSON.stringify(secret)}, ml + "/output/failure")`],
    ['a pipe that nobody writes to', () => 'os.mkfifo(ml + "/output/failure")'],
    ['a folder', () => 'os.mkdir(ml + "/output/failure")'],
  ])('%s is no failure file', async (what, leave) => {
    const secret = join(folderWith({ secret: 'of this machine' }), 'secret');
    const job = await bench.train(`failure-${what.split(' ')[1]}`, `${HEAD}${leave(secret)}\nsys.exit("last words")`);
    expect(job.FailureReason).toMatch(/ErrorMessage "last words"/);
    expect(job.FailureReason).not.toContain('of this machine');
  });

  test('a very long failure file costs no more than its beginning', async () => {
    const job = await bench.train('failure-long', `${HEAD}file = open(ml + "/output/failure", "w"); file.write("begun "); file.truncate(1 << 36)\nsys.exit(3)`);
    expect(job.FailureReason).toMatch(/^AlgorithmError: begun /);
  });

  test.each(['output/data', 'model', 'checkpoints'])('a link in the place of %s leads to nothing', async (path) => {
    const outside = folderWith({ secret: 'of this machine' });
    const name = `link-${path.replace('/', '-')}`;
    for (const CompressionType of ['GZIP', 'NONE']) {
      const job = await bench.train(`${name}-${CompressionType}`, `${HEAD}shutil.rmtree(ml + "/${path}"); os.symlink(${JSON.stringify(outside)}, ml + "/${path}")`, {
        OutputDataConfig: { S3OutputPath: `s3://out/${name}`, CompressionType }, CheckpointConfig: { S3Uri: `s3://out/${name}/checkpoints` },
      });
      expect(job.TrainingJobStatus).toBe('Completed');
      if (path !== 'checkpoints') { expect(bench.logOf(`${name}-${CompressionType}`)).toContain(`/opt/ml/${path} is not the folder any more that it was: nothing of it is uploaded.`); }
    }
    expect((await keys(`${name}/`)).filter((key) => !key.endsWith('.tar.gz'))).toEqual([]);
    for (const key of await keys(`${name}/`)) { expect(membersOf(`${name}/${key}`)).toEqual(['./']); }
    expect(readdirSync(outside)).toEqual(['secret']);
  });

  test('a model folder that is gone is an empty archive, as in a container', async () => {
    const job = await bench.train('gone', `${HEAD}shutil.rmtree(ml + "/model")`);
    expect(job).toMatchObject({ TrainingJobStatus: 'Completed', ModelArtifacts: { S3ModelArtifacts: 's3://out/jobs/gone/output/model.tar.gz' } });
    expect(membersOf('jobs/gone/output/model.tar.gz')).toEqual(['./']);
  });

  test('links stay links in an archive, and neither they nor pipes and sockets are uploaded as files, which the log says', async () => {
    const leave = `${HEAD}for top in (ml + "/model/", ml + "/output/data/"):
  open(top + "a", "w").close(); os.symlink("a", top + "link"); os.symlink("/etc/passwd", top + "out"); os.mkfifo(top + "pipe")
os.chdir(ml + "/output/data"); socket.socket(socket.AF_UNIX).bind("socket")`;
    expect(await bench.train('kinds', leave)).toMatchObject({ TrainingJobStatus: 'Completed' });
    expect(membersOf('jobs/kinds/output/model.tar.gz')).toEqual(['./', './a', './link', './out', './pipe']);
    expect(execFileSync('tar', ['-tvzf', bench.s3.pathOf('out', 'jobs/kinds/output/model.tar.gz')]).toString()).toMatch(/link -> a\n/);
    expect(await bench.train('plain-kinds', leave, { OutputDataConfig: { S3OutputPath: 's3://out/jobs', CompressionType: 'NONE' } })).toMatchObject({ TrainingJobStatus: 'Completed' });
    expect(await keys('jobs/plain-kinds/output/')).toEqual(['data/a', 'model/a']);
    expect(bench.logOf('plain-kinds')).toMatch(/Not uploaded, since they are links, pipes, sockets or devices: .*\/opt\/ml\/output\/data\/socket/);
  });

  test('a checkpoint that can\'t be uploaded takes neither the other checkpoints nor the model along', async () => {
    await bench.s3.put('out', 'taken/checkpoints/a', 'an object');
    await bench.call('CreateTrainingJob', await bench.trainingRequest('taken', `${HEAD}
os.remove(ml + "/checkpoints/a"); os.mkdir(ml + "/checkpoints/a")
for name in ("/checkpoints/a/b", "/checkpoints/c", "/model/m", "/output/data/o"): open(ml + name, "w").close()`, { CheckpointConfig: { S3Uri: 's3://out/taken/checkpoints' } }));
    const job = await bench.jobEnd('taken');
    expect(job).toMatchObject({ TrainingJobStatus: 'Failed', FailureReason: expect.stringMatching(/^ClientError: Artifact upload failed: \/opt\/ml\/checkpoints\/a\/b: /), ModelArtifacts: { S3ModelArtifacts: 's3://out/jobs/taken/output/model.tar.gz' } });
    expect(job.FailureReason).not.toContain(bench.folder);
    expect([membersOf('jobs/taken/output/model.tar.gz'), membersOf('jobs/taken/output/output.tar.gz')]).toEqual([['./', './m'], ['./', './o']]);
    expect(await keys('taken/checkpoints/')).toEqual(['a', 'c']);
  });
});

describe('of what a processing job has left', () => {
  test.each(['link', 'pipe'])('a %s is no message', async (kind) => {
    const secret = join(folderWith({ secret: 'of this machine' }), 'secret');
    const job = await processed(`message-${kind}`, kind === 'pipe' ? 'os.mkfifo(ml + "/output/message")' : `os.symlink(${JSON.stringify(secret)}, ml + "/output/message")`, []);
    expect([job.ProcessingJobStatus, job.ExitMessage]).toEqual(['Completed', undefined]);
  });

  test('a link in the place of an output, or of a folder above it, leads to nothing', async () => {
    const outside = folderWith({ 'secret': '', 'inner/secret': '' });
    const job = await processed('outputs', `for path in ("/processing/whole", "/processing/always", "/processing/deep"): shutil.rmtree(ml + path); os.symlink(${JSON.stringify(outside)}, ml + path)`, [
      { path: '/opt/ml/processing/whole' }, { path: '/opt/ml/processing/always', mode: 'Continuous' }, { path: '/opt/ml/processing/deep/inner' }, { path: '/opt/ml/processing/deep/inner/', mode: 'Continuous' },
    ]);
    expect(job.ProcessingJobStatus).toBe('Completed');
    expect(await keys('outputs/')).toEqual([]);
    expect(await bench.logEvents('ProcessingJobs', 'outputs/')).toContain('/opt/ml/processing/whole is not the folder any more that it was');
  });
});

describe('files of a program', () => {
  test('are moved to those of another host but for names that are there, links as they are, whatever they are', async () => {
    const [from, to] = [folderWith({ 'both/b': 'second', 'both/same': 'second', 'file/in': 'second', 'folder': 'second', 'more/x': '' }), folderWith({ 'both/same': 'first', 'file': 'first', 'folder/in': 'first' })];
    symlinkSync('b', join(from, 'both', 'latest'));
    execFileSync('mkfifo', [join(from, 'pipe')]);
    const server = createServer().listen(join(from, 'socket'));
    await new Promise((resolve) => { server.on('listening', resolve); });
    await addFolder(from, to);
    const content = execFileSync('find', ['.', '-type', 'f', '-exec', 'sh', '-c', 'echo "$0 $(cat "$0")"', '{}', ';', '-o', '-type', 'l', '-printf', '%p -> %l\n', '-o', '-type', 'p', '-printf', '%p is a pipe\n'], { cwd: to });
    expect(content.toString().trim().split('\n').sort()).toEqual(['./both/b second', './both/latest -> b', './both/same first', './file first', './folder/in first', './more/x ', './pipe is a pipe']);
    await new Promise((resolve) => { server.close(resolve); });
  });

  test('are looked for where the folder was, not where a link leads that is there now', async () => {
    const [top, outside] = [folderWith({ 'folder/a': 'a' }), folderWith({ secret: '' })];
    const s3 = new S3Folder(join(top, 's3'));
    await s3.createBucket('data');
    const upload = await ContinuousUpload.start({ s3, folder: join(top, 'folder'), uri: 's3://data/to', every: 10 });
    execFileSync('sh', ['-c', 'mv folder away && ln -s "$0" folder', outside], { cwd: top });
    await new Promise((resolve) => { setTimeout(resolve, 60); });
    await upload.finish();
    expect(await s3.list('data')).toEqual([]);
    mkdirSync(join(top, 'other'));
    writeFileSync(join(top, 'other', 'b'), 'b');
    symlinkSync(outside, join(top, 'other', 'link'));
    expect(await uploadFolder(s3, join(top, 'other'), 's3://data/other')).toEqual(['link']);
    expect((await s3.list('data')).map(({ key }) => key)).toEqual(['other/b']);
  });
});
