import type { CapacitySize, DeploymentConfig } from '@aws-sdk/client-sagemaker';
import type { AlarmState } from '../cloudwatch/alarm';
import type { Clock } from '../clock';
import { JobFailure } from './failure-reason';
import type { Fleet } from './fleet';
import type { EndpointPlan } from './state-file';
import type { Traffic } from './traffic';

/** How long requests under way may take when their server is to go, in milliseconds. */
export const DRAIN = 60_000;

export interface DeploymentOptions {
  readonly config: DeploymentConfig;
  readonly traffic: Traffic;
  readonly next: Fleet;
  readonly clock: Clock;
  /** How long a minute of waiting is here, in milliseconds. */
  readonly minute: number;
  readonly stateOfAlarm: (name: string) => AlarmState | undefined;
  /** Called when the traffic goes back. */
  readonly rollingBack: (reason: string) => void;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Why a new fleet does not take over, though it has come up. */
class Rollback extends Error {}

/**
 * An endpoint's way from one fleet to the next: the new one is started, and takes traffic once it is healthy, step by step. After
 * each step the alarms are watched for a while; one that goes off brings all traffic back at once. The old one goes when it is idle.
 */
export class Deployment {
  private isLate = false;

  constructor(private readonly options: DeploymentOptions) {}

  /** Whichever fleet does not serve in the end has ended. @throws JobFailure with the reason why the old one serves on */
  public async run(): Promise<void> {
    const { config, traffic, next, clock } = this.options;
    const limit = (config.BlueGreenUpdatePolicy ?? config.RollingUpdatePolicy)?.MaximumExecutionTimeoutInSeconds;
    // Not shortened: loading a model takes as long here as anywhere.
    const forget = limit === undefined ? () => undefined : clock.after(limit * 1000, () => { this.isLate = true; });
    try {
      await this.start();
      for (const share of sharesOf(config, next.plan)) {
        this.options.log(`${percent(share)} of the traffic go to configuration ${next.plan.configName}`);
        traffic.shift(next, share);
        await this.bake(waitOf(config));
      }
    } catch (error) {
      traffic.back();
      if (error instanceof Rollback) {
        this.options.log(error.message);
        this.options.rollingBack(error.message);
      }
      await next.stop(error instanceof Rollback ? DRAIN : 0);
      throw error instanceof Rollback ? new JobFailure(error.message) : error;
    } finally {
      forget();
    }
    const old = traffic.current;
    traffic.settle(next);
    await this.wait(config.BlueGreenUpdatePolicy?.TerminationWaitInSeconds ?? 0, () => undefined);
    await old.stop(DRAIN);
  }

  /** Until all instances are healthy. */
  private async start(): Promise<void> {
    let hasStarted = false;
    const start = this.options.next.start().finally(() => { hasStarted = true; });
    start.catch(() => undefined);
    while (!hasStarted) {
      await Promise.race([start, this.options.clock.sleep(LOOK * this.options.minute)]);
      this.requireTime();
    }
    await start;
  }

  /** Waits, and looks at the alarms at least once. */
  private async bake(seconds: number): Promise<void> {
    const names = (this.options.config.AutoRollbackConfiguration?.Alarms ?? []).flatMap(({ AlarmName }) => AlarmName ?? []);
    await this.wait(seconds, () => {
      this.requireTime();
      const raised = names.filter((name) => this.options.stateOfAlarm(name) === 'ALARM');
      if (raised.length > 0) {
        throw new Rollback(`The deployment was rolled back: during it ${raised.length === 1 ? 'this alarm went' : 'these alarms went'} into the state ALARM: ${raised.join(', ')}.`);
      }
    });
  }

  private async wait(seconds: number, look: () => void): Promise<void> {
    const { clock, minute, signal } = this.options;
    for (const end = clock.now() + seconds / 60 * minute; ;) {
      signal.throwIfAborted();
      look();
      const left = end - clock.now();
      if (left <= 0) { return; }
      await clock.sleep(Math.min(LOOK * minute, left));
    }
  }

  private requireTime(): void {
    this.options.signal.throwIfAborted();
    if (this.isLate) { throw new Rollback('The deployment was rolled back: it took longer than MaximumExecutionTimeoutInSeconds.'); }
  }
}

/** How often alarms are looked at, in minutes. */
const LOOK = 1 / 20;

/** The shares of the traffic that the new fleet has, step by step. */
export function sharesOf({ BlueGreenUpdatePolicy, RollingUpdatePolicy }: DeploymentConfig, plan: EndpointPlan): number[] {
  const routing = BlueGreenUpdatePolicy?.TrafficRoutingConfiguration;
  if (routing?.Type === 'CANARY') { return steps([shareOf(routing.CanarySize, plan), 1]); }
  const size = routing?.Type === 'LINEAR' ? routing.LinearStepSize : RollingUpdatePolicy?.MaximumBatchSize;
  const share = shareOf(size, plan);
  return steps(Array.from({ length: Math.ceil(1 / share - 1e-9) }, (_, nth) => Math.min(1, share * (nth + 1))));
}

const steps = (shares: readonly number[]) => shares.filter((share, nth) => nth === 0 || share > (shares[nth - 1] as number));

/** A part of a fleet's capacity, between 0 and 1. */
function shareOf(size: CapacitySize | undefined, { variants }: EndpointPlan): number {
  if (size?.Value === undefined) { return 1; }
  const instances = variants.filter(({ isShadow }) => isShadow !== true).reduce((sum, state) => sum + (state.instances ?? 1), 0);
  return Math.min(1, size.Type === 'INSTANCE_COUNT' ? size.Value / Math.max(1, instances) : size.Value / 100);
}

const waitOf = ({ BlueGreenUpdatePolicy, RollingUpdatePolicy }: DeploymentConfig) =>
  BlueGreenUpdatePolicy?.TrafficRoutingConfiguration?.WaitIntervalInSeconds ?? RollingUpdatePolicy?.WaitIntervalInSeconds ?? 0;
const percent = (share: number) => `${Math.round(share * 100)} %`;
