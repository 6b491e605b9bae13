import { differencesOf } from '../handler/adopt-match';
import { OWNER_TAGS, type JobProperties } from '../handler/contract';
import { tagChanges, userTags } from '../handler/in-place';
import type { JobRules, Tree } from '../handler/job-kind';
import { attemptName, attemptNumber, attempts, hasEnded, isOurs, isUsable, jobNameOf, jobOf, ownerTags, withJobName } from '../handler/run';
import type { Job, Tags } from '../handler/world';
import type { JobKindName } from '../limits/job-kinds';
import { partitionOf } from '../limits/partitions';
import { sameValue } from '../local/cloudformation/resource-type';
import { changeOf, decided, type Asked, type Change, type Foreseen } from './foreseen';
import { JOB_RULES, kindOfType } from './job-kinds';
import { materialOf, memberChanges } from './member-changes';
import type { JobPlan } from './plan';
import { MEMBERS, refuseRequest, typedRequest } from './request-refusal';
import type { JobsSide, StackSide } from './stack-side';

export interface ForeseenJob {
  readonly plan: JobPlan;
  readonly resource: Foreseen;
  readonly kind: JobKindName;
}

/** Without what is known whatever becomes of it. */
type Verdict = Pick<JobPlan, 'verdict' | 'newJob' | 'reason'> & { readonly hangsOn?: readonly string[] };

/** Nobody can be asked of jobs. */
class Unaskable extends Error {}

/** What becomes of a job: what the handler will do with the event it will be sent. @param jobs who can be asked of jobs that are of no stack */
export async function foreseeJob(asked: Asked, side: StackSide | undefined, jobs: JobsSide | undefined = side): Promise<ForeseenJob> {
  const kind = kindOfType(asked.type) as JobKindName;
  return new JobForecast(asked, side, jobs, kind).foreseen();
}

class JobForecast {
  private readonly row: JobRules;
  private readonly wanted: JobProperties;
  private readonly old?: JobProperties;
  private readonly oldJob?: string;
  private readonly isUpdate: boolean;
  private readonly change: Change;

  constructor(private readonly asked: Asked, private readonly side: StackSide | undefined, private readonly jobs: JobsSide | undefined, private readonly kind: JobKindName) {
    this.row = JOB_RULES[kind];
    this.wanted = asked.wanted as unknown as JobProperties;
    this.old = asked.old as unknown as JobProperties | undefined;
    this.isUpdate = asked.old !== undefined;
    this.change = changeOf(asked);
    this.oldJob = asked.deployed?.physicalId;
  }

  async foreseen(): Promise<ForeseenJob> {
    const { asked: { logicalId, path, type, old, wanted, deployed, unknowns }, kind, oldJob } = this;
    const isReadable = (properties: JobProperties | undefined): properties is JobProperties => typeof properties?.Request === 'object' && properties.Request !== null;
    const changes = isReadable(this.old) && isReadable(this.wanted) ? memberChanges(this.row.key, this.old, this.wanted, unknowns) : [];
    const { hangsOn = [], ...verdict } = await this.verdict();
    const ref = this.ref(verdict);
    return {
      kind,
      plan: { path, logicalId, kind, changes, ...oldJob === undefined ? {} : { oldJob }, ...verdict, hangsOn },
      resource: {
        logicalId, type, path, old, wanted, deployed, ref,
        change: !this.isUpdate ? 'create' : verdict.verdict === 'unknown' ? 'open' : ref === oldJob ? (this.change === 'none' ? 'none' : 'update') : 'replace',
        attribute: (name) => (name === 'JobArn' ? this.arn(ref) : name === 'JobName' ? ref : deployed?.attribute(name)),
      },
    };
  }

  private async verdict(): Promise<Verdict> {
    const { asked, wanted, oldJob, kind } = this;
    if (this.change === 'none') { return { verdict: 'unchanged', newJob: oldJob }; }
    try {
      const request = typedRequest(kind, wanted, asked.unknowns);
      if (wanted.Adopt !== undefined) { return await this.adoption(wanted.Adopt.Name, wanted.Adopt.Accept ?? []); }
      const jobName = jobNameOf(wanted, { stackId: asked.stack.stackId, logicalId: asked.logicalId }, this.row);
      const verdict = await this.run(jobName);
      if (verdict.verdict === 'launches' || verdict.verdict === 'retrains') { refuseRequest(kind, wanted, request, this.ref(verdict), ownerTags(this.event), asked.unknowns); }
      return verdict;
    } catch (error) {
      if ((error as Error).name !== 'BadProperties') { throw error; }
      return { verdict: 'fails', reason: (error as Error).message };
    }
  }

  private async adoption(name: string, accept: readonly string[]): Promise<Verdict> {
    const { jobs, kind, row, asked: { unknowns } } = this;
    if (unknowns.allWithin(name).length > 0) { return { verdict: 'unknown', hangsOn: this.whats(name) }; }
    const same: Verdict = { verdict: name === this.oldJob ? 'unchanged' : 'adopts', newJob: name };
    const job = await jobs?.job(kind, name);
    if (jobs === undefined || job === 'unknown') { return { ...same, reason: 'nobody was asked whether it is there, and is the run that is asked for: if not, the deployment fails' }; }
    if (job === undefined) { return { verdict: 'fails', reason: `adopt: there is no ${row.noun} ${name}` }; }
    const request = withJobName(this.wanted.Request, { properties: this.wanted }, name);
    const different = differencesOf(row, Object.keys(MEMBERS[kind]), request, job.details, accept);
    const sure = different.filter(([, wanted]) => unknowns.allWithin(wanted).length === 0).map(([member]) => member);
    if (sure.length > 0) { return { verdict: 'fails', reason: `adopt: ${name} is another run: ${sure.join(', ')}` }; }
    return different.length === 0 ? same : { verdict: 'unknown', hangsOn: this.whats(different.map(([, wanted]) => wanted)) };
  }

  private async run(jobName: string): Promise<Verdict> {
    const { asked: { unknowns, stack }, isUpdate, old, wanted, row } = this;
    const launches = isUpdate ? 'retrains' : 'launches';
    const material = materialOf(wanted, row.key);
    const hidden = unknowns.allWithin([material, stack.stackId]);
    if (hidden.length === 0) { return this.attempt(jobName, launches); }
    // What has never been before is in no run that there is.
    if (hidden.some(({ novelty }) => novelty === 'new')) { return { verdict: launches }; }
    const before = old === undefined ? {} : materialOf(old, row.key);
    const isAnother = !sameValue(before, decided(material, before, unknowns));
    if (hidden.some(({ novelty }) => novelty === undefined)) {
      return isAnother && await this.hasNoOtherRun() ? { verdict: launches } : { verdict: 'unknown', hangsOn: this.whats(material) };
    }
    if (isAnother) { return { verdict: launches }; }
    // The same values, whatever they are: the same run.
    const known = runNameOf(this.oldJob);
    return known === undefined ? this.sameRun(undefined) : this.attempt(known, launches);
  }

  /** Whether there is no job of this resource but those of the run that is deployed. */
  private async hasNoOtherRun(): Promise<boolean> {
    const { side, kind, wanted, oldJob } = this;
    const names = await side?.jobNames?.(kind, `${wanted.NamePrefix}-`);
    const own = runNameOf(oldJob);
    return side === undefined || names !== undefined && names.every((name) => own !== undefined && attemptNumber(own, name) !== undefined);
  }

  /** What the handler makes of the newest attempt. */
  private async attempt(jobName: string, launches: 'launches' | 'retrains'): Promise<Verdict> {
    const { oldJob, isUpdate } = this;
    let newest;
    try {
      newest = (await attempts({ jobs: { describe: (_, name) => this.describe(name) } }, this.kind, jobName, isUpdate ? oldJob : undefined)).pop();
    } catch (error) {
      if (!(error instanceof Unaskable)) { throw error; }
      return attemptNumber(jobName, oldJob) === undefined ? { verdict: launches, newJob: jobName } : this.sameRun(undefined);
    }
    if (newest === undefined) {
      const reason = attemptNumber(jobName, oldJob) === undefined ? {} : { reason: `the record of ${String(oldJob)} is gone` };
      return { verdict: launches, newJob: jobName, ...reason };
    }
    const { job, number } = newest;
    const tags = await this.tags(job.name);
    if (!isOurs(tags, this.event)) { return { verdict: 'fails', reason: `${this.row.noun} ${job.name} exists already and is not this resource's` }; }
    if (job.state === 'running' || isUsable({ row: this.row, properties: this.wanted }, job)) {
      return job.name === oldJob && isUpdate ? this.sameRun({ job, tags }) : { verdict: 'adopts', newJob: job.name };
    }
    const ending = hasEnded(job) ? `has ${job.state}` : 'is being stopped';
    return { verdict: launches, newJob: attemptName(jobName, number + 1), reason: `${job.name} ${ending}` };
  }

  /** @param seen the job, where somebody can be asked */
  private sameRun(seen: { readonly job: Job; readonly tags: Tags } | undefined): Verdict {
    const isTold = seen === undefined ? this.mayBeTold() : this.isTold(seen.job, seen.tags);
    return { verdict: isTold ? 'in-place' : 'unchanged', ...this.oldJob === undefined ? {} : { newJob: this.oldJob } };
  }

  private isTold(job: Job, live: Tags): boolean {
    const wanted = { ...Object.fromEntries(userTags(this.wanted.Request)), ...ownerTags(this.event) };
    const before = userTags((this.old?.Request ?? {}) as Tree).map(([key]) => key);
    const [changed, gone] = tagChanges(live, { ...wanted, [OWNER_TAGS.request]: live[OWNER_TAGS.request] ?? '' }, before);
    return changed.length > 0 || gone.length > 0 || this.row.inPlace?.(withNumber(this.wanted.Request), job.details) !== undefined;
  }

  /** Of a job that can't be looked at: what its API could change. */
  private mayBeTold(): boolean {
    const [before, after] = [this.old?.Request ?? {}, this.wanted.Request] as Tree[];
    const told = [(request: Tree) => request.Tags as unknown, ...this.row.inPlace === undefined ? [] : IN_PLACE];
    return told.some((member) => !sameValue(member(before!), member(after!)));
  }

  private async describe(name: string): Promise<Job | undefined> {
    const record = await this.side?.job(this.kind, name);
    if (record === 'unknown') { throw new Unaskable(); }
    return record && jobOf(this.row, name, record.details);
  }

  private async tags(name: string): Promise<Tags> {
    const record = await this.side?.job(this.kind, name);
    return record === undefined || record === 'unknown' ? {} : record.tags;
  }

  private get event() { return { StackId: this.asked.stack.stackId, LogicalResourceId: this.asked.logicalId, RequestId: '' }; }

  private whats(value: unknown): string[] {
    return [...new Set(this.asked.unknowns.allWithin(value).filter(({ novelty }) => novelty === undefined).map(({ what }) => what))];
  }

  private ref({ verdict, newJob }: Verdict): string {
    const { asked: { unknowns, path, logicalId }, oldJob } = this;
    if (newJob !== undefined) { return newJob; }
    const novelty = verdict === 'unchanged' || verdict === 'in-place' ? 'same' : verdict === 'retrains' || verdict === 'launches' ? 'new' : undefined;
    return novelty === 'same' && oldJob !== undefined ? oldJob : unknowns.mark({ what: `the name of ${path}`, logicalId, novelty });
  }

  private arn(name: string): string {
    const { region, account } = this.asked.stack;
    return `arn:${partitionOf(region)}:sagemaker:${region}:${account}:${this.row.arnType}/${name.toLowerCase()}`;
  }
}

/** The name of the first attempt of the run that a job is of. */
const runNameOf = (jobName: string | undefined) => /^(.*-[0-9a-f]{10})(-\d{1,3})?$/.exec(jobName ?? '')?.[1];

/** What can be changed of some jobs while they, or their instances, are there. */
const IN_PLACE: readonly ((request: Tree) => unknown)[] = [
  ({ ResourceConfig: resources }) => resources?.KeepAlivePeriodInSeconds, ({ ProfilerConfig: profiler }) => profiler,
  ({ ProfilerRuleConfigurations: rules }) => rules, ({ RemoteDebugConfig: debug }) => debug,
];

/** The one number that is compared as a number. */
function withNumber(request: Tree): Tree {
  const { ResourceConfig: resources } = request;
  return resources?.KeepAlivePeriodInSeconds === undefined ? request : { ...request, ResourceConfig: { ...resources, KeepAlivePeriodInSeconds: Number(resources.KeepAlivePeriodInSeconds) } };
}
