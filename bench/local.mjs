// What the local AWS adds to the programs it runs: `node --import tsx bench/local.mjs [rounds]`. Needs Python; for the stack scikit-learn, or an index to have it from, and for containers an
// engine with the image that CDK_SAGEMAKER_BENCH_IMAGE names, which has python3 (default: localhost/cdk-sagemaker-test). What is not there is left out, and said.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Containers } from '../lib/local/containers/containers.ts';
import { ImageStore } from '../lib/local/images/image-store.ts';
import { awsImage } from '../lib/local/aws-image.ts';
import { PythonEnvironments } from '../lib/local/python-environment.ts';
import { SageMakerBench } from '../test/local/support/sagemaker-bench.ts';
import { figure, median, root, show } from './harness.mjs';

const rounds = Number(process.argv[2] ?? 7);
const EXAMPLE = join(root, 'examples', 'train-and-deploy');
const CLI = join(root, 'dist', 'cli', 'cdk-sagemaker.js');
const IMAGE = process.env.CDK_SAGEMAKER_BENCH_IMAGE ?? 'localhost/cdk-sagemaker-test:latest';
/** A job of a second, nearly all of it asleep: a busy machine makes it no longer. */
const SCRIPT = 'import os, time; time.sleep(1); open(os.path.join(os.environ.get("SM_MODEL_DIR", "/opt/ml/model"), "model"), "w").write("done")';

const folder = mkdtempSync(join(tmpdir(), 'bench-local-'));
const now = () => Number(process.hrtime.bigint()) / 1e9;

/** Seconds that a program takes by itself. */
function alone(command, args, env = {}, cwd = folder) {
  const began = now();
  const { status, stderr } = spawnSync(command, args, { cwd, env: { ...process.env, ...env }, encoding: 'utf8' });
  if (status !== 0) { throw new Error(`${command} ${args.join(' ')}: ${stderr}`); }
  return now() - began;
}

const spread = (values) => `${median(values).toFixed(2)} s (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)})`;
const goal = (name, values, seconds) => figure(name, spread(values), `at most ${seconds} s`, median(values) <= seconds);

/** Rounds in which the cases take turns: name -> seconds of each round. */
async function alternate(cases) {
  const taken = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const [name, measure] of Object.entries(cases)) {
      const seconds = await measure(round);
      if (round > 0) { taken[name].push(seconds); }                              // the first warms the file cache
    }
  }
  return taken;
}

/** Seconds from the request to the job's end, asked for every few milliseconds. */
async function trained(bench, name, overrides) {
  const request = await bench.trainingRequest(name, SCRIPT, overrides);
  const began = now();
  await bench.call('CreateTrainingJob', request);
  for (;;) {
    const { TrainingJobStatus: status, FailureReason: reason } = await bench.call('DescribeTrainingJob', { TrainingJobName: name });
    if (status === 'Completed') { return now() - began; }
    if (status !== 'InProgress') { throw new Error(reason); }
    await new Promise((resolve) => { setTimeout(resolve, 5); });
  }
}

async function jobs() {
  const processes = await SageMakerBench.open();
  const { containers, said } = await Containers.open({ mode: 'auto', folder, images: new ImageStore(join(folder, 'images')) });
  const missing = containers === undefined ? said : await containers.engine.call(['run', '--rm', IMAGE, 'python3', '-c', '']).then(() => undefined, ({ message }) => message);
  const inContainers = missing === undefined ? await SageMakerBench.open({ containers }) : undefined;
  try {
    writeFileSync(join(folder, 'train.py'), SCRIPT);
    const own = { AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: 'File', ContainerEntrypoint: ['python3', '-c', SCRIPT] } };
    const taken = await alternate({
      script: () => alone('python3', ['train.py'], { SM_MODEL_DIR: folder }),
      process: (round) => trained(processes, `job-${round}`, {}),
      ...inContainers === undefined ? {} : { container: (round) => trained(inContainers, `job-${round}`, own) },
    });
    const over = (name) => taken[name].map((seconds, round) => seconds - taken.script[round]);
    return {
      figures: [
        goal('a training job as a process, over running its script', over('process'), 0.5),
        ...inContainers === undefined ? [] : [goal('a training job in a container, over running its script', over('container'), 1.5)],
      ],
      notes: inContainers === undefined ? [`without containers: ${missing}`] : [`containers of ${String(containers.engine)}`],
    };
  } finally {
    await processes.close();
    await inContainers?.close();
    await containers?.close();
  }
}

/** The assembly of the example, and one that trains for another number of epochs. */
function assemblies() {
  const first = join(folder, 'first');
  alone(process.execPath, ['--import', 'tsx', join(EXAMPLE, 'app.ts')], { CDK_OUTDIR: first, CDK_CONTEXT_JSON: '{}' }, root);
  const second = join(folder, 'second');
  cpSync(first, second, { recursive: true });
  const template = join(second, readdirSync(second).find((name) => name.endsWith('.template.json')));
  const before = readFileSync(template, 'utf8');
  const after = before.replace('"epochs": "20"', '"epochs": "21"');
  if (after === before) { throw new Error('the template of the example has no "epochs": "20"'); }
  writeFileSync(template, after);
  return { first, second };
}

/** The interpreter that the jobs of the example get; nothing where its packages can't be had. */
async function interpreter() {
  const { packages, expected } = awsImage('683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3');
  return new PythonEnvironments().environment({ packages, expected }).then(({ python }) => python, () => undefined);
}

async function stack(python) {
  const { first, second } = assemblies();
  const local = (...args) => alone(process.execPath, [CLI, 'local', ...args, '--state', join(folder, 'state')], { CDK_SAGEMAKER_LOCAL_MODE: 'process' });
  const [model, source] = [join(folder, 'model'), join(EXAMPLE, 'src')];
  const data = (part) => ({ [`SM_CHANNEL_${part.toUpperCase()}`]: join(EXAMPLE, 'data', part) });
  const scripts = (epochs) => {
    rmSync(model, { recursive: true, force: true });
    spawnSync('mkdir', ['-p', model]);
    return alone(python, [join(source, 'train.py'), '--epochs', String(epochs), '--hidden-units', '64'], { SM_MODEL_DIR: model, ...data('train'), ...data('test') })
      + alone(python, ['-c', 'import sys, inference; inference.model_fn(sys.argv[1])', model], { PYTHONPATH: source });
  };
  const taken = await alternate({
    scripts: () => scripts(20),
    deploy: () => local('deploy', '--app', first),
    changed: () => scripts(21),
    update: () => local('deploy', '--app', second),
    destroy: () => local('destroy'),
  });
  const over = (name, own) => taken[name].map((seconds, round) => seconds - taken[own][round]);
  return [
    goal('local deploy of examples/train-and-deploy, over its scripts', over('deploy', 'scripts'), 4),
    goal('an update of it that trains again, over its scripts', over('update', 'changed'), 4),
    goal('local destroy of it', taken.destroy, 1),
    figure('its scripts themselves', spread(taken.scripts), '', undefined),
  ];
}

try {
  const { figures, notes } = await jobs();
  const python = await interpreter();
  show('The local AWS', [...figures, ...python === undefined ? [] : await stack(python)], [
    `${rounds} rounds in which the cases take turns; medians, and the least and the most`,
    'a job is timed from CreateTrainingJob until DescribeTrainingJob says Completed: it downloads a channel, unpacks its code and packs a model',
    python !== undefined
      ? 'a stack is timed as its command is: the start of the command and of the local AWS is in it, synth is not (--app is a folder); its scripts are train.py, and loading the model once, run by hand'
      : 'without the stack: scikit-learn can not be had',
    ...notes,
  ]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
