// The main job on real input, on one machine: deploys the example, asks its endpoint, updates it while it answers,
// breaks it, sees it rolled back, and destroys it. Every claim it prints is checked; the first that fails ends it.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, '.quickstart');
const app = join(folder, 'app');
const assembly = join(folder, 'cdk.out');
const state = join(folder, 'state');
const cli = join(root, 'dist', 'cli', 'cdk-sagemaker.js');
const bin = (name) => join(root, 'node_modules', '.bin', name);
const STACK = 'Digits';

const say = (text) => console.log(`\n== ${text}`);
const check = (holds, claim) => {
  if (!holds) { throw new Error(`not so: ${claim}`); }
  console.log(`   ok: ${claim}`);
};

function run(command, args, options = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 64 << 20, ...options });
  if (status !== 0) { throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${stdout ?? ''}${stderr ?? ''}`); }
  return stdout;
}

/** Shows what a command prints as it prints it, and returns its exit code and its output. */
function show(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const pass = (stream) => (chunk) => { output += chunk; stream.write(chunk); };
    child.stdout.on('data', pass(process.stdout));
    child.stderr.on('data', pass(process.stderr));
    child.on('close', (code) => resolve({ code, output }));
  });
}

const synth = () => run(bin('cdk'), ['synth', '--quiet', '--app', `${bin('tsx')} ${join(app, 'app.ts')}`, '--output', assembly]);
const local = (...args) => show(process.execPath, [cli, 'local', ...args, '--state', state]);
const deploy = () => local('deploy', STACK, '--app', assembly);

function edit(file, from, to) {
  const path = join(app, file);
  const text = readFileSync(path, 'utf8');
  if (!from.test(text)) { throw new Error(`${file} has nothing like ${from}`); }
  writeFileSync(path, text.replace(from, to));
}

/** Asks the local SageMaker itself, as any AWS client would. */
async function sageMaker(operation, input = {}) {
  const { apiPort } = JSON.parse(readFileSync(join(state, 'server.json'), 'utf8'));
  const response = await fetch(`http://127.0.0.1:${apiPort}/`, {
    method: 'POST', headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `SageMaker.${operation}` }, body: JSON.stringify(input),
  });
  const body = await response.json();
  if (!response.ok) { throw new Error(`${operation}: ${JSON.stringify(body)}`); }
  return body;
}

const jobNames = async () => (await sageMaker('ListTrainingJobs', { MaxResults: 100 })).TrainingJobSummaries.map((job) => job.TrainingJobName);

async function invoke(endpointName, rows) {
  const { apiPort } = JSON.parse(readFileSync(join(state, 'server.json'), 'utf8'));
  const response = await fetch(`http://127.0.0.1:${apiPort}/endpoints/${endpointName}/invocations`, {
    method: 'POST', headers: { 'content-type': 'application/json', 'accept': 'application/json' }, body: JSON.stringify(rows),
  });
  const text = await response.text();
  if (!response.ok) { throw new Error(`${response.status}: ${text}`); }
  return JSON.parse(text);
}

/** Digits that the job never saw. */
function heldOut() {
  const rows = readFileSync(join(app, 'data', 'test', 'digits.csv'), 'utf8').trim().split('\n').slice(1).map((line) => line.split(',').map(Number));
  return rows.map(([label, ...pixels]) => ({ label, pixels }));
}

async function accuracyOf(endpointName) {
  const digits = heldOut();
  const answers = await invoke(endpointName, digits.map(({ pixels }) => pixels));
  return digits.filter(({ label }, index) => answers[index].digit === label).length / digits.length;
}

/** Asks again and again until told to stop; counts answers and failures. */
function stream(endpointName) {
  const [digit] = heldOut();
  const counts = { answered: 0, failed: 0, first: undefined };
  let going = true;
  const done = (async () => {
    while (going) {
      try { await invoke(endpointName, [digit.pixels]); counts.answered++; } catch (error) { counts.failed++; counts.first ??= error.message; }
      await new Promise((resolve) => { setTimeout(resolve, 20); });
    }
  })();
  return { stop: async () => { going = false; await done; return counts; } };
}

const isListening = (port) => new Promise((resolve) => {
  const socket = createConnection({ host: '127.0.0.1', port }, () => { socket.destroy(); resolve(true); });
  socket.on('error', () => resolve(false));
});

function isAlive(pid) {
  try { process.kill(pid, 0); return true; } catch { return false; }
}

async function main() {
  say('Building the library');
  if (!existsSync(join(root, 'node_modules'))) { run('npm', ['ci']); }
  run('npm', ['run', '--silent', 'build']);
  if (existsSync(join(state, 'server.json'))) { await local('destroy', '--all'); }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, 'examples', 'train-and-deploy'), app, { recursive: true });

  say('Synthesizing and deploying examples/train-and-deploy');
  synth();
  const created = await deploy();
  check(created.code === 0, 'the stack is deployed');
  const [first, ...others] = await jobNames();
  check(first !== undefined && others.length === 0, `one training job ran: ${first}`);
  const job = await sageMaker('DescribeTrainingJob', { TrainingJobName: first });
  const reported = job.FinalMetricDataList.find((metric) => metric.MetricName === 'test:accuracy')?.Value;
  check(reported > 0.9, `its own metric test:accuracy is ${reported.toFixed(4)}, above 0.9`);
  const endpointName = (await sageMaker('ListEndpoints')).Endpoints[0].EndpointName;
  const accuracy = await accuracyOf(endpointName);
  check(accuracy > 0.9, `endpoint ${endpointName} classifies ${heldOut().length} held-out digits, ${(accuracy * 100).toFixed(1)} % of them right`);

  say('Changing one hyperparameter, while the endpoint is asked all the time');
  edit('app.ts', /'epochs': (\d+)/, (_all, epochs) => `'epochs': ${Number(epochs) + 5}`);
  synth();
  await local('diff', STACK, '--app', assembly);
  const asked = stream(endpointName);
  const updated = await deploy();
  const counts = await asked.stop();
  check(updated.code === 0, 'the stack is updated');
  const afterUpdate = await jobNames();
  check(afterUpdate.length === 2, 'exactly one new job ran');
  const second = afterUpdate.find((name) => name !== first);
  check(await servedJob(endpointName) === second, `the endpoint serves the artifact of ${second}`);
  check(counts.failed === 0 && counts.answered > 0, `${counts.answered} questions during the update, ${counts.failed} without an answer${counts.first ? ` (${counts.first})` : ''}`);

  say('Breaking the training script');
  edit(join('src', 'train.py'), /^if __name__ == ['"]__main__['"]:\n/m, (line) => `${line}    raise RuntimeError("the broken script of the quickstart")\n`);
  synth();
  const broken = await deploy();
  check(broken.code === 1, 'the update fails');
  check(broken.output.includes('RuntimeError: the broken script of the quickstart'), "with the script's own last error lines");
  const afterFailure = await jobNames();
  check(afterFailure.length === 3, 'the rollback launched no job: there is the one that failed, and no other');
  check(await servedJob(endpointName) === second, `the endpoint still serves the artifact of ${second}`);
  check(await accuracyOf(endpointName) > 0.9, 'and still classifies');

  say('Destroying the stack');
  const { pid, apiPort, s3Port } = JSON.parse(readFileSync(join(state, 'server.json'), 'utf8'));
  const destroyed = await local('destroy', STACK);
  check(destroyed.code === 0, 'the stack is gone');
  for (let tries = 0; isAlive(pid) && tries < 100; tries++) { await new Promise((resolve) => { setTimeout(resolve, 100); }); }
  check(!isAlive(pid), 'no process is left');
  check(!await isListening(apiPort) && !await isListening(s3Port), 'no port is left open');
  say('Done. The stack you would copy: examples/train-and-deploy/app.ts');
}

/** The job whose artifact is behind the endpoint. */
async function servedJob(endpointName) {
  const { EndpointConfigName } = await sageMaker('DescribeEndpoint', { EndpointName: endpointName });
  const { ProductionVariants } = await sageMaker('DescribeEndpointConfig', { EndpointConfigName });
  const { PrimaryContainer } = await sageMaker('DescribeModel', { ModelName: ProductionVariants[0].ModelName });
  return PrimaryContainer.ModelDataUrl.split('/').at(-3);
}

try {
  await main();
} catch (error) {
  console.error(`\nquickstart: ${error.message}`);
  if (existsSync(join(state, 'server.json'))) { await local('destroy', '--all'); }
  process.exit(1);
}
