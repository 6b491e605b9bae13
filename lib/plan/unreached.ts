import type { EndpointPlan, JobPlan } from './plan';

/** What fails in a stack, as far as it is known before, and what the deployment does not come to for it. */
export class Unreached {
  private readonly causes = new Map<string, string>();
  private readonly blocked = new Set<string>();

  /** What fails first of all, as people call it. */
  get first(): string | undefined { return this.causes.values().next().value; }

  /** A resource fails, by itself or for what is nested in it. */
  fails(logicalId: string, path: string): void {
    if (!this.blocked.has(logicalId)) { this.causes.set(logicalId, path); }
  }

  /** What keeps a resource from being reached. */
  causeOf(logicalId: string): string | undefined { return this.blocked.has(logicalId) ? this.causes.get(logicalId) : undefined; }

  /** A resource, after those that it needs: where one of them fails, it is not reached. */
  add(logicalId: string, needed: readonly string[]): void {
    const cause = needed.find((id) => this.causes.has(id));
    if (cause === undefined) { return; }
    this.causes.set(logicalId, this.causes.get(cause) as string);
    this.blocked.add(logicalId);
  }
}

const inWords = (cause: string) => `not reached: ${cause} fails`;

/** @param cause what fails before the deployment comes to it, if anything */
export function reachedJob(job: JobPlan, cause: string | undefined): JobPlan {
  if (cause === undefined || job.verdict === 'unchanged') { return job; }
  const { newJob: _newJob, usage: _usage, ...rest } = job;
  return { ...rest, verdict: 'blocked', hangsOn: [], reason: inWords(cause) };
}

/** One that is there goes on as it is. */
export function reachedEndpoint(endpoint: EndpointPlan, cause: string | undefined): EndpointPlan {
  if (cause === undefined || endpoint.verdict === 'unchanged') { return endpoint; }
  const models = endpoint.models.flatMap(({ variant, old }) => (old === undefined ? [] : [{ variant, old, new: old }]));
  return { ...endpoint, verdict: 'blocked', how: inWords(cause), models, hangsOn: [], usage: endpoint.oldUsage };
}
