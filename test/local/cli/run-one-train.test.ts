import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { S3Folder } from '../../../lib/local/s3-folder';
import { builtCli } from '../../support/built-cli';
import { inRunApp, TRAIN, trainingStack, type RunApp } from '../../support/run-app';

jest.setTimeout(120_000);

/** What the script has been given. */
interface Layout {
  readonly files: { readonly [path: string]: string };
  readonly environment: { readonly [name: string]: string };
  readonly arguments: readonly string[];
  readonly channels: readonly string[];
  readonly links: readonly string[];
}

const layoutIn = (folder: string) => JSON.parse(execFileSync('tar', ['-xzOf', join(folder, 'output.tar.gz'), './layout.json'], { encoding: 'utf8' })) as Layout;
const modelIn = (folder: string) => execFileSync('tar', ['-xzOf', join(folder, 'model.tar.gz'), './model.txt'], { encoding: 'utf8' });
const isRunning = (pid: number) => existsSync(`/proc/${pid}/stat`) && !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
const runsOf = ({ folder }: RunApp, construct: string) => readdirSync(join(folder, '.cdk-sagemaker', 'runs', construct));

describe('cdk-sagemaker local train', () => {
  test('runs the job of a construct with its data, shows its log and metrics, and leaves model and output', () => inRunApp(async (app) => {
    const { code, out, err } = await app.run(['train', 'App/Train', '--picture', 'loss.svg']);
    expect(err).toMatch(/Training seconds: \d+\n/);
    expect(code).toBe(0);
    expect(out).toMatch(/^epoch=1 loss=1\.000; pid=\d+;\nepoch=2 loss=0\.500; pid=\d+;\nepoch=3 loss=0\.333; pid=\d+;\n$/);
    expect(err).toContain(`source: ${app.source}, as on disk now\n`);
    expect(err).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d Completed - Training job completed$/m);
    expect(err).toMatch(/^loss +0\.333 +0\.333 +1 +3$/m);
    expect(err).toMatch(/^ +1 │•/m);
    expect(err).not.toContain('\u001b');
    const model = /^Model: (file:\/\/.*\/model\.tar\.gz)$/m.exec(err)?.[1] as string;
    expect(modelIn(join(fileURLToPath(model), '..'))).toBe('none');
    expect(readFileSync(join(app.folder, 'loss.svg'), 'utf8')).toContain('<svg');
  }));

  test('gives the script what a container of the job has: configuration, channels, variables', () => inRunApp(async (app) => {
    const result = await app.json('train', 'App/Train', '--output', './out', '--name', 'mine');
    expect(result).toMatchObject({ ok: true, path: 'App/Train', job: 'mine', status: 'Completed', exitCode: 0, metrics: { loss: 0.333 }, files: ['model.tar.gz', 'output.tar.gz'] });
    const { files, environment, channels, links } = layoutIn(join(app.folder, 'out'));
    const config = (name: string) => JSON.parse(files[`input/config/${name}.json`] as string) as object;
    expect(config('hyperparameters')).toEqual({ epochs: '3', sagemaker_program: '"train.py"', sagemaker_submit_directory: '"/opt/ml/code"', sagemaker_job_name: '"mine"' });
    expect(config('resourceconfig')).toMatchObject({ current_host: 'algo-1', hosts: ['algo-1'], network_interface_name: 'eth0' });
    expect(config('inputdataconfig')).toMatchObject({ train: { TrainingInputMode: 'File' } });
    expect({ channels, links }).toEqual({ channels: ['train'], links: [] });
    expect(files['input/data/train/train.csv']).toBe('1,2\n');
    expect(files['input/data/train/deep/more.csv']).toBe('3,4\n');
    expect(environment).toMatchObject({ TRAINING_JOB_NAME: 'mine', AWS_REGION: 'us-east-1', SM_CHANNELS: '["train"]', AWS_ENDPOINT_URL_S3: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) });
    expect(environment.SM_CHANNEL_TRAIN).toMatch(/\/input\/data\/train$/);
  }));

  test('takes channels from folders and files of this machine without copying them, and adds them', () => inRunApp(async (app) => {
    app.write('data/a.csv', 'a');
    const file = app.write('one file.csv', 'one');
    await app.json('train', 'App/Train', '--channel', 'train=./data', '--channel', `test=file://${file.replaceAll(' ', '%20')}`, '--output', 'out');
    const { files, channels, links } = layoutIn(join(app.folder, 'out'));
    expect(channels).toEqual(['test', 'train']);
    expect(links).toEqual(['train']);
    expect(files['input/data/test/one file.csv']).toBe('one');
    expect(JSON.parse(files['input/config/inputdataconfig.json'] as string)).toMatchObject({ train: { TrainingInputMode: 'File' }, test: { TrainingInputMode: 'File' } });
    expect(readFileSync(file, 'utf8')).toBe('one');
    expect(readFileSync(join(app.folder, 'data', 'a.csv'), 'utf8')).toBe('a');
  }));

  test('takes hyperparameters as scripts read them, and variables', () => inRunApp(async (app) => {
    await app.json('train', '--hyperparameter', 'epochs=1', '--hyperparameter', 'word=a b=c', '--hyperparameter', 'layers=[1, 2]', '--environment', 'MY=value', '--output', 'out');
    const { files, environment, arguments: args } = layoutIn(join(app.folder, 'out'));
    expect(JSON.parse(files['input/config/hyperparameters.json'] as string)).toMatchObject({ epochs: '1', word: '"a b=c"', layers: '[1, 2]' });
    expect(args).toEqual(['--epochs', '1', '--layers', '[1, 2]', '--word', 'a b=c']);
    expect(environment.MY).toBe('value');
  }));

  test('runs the script as it is on disk now, without another synthesis', () => inRunApp(async (app) => {
    app.write('src/train.py', `${TRAIN}\nprint("edited")\n`);
    expect((await app.run(['train'])).out).toContain('edited\n');
    app.write('other/train.py', 'print("another")\n');
    const other = await app.run(['train', '--source', './other']);
    expect(other.out).toBe('another\n');
    expect(other.err).toContain(`source: ${join(app.folder, 'other')}, as on disk now`);
    expect(await app.run(['train', '--source', './data'])).toMatchObject({ code: 1, err: expect.stringContaining('Invalid data source: ') });
    app.write('empty/x.py', '');
    expect((await app.run(['train', '--source', 'empty'])).err).toContain('has no file train.py, which the job is to run');
  }));

  test('lists what there is where a path names nothing, or several', () => inRunApp(async (app) => {
    expect(await app.run(['train', 'App/Tune'])).toMatchObject({ code: 1, out: '', err: 'there is no training job at App/Tune, which is a tuning job: `local tune` runs it; the app has\n  App/Train\n' });
    app.stacks({ App: trainingStack(), 'Prod/Shop': trainingStack() });
    expect((await app.run(['train'])).err).toBe('the app has several, say which training job:\n  App/Train\n  Prod/Shop/Train\n');
    expect(await app.json('train', 'Prod/Shop/Train/Resource', '--hyperparameter', 'epochs=1')).toMatchObject({ path: 'Prod/Shop/Train', status: 'Completed' });
    expect(await app.json('train', 'Prod', '--hyperparameter', 'epochs=1')).toMatchObject({ path: 'Prod/Shop/Train' });
  }));

  test('runs an isolated job, whose code comes by a channel, with the files on disk', () => inRunApp(async (app) => {
    const code = { 'Fn::Sub': 's3://assets-${AWS::AccountId}/code0123.tar.gz' };
    app.stacks({ App: trainingStack({ request: {
      EnableNetworkIsolation: true, InputDataConfig: [{ ChannelName: 'code', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: code, S3DataDistributionType: 'FullyReplicated' } } }],
      HyperParameters: { sagemaker_program: '"train.py"', sagemaker_submit_directory: '"/opt/ml/input/data/code/code0123.tar.gz"' },
    } }) });
    expect(await app.json('train', '--output', 'out')).toMatchObject({ status: 'Completed' });
    expect(layoutIn(join(app.folder, 'out')).files['input/config/hyperparameters.json']).toContain('"\\"/opt/ml/code\\""');
  }));

  test('brings a script together that comes from several places, and takes that of the assembly where it is not on disk', () => inRunApp(async (app) => {
    app.write('lib/common/words.py', 'WORD = "common"\n');
    app.write('src/train.py', 'import common.words\nprint(common.words.WORD)\n');
    app.stacks({ App: trainingStack() }, [{ path: app.source, name: '' }, { path: join(app.folder, 'lib', 'common'), name: 'common' }]);
    expect((await app.run(['train'])).out).toBe('common\n');
    app.stacks({ App: trainingStack() }, [{ path: join(app.folder, 'gone'), name: '' }]);
    app.write('packed/train.py', 'print("packed")\n');
    execFileSync('tar', ['-czf', join(app.folder, 'cdk.out', 'asset.code.tar.gz'), '-C', join(app.folder, 'packed'), '.']);
    const { out, err } = await app.run(['train']);
    expect(out).toBe('packed\n');
    expect(err).toContain('source: code0123.tar.gz, as synthesized; --source <folder> takes the files on disk\n');
  }));

  test.each([
    ['--channel train=./nowhere', /^Invalid data source: .*\/nowhere does not exist\.$/],
    ['--channel train=file:///etc', /^Local Mode does not support mounting from restricted system paths\. Got: \/etc$/],
    [`--channel train=${join(homedir(), '.aws', 'x')}`, /^Local Mode does not support mounting from restricted system paths\. Got: .*\.aws\/x$/],
    ['--channel train=/', /^Local Mode does not support mounting from restricted system paths\. Got: \/$/],
    ['--channel train=file:///proc/self', /^Local Mode does not support mounting from restricted system paths\. Got: \/proc\/self$/],
    ['--channel train=', /^--channel train must not be empty$/],
    ['--output=', /^--output must not be empty$/],
    ['--source=', /^--source must not be empty$/],
    ['--instance-type m5.large', /^--instance-type must be an instance type of training jobs, got m5\.large; did you mean ml\.m5\.large\?$/],
    ['--name bad_name', /^--name must be at most 63 letters, digits and dashes between them, got bad_name$/],
    ['--app nothing.out', /^--app nothing\.out: no such folder or command$/],
    ['--channel train=http://x/y', /^Invalid data source: http:\/\/x\/y is neither a path nor a file:\/\/ or s3:\/\/ URI\.$/],
    ['--channel train=s3://none/there', /the data of channel train are not here: there is nothing at s3:\/\/none\/there in the local S3/],
    ['--channel ./data', /^--channel must be name=value, got \.\/data$/],
    ['--hyperparameter epochs', /^--hyperparameter must be name=value, got epochs$/],
    ['--environment 1=x', /^--environment must be name=value, got 1=x$/],
    ['--max-runtime soon', /^--max-runtime must be a time \(90s, 10m, 2h, 1d\), got soon$/],
    ['--instance-count 0', /^--instance-count must be a number from 1, got 0$/],
    ['--output s3://b/x', /^App\/Train: --output must be a folder or a file:\/\/ URI, got s3:\/\/b\/x$/],
    ['--mode box', /^--mode must be one of auto, container, process, got box$/],
    ['--picture x.png', /^--picture must be a file that ends in \.svg or \.html, got x\.png$/],
  ])('refuses %s before anything runs, and leaves no run behind', (options, message) => inRunApp(async (app) => {
    const { code, out, err } = await app.run(['train', 'App/Train', ...options.split(' ')]);
    expect({ code, out }).toEqual({ code: / must (not )?be /.test(err) ? 2 : 1, out: '' });
    expect(err.trimEnd().split('\n').at(-1)).toMatch(message);
    expect(existsSync(join(app.folder, '.cdk-sagemaker', 'runs', 'App-Train')) ? runsOf(app, 'App-Train') : []).toEqual([]);
  }));

  test('says what only a deployed stack knows, and which option gives it', () => inRunApp(async (app) => {
    const uri = (value: unknown) => [{ ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: value } } }];
    app.stacks({ App: trainingStack({ request: { InputDataConfig: uri({ 'Fn::Join': ['', ['s3://b/', { Ref: 'Tune' }, '/']] }) } }) });
    expect((await app.run(['train'])).err).toContain('App/Train: InputDataConfig.train.DataSource.S3DataSource.S3Uri is not known without a deployed stack, it is the name of App/Tune. Give --channel train=<folder or file>, or run App/Tune first, in the same state folder\n');
    app.write('data/a.csv', 'a');
    expect(await app.json('train', '--channel', 'train=data')).toMatchObject({ status: 'Completed' });
    app.stacks({ App: trainingStack({ request: { HyperParameters: { epochs: '{{resolve:ssm:/my/epochs}}', sagemaker_program: 'train.py' } } }) });
    expect((await app.run(['train'])).err).toContain('HyperParameters.epochs is not known without a deployed stack, it is the SSM parameter /my/epochs. Give --hyperparameter epochs=<value>');
  }));

  test.each([
    ['a script that fails', { FAIL: '1' }, [], 1, /^Failed: AlgorithmError(.|\n)*no good/m],
    ['a job that is out of time', { SECONDS: '5' }, ['--max-runtime', '1s'], 3, /^Stopped \(MaxRuntimeExceeded\)$/m],
  ])('ends with the exit code of logs for %s', (_, environment, options, code, message) => inRunApp(async (app) => {
    const ended = await app.run(['train', ...options, ...Object.entries(environment).flatMap(([name, value]) => ['--environment', `${name}=${value}`])]);
    expect(ended.code).toBe(code);
    expect(ended.err).toMatch(message);
  }));

  test('stops the job on Ctrl-C, which may leave its model, and ends with 130', () => inRunApp(async (app) => {
    const { code, out, err } = await app.run(['train', '--environment', 'SECONDS=60', '--output', 'out'], { interruptAfter: /epoch=1/ });
    expect(code).toBe(130);
    expect(out).toContain('leaving\n');
    expect(err).toContain('Ctrl-C once more ends it at once');
    expect(execFileSync('tar', ['-tzf', join(app.folder, 'out', 'model.tar.gz')], { encoding: 'utf8' })).toContain('stopped.txt');
    expect(isRunning(Number(/pid=(\d+)/.exec(out)?.[1]))).toBe(false);
  }));

  test('ends a job at once on a second Ctrl-C, and its program with the command when that is killed', () => inRunApp(async (app) => {
    const start = async (signals: readonly NodeJS.Signals[]) => {
      const child = spawn(process.execPath, [join(builtCli(), 'cli', 'cdk-sagemaker.js'), 'local', 'train', '--environment', 'SECONDS=60', '--environment', 'DEAF=1'], { cwd: app.folder });
      let said = '';
      const seen = (text: RegExp) => new Promise<void>((resolve) => { const look = () => (text.test(said) ? resolve() : setTimeout(look, 20)); look(); });
      for (const stream of [child.stdout, child.stderr]) { stream.on('data', (chunk: Buffer) => { said += chunk.toString(); }); }
      const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
      await seen(/pid=\d+/);
      for (const signal of signals) {
        child.kill(signal);
        if (signal !== 'SIGKILL') { await seen(/Ctrl-C once more/); }
      }
      const code = await ended;
      const pid = Number(/pid=(\d+)/.exec(said)?.[1]);
      for (let look = 0; look < 100 && isRunning(pid); look++) { await new Promise((resolve) => { setTimeout(resolve, 50); }); }
      return { code, isRunning: isRunning(pid) };
    };
    expect(await start(['SIGINT', 'SIGINT'])).toEqual({ code: 130, isRunning: false });
    expect(await start(['SIGTERM', 'SIGINT'])).toEqual({ code: 143, isRunning: false });
    expect(await start(['SIGHUP', 'SIGINT'])).toEqual({ code: 129, isRunning: false });
    expect(await start(['SIGKILL'])).toEqual({ code: null, isRunning: false });
    expect(await app.json('train', '--hyperparameter', 'epochs=1')).toMatchObject({ status: 'Completed' });
  }));

  test('has data of the local S3', () => inRunApp(async (app) => {
    const s3 = new S3Folder(join(app.folder, '.cdk-sagemaker', 's3'));
    await s3.createBucket('mine');
    await s3.put('mine', 'some/where/a.csv', 'a');
    await app.json('train', '--channel', 'train=s3://mine/some/', '--output', 'out');
    expect(Object.keys(layoutIn(join(app.folder, 'out')).files)).toContain('input/data/train/where/a.csv');
  }));

  test('has the data of a bucket of the stack that is deployed here, beside the local AWS that runs', () => inRunApp(async (app) => {
    const { Data: _, Bucket, ...others } = trainingStack().Resources;
    app.stacks({ App: { Resources: { Bucket } } });
    expect(await app.run(['deploy', 'App'])).toMatchObject({ code: 0 });
    const s3 = new S3Folder(join(app.folder, '.cdk-sagemaker', 's3'));
    const [bucket] = await s3.listBuckets() as [string];
    await s3.put(bucket, 'inputs/train/theirs.csv', 'theirs');
    app.stacks({ App: { ...trainingStack(), Resources: { Bucket, ...others } } });
    expect(await app.json('train', '--output', 'out')).toMatchObject({ status: 'Completed' });
    expect(layoutIn(join(app.folder, 'out')).files['input/data/train/theirs.csv']).toBe('theirs');
    expect((await app.run(['list'])).out).toContain('CREATE_COMPLETE');
  }));

  test('two at once do not collide, and the last few of a construct stay', () => inRunApp(async (app) => {
    const both = await Promise.all([1, 2].map((epochs) => app.json('train', '--hyperparameter', `epochs=${epochs}`, '--environment', 'SECONDS=0.5')));
    expect(both.map(({ status }) => status)).toEqual(['Completed', 'Completed']);
    expect(new Set(both.map(({ job }) => job)).size).toBe(2);
    for (let run = 0; run < 3; run++) { await app.json('train', '--hyperparameter', 'epochs=1'); }
    expect(runsOf(app, 'App-Train').length).toBeLessThanOrEqual(4);
    expect(basename(join(app.folder, '.cdk-sagemaker'))).toBe(readdirSync(app.folder).find((name) => name.startsWith('.cdk')));
    expect(readdirSync(join(app.folder, '.cdk-sagemaker'))).toEqual(['runs']);
  }));
});
