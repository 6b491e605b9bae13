import { Template } from 'aws-cdk-lib/assertions';
import { App, CfnParameter, Stack } from 'aws-cdk-lib/core';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Algorithm, ContainerImage, Model, ModelData, Script, ScriptPlacement } from 'cdk-sagemaker';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { folderWith, tar } from './support/folders';
import { allowing, bucketNamed, emptyStack, flat, IMAGE_URI, jobOf, jobTemplate, only, trainingIn } from './support/stacks';

const SOURCE = join(__dirname, 'support', 'source');
const TRAIN = join(SOURCE, 'train.py');
const withScript = (script: Script | ((stack: Stack) => Script), isolated = false) => jobTemplate((stack) => ({
  algorithm: Algorithm.image(ContainerImage.fromUri(IMAGE_URI), { script: typeof script === 'function' ? script(stack) : script }), networkIsolation: isolated,
}));
const submitted = (template: ReturnType<typeof withScript>) => flat(jobOf(template).Request.HyperParameters.sagemaker_submit_directory);

/** What the container unpacks, as tar lists it. */
function packed(script: Script): string[] {
  const outdir = folderWith({});
  const stack = new Stack(new App({ outdir }), 'Stack');
  trainingIn(stack, { algorithm: Algorithm.image(ContainerImage.fromUri(IMAGE_URI), { script }) });
  return tar('-tzf', join(outdir, readdirSync(outdir).find((name) => name.endsWith('.tar.gz'))!));
}

describe('Script', () => {
  test('is found by the control hyperparameters, and may be read', () => {
    const template = withScript(Script.fromDirectory(SOURCE, { entryPoint: 'train.py' }));
    const { sagemaker_submit_directory, ...others } = jobOf(template).Request.HyperParameters;
    expect(others).toMatchObject({ sagemaker_program: '"train.py"', sagemaker_container_log_level: '20' });
    const uri = JSON.parse(flat(sagemaker_submit_directory));
    expect(uri).toMatch(/^s3:\/\/cdk-hnb659fds-assets-.*\/[0-9a-f]{64}\.gz$/);
    expect(allowing(template, 'TrainRole', 's3:GetObject').map((statement) => flat(statement.Resource)))
      .toEqual([uri.replace('s3://', 'arn:<AWS::Partition>:s3:::')]);
  });

  test.each<[string, Script]>([
    ['a directory', Script.fromDirectory(SOURCE, { entryPoint: 'train.py' })],
    ['a file', Script.fromFile(TRAIN)],
  ])('of %s comes by the channel code under network isolation, where the container can download nothing', (_what, script) => {
    const { Request } = jobOf(withScript(script, true));
    const [{ ChannelName, DataSource: source }] = Request.InputDataConfig;
    expect(ChannelName).toBe('code');
    const file = flat(source.S3DataSource.S3Uri).split('/').pop();
    expect(JSON.parse(Request.HyperParameters.sagemaker_submit_directory)).toBe(`/opt/ml/input/data/code/${file}`);
  });

  test('counts by its files, not by where they lie', () => {
    const content = jobOf(withScript(Script.fromDirectory(SOURCE, { entryPoint: 'train.py' }))).Content;
    expect(Object.keys(content)).toEqual(['HyperParameters.sagemaker_submit_directory']);
    expect(jobOf(withScript(Script.fromDirectory(folderWith({ 'train.py': '1' }), { entryPoint: 'train.py' }))).Content)
      .toEqual(jobOf(withScript(Script.fromFile(join(folderWith({ 'train.py': '1' }), 'train.py')))).Content);
    expect(jobOf(withScript(Script.fromDirectory(SOURCE, { entryPoint: 'train.py', exclude: ['serve.py'] }))).Content).not.toEqual(content);
  });

  test('of a directory has its files at the root, and each dependency by its own name beside them', () => {
    const source = folderWith({ 'train.py': '', 'requirements.txt': '', 'sub/helper.py': '', 'run.sh': '' });
    const other = folderWith({ 'lib/common/__init__.py': '', 'mylib/util.py': '', 'lib/common/tests/t.py': '' });
    const dependencies = [join(other, 'lib', 'common'), join(other, 'mylib', 'util.py')];
    expect(packed(Script.fromDirectory(source, { entryPoint: 'train.py', dependencies, exclude: ['common/tests'] })))
      .toEqual(['common/', 'common/__init__.py', 'requirements.txt', 'run.sh', 'sub/', 'sub/helper.py', 'train.py', 'util.py']);
  });

  test('of a file has the file at the root, which is the one to start, and nothing of the directory it is in', () => {
    expect(packed(Script.fromFile(TRAIN))).toEqual(['train.py']);
    expect(packed(Script.fromFile(TRAIN, { dependencies: [join(folderWith({ 'util/a.py': '' }), 'util')] }))).toEqual(['train.py', 'util/', 'util/a.py']);
    expect(jobOf(withScript(Script.fromFile(TRAIN))).Request.HyperParameters.sagemaker_program).toBe('"train.py"');
  });

  test('says where its files are on this machine, where the CDK is asked for such paths, and nowhere else', () => {
    const sources = (context: object) => {
      const other = folderWith({ 'common/a.py': '' });
      const stack = new Stack(new App({ context: { ...context } }), 'Stack');
      const training = trainingIn(stack, { algorithm: Algorithm.image(ContainerImage.fromUri(IMAGE_URI), { script: Script.fromDirectory(SOURCE, { entryPoint: 'train.py', dependencies: [join(other, 'common')] }) }) });
      return { other, found: training.node.metadata.filter(({ type }) => type === 'cdk-sagemaker:source').map(({ data }) => data as object) };
    };
    expect(sources({}).found).toEqual([]);
    const { other, found } = sources({ 'aws:cdk:enable-asset-metadata': true });
    expect(found).toEqual([{ archive: expect.stringMatching(/^[0-9a-f]{64}\.gz$/), roots: [{ path: SOURCE, name: '' }, { path: join(other, 'common'), name: 'common' }] }]);
  });

  test('may start another file, in a folder too, and be named with a dot', () => {
    const source = folderWith({ 'train.py': '', 'sub/other.py': '' });
    const program = (script: Script) => jobOf(withScript(script)).Request.HyperParameters.sagemaker_program;
    expect(program(Script.fromDirectory(source, { entryPoint: 'train.py' }).withEntryPoint('sub/other.py'))).toBe('"sub/other.py"');
    expect(program(Script.fromDirectory(source, { entryPoint: './train.py' }))).toBe('"./train.py"');
    expect(program(Script.fromFile(join(source, 'train.py'), { dependencies: [join(source, 'sub')] }).withEntryPoint('sub/other.py'))).toBe('"sub/other.py"');
  });

  test('says whether it is one file', () => {
    const stack = emptyStack();
    const { role } = trainingIn(stack);
    const isSingle = (script: Script) => script.bind(stack, role).isSingleFile ?? false;
    expect(isSingle(Script.fromFile(TRAIN))).toBe(true);
    expect(isSingle(Script.fromFile(TRAIN, { dependencies: [join(SOURCE, 'serve.py')] }).withEntryPoint('serve.py'))).toBe(true);
    expect(isSingle(Script.fromDirectory(SOURCE, { entryPoint: 'train.py' }))).toBe(false);
    expect(isSingle(Script.fromS3Uri('s3://code/a.tar.gz', { entryPoint: 'train.py' }))).toBe(false);
  });

  test.each<[string, () => Script, string]>([
    ['a missing entry point', () => Script.fromDirectory(SOURCE, { entryPoint: 'main.py' }), 'Stack/Train: entryPoint must be one of the files of'],
    ['a missing entry point, with what there is', () => Script.fromDirectory(SOURCE, { entryPoint: 'main.py' }), '(serve.py, train.py), got main.py'],
    ['an entry point left out', () => Script.fromDirectory(SOURCE, { entryPoint: 'train.py', exclude: ['train.py'] }), 'entryPoint must be one of the files of'],
    ['an entry point outside', () => Script.fromDirectory(SOURCE, { entryPoint: '../source/train.py' }), 'entryPoint must be one of the files of'],
    ['another entry point than the file', () => Script.fromFile(TRAIN).withEntryPoint('serve.py'), 'entryPoint must be one of the files of'],
    ['an entry point in S3', () => Script.fromDirectory(SOURCE, { entryPoint: 's3://bucket/train.py' }), 'Stack/Train: entryPoint must be the name of a file of the code, relative to its root, got s3://bucket/train.py'],
    ['an entry point in S3 beside code in S3', () => Script.fromS3Uri('s3://bucket/a.tar.gz', { entryPoint: 's3://bucket/train.py' }), 'entryPoint must be the name of a file of the code'],
    ['no entry point', () => Script.fromS3Uri('s3://bucket/a.tar.gz', { entryPoint: '' }), 'entryPoint must be the name of a file of the code'],
    ['a missing directory', () => Script.fromDirectory('/nowhere', { entryPoint: 'train.py' }), 'Stack/Train: script must be a directory, got /nowhere'],
    ['a file in place of a directory', () => Script.fromDirectory(__filename, { entryPoint: 'train.py' }), 'script must be a directory'],
    ['a missing file', () => Script.fromFile('/nowhere/train.py'), 'Stack/Train: script must be a file, got /nowhere/train.py'],
    ['a directory in place of a file', () => Script.fromFile(SOURCE), 'script must be a file'],
    ['a directory in S3', () => Script.fromDirectory('s3://bucket/a.tar.gz', { entryPoint: 'train.py' }), 'script must be local (Script.fromS3Uri takes an archive that lies in S3)'],
    ['a file in S3', () => Script.fromFile('S3://bucket/train.py'), 'script must be local'],
    ['a missing dependency', () => Script.fromFile(TRAIN, { dependencies: [SOURCE, '/nowhere/lib'] }), 'Stack/Train: script.dependencies must be files and directories, got /nowhere/lib'],
    ['a dependency of a name that is taken', () => Script.fromDirectory(SOURCE, { entryPoint: 'train.py', dependencies: [join(folderWith({ 'serve.py': '' }), 'serve.py')] }), 'Stack/Train: script must be code that can be packed: serve.py would come from'],
    ['code in an artifact that does not exist yet', () => Script.inModelData({ entryPoint: 'train.py' }), 'algorithm.script must be Script.fromDirectory'],
    ['something else than S3', () => Script.fromS3Uri('https://bucket/a.tar.gz', { entryPoint: 'train.py' }), 'Stack/Train: script must be an archive at s3://bucket/key, got https://bucket/a.tar.gz'],
    ['a folder in S3', () => Script.fromS3Uri('s3://bucket/code/', { entryPoint: 'train.py' }), 'Stack/Train: script must be one archive in S3: the container unpacks an object, and no folder, got s3://bucket/code/'],
    ['another archive', () => Script.fromS3Uri('s3://bucket/code.zip', { entryPoint: 'train.py' }), 'Stack/Train: script must be an archive that ends in .tar.gz (or .tgz), which is what the container unpacks, got s3://bucket/code.zip'],
    ['a compressed file in S3', () => Script.fromS3Uri('s3://bucket/train.py.gz', { entryPoint: 'train.py' }), 'script must be an archive that ends in .tar.gz'],
    ['a file of code in S3', () => Script.fromS3Uri('s3://bucket/train.py', { entryPoint: 'train.py' }), 'script must be an archive that ends in .tar.gz'],
    ['a bucket', () => Script.fromS3Uri('s3://bucket', { entryPoint: 'train.py' }), 'script must be one archive in S3'],
  ])('rejects %s', (_what, script, message) => expect(() => withScript(script())).toThrow(message));
});

describe('Script in S3', () => {
  const inS3 = (revision?: string) => Script.fromS3Uri('s3://code-bucket/code/sourcedir.tar.gz', { entryPoint: 'train.py', revision });

  test.each<[string, (stack: Stack) => Script]>([
    ['its URI', () => inS3()],
    ['its bucket', (stack) => Script.fromBucket(bucketNamed(stack, 'code-bucket'), 'code/sourcedir.tar.gz', { entryPoint: 'train.py' })],
  ])('by %s is used as it lies there, and this object alone may be read', (_what, script) => {
    const template = withScript(script);
    expect(submitted(template)).toBe('"s3://code-bucket/code/sourcedir.tar.gz"');
    expect(jobOf(template).Request.HyperParameters.sagemaker_program).toBe('"train.py"');
    expect(allowing(template, 'TrainRole', 's3:GetObject').map((statement) => flat(statement.Resource))).toEqual(['arn:<AWS::Partition>:s3:::code-bucket/code/sourcedir.tar.gz']);
  });

  test('comes by the channel code under network isolation, by the name it has', () => {
    const { Request } = jobOf(withScript(Script.fromS3Uri('s3://code-bucket/code/mine.tgz', { entryPoint: 'train.py' }), true));
    expect(Request.InputDataConfig).toEqual([expect.objectContaining({ ChannelName: 'code', DataSource: { S3DataSource: expect.objectContaining({ S3Uri: 's3://code-bucket/code/mine.tgz' }) } })]);
    expect(Request.HyperParameters.sagemaker_submit_directory).toBe('"/opt/ml/input/data/code/mine.tgz"');
  });

  test('is taken to be called sourcedir.tar.gz when its name is known at deployment only', () => {
    const { Request } = jobOf(withScript((stack) => Script.fromBucket(bucketNamed(stack, 'code-bucket'), new CfnParameter(stack, 'Key').valueAsString, { entryPoint: 'train.py' }), true));
    expect(Request.HyperParameters.sagemaker_submit_directory).toBe('"/opt/ml/input/data/code/sourcedir.tar.gz"');
  });

  test('counts by its address and its revision', () => {
    const contents = [inS3(), inS3('1'), inS3('2'), Script.fromS3Uri('s3://other/sourcedir.tar.gz', { entryPoint: 'train.py', revision: '1' })].map((script) => jobOf(withScript(script)).Content);
    expect(contents.map((content) => content['HyperParameters.sagemaker_submit_directory'])).toEqual([
      's3://code-bucket/code/sourcedir.tar.gz', 's3://code-bucket/code/sourcedir.tar.gz 1', 's3://code-bucket/code/sourcedir.tar.gz 2', 's3://other/sourcedir.tar.gz 1',
    ]);
  });

  test('may be decrypted with the key it is encrypted with', () => {
    const template = withScript((stack) => Script.fromBucket(bucketNamed(stack, 'code-bucket'), 'a.tar.gz', { entryPoint: 'train.py', encryptionKey: new Key(stack, 'Key') }));
    expect(allowing(template, 'TrainRole', 'kms:Decrypt').map((statement) => flat(statement.Resource))).toEqual([expect.stringMatching(/^<Key.*\.Arn>$/)]);
  });

  test('serves a model, with a file of its own to start', () => {
    const stack = emptyStack();
    new Model(stack, 'Model', { image: ContainerImage.fromUri(IMAGE_URI), modelData: ModelData.fromS3Uri('s3://path/to/model.tar.gz'), script: inS3(), entryPoint: 'mnist.py', scriptPlacement: ScriptPlacement.DOWNLOADED });
    expect(only(Template.fromStack(stack), 'AWS::SageMaker::Model').Properties.PrimaryContainer.Environment)
      .toMatchObject({ SAGEMAKER_PROGRAM: 'mnist.py', SAGEMAKER_SUBMIT_DIRECTORY: 's3://code-bucket/code/sourcedir.tar.gz' });
  });
});
