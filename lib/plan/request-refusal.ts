import type { JobProperties } from '../handler/contract';
import { userTags } from '../handler/in-place';
import type { Tree } from '../handler/job-kind';
import { refuseFirst } from '../handler/prerequisites';
import { BOOLEAN, NUMBER, restoreSimple, STRING } from '../handler/restore-types';
import { withJobName } from '../handler/run';
import type { Tags } from '../handler/world';
import type { IsUnknown } from '../limits/constraints';
import type { JobKindName } from '../limits/job-kinds';
import type { Unknowns } from '../local/run-one/unknown';
import TUNING_JOB from '../request/hyperparameter-tuning-job-members.json';
import TRAINING_JOB from '../request/training-job-members.json';
import TRANSFORM_JOB from '../request/transform-job-members.json';

/** What a request can have, by kind, and its types. */
export const MEMBERS: { readonly [kind in JobKindName]: object } = { TrainingJob: TRAINING_JOB, HyperParameterTuningJob: TUNING_JOB, TransformJob: TRANSFORM_JOB };

/** The function itself, as the package has it in `dist/handler`: loaded only where something is launched. */
const functionItself = () => require('../handler') as typeof import('../handler');

/** What of a request only the deployment knows, and passes. */
const unknownIn = (unknowns: Unknowns): IsUnknown => (value) => unknowns.in(value) !== undefined || typeof value === 'string' && value.includes('{{resolve:');

/** A request with the types that CloudFormation takes from it. @throws BadProperties where a value can't be of its type, as the handler does */
export function typedRequest(kind: JobKindName, { Request: request }: JobProperties, unknowns: Unknowns): Tree {
  return typed(MEMBERS[kind], request, unknownIn(unknowns)) as Tree;
}

/** Refuses what the handler refuses before it launches a job. @param request with types @throws BadProperties */
export function refuseRequest(kind: JobKindName, properties: JobProperties, request: Tree, name: string, owner: Tags, unknowns: Unknowns): void {
  const tags = Object.entries({ ...Object.fromEntries(userTags(request)), ...owner }).map(([Key, Value]) => ({ Key, Value }));
  const { violations, nameMember } = functionItself().JOB_KINDS[kind];
  refuseFirst(violations({ ...withJobName(request, { properties }, name), Tags: tags, [nameMember]: name }, unknownIn(unknowns)));
}

const SCALARS = { string: STRING, number: NUMBER, boolean: BOOLEAN } as const;

function typed(type: unknown, value: unknown, isUnknown: IsUnknown, path = ''): unknown {
  if (type === undefined || value === undefined || value === null || isUnknown(value)) { return value; }
  if (typeof type === 'string') { return restoreSimple(SCALARS[type as keyof typeof SCALARS], value, path); }
  if (typeof value !== 'object') { return value; }
  if (Array.isArray(value)) { return value.map((entry, index) => typed((type as readonly unknown[])[0], entry, isUnknown, `${path}[${index}]`)); }
  const members = type as Tree;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, typed(members[name] ?? members['*'], member, isUnknown, path === '' ? name : `${path}.${name}`)]));
}
