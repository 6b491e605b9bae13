import type { IConstruct } from 'constructs';
import type { JobKindName } from '../limits/job-kinds';
import { isToken, refuse } from './checks';
import TUNING_JOB from './hyperparameter-tuning-job-members.json';
import { checkCarried } from './kinds';
import TRAINING_JOB from './training-job-members.json';
import TRANSFORM_JOB from './transform-job-members.json';

type MemberTable = string | MemberTable[] | { [member: string]: MemberTable };
type Tree = { [member: string]: unknown };

/** What a call takes. */
export interface RequestShape {
  /** The call. */
  readonly operation: string;
  readonly members: MemberTable;
  /** Members that other props decide, because more than the request hangs on them: what is to be done about them. */
  readonly decidedElsewhere: { readonly [member: string]: string };
}

const NAME = 'be left out: the name follows from what the job runs';
const TAGS = 'be left out: use Tags.of(job)';
const OUTPUT = 'be left out: use the prop output, which lets the job write there';
const DEFINITION = 'be left out: use the overrides of the definition';
const RANGES = 'be left out: use the prop ranges of the definition';
const OBJECTIVE = 'be left out: use the prop objective of the definition';
const OUTPUT_KEY = 'be left out: use the prop output, which lets the job use the key';

export const TRAINING_JOB_SHAPE: RequestShape = {
  operation: 'CreateTrainingJob',
  members: TRAINING_JOB,
  decidedElsewhere: {
    'TrainingJobName': NAME, 'RoleArn': 'be left out: use the prop role', 'Tags': TAGS, 'OutputDataConfig.S3OutputPath': OUTPUT, 'OutputDataConfig.KmsKeyId': OUTPUT_KEY,
  },
};

export const TUNING_JOB_SHAPE: RequestShape = {
  operation: 'CreateHyperParameterTuningJob',
  members: TUNING_JOB,
  decidedElsewhere: {
    'HyperParameterTuningJobName': NAME, 'Tags': TAGS, 'TrainingJobDefinition': DEFINITION, 'TrainingJobDefinitions': DEFINITION,
    'HyperParameterTuningJobConfig.ParameterRanges': RANGES, 'HyperParameterTuningJobConfig.HyperParameterTuningJobObjective': OBJECTIVE,
  },
};

export const TUNING_DEFINITION_SHAPE: RequestShape = {
  operation: 'CreateHyperParameterTuningJob',
  members: TUNING_JOB.TrainingJobDefinition,
  decidedElsewhere: {
    'DefinitionName': 'be left out: it is the name in definitions', 'RoleArn': 'be left out: use the prop role', 'HyperParameterRanges': RANGES, 'TuningObjective': OBJECTIVE,
    'OutputDataConfig.S3OutputPath': OUTPUT, 'OutputDataConfig.KmsKeyId': OUTPUT_KEY,
  },
};

export const TRANSFORM_JOB_SHAPE: RequestShape = {
  operation: 'CreateTransformJob',
  members: TRANSFORM_JOB,
  decidedElsewhere: {
    'TransformJobName': NAME, 'ModelName': 'be left out: use the prop model', 'Tags': TAGS, 'TransformOutput.S3OutputPath': OUTPUT, 'TransformOutput.KmsKeyId': OUTPUT_KEY,
  },
};

/** What the call that makes a job takes, by kind. */
export const REQUEST_SHAPES: { readonly [kind in JobKindName]: RequestShape } = {
  TrainingJob: TRAINING_JOB_SHAPE, HyperParameterTuningJob: TUNING_JOB_SHAPE, TransformJob: TRANSFORM_JOB_SHAPE,
};

/**
 * Lays the user's members over the request: structures member by member, lists as a whole; `null` takes a member away.
 * A member that the call does not know is refused with its path.
 */
export function withOverrides<T extends object>(scope: IConstruct, shape: RequestShape, request: T, overrides: Tree | undefined): T {
  if (overrides === undefined) { return request; }
  checkCarried(scope, 'overrides', overrides);
  for (const [member, rule] of Object.entries(shape.decidedElsewhere)) {
    const value = member.split('.').reduce<unknown>((place, part) => (isTree(place) ? place[part] : undefined), overrides);
    if (value !== undefined) { refuse(scope, `overrides.${member}`, rule, value); }
  }
  checkMembers(scope, shape.operation, 'overrides', overrides, shape.members);
  return merged(request as Tree, overrides) as T;
}

/** A dotted path to a member of a request; `*` is any element of a list. Ends the synthesis when no request has it. */
export function checkMemberPath(scope: IConstruct, shape: RequestShape, prop: string, path: string): void {
  if (isToken(path)) { return; }
  let table: MemberTable | undefined = shape.members;
  for (const member of path.split('.')) {
    const here: { readonly [member: string]: MemberTable } = typeof table !== 'object' ? {} : Array.isArray(table) ? { '*': table[0] } : table;
    table = !Array.isArray(table) && here['*'] !== undefined ? here['*'] : Object.hasOwn(here, member) ? here[member] : undefined;
    if (table === undefined) { refuse(scope, prop, `be a member ${shape.operation} has (${Object.keys(here).join(', ')})`, path); }
  }
}

function checkMembers(scope: IConstruct, operation: string, path: string, value: unknown, table: MemberTable): void {
  if (value === undefined || value === null || isToken(value)) { return; }
  if (typeof table === 'string') {
    if (typeof value !== table && !(table === 'string' && typeof value === 'number')) { refuse(scope, path, `be a ${table}`, value); }
    return;
  }
  if (Array.isArray(table)) {
    if (!Array.isArray(value)) { refuse(scope, path, 'be a list', value); }
    return value.forEach((entry, index) => checkMembers(scope, operation, `${path}[${index}]`, entry, table[0]));
  }
  if (typeof value !== 'object' || Array.isArray(value)) { refuse(scope, path, 'be a structure', value); }
  for (const [member, entry] of Object.entries(value)) {
    const known = table['*'] ?? (Object.hasOwn(table, member) ? table[member] : undefined);
    if (known === undefined) { refuse(scope, `${path}.${member}`, `be a member ${operation} has (${Object.keys(table).join(', ')})`, entry); }
    checkMembers(scope, operation, `${path}.${member}`, entry, known);
  }
}

function merged(base: Tree, over: Tree): Tree {
  const result: Tree = { ...base };
  for (const [member, entry] of Object.entries(over)) {
    if (entry === undefined) { continue; }
    if (entry === null) { delete result[member]; continue; }
    result[member] = isTree(entry) ? merged(isTree(result[member]) ? result[member] : {}, entry) : entry;
  }
  return result;
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isToken(value);
}
