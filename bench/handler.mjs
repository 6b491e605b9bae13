// A cold start of the handler up to the answer of its first call, in a process of its own: `node bench/handler.mjs [rounds]`.
// Against a client signed by hand on node:https, which can't be beaten, and the SDK as it is installed, which is what a handler without a bundle loads.
import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alternate, figure, root, run, show } from './harness.mjs';

const self = fileURLToPath(import.meta.url);
const [, , argument = '15'] = process.argv;
const CASES = ['handler', 'floor', 'sdk'];
const BUNDLE = join(root, 'dist', 'handler', 'index.js');

if (argument === '--stub') {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify({ TrainingJobName: 'a-job', TrainingJobArn: 'arn:aws:sagemaker:us-east-1:123456789012:training-job/a-job', TrainingJobStatus: 'InProgress' }));
  });
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
} else {
  const stub = spawn(process.execPath, [self, '--stub'], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const stubPort = await new Promise((resolve) => { stub.stdout.once('data', (text) => resolve(String(text).trim())); });
    const env = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret', AWS_ENDPOINT_URL_SAGEMAKER: `http://127.0.0.1:${stubPort}`, NODE_NO_WARNINGS: '1' };
    const result = alternate(Object.fromEntries(CASES.map((name) => [name, () => run(join(root, 'bench', 'handler-case.cjs'), [name, stubPort, BUNDLE], env)])), Number(argument));
    const [overFloor, overSdk] = [result.ratio('handler', 'floor', 'total'), result.ratio('handler', 'sdk', 'total')];
    const bytes = statSync(BUNDLE).size;
    show('The handler', [
      figure('its bundle', bytes, 'at most 230,000', bytes <= 230_000, ' bytes'),
      figure('load and first call, against a client signed by hand on node:https', overFloor.toFixed(2), 'at most 3 x', overFloor <= 3, ' x'),
      figure('load and first call, against the SDK unbundled', overSdk.toFixed(2), 'at most 0.5 x', overSdk <= 0.5, ' x'),
      ...CASES.map((name) => figure(`${name}: load and first call`, `${result.median(name, 'load').toFixed(1)} + ${(result.median(name, 'total') - result.median(name, 'load')).toFixed(1)}`, '', undefined, ' ms')),
      figure('memory of the process, against the client signed by hand', result.ratio('handler', 'floor', 'memory').toFixed(2), '', undefined, ' x'),
    ], [`${argument} rounds, each case in a process of its own, against a server on this machine; TLS and Lambda's own start are not in it`]);
  } finally {
    stub.kill();
  }
}
