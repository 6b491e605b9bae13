import { compared, type Recorded, type Twin } from './recorded';
import { ALGORITHMS } from './twins/algorithms';
import { DEBUGGER } from './twins/debugger';
import { DEPLOY } from './twins/deploy';
import { ESTIMATOR } from './twins/estimator';
import { FRAMEWORKS } from './twins/frameworks';
import { INPUTS } from './twins/inputs';
import { MODELS } from './twins/models';
import { OTHERWISE } from './otherwise';

const TWINS: { readonly [name: string]: Twin } = { ...ESTIMATOR, ...INPUTS, ...FRAMEWORKS, ...ALGORITHMS, ...DEBUGGER, ...DEPLOY, ...MODELS };
const FILES = ['algorithms', 'debugger', 'deploy', 'estimator', 'frameworks', 'inputs', 'models'];
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
});
