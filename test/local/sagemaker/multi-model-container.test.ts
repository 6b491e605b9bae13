import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Containers } from '../../../lib/local/containers/containers';
import { LogStream } from '../../../lib/local/logs/log-stream';
import { JobLog } from '../../../lib/local/sagemaker/job-log';
import type { Machine } from '../../../lib/local/sagemaker/machine';
import { MultiModelContainer } from '../../../lib/local/sagemaker/multi-model-container';
import { IMAGE, SageMakerBench } from '../support/sagemaker-bench';

/** A container by the contract, as far as HTTP goes. It holds so many models, and takes its time to give one up. */
class Place {
  /** By what it knows them by, with the artifact's name. */
  public readonly models = new Map<string, string>();
  public readonly said: string[] = [];
  public unloadingTakes = 0;
  public answer = (model: string): readonly [number, string] => [200, model];
  public readonly server = createServer((request, response) => {
    const name = String(request.headers['x-amzn-sagemaker-target-model']);
    const say = (status: number, text: string) => response.writeHead(status).end(text);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const [, , id = '', verb] = request.url!.split('/');
      if (request.method === 'DELETE') {
        setTimeout(() => {
          this.said.push(`unloads ${this.models.get(id)}`);
          say(this.models.delete(id) ? 200 : 404, '');
        }, this.unloadingTakes);
      } else if (verb === 'invoke') {
        say(...this.models.has(id) ? this.answer(name) : [404, 'not loaded'] as const);
      } else if (request.method === 'GET') {
        say(this.models.has(id) ? 200 : 404, '');
      } else {
        const { model_name: wanted } = JSON.parse(Buffer.concat(chunks).toString()) as { model_name: string };
        if (this.models.has(wanted)) { return say(409, 'there already'); }
        if (this.models.size >= this.most) { return say(507, 'no room'); }
        this.models.set(wanted, name);
        this.said.push(`loads ${name}`);
        say(200, '');
      }
      return undefined;
    });
  });

  constructor(private readonly most: number) {}
}

class Started extends MultiModelContainer {
  constructor(machine: Machine, folder: string, place: Place) {
    const served = { name: 'primary', definition: { Image: IMAGE, Mode: 'MultiModel' as const, ModelDataUrl: 's3://data/models/' }, isIsolated: false, hasNeighbours: false };
    super({ name: 'v' }, served, machine, new JobLog(new LogStream('s', join(folder, 'log'), () => 0)), folder, {} as Containers, IMAGE);
    this.client.address = { host: '127.0.0.1', port: (place.server.address() as AddressInfo).port };
  }
}

async function withPlace(most: number, work: (place: Place, ask: (model: string) => Promise<string>) => Promise<void>): Promise<void> {
  const bench = await SageMakerBench.open();
  const place = new Place(most);
  try {
    await once(place.server.listen(0, '127.0.0.1'), 'listening');
    for (const model of ['a', 'b', 'c']) { await bench.archive(`models/${model}`, { 'text.txt': model }); }
    const started = new Started({ s3: bench.s3 } as Machine, join(bench.folder, 'served'), place);
    await work(place, async (targetModel) => {
      const { status, body } = await started.invoke({ body: Buffer.from('x'), targetModel });
      return `${status} ${body.toString()}`;
    });
  } finally {
    place.server.closeAllConnections();
    await new Promise((resolve) => place.server.close(resolve));
    await bench.close();
  }
}

describe('A multi-model container', () => {
  test('has a model loaded again that is asked for while it is being unloaded', () => withPlace(1, async (place, ask) => {
    expect(await ask('a')).toBe('200 a');
    place.unloadingTakes = 300;
    const other = ask('b');
    await new Promise((resolve) => { setTimeout(resolve, 100); });
    expect(await Promise.all([ask('a'), ask('a'), other])).toEqual(['200 a', '200 a', '200 b']);
    expect(await ask('a')).toBe('200 a');
    expect(await ask('b')).toBe('200 b');
    expect(place.said.slice(0, 5)).toEqual(['loads a', 'unloads a', 'loads b', 'unloads b', 'loads a']);
  }));

  test('has a model loaded again that it has given up by itself', () => withPlace(2, async (place, ask) => {
    await ask('a');
    place.models.clear();
    expect(await Promise.all([ask('a'), ask('a')])).toEqual(['200 a', '200 a']);
    expect(place.said).toEqual(['loads a', 'loads a']);
  }));

  test('answers with a model\'s own 404', () => withPlace(2, async (place, ask) => {
    place.answer = () => [404, 'no such customer'];
    expect(await ask('a')).toBe('404 no such customer');
    expect(place.said).toEqual(['loads a']);
  }));
});
