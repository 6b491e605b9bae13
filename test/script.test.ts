import { Algorithm, ContainerImage, Script } from 'cdk-sagemaker';
import { join } from 'node:path';
import { allowing, flat, IMAGE_URI, jobOf, jobTemplate } from './support/stacks';

const SOURCE = join(__dirname, 'support', 'source');
const withScript = (script: Script, isolated = false) =>
  jobTemplate(() => ({ algorithm: Algorithm.image(ContainerImage.fromUri(IMAGE_URI), { script }), networkIsolation: isolated }));

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

  test('comes by the channel code under network isolation, where the container can download nothing', () => {
    const { Request } = jobOf(withScript(Script.fromDirectory(SOURCE, { entryPoint: 'train.py' }), true));
    const [{ ChannelName, DataSource: source }] = Request.InputDataConfig;
    expect(ChannelName).toBe('code');
    const file = flat(source.S3DataSource.S3Uri).split('/').pop();
    expect(JSON.parse(Request.HyperParameters.sagemaker_submit_directory)).toBe(`/opt/ml/input/data/code/${file}`);
  });

  test('counts by its files, not by where they lie', () => {
    const content = jobOf(withScript(Script.fromDirectory(SOURCE, { entryPoint: 'train.py' }))).Content;
    expect(Object.keys(content)).toEqual(['HyperParameters.sagemaker_submit_directory']);
    expect(jobOf(withScript(Script.fromDirectory(SOURCE, { entryPoint: 'train.py', exclude: ['serve.py'] }))).Content).not.toEqual(content);
  });

  test.each<[string, () => Script, string]>([
    ['a missing entry point', () => Script.fromDirectory(SOURCE, { entryPoint: 'main.py' }), 'Stack/Train: entryPoint must be one of the files of'],
    ['an entry point left out', () => Script.fromDirectory(SOURCE, { entryPoint: 'train.py', exclude: ['train.py'] }), 'entryPoint must be one of the files of'],
    ['a missing directory', () => Script.fromDirectory('/nowhere', { entryPoint: 'train.py' }), 'Stack/Train: script must be a directory, got /nowhere'],
    ['a file in place of a directory', () => Script.fromDirectory(__filename, { entryPoint: 'train.py' }), 'script must be a directory'],
    ['code in an artifact that does not exist yet', () => Script.inModelData({ entryPoint: 'train.py' }), 'algorithm.script must be Script.fromDirectory'],
  ])('rejects %s', (_what, script, message) => expect(() => withScript(script())).toThrow(message));
});
