import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SYSTEM_CLOCK } from '../../../lib/local/clock';
import { ImageStore } from '../../../lib/local/images/image-store';
import { LogStore } from '../../../lib/local/logs/log-store';
import { PythonEnvironments } from '../../../lib/local/python-environment';
import { JobLog } from '../../../lib/local/sagemaker/job-log';
import type { Machine } from '../../../lib/local/sagemaker/machine';
import { ServingProcess } from '../../../lib/local/sagemaker/serving-process';
import { processesWith } from '../support/processes';
import { ROLE, SageMakerBench, until } from '../support/sagemaker-bench';

jest.setTimeout(60_000);

const URI = (name: string) => `123456789012.dkr.ecr.us-east-1.amazonaws.com/${name}:1`;
const EXECUTABLE = 'ENV PATH="/opt/program:${PATH}"\nWORKDIR /opt/program\nCOPY . .\nRUN chmod +x train serve';

/** Says what it is started with, and leaves it as the model. */
const TRAIN = `#!/usr/bin/env python3
import json, os, sys
base = os.environ["SAGEMAKER_BASE_DIR"]
with open(base + "/input/config/hyperparameters.json") as file:
    parameters = json.load(file)
if "fail" in parameters:
    with open(base + "/output/failure", "w") as file:
        file.write(parameters["fail"])
    sys.exit(3)
if "raise" in parameters:
    open("/opt/nothing/of/the/kind/" + parameters["raise"])
told = {"args": sys.argv[1:], "cwd": os.getcwd(), "job": os.environ.get("TRAINING_JOB_NAME"), "mine": os.environ.get("MINE"), "sm": [name for name in os.environ if name.startswith("SM_")]}
with open(base + "/model/told.json", "w") as file:
    json.dump(told, file)
print("told " + json.dumps(told))
`;

/** Answers with the model and what was sent, but for requests to fail. */
const SERVE = `#!/usr/local/bin/python
import json, os, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
with open(os.environ["SAGEMAKER_BASE_DIR"] + "/model/text.txt") as file:
    text = file.read()
pings = 0
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        global pings
        pings += 1
        self.answer(200 if self.path == "/ping" and pings > 2 else 503, "")
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if body == "exit":
            os._exit(7)
        self.answer(418 if body == "tea" else 200, text + " " + " ".join(sys.argv[1:]) + " " + body + " " + self.headers.get("Content-Type"))
    def answer(self, status, text):
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())
    def log_message(self, *values):
        pass
ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("SAGEMAKER_BIND_TO_PORT", "8080"))), Handler).serve_forever()
`;

async function withImages(work: (bench: SageMakerBench, image: (name: string, files: { readonly [path: string]: string }) => string) => Promise<void>): Promise<void> {
  const bench = await SageMakerBench.open();
  const images = new ImageStore(join(bench.folder, 'sagemaker', 'images'));
  try {
    await work(bench, (name, files) => {
      const directory = mkdtempSync(join(bench.folder, 'context-'));
      for (const [path, content] of Object.entries({ train: TRAIN, serve: SERVE, ...files })) {
        mkdirSync(dirname(join(directory, path)), { recursive: true });
        writeFileSync(join(directory, path), content);
      }
      images.put(name, '1', { directory });
      return URI(name);
    });
  } finally {
    await bench.close();
    expect(processesWith(bench.folder)).toEqual([]);
  }
}

/** A request without a script. */
const request = async (bench: SageMakerBench, name: string, algorithm: object, hyperparameters: object = {}) => ({
  ...await bench.trainingRequest(name, ''), AlgorithmSpecification: { TrainingInputMode: 'File', ...algorithm }, HyperParameters: hyperparameters,
});
const trained = async (bench: SageMakerBench, name: string, algorithm: object, hyperparameters: object = {}) => {
  await bench.call('CreateTrainingJob', await request(bench, name, algorithm, hyperparameters));
  return bench.jobEnd(name);
};
const told = (bench: SageMakerBench, name: string) => JSON.parse(/told (.*)/.exec(bench.logOf(name))![1]!) as { args: string[]; cwd: string; job: string; mine: string; sm: string[] };

describe('A training job with an image of the user\'s own', () => {
  test('runs the image\'s program `train`, found by its PATH, with what SageMaker tells a container and nothing of a toolkit', () => withImages(async (bench, image) => {
    const job = await trained(bench, 'job', { TrainingImage: image('mine', { Dockerfile: `FROM python:3.12\nENV MINE=yes\n${EXECUTABLE}` }) });
    expect(job).toMatchObject({ TrainingJobStatus: 'Completed', ModelArtifacts: { S3ModelArtifacts: 's3://out/jobs/job/output/model.tar.gz' } });
    expect(told(bench, 'job')).toEqual({ args: [], cwd: expect.stringMatching(/\/opt\/program$/), job: 'job', mine: 'yes', sm: [] });
    expect(bench.logOf('job')).toContain('what python:3.12 has is not here');
    expect(readdirSync(join(bench.folder, 'sagemaker', 'jobs', 'job'))).toEqual([]);
  }));

  test('gives an entry point the argument `train`; its paths are those of the container', () => withImages(async (bench, image) => {
    const uri = image('mine', { Dockerfile: 'FROM python:3.12\nCOPY train /srv/start.py\nENTRYPOINT ["/usr/local/bin/python3.12", "-u", "/srv/start.py"]' });
    await trained(bench, 'job', { TrainingImage: uri });
    expect(told(bench, 'job')).toMatchObject({ args: ['train'], cwd: expect.not.stringContaining('srv') });
  }));

  test('runs the entry point and the arguments of the request instead', () => withImages(async (bench, image) => {
    const uri = image('mine', { 'Dockerfile': `FROM python:3.12\nENTRYPOINT ["nothing"]\n${EXECUTABLE}`, 'other/main.py': TRAIN });
    await trained(bench, 'both', { TrainingImage: uri, ContainerEntrypoint: ['python', '/opt/program/other/main.py'], ContainerArguments: ['--model=/opt/ml/model', '/nowhere'] });
    expect(told(bench, 'both').args).toEqual([expect.stringMatching(/^--model=\/.*\/opt\/ml\/model$/), '/nowhere']);
    await trained(bench, 'entrypoint', { TrainingImage: uri, ContainerEntrypoint: ['./train'] });
    expect(told(bench, 'entrypoint').args).toEqual([]);
  }));

  test('fails with what the program has written to /opt/ml/output/failure', () => withImages(async (bench, image) => {
    const job = await trained(bench, 'job', { TrainingImage: image('mine', { Dockerfile: `FROM python:3.12\n${EXECUTABLE}` }) }, { fail: 'no data for Mondays' });
    expect(job).toMatchObject({ TrainingJobStatus: 'Failed', FailureReason: 'AlgorithmError: no data for Mondays, exit code: 3' });
  }));

  test('fails with the end of the traceback otherwise, in paths of the container', () => withImages(async (bench, image) => {
    const job = await trained(bench, 'job', { TrainingImage: image('mine', { Dockerfile: `FROM python:3.12\n${EXECUTABLE}` }) }, { raise: 'x' });
    expect(job.FailureReason).toMatch(/^AlgorithmError: Traceback .*\n {2}File "\/opt\/program\/train", line \d+, in <module>\n[^]*FileNotFoundError: .*, exit code: 1$/);
  }));

  test.each([
    ['does not have the program', 'COPY serve /usr/local/bin/', 'AlgorithmError: exec: "train": executable file not found in $PATH (what the image has FROM python:3.12 is not here; its Dockerfile puts serve there), exit code: 127'],
    ['has no right to run it', 'COPY train /usr/local/bin/', 'AlgorithmError: exec: "train": permission denied (the file is not executable; chmod +x it), exit code: 127'],
    ['lacks a file to copy', 'COPY trian /usr/local/bin/', 'ClientError: The image can\'t be made of its Dockerfile: COPY trian: the build context has no such file'],
  ])('fails when the image %s', (_name, dockerfile, reason) => withImages(async (bench, image) => {
    expect((await trained(bench, 'job', { TrainingImage: image('mine', { Dockerfile: `FROM python:3.12\n${dockerfile}` }) })).FailureReason).toBe(reason);
  }));

  test('gets SIGTERM when it is stopped, and what it leaves then is its artifact', () => withImages(async (bench, image) => {
    const train = '#!/bin/sh\ntrap \'echo half > "$SAGEMAKER_BASE_DIR/model/half"; exit 0\' TERM\necho waiting\nwhile true; do sleep 0.05; done\n';
    await bench.call('CreateTrainingJob', await request(bench, 'job', { TrainingImage: image('mine', { Dockerfile: `FROM debian\n${EXECUTABLE}`, train }) }));
    await until(async () => bench.logOf('job'), (log) => log.includes('waiting'));
    await bench.call('StopTrainingJob', { TrainingJobName: 'job' });
    expect(await bench.jobEnd('job')).toMatchObject({ TrainingJobStatus: 'Stopped', ModelArtifacts: { S3ModelArtifacts: 's3://out/jobs/job/output/model.tar.gz' } });
  }));

  test('says in its log what was left out, and which file counts on a container', () => withImages(async (bench, image) => {
    const train = '#!/bin/sh\necho "/opt/ml/model is not here"\n';
    await trained(bench, 'job', { TrainingImage: image('mine', { Dockerfile: `FROM debian\n${EXECUTABLE}\nRUN apt-get install -y nginx\nUSER app`, train }) });
    const log = bench.logOf('job');
    expect(log).toContain('Left out of the image: apt-get install -y nginx');
    expect(log).toContain('Left out of the image: USER app');
    expect(log).toContain('/opt/program/train names /opt/ml and not the variable SAGEMAKER_BASE_DIR');
    expect(log).not.toContain('/opt/program/serve names');
  }));

  test('is refused before there is a job when the Dockerfile can\'t be followed, when the image is not here, and when its entry point is a toolkit\'s', () => withImages(async (bench, image) => {
    const refused = async (uri: string) => bench.call('CreateTrainingJob', await request(bench, 'job', { TrainingImage: uri }));
    await expect(refused(image('compiled', { Dockerfile: 'FROM gcc\nCOPY . .\nRUN make' }))).rejects.toThrow('Dockerfile line 3: RUN make');
    await expect(refused(URI('unknown'))).rejects.toThrow('or the train program of an image asset (ContainerImage.fromAsset); image 123456789012.dkr.ecr.us-east-1.amazonaws.com/unknown:1 with none of them needs a container');
    const base = '683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3';
    await expect(refused(image('extended', { Dockerfile: `FROM ${base}\nRUN pip install humanize` }))).rejects.toThrow('without a script: its entry point is that of AWS\'s toolkit');
    expect((await bench.call('ListTrainingJobs', {})).TrainingJobSummaries).toEqual([]);
  }));

  test('runs a script as ever when the image has AWS\'s toolkit, with the files and variables of the image', () => withImages(async (bench, image) => {
    const uri = image('toolkit', { 'Dockerfile': 'FROM python:3.12\nRUN pip install sagemaker-training\nENV SETTINGS=/etc/settings.txt\nCOPY settings.txt /etc/', 'settings.txt': 'from the image' });
    const job = await bench.train('job', 'import os\nprint(open(os.environ["SETTINGS"]).read(), os.environ["SM_HP_RATE"])', { AlgorithmSpecification: { TrainingImage: uri, TrainingInputMode: 'File' }, HyperParameters: { rate: '0.5' } });
    expect(job.FailureReason).toBeUndefined();
    expect(bench.logOf('job')).toContain('from the image 0.5');
  }));
});

describe('An endpoint with an image of the user\'s own', () => {
  const model = async (bench: SageMakerBench, name: string, Image: string, more: object = {}) => {
    await bench.call('CreateModel', { ModelName: name, ExecutionRoleArn: ROLE, PrimaryContainer: { Image, ModelDataUrl: await bench.archive(`${name}.tar.gz`, { 'text.txt': name }), ...more } });
    await bench.config(name, { [name]: 1 });
    await bench.call('CreateEndpoint', { EndpointName: name, EndpointConfigName: name });
    return bench.endpointAtRest(name);
  };
  const ask = async (bench: SageMakerBench, name: string, body: string) => (await bench.sageMaker.invoke(name, { body: Buffer.from(body), contentType: 'text/plain' })).body.toString();

  test('runs the image\'s program `serve` until it answers /ping, each at a port of its own', () => withImages(async (bench, image) => {
    const uri = image('mine', { Dockerfile: `FROM python:3.12\n${EXECUTABLE}` });
    expect((await Promise.all([model(bench, 'one', uri), model(bench, 'two', uri)])).map(({ EndpointStatus, FailureReason }) => [EndpointStatus, FailureReason])).toEqual([['InService', undefined], ['InService', undefined]]);
    expect(await ask(bench, 'one', 'hello')).toBe('one  hello text/plain');
    expect(await ask(bench, 'two', 'hello')).toBe('two  hello text/plain');
    await expect(ask(bench, 'one', 'tea')).rejects.toMatchObject({ name: 'ModelError', details: { OriginalStatusCode: 418 } });
    await bench.call('DeleteEndpoint', { EndpointName: 'one' });
    await until(async () => processesWith(join(bench.folder, 'sagemaker', 'endpoints', 'one')), (left) => left.length === 0);
  }));

  test('starts it again when it has died', () => withImages(async (bench, image) => {
    await model(bench, 'one', image('mine', { Dockerfile: `FROM python:3.12\n${EXECUTABLE}` }));
    await expect(ask(bench, 'one', 'exit')).rejects.toMatchObject({ name: 'ModelError' });
    await until(async () => ask(bench, 'one', 'again').catch((error: Error) => error.message), (text) => text === 'one  again text/plain');
  }));

  test('gives an entry point the argument `serve`, and needs no data', () => withImages(async (bench, image) => {
    const uri = image('mine', { Dockerfile: 'FROM python:3.12\nENV SAGEMAKER_NOTHING=1\nCOPY serve /srv/serve.py\nCOPY text.txt /opt/ml/model/\nENTRYPOINT ["python", "/srv/serve.py"]', 'text.txt': 'inside' });
    expect(await model(bench, 'one', uri, { ModelDataUrl: undefined })).toMatchObject({ EndpointStatus: 'InService' });
    expect(await ask(bench, 'one', '!')).toBe('inside serve ! text/plain');
  }));

  test('fails with what the program said when it ends, and when there is none', () => withImages(async (bench, image) => {
    const Dockerfile = `FROM python:3.12\n${EXECUTABLE}`;
    expect((await model(bench, 'ends', image('ends', { Dockerfile, serve: '#!/bin/sh\necho "no GPU here" >&2\nexit 4\n' }))).FailureReason)
      .toBe('The primary container for production variant ends did not pass the ping health check. no GPU here');
    expect((await model(bench, 'silent', image('silent', { Dockerfile, serve: '#!/bin/sh\nexit 4\n' }))).FailureReason).toMatch(/health check\. It ended with exit code 4\.$/);
    expect((await model(bench, 'none', image('none', { Dockerfile: 'FROM python:3.12' }))).FailureReason)
      .toMatch(/^CannotStartContainerError\. The container of production variant none does not start with "docker run <image> serve": exec: "serve": executable file not found/);
  }));

  test('fails when nothing listens at the port that SAGEMAKER_BIND_TO_PORT names', () => withImages(async (bench, image) => {
    const Image = image('deaf', { Dockerfile: `FROM python:3.12\n${EXECUTABLE}`, serve: '#!/bin/sh\nwhile true; do sleep 0.05; done\n' });
    const machine: Machine = {
      folder: bench.folder, s3: bench.s3, s3Endpoint: 'http://127.0.0.1:9', region: 'us-east-1', accountId: '123456789012', clock: SYSTEM_CLOCK, python: new PythonEnvironments(),
      images: new ImageStore(join(bench.folder, 'sagemaker', 'images')), logs: new LogStore(join(bench.folder, 'logs'), SYSTEM_CLOCK), stopGrace: 1000, minute: 1000, log: () => undefined,
    };
    // As soon as the service allows is a minute.
    const served = new ServingProcess({ name: 'production variant v', startupSeconds: 0.5 }, { name: 'primary', definition: { Image }, isIsolated: false, hasNeighbours: false }, machine, new JobLog(machine.logs.stream('group', 'stream')), join(bench.folder, 'serving'));
    await expect(served.start()).rejects.toThrow(/did not pass the ping health check\. It did not answer within 0\.5 seconds\. Here it must listen at the port that SAGEMAKER_BIND_TO_PORT names \(\d+\); without that variable, at 8080\.$/);
    expect(served.isRunning).toBe(false);
  }));

  test('is refused when the Dockerfile of its model can\'t be followed', () => withImages(async (bench, image) => {
    const Image = image('compiled', { Dockerfile: 'FROM gcc\nRUN make' });
    await expect(bench.call('CreateModel', { ModelName: 'm', ExecutionRoleArn: ROLE, PrimaryContainer: { Image } })).rejects.toThrow('Dockerfile line 2: RUN make');
  }));
});
