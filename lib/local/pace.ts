/**
 * How long a Wait state takes here, in milliseconds. At AWS a job is looked at every half minute or less often, since each
 * look costs; here a look costs a few milliseconds, and people wait for seconds rather than hours.
 *
 * @param nth counts the waits of one execution from 1
 */
export function pace(seconds: number, nth: number): number {
  // The first minute closely, then once a second.
  return Math.min(seconds * 1000, nth <= 300 ? 200 : 1000);
}

/**
 * How long a minute takes that an endpoint's deployment waits, or that is part of an alarm's period, in milliseconds. Both are
 * sixty times as fast, so that an alarm sees as many of its periods in a baking time as at AWS.
 */
export const MINUTE = 1000;
