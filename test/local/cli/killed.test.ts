import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUCKET, inAppFolder, thingStack } from '../../support/assembly';
import type { AppFolder } from '../../support/assembly';
import { builtCli } from '../../support/built-cli';
import { Dice } from '../../support/dice';
import { folderWith, tar } from '../../support/folders';
import { canLookAtProcesses, listeningSockets, processesOf } from '../../support/processes';
import { describeWithContainers, engineSays, TEST_IMAGE } from '../support/containers';

const POINTS = 50;
/** How many folders there are of them: what one waits for, another one uses. */
const LANES = 2;
const POINTS_IN_CONTAINERS = 6;
const IMAGE = '123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1';
const INFERENCE = 'def model_fn(folder):\n    return 1\n\ndef predict_fn(data, model):\n    return data\n';

type Mode = 'process' | 'container';
type Template = (name: string, fails: boolean) => object;

const ROLE = { 'Fn::GetAtt': ['Role', 'Arn'] };
const job = (image: string, hosts: number, program: string) => ({ Type: 'AWS::SageMaker::ProcessingJob', Properties: {
  AppSpecification: { ImageUri: image, ContainerEntrypoint: ['python3', '-c', program] }, RoleArn: ROLE,
  ProcessingResources: { ClusterConfig: { InstanceCount: hosts, InstanceType: 'ml.m5.large', VolumeSizeInGB: 1 } },
} });
const last = (name: string, fails: boolean, after: string) => (
  { Type: 'Custom::Thing', DependsOn: after, Properties: { ServiceToken: { 'Fn::GetAtt': ['Handler', 'Arn'] }, Name: name, Delay: 50, ...fails ? { Fail: true } : {} } });

/** A stack with a function that is asked twice, a job that goes on, also in a session of its own, and an endpoint, all of which change with `name`. */
const inProcesses: Template = (name, fails) => thingStack({ Name: name, Delay: 100 }, {
  Job: job(IMAGE, 1, `import subprocess, time; subprocess.Popen(["sleep", "4321"], start_new_session=True); time.sleep(1000)  # ${name}`),
  Model: { Type: 'AWS::SageMaker::Model', Properties: { ExecutionRoleArn: ROLE, PrimaryContainer: {
    Image: IMAGE, Environment: { NAME: name, SAGEMAKER_PROGRAM: 'inference.py', SAGEMAKER_SUBMIT_DIRECTORY: { 'Fn::Sub': `s3://${BUCKET}/sourcedir.tar.gz` } },
  } } },
  Config: { Type: 'AWS::SageMaker::EndpointConfig', Properties: { ProductionVariants: [{ VariantName: 'one', ModelName: { 'Fn::GetAtt': ['Model', 'ModelName'] }, InstanceType: 'ml.m5.large', InitialInstanceCount: 1, InitialVariantWeight: 1 }] } },
  Endpoint: { Type: 'AWS::SageMaker::Endpoint', Properties: { EndpointConfigName: { 'Fn::GetAtt': ['Config', 'EndpointConfigName'] } } },
  Last: last(name, fails, 'Endpoint'),
});

/** The same with a job on two hosts, which have a network. */
const inContainers: Template = (name, fails) => thingStack({ Name: name, Delay: 100 }, { Job: job(TEST_IMAGE, 2, `import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); time.sleep(1000)  # ${name}`), Last: last(name, fails, 'Job') });

/** An app whose command line takes a moment to synthesize, as all do. */
function prepare({ folder, write }: AppFolder, template: Template): (name: string, fails: boolean) => void {
  const source = folderWith({ 'inference.py': INFERENCE });
  tar('-czf', join(source, 'sourcedir.tar.gz'), '-C', source, 'inference.py');
  const archive = readFileSync(join(source, 'sourcedir.tar.gz'));
  writeFileSync(join(folder, 'app.js'), 'setTimeout(() => require("fs").cpSync("cdk.out", process.env.CDK_OUTDIR, { recursive: true }), 100);');
  writeFileSync(join(folder, 'cdk.json'), JSON.stringify({ app: `"${process.execPath}" app.js` }));
  return (name, fails) => write({ App: template(name, fails) }, { 'sourcedir.tar.gz': archive });
}

const KILLS = ['the command', 'the local AWS', 'everything'] as const;
const sleep = (milliseconds: number) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });
const kill = (pid: number) => { try { process.kill(pid, 'SIGKILL'); } catch { /* gone already */ } };
const commandOf = (pid: number) => { try { return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '); } catch { return ''; } };
const commandsOf = (folder: string, part: string) => processesOf(folder).map(commandOf).filter((command) => command.includes(part));

/** Starts a command, kills after a while, and answers when the command is gone: whether it could end well, or go on with a local AWS that came after the kill. */
async function killedAfter(folder: string, args: readonly string[], milliseconds: number, what: typeof KILLS[number], atKill: () => void): Promise<boolean> {
  const child = spawn(process.execPath, [join(builtCli(), 'cli', 'cdk-sagemaker.js'), 'local', ...args], { cwd: folder, stdio: 'ignore' });
  const ended = new Promise<number | null>((resolve) => { child.once('exit', resolve); });
  await Promise.race([sleep(milliseconds), ended]);
  atKill();
  if (what !== 'the local AWS') { child.kill('SIGKILL'); }
  const servers = () => processesOf(folder).filter((pid) => commandOf(pid).includes('local-server.js'));
  const killed = servers();
  if (what === 'the local AWS') { killed.forEach(kill); }
  if (what === 'everything') { while (processesOf(folder).length > 0) { processesOf(folder).forEach(kill); } }
  return await ended === 0 || what === 'the local AWS' && servers().some((pid) => !killed.includes(pid));
}

/** What a state folder has at the moment outside of it: processes, ports that it is known to have had, containers and networks. */
class Outside {
  private readonly sockets = new Set<string>();

  constructor(private readonly folder: string, private readonly mode: Mode) {}

  noteSockets(): void {
    const { apiPort, s3Port } = read(join(this.folder, '.cdk-sagemaker', 'server.json')) as { apiPort?: number; s3Port?: number };
    for (const { port, socket } of listeningSockets()) { if (port === apiPort || port === s3Port) { this.sockets.add(socket); } }
  }

  inEngine(): string[] {
    if (this.mode === 'process') { return []; }
    const label = `label=cdk-sagemaker.local=${createHash('sha256').update(join(this.folder, '.cdk-sagemaker')).digest('hex').slice(0, 16)}`;
    return [['ps', '--all'], ['network', 'ls']].flatMap((kind) => engineSays(...kind, '--quiet', '--filter', label).split('\n').filter((id) => id !== ''));
  }

  /** When nothing is left, or after a while that is long enough. */
  async left(): Promise<string[]> {
    for (const until = Date.now() + 20_000; ;) {
      const ports = listeningSockets().filter(({ socket }) => this.sockets.has(socket)).map(({ port }) => `port ${port}`);
      const left = [...processesOf(this.folder).map((pid) => `process ${commandOf(pid)}`), ...ports];
      const all = left.length === 0 ? this.inEngine() : left;
      if (all.length === 0 || Date.now() > until) { return all; }
      await sleep(20);
    }
  }

  get hasSockets(): boolean { return this.sockets.size > 0; }
}

/** What is left of work that was not finished. */
function leftOvers(state: string): string[] {
  return !existsSync(state) ? [] : readdirSync(state, { recursive: true, encoding: 'utf8' })
    .filter((path) => /partial/.test(path.split('/').at(-1) as string) && !/^s3\/[^/]+\/partial$/.test(path) || /^(assemblies|lock\/.*)$/.test(path));
}

const read = (file: string) => { try { return JSON.parse(readFileSync(file, 'utf8')) as unknown; } catch { return {}; } };
const counts = (state: string) => {
  const { endpoints = {}, models = {}, endpointConfigs = {} } = read(join(state, 'sagemaker', 'sagemaker.json')) as Record<string, object>;
  return [endpoints, models, endpointConfigs].map((records) => Object.keys(records).length);
};

/** Kills at so many random moments; each time the next command has to get there. */
const killed = (mode: Mode, points: number, seed: number) => inAppFolder(async (app) => {
  const { folder, local } = app;
  const state = join(folder, '.cdk-sagemaker');
  const serves = mode === 'process' ? 1 : 0;
  const change = prepare(app, mode === 'process' ? inProcesses : inContainers);
  const outside = new Outside(folder, mode);
  const dice = new Dice(seed);
  const deploy = ['deploy', '--mode', mode];
  change('first', false);
  const began = Date.now();
  expect(await local(...deploy)).toMatchObject({ code: 0 });
  const whole = Date.now() - began;
  outside.noteSockets();
  expect(outside.hasSockets).toBe(true);
  for (const until = Date.now() + 20_000; mode === 'container' && outside.inEngine().length < 3 && Date.now() < until;) { await sleep(100); }
  expect(outside.inEngine()).toHaveLength(mode === 'process' ? 0 : 3);

  let isThere = true;
  for (let point = 0; point < points; point++) {
    const what = dice.one(KILLS);
    const operation = !isThere ? dice.one(['deploy', 'deploy', 'deploy that fails']) : dice.one(['deploy', 'deploy', 'deploy that fails', 'destroy']);
    const after = dice.from(0, operation === 'destroy' ? whole / 2 : operation === 'deploy' ? whole : whole * 1.5);
    const next = dice.one(['deploy', 'destroy']);
    const story = `point ${point} of ${seed}: ${operation}, ${what} killed after ${after} ms, then ${next}`;
    change(`${point}`, operation === 'deploy that fails');
    const isDone = await killedAfter(folder, operation === 'destroy' ? ['destroy'] : deploy, after, what, () => outside.noteSockets());
    // The local AWS was not there yet, or not any more, or had done it already; what it then had made may be there.
    // Otherwise what the local AWS had started ends with it; in an engine nothing does when those that see to that are killed too.
    if (what !== 'the command' && !isDone && (mode === 'process' || what === 'the local AWS')) { expect([story, await outside.left()]).toEqual([story, []]); }
    change(`${point}`, false);
    const { code, err } = await local(...next === 'deploy' ? deploy : [next]);
    expect([story, code === 0 ? 0 : err]).toEqual([story, 0]);
    isThere = next === 'deploy';
    if (isThere) {
      outside.noteSockets();
      expect(JSON.parse((await local('list', '--json')).out)).toMatchObject({ stacks: [{ stackName: 'App', status: expect.stringMatching(/^(CREATE|UPDATE)_COMPLETE$/) }] });
      // One that was deployed before is served again while its stack is at rest.
      for (const until = Date.now() + 15_000; commandsOf(folder, 'serve.py').length < serves && Date.now() < until;) { await sleep(20); }
      expect([story, commandsOf(folder, 'local-server.js').length, commandsOf(folder, 'serve.py').length]).toEqual([story, 1, serves]);
      if (mode === 'process') { expect(commandsOf(folder, 'time.sleep(1000)').length).toBeLessThanOrEqual(1); }
      expect([story, counts(state)]).toEqual([story, [serves, serves, serves]]);
    } else {
      expect([story, await outside.left(), leftOvers(state), counts(state)]).toEqual([story, [], [], [0, 0, 0]]);
      expect(existsSync(join(state, 'server.json'))).toBe(false);
    }
  }
  await local('destroy');
});

beforeAll(() => { builtCli(); });

(canLookAtProcesses ? test : test.skip)(`${POINTS} times killed at a random moment, the next deploy or destroy gets there, and no process, port or file is left`, async () => {
  const lanes = await Promise.allSettled(Array.from({ length: LANES }, (_, lane) => killed('process', POINTS / LANES, 20261121 + lane)));
  for (const lane of lanes) { if (lane.status === 'rejected') { throw lane.reason; } }
}, 600_000);

describeWithContainers('with containers', () => {
  (canLookAtProcesses ? test : test.skip)(`${POINTS_IN_CONTAINERS} times killed, no container or network is left either`, () => killed('container', POINTS_IN_CONTAINERS, 20261123), 300_000);
});
