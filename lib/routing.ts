import type { Construct } from 'constructs';
import { inRange } from './request/checks';
import { OF_A_PREFIX } from './request/hosting-prop-kinds';
import { checkOptions } from './request/kinds';

/** How requests with the same beginning find the same instance. */
export interface PrefixRoutingOptions {
  /**
   * How much of a request's beginning counts, in bytes of its body (for the API that is like OpenAI's, in characters of its messages); 1,024 to
   * 65,536. Long enough for what requests share, and for some of what tells them apart.
   */
  readonly prefixLength: number;
  /** How many requests an instance may be answering before another one is chosen all the same; 1 to 1,024. */
  readonly concurrencyThreshold: number;
}

/**
 * How requests are spread over the instances of a variant.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantRoutingConfig.html
 *
 * @example
 * model.deploy('Endpoint', { instanceType: 'ml.g5.2xlarge', instanceCount: 4, routing: Routing.leastOutstandingRequests() });
 * model.deploy('Chat', { instanceType: 'ml.g5.2xlarge', instanceCount: 4, routing: Routing.prefixAware({ prefixLength: 4096, concurrencyThreshold: 16 }) });
 */
export class Routing {
  /** To any. */
  public static random(): Routing {
    return new Routing('RANDOM');
  }

  /** To the one that is answering the fewest. */
  public static leastOutstandingRequests(): Routing {
    return new Routing('LEAST_OUTSTANDING_REQUESTS');
  }

  /** To the one that had a request with the same beginning, whose cache may have the beginning of the answer; to another when that one is busy. */
  public static prefixAware(options: PrefixRoutingOptions): Routing {
    return new Routing('PREFIX_AWARE', options);
  }

  private constructor(
    /** What the service calls it. */
    public readonly strategy: string,
    /** For routing by the beginning of requests. */
    public readonly prefix?: PrefixRoutingOptions,
  ) {}

  /**
   * Throws when the prefix is out of range.
   *
   * @internal
   */
  public _check(config: Construct, prop: string): void {
    if (this.strategy === 'PREFIX_AWARE') { checkOptions(config, `${prop}.`, this.prefix, {}, OF_A_PREFIX); }
    inRange(config, `${prop}.prefixLength`, this.prefix?.prefixLength, 1024, 65536);
    inRange(config, `${prop}.concurrencyThreshold`, this.prefix?.concurrencyThreshold, 1, 1024);
  }
}
