import { supersededBy } from './custom-work';
import type { Ledger } from './ledger';
import { INTERRUPTED, isInProgress, type ResourceRecord } from './stack-record';

/** The local AWS was stopped in the middle of an operation. */
export function interrupt(ledger: Ledger, isLost: (resource: ResourceRecord) => boolean): void {
  const { record } = ledger;
  const reason = INTERRUPTED;
  for (const [id, resource] of Object.entries(record.resources)) {
    const { status, planned } = resource;
    if (planned !== undefined && resource.physical === undefined) {
      resource.physical = planned;
    } else if (planned !== undefined && planned.physicalId !== resource.physical?.physicalId) {
      record.superseded.push({ ...supersededBy(id, resource, 'Delete'), physical: planned });
    }
    resource.planned = undefined;
    if (isInProgress(status)) { ledger.resource(id, status.replace('_IN_PROGRESS', '_FAILED') as 'UPDATE_FAILED', reason); }
    // What it had begun would have gone on after the answer: the next deployment asks for it again.
    if (isForward(record.status) && /^(CREATE|UPDATE)_COMPLETE$/.test(status) && isLost(resource)) {
      ledger.resource(id, record.previous?.resources[id] === undefined ? 'CREATE_FAILED' : 'UPDATE_FAILED', reason);
      if (record.previous?.resources[id] !== undefined) { record.touched = [...new Set([...record.touched, id])]; }
    }
  }
  if (isForward(record.status)) { ledger.stack(record.status.replace('_IN_PROGRESS', '_FAILED') as 'UPDATE_FAILED', reason); }
}

const isForward = (status: string) => status === 'CREATE_IN_PROGRESS' || status === 'UPDATE_IN_PROGRESS';
