import { DescribeEndpointCommand, DescribeEndpointConfigCommand, DescribeModelCommand } from '@aws-sdk/client-sagemaker';
import { clientsFor, type Clients } from './clients';
import { CommandError, inWords, isUnknownJob, isUnknownOperation } from './faults';
import { findJob, ownerOf, regionOf } from './find-job';
import type { Document } from './job-kind';
import { regionOfArn, type JobOptions, type Surface } from './with-job';

/** A description, its tags, and the call that makes such a thing: `Create<kind>`. */
export interface Described {
  readonly kind: 'TrainingJob' | 'HyperParameterTuningJob' | 'TransformJob' | 'Model' | 'EndpointConfig' | 'Endpoint';
  readonly document: Document;
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
}

/** What there is, with what it needs, and where it is. */
export interface DescribedAll {
  readonly described: readonly Described[];
  readonly account?: string;
  readonly region: string;
}

/** A job's own word for its kind. */
const JOBS: { readonly [arnType: string]: Described['kind'] } = { 'training-job': 'TrainingJob', 'hyper-parameter-tuning-job': 'HyperParameterTuningJob', 'transform-job': 'TransformJob' };

/**
 * A job by its name, its ARN or the path of its construct; else an endpoint with its configuration and models, else a model, by name or ARN.
 *
 * @param withModel whether the model of a transform job is wanted too
 * @throws CommandError
 */
export async function described(options: JobOptions & { readonly withModel: boolean }, surface?: Pick<Surface, 'clients'>): Promise<DescribedAll> {
  const clients = surface?.clients ?? clientsFor({ ...options, region: options.region ?? regionOfArn(options.job) });
  try {
    const all = await everything(options, clients);
    const arn = Object.entries(all[all.length - 1]!.document).find(([member, value]) => member.endsWith('Arn') && typeof value === 'string' && value.includes(':sagemaker:'))?.[1] as string | undefined;
    return { described: all, account: arn?.split(':')[4], region: arn?.split(':')[3] ?? await regionOf(clients) };
  } catch (error) {
    throw error instanceof CommandError ? error : new CommandError(inWords(error));
  } finally {
    clients.sageMaker.destroy();
    clients.logs.destroy();
  }
}

async function everything({ job, stack, withModel, localEndpoint }: JobOptions & { readonly withModel: boolean }, clients: Clients): Promise<Described[]> {
  const [, type, name = job] = /^arn:[^:]+:sagemaker:[^:]*:[^:]*:([a-z-]+)\/(.+)$/.exec(job) ?? [];
  if (type === 'endpoint') { return await endpoint(name, clients) ?? notThere(job); }
  if (type === 'model') { return await model(name, clients) ?? notThere(job); }
  try {
    const found = await findJob({ job, stack, localEndpoint }, clients);
    const kind = JOBS[found.kind.arnType]!;
    const arn = found.kind.view(found.document).arn;
    const own: Described = { kind, document: found.document, tags: await tagsOf(arn, clients) };
    const wanted = withModel && kind === 'TransformJob' ? await model(found.document.ModelName as string, clients) : undefined;
    return [...wanted ?? [], own];
  } catch (error) {
    // only where there is no such job: what else is wrong is told
    if (type !== undefined || job.includes('/') || !(error instanceof CommandError) || !/^there is no /.test(error.message)) { throw error; }
    const other = await endpoint(job, clients) ?? await model(job, clients);
    if (!other) { throw new CommandError(`${error.message.replace(/^there is no training job, tuning job or transform job/, 'there is no training job, tuning job, transform job, endpoint or model')}`); }
    return other;
  }
}

const notThere = (job: string): never => { throw new CommandError(`there is no ${job}`); };

async function endpoint(EndpointName: string, clients: Clients): Promise<Described[] | undefined> {
  const own = await one('Endpoint', () => clients.sageMaker.send(new DescribeEndpointCommand({ EndpointName })), clients);
  if (!own) { return undefined; }
  const config = await one('EndpointConfig', () => clients.sageMaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName: own.document.EndpointConfigName as string })), clients);
  if (!config) { throw new CommandError(`the endpoint ${EndpointName} has a configuration, ${String(own.document.EndpointConfigName)}, that was deleted: nothing says what is behind it`); }
  const { ProductionVariants = [], ShadowProductionVariants = [] } = config.document as { readonly [member: string]: readonly { ModelName?: string; InstancePools?: readonly { ModelNameOverride?: string }[] }[] };
  const names = [...ProductionVariants, ...ShadowProductionVariants].flatMap(({ ModelName, InstancePools = [] }) => [ModelName, ...InstancePools.map(({ ModelNameOverride }) => ModelNameOverride)]);
  const models: Described[] = [];
  // one that was deleted is named, as one made elsewhere
  for (const name of new Set(names)) { if (name) { models.push(...await model(name, clients) ?? []); } }
  return [...models, config, own];
}

async function model(ModelName: string, clients: Clients): Promise<Described[] | undefined> {
  const own = await one('Model', () => clients.sageMaker.send(new DescribeModelCommand({ ModelName })), clients);
  return own && [own];
}

async function one(kind: Described['kind'], describe: () => Promise<object>, clients: Clients): Promise<Described | undefined> {
  try {
    const { $metadata: _metadata, ...document } = await describe() as { readonly [member: string]: unknown };
    return { kind, document, tags: await tagsOf(document[`${kind}Arn`] as string, clients) };
  } catch (error) {
    if (isUnknownJob(error) || isUnknownOperation(error)) { return undefined; }
    throw error;
  }
}

async function tagsOf(arn: string, clients: Clients): Promise<Described['tags']> {
  const { others } = await ownerOf({ arn }, clients);
  return others.map(([Key, Value]) => ({ Key, Value }));
}
