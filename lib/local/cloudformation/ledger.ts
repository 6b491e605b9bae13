import type { Clock } from '../clock';
import { isInProgress, isStable, STACK_TYPE } from './stack-record';
import type { ResourceRecord, ResourceStatus, StackEvent, StackRecord, StackStatus } from './stack-record';
import type { StackStore } from './stack-store';

/** A stack's file stays readable; older events are of no use to anybody. */
const EVENTS_KEPT = 2000;

/** Writes what happens to a stack into its record, and keeps the record on disk in step. */
export class Ledger {
  constructor(public readonly record: StackRecord, private readonly clock: Clock, private readonly store: StackStore, private readonly onEvent: (record: StackRecord, event: StackEvent) => void) {}

  stack(status: StackStatus, reason?: string): void {
    this.record.status = status;
    this.record.statusReason = reason;
    if (isStable(status)) { this.record.updated = this.clock.now(); }
    this.event({ logicalId: this.record.stackName, physicalId: this.record.stackId, type: STACK_TYPE, status, reason });
  }

  /** A resource of the stack in a new state. */
  resource(logicalId: string, status: ResourceStatus, reason?: string): void {
    const resource = this.record.resources[logicalId] as ResourceRecord;
    resource.status = status;
    resource.statusReason = reason;
    this.event({ logicalId, physicalId: resource.physical?.physicalId, type: resource.type, status, reason });
  }

  event(event: Omit<StackEvent, 'number' | 'time'>): void {
    const { events } = this.record;
    const numbered: StackEvent = { number: (events.at(-1)?.number ?? -1) + 1, time: this.clock.now(), ...event };
    events.push(numbered);
    if (events.length > EVENTS_KEPT && !isInProgress(event.status)) { events.splice(0, events.length - EVENTS_KEPT); }
    this.keep();
    this.onEvent(this.record, numbered);
  }

  /** Writes the record down as it is. */
  keep(): void { this.store.save(this.record); }
}
