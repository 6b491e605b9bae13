import { describeWithContainers, TEST_IMAGE, withContainers, type ContainerBench } from '../support/containers';
import { ROLE } from '../support/sagemaker-bench';

jest.setTimeout(120_000);

/** Holds two models at once, by the contract of multi-model containers. */
const SERVE = `#!/usr/bin/env python3
import json, os, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
models = {}
class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        self.answer(200 if self.path == "/ping" else 404, "")
    def do_DELETE(self):
        name = self.path.split("/")[2]
        print("unloads", models.pop(name), flush=True)
        self.answer(200, "")
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        target = self.headers.get("X-Amzn-SageMaker-Target-Model")
        if self.path == "/models":
            wish = json.loads(body)
            if len(models) == 2:
                return self.answer(507, "no room")
            try:
                with open(wish["url"] + "/text.txt") as file:
                    models[wish["model_name"]] = file.read()
            except OSError as error:
                return self.answer(500, str(error))
            print("loads", target, flush=True)
            return self.answer(200, "")
        _, _, name, verb = self.path.split("/")
        self.answer(200 if verb == "invoke" else 404, json.dumps([models[name], target, body, os.environ.get("SAGEMAKER_MULTI_MODEL")]))
    def answer(self, status, text):
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
    def log_message(self, *values):
        pass
ThreadingHTTPServer(("0.0.0.0", 8080), Handler).serve_forever()
`;

const ask = async ({ bench }: ContainerBench, targetModel: string) => JSON.parse((await bench.sageMaker.invoke('many', { body: Buffer.from('x'), contentType: 'text/plain', targetModel })).body.toString()) as unknown;

describeWithContainers('A multi-model container', () => {
  test('loads a model when it is first asked for, has the one unloaded that was asked longest ago when there is no room, and says what it can\'t load', () => withContainers(async (place) => {
    const { bench } = place;
    const Image = place.image('many', { Dockerfile: `FROM ${TEST_IMAGE}\nCOPY serve /usr/local/bin/`, serve: SERVE });
    for (const name of ['a', 'b', 'c']) { await bench.archive(`models/${name}.tar.gz`, { 'text.txt': `model ${name}` }); }
    await bench.archive('models/empty.tar.gz', { 'other.txt': '' });
    await bench.call('CreateModel', { ModelName: 'many', ExecutionRoleArn: ROLE, PrimaryContainer: { Image, Mode: 'MultiModel', ModelDataUrl: 's3://data/models/' } });
    await bench.config('many', { many: 1 });
    await bench.call('CreateEndpoint', { EndpointName: 'many', EndpointConfigName: 'many' });
    expect(await bench.endpointAtRest('many')).toMatchObject({ EndpointStatus: 'InService' });

    expect(await Promise.all(['a.tar.gz', 'a.tar.gz'].map((name) => ask(place, name)))).toEqual(Array(2).fill(['model a', 'a.tar.gz', 'x', 'true']));
    expect(await ask(place, 'b.tar.gz')).toEqual(['model b', 'b.tar.gz', 'x', 'true']);
    expect(await ask(place, 'a.tar.gz')).toEqual(['model a', 'a.tar.gz', 'x', 'true']);
    expect(await ask(place, 'c.tar.gz')).toEqual(['model c', 'c.tar.gz', 'x', 'true']);
    expect(await ask(place, 'b.tar.gz')).toEqual(['model b', 'b.tar.gz', 'x', 'true']);
    await expect(ask(place, 'empty.tar.gz')).rejects.toThrow(/Failed to load model empty\.tar\.gz: the container answered 500: .*No such file/);
    await expect(ask(place, 'nothing.tar.gz')).rejects.toThrow('Failed to load model nothing.tar.gz: Failed to download model data from URL: "s3://data/models/nothing.tar.gz"');

    const log = (await bench.logEvents('Endpoints/many', 'many/')).split('\n').filter((line) => /^(un)?loads /.test(line));
    expect(log.slice(0, 6)).toEqual(['loads a.tar.gz', 'loads b.tar.gz', 'unloads model b', 'loads c.tar.gz', 'unloads model a', 'loads b.tar.gz']);
  }));
});
