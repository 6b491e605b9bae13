/** How copies are balanced. */
export interface ComponentPlacementOptions {
  /**
   * By how many copies two Availability Zones may differ where that can be helped; 0 to 100.
   *
   * @default 0
   */
  readonly maxZoneImbalance?: number;
}

/**
 * On which instances the copies of an inference component are put. Availability Zones get as many each, where there is room.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InferenceComponentSchedulingConfig.html
 *
 * @example
 * const resilient = ComponentPlacement.spread();
 * const thrifty = ComponentPlacement.binpack({ maxZoneImbalance: 2 });
 */
export class ComponentPlacement {
  /** On as many as there are: fewer copies are lost with an instance. */
  public static spread(options: ComponentPlacementOptions = {}): ComponentPlacement {
    return new ComponentPlacement('SPREAD', options);
  }

  /** On as few as possible: others can be given back. */
  public static binpack(options: ComponentPlacementOptions = {}): ComponentPlacement {
    return new ComponentPlacement('BINPACK', options);
  }

  private constructor(
    /** What the service calls it. */
    public readonly strategy: string,
    /** How copies are balanced. */
    public readonly balance: ComponentPlacementOptions,
  ) {}
}
