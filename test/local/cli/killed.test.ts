import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canLookAtProcesses, processesOf } from '../../support/processes';
import { BUCKET, inAppFolder, thingStack } from '../../support/assembly';
import type { AppFolder } from '../../support/assembly';
import { builtCli } from '../../support/built-cli';
import { Dice } from '../../support/dice';
import { folderWith, tar } from '../../support/folders';

const POINTS = 50;
const IMAGE = '123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:1';
const INFERENCE = 'def model_fn(folder):\n    return 1\n\ndef predict_fn(data, model):\n    return data\n';

/** A stack with a function that is asked twice, a job that goes on, and an endpoint, all of which change with `name`. */
function everything(name: string, fails: boolean): object {
  const role = { 'Fn::GetAtt': ['Role', 'Arn'] };
  return thingStack({ Name: name, Delay: 100 }, {
    Job: { Type: 'AWS::SageMaker::ProcessingJob', Properties: {
      AppSpecification: { ImageUri: IMAGE, ContainerEntrypoint: ['python3', '-c', `import time; time.sleep(1000)  # ${name}`] }, RoleArn: role,
      ProcessingResources: { ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB: 1 } },
    } },
    Model: { Type: 'AWS::SageMaker::Model', Properties: { ExecutionRoleArn: role, PrimaryContainer: {
      Image: IMAGE, Environment: { NAME: name, SAGEMAKER_PROGRAM: 'inference.py', SAGEMAKER_SUBMIT_DIRECTORY: { 'Fn::Sub': `s3://${BUCKET}/sourcedir.tar.gz` } },
    } } },
    Config: { Type: 'AWS::SageMaker::EndpointConfig', Properties: { ProductionVariants: [{ VariantName: 'one', ModelName: { 'Fn::GetAtt': ['Model', 'ModelName'] }, InstanceType: 'ml.m5.large', InitialInstanceCount: 1, InitialVariantWeight: 1 }] } },
    Endpoint: { Type: 'AWS::SageMaker::Endpoint', Properties: { EndpointConfigName: { 'Fn::GetAtt': ['Config', 'EndpointConfigName'] } } },
    Last: { Type: 'Custom::Thing', DependsOn: 'Endpoint', Properties: { ServiceToken: { 'Fn::GetAtt': ['Handler', 'Arn'] }, Name: name, Delay: 50, ...fails ? { Fail: true } : {} } },
  });
}

/** An app whose command line takes a moment to synthesize, as all do. */
function prepare({ folder, write }: AppFolder): (name: string, fails: boolean) => void {
  const source = folderWith({ 'inference.py': INFERENCE });
  tar('-czf', join(source, 'sourcedir.tar.gz'), '-C', source, 'inference.py');
  const archive = readFileSync(join(source, 'sourcedir.tar.gz'));
  writeFileSync(join(folder, 'app.js'), 'setTimeout(() => require("fs").cpSync("cdk.out", process.env.CDK_OUTDIR, { recursive: true }), 100);');
  writeFileSync(join(folder, 'cdk.json'), JSON.stringify({ app: `"${process.execPath}" app.js` }));
  return (name, fails) => write({ App: everything(name, fails) }, { 'sourcedir.tar.gz': archive });
}

const KILLS = ['the command', 'the local AWS', 'everything'] as const;
const sleep = (milliseconds: number) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });
const kill = (pid: number) => { try { process.kill(pid, 'SIGKILL'); } catch { /* gone already */ } };
const commandOf = (pid: number) => { try { return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '); } catch { return ''; } };
const commandsOf = (folder: string, part: string) => processesOf(folder).map(commandOf).filter((command) => command.includes(part));

/** Starts a command, kills after a while, and answers when the command is gone: whether it could end well. */
async function killedAfter(folder: string, args: readonly string[], milliseconds: number, what: typeof KILLS[number]): Promise<boolean> {
  const child = spawn(process.execPath, [join(builtCli(), 'cli', 'cdk-sagemaker.js'), 'local', ...args], { cwd: folder, stdio: 'ignore' });
  const ended = new Promise<number | null>((resolve) => { child.once('exit', resolve); });
  await Promise.race([sleep(milliseconds), ended]);
  if (what !== 'the local AWS') { child.kill('SIGKILL'); }
  if (what === 'the local AWS') { processesOf(folder).filter((pid) => commandOf(pid).includes('local-server.js')).forEach(kill); }
  if (what === 'everything') { while (processesOf(folder).length > 0) { processesOf(folder).forEach(kill); } }
  return await ended === 0;
}

/** What is left of work that was not finished. */
function leftOvers(state: string): string[] {
  return !existsSync(state) ? [] : readdirSync(state, { recursive: true, encoding: 'utf8' })
    .filter((path) => /partial/.test(path.split('/').at(-1) as string) && !/^s3\/[^/]+\/partial$/.test(path) || /^(assemblies|lock\/.*)$/.test(path));
}

const counts = (state: string) => {
  const { endpoints = {}, models = {}, endpointConfigs = {} } = existsSync(join(state, 'sagemaker', 'sagemaker.json')) ? JSON.parse(readFileSync(join(state, 'sagemaker', 'sagemaker.json'), 'utf8')) as Record<string, object> : {};
  return [endpoints, models, endpointConfigs].map((records) => Object.keys(records).length);
};

(canLookAtProcesses ? test : test.skip)(`${POINTS} times killed at a random moment, the next deploy or destroy gets there, and nothing else is left`, () => inAppFolder(async (app) => {
  const { folder, local } = app;
  const state = join(folder, '.cdk-sagemaker');
  const change = prepare(app);
  const dice = new Dice(20261121);
  change('first', false);
  const began = Date.now();
  expect(await local('deploy')).toMatchObject({ code: 0 });
  const whole = Date.now() - began;

  let isThere = true;
  for (let point = 0; point < POINTS; point++) {
    const what = dice.one(KILLS);
    const operation = !isThere ? dice.one(['deploy', 'deploy', 'deploy that fails']) : dice.one(['deploy', 'deploy', 'deploy that fails', 'destroy']);
    const after = dice.from(0, operation === 'destroy' ? whole / 2 : operation === 'deploy' ? whole : whole * 1.5);
    const next = dice.one(['deploy', 'destroy']);
    const story = `point ${point}: ${operation}, ${what} killed after ${after} ms, then ${next}`;
    change(`${point}`, operation === 'deploy that fails');
    const isDone = await killedAfter(folder, operation === 'destroy' ? ['destroy'] : ['deploy'], after, what);
    // The local AWS was not there yet, or not any more, or had done it already; what it then had made may be there.
    if (what !== 'the command' && !isDone) {
      // What the local AWS had started ends with it.
      for (const until = Date.now() + 15_000; processesOf(folder).length > 0 && Date.now() < until;) { await sleep(20); }
      expect([story, processesOf(folder).map(commandOf)]).toEqual([story, []]);
    }
    change(`${point}`, false);
    const { code, err } = await local(next);
    expect([story, code === 0 ? 0 : err]).toEqual([story, 0]);
    isThere = next === 'deploy';
    if (isThere) {
      expect(JSON.parse((await local('list', '--json')).out)).toMatchObject({ stacks: [{ stackName: 'App', status: expect.stringMatching(/^(CREATE|UPDATE)_COMPLETE$/) }] });
      // One that was deployed before is served again while its stack is at rest.
      for (const until = Date.now() + 15_000; commandsOf(folder, 'serve.py').length < 1 && Date.now() < until;) { await sleep(20); }
      expect([story, commandsOf(folder, 'local-server.js').length, commandsOf(folder, 'serve.py').length]).toEqual([story, 1, 1]);
      expect(commandsOf(folder, 'time.sleep(1000)').length).toBeLessThanOrEqual(1);
      expect([story, counts(state)]).toEqual([story, [1, 1, 1]]);
    } else {
      for (const until = Date.now() + 15_000; processesOf(folder).length > 0 && Date.now() < until;) { await sleep(20); }
      expect([story, processesOf(folder).map(commandOf), leftOvers(state), counts(state)]).toEqual([story, [], [], [0, 0, 0]]);
      expect(existsSync(join(state, 'server.json'))).toBe(false);
    }
  }
  await local('destroy');
}), 600_000);
