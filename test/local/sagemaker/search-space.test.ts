import { gridPoint, gridSize, integerAt, numberAt, randomPoint } from '../../../lib/local/sagemaker/search-space';

const range = (MinValue: string, MaxValue: string, ScalingType?: 'Auto' | 'Linear' | 'Logarithmic' | 'ReverseLogarithmic') => ({ Name: 'x', MinValue, MaxValue, ScalingType });

describe('a hyperparameter on a scale', () => {
  test('is in the middle of its range half way along a linear one', () => {
    expect(numberAt(range('1', '3', 'Linear'), 0.5)).toBe(2);
    expect(numberAt(range('-1', '1', 'Linear'), 0)).toBe(-1);
  });

  test('is at the geometric mean half way along a logarithmic one', () => {
    expect(numberAt(range('0.0001', '0.01', 'Logarithmic'), 0.5)).toBeCloseTo(0.001, 12);
    expect(integerAt(range('1', '10000', 'Logarithmic'), 0.5)).toBe(100);
  });

  test('is dense near 1 on a reverse logarithmic one', () => {
    expect(numberAt(range('0.9', '0.999', 'ReverseLogarithmic'), 0.5)).toBeCloseTo(0.99, 12);
    expect(numberAt(range('0', '0.99', 'ReverseLogarithmic'), 0)).toBe(0);
  });

  test('is linear by itself, and logarithmic when it spans three orders of magnitude', () => {
    expect(numberAt(range('1', '3', 'Auto'), 0.5)).toBe(2);
    expect(numberAt(range('0.001', '10'), 0.5)).toBeCloseTo(0.1, 12);
    expect(numberAt(range('0', '1000'), 0.5)).toBe(500);
  });

  test('gives each whole number its share, both ends included', () => {
    expect([0, 0.34, 0.67, 0.999999].map((at) => integerAt(range('1', '3', 'Linear'), at))).toEqual([1, 2, 3, 3]);
    expect(integerAt(range('5', '5'), 0.7)).toBe(5);
  });
});

describe('a random combination', () => {
  const ranges = {
    IntegerParameterRanges: [{ Name: 'epochs', MinValue: '1', MaxValue: '9' }],
    ContinuousParameterRanges: [{ Name: 'rate', MinValue: '0.1', MaxValue: '0.2' }],
    CategoricalParameterRanges: [{ Name: 'optimizer', Values: ['"sgd"', '"adam"'] }],
  };

  test('is the same for the same seed, and another one for each number and seed', () => {
    expect(randomPoint(ranges, 7, 3)).toEqual(randomPoint(ranges, 7, 3));
    expect(new Set([[7, 3], [7, 4], [8, 3]].map(([seed, nth]) => randomPoint(ranges, seed!, nth!).rate)).size).toBe(3);
  });

  test('stays in its ranges and reaches all of them', () => {
    const points = Array.from({ length: 300 }, (_, nth) => randomPoint(ranges, 1, nth));
    expect(new Set(points.map(({ epochs }) => Number(epochs)))).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8, 9]));
    expect(new Set(points.map(({ optimizer }) => optimizer))).toEqual(new Set(['"sgd"', '"adam"']));
    expect(points.every(({ rate }) => Number(rate) >= 0.1 && Number(rate) <= 0.2)).toBe(true);
    const mean = points.reduce((sum, { rate }) => sum + Number(rate), 0) / points.length;
    expect(Math.abs(mean - 0.15)).toBeLessThan(0.01);
  });
});

test('a grid is the product of its values, the last changing fastest', () => {
  const ranges = { CategoricalParameterRanges: [{ Name: 'a', Values: ['1', '2'] }, { Name: 'b', Values: ['x', 'y', 'z'] }] };
  expect(gridSize(ranges)).toBe(6);
  expect(Array.from({ length: 6 }, (_, nth) => gridPoint(ranges, nth)).map(({ a, b }) => `${a}${b}`)).toEqual(['1x', '1y', '1z', '2x', '2y', '2z']);
  expect(Object.keys(gridPoint(ranges, 0))).toEqual(['a', 'b']);
});
