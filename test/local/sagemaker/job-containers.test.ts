import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { totalmem, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Containers, type LocalMode } from '../../../lib/local/containers/containers';
import { Engine } from '../../../lib/local/containers/engine';
import { ImageStore } from '../../../lib/local/images/image-store';
import { takeOver } from '../../../lib/local/sagemaker/job-containers';
import { FakeEngine, type FakeEngineProps } from '../support/fake-engine';
import { IMAGE, ROLE, SageMakerBench, until } from '../support/sagemaker-bench';

interface Place {
  readonly bench: SageMakerBench;
  readonly engine: FakeEngine;
  /** What each container was run with: flag -> values, and the image with what follows it at the end. */
  readonly runs: () => Array<Record<string, string[]>>;
}

/** Jobs of a local SageMaker whose engine only writes down what it is told. */
async function withFake(props: FakeEngineProps, work: (place: Place) => Promise<void>, mode: LocalMode = 'container'): Promise<void> {
  const engine = new FakeEngine({ ...props, does: { image: 'exit 0', ...props.does } });
  const bench = await SageMakerBench.open();
  const images = new ImageStore(join(bench.folder, 'images'));
  try {
    const { containers, said } = await Containers.open({ mode, folder: bench.folder, images }, engine.environment);
    if (containers === undefined) { throw new Error(said); }
    bench.reopen({ containers, images });
    await work({ bench, engine, runs: () => engine.calls.filter(([command]) => command === 'run').map(runOf) });
    expect(bench.problems).toEqual([]);
  } finally {
    await bench.close();
    engine.close();
  }
}

function runOf([, ...words]: string[]): Record<string, string[]> {
  const flags: Record<string, string[]> = {};
  let index = 0;
  for (; (words[index] ?? '').startsWith('--'); index += 2) {
    // The only one that has its value in it.
    if (words[index] === '--http-proxy=false') { flags['--http-proxy'] = ['false']; index += 1; }
    (flags[words[index] as string] ??= []).push(words[index + 1] as string);
  }
  return { ...flags, image: words.slice(index) };
}

const training = (TrainingJobName: string, more: object = {}): Record<string, unknown> => ({
  TrainingJobName, RoleArn: ROLE, AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: 'File' }, OutputDataConfig: { S3OutputPath: 's3://out/jobs' },
  ResourceConfig: { InstanceType: 'ml.t3.medium', InstanceCount: 1, VolumeSizeInGB: 1 }, StoppingCondition: { MaxRuntimeInSeconds: 60 }, ...more,
});

async function train({ bench }: Place, name: string, more: object = {}): Promise<Record<string, unknown>> {
  await bench.call('CreateTrainingJob', training(name, more));
  return bench.jobEnd(name);
}

const FOUR_GIBIBYTES = 4 * 2 ** 30 < totalmem() ? [String(4 * 2 ** 30)] : undefined;

describe('the container of a job', () => {
  test('gets folders, variables, memory and the argument train, and nothing of this machine\'s environment', () => withFake({ name: 'podman' }, async (place) => {
    expect(await train(place, 'plain', { Environment: { MINE: 'a=b c' } })).toMatchObject({ TrainingJobStatus: 'Completed' });
    const ml = join(place.bench.folder, 'sagemaker', 'jobs', 'plain', 'opt', 'ml');
    const [run] = place.runs();
    expect(run).toEqual({
      '--name': [expect.stringMatching(/^cdk-sagemaker-[0-9a-f]{8}-\d+-\d+-plain-algo-1$/)], '--label': [expect.stringMatching(/^cdk-sagemaker\.local=/)], '--log-driver': ['none'], '--pull': ['never'], '--security-opt': ['label=disable'], '--http-proxy': ['false'],
      '--network': ['host'], '--hostname': ['algo-1'], '--add-host': ['algo-1:127.0.0.1'], ...FOUR_GIBIBYTES && { '--memory': FOUR_GIBIBYTES, '--memory-swap': FOUR_GIBIBYTES }, '--shm-size': [String(Number(FOUR_GIBIBYTES ?? totalmem()) / 2)],
      '--volume': [`${ml}/input:/opt/ml/input`, `${ml}/output:/opt/ml/output`, `${ml}/model:/opt/ml/model`, `${ml}/checkpoints:/opt/ml/checkpoints`],
      '--env': [
        'AWS_REGION=us-east-1', 'AWS_DEFAULT_REGION=us-east-1', 'AWS_ENDPOINT_URL_S3=http://127.0.0.1:9', 'S3_ENDPOINT_URL=http://127.0.0.1:9', 'AWS_ACCESS_KEY_ID=local', 'AWS_SECRET_ACCESS_KEY=local',
        'TRAINING_JOB_NAME=plain', 'TRAINING_JOB_ARN=arn:aws:sagemaker:us-east-1:123456789012:training-job/plain', 'MINE=a=b c',
      ],
      image: [IMAGE, 'train'],
    });
  }));

  test('has the code of a script beside what the image has, and checkpoints where the request says', () => withFake({}, async (place) => {
    const { bench } = place;
    const archive = await bench.archive('code.tar.gz', { 'train.py': '' });
    await train(place, 'script', {
      HyperParameters: { sagemaker_program: '"train.py"', sagemaker_submit_directory: JSON.stringify(archive) }, CheckpointConfig: { S3Uri: 's3://data/checkpoints', LocalPath: '/somewhere/' },
      AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: 'File', ContainerEntrypoint: ['/bin/sh', '-c'], ContainerArguments: ['exit 0'] },
    });
    const [run] = place.runs();
    expect(run?.['--volume']?.map((volume) => volume.split(':')[1])).toEqual(['/opt/ml/input', '/opt/ml/output', '/opt/ml/model', '/somewhere', '/opt/ml/code']);
    expect([run?.['--entrypoint'], run?.image]).toEqual([['/bin/sh'], [IMAGE, '-c', 'exit 0']]);
  }));

  test('mounts nothing at /opt/ml/code for a script that is in the image', () => withFake({}, async (place) => {
    await train(place, 'inside', { HyperParameters: { sagemaker_program: '"train.py"', sagemaker_submit_directory: '"/opt/ml/code"' } });
    expect(place.runs()[0]?.['--volume']?.some((volume) => volume.endsWith(':/opt/ml/code'))).toBe(false);
  }));

  test('has neither network nor S3 when it is isolated', () => withFake({}, async (place) => {
    await train(place, 'alone', { EnableNetworkIsolation: true });
    expect(place.runs()[0]).toMatchObject({ '--network': ['none'], '--hostname': ['algo-1'], '--add-host': ['algo-1:127.0.0.1'] });
    expect(place.runs()[0]?.['--env']?.map((variable) => variable.split('=')[0])).toEqual(['AWS_REGION', 'TRAINING_JOB_NAME', 'TRAINING_JOB_ARN']);
  }));

  test('reaches S3 by the name of this machine where the engine is in a virtual one', () => withFake({ does: { info: 'echo "Docker Desktop"' } }, async (place) => {
    await train(place, 'desktop');
    expect(place.runs()[0]).toMatchObject({ '--network': ['bridge'], '--env': expect.arrayContaining(['AWS_ENDPOINT_URL_S3=http://host.docker.internal:9']) });
  }));

  test('shares a network with those of the other hosts, at an address that is free, and the network is removed', () => withFake({
    name: 'podman', does: { network: '[ "$2" = create ] && [ ! -e "$here/tried" ] && touch "$here/tried" && echo "Error: subnet 10.217.0.0/24 is already used on the host" >&2 && exit 125; exit 0' },
  }, async (place) => {
    expect(await train(place, 'two', { ResourceConfig: { InstanceType: 'ml.t3.medium', InstanceCount: 2, VolumeSizeInGB: 1 } })).toMatchObject({ TrainingJobStatus: 'Completed' });
    const networks = place.engine.allCalls.filter(([command, what]) => command === 'network' && what !== 'ls');
    expect(networks.map(([, what]) => what)).toEqual(['create', 'create', 'rm']);
    const name = networks[1]?.at(-1) as string;
    const subnet = /^(10\.217\.\d+)\.0\/24$/.exec(networks[1]?.at(-2) as string)?.[1] as string;
    expect(networks[1]?.slice(2)).toEqual(['--disable-dns', '--internal', '--label', expect.stringMatching(/^cdk-sagemaker\.local=/), '--subnet', `${subnet}.0/24`, name]);
    expect(networks[2]).toEqual(['network', 'rm', name]);
    const hosts = { '--network': [name], '--add-host': [`algo-1:${subnet}.10`, `algo-2:${subnet}.11`] };
    expect(place.runs().sort((a, b) => ((a['--hostname']?.[0] as string) < (b['--hostname']?.[0] as string) ? -1 : 1))).toMatchObject([
      { ...hosts, '--hostname': ['algo-1'], '--ip': [`${subnet}.10`] }, { ...hosts, '--hostname': ['algo-2'], '--ip': [`${subnet}.11`] },
    ]);
    expect(place.runs()[0]?.['--env']?.some((variable) => variable.includes('S3'))).toBe(false);
  }));

  test('has no GPU where there is none, which the log says, and no limit where the instance type is not known', () => withFake({}, async (place) => {
    const PATH = process.env.PATH;
    process.env.PATH = '/usr/bin:/bin';
    try {
      await train(place, 'gpu', { ResourceConfig: { InstanceType: 'ml.p3.2xlarge', InstanceCount: 1, VolumeSizeInGB: 1 } });
    } finally {
      process.env.PATH = PATH;
    }
    expect(place.runs()[0]).not.toHaveProperty('--gpus');
    expect(place.bench.logOf('gpu')).toContain('ml.p3.2xlarge: there is no GPU here');
  }));

  test('has the GPUs of this machine where there are some that the engine can give', () => withFake({ does: { info: 'echo \'{"nvidia":{}}\'' } }, async (place) => {
    const PATH = process.env.PATH as string;
    const folder = mkdtempSync(join(tmpdir(), 'gpu-'));
    writeFileSync(join(folder, 'nvidia-smi'), '#!/bin/sh\necho "GPU 0: some"\n', { mode: 0o755 });
    process.env.PATH = `${folder}:${PATH}`;
    try {
      await train(place, 'gpu', { ResourceConfig: { InstanceType: 'ml.g4dn.xlarge', InstanceCount: 1, VolumeSizeInGB: 1 } });
      await train(place, 'cpu');
    } finally {
      process.env.PATH = PATH;
      rmSync(folder, { recursive: true });
    }
    expect(place.runs().map((run) => run['--gpus'])).toEqual([['all'], undefined]);
  }));

  test('of a processing job has each input and output where the request says, and the image\'s own command', () => withFake({}, async ({ bench, runs }) => {
    await bench.call('CreateProcessingJob', {
      ProcessingJobName: 'process', RoleArn: ROLE, AppSpecification: { ImageUri: IMAGE }, ProcessingResources: { ClusterConfig: { InstanceType: 'ml.t3.medium', InstanceCount: 1, VolumeSizeInGB: 1 } },
      ProcessingInputs: [{ InputName: 'in', S3Input: { S3Uri: 's3://data/train', LocalPath: '/opt/ml/processing/in', S3DataType: 'S3Prefix', S3InputMode: 'File' } }],
      ProcessingOutputConfig: { Outputs: [{ OutputName: 'out', S3Output: { S3Uri: 's3://out/o', LocalPath: '/opt/ml/processing/out', S3UploadMode: 'EndOfJob' } }] },
    });
    await until(() => bench.call('DescribeProcessingJob', { ProcessingJobName: 'process' }), (job) => job.ProcessingJobStatus === 'Completed');
    expect(runs()[0]?.['--volume']?.map((volume) => volume.split(':')[1])).toEqual(['/opt/ml/processing/in', '/opt/ml/processing/out', '/opt/ml/config', '/opt/ml/output']);
    expect(runs()[0]?.image).toEqual([IMAGE]);
  }));
});

describe('a job whose container does not run', () => {
  test('fails with what the engine says of it', () => withFake({ does: { run: 'echo "docker: Error response from daemon: failed to create task: exec: \\"train\\": executable file not found in \\$PATH: unknown." >&2; exit 127' } }, async (place) => {
    expect((await train(place, 'no-train')).FailureReason).toBe(`ClientError: CannotStartContainerError. Please make sure the container can be run with 'docker run ${IMAGE} train'. `
      + 'docker: Error response from daemon: failed to create task: exec: "train": executable file not found in $PATH: unknown.');
  }));

  test('fails with what the program has said where it is the program that ends so', () => withFake({ does: { run: 'echo "sh: 1: fast: not found" >&2; exit 127' } }, async (place) => {
    expect((await train(place, 'says')).FailureReason).toBe('AlgorithmError: sh: 1: fast: not found, exit code: 127');
  }));

  test('fails without its network, and starts nothing', () => withFake({ does: { network: '[ "$2" != create ] || { echo "Error: no such driver" >&2; exit 125; }' } }, async (place) => {
    expect((await train(place, 'two', { ResourceConfig: { InstanceType: 'ml.t3.medium', InstanceCount: 2, VolumeSizeInGB: 1 } })).FailureReason).toBe('ClientError: no such driver');
    expect(place.runs()).toEqual([]);
  }));

  test('says why neither the image nor a process will do', () => withFake({ does: { image: 'exit 1', pull: 'echo "Error: no route to host" >&2; exit 125' } }, async (place) => {
    const { FailureReason: reason } = await train(place, 'nowhere');
    expect(reason).toMatch(new RegExp(`^ClientError: The image ${IMAGE} can't be pulled: no route to host.*Without a container: Not supported by the local AWS: process mode runs scripts`));
  }, 'auto'));
});

/** For the shell of a fake engine: where the container's folders are, and which host it is. */
const FOLDERS = 'for word in "$@"; do case "$word" in *:/opt/ml/output) output="${word%%:*}";; *:/opt/ml/model) model="${word%%:*}";; *:/opt/ml/input) input="${word%%:*}";; *:/opt/ml/processing/in) in="${word%%:*}";; *:/opt/ml/config) config="${word%%:*}";; algo-1|algo-2) host="$word";; esac; done; ';
const TWO_HOSTS = { ResourceConfig: { InstanceType: 'ml.t3.medium', InstanceCount: 2, VolumeSizeInGB: 1 } };

describe('what a container leaves', () => {
  test('is not read where it is a link to a file of this machine', () => withFake({ does: { run: `${FOLDERS} echo secret > "$here/secret"; ln -s "$here/secret" "$output/failure"; echo "last words" >&2; exit 3` } }, async (place) => {
    expect((await train(place, 'link', { EnableNetworkIsolation: true })).FailureReason).toBe('AlgorithmError: last words, exit code: 3');
  }));

  test('of two hosts is merged where one has a file and the other a folder, and the model is kept', () => withFake({
    does: { run: `${FOLDERS} case $host in algo-1) echo 1 > "$output/data/x";; *) mkdir "$output/data/x"; touch "$output/data/x/f" "$output/data/y"; mkfifo "$output/data/pipe"; ln -s y "$output/data/latest";; esac; touch "$model/m"` },
  }, async (place) => {
    expect(await train(place, 'merged', TWO_HOSTS)).toMatchObject({ TrainingJobStatus: 'Completed', ModelArtifacts: { S3ModelArtifacts: 's3://out/jobs/merged/output/model.tar.gz' } });
    const listed = execFileSync('tar', ['-tvzf', place.bench.s3.pathOf('out', 'jobs/merged/output/output.tar.gz')]).toString();
    expect(listed).toMatch(/^-.* \.\/x$/m);
    expect(listed).toMatch(/ \.\/latest -> y$/m);
  }));

  test('is the first host\'s alone where another has put a link in the place of its folder', () => withFake({
    does: { run: `${FOLDERS} case $host in algo-1) echo 1 > "$output/data/x";; *) rm -r "$output/data"; mkdir "$here/outside"; touch "$here/outside/secret"; ln -s "$here/outside" "$output/data";; esac` },
  }, async (place) => {
    expect(await train(place, 'linked', TWO_HOSTS)).toMatchObject({ TrainingJobStatus: 'Completed' });
    expect(execFileSync('tar', ['-tzf', place.bench.s3.pathOf('out', 'jobs/linked/output/output.tar.gz')]).toString()).toBe('./\n./x\n');
  }));
});

describe('the end of a container', () => {
  const killed = (known: string) => ({ run: 'echo "last words" >&2; exit 137', inspect: `echo ${known}` });

  test.each([
    ['docker', 'true', 'AlgorithmError: OutOfMemory: the container was killed since it wanted more memory than its instance has, exit code: 137'],
    ['podman', 'true', 'AlgorithmError: OutOfMemory: the container was killed since it wanted more memory than its instance has, exit code: 137'],
    ['docker', 'false', 'AlgorithmError: last words, exit code: 137'],
    // It does not know it under the first version of Linux's control groups.
    ['podman', 'false', 'AlgorithmError: last words\nExit code 137 is that of a program that was killed, for instance for want of memory., exit code: 137'],
  ] as const)('with code 137 is want of memory where %s says so (%s)', (name, known, reason) => withFake({ name, does: killed(known) }, async (place) => {
    expect((await train(place, 'ends', { ResourceConfig: { InstanceType: 'ml.t3.medium', InstanceCount: 1, VolumeSizeInGB: 1 } })).FailureReason).toBe(FOUR_GIBIBYTES === undefined ? 'AlgorithmError: last words, exit code: 137' : reason);
  }));

  test('as a failure is that of the other hosts too, which the log says', () => withFake({ does: { run: `${FOLDERS} [ $host = algo-2 ] && exit 4; touch "$here/waits"; while [ -e "$here/waits" ]; do sleep 0.05; done; exit 143`, kill: 'rm -f "$here/waits"' } }, async (place) => {
    expect((await train(place, 'two', TWO_HOSTS)).FailureReason).toBe('AlgorithmError: , exit code: 4');
    expect(place.bench.logOf('two')).toMatch(/algo-2 has failed with exit code 4: the other hosts are told to end, and have [\d.]+ seconds for it\./);
  }));
});

describe('what a container finds', () => {
  // Whose user is not the one of this process.
  const everybodyReads = 'find "$dir" ! -perm -004 -print; find "$dir" -type d ! -perm -001 -print';

  test('is for everybody to read, whatever this process lets others see', async () => {
    const before = process.umask(0o077);
    try {
      await withFake({ does: { run: `${FOLDERS} for dir in "$input" "$in" "$config"; do [ -z "$dir" ] || { ${everybodyReads}; }; done; [ -z "$output" ] || echo "looked"` } }, async (place) => {
        const { bench } = place;
        await bench.s3.put('data', 'private/deep/b.txt', 'b');
        await train(place, 'private', { InputDataConfig: [{ ChannelName: 'c', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/private/' } } }] });
        expect(bench.logOf('private').trim().split('\n').filter((line) => line.startsWith('/') || line === 'looked')).toEqual(['looked']);
        await bench.call('CreateProcessingJob', {
          ProcessingJobName: 'private', RoleArn: ROLE, AppSpecification: { ImageUri: IMAGE }, ProcessingResources: { ClusterConfig: { InstanceType: 'ml.t3.medium', InstanceCount: 1, VolumeSizeInGB: 1 } },
          ProcessingInputs: [{ InputName: 'in', S3Input: { S3Uri: 's3://data/private', LocalPath: '/opt/ml/processing/in', S3DataType: 'S3Prefix', S3InputMode: 'File' } }],
        });
        await until(() => bench.call('DescribeProcessingJob', { ProcessingJobName: 'private' }), (job) => job.ProcessingJobStatus === 'Completed');
        expect((await bench.logEvents('ProcessingJobs', 'private/')).trim().split('\n').filter((line) => line.includes('/opt/ml') || line.endsWith('looked'))).toEqual([expect.stringMatching(/looked$/)]);
      });
    } finally {
      process.umask(before);
    }
  });
});

describe('files of a container', () => {
  test('become ours where they are another user\'s, through a container', async () => {
    const fake = new FakeEngine();
    const folder = mkdtempSync(join(tmpdir(), 'taken-'));
    const { engine } = await Engine.find(fake.environment);
    const log: string[] = [];
    const take = (uid: number) => takeOver({ engine: engine as Engine, label: 'a=b', image: 'some', folder, uid, log: (line) => log.push(line) });
    try {
      await take(process.getuid?.() as number + 1);
      expect(fake.calls).toEqual([]);
      mkdirSync(join(folder, 'of-root'));
      await take(process.getuid?.() as number);
      expect(fake.calls).toEqual([]);
      await take(process.getuid?.() as number + 1);
      expect(fake.calls).toEqual([['run', '--rm', '--label', 'a=b', '--network', 'none', '--pull', 'never', '--security-opt', 'label=disable', '--user', '0', '--volume', `${folder}:/job`, '--entrypoint', '/bin/sh', 'some', '-c', 'chown -R "$(stat -c %u:%g "$0")" "$0"', '/job']]);
      expect(log).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
      fake.close();
    }
  });
});
