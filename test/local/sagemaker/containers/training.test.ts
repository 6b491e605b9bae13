import { execFileSync } from 'node:child_process';
import { totalmem } from 'node:os';
import { CONTRACT_IMAGE, saidIn } from '../../support/contract-image';
import { describeWithContainers, engineSays, withContainers, type ContainerBench } from '../../support/containers';
import { until } from '../../support/sagemaker-bench';

jest.setTimeout(120_000);

async function train({ bench, image }: ContainerBench, name: string, script: string, overrides: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
  const request = await bench.trainingRequest(name, '', overrides);
  await bench.call('CreateTrainingJob', {
    ...request, HyperParameters: { script: JSON.stringify(script), ...overrides.HyperParameters as object },
    AlgorithmSpecification: { TrainingImage: image('contract', CONTRACT_IMAGE), TrainingInputMode: 'File', ...overrides.AlgorithmSpecification as object },
  });
  return bench.jobEnd(name);
}

const said = ({ bench }: ContainerBench, name: string) => saidIn(bench.logOf(name));

describeWithContainers('a training job in a container', () => {
  test('is told what to do by files and variables, and leaves a model', () => withContainers(async (place) => {
    const job = await train(place, 'whole', `
say({name: config(name) for name in ("hyperparameters", "inputdataconfig", "resourceconfig") if name != "hyperparameters"})
say({"environment": {name: value for name, value in os.environ.items() if name not in ("container", "TERM", "HOME", "PATH", "HOSTNAME", "PWD", "LC_CTYPE")}})
say({"folders": sorted(os.listdir("/opt/ml")), "channel": os.listdir("/opt/ml/input/data/train"), "host": socket.gethostname(), "address": socket.gethostbyname("algo-1"), "stdin": sys.stdin.read(), "arguments": sys.argv[1:]})
write("/opt/ml/model/sub/model.txt", "trained"); write("/opt/ml/output/data/report.txt", "fine"); print("acc=0.5")`, { Environment: { MINE: 'one two' } });
    expect(job).toMatchObject({ TrainingJobStatus: 'Completed', ModelArtifacts: { S3ModelArtifacts: 's3://out/jobs/whole/output/model.tar.gz' } });
    const [configuration, { environment } = {}, folders] = said(place, 'whole');
    expect(configuration).toEqual({
      inputdataconfig: { train: { TrainingInputMode: 'File', S3DistributionType: 'FullyReplicated', RecordWrapperType: 'None' } },
      resourceconfig: {
        current_host: 'algo-1', current_instance_type: 'ml.m5.large', current_group_name: 'homogeneousCluster', hosts: ['algo-1'],
        instance_groups: [{ instance_group_name: 'homogeneousCluster', instance_type: 'ml.m5.large', hosts: ['algo-1'] }], network_interface_name: expect.any(String),
      },
    });
    expect(environment).toEqual({
      TRAINING_JOB_NAME: 'whole', TRAINING_JOB_ARN: 'arn:aws:sagemaker:us-east-1:123456789012:training-job/whole', AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9', S3_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', MINE: 'one two',
    });
    expect(folders).toEqual({ folders: ['checkpoints', 'input', 'model', 'output'], channel: ['a.txt'], host: 'algo-1', address: '127.0.0.1', stdin: '', arguments: [] });
  }));

  test('runs the entry point and the arguments of the request in place of the image\'s', () => withContainers(async (place) => {
    const algorithm = (script: string) => ({ AlgorithmSpecification: { ContainerEntrypoint: ['python3', '-c'], ContainerArguments: [script, 'a b', '$HOME'] } });
    const job = await train(place, 'own', '', algorithm('import sys, json; print(json.dumps({"arguments": sys.argv[1:]}))'));
    expect(job.TrainingJobStatus).toBe('Completed');
    expect(said(place, 'own')).toEqual([{ arguments: ['a b', '$HOME'] }]);
  }));

  test('has a script brought to /opt/ml/code, which hyperparameters.json says, and no S3 is needed for it', () => withContainers(async ({ bench, image }) => {
    const request = await bench.trainingRequest('scripted', 'print("the script ran")');
    const files = { Dockerfile: 'FROM localhost/cdk-sagemaker-test\nCOPY train /usr/local/bin/', train: '#!/bin/sh\ncat /opt/ml/input/config/hyperparameters.json\necho\nexec python3 /opt/ml/code/train.py\n' };
    await bench.call('CreateTrainingJob', { ...request, EnableNetworkIsolation: true, AlgorithmSpecification: { TrainingImage: image('toolkit', files), TrainingInputMode: 'File' } });
    expect(await bench.jobEnd('scripted')).toMatchObject({ TrainingJobStatus: 'Completed' });
    expect(bench.logOf('scripted')).toContain('{"sagemaker_program":"\\"train.py\\"","sagemaker_submit_directory":"\\"/opt/ml/code\\""}\nthe script ran');
  }));

  test('fails with what it wrote to the failure file, what it said last, or what the engine says of it', () => withContainers(async (place) => {
    const { bench } = place;
    expect(await train(place, 'file', 'write("/opt/ml/output/failure", "my own words"); sys.exit(3)')).toMatchObject({ TrainingJobStatus: 'Failed', FailureReason: 'AlgorithmError: my own words, exit code: 3' });
    expect((await train(place, 'raises', 'raise ValueError("no such thing")')).FailureReason).toMatch(/^AlgorithmError: Traceback [^]*ValueError: no such thing, exit code: 1$/);
    await bench.call('CreateTrainingJob', { ...await bench.trainingRequest('no-train', ''), HyperParameters: {}, AlgorithmSpecification: { TrainingImage: 'localhost/cdk-sagemaker-test', TrainingInputMode: 'File' } });
    expect((await bench.jobEnd('no-train')).FailureReason).toMatch(/^ClientError: CannotStartContainerError\. Please make sure the container can be run with 'docker run localhost\/cdk-sagemaker-test train'\. .*"train": executable file not found in \$PATH/);
    expect((await train(place, 'shell', 'sys.exit(127)')).FailureReason).toMatch(/^AlgorithmError: , exit code: 127$/);
  }));

  test('is killed when it takes more memory than its instance has', () => withContainers(async (place) => {
    const job = await train(place, 'hungry', 'hold = []\nwhile True: hold.append(bytearray(64 << 20))', { ResourceConfig: { InstanceType: 'ml.t3.medium', InstanceCount: 1, VolumeSizeInGB: 1 } });
    expect(job.FailureReason).toMatch(/^AlgorithmError: (OutOfMemory: .* memory than its instance has|It ended as a program that is killed does, for instance for want of memory), exit code: 137$/);
  }));

  test('is stopped by SIGTERM, then SIGKILL, and by its time limit', () => withContainers(async (place) => {
    const { bench, containers } = place;
    const stubborn = train(place, 'stubborn', 'signal.signal(signal.SIGTERM, lambda *_: print("told to stop", flush=True)); write("/opt/ml/model/m", "kept"); print("begun", flush=True)\nwhile True: time.sleep(0.05)');
    await until(async () => bench.logOf('stubborn'), (log) => log.includes('begun'));
    await bench.call('StopTrainingJob', { TrainingJobName: 'stubborn' });
    expect(await stubborn).toMatchObject({ TrainingJobStatus: 'Stopped', ModelArtifacts: { S3ModelArtifacts: 's3://out/jobs/stubborn/output/model.tar.gz' } });
    expect(bench.logOf('stubborn')).toContain('told to stop');
    expect(await train(place, 'limited', 'signal.signal(signal.SIGTERM, signal.SIG_DFL); time.sleep(600)', { StoppingCondition: { MaxRuntimeInSeconds: 2 } })).toMatchObject({ TrainingJobStatus: 'Stopped', SecondaryStatus: 'MaxRuntimeExceeded' });
    expect(engineSays('ps', '--all', '--quiet', '--filter', `label=${containers.label}`)).toBe('');
  }));

  test('may be another user than root, with shared memory as on an instance', () => withContainers(async ({ bench, image }) => {
    const files = { ...CONTRACT_IMAGE, Dockerfile: `${CONTRACT_IMAGE.Dockerfile}USER 1234\n` };
    const script = 'write("/opt/ml/model/m", "trained"); write("/opt/ml/output/data/o", "fine"); write("/opt/ml/checkpoints/c", "one"); size = os.statvfs("/dev/shm"); say({"user": os.getuid(), "shared": size.f_blocks * size.f_frsize})';
    await bench.call('CreateTrainingJob', {
      ...await bench.trainingRequest('user', ''), HyperParameters: { script: JSON.stringify(script) }, AlgorithmSpecification: { TrainingImage: image('user', files), TrainingInputMode: 'File' },
      ResourceConfig: { InstanceType: 'ml.t3.medium', InstanceCount: 1, VolumeSizeInGB: 1 }, CheckpointConfig: { S3Uri: 's3://data/checkpoints' },
    });
    expect(await bench.jobEnd('user')).toMatchObject({ TrainingJobStatus: 'Completed' });
    expect(saidIn(bench.logOf('user'))).toEqual([{ user: 1234, shared: Math.min(4 * 2 ** 30, totalmem()) / 2 }]);
    expect((await bench.s3.get('data', 'checkpoints/c')).toString()).toBe('one');
  }));

  test('reads what it is given as any user and whatever this process lets others see, and gets no proxies of this machine', () => withContainers(async ({ bench, image }) => {
    const anotherUser = image('private', { ...CONTRACT_IMAGE, Dockerfile: `${CONTRACT_IMAGE.Dockerfile}USER 1234\n` });
    const before = { umask: process.umask(0o077), proxy: process.env.HTTP_PROXY };
    process.env.HTTP_PROXY = 'http://user:password@127.0.0.1:9';
    try {
      const script = 'say({"epochs": config("hyperparameters")["epochs"], "data": open("/opt/ml/input/data/train/a.txt").read(), "code": open("/opt/ml/code/train.py").read(), "proxies": [name for name in os.environ if "proxy" in name.lower()]})';
      const request = await bench.trainingRequest('private', 'pass', { HyperParameters: { epochs: '3' } });
      await bench.call('CreateTrainingJob', {
        ...request, HyperParameters: { ...request.HyperParameters as object, script: JSON.stringify(script) },
        AlgorithmSpecification: { TrainingImage: anotherUser, TrainingInputMode: 'File' },
      });
      expect(await bench.jobEnd('private')).toMatchObject({ TrainingJobStatus: 'Completed' });
      expect(saidIn(bench.logOf('private'))).toEqual([{ epochs: '3', data: 'alpha', code: 'pass', proxies: [] }]);
    } finally {
      process.umask(before.umask);
      if (before.proxy === undefined) { delete process.env.HTTP_PROXY; } else { process.env.HTTP_PROXY = before.proxy; }
    }
  }));

  test('leaves no files of this machine, and of several hosts what can be merged', () => withContainers(async (place) => {
    const { bench } = place;
    await bench.s3.put('data', 'secret', 'of this machine');
    const job = await train(place, 'sockets', `
os.symlink("${bench.s3.pathOf('data', 'secret')}", "/opt/ml/output/message")
if socket.gethostname() == "algo-2":
    socket.socket(socket.AF_UNIX).bind("/opt/ml/output/data/socket"); os.mkfifo("/opt/ml/output/data/pipe"); write("/opt/ml/output/data/x/f", "2"); os.symlink("x", "/opt/ml/output/data/latest")
else: write("/opt/ml/output/data/x", "1")
write("/opt/ml/model/m", "trained")`, { ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 2, VolumeSizeInGB: 1 } });
    expect(job).toMatchObject({ TrainingJobStatus: 'Completed', ModelArtifacts: { S3ModelArtifacts: 's3://out/jobs/sockets/output/model.tar.gz' } });
    expect(membersOf(bench.s3.pathOf('out', 'jobs/sockets/output/output.tar.gz'))).toEqual(['./latest', './pipe', './x']);
    const failed = await train(place, 'linked', `os.symlink("${bench.s3.pathOf('data', 'secret')}", "/opt/ml/output/failure"); sys.exit(3)`, { EnableNetworkIsolation: true });
    expect(failed.FailureReason).toBe('AlgorithmError: , exit code: 3');
    expect(await train(place, 'piped', 'os.mkfifo("/opt/ml/output/failure"); sys.exit(3)')).toMatchObject({ FailureReason: 'AlgorithmError: , exit code: 3' });
  }));

  test('has no network and no credentials when it is isolated', () => withContainers(async (place) => {
    const job = await train(place, 'alone', `
say({"interfaces": sorted(os.listdir("/sys/class/net")), "name": config("resourceconfig")["network_interface_name"], "address": socket.gethostbyname("algo-1"), "aws": sorted(name for name in os.environ if name.startswith("AWS") or name.startswith("S3"))})`, { EnableNetworkIsolation: true });
    expect(job.TrainingJobStatus).toBe('Completed');
    expect(said(place, 'alone')).toEqual([{ interfaces: ['lo'], name: 'lo', address: '127.0.0.1', aws: ['AWS_REGION'] }]);
  }));

  test('takes up its checkpoints from anywhere, and leaves them while it runs and when it fails', () => withContainers(async (place) => {
    const { bench } = place;
    await bench.s3.put('data', 'checkpoints/1/state', 'one');
    const job = train(place, 'checkpointed', `
say({"found": open("/somewhere/else/1/state").read()})
write("/somewhere/else/2/state", "two")
while not os.path.exists("/opt/ml/output/data/go"): time.sleep(0.05)
write("/somewhere/else/3/state", "three"); sys.exit(1)`, { CheckpointConfig: { S3Uri: 's3://data/checkpoints', LocalPath: '/somewhere/else' } });
    await until(() => bench.s3.get('data', 'checkpoints/2/state').then(String, () => ''), (text) => text === 'two');
    expect((await bench.call('DescribeTrainingJob', { TrainingJobName: 'checkpointed' })).TrainingJobStatus).toBe('InProgress');
    engineSays('exec', engineSays('ps', '--quiet', '--filter', `label=${place.containers.label}`), 'touch', '/opt/ml/output/data/go');
    expect((await job).TrainingJobStatus).toBe('Failed');
    expect((await bench.s3.get('data', 'checkpoints/3/state')).toString()).toBe('three');
    expect(said(place, 'checkpointed')).toEqual([{ found: 'one' }]);
  }));

  test('has hosts that know one another by name, each with its share of the data, and one model of all of them', () => withContainers(async (place) => {
    const { bench } = place;
    for (const name of ['b', 'c', 'd']) { await bench.s3.put('data', `train/${name}.txt`, name); }
    const channel = (ChannelName: string, more: object) => ({ ChannelName, DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/train/', ...more } } });
    const job = await train(place, 'many', `
host = config("resourceconfig")["current_host"]; others = config("resourceconfig")["hosts"]
say({"resourceconfig": config("resourceconfig"), "channels": {name: sorted(os.listdir("/opt/ml/input/data/" + name)) for name in config("inputdataconfig")}, "name": socket.gethostname()})
server = socket.create_server(("", 7777))
if host == "algo-1":
    for other in others[1:]: print(host, "heard", server.accept()[0].recv(100).decode(), flush=True)
else:
    for attempt in range(100):
        try: connection = socket.create_connection(("algo-1", 7777)); break
        except OSError: time.sleep(0.1)
    connection.sendall(host.encode()); connection.close()
write("/opt/ml/model/" + host, host); write("/opt/ml/output/data/%s/report" % host, host)`, {
      ResourceConfig: { VolumeSizeInGB: 1, InstanceGroups: [{ InstanceGroupName: 'big', InstanceType: 'ml.m5.large', InstanceCount: 2 }, { InstanceGroupName: 'small', InstanceType: 'ml.t3.medium', InstanceCount: 1 }] },
      InputDataConfig: [channel('shared', { S3DataDistributionType: 'ShardedByS3Key', InstanceGroupNames: ['big'] }), channel('all', {})],
    });
    expect(job).toMatchObject({ TrainingJobStatus: 'Completed' });
    expect(bench.logOf('many')).toContain('3 hosts have a network of their own here, without a way out');
    expect(bench.logOf('many')).toMatch(/\[algo-1\] algo-1 heard algo-2\n[^]*algo-1 heard algo-3|algo-1 heard algo-3\n[^]*algo-1 heard algo-2/);
    const told = said(place, 'many') as Array<{ name: string; channels: object; resourceconfig: Record<string, unknown> }>;
    expect(Object.fromEntries(told.map(({ name, channels }) => [name, channels]))).toEqual({
      'algo-1': { shared: ['a.txt', 'c.txt'], all: ['a.txt', 'b.txt', 'c.txt', 'd.txt'] },
      'algo-2': { shared: ['b.txt', 'd.txt'], all: ['a.txt', 'b.txt', 'c.txt', 'd.txt'] },
      'algo-3': { all: ['a.txt', 'b.txt', 'c.txt', 'd.txt'] },
    });
    expect(told.find(({ name }) => name === 'algo-3')?.resourceconfig).toEqual({
      current_host: 'algo-3', current_instance_type: 'ml.t3.medium', current_group_name: 'small', hosts: ['algo-1', 'algo-2', 'algo-3'], network_interface_name: 'eth0',
      instance_groups: [
        { instance_group_name: 'big', instance_type: 'ml.m5.large', hosts: ['algo-1', 'algo-2'] }, { instance_group_name: 'small', instance_type: 'ml.t3.medium', hosts: ['algo-3'] },
      ],
    });
    expect(membersOf(bench.s3.pathOf('out', 'jobs/many/output/model.tar.gz'))).toEqual(['./algo-1', './algo-2', './algo-3']);
    expect(membersOf(bench.s3.pathOf('out', 'jobs/many/output/output.tar.gz'))).toEqual(['./algo-1/report', './algo-2/report', './algo-3/report']);
    const { logStreams } = await bench.sageMaker.logs.call('DescribeLogStreams', { logGroupName: '/aws/sagemaker/TrainingJobs', logStreamNamePrefix: 'many/' }) as { logStreams: Array<{ logStreamName: string }> };
    expect(logStreams.map(({ logStreamName }) => logStreamName.replace(/\d+$/, ''))).toEqual(['many/algo-1-', 'many/algo-2-', 'many/algo-3-']);
  }));

  test('fails with one of its hosts, and ends the others', () => withContainers(async (place) => {
    const job = await train(place, 'one-fails', `
if socket.gethostname() == "algo-2": write("/opt/ml/output/failure", "the second"); sys.exit(4)
time.sleep(600)`, { ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 2, VolumeSizeInGB: 1 } });
    expect(job).toMatchObject({ TrainingJobStatus: 'Failed', FailureReason: 'AlgorithmError: the second, exit code: 4' });
  }));
});

const membersOf = (archive: string) => execFileSync('tar', ['-tzf', archive]).toString().split('\n').filter((name) => name !== '' && !name.endsWith('/')).sort();
