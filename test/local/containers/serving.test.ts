import { describeWithContainers, engineSays, TEST_IMAGE, withContainers, type ContainerBench } from '../support/containers';
import { ROLE, until } from '../support/sagemaker-bench';

jest.setTimeout(120_000);

const DOCKERFILE = `FROM ${TEST_IMAGE}\nCOPY serve /usr/local/bin/`;

/** Says what it finds in its container; ends, fails or waits when it is asked to. */
const SERVE = `#!/usr/bin/env python3
import json, os, socket, sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
def text():
    try:
        with open("/opt/ml/model/text.txt") as file:
            return file.read()
    except FileNotFoundError:
        return None
def writes(path):
    try:
        open(path + "/new", "w").close()
        return True
    except OSError:
        return False
def reaches(host):
    try:
        socket.create_connection((host, 80), timeout=1).close()
        return True
    except OSError as error:
        return str(error)
class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        self.answer(200 if self.path == "/ping" else 404, "")
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if body == "exit":
            os._exit(7)
        if body == "tea":
            return self.answer(418, "no coffee")
        if body.startswith("wait"):
            time.sleep(1.5)
        if body == "tell":
            return self.answer(200, json.dumps({"args": sys.argv[1:], "text": text(), "writes": writes("/opt/ml/model"), "host": socket.gethostname(), "env": dict(os.environ)}))
        if body == "network":
            return self.answer(200, json.dumps([reaches("192.0.2.1"), [name for _, name in socket.if_nameindex()]]))
        self.answer(200, "%s %s %s" % (text(), body, self.headers.get("Content-Type")))
    def answer(self, status, text):
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
    def log_message(self, *values):
        print(*values, flush=True)
ThreadingHTTPServer(("0.0.0.0", int(os.environ.get("SAGEMAKER_BIND_TO_PORT", "8080"))), Handler).serve_forever()
`;

async function endpoint({ bench }: ContainerBench, name: string, Image: string, container: object = {}, model: object = {}): Promise<Record<string, unknown>> {
  await bench.call('CreateModel', {
    ModelName: name, ExecutionRoleArn: ROLE, PrimaryContainer: { Image, ModelDataUrl: await bench.archive(`${name}.tar.gz`, { 'text.txt': name }), ...container }, ...model,
  });
  await bench.config(name, { [name]: 1 });
  await bench.call('CreateEndpoint', { EndpointName: name, EndpointConfigName: name });
  return bench.endpointAtRest(name);
}

const ask = async ({ bench }: ContainerBench, name: string, body: string) => (await bench.sageMaker.invoke(name, { body: Buffer.from(body), contentType: 'text/plain' })).body.toString();
const running = ({ containers }: ContainerBench) => engineSays('ps', '--quiet', '--filter', `label=${containers.label}`).split('\n').filter((id) => id !== '');


describeWithContainers('An endpoint in a container', () => {
  test('is the image run with the argument serve, the model\'s data at /opt/ml/model, and an environment of its own', () => withContainers(async (place) => {
    expect(await endpoint(place, 'one', place.image('one', { Dockerfile: `${DOCKERFILE}\nENTRYPOINT ["python3", "/usr/local/bin/serve"]`, serve: SERVE }), { Environment: { MINE: 'yes' } })).toMatchObject({ EndpointStatus: 'InService' });
    const told = JSON.parse(await ask(place, 'one', 'tell')) as { env: Record<string, string> };
    expect(told).toMatchObject({ args: ['serve'], text: 'one', writes: false });
    expect(told.env).toMatchObject({ MINE: 'yes', AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local' });
    // Nothing of this machine.
    expect(Object.keys(told.env).filter((name) => name in process.env && !['PATH', 'HOME', 'HOSTNAME', 'TERM', 'LANG', 'AWS_REGION', 'container'].includes(name))).toEqual([]);
    expect(await ask(place, 'one', 'hello')).toBe('one hello text/plain');
    expect(await place.bench.logEvents('Endpoints/one', 'one/')).toContain('POST /invocations');
    await place.bench.call('DeleteEndpoint', { EndpointName: 'one' });
    await until(() => Promise.resolve(running(place)), (ids) => ids.length === 0);
  }));

  test('says what its model refuses, and is started again when it has died', () => withContainers(async (place) => {
    await endpoint(place, 'one', place.image('one', { Dockerfile: DOCKERFILE, serve: SERVE }));
    await expect(ask(place, 'one', 'tea')).rejects.toThrow('Received client error (418) from primary with message "no coffee"');
    await expect(ask(place, 'one', 'exit')).rejects.toThrow('Received server error (500) from primary');
    expect(await ask(place, 'one', 'again')).toBe('one again text/plain');
    engineSays('kill', '--signal', 'KILL', ...running(place));
    expect(await ask(place, 'one', 'and again')).toBe('one and again text/plain');
  }));

  test('loses no request when it is updated, and the container of before goes', () => withContainers(async (place) => {
    const Image = place.image('one', { Dockerfile: DOCKERFILE, serve: SERVE });
    await endpoint(place, 'one', Image);
    await place.bench.call('CreateModel', { ModelName: 'two', ExecutionRoleArn: ROLE, PrimaryContainer: { Image, ModelDataUrl: await place.bench.archive('two.tar.gz', { 'text.txt': 'two' }) } });
    await place.bench.call('CreateEndpointConfig', { EndpointConfigName: 'two', ProductionVariants: [{ VariantName: 'v', ModelName: 'two', InstanceType: 'ml.m5.large', InitialInstanceCount: 2 }] });
    const [before] = running(place);
    await place.bench.call('UpdateEndpoint', { EndpointName: 'one', EndpointConfigName: 'two' });
    const answers = new Set<string>();
    for (const asked = async () => { answers.add(await ask(place, 'one', 'x')); }; (await place.bench.call('DescribeEndpoint', { EndpointName: 'one' })).EndpointStatus === 'Updating';) { await asked(); }
    expect([...answers].filter((answer) => !/^(one|two) x text\/plain$/.test(answer))).toEqual([]);
    expect(await ask(place, 'one', 'x')).toBe('two x text/plain');
    await until(() => Promise.resolve(running(place)), (ids) => ids.length === 2 && !ids.includes(before!));
  }));

  test('is asked to its end before it is deleted, streams its answer, and ends soon', () => withContainers(async (place) => {
    await endpoint(place, 'one', place.image('one', { Dockerfile: DOCKERFILE, serve: SERVE }));
    const parts: string[] = [];
    const sink = { begin: (type: string) => { parts.push(type); }, part: (chunk: Buffer) => { parts.push(chunk.toString()); } };
    await place.bench.sageMaker.invoke('one', { body: Buffer.from('x'), contentType: 'text/plain', sink });
    expect(parts).toEqual(['text/plain', 'one x text/plain']);
    const slow = ask(place, 'one', 'wait a little');
    await new Promise((resolve) => { setTimeout(resolve, 200); });
    await place.bench.call('DeleteEndpoint', { EndpointName: 'one' });
    expect(await slow).toBe('one wait a little text/plain');
    await until(() => Promise.resolve(running(place)), (ids) => ids.length === 0);
  }));

  test('is not there for a transform job that is stopped', () => withContainers(async (place) => {
    const { bench } = place;
    const Image = place.image('one', { Dockerfile: DOCKERFILE, serve: SERVE.replace('time.sleep(1.5)', 'time.sleep(600)') });
    await bench.call('CreateModel', { ModelName: 'one', ExecutionRoleArn: ROLE, PrimaryContainer: { Image } });
    await bench.s3.put('data', 'in/a.txt', 'wait');
    await bench.call('CreateTransformJob', {
      TransformJobName: 't', ModelName: 'one', TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
      TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/in/' } } }, TransformOutput: { S3OutputPath: 's3://out/t' },
    });
    await until(() => Promise.resolve(running(place)), (ids) => ids.length === 1);
    await bench.call('StopTransformJob', { TransformJobName: 't' });
    const job = await until(() => bench.call('DescribeTransformJob', { TransformJobName: 't' }), ({ TransformJobStatus: status }) => /Stopped|Failed|Completed/.test(status as string));
    expect([job.TransformJobStatus, running(place)]).toEqual(['Stopped', []]);
  }));

  test('comes back when the local AWS starts again', () => withContainers(async (place) => {
    const Image = place.image('one', { Dockerfile: DOCKERFILE, serve: SERVE });
    await endpoint(place, 'one', Image);
    await place.bench.sageMaker.close();
    expect(running(place)).toEqual([]);
    place.reopen();
    await until(() => ask(place, 'one', 'x').catch((error: Error) => error.message), (answer) => answer === 'one x text/plain');
  }));

  test('reaches nothing when its model is isolated, and has no credentials, but answers', () => withContainers(async (place) => {
    await endpoint(place, 'one', place.image('one', { Dockerfile: DOCKERFILE, serve: SERVE }), {}, { EnableNetworkIsolation: true });
    const { env } = JSON.parse(await ask(place, 'one', 'tell')) as { env: Record<string, string> };
    expect(env).toMatchObject({ AWS_REGION: 'us-east-1' });
    expect(env).not.toHaveProperty('AWS_ACCESS_KEY_ID');
    expect(JSON.parse(await ask(place, 'one', 'network'))).toEqual([expect.stringContaining('unreachable'), expect.anything()]);
  }));

  test('has no more memory than a serverless variant asks for', () => withContainers(async (place) => {
    const Image = place.image('one', { Dockerfile: DOCKERFILE, serve: SERVE });
    await place.bench.call('CreateModel', { ModelName: 'one', ExecutionRoleArn: ROLE, PrimaryContainer: { Image } });
    await place.bench.call('CreateEndpointConfig', { EndpointConfigName: 'one', ProductionVariants: [{ VariantName: 'v', ModelName: 'one', ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 1 } }] });
    await place.bench.call('CreateEndpoint', { EndpointName: 'one', EndpointConfigName: 'one' });
    expect(await place.bench.endpointAtRest('one')).toMatchObject({ EndpointStatus: 'InService' });
    expect(engineSays('inspect', '--format', '{{.HostConfig.Memory}}', ...running(place))).toBe(String(1024 * 1024 * 1024));
    // Without data of a model, what the image has at /opt/ml/model is there.
    expect(JSON.parse(await ask(place, 'one', 'tell'))).toMatchObject({ text: null });
  }));

  test('fails with what the container said last, with why it does not start, and with why its image can\'t be built', () => withContainers(async (place) => {
    const reason = async (name: string, files: Record<string, string>) => (await endpoint(place, name, place.image(name, { Dockerfile: DOCKERFILE, serve: SERVE, ...files }))).FailureReason;
    expect(await reason('ends', { serve: '#!/bin/sh\necho "no GPU here" >&2\nexit 4\n' })).toBe('The primary container for production variant ends did not pass the ping health check. no GPU here');
    expect(await reason('silent', { serve: '#!/bin/sh\nexit 4\n' })).toBe('The primary container for production variant silent did not pass the ping health check. It ended with exit code 4.');
    expect(await reason('none', { Dockerfile: `FROM ${TEST_IMAGE}` })).toMatch(/^CannotStartContainerError\. The container of production variant none does not start with "docker run <image> serve": .*serve/);
    expect(await reason('broken', { Dockerfile: `FROM ${TEST_IMAGE}\nRUN echo no compiler >&2 && false` })).toMatch(/^The image \S+broken:1 can't be built of its Dockerfile: [^]*no compiler/);
    expect(await place.bench.logEvents('Endpoints/broken', 'broken/')).toContain('no compiler');
  }));

  test('has a container for each container of its model, asked one after the other', () => withContainers(async (place) => {
    const Image = place.image('one', { Dockerfile: DOCKERFILE, serve: SERVE });
    const data = async (name: string) => ({ Image, ContainerHostname: name, ModelDataUrl: await place.bench.archive(`${name}.tar.gz`, { 'text.txt': name }) });
    await place.bench.call('CreateModel', { ModelName: 'chain', ExecutionRoleArn: ROLE, Containers: [await data('first'), await data('second')] });
    await place.bench.config('chain', { chain: 1 });
    await place.bench.call('CreateEndpoint', { EndpointName: 'chain', EndpointConfigName: 'chain' });
    await place.bench.endpointAtRest('chain');
    expect(await ask(place, 'chain', 'hello')).toBe('second first hello text/plain text/plain');
    expect(running(place)).toHaveLength(2);
  }));

  test('finds a script of S3 at /opt/ml/model/code, as AWS\'s images expect it', () => withContainers(async (place) => {
    const serve = `${SERVE.slice(0, SERVE.indexOf('def text'))}def text():\n    with open(os.environ["SAGEMAKER_SUBMIT_DIRECTORY"] + "/" + os.environ["SAGEMAKER_PROGRAM"]) as file:\n        return os.environ["SAGEMAKER_SUBMIT_DIRECTORY"] + ": " + file.read()\n${SERVE.slice(SERVE.indexOf('def writes'))}`;
    const code = await place.bench.archive('code.tar.gz', { 'inference.py': 'of the archive' });
    await endpoint(place, 'one', place.image('one', { Dockerfile: DOCKERFILE, serve }), { Environment: { SAGEMAKER_PROGRAM: 'inference.py', SAGEMAKER_SUBMIT_DIRECTORY: code } });
    expect(await ask(place, 'one', 'x')).toBe('/opt/ml/model/code: of the archive x text/plain');
  }));

  test('is a process where its image is not on this machine and can be done without', () => withContainers(async (place) => {
    await place.bench.modelSaying('one', 'as a process');
    await place.bench.call('CreateEndpoint', { EndpointName: 'one', EndpointConfigName: 'one' });
    await place.bench.endpointAtRest('one');
    expect(JSON.parse(await place.bench.ask('one'))).toMatchObject({ text: 'as a process' });
    expect(await place.bench.logEvents('Endpoints/one', 'one/')).toContain('is not on this machine: this runs as a process.');
    expect(running(place)).toEqual([]);
  }, 'auto'));
});
