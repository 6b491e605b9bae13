import { metricPick, MetricSummaries } from '../../lib/operate/metrics';

describe('metrics', () => {
  test('are picked out of a line by the first group of their expressions, with the place of the match', () => {
    const pick = metricPick([{ Name: 'loss', Regex: 'loss=([0-9.]+);' }, { Name: 'acc', Regex: 'acc=(?P<value>[0-9.e-]+)' }]);
    expect(pick('epoch 1 loss=0.5; acc=1e-1 loss=0.25;')).toEqual([
      { name: 'loss', value: 0.5, from: 8, to: 17 }, { name: 'loss', value: 0.25, from: 27, to: 37 }, { name: 'acc', value: 0.1, from: 18, to: 26 },
    ]);
    expect(pick('nothing here')).toEqual([]);
  });

  test('are numbers', () => {
    expect(metricPick([{ Name: 'loss', Regex: 'loss=(\\w*)' }])('loss= loss=nan loss=12')).toEqual([{ name: 'loss', value: 12, from: 15, to: 22 }]);
    expect(metricPick([{ Name: 'none', Regex: 'loss' }])('loss')).toEqual([]);
  });

  test('whose expression JavaScript can not read are left out, by name', () => {
    const unusable: string[] = [];
    const pick = metricPick([{ Name: 'odd', Regex: '(?i)loss=(.*)' }, { Name: 'loss', Regex: 'loss=(.*)' }], (name) => unusable.push(name));
    expect(pick('loss=1').map(({ name }) => name)).toEqual(['loss']);
    expect(unusable).toEqual(['odd']);
  });

  test('are summed up in the order in which they came', () => {
    const summaries = new MetricSummaries();
    for (const [name, value] of [['b', 2], ['a', 5], ['b', 1], ['b', 3], ['b', 2]] as const) { summaries.add({ name, value }); }
    expect(summaries.all()).toEqual([{ name: 'b', last: 2, least: 1, greatest: 3, count: 4 }, { name: 'a', last: 5, least: 5, greatest: 5, count: 1 }]);
  });
});
