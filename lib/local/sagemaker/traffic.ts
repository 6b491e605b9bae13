import type { Fleet } from './fleet';
import type { VariantState } from './state-file';
import { Turns } from './turns';

/** Which fleet of an endpoint gets a request: the one that serves, or, while it moves, for a share of them the next one. */
export class Traffic {
  private next?: Fleet;
  private share = 0;
  private readonly turns = new Turns<Fleet>();

  constructor(private fleet: Fleet) {}

  public get current(): Fleet { return this.fleet; }

  /** Gives the next fleet a share of the requests, between 0 and 1. */
  public shift(next: Fleet, share: number): void {
    this.next = next;
    this.share = share;
  }

  /** All requests go to the fleet that served before. */
  public back(): void {
    this.next = undefined;
    this.share = 0;
  }

  /** The next fleet is the one that serves. */
  public settle(next: Fleet): void {
    this.fleet = next;
    this.back();
  }

  /** Who is asked: a variant by its name, or the one whose turn it is. */
  public pick(variant?: string): { readonly fleet: Fleet; readonly state: VariantState } | undefined {
    const first = this.next !== undefined && this.turns.has(this.next, this.share) ? this.next : this.fleet;
    // A variant may be in one of them only; then all requests for it go there, once that one has any.
    for (const fleet of variant === undefined ? [first] : [first, first === this.fleet ? this.next : this.fleet]) {
      const state = variant === undefined ? fleet?.nextVariant() : fleet?.variant(variant);
      if (fleet !== undefined && state !== undefined && (fleet === this.fleet || this.share > 0)) { return { fleet, state }; }
    }
    return undefined;
  }
}
