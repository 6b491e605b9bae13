import type { Clock } from '../clock';
import type { HostLogs } from './host-logs';
import type { SpotInterruption, SpotPlan } from './interference';
import type { JobRun } from './jobs';
import type { RunEvents } from './program-run';
import type { TrainingEnd } from './training-run';

/** A run that can be taken away from its instance: it leaves its checkpoints, and nothing else. */
export interface TrainingAttempt extends JobRun {
  run(events: RunEvents): Promise<TrainingEnd>;
  /** SIGTERM, and SIGKILL after the grace, as in a stop. */
  interrupt(): void;
}

export interface SpotEvents extends RunEvents {
  /** There are no instances. */
  readonly waiting: () => void;
  /** The instances are gone, and the checkpoints in their place. */
  readonly interrupted: () => void;
  /** There are instances again. */
  readonly starting: () => void;
}

/** A managed spot training job: as many attempts as it takes, each on the checkpoints of the one before. */
export class SpotRun implements JobRun {
  private current?: TrainingAttempt;
  private ending = false;
  private wake: () => void = () => undefined;

  /** @param attempt makes a run that writes to the given logs */
  constructor(private readonly plan: SpotPlan, private readonly clock: Clock, private readonly logs: HostLogs, private readonly attempt: (logs: HostLogs) => TrainingAttempt) {}

  public async run(events: SpotEvents): Promise<TrainingEnd> {
    if (this.plan.wait > 0) { events.waiting(); }
    await this.waitFor(this.plan.wait);
    for (const interruption of [...this.plan.interruptions, undefined]) {
      if (this.ending) { return {}; }
      const end = await this.attemptOnce(events, interruption);
      if (end !== 'interrupted') { return end; }
      await this.waitFor((interruption as SpotInterruption).wait);
      if (!this.ending) { events.starting(); }
    }
    return {};
  }

  public stop(): void {
    this.ending = true;
    this.current?.stop();
    this.wake();
  }

  public async kill(): Promise<void> {
    this.ending = true;
    this.wake();
    await this.current?.kill();
  }

  private async attemptOnce(events: SpotEvents, interruption: SpotInterruption | undefined): Promise<TrainingEnd | 'interrupted'> {
    let isInterrupted = false;
    let isOver = false;
    let forget: () => void = () => undefined;
    const interrupt = () => {
      if (isOver || isInterrupted || this.ending) { return; }
      isInterrupted = true;
      this.current?.interrupt();
    };
    const current = this.current = this.attempt(interruption?.atLine === undefined ? this.logs : this.logs.watched(interruption.atLine, interrupt));
    const end = await current.run({
      ...events,
      running: () => {
        events.running();
        if (interruption?.after !== undefined) { forget = this.clock.after(interruption.after, interrupt); }
      },
      leaving: () => {
        isOver = true;
        forget();
        if (!isInterrupted || this.ending) { events.leaving(); }
      },
    });
    this.current = undefined;
    if (!isInterrupted || this.ending) { return end; }
    events.interrupted();
    return 'interrupted';
  }

  /** Until there are instances, or the job is to end. */
  private async waitFor(milliseconds: number): Promise<void> {
    if (milliseconds === 0 || this.ending) { return; }
    let forget: () => void = () => undefined;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      if (milliseconds !== Infinity) { forget = this.clock.after(milliseconds, resolve); }
    });
    forget();
  }
}
