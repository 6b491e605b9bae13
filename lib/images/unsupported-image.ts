/** No image answers what was asked for; says which prop is at fault, what it may be and what it was. */
export class UnsupportedImage extends Error {
  public constructor(framework: string, public readonly prop: string, public readonly rule: string, value: string | undefined) {
    super(`${framework}: ${prop} must ${rule}, got ${shown(value)}`);
    this.name = 'UnsupportedImage';
    this.value = shown(value);
  }

  public readonly value: string;
}

const shown = (value: string | undefined) => (value === undefined || value === '' ? 'none' : value);

/** Ends with an error that lists what is supported, unless the value is one of it. */
export function supported(framework: string, prop: string, value: string | undefined, allowed: readonly string[], what = ''): string {
  if (value !== undefined && allowed.includes(value)) { return value; }
  throw new UnsupportedImage(framework, prop, `be one of ${allowed.join(', ')}${what}`, value);
}
