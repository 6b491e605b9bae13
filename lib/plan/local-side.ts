import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SYSTEM_CLOCK } from '../local/clock';
import { deployedStacks, isThere } from '../local/cli/deployed';
import { requireKnownTypes, requireSameTypes } from '../local/cloudformation/known-types';
import { refOf, type ResourceRecord, type StackRecord } from '../local/cloudformation/stack-record';
import { templateOf, type Template } from '../local/cloudformation/template';
import { replacementRules } from '../local/resources';
import { describedProcessingJob, describedTrainingJob, describedTransformJob, describedTuningJob } from '../local/sagemaker/described-jobs';
import { LOST } from '../local/sagemaker/jobs';
import { StateFile, type SageMakerState } from '../local/sagemaker/state-file';
import { bootstrapParameter, LocalSsm } from '../local/ssm/local-ssm';
import { lockOf, ownersOf } from '../local/state-lock';
import { jobsAfterRestart, stackAfterRestart } from './after-restart';
import { kindOfType } from './job-kinds';
import { isGone, type DeployedResource, type JobRecord, type StackSide } from './stack-side';

const NAME = 'the local AWS';

/**
 * A stack of the local AWS, read from the files of its state folder, which say at once what is so; no server is needed for that. One that is
 * not there is gone (`DELETE_COMPLETE`). What was cut short when the local AWS ended is as the next one will have it.
 */
export function localSide(state: string, stackName: string): StackSide {
  const isServed = ownersOf(lockOf(state)).length > 0;
  const kept = stateOf(state);
  const jobs = isServed || kept === undefined ? kept : jobsAfterRestart(kept);
  const isLost = ({ type, physical }: ResourceRecord) => jobs !== undefined && physical !== undefined && (recordsOf(kindOfType(type) ?? '', jobs)[physical.physicalId] as { readonly reason?: string } | undefined)?.reason === LOST;
  const records = deployedStacks(state).map((each) => (isServed ? each : stackAfterRestart(each, isLost))).filter(isThere);
  const record = records.find((each) => each.stackName === stackName);
  return record ? sideOf(record, records, jobs, ssmOf(state, record)) : {
    name: NAME, stackName, status: 'DELETE_COMPLETE', template: { Resources: {} }, parameters: {}, paths: {},
    refuses: (template) => refusalOf(template), resource: () => undefined, exportValue: () => undefined, ssmParameter: () => Promise.resolve(undefined), ...jobsOf(jobs),
  };
}

/** Which jobs there are hangs on no stack. */
const jobsOf = (jobs: SageMakerState | undefined): Pick<StackSide, 'job' | 'jobNames'> => ({
  jobNames: (kind, prefix) => Promise.resolve(Object.keys(jobs === undefined ? {} : recordsOf(kind, jobs)).filter((name) => name.startsWith(prefix))),
  job: (kind, name) => Promise.resolve(jobs && describedJob(kind, name, jobs)),
});

/** In the words of the deployment, which looks before it begins. */
function refusalOf(template: Template, record?: StackRecord): string | undefined {
  try {
    requireKnownTypes(templateOf(template), replacementRules());
    if (record !== undefined && !isGone(record.status)) { requireSameTypes(record, template); }
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const ssmOf = (state: string, { region, account }: StackRecord) => new LocalSsm({ file: join(state, 'ssm.json'), clock: SYSTEM_CLOCK, region, accountId: account, given: bootstrapParameter });

function sideOf(record: StackRecord, all: readonly StackRecord[], jobs: SageMakerState | undefined, ssm: LocalSsm): StackSide {
  const { stackName, stackId, region, account, status, template, parameters, paths = {} } = record;
  const texts = (of: 'given' | 'value') => Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, [value[of]].flat().join(',')]));
  return {
    name: NAME, stackName, stackId, region, account, status, template, paths, parameters: texts('value'), given: texts('given'),
    refuses: (template) => refusalOf(template, record), resource: (logicalId) => deployed(record.resources[logicalId]),
    exportValue: (name) => all.flatMap(({ outputs }) => Object.values(outputs)).find(({ exportName }) => exportName === name)?.value,
    exports: Object.fromEntries(Object.values(record.outputs).flatMap(({ exportName, value }) => (exportName === undefined ? [] : [[exportName, value]]))),
    importers: (name) => Promise.resolve(all.filter(({ imports }) => imports.includes(name)).map((each) => each.stackName)),
    ssmParameter: (name) => Promise.resolve(ssm.value(name)),
    ...jobsOf(jobs),
  };
}

function deployed(resource: ResourceRecord | undefined): DeployedResource | undefined {
  if (resource === undefined) { return undefined; }
  const { type, status, physical, properties } = resource;
  if (physical === undefined) { return { type, status, properties, physicalId: '', attribute: () => undefined }; }
  return {
    type, status, properties, physicalId: physical.physicalId, ref: refOf(physical),
    attribute: (name) => (Object.hasOwn(physical.attributes, name) ? physical.attributes[name] : name.split('.').reduce<unknown>((at, part) => (at as { readonly [name: string]: unknown } | undefined)?.[part], physical.attributes)),
  };
}

function stateOf(state: string): SageMakerState | undefined {
  const file = join(state, 'sagemaker', 'sagemaker.json');
  return existsSync(file) ? new StateFile(file).state : undefined;
}

function recordsOf(kind: string, { trainingJobs, tuningJobs, transformJobs, processingJobs }: SageMakerState): Readonly<Record<string, unknown>> {
  return ({ TrainingJob: trainingJobs, HyperParameterTuningJob: tuningJobs, TransformJob: transformJobs, ProcessingJob: processingJobs } as Record<string, Record<string, unknown>>)[kind] ?? {};
}

function describedJob(kind: string, name: string, state: SageMakerState): JobRecord | undefined {
  const details = describe(kind, name, state);
  if (details === undefined) { return undefined; }
  const arn = details[`${kind}Arn`] as string;
  return { name, details, tags: Object.fromEntries((state.tags[arn] ?? []).map(({ Key: key, Value: value }) => [String(key), String(value)])) };
}

function describe(kind: string, name: string, { trainingJobs, tuningJobs, transformJobs, processingJobs }: SageMakerState): JobRecord['details'] | undefined {
  const found = <R>(records: Record<string, R>, described: (record: R) => JobRecord['details']) => (Object.hasOwn(records, name) ? described(records[name] as R) : undefined);
  switch (kind) {
    case 'TrainingJob': return found(trainingJobs, describedTrainingJob);
    case 'HyperParameterTuningJob': return found(tuningJobs, (record) => describedTuningJob(record, { record: (child) => trainingJobs[child] }, record.modified));
    case 'TransformJob': return found(transformJobs, describedTransformJob);
    case 'ProcessingJob': return found(processingJobs, describedProcessingJob);
    default: return undefined;
  }
}
