import { join } from 'node:path';
import { ImageStore } from '../../../lib/local/images/image-store';
import { describeWithContainers, imageOf, TEST_IMAGE, withContainers } from '../support/containers';
import { ROLE, SageMakerBench, until } from '../support/sagemaker-bench';

jest.setTimeout(120_000);

/** Writes down what it is started with and asked, as SageMaker asks any image; answers always the same. */
const SERVE = `#!/usr/bin/env python3
import json, os, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
base = os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml")
def say(what, value):
    sys.stdout.write("%s %s\\n" % (what, json.dumps(value)))
    sys.stdout.flush()
say("started", {"args": sys.argv[1:], "model": sorted(os.listdir(base + "/model")), "env": {name: value for name, value in os.environ.items() if len(name) == 1 or name.startswith("SAGEMAKER_")}})
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        say("asked", ["GET", self.path])
        self.answer(200 if self.path == "/ping" else 404, "")
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        say("asked", ["POST", self.path, self.headers.get("Content-Type"), self.headers.get("Accept"), body])
        self.answer(200, "[1]")
    def answer(self, status, text):
        self.send_response(status)
        self.send_header("Content-Type", "text/csv")
        self.end_headers()
        self.wfile.write(text.encode())
    def log_message(self, *values):
        pass
ThreadingHTTPServer(("127.0.0.1" if "SAGEMAKER_BASE_DIR" in os.environ else "0.0.0.0", int(os.environ.get("SAGEMAKER_BIND_TO_PORT", "8080"))), Handler).serve_forever()
`;
const FILES = { Dockerfile: `FROM ${TEST_IMAGE}\nCOPY serve /opt/program/\nENV PATH="/opt/program:\${PATH}"\nENTRYPOINT ["python3", "/opt/program/serve"]`, serve: SERVE };
/** What a process is told since it has no folder and no port of its own. */
const OF_PROCESS = ['SAGEMAKER_BASE_DIR', 'SAGEMAKER_BIND_TO_PORT'];

type Told = { readonly args: string[]; readonly model: string[]; readonly env: Record<string, string> };

class Place {
  public constructor(public readonly bench: SageMakerBench, public readonly image: string) {}

  public async model(Environment: Record<string, string> = {}): Promise<void> {
    await this.bench.call('CreateModel', { ModelName: 'm', ExecutionRoleArn: ROLE, PrimaryContainer: { Image: this.image, ModelDataUrl: await this.bench.archive('model.tar.gz', { 'weights.bin': 'w' }), Environment } });
  }

  /** The arguments, the model's files, and those variables that SageMaker or the request has given it. */
  public async started(group: string): Promise<Told> {
    const [, text = ''] = /^started (.*)$/m.exec(await this.bench.logEvents(group, '')) ?? [];
    const told = JSON.parse(text) as Told;
    return { ...told, env: Object.fromEntries(Object.entries(told.env).filter(([name]) => !OF_PROCESS.includes(name))) };
  }

  /** Its health checks, however many, are one. */
  public async asked(group: string): Promise<unknown[]> {
    const asked = [...(await this.bench.logEvents(group, '')).matchAll(/^asked (.*)$/gm)].map(([, text]) => text as string);
    return asked.filter((each, index) => each !== asked[index - 1]).map((each) => JSON.parse(each) as unknown);
  }

  public async transform(more: object, output: object, input: object = {}): Promise<Record<string, string>> {
    await this.bench.s3.put('data', 'in/a.csv', '1,2\n3,4\n');
    await this.bench.s3.put('data', 'in/b.csv', '5,6\n');
    await this.bench.call('CreateTransformJob', {
      TransformJobName: 't', ModelName: 'm', TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 }, ...more,
      TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/in/' } }, ContentType: 'text/csv', ...input }, TransformOutput: { S3OutputPath: 's3://out/p/t', ...output },
    });
    const job = await until(() => this.bench.call('DescribeTransformJob', { TransformJobName: 't' }), ({ TransformJobStatus: status }) => /Completed|Failed/.test(status as string));
    expect(job).toMatchObject({ TransformJobStatus: 'Completed' });
    const objects = await this.bench.s3.list('out', '');
    return Object.fromEntries(await Promise.all(objects.map(async ({ key }) => [key, (await this.bench.s3.get('out', key)).toString()] as const)));
  }
}

/** What SageMaker's own local mode was seen to do with an image. */
function recordedCases(withPlace: (work: (place: Place) => Promise<void>) => Promise<void>): void {
  test('a model: serve with the variables of the model, a ping, and requests as they come', () => withPlace(async (place) => {
    await place.model({ K: 'V' });
    await place.bench.config('ep', { m: 1 });
    await place.bench.call('CreateEndpoint', { EndpointName: 'ep', EndpointConfigName: 'ep' });
    expect(await place.bench.endpointAtRest('ep')).toMatchObject({ EndpointStatus: 'InService' });
    await place.bench.sageMaker.invoke('ep', { body: Buffer.from('1,2'), contentType: 'text/csv', accept: '*/*' });
    expect(await place.started('Endpoints/ep')).toEqual({ args: ['serve'], model: ['weights.bin'], env: { K: 'V' } });
    // What it prints may come a moment after its answer.
    expect(await until(() => place.asked('Endpoints/ep'), (asked) => asked.length > 1)).toEqual([['GET', '/ping'], ['POST', '/invocations', 'text/csv', '*/*', '1,2']]);
  }));

  test('a transform job without a strategy: files as they are, answers as they are', () => withPlace(async (place) => {
    await place.model();
    expect(await place.transform({}, {})).toEqual({ 'p/t/a.csv.out': '[1]', 'p/t/b.csv.out': '[1]' });
    expect((await place.started('TransformJobs')).env).toEqual({ SAGEMAKER_BATCH: 'True', SAGEMAKER_MAX_CONCURRENT_TRANSFORMS: '1' });
    expect(await until(() => place.asked('TransformJobs'), (asked) => asked.length > 3)).toEqual([
      ['GET', '/ping'], ['GET', '/execution-parameters'], ['POST', '/invocations', 'text/csv', null, '1,2\n3,4\n'], ['POST', '/invocations', 'text/csv', null, '5,6\n'],
    ]);
  }));

  test('a transform job of several records at once: as many lines as there is room for, a line for each answer', () => withPlace(async (place) => {
    await place.model({ K: 'V' });
    const results = await place.transform({ BatchStrategy: 'MultiRecord', MaxPayloadInMB: 1, Environment: { T: '1' } }, { AssembleWith: 'Line', Accept: 'text/csv' }, { SplitType: 'Line' });
    expect(results).toEqual({ 'p/t/a.csv.out': '[1]\n', 'p/t/b.csv.out': '[1]\n' });
    expect((await place.started('TransformJobs')).env).toEqual({
      K: 'V', T: '1', SAGEMAKER_BATCH: 'True', SAGEMAKER_MAX_PAYLOAD_IN_MB: '1', SAGEMAKER_BATCH_STRATEGY: 'MULTI_RECORD', SAGEMAKER_MAX_CONCURRENT_TRANSFORMS: '1',
    });
    expect(await until(() => place.asked('TransformJobs'), (asked) => asked.length > 3)).toEqual([
      ['GET', '/ping'], ['GET', '/execution-parameters'], ['POST', '/invocations', 'text/csv', 'text/csv', '1,2\n3,4\n'], ['POST', '/invocations', 'text/csv', 'text/csv', '5,6\n'],
    ]);
  }));
}

describe('An image is told and asked, as a process,', () => recordedCases(async (work) => {
  const bench = await SageMakerBench.open();
  try {
    await work(new Place(bench, imageOf(bench, new ImageStore(join(bench.folder, 'sagemaker', 'images')), 'mine', FILES)));
  } finally {
    await bench.close();
  }
}));

describeWithContainers('An image is told and asked, in a container,', () => recordedCases((work) => withContainers(({ bench, image }) => work(new Place(bench, image('mine', FILES))))));
