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

/** The jobs of a stack and of those nested in it, in the order in which the deployment comes to them; then those that go. */
export function jobPlans(forecast: StackForecast, prices?: PriceList): JobPlan[] {
  // By what fails, its path: what needs it is not reached.
  const failed = new Map([...forecast.conflicts.keys()].map((id) => [id, forecast.resources.get(id)?.path]));
  const resources = [...forecast.resources.values()].flatMap((resource) => {
    const nested = forecast.nested.get(resource.logicalId);
    const job = forecast.jobs.get(resource.logicalId)?.plan ?? (resource.type === PROCESSING_JOB ? processingPlan(resource, forecast.unknowns) : undefined);
    const by = forecast.needs(resource.logicalId, [...failed.keys()]);
    const all = [...job === undefined ? [] : [withUsage(job, forecast, prices)], ...nested === undefined ? [] : jobPlans(nested, prices)];
    if (job?.verdict === 'fails') { failed.set(job.logicalId, job.path); }
    return by === undefined ? all : all.map((each) => (mayLaunch(each) ? unreached(each, forecast.conflicts.get(resource.logicalId) ?? `it is not reached: ${String(failed.get(by))} fails`) : each));
  });
  return [...resources, ...leavingJobs(forecast)];
}

const unreached = ({ newJob: _name, usage: _usage, ...job }: JobPlan, reason: string): JobPlan => ({ ...job, verdict: 'fails', reason, hangsOn: [] });

/** The endpoints of a stack and of those nested in it. */
function allEndpoints(forecast: StackForecast, prices: PriceList | undefined): EndpointPlan[] {
  return [...endpointPlans(forecast, jobPlans(forecast), prices), ...[...forecast.nested.values()].flatMap((nested) => allEndpoints(nested, prices))];
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
