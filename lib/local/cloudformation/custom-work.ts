import type { CustomResources } from './custom-resources';
import type { CustomAnswer } from './custom-answer';
import { generatedName } from './names';
import type { Properties, ResourceRecord, StackRecord, Superseded } from './stack-record';

const INVALID_ID = 'Invalid PhysicalResourceId';

/** Makes, changes and deletes custom resources by asking their functions. */
export class CustomWork {
  constructor(private readonly stack: StackRecord, private readonly customResources: CustomResources) {}

  async create(logicalId: string, resource: ResourceRecord, signal: AbortSignal): Promise<void> {
    const answer = await this.customResources.request({ RequestType: 'Create', ...this.common(logicalId, resource.type), ResourceProperties: resource.properties }, signal);
    // A failed one keeps the id it was answered with: that is what the rollback deletes.
    if (answer.physicalId !== undefined) { resource.physical = { physicalId: answer.physicalId, attributes: answer.data }; }
    resource.noEcho = answer.noEcho;
    requireSuccess(answer);
  }

  /** @param old what the function is told the old properties are */
  async update(logicalId: string, resource: ResourceRecord, wanted: Properties, old: Properties, signal: AbortSignal): Promise<void> {
    if (wanted.ServiceToken !== resource.properties.ServiceToken) { throw new Error('Modifying service token is not allowed.'); }
    resource.attempted = wanted;
    const answer = await this.customResources.request({
      RequestType: 'Update', ...this.common(logicalId, resource.type), PhysicalResourceId: resource.physical?.physicalId,
      ResourceProperties: wanted, OldResourceProperties: old,
    }, signal);
    const isFailed = answer.status === 'FAILED';
    if (answer.physicalId !== undefined && answer.physicalId !== resource.physical?.physicalId) {
      this.stack.superseded.push(supersededBy(logicalId, resource));
      // A failed update's new id is taken over as well, so that it gets deleted (aws-facts 1.2).
      resource.physical = { physicalId: answer.physicalId, attributes: isFailed ? resource.physical?.attributes ?? {} : answer.data };
      resource.madeWith = isFailed ? wanted : undefined;
    }
    requireSuccess(answer);
    resource.physical = { physicalId: answer.physicalId as string, attributes: answer.data };
    resource.noEcho = answer.noEcho;
  }

  async delete(target: Superseded, physicalId: string, signal?: AbortSignal): Promise<void> {
    const answer = await this.customResources.request({ RequestType: 'Delete', ...this.common(target.logicalId, target.type), PhysicalResourceId: physicalId, ResourceProperties: target.properties }, signal);
    if (answer.status === 'FAILED') { throw new Error(failureText(answer)); }
  }

  /** The id of a custom resource whose creation was never answered. */
  inventedId(logicalId: string): string {
    return generatedName(this.stack.stackName, logicalId, 255);
  }

  private common(logicalId: string, type: string) {
    return { StackId: this.stack.stackId, ResourceType: type, LogicalResourceId: logicalId };
  }
}

/** What is there now, as something to delete later. */
export function supersededBy(logicalId: string, resource: ResourceRecord, policy = resource.updateReplacePolicy): Superseded {
  const { type, physical, dependsOn } = resource;
  return { logicalId, type, physical, properties: resource.madeWith ?? resource.properties, dependsOn, policy };
}

function requireSuccess(answer: CustomAnswer): void {
  if (answer.status === 'FAILED') { throw new Error(failureText(answer)); }
  if (answer.physicalId === undefined) { throw new Error(INVALID_ID); }
}

const failureText = (answer: CustomAnswer) => (answer.physicalId === undefined ? `${INVALID_ID}. ` : '')
  + `Received response status [FAILED] from custom resource. Message returned: ${answer.reason}`;
