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
    expect(await endpoint(place, 'one', place.image('one', { Dockerfile: DOCKERFILE, serve: SERVE }), { Environment: { MINE: 'yes' } })).toMatchObject({ EndpointStatus: 'InService' });
    const told = JSON.parse(await ask(place, 'one', 'tell')) as { env: Record<string, string> };
    expect(told).toMatchObject({ args: [], text: 'one', writes: false });
    expect(told.env).toMatchObject({ MINE: 'yes', AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local' });
    // Nothing of this machine.
    expect(Object.keys(told.env).filter((name) => name in process.env && !['PATH', 'HOME', 'HOSTNAME', 'TERM', 'LANG', 'AWS_REGION', 'container'].includes(name))).toEqual([]);
    expect(await ask(place, 'one', 'hello')).toBe('one hello text/plain');
    expect(await place.bench.logEvents('Endpoints/one', 'one/')).toContain('POST /invocations');
    await place.bench.call('DeleteEndpoint', { EndpointName: 'one' });
    await until(() => Promise.resolve(running(place)), (ids) => ids.length === 0);
  }));
});
