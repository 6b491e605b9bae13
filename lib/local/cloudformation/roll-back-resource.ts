import type { FaultPlan } from './faults';
import type { Ledger } from './ledger';
import type { ResourceWork } from './resource-work';
import type { Properties, ResourceRecord } from './stack-record';
import { isCustom } from './resource-type';

/**
 * Takes a resource back to what it was before an update. Nothing is deleted here: that is for the clean-up.
 *
 * @param prior the resource before the update
 * @param wanted its properties then
 * @param isSkipped believed to be what it was before (continue-update-rollback)
 */
export async function rollBackResource(faults: FaultPlan, ledger: Ledger, work: ResourceWork, logicalId: string, prior: ResourceRecord, wanted: () => Properties, isSkipped: boolean): Promise<boolean> {
  const { record } = ledger;
  const now = record.resources[logicalId] as ResourceRecord;
  const isFailed = now.status === 'UPDATE_FAILED' && now.statusReason !== 'Resource update cancelled';
  // It was replaced by another physical resource, and the one of before still exists.
  const isReplaced = !isCustom(now.type) && now.physical?.physicalId !== prior.physical?.physicalId;
  const wasNeverSent = now.status === 'UPDATE_FAILED' && now.attempted === undefined;
  const isLeft = isFailed && isCustom(now.type) && faults.rollsBackFailedUpdates === false;
  if (isSkipped) {
    record.resources[logicalId] = { ...prior, physical: now.physical };
    ledger.resource(logicalId, 'UPDATE_COMPLETE', 'Resource skipped during rollback');
    return true;
  }
  if (isReplaced || wasNeverSent || isLeft) {
    if (isReplaced && now.physical !== undefined) {
      record.superseded.push({ logicalId, type: now.type, physical: now.physical, properties: now.properties, dependsOn: now.dependsOn, policy: now.updateReplacePolicy });
    }
    record.resources[logicalId] = structuredClone({ ...prior, physical: isLeft ? now.physical : prior.physical });
    ledger.resource(logicalId, 'UPDATE_COMPLETE');
    return true;
  }
  const old = isFailed && faults.rollbackOldProperties === 'before' ? prior.properties : now.attempted ?? now.properties;
  const ok = await work.update(logicalId, wanted(), old);
  if (ok) { Object.assign(now, { deletionPolicy: prior.deletionPolicy, updateReplacePolicy: prior.updateReplacePolicy, dependsOn: prior.dependsOn }); }
  return ok;
}
