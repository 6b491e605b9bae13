import { brokenRule, completeHyperparameters, pythonFloat } from '../../lib/limits/algorithm-hyperparameters';
import { algorithmDescription } from '../support/algorithm';

const DEFINITIONS = algorithmDescription().TrainingSpecification.SupportedHyperParameters;
const complete = (given?: { [name: string]: string }) => completeHyperparameters(DEFINITIONS, given);

describe('Hyperparameters of an algorithm', () => {
  test('have the defaults of what is not given', () => {
    expect(complete()).toEqual({ max_leaf_nodes: '100', mode: 'a' });
    expect(complete({ mode: 'b', free: 'x' })).toEqual({ max_leaf_nodes: '100', mode: 'b', free: 'x' });
  });

  // what str(int(v)), str(float(v)) and str(v) of Python say
  test.each([
    ['max_leaf_nodes', ' 5 ', '5'], ['max_leaf_nodes', '+007', '7'], ['max_leaf_nodes', '1_000', '1000'], ['max_leaf_nodes', '9007199254740993', '9007199254740993'],
    ['lr', '1', '1.0'], ['lr', '0.50', '0.5'], ['lr', '1e-7', '1e-07'], ['lr', '.5', '0.5'], ['lr', '1E2', '100.0'], ['lr', '-0', '-0.0'],
    ['mode', ' a', ' a'], ['free', '1', '1'],
  ])('%s of %j is sent as %j', (name, given, sent) => expect(complete({ [name]: given })[name]).toBe(sent));

  test('stay as they are where they are of another type, not known, or not of the algorithm', () => {
    expect(complete({ max_leaf_nodes: '5.5', lr: 'x', other: '1' })).toMatchObject({ max_leaf_nodes: '5.5', lr: 'x', other: '1' });
    expect(completeHyperparameters(DEFINITIONS, { lr: '1' }, () => true).lr).toBe('1');
  });

  test.each([[1, '1.0'], [0.1, '0.1'], [0.0001, '0.0001'], [0.00001, '1e-05'], [1e15, '1000000000000000.0'], [1e16, '1e+16'], [1.5e300, '1.5e+300'], [-2.5, '-2.5'], [0, '0.0']])(
    'are floats as Python writes them: %d', (value, text) => expect(pythonFloat(value)).toBe(text));

  test('may be at either end of their range, and anything without one', () => {
    const [integer, continuous] = DEFINITIONS;
    expect(['1', '100000', '100'].map((text) => brokenRule(integer, text))).toEqual([undefined, undefined, undefined]);
    expect(['0', '1.0'].map((text) => brokenRule(continuous, text))).toEqual([undefined, undefined]);
    expect(brokenRule({ Name: 'n', Type: 'Integer' }, '-99')).toBeUndefined();
    expect(brokenRule({ Name: 'w', Type: 'Categorical' }, 'z')).toBeUndefined();
    expect(brokenRule({ Name: 'n', Type: 'Integer' }, 'True')).toBe('be a whole number');
  });
});
