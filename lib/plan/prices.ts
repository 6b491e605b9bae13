/** What an hour of an instance type costs. */
export interface PriceList {
  readonly currency?: string;
  /** What an hour costs, for some use of an instance; undefined where the list does not say. */
  priceOf(instanceType: string, use: InstanceUse): number | undefined;
}

/** What instances are used for; their prices differ. */
export type InstanceUse = 'training' | 'processing' | 'transform' | 'hosting';
const USES: readonly string[] = ['training', 'processing', 'transform', 'hosting'] satisfies InstanceUse[];
const KEY = /^(?:([a-z]+):)?ml\.[a-z0-9-]+\.[a-z0-9-]+$/;

/**
 * Reads `{"ml.m5.large": 0.115, "training:ml.p3.2xlarge": 3.825, "currency": "USD"}`: prices of an hour, whatever it is used for, or of one use.
 *
 * @param text what it was read from, which has numbers as they were written
 * @throws Error that says what of it is no price list
 */
export function priceListOf(json: unknown, text = JSON.stringify(json)): PriceList {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) { throw new Error('must be an object: {"ml.m5.large": 0.115}'); }
  const { currency, ...prices } = json as { readonly [key: string]: unknown };
  if (currency !== undefined && (typeof currency !== 'string' || currency.trim() === '')) { throw new Error(`currency must be a text, got ${JSON.stringify(currency)}`); }
  for (const [key, price] of Object.entries(prices)) {
    const match = KEY.exec(key);
    if (match === null || match[1] !== undefined && !USES.includes(match[1])) {
      throw new Error(`${JSON.stringify(key)} must be an instance type (ml.m5.large), or one for a use (${USES.map((use) => `${use}:ml.m5.large`).join(', ')})`);
    }
    if (typeof price !== 'number' || !Number.isFinite(price) || price < 0) { throw new Error(`${key} must be the price of an hour, got ${Math.abs(price as number) === Infinity ? writtenOf(text, key) : JSON.stringify(price)}`); }
  }
  const known = prices as { readonly [key: string]: number };
  const at = (key: string) => (Object.hasOwn(known, key) ? known[key] : undefined);
  return { currency: currency as string | undefined, priceOf: (instanceType, use) => at(`${use}:${instanceType}`) ?? at(instanceType) };
}

/** A number that is too large for any, as it was written. */
const writtenOf = (text: string, key: string) => new RegExp(`"${key.replaceAll('.', '\\.')}"\\s*:\\s*([^\\s,}]+)`).exec(text)?.[1] ?? 'Infinity';
