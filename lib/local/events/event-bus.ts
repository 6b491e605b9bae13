import type { Clock } from '../clock';
import type { CreatedObject } from '../s3-folder';
import { eventOf, objectCreatedEvent, type Happened, type Place } from './aws-event';
import { patternOf, type Matches } from './event-pattern';
import { scheduleOf, type Schedule } from './schedule-expression';
import { deliver, filled, inputOf, requireTarget, type Target, type TargetServices } from './target';

/** A rule of the default bus. */
export interface Rule {
  readonly arn: string;
  readonly isEnabled: boolean;
  readonly pattern?: unknown;
  readonly schedule?: string;
  readonly targets: readonly Target[];
}

/** A schedule of EventBridge Scheduler. */
export interface Scheduled {
  readonly arn: string;
  readonly isEnabled: boolean;
  readonly expression: string;
  /** @default UTC */
  readonly zone?: string;
  /** Milliseconds since 1970. */
  readonly from?: number;
  readonly to?: number;
  readonly targetArn: string;
  readonly input: string;
}

export interface EventBusWorld extends TargetServices, Place {
  readonly clock: Clock;
  log(line: string): void;
}

interface Timed {
  readonly schedule: Schedule;
  readonly since: number;
  fire(time: number): void;
}

const MINUTE = 60_000;

/** EventBridge: rules that events match, and schedules that fire by the clock while the local AWS runs. */
export class EventBus {
  private readonly rules = new Map<string, Rule & { readonly matches?: Matches }>();
  private readonly timed = new Map<string, Timed>();
  private readonly buckets = new Set<string>();
  private forget?: () => void;

  constructor(private readonly world: EventBusWorld) {}

  /** @throws Error for a pattern, a schedule or a target that the local AWS does not understand */
  putRule(rule: Rule): void {
    if (rule.pattern === undefined && rule.schedule === undefined) { throw new Error('Parameter(s) EventPattern or ScheduleExpression must be specified.'); }
    rule.targets.forEach(requireTarget);
    const schedule = rule.schedule === undefined ? undefined : scheduleOf(rule.schedule);
    this.rules.set(rule.arn, { ...rule, matches: rule.pattern === undefined ? undefined : patternOf(rule.pattern) });
    this.time(rule.arn, rule.isEnabled ? schedule : undefined, () => this.send(rule, { source: 'aws.events', type: 'Scheduled Event', resources: [rule.arn], detail: {} }));
  }

  deleteRule(arn: string): void {
    this.rules.delete(arn);
    this.time(arn, undefined);
  }

  /** @throws Error for a schedule or a target that the local AWS does not understand */
  putSchedule({ arn, isEnabled, expression, zone, from = -Infinity, to = Infinity, targetArn, input }: Scheduled): void {
    requireTarget({ Arn: targetArn });
    const schedule = scheduleOf(expression, zone);
    this.time(arn, isEnabled ? schedule : undefined, (time) => {
      if (time < from || time > to) { return; }
      const attributes: { readonly [name: string]: string } = { 'aws.scheduler.schedule-arn': arn, 'aws.scheduler.scheduled-time': new Date(time).toISOString().replace(/\.\d+Z$/, 'Z'), 'aws.scheduler.execution-id': crypto.randomUUID(), 'aws.scheduler.attempt-number': '1' };
      this.deliver(arn, targetArn, filled(input, (name) => attributes[name] ?? `<${name}>`));
    });
  }

  deleteSchedule(arn: string): void { this.time(arn, undefined); }

  /** Whether a bucket tells of its new objects. */
  watch(bucket: string, isOn: boolean): void {
    if (isOn) { this.buckets.add(bucket); } else { this.buckets.delete(bucket); }
  }

  objectCreated(object: CreatedObject): void {
    if (this.buckets.has(object.bucket)) { this.emit(objectCreatedEvent(object, this.world, this.world.clock.now())); }
  }

  /** Something has happened: the targets of every rule that it matches get it, but not before who told it goes on. */
  emit(happened: Happened): void {
    const rules = [...this.rules.values()].filter(({ isEnabled, matches }) => isEnabled && matches !== undefined);
    if (rules.length === 0) { return; }
    const event = eventOf(happened, this.world, this.world.clock.now());
    for (const rule of rules.filter(({ matches }) => matches?.(event) === true)) { setImmediate(() => this.send(rule, happened, event)); }
  }

  /** Nothing fires any more. */
  close(): void {
    this.rules.clear();
    this.timed.clear();
    this.forget?.();
  }

  private send(rule: Rule, happened: Happened, event = eventOf(happened, this.world, this.world.clock.now())): void {
    for (const target of rule.targets) { this.deliver(rule.arn, target.Arn, inputOf(target, event, rule.arn)); }
  }

  private deliver(from: string, arn: string, input: string): void {
    deliver(arn, input, this.world).catch((error: Error) => this.world.log(`${from}: ${arn} could not be told: ${error.message}`));
  }

  private time(arn: string, schedule: Schedule | undefined, fire: Timed['fire'] = () => undefined): void {
    if (schedule === undefined) { this.timed.delete(arn); } else { this.timed.set(arn, { schedule, since: this.world.clock.now(), fire }); }
    if (this.timed.size > 0 && this.forget === undefined) { this.tick(); }
  }

  /** Once a minute, as long as there is a schedule. */
  private tick(): void {
    const { clock } = this.world;
    const next = (Math.floor(clock.now() / MINUTE) + 1) * MINUTE;
    this.forget = clock.after(next - clock.now(), () => {
      this.forget = undefined;
      for (const { schedule, since, fire } of [...this.timed.values()]) { if (schedule.isDue(next, since)) { fire(next); } }
      if (this.timed.size > 0) { this.tick(); }
    });
  }
}
