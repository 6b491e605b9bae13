import { OUTCOME_RESOURCE_TYPE } from '../handler/contract';
import { referencesIn } from '../local/cloudformation/dependencies';
import type { Properties } from '../local/cloudformation/stack-record';
import type { JobPlan } from './plan';
import type { PriceList } from './prices';
import type { StackForecast } from './stack-forecast';
import { mayLaunch } from './totals';
import { jobUsage, type Tree } from './usage';


/** A job with the most that it may use, where it is launched, or may be. */
export function withUsage(job: JobPlan, forecast: Pick<StackForecast, 'resources' | 'wanted'>, prices?: PriceList): JobPlan {
  const wanted = forecast.resources.get(job.logicalId)?.wanted;
  if (!mayLaunch(job) || wanted === undefined) { return job; }
  const request = job.kind === 'ProcessingJob' ? wanted : wanted.Request ?? {};
  return { ...job, usage: jobUsage(job.kind, request as Tree, withinSeconds(job.logicalId, forecast), prices) };
}

/** How long a deployment waits for a job, before it stops it. */
function withinSeconds(jobId: string, { resources, wanted: { template } }: Pick<StackForecast, 'resources' | 'wanted'>): number | undefined {
  const isOf = (id: string) => referencesIn((template.Resources[id]?.Properties as Properties | undefined)?.JobName, () => true).includes(jobId);
  const outcome = [...resources.values()].find(({ logicalId, type }) => type === OUTCOME_RESOURCE_TYPE && isOf(logicalId));
  const within = Number(outcome?.wanted?.Within);
  return Number.isFinite(within) && within > 0 ? within : undefined;
}
