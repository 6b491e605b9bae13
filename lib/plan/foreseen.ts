import { partitionOf } from '../limits/partitions';
import type { Surroundings } from '../local/cloudformation/loaded-template';
import { isCustom, sameValue } from '../local/cloudformation/resource-type';
import type { Physical, Properties } from '../local/cloudformation/stack-record';
import { replacementRules } from '../local/resources';
import { physicalOf } from '../local/resources/bucket';
import { knownOf } from '../local/resources/recorded';
import type { Unknown, Unknowns } from '../local/run-one/unknown';
import type { DeployedResource } from './stack-side';

/** What a deployment does to a resource; `open`: whether it changes hangs on values that are not known. */
export type Change = 'create' | 'update' | 'replace' | 'none' | 'open' | 'delete';

/** A resource as it will be. */
export interface Foreseen {
  readonly logicalId: string;
  readonly type: string;
  /** What the app calls it, the stack included. */
  readonly path: string;
  readonly change: Change;
  /** Resolved; texts that `unknowns` knows stand for what is not known. */
  readonly old?: Properties;
  readonly wanted?: Properties;
  readonly deployed?: DeployedResource;
  readonly ref: string;
  attribute(name: string): unknown;
}

/** What is asked of a resource, with what is there of it. */
export interface Asked {
  readonly logicalId: string;
  readonly type: string;
  readonly path: string;
  readonly wanted: Properties;
  /** Undefined where there is none yet, or none that is kept. */
  readonly old?: Properties;
  readonly deployed?: DeployedResource;
  readonly stack: Pick<Surroundings, 'stackName' | 'stackId' | 'region' | 'account'>;
  readonly unknowns: Unknowns;
}

export const SSM_PARAMETER = 'AWS::SSM::Parameter';
const RULES = replacementRules();
/** What another resource has another of: names and the like. */
const IDENTITY = /(Arn|Id|Name|Uri|Url|Address|Endpoint)$/i;

/** What becomes of a resource that is no job, by the rules of its type. */
export function foresee(asked: Asked): Foreseen {
  const { logicalId, type, path, old, wanted, deployed, unknowns } = asked;
  const change = changeOf(asked);
  const base = { logicalId, type, path, change, old, wanted, deployed };
  const known = knownPhysical(asked, change);
  const what = (attribute: string | undefined, novelty: Unknown['novelty']) =>
    unknowns.mark({ what: attribute === undefined ? `the name of ${path}` : `${attribute} of ${path}`, logicalId, attribute, novelty });
  if (change === 'create' || change === 'replace') {
    const isFresh = (attribute?: string) => !isCustom(type) && (attribute === undefined || IDENTITY.test(attribute));
    return { ...base, ref: refOf(known) ?? what(undefined, isFresh() ? 'new' : undefined), attribute: (name) => known?.attributes[name] ?? what(name, isFresh(name) ? 'new' : undefined) };
  }
  if (change === 'none') {
    return { ...base, ...keptOf(asked, known, what) };
  }
  // A type that is not known here may be replaced, and a custom resource may answer with anything.
  const mayBeAnother = isCustom(type) || !RULES.has(type) || change === 'open' || RULES.get(type)?.(old ?? {}, wanted) === true;
  if (mayBeAnother) { return { ...base, ref: refOf(known) ?? what(undefined, undefined), attribute: (name) => known?.attributes[name] ?? what(name, undefined) }; }
  const kept = keptOf(asked, known, what);
  // Its names stay as they are; the ARN of some has them in lower case.
  const stays = (name: string) => (IDENTITY.test(name) ? deployed?.attribute(name) : undefined);
  return { ...base, ref: kept.ref, attribute: (name) => stays(name) ?? known?.attributes[name] ?? kept.attribute(name) };
}

/** A resource as it is deployed. */
export function asDeployed(asked: Asked): Pick<Foreseen, 'ref' | 'attribute'> {
  const { path, logicalId, unknowns } = asked;
  const what = (attribute: string | undefined) => unknowns.mark({ what: attribute === undefined ? `the name of ${path}` : `${attribute} of ${path}`, logicalId, attribute, novelty: 'same' });
  return keptOf({ ...asked, wanted: asked.old ?? {} }, knownPhysical({ ...asked, wanted: asked.old ?? {} }, 'none'), what);
}

function keptOf({ deployed }: Asked, known: Physical | undefined, what: (attribute: string | undefined, novelty: Unknown['novelty']) => string): Pick<Foreseen, 'ref' | 'attribute'> {
  const ref = deployed === undefined ? undefined : deployed.ref ?? deployed.physicalId;
  return { ref: ref ?? what(undefined, 'same'), attribute: (name) => deployed?.attribute(name) ?? known?.attributes[name] ?? what(name, 'same') };
}

export function changeOf({ type, old, wanted, deployed, unknowns }: Asked): Change {
  if (old === undefined) { return 'create'; }
  const isForced = deployed?.status === 'UPDATE_FAILED';
  if (!isForced && sameValue(old, wanted)) { return 'none'; }
  const sure = decided(wanted, old, unknowns) as Properties;
  if (!isForced && sameValue(old, sure)) { return 'open'; }
  return RULES.get(type)?.(old, sure) === true ? 'replace' : 'update';
}

/** Open values as what they were: what still differs differs for sure. */
export function decided(wanted: unknown, old: unknown, unknowns: Unknowns): unknown {
  if (typeof wanted === 'string') { return unknowns.allWithin(wanted).some(({ novelty }) => novelty === undefined) && !unknowns.allWithin(wanted).some(({ novelty }) => novelty === 'new') ? old ?? wanted : wanted; }
  if (typeof wanted !== 'object' || wanted === null) { return wanted; }
  const before = (typeof old === 'object' && old !== null ? old : {}) as Properties;
  if (Array.isArray(wanted)) { return wanted.map((element, index) => decided(element, before[index], unknowns)); }
  return Object.fromEntries(Object.entries(wanted).map(([name, member]) => [name, decided(member, before[name], unknowns)]));
}

/** What follows from its name and its properties. */
function knownPhysical({ type, wanted, deployed, stack }: Asked, change: Change): Physical | undefined {
  const place = { properties: wanted, stack: { name: stack.stackName, id: stack.stackId, region: stack.region, account: stack.account, partition: partitionOf(stack.region) } };
  const physicalId = change === 'create' || change === 'replace' ? undefined : deployed?.physicalId;
  const isKnown = (physical: Physical | undefined) => physical && { ...physical, attributes: Object.fromEntries(Object.entries(physical.attributes).filter(([, value]) => value !== undefined && value !== '')) };
  if (type === 'AWS::S3::Bucket') {
    const name = physicalId ?? wanted.BucketName;
    return name === undefined ? undefined : physicalOf(String(name), place);
  }
  if (type === 'Custom::CDKBucketDeployment') {
    return { physicalId: physicalId ?? '', attributes: { DestinationBucketArn: `arn:${place.stack.partition}:s3:::${String(wanted.DestinationBucketName)}`, SourceObjectKeys: wanted.SourceObjectKeys } };
  }
  if (type === SSM_PARAMETER) { return { physicalId: physicalId ?? String(wanted.Name ?? ''), attributes: { Type: wanted.Type, Value: wanted.Value } }; }
  if (type === 'AWS::Lambda::Function' && physicalId !== undefined) {
    return { physicalId, attributes: { Arn: `arn:${place.stack.partition}:lambda:${stack.region}:${stack.account}:function:${physicalId}` } };
  }
  if (/^AWS::(SageMaker::(Model|EndpointConfig|Endpoint|ProcessingJob)|StepFunctions::StateMachine)$/.test(type)) {
    const member = `${type.split('::').at(-1) as string}Name`;
    const name = physicalId?.split(/[/:]/).at(-1) ?? wanted[member];
    if (name === undefined) { return undefined; }
    return { physicalId: physicalId ?? '', attributes: { [member]: name, Name: name, ...physicalId === undefined ? {} : { Arn: physicalId, Id: physicalId } } };
  }
  return isKnown(knownOf(type, place, physicalId));
}

const refOf = (physical: Physical | undefined) => (physical === undefined || physical.physicalId === '' ? undefined : physical.ref ?? physical.physicalId);
