/** Numbers that follow from a seed. */
export class Dice {
  private state: number;

  public constructor(seed: number) { this.state = (seed ^ 0x9e3779b9) | 0; }

  /** mulberry32: small, and good enough to choose props by. */
  private next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  public from(min: number, max: number): number { return min + Math.floor(this.next() * (max - min + 1)); }
  public chance(percent: number): boolean { return this.next() * 100 < percent; }
  public one<T>(values: readonly T[]): T { return values[this.from(0, values.length - 1)]; }
  public maybe<T>(make: () => T): T | undefined { return this.chance(35) ? make() : undefined; }
  public text(min: number, max: number, letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'): string {
    const signs = [...letters];                              // whole characters, also those of two halves
    return Array.from({ length: this.from(min, max) }, () => this.one(signs)).join('');
  }
  public map<T>(min: number, max: number, value: () => T, name = () => this.text(1, 20)): { [name: string]: T } {
    return Object.fromEntries(Array.from({ length: this.from(min, max) }, (_, index) => [`${name()}${index}`, value()]));
  }
}
