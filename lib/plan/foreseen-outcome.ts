import type { JobProperties, OutcomeProperties } from '../handler/contract';
import type { JobRules, Tree } from '../handler/job-kind';
import { jobOf, withJobName } from '../handler/run';
import { sameValue } from '../local/cloudformation/resource-type';
import { asDeployed, changeOf, type Asked, type Foreseen } from './foreseen';
import type { ForeseenJob } from './foreseen-job';
import { JOB_RULES } from './job-kinds';
import { outcomeAttributes } from './outcome-attributes';
import { outcomeRefusal } from './outcome-refusal';
import type { JobsSide } from './stack-side';

/** What follows from the request and the name alone, before there is a job. */
const OF_THE_REQUEST = ['ModelArtifacts', 'ArtifactBucket', 'ArtifactKey', 'TrainingImage', 'ImageRepository', 'OutputPath', 'OutputBucket', 'OutputKey', 'JobArn'];
/** What a job that has never been has another of than any other. */
const NAMED_AFTER_IT = ['BestTrainingJobName', 'BestTrainingJobArn', 'ModelArtifacts', 'ArtifactKey'];

export interface ForeseenOutcome {
  readonly resource: Foreseen;
  /** Why the deployment fails here, in the handler's words. */
  readonly refusal?: string;
  /** The job that it is of, where the stack has it. */
  readonly job?: ForeseenJob;
}

/** The result of a job as it will be: read where the job has ended, derived where it follows from its name, and else not known. */
export async function foreseeOutcome(asked: Asked, side: JobsSide | undefined, jobs: readonly ForeseenJob[]): Promise<ForeseenOutcome> {
  const { logicalId, type, path, old, deployed, unknowns } = asked;
  const wanted = asked.wanted as unknown as OutcomeProperties;
  const change = changeOf(asked);
  const before = asDeployed(asked);
  const base = { logicalId, type, path, change, old, wanted: asked.wanted, deployed, ref: old === undefined ? 'outcome' : before.ref };
  if (change === 'none') { return { resource: { ...base, ...before } }; }

  const row: JobRules = JOB_RULES[wanted.Kind];
  const job = jobs.find(({ resource }) => resource.ref === wanted.JobName);
  const read = await readResult(wanted, row, side);
  const isSameJob = old !== undefined && sameValue((old as unknown as OutcomeProperties).JobName, wanted.JobName) && unknowns.allWithin(wanted.JobName).every(({ novelty }) => novelty === 'same');
  const isNew = job?.plan.verdict === 'launches' || job?.plan.verdict === 'retrains';
  const derived = row.best === undefined ? descriptionOf(wanted, row, job) : undefined;
  const resource: Foreseen = {
    ...base,
    attribute(name) {
      const known = read[name] ?? (isSameJob ? before.attribute(name) : undefined) ?? (derived !== undefined && OF_THE_REQUEST.includes(name) ? row.attributes[name]?.(derived) : undefined);
      if (known !== undefined) { return known; }
      const novelty = isNew && NAMED_AFTER_IT.includes(name) ? 'new' : undefined;
      return unknowns.mark({ what: `${name.replace(/^(Metric|Hyperparameter)\..*$/, (text) => labelOf(wanted, text))} of ${job?.plan.path ?? path}`, logicalId, attribute: name, novelty });
    },
  };
  return { resource, job, refusal: side === undefined || change === 'open' ? undefined : await refusalOf(asked, side, job) };
}

/** Of a job that is there already; what will become of one that is launched nobody knows. */
async function refusalOf({ wanted, old, stack, unknowns }: Asked, side: JobsSide, job: ForeseenJob | undefined): Promise<string | undefined> {
  const properties = wanted as unknown as OutcomeProperties;
  const { Attributes: attributes, Metrics: metrics, Hyperparameters: hyperparameters, Gates: gates } = properties;
  const isKnown = (value: unknown) => unknowns.allWithin(value).length === 0;
  const isThere = job !== undefined && ['adopts', 'in-place', 'unchanged'].includes(job.plan.verdict);
  if (!isKnown(properties.JobName) || job !== undefined && !isThere) { return undefined; }
  const before = (old as unknown as OutcomeProperties | undefined)?.JobName;
  const refusal = await outcomeRefusal({ wanted: properties, stackId: stack.stackId, before, isThere, isKnown: isKnown([attributes, metrics, hyperparameters, gates, before]) }, side);
  const isKept = refusal !== undefined && job?.plan.verdict === 'unchanged' && job.resource.wanted?.Adopt === undefined && / ended as /.test(refusal);
  return isKept ? `${refusal}. CloudFormation sees no change of it: another \`revision\` launches a new one` : refusal;
}

/** What a metric, or a hyperparameter, is called by people. */
function labelOf({ Metrics: metrics = {}, Hyperparameters: hyperparameters = {} }: OutcomeProperties, attribute: string): string {
  const metric = metrics[attribute];
  return metric === undefined ? `the hyperparameter ${hyperparameters[attribute] ?? attribute}` : `the metric ${metric}`;
}

/** Of a job that is there and has ended. */
async function readResult(wanted: OutcomeProperties, row: JobRules, side: JobsSide | undefined): Promise<{ readonly [attribute: string]: string }> {
  const describe = async (kind: string, name: string): Promise<Tree | undefined> => {
    const record = await side?.job(kind, name);
    return record === 'unknown' ? undefined : record?.details as Tree | undefined;
  };
  const details = await describe(wanted.Kind, wanted.JobName);
  const isEnded = details !== undefined && (jobOf(row, wanted.JobName, details).state === 'completed' || row.endedByLimit?.(details) === true);
  return isEnded ? outcomeAttributes(wanted, details, describe) : {};
}

/** A job as it will be described, as far as it was asked for so. */
function descriptionOf({ JobName: name, Artifact: artifact }: OutcomeProperties, row: JobRules, job: ForeseenJob | undefined): Tree {
  const properties = job?.resource.wanted as unknown as JobProperties | undefined;
  const request = properties === undefined ? {} : withJobName(properties.Request, { properties }, name);
  return { ...request, [row.nameMember]: name, [row.arnMember]: job?.resource.attribute('JobArn'), ModelArtifacts: { S3ModelArtifacts: artifact } };
}
