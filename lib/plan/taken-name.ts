import type { Template } from '../local/cloudformation/template';
import type { Unknowns } from '../local/run-one/unknown';
import { SSM_PARAMETER, type Foreseen } from './foreseen';
import { PROCESSING_JOB } from './processing-plan';

/** What a type of resource is named by, where no two can have the same name. */
const NAMES: { readonly [type: string]: string | undefined } = {
  'AWS::SageMaker::Model': 'ModelName', 'AWS::SageMaker::EndpointConfig': 'EndpointConfigName', 'AWS::SageMaker::Endpoint': 'EndpointName', [PROCESSING_JOB]: 'ProcessingJobName', [SSM_PARAMETER]: 'Name',
};

/** Who has names in a stack as it is deployed. */
export interface Owners {
  readonly resources: Template['Resources'];
  readonly unknowns: Unknowns;
  exists(logicalId: string): boolean;
  /** @param member the property that says it */
  nameOf(logicalId: string, member: string): unknown;
  pathOf(logicalId: string): string;
}

/** Why a resource can't be made: what had its name goes only when all else is done. */
export function takenName({ logicalId, type, path, change, wanted }: Foreseen, { resources, unknowns, exists, nameOf, pathOf }: Owners): string | undefined {
  const member = change === 'create' || change === 'replace' ? NAMES[type] : undefined;
  if (member === undefined) { return undefined; }
  const comparable = (name: unknown) => (typeof name !== 'string' || unknowns.allWithin(name).length > 0 ? undefined : type === SSM_PARAMETER ? name : name.split('/').at(-1)!.toLowerCase());
  const name = comparable(wanted?.[member]);
  const isOwner = (id: string) => exists(id) && (id !== logicalId || change === 'replace') && comparable(nameOf(id, member)) === name;
  const [owner] = name === undefined ? [] : Object.entries(resources).find(([id, each]) => each.Type === type && isOwner(id)) ?? [];
  if (owner === undefined) { return undefined; }
  return `${path} can't be made: its name ${String(wanted?.[member])} is taken ${owner === logicalId ? 'by what it is to replace' : `by ${pathOf(owner)}, which goes after it`}. Give it another one`;
}
