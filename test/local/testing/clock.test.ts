import { TestClock } from '../../../lib/local/testing';

describe('A clock that stands still', () => {
  test('moves by advance alone, and what is due happens in its order, at its time', async () => {
    const clock = new TestClock(true, 0);
    const seen: [string, number][] = [];
    const note = (what: string) => () => { seen.push([what, clock.now()]); };
    clock.after(3000, note('third'));
    clock.after(1000, () => { note('first')(); clock.after(1000, note('second')); });
    clock.after(9000, note('later'));
    const forget = clock.after(2500, note('never'));
    forget();
    await clock.advance(5);
    expect(seen).toEqual([['first', 1000], ['second', 2000], ['third', 3000]]);
    expect(clock.now()).toBe(5000);
    await clock.advance({ seconds: 4 });
    expect(seen.at(-1)).toEqual(['later', 9000]);
  });

  test('waits for what is being done, before time goes on', async () => {
    const clock = new TestClock(true, 0);
    const seen: number[] = [];
    clock.after(1000, () => { void clock.whileBusy(new Promise<void>((resolve) => { setTimeout(resolve, 50); })).then(() => clock.sleep(1000)).then(() => { seen.push(clock.now()); }); });
    await clock.advance(2);
    expect(seen).toEqual([2000]);
  });

  test('lets a loop of waits go on within one advance, for a day', async () => {
    const clock = new TestClock(true, 0);
    let turns = 0;
    void (async () => { for (;;) { await clock.sleep(60_000); turns += 1; } })();
    await clock.advance({ days: 1 });
    expect(turns).toBe(24 * 60);
  });

  test('takes a Duration of the CDK, and no time that is negative', async () => {
    const clock = new TestClock(true, 0);
    await clock.advance({ toMilliseconds: () => 1500 });
    expect(clock.now()).toBe(1500);
    await expect(clock.advance({ minutes: -1 })).rejects.toThrow('must be seconds');
  });
});

describe('A clock that goes', () => {
  test('jumps ahead by advance, with all who wait', async () => {
    const clock = new TestClock(false);
    const began = clock.now();
    const hour = clock.sleep(3_600_000).then(() => clock.now() - began);
    const later = clock.sleep(3_600_100).then(() => clock.now() - began);
    await clock.advance({ hours: 1 });
    expect(await hour).toBeGreaterThanOrEqual(3_600_000);
    expect(await later).toBeGreaterThanOrEqual(3_600_100);                       // by itself, a tenth of a second later
    expect(clock.now() - Date.now()).toBeGreaterThan(3_500_000);
  });
});
