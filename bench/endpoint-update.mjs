// Updates of a local endpoint under a steady stream of requests: `node --import tsx bench/endpoint-update.mjs [requests a second]`.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { sageMakerListener } from '../lib/local/sagemaker/listener.ts';
import { SageMakerBench } from '../test/local/support/sagemaker-bench.ts';
import { SteadyLoad } from '../test/local/support/steady-load.ts';
import { figure, show } from './harness.mjs';

const rate = Number(process.argv[2] ?? 60);
const SECONDS_BETWEEN = 2;
const bench = await SageMakerBench.open({ minute: 500 });
const server = createServer((request, response) => { sageMakerListener(bench.sageMaker)(request, response); });
await once(server.listen(0, '127.0.0.1'), 'listening');

/** Over the wire, as an SDK asks. */
async function ask() {
  const response = await fetch(`http://127.0.0.1:${server.address().port}/endpoints/bench/invocations`, { method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json' }, body: '{}' });
  if (!response.ok) { throw new Error(await response.text()); }
  return (await response.json()).text;
}

const pause = (seconds) => new Promise((resolve) => { setTimeout(resolve, seconds * 1000); });
const percentile = (values, share) => [...values].sort((a, b) => a - b)[Math.max(0, Math.ceil(share * values.length) - 1)];
const spread = (sent) => [0.5, 0.95, 0.99].map((share) => percentile(sent.map(({ took }) => took), share).toFixed(0)).join(' / ');

async function config(name, variants) {
  const variant = ([VariantName, { model, weight = 1, instances = 1 }]) => ({ VariantName, ModelName: model, InstanceType: 'ml.m5.large', InitialInstanceCount: instances, InitialVariantWeight: weight });
  await bench.call('CreateEndpointConfig', { EndpointConfigName: name, ProductionVariants: Object.entries(variants).map(variant) });
  return name;
}

const CANARY = { BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: { Type: 'CANARY', CanarySize: { Type: 'CAPACITY_PERCENT', Value: 25 }, WaitIntervalInSeconds: 120 } } };
/** One after the other; what a broken model would answer must not be seen. */
const UPDATES = [
  ['model', { live: { model: 'new' } }],
  ['model, by a canary', { live: { model: 'old' } }, CANARY],
  ['instance count', { live: { model: 'old', instances: 2 } }],
  ['weights of two variants', { live: { model: 'old', weight: 3 }, second: { model: 'new' } }],
  ['name of the variant', { renamed: { model: 'new' } }],
  ['a model that does not load', { renamed: { model: 'broken' } }],
];

try {
  await bench.modelSaying('old', 'old');
  await bench.modelSaying('new', 'new');
  await bench.modelSaying('broken', 'broken', 'raise RuntimeError("can not load this")');
  await bench.call('CreateEndpoint', { EndpointName: 'bench', EndpointConfigName: await config('first', { live: { model: 'old' } }) });
  await bench.endpointAtRest('bench');

  for (let nth = 0; nth < 5; nth++) { await ask(); }                              // the first one loads what fetch needs
  const load = new SteadyLoad(rate, ask);
  const began = performance.now();
  await pause(SECONDS_BETWEEN);
  const spans = [];
  for (const [name, variants, DeploymentConfig] of UPDATES) {
    const from = performance.now();
    const wanted = await config(`config-${spans.length}`, variants);
    await bench.call('UpdateEndpoint', { EndpointName: 'bench', EndpointConfigName: wanted, DeploymentConfig });
    const { EndpointConfigName } = await bench.endpointAtRest('bench');
    spans.push({ name, from, to: performance.now(), moved: EndpointConfigName === wanted });
    await pause(SECONDS_BETWEEN);
  }
  const seconds = (performance.now() - began) / 1000;
  const sent = await load.end();
  const during = (each) => spans.some(({ from, to }) => each.at >= from && each.at <= to);
  const first = spans[0].from;
  const parts = {
    before: sent.filter((each) => each.at < first),
    during: sent.filter(during),
    after: sent.filter((each) => each.at >= first && !during(each)),
  };
  const fromBroken = sent.filter(({ answer }) => answer === 'broken').length;
  const isRight = spans.every(({ name, moved }) => moved === (name !== UPDATES.at(-1)[0]));
  const perSecond = sent.length / seconds;
  show('Updates of a local endpoint under load', [
    figure('requests a second, whatever the endpoint does', perSecond.toFixed(0), 'at least 50', perSecond >= 50),
    figure('requests', sent.length, '', undefined),
    figure('requests lost or answered with an error', load.lost.length, '0', load.lost.length === 0),
    figure('requests answered by the model that does not load', fromBroken, '0', fromBroken === 0),
    figure('updates that ended as they should', `${spans.filter(({ moved }) => moved).length} moved, ${spans.filter(({ moved }) => !moved).length} stayed`, '5 moved, 1 stayed', isRight),
    ...Object.entries(parts).map(([when, of]) => figure(`answer ${when === 'before' ? 'before the first update' : when === 'during' ? 'during updates' : 'between and after updates'}, p50 / p95 / p99 of ${of.length}`, spread(of), '', undefined, ' ms')),
    ...spans.map(({ name, from, to }) => figure(`time of an update: ${name}`, ((to - from) / 1000).toFixed(1), '', undefined, ' s')),
  ], ['asked over HTTP; the model is a Python process that loads a text and answers with it; the stream does not wait for answers, so that a pause would show as many late ones', 'a minute of a canary\'s waiting is half a second here']);
} finally {
  server.close();
  server.closeAllConnections();
  await bench.close();
}
