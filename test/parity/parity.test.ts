import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIFFERENCES } from './differences';
import { compared, normalized, requestsOf, type Recorded, type Twin } from './recorded';
import { ALGORITHMS } from './twins/algorithms';
import { DEBUGGER } from './twins/debugger';
import { DEPLOY } from './twins/deploy';
import { ESTIMATOR } from './twins/estimator';
import { FRAMEWORKS } from './twins/frameworks';
import { HOSTING } from './twins/hosting';
import { INPUTS } from './twins/inputs';
import { MODELS } from './twins/models';
import { TRANSFORM } from './twins/transform';
import { TUNER } from './twins/tuner';
import { OTHERWISE } from './otherwise';

const TWINS: { readonly [name: string]: Twin } = { ...ESTIMATOR, ...INPUTS, ...FRAMEWORKS, ...ALGORITHMS, ...DEBUGGER, ...DEPLOY, ...HOSTING, ...MODELS, ...TRANSFORM, ...TUNER };
const FILES = ['algorithms', 'debugger', 'deploy', 'estimator', 'frameworks', 'inputs', 'models', 'transform', 'tuner'];
const recorded = Object.assign({}, ...FILES.map((file) => require(`./expected/${file}.json`))) as { [name: string]: Recorded };

describe('what the Python SDK sends', () => {
  test.each(Object.keys(TWINS))('%s is what its twin asks for', (name) => {
    const { sdk, ours } = compared(recorded[name], TWINS[name]);
    expect(ours).toEqual(sdk);
  });

  test('has a twin each, or a reason', () => {
    const known = [...Object.keys(TWINS), ...Object.keys(OTHERWISE)].sort();
    expect(Object.keys(recorded).sort()).toEqual(known);
  });

  test('differs by the list that docs/python-sdk.md gives', () => {
    const text = readFileSync(join(__dirname, '..', '..', 'docs', 'python-sdk.md'), 'utf8');
    const told = [...text.matchAll(/^\| `([a-z-]+)` \| (.*) \|$/gm)].map(([, id, reason]) => ({ id, reason })).filter(({ id }) => id.includes('-'));
    expect(told).toEqual(DIFFERENCES.map(({ id, reason }) => ({ id, reason })));
    expect(Object.entries(OTHERWISE).filter(([name, reason]) => !text.includes(`- \`${name}\`: ${reason}.`))).toEqual([]);
  });

  test('differs nowhere by a difference that no request shows', () => {
    const shown = new Set<string>();
    for (const name of Object.keys(TWINS)) {
      const ours = requestsOf(TWINS[name], recorded[name].region);
      for (const { operation, params } of recorded[name].requests.map(normalized)) {
        const mine = ours.map(normalized).find((request) => request.operation === operation)?.params ?? {};
        for (const { id, apply } of DIFFERENCES) {
          const before = JSON.stringify(params);
          apply(params, mine);
          if (JSON.stringify(params) !== before) { shown.add(id); }
        }
      }
    }
    expect(DIFFERENCES.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([]);
  });
});
