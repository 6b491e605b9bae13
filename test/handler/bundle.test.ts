import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { folderWith } from '../support/folders';

const ROOT = join(__dirname, '..', '..');
// Of its own: other tests build and use dist/handler meanwhile.
const BUNDLE = join(folderWith({}), 'handler', 'index.js');
const { version: SDK } = JSON.parse(readFileSync(join(ROOT, 'node_modules', '@aws-sdk', 'client-sagemaker', 'package.json'), 'utf8')) as { version: string };

interface Row { readonly module: string; readonly because: string; readonly instead?: string }

/** The JSON that a module prints last, run with what of the scripts it needs and an environment of its own. */
function printed<Printed>(source: string, env: { [name: string]: string } = {}): Promise<Printed> {
  const imports = "import { build } from 'esbuild'; import { existsSync, readFileSync } from 'node:fs'; import { createServer } from 'node:http'; import { createRequire } from 'node:module'; import { FOR_BROWSERS, LEFT_OUT, exportsOf, leaveOut, regionsByPattern } from './scripts/left-out.mjs';";
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['--input-type=module', '-e', `${imports}\n${source}`], { cwd: ROOT, env: { PATH: process.env.PATH ?? '', ...env } }, (error, stdout) => {
      if (error) { reject(error); } else { resolve(JSON.parse(stdout.trim().split('\n').at(-1) as string) as Printed); }
    });
  });
}

/** What a bundle of these lines does, made with these rows left out. */
const bundled = (lines: string, rows = 'LEFT_OUT') => printed<{ errors: string[]; throws?: string }>(`
  const rows = ${rows};
  const common = { stdin: { contents: ${JSON.stringify(lines)}, resolveDir: '${ROOT}' }, bundle: true, platform: 'node', format: 'cjs', mainFields: ['module', 'main'], write: false, logLevel: 'silent' };
  const { errors, outputFiles } = await build({ ...common, plugins: [leaveOut('${ROOT}', rows)] }).catch((failed) => failed);
  const throws = errors.length > 0 ? undefined : await Promise.resolve().then(() => new Function('require', 'module', outputFiles[0].text)(createRequire('${ROOT}/package.json'), {})).then(() => undefined, (error) => error.message);
  console.log(JSON.stringify({ errors: errors.map(({ text }) => text), throws }));`);

/** The request that a call of the bundled handler makes in a process of its own, and the parts of Node that were loaded for it. */
const firstCall = (env: { [name: string]: string }) => printed<{ authorization: string; agent: string; loaded: string[] }>(`
  const server = createServer(({ headers }, response) => {
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    response.end('{}');
    const loaded = process.moduleLoadList.filter((name) => !before.has(name));
    console.log(JSON.stringify({ authorization: headers.authorization, agent: headers['user-agent'], loaded }));
    server.close();
  });
  let before;
  server.listen(0, '127.0.0.1', async () => {
    process.env.AWS_ENDPOINT_URL_SAGEMAKER = 'http://127.0.0.1:' + server.address().port;
    before = new Set(process.moduleLoadList);
    await createRequire('${ROOT}/package.json')('${BUNDLE}').realWorld().jobs.describe('TrainingJob', 'a-job');
    process.exit();
  });`, { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'OFLAMBDA', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token', NODE_NO_WARNINGS: '1', ...env });

beforeAll(() => { execFileSync(process.execPath, ['-e', `import('./scripts/bundle.mjs').then((bundle) => bundle.bundleHandler('${dirname(BUNDLE)}'))`], { cwd: ROOT }); });

describe('What is left out of the handler', () => {
  test('are modules that are installed, each with a reason, and with something to export', async () => {
    const rows = await printed<(Row & { exports: string[] })[]>(`
      console.log(JSON.stringify(await Promise.all(LEFT_OUT.map(async (row) => ({ ...row, exports: await exportsOf('node_modules/' + row.module) })))));`);
    expect(rows.filter(({ module }) => !existsSync(join(ROOT, 'node_modules', module)))).toEqual([]);
    expect(rows.filter(({ exports, because }) => exports.length === 0 || because === '')).toEqual([]);
    expect(rows.filter(({ instead }) => instead !== undefined && !existsSync(join(ROOT, instead)))).toEqual([]);
  });

  test('makes it at most 230 kB', () => expect(statSync(BUNDLE).size).toBeLessThanOrEqual(230_000));

  test('is there for the command line, which runs where the files of a user are: it lacks nothing but what is for browsers', async () => {
    const forBrowsers = await printed<string[]>('console.log(JSON.stringify(FOR_BROWSERS.map(({ module }) => module)));');
    const sdk = join(ROOT, 'dist', 'predictor', 'sdk');
    const commands = [join(ROOT, 'dist', 'cli', 'job-commands.js'), ...readdirSync(sdk).map((file) => join(sdk, file))].map((file) => readFileSync(file, 'utf8')).join('\n');
    expect(commands).toContain('AWS_SHARED_CREDENTIALS_FILE');
    const leftOut = [...commands.matchAll(/([\w@./-]+) is not in this bundle/g)].map(([, module]) => module);
    expect(leftOut.filter((module) => !forBrowsers.includes(module))).toEqual([]);
    expect(readFileSync(BUNDLE, 'utf8')).not.toContain('AWS_SHARED_CREDENTIALS_FILE');
  });

  test('are names of places: every region is in its partition as before', async () => {
    const found = await printed<{ regions: number; all: object[]; short: object[]; bytes: number[] }>(`
      const PARTITION = 'node_modules/@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partition.js';
      const partition = async (plugins) => {
        const { outputFiles } = await build({ entryPoints: [PARTITION], bundle: true, platform: 'node', format: 'cjs', write: false, outfile: 'x.js', plugins });
        const module = { exports: {} };
        new Function('module', 'exports', outputFiles[0].text)(module, module.exports);
        return { of: module.exports.partition, bytes: outputFiles[0].text.length };
      };
      const { partitions } = JSON.parse(/= (.*);/s.exec(readFileSync(PARTITION.replace('partition.js', 'partitions.js'), 'utf8'))[1]);
      const regions = [...partitions.flatMap(({ regions }) => Object.keys(regions)), 'eu-north-9', 'nowhere'];
      const [all, short] = [await partition([]), await partition([regionsByPattern()])];
      const of = (region, each) => ({ ...each.of(region), description: undefined });
      console.log(JSON.stringify({ regions: regions.length, bytes: [all.bytes, short.bytes], all: regions.map((region) => of(region, all)), short: regions.map((region) => of(region, short)) }));`);
    expect(found.regions).toBeGreaterThan(30);
    expect(found.short).toEqual(found.all);
    expect(found.bytes[1]).toBeLessThan(found.bytes[0]!);
  });

  test('fails the build when the SDK no longer asks for it', async () => {
    const { errors } = await bundled("require('@smithy/core/retry');", "[{ module: '@smithy/core/dist-es/submodules/retry/of-another-name.js', because: 'of the test' }]");
    expect(errors).toEqual([expect.stringContaining('nothing asks for @smithy/core/dist-es/submodules/retry/of-another-name.js any more')]);
  });

  test.each([
    ['@smithy/core/event-streams', 'called', 'eventStreamSerdeProvider()', 'event-streams/index.js is not in this bundle: no call about jobs has an event stream'],
    ['@smithy/core/retry', 'made', 'new AdaptiveRetryStrategy()', 'AdaptiveRetryStrategy.js is not in this bundle: the client of SageMaker is made with the standard strategy'],
    ['@smithy/core/checksum', 'extended', 'new (class extends Sha256Js {})()', 'Sha256Js.js is not in this bundle: node:crypto has SHA-256'],
  ])('says so when something of %s is %s', async (module, _how, use, message) => {
    const name = /(eventStream|Adaptive|Sha256)\w+/.exec(use)?.[0] as string;
    const submodule = message.slice(0, message.indexOf('.js'));
    const { errors, throws } = await bundled(`import { ${name} } from '${module}';\n${use};`, `LEFT_OUT.filter(({ module }) => module.includes('${submodule}'))`);
    expect({ errors, throws }).toEqual({ errors: [], throws: expect.stringContaining(message) });
  });
});

describe('The bundled handler', () => {
  test('signs with the credentials and for the region of the environment, whatever the files and the settings of a user say', async () => {
    const home = folderWith({
      '.aws/config': '[profile other]\nregion = us-west-2\nretry_mode = adaptive\nsdk_ua_app_id = of-the-file\n',
      '.aws/credentials': '[other]\naws_access_key_id = OFTHEFILE\naws_secret_access_key = other\n',
    });
    const plain = await firstCall({});
    const settings = await firstCall({ HOME: home, AWS_PROFILE: 'other', AWS_RETRY_MODE: 'adaptive', AWS_DEFAULTS_MODE: 'auto', AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' });
    for (const { authorization } of [plain, settings]) { expect(authorization).toMatch(/Credential=OFLAMBDA\/\d{8}\/eu-central-1\/sagemaker\/aws4_request/); }
    expect(settings.agent).not.toContain('of-the-file');
  });

  test('says which version of the SDK it is made with', async () => {
    expect((await firstCall({})).agent).toContain(`aws-sdk-js/${SDK}`);
  });

  test('loads neither zlib nor web streams for a call', async () => {
    expect((await firstCall({})).loaded.filter((name) => /zlib|webstreams/.test(name))).toEqual([]);
  });

  test('says what is missing when there is no region', async () => {
    await expect(firstCall({ AWS_REGION: '' })).rejects.toThrow('getInstanceMetadataRegion.js is not in this bundle: in Lambda the region is in the environment');
  });

  test('asks nothing to be of a class that its build has taken away', () => {
    expect(readFileSync(BUNDLE, 'utf8')).not.toMatch(/(instanceof|extends|new) (void 0|undefined)\b/);
  });
});
