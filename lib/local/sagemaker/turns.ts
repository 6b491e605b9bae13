/** Who has a turn, in proportion to weights and evenly spread, so that even a few requests reach everybody in their share. */
export class Turns<T> {
  private readonly credits = new Map<T, number>();

  /** One of several. A weight of 0 never has a turn. */
  public next(weights: ReadonlyArray<readonly [T, number]>): T | undefined {
    const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
    let chosen: T | undefined;
    for (const [each, weight] of weights) {
      if (weight <= 0) { continue; }
      const credit = this.credit(each) + weight;
      this.credits.set(each, credit);
      if (chosen === undefined || credit > this.credit(chosen)) { chosen = each; }
    }
    if (chosen !== undefined) { this.credits.set(chosen, this.credit(chosen) - total); }
    return chosen;
  }

  /** Whether it is this one's turn, which it has in this share of all cases. */
  public has(each: T, share: number): boolean {
    // Adding up tenths must not miss a whole.
    const credit = Math.min(1, this.credit(each) + share);
    const isTurn = credit >= 1 - 1e-9;
    this.credits.set(each, isTurn ? credit - 1 : credit);
    return isTurn;
  }

  private credit(each: T): number { return this.credits.get(each) ?? 0; }
}
