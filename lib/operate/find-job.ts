import { ListTagsCommand } from '@aws-sdk/client-sagemaker';
import { OWNER_TAGS } from '../handler/contract';
import { isJobOf, jobNamePrefix } from '../template/job-name';
import type { Clients } from './clients';
import { CommandError, isDenied, isUnknownJob, isUnknownOperation, usageError } from './faults';
import type { Document, JobKind, ListedJob } from './job-kind';
import { JOB_KINDS } from './job-kinds';

/** A job, and its kind. */
export interface FoundJob {
  readonly kind: JobKind;
  readonly name: string;
  readonly document: Document;
}

export interface Wanted {
  /** A name, an ARN, or a construct's path, which begins with its stack's. */
  readonly job: string;
  /** Name of the CloudFormation stack, where several have a job at that path. */
  readonly stack?: string;
  /** Kinds that will do. @default - all */
  readonly kinds?: readonly JobKind[];
  /** Of the local AWS, if it is that. */
  readonly localEndpoint?: string;
}

/** There is no such job among the kinds that it was looked for in. */
class NotThere extends CommandError {}

/** How many jobs of a path are asked whose they are. */
const MOST_OWNERS_ASKED = 20;

/** @throws CommandError when there is no such job, or when it is not certain which one is meant */
export async function findJob(wanted: Wanted, clients: Clients): Promise<FoundJob> {
  const { job, kinds = JOB_KINDS } = wanted;
  try {
    return await search(wanted, kinds, clients);
  } catch (error) {
    const others = JOB_KINDS.filter((kind) => !kinds.includes(kind));
    const other = error instanceof NotThere && others.length > 0 ? await search(wanted, others, clients).catch(() => undefined) : undefined;
    throw other === undefined ? error : new CommandError(`${job} is a ${other.kind.noun}${ofTuningJob(other)}, this command is about a ${nounsOf(kinds)}`);
  }
}

async function search(wanted: Wanted, kinds: readonly JobKind[], clients: Clients): Promise<FoundJob> {
  const { job } = wanted;
  const arn = /^arn:[^:]+:sagemaker:[^:]*:[^:]*:([a-z-]+)\/(.+)$/.exec(job);
  if (arn !== null) {
    const kind = kinds.find(({ arnType }) => arnType === arn[1]);
    if (kind === undefined) { throw new NotThere(`${job} is none of: ${kinds.map(({ noun }) => noun).join(', ')}`); }
    return found(wanted, kind, arn[2] as string, clients);
  }
  if (job.includes('/')) { return newestAt(wanted, kinds, clients); }
  if (wanted.stack !== undefined) { throw usageError(`--stack goes with a construct's path, for instance ${wanted.stack}/Train; ${job} is a name`); }
  const denials = new Denials();
  for (const kind of kinds) {
    const document = await denials.unless(() => described(kind, job, clients));
    if (document !== undefined) { return { kind, name: job, document }; }
  }
  throw denials.first ?? await notThere(wanted, job, kinds, clients);
}

/** Somebody may not look at every kind of job: that matters where nothing is found among the others. */
class Denials {
  first: unknown;

  async unless<T>(look: () => Promise<T>): Promise<T | undefined> {
    try {
      return await look();
    } catch (error) {
      if (!isDenied(error)) { throw error; }
      this.first ??= error;
      return undefined;
    }
  }
}

async function found(wanted: Wanted, kind: JobKind, name: string, clients: Clients): Promise<FoundJob> {
  const document = await described(kind, name, clients);
  if (document === undefined) { throw await notThere(wanted, name, [kind], clients); }
  return { kind, name: kind.view(document).name, document };
}

async function described(kind: JobKind, name: string, { sageMaker }: Clients): Promise<Document | undefined> {
  if (name.length > kind.longestName) { return undefined; }
  try {
    return await kind.describe(sageMaker, name);
  } catch (error) {
    if (isUnknownJob(error) || isUnknownOperation(error)) { return undefined; }
    throw error;
  }
}

/**
 * The newest job of a construct: among the names that its jobs have, one that carries the tags of a stack. A job stays to be
 * found when its stack has rolled back, which CloudFormation then knows nothing of any more.
 */
async function newestAt(wanted: Wanted, kinds: readonly JobKind[], clients: Clients): Promise<FoundJob> {
  const { job: path, stack } = wanted;
  const owned: { readonly kind: JobKind; readonly name: string; readonly owner: string }[] = [];
  const prefixes = [...new Set(kinds.flatMap((kind) => prefixesOf(path, kind)))];
  if (prefixes.length === 0) { throw new CommandError(`${path} names no construct: a path begins with the stack's and goes on to the job's, for instance ${path.replace(/^\/+|\/+$/g, '') || 'Digits'}/Train`); }
  const elsewhere: { readonly name: string; readonly stackName?: string }[] = [];
  const denials = new Denials();
  for (const kind of kinds) {
    for (const job of await denials.unless(() => jobsWith(kind, prefixesOf(path, kind), clients)) ?? []) {
      const { stackName, logicalId } = await ownerOf(job, clients);
      if (stackName !== undefined && (stack === undefined || stack === stackName)) {
        owned.push({ kind, name: job.name, owner: `stack ${stackName}, ${logicalId ?? '?'}` });
      } else {
        elsewhere.push({ name: job.name, stackName });
      }
    }
  }
  const [newest] = owned;
  if (newest === undefined) {
    if (denials.first !== undefined) { throw denials.first; }
    const where = stack === undefined ? '' : ` of stack ${stack}`;
    throw new NotThere(`there is no job of ${path}${where} in ${await placeOf(wanted, clients)}: ${whatThereIs(prefixes, elsewhere)}. A path begins with the stack's; an adopted job is found by its name`);
  }
  const owners = [...new Set(owned.map(({ owner }) => owner))];
  if (owners.length > 1) {
    throw new CommandError(`several stacks or constructs have jobs of that path, say which with --stack or by the job's name: ${owners.map((owner) => `${owned.find((each) => each.owner === owner)?.name} (${owner})`).join('; ')}`);
  }
  return found(wanted, newest.kind, newest.name, clients);
}

/** What is found by the names of a path, though it is not what is wanted. */
function whatThereIs(prefixes: readonly string[], elsewhere: readonly { readonly name: string; readonly stackName?: string }[]): string {
  const stacks = [...new Set(elsewhere.flatMap(({ stackName }) => stackName ?? []))].sort();
  if (stacks.length > 0) { return `such jobs are of the ${stacks.length > 1 ? 'stacks' : 'stack'} ${stacks.join(', ')}`; }
  const [untagged] = elsewhere;
  return untagged === undefined ? `no name begins with ${prefixes.join('- or ')}-` : `${untagged.name} carries no tags of a stack`;
}

/** The path does not tell where the stack's own ends, which may be in stages; `Resource` is what CDK's progress adds. */
function prefixesOf(path: string, { longestName }: JobKind): string[] {
  const parts = path.replace(/^\/+|\/+$/g, '').replace(/\/Resource$/, '').split('/');
  return [...new Set(parts.slice(1).map((_, index) => jobNamePrefix(parts.slice(0, index + 1).join('/'), parts.slice(index + 1).join('/'), longestName)))];
}

async function jobsWith(kind: JobKind, prefixes: readonly string[], { sageMaker }: Clients): Promise<ListedJob[]> {
  const jobs: ListedJob[] = [];
  for (const prefix of prefixes) {
    for (let page: string | undefined, isFirst = true; (isFirst || page !== undefined) && jobs.length < MOST_OWNERS_ASKED; isFirst = false) {
      const answer = await kind.list(sageMaker, `${prefix}-`, page).catch((error: unknown) => {
        if (isUnknownOperation(error)) { return { jobs: [], next: undefined }; }
        throw error;
      });
      jobs.push(...answer.jobs.filter(({ name }) => isJobOf(prefix, name)));
      page = answer.next;
    }
  }
  return jobs.slice(0, MOST_OWNERS_ASKED);
}

/** The tags of something that has an ARN. */
export async function tagsOf(arn: string, { sageMaker }: Pick<Clients, 'sageMaker'>): Promise<(readonly [key: string, value: string])[]> {
  const tags: (readonly [string, string])[] = [];
  for (let NextToken: string | undefined, isFirst = true; isFirst || NextToken !== undefined; isFirst = false) {
    const answer = await sageMaker.send(new ListTagsCommand({ ResourceArn: arn, NextToken }));
    tags.push(...(answer.Tags ?? []).map(({ Key, Value }) => [Key as string, Value as string] as const));
    NextToken = answer.NextToken;
  }
  return tags;
}

/** Whose a job is, by its tags. */
export async function ownerOf({ arn }: { readonly arn: string }, clients: Clients): Promise<{ readonly stackName?: string; readonly logicalId?: string; readonly others: readonly (readonly [string, string])[] }> {
  const tags = await tagsOf(arn, clients);
  const byKey = new Map(tags);
  const ours: readonly string[] = Object.values(OWNER_TAGS);
  return {
    stackName: byKey.get(OWNER_TAGS.stack)?.split('/')[1],
    logicalId: byKey.get(OWNER_TAGS.logicalId),
    others: tags.filter(([key]) => !ours.includes(key)),
  };
}

export const regionOf = async ({ sageMaker }: Clients): Promise<string> => sageMaker.config.region();

/** A tuning job's training jobs know it. */
function ofTuningJob({ document }: FoundJob): string {
  const arn = document.TuningJobArn;
  return typeof arn === 'string' ? ` of the tuning job ${arn.split('/')[1]}` : '';
}

/** `training job, tuning job or transform job` */
const nounsOf = (kinds: readonly JobKind[]) => kinds.map(({ noun }) => noun).join(', ').replace(/, ([^,]*)$/, ' or $1');

const placeOf = async ({ localEndpoint }: Wanted, clients: Clients) => (localEndpoint === undefined ? regionOf(clients) : 'the local AWS');

async function notThere(wanted: Wanted, name: string, kinds: readonly JobKind[], clients: Clients): Promise<CommandError> {
  const elsewhere = wanted.localEndpoint === undefined ? 'Another account or region: --profile, --region; a job of this machine: --local' : 'That of another folder: --state; a job at AWS: without --local';
  return new NotThere(`there is no ${nounsOf(kinds)} ${name} in ${await placeOf(wanted, clients)}. ${elsewhere}; a construct by its path: Stack/Construct`);
}
