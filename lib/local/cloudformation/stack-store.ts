import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readWhole, writeWhole } from '../whole-file';
import type { StackRecord } from './stack-record';

/** Where the records of stacks are kept. */
export interface StackStore {
  /** By name, deleted stacks included until another of that name is made. */
  load(stackName: string): StackRecord | undefined;
  save(record: StackRecord): void;
  all(): StackRecord[];
}

/** One file per stack, replaced in one step, so that a reader never sees half a record. */
export class FolderStackStore implements StackStore {
  private readonly records = new Map<string, StackRecord>();

  /** @param readAfresh for readers beside the process that writes */
  constructor(private readonly folder: string, private readonly readAfresh = false) {}

  load(stackName: string): StackRecord | undefined {
    const known = this.readAfresh ? undefined : this.records.get(stackName);
    if (known !== undefined) { return known; }
    const record = readWhole<StackRecord>(this.file(stackName), `put a copy in its place, or delete it, which forgets stack ${stackName} and leaves its buckets and jobs as they are`);
    if (record !== undefined) { this.records.set(stackName, record); }
    return record;
  }

  save(record: StackRecord): void {
    this.records.set(record.stackName, record);
    mkdirSync(this.folder, { recursive: true });
    // Attributes that a custom resource asked not to be shown are in here: for the owner's eyes only.
    writeWhole(this.file(record.stackName), JSON.stringify(record, undefined, 1), 0o600);
  }

  all(): StackRecord[] {
    let names: string[];
    try { names = readdirSync(this.folder); } catch { return []; }
    return names.filter((name) => name.endsWith('.json')).sort().map((name) => this.load(name.slice(0, -5))).filter((record) => record !== undefined);
  }

  private file(stackName: string): string {
    return join(this.folder, `${stackName.replace(/[^A-Za-z0-9-]/g, '_')}.json`);
  }
}

export class MemoryStackStore implements StackStore {
  private readonly records = new Map<string, StackRecord>();
  load(stackName: string): StackRecord | undefined { return this.records.get(stackName); }
  save(record: StackRecord): void { this.records.set(record.stackName, record); }
  all(): StackRecord[] { return [...this.records.values()]; }
}
