// One cold start, in CommonJS as in Lambda and with nothing loaded before: `handler-case.cjs <handler|sdk|floor> <port> <bundle>`.
const [, , kind, port, bundle] = process.argv;

const CASES = {
  /** The bundle that is deployed. */
  async handler() {
    const { realWorld } = require(bundle);
    const loaded = performance.now();
    const job = await realWorld().jobs.describe('TrainingJob', 'a-job');
    return { loaded, name: job.name };
  },
  /** The SDK's own files. */
  async sdk() {
    const { SageMakerClient, DescribeTrainingJobCommand } = require('@aws-sdk/client-sagemaker');
    const loaded = performance.now();
    const { TrainingJobName } = await new SageMakerClient({}).send(new DescribeTrainingJobCommand({ TrainingJobName: 'a-job' }));
    return { loaded, name: TrainingJobName };
  },
  /** No library at all. */
  async floor() {
    require('node:https');                                                        // what a real endpoint needs; the stub speaks http
    const { request } = require('node:http');
    const loaded = performance.now();
    const body = JSON.stringify({ TrainingJobName: 'a-job' });
    const text = await new Promise((resolve, reject) => {
      const call = request({ host: '127.0.0.1', port, method: 'POST', path: '/', headers: signed(body) }, (response) => {
        let received = '';
        response.on('data', (chunk) => { received += chunk; });
        response.on('end', () => resolve(received));
      });
      call.on('error', reject);
      call.end(body);
    });
    return { loaded, name: JSON.parse(text).TrainingJobName };
  },
};

function signed(body) {
  const { createHash, createHmac } = require('node:crypto');
  const date = new Date().toISOString().replace(/[:-]|\.\d{3}/g, '');
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'host': `127.0.0.1:${port}`, 'x-amz-date': date, 'x-amz-target': 'SageMaker.DescribeTrainingJob' };
  const names = Object.keys(headers).join(';');
  const hash = (text) => createHash('sha256').update(text).digest('hex');
  const scope = `${date.slice(0, 8)}/us-east-1/sagemaker/aws4_request`;
  const canonical = ['POST', '/', '', ...Object.entries(headers).map(([name, value]) => `${name}:${value}`), '', names, hash(body)].join('\n');
  const key = ['us-east-1', 'sagemaker', 'aws4_request'].reduce((secret, part) => createHmac('sha256', secret).update(part).digest(), createHmac('sha256', 'AWS4secret').update(date.slice(0, 8)).digest());
  const signature = createHmac('sha256', key).update(['AWS4-HMAC-SHA256', date, scope, hash(canonical)].join('\n')).digest('hex');
  return { ...headers, authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/${scope}, SignedHeaders=${names}, Signature=${signature}` };
}

const began = performance.now();
CASES[kind]().then(({ loaded, name }) => {
  if (name !== 'a-job') { throw new Error(`answered ${name}`); }
  console.log(JSON.stringify({ load: loaded - began, total: performance.now() - began, memory: process.memoryUsage().rss / 2 ** 20 }));
});
