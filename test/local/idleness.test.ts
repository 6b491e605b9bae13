import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Idleness } from '../../lib/local/idleness';

const answer = () => new EventEmitter() as unknown as ServerResponse & EventEmitter;

beforeEach(() => { jest.useFakeTimers(); });
afterEach(() => { jest.useRealTimers(); });

describe('The local AWS is wanted by nobody', () => {
  test('when the command that has started it asks for nothing within seconds', () => {
    const idleness = new Idleness(60_000);
    jest.advanceTimersByTime(4999);
    expect(idleness.isIdle).toBe(false);
    jest.advanceTimersByTime(1);
    expect(idleness.isIdle).toBe(true);
  });

  test('when its last request was answered long ago, not while one is under way', () => {
    const idleness = new Idleness(60_000);
    const response = answer();
    idleness.count(response);
    jest.advanceTimersByTime(120_000);
    expect(idleness.isIdle).toBe(false);
    response.emit('close');
    jest.advanceTimersByTime(59_999);
    expect(idleness.isIdle).toBe(false);
    jest.advanceTimersByTime(1);
    expect(idleness.isIdle).toBe(true);
  });

  test('never, where it is to go on until it is ended', () => {
    const idleness = new Idleness(Infinity);
    jest.advanceTimersByTime(3_600_000);
    expect(idleness.isIdle).toBe(false);
  });
});
