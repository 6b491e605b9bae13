import type { AssemblyStack } from '../local/assembly';
import { Unknowns } from '../local/run-one/unknown';
import { AppValues } from './app-values';
import { endpointPlans } from './endpoints';
import { withUsage } from './job-usage';
import type { EndpointPlan, JobPlan, StackPlan } from './plan';
import type { PriceList } from './prices';
import { anyKindOf, PROCESSING_JOB, processingPlan } from './processing-plan';
import { StackForecast } from './stack-forecast';
import { isGone, type StackSide } from './stack-side';
import { mayLaunch } from './totals';
import { reachedEndpoint, reachedJob } from './unreached';
import { wantedStack } from './wanted-stack';

/**
 * What a deployment of a stack will do.
 *
 * @param side what it is compared with; undefined where the stack is not there, and nobody can be asked. Of one that is gone, the jobs are asked for all the same
 * @param app what the stacks that are deployed before it in the same go leave for it: pass the same object for each of them, in their order
 * @param prices with which what it may use is told in money too
 */
export async function planOf(wanted: AssemblyStack, side: StackSide | undefined, app = new AppValues(), prices?: PriceList): Promise<StackPlan> {
  const isThere = side !== undefined && !isGone(side.status);
  const forecast = await StackForecast.of(wantedStack(wanted), isThere ? side : undefined, app, new Unknowns(), side);
  const jobs = jobPlans(forecast, prices);
  const refused = app.failed === undefined ? refusal(side) ?? side?.refuses?.(forecast.wanted.template) : `it is not reached: the deployment ends with ${app.failed}`;
  const [reason] = refused === undefined ? failuresOf(forecast) : [];
  const fails = reason === undefined ? undefined : `${reason}${jobs.some(mayLaunch) ? ': jobs that run before that are paid for, and rolled back' : ''}`;
  if (refused !== undefined || fails !== undefined || jobs.some(({ verdict }) => verdict === 'fails')) { app.failed ??= `${wanted.displayName}, which ${refused === undefined ? 'fails' : 'is refused'}`; }
  return {
    path: wanted.displayName, stackName: wanted.stackName, comparedWith: side?.name ?? '', isDeployed: isThere,
    ...refused === undefined ? {} : { refused }, ...fails === undefined ? {} : { fails }, jobs, endpoints: allEndpoints(forecast, prices),
  };
}

/** Of a stack and those nested in it. */
const failuresOf = ({ failures, conflicts, resources, nested }: StackForecast): string[] => [...conflicts.values(), ...failures, ...[...nested].flatMap(([id, inner]) => (resources.has(id) ? failuresOf(inner) : []))];

/** The jobs of a stack and of those nested in it, in the order in which the deployment comes to them; then those that go. @param cause what fails before any of it @param first what fails first of all */
export function jobPlans(forecast: StackForecast, prices?: PriceList, cause?: string, first = forecast.firstFailure): JobPlan[] {
  const resources = [...forecast.resources.values()].flatMap((resource) => {
    const nested = forecast.nested.get(resource.logicalId);
    const job = forecast.jobs.get(resource.logicalId)?.plan ?? (resource.type === PROCESSING_JOB ? processingPlan(resource, forecast.unknowns) : undefined);
    const blocked = cause ?? forecast.unreached.causeOf(resource.logicalId);
    return [...job === undefined ? [] : [withUsage(reachedJob(takenJob(job, forecast), blocked), forecast, prices)], ...nested === undefined ? [] : jobPlans(nested, prices, blocked, first)];
  });
  // What goes, goes when all else is done.
  return [...resources, ...leavingJobs(forecast).map((job) => reachedJob(job, first))];
}

/** One whose name is taken can't be made. */
function takenJob(job: JobPlan, { conflicts }: StackForecast): JobPlan {
  const reason = conflicts.get(job.logicalId);
  return reason === undefined ? job : { ...job, verdict: 'fails', reason, hangsOn: [] };
}

/** The endpoints of a stack and of those nested in it. */
function allEndpoints(forecast: StackForecast, prices: PriceList | undefined, cause?: string, first = forecast.firstFailure): EndpointPlan[] {
  const { unreached, nested, resources } = forecast;
  const causeOf = (id: string) => cause ?? unreached.causeOf(id) ?? (resources.has(id) ? undefined : first);
  const own = endpointPlans(forecast, jobPlans(forecast, undefined, cause, first), prices).map((endpoint) => reachedEndpoint(endpoint, causeOf(endpoint.logicalId)));
  return [...own, ...[...nested].flatMap(([id, inner]) => allEndpoints(inner, prices, causeOf(id), first))];
}

/** What is said of a job that goes where nobody says whether it runs. */
const IF_IT_RUNS = 'if it still runs';

function leavingJobs({ leaving, nested, ends }: StackForecast): JobPlan[] {
  return leaving.flatMap(({ logicalId, type, path, deployed, policy, old }): JobPlan[] => {
    const inner = nested.get(logicalId);
    if (inner !== undefined) { return jobPlans(inner); }
    const kind = anyKindOf(type);
    if (kind === undefined) { return []; }
    const oldJob = deployed?.physicalId.split('/').at(-1);
    const isAdopted = (old.Adopt as { readonly Name?: string } | undefined)?.Name !== undefined;
    const kept = policy === 'Retain' ? 'it leaves the stack, and is retained' : isAdopted ? 'it leaves the stack, which had adopted it' : undefined;
    const end = kept === undefined ? ends.get(logicalId) ?? { verdict: 'stops', reason: IF_IT_RUNS } : { verdict: 'unchanged' as const, reason: kept };
    return [{ path, logicalId, kind, changes: [], ...oldJob === undefined ? {} : { oldJob }, ...end, hangsOn: [] }];
  });
}

function refusal(side: StackSide | undefined): string | undefined {
  if (side?.status === undefined || isGone(side.status) || /^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$|^(CREATE|UPDATE)_FAILED$/.test(side.status)) { return undefined; }
  return `${side.stackName} is in state ${side.status}`;
}
