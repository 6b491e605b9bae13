import type { JobProperties, OutcomeProperties } from '../handler/contract';
import type { JobRules, Tree } from '../handler/job-kind';
import { jobOf, withJobName } from '../handler/run';
import { sameValue } from '../local/cloudformation/resource-type';
import { asDeployed, changeOf, type Asked, type Foreseen } from './foreseen';
import type { ForeseenJob } from './foreseen-job';
import { JOB_RULES } from './job-kinds';
import { outcomeAttributes } from './outcome-attributes';
import type { JobsSide } from './stack-side';

/** What follows from the request and the name alone, before there is a job. */
const OF_THE_REQUEST = ['ModelArtifacts', 'ArtifactBucket', 'ArtifactKey', 'TrainingImage', 'ImageRepository', 'OutputPath', 'OutputBucket', 'OutputKey', 'JobArn'];
/** What a job that has never been has another of than any other. */
const NAMED_AFTER_IT = ['BestTrainingJobName', 'BestTrainingJobArn', 'ModelArtifacts', 'ArtifactKey'];

/** The result of a job as it will be: read where the job has ended, derived where it follows from its name, and else not known. */
export async function foreseeOutcome(asked: Asked, side: JobsSide | undefined, jobs: readonly ForeseenJob[]): Promise<Foreseen> {
  const { logicalId, type, path, old, deployed, unknowns } = asked;
  const wanted = asked.wanted as unknown as OutcomeProperties;
  const change = changeOf(asked);
  const before = asDeployed(asked);
  const base = { logicalId, type, path, change, old, wanted: asked.wanted, deployed, ref: old === undefined ? 'outcome' : before.ref };
  if (change === 'none') { return { ...base, ...before }; }

  const row: JobRules = JOB_RULES[wanted.Kind];
  const job = jobs.find(({ resource }) => resource.ref === wanted.JobName);
  const read = await readResult(wanted, row, side);
  const isSameJob = old !== undefined && sameValue((old as unknown as OutcomeProperties).JobName, wanted.JobName) && unknowns.allWithin(wanted.JobName).every(({ novelty }) => novelty === 'same');
  const isNew = job?.plan.verdict === 'launches' || job?.plan.verdict === 'retrains';
  const derived = row.best === undefined ? descriptionOf(wanted, row, job) : undefined;
  return {
    ...base,
    attribute(name) {
      const known = read[name] ?? (isSameJob ? before.attribute(name) : undefined) ?? (derived !== undefined && OF_THE_REQUEST.includes(name) ? row.attributes[name]?.(derived) : undefined);
      if (known !== undefined) { return known; }
      const novelty = isNew && NAMED_AFTER_IT.includes(name) ? 'new' : undefined;
      return unknowns.mark({ what: `${name.replace(/^(Metric|Hyperparameter)\..*$/, (text) => labelOf(wanted, text))} of ${job?.plan.path ?? path}`, logicalId, attribute: name, novelty });
    },
  };
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
