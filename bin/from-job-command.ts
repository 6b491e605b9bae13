import { join } from 'node:path';
import type { Command } from 'commander';
import { CommandError, UsageError } from '../lib/local/cli/output';
import { textOf, writeText } from '../lib/local/cli/text-file';
import type { Images, KindName } from '../lib/from-job';
import type { Tree } from '../lib/from-job/tree';
import { checkGiven, whereJobsAre } from './run';

type JobCommands = typeof import('./job-commands');

interface FromJobOptions {
  readonly request?: string;
  readonly kind?: string;
  readonly adopt?: boolean;
  readonly withModel?: boolean;
  readonly output?: string;
  readonly account?: string;
  readonly vpc?: string;
  readonly stack?: string;
  readonly local?: boolean;
  readonly state: string;
  readonly region?: string;
  readonly profile?: string;
  readonly json?: boolean;
}

type WithSdk = (options: { readonly json?: boolean }, run: (commands: JobCommands) => Promise<number>) => Promise<void>;

/** `from-job`: writes the construct of what is there. */
export function fromJobCommand(program: Command, withSdk: WithSdk, localEndpoint: (state: string) => string): void {
  const command = program.command('from-job [job]').description('write the construct of a job, a model or an endpoint that is there, as TypeScript')
    .option('--request <file>', 'the request of a Create call as JSON, or a list of such, in place of a job (- is standard input)')
    .option('--kind <kind>', 'what the request makes, where its members don\'t tell: TrainingJob, HyperParameterTuningJob, TransformJob, Model, EndpointConfig or Endpoint')
    .option('--adopt', 'the construct takes the job over: nothing is launched when it is deployed')
    .option('--with-model', 'of a transform job, write its model too (default: the model stays where it is, and is named)')
    .option('--output <file>', 'the file to write (default: standard output)')
    .option('--account <account>', 'the account of the stack (default: that of the job, or of the role in a request)')
    .option('--vpc <id>', 'the VPC that the subnets are in, which no request says');
  whereJobsAre(command, 'that of the profile, or of a request')
    .option('--json', 'one JSON document: {"kind", "name", "code", "notes"}')
    .addHelpText('after', `
[job] is the name of a training, tuning or transform job, an endpoint or a model, in this order, its ARN, or the path of a
job's construct. What is written is a whole app, which synthesizes to the same request: an endpoint comes with its
configuration and its models. What has no prop is in overrides; what a reader must know is in a comment at its top. What
no construct can ask for is refused by name. Code of a script stays in S3 where it is.

Asks sagemaker:Describe... and sagemaker:ListTags; nothing is changed. Exit code: 0, or 1 where there is no such job or
it can't be written.

  cdk-sagemaker from-job digits-2024-05-01-10-00-00-000 --output lib/digits-stack.ts
  cdk-sagemaker from-job digits-2024-05-01-10-00-00-000 --adopt --region eu-west-1
  cdk-sagemaker from-job --request create-training-job.json --region eu-west-1
  cdk-sagemaker from-job digits-endpoint --local --json`)
    .action((job: string | undefined, options: FromJobOptions) => withSdk(options, async (commands) => {
      checkOptions(commands, job, options);
      const found = options.request === undefined ? await described(commands, job!, options, localEndpoint) : given(commands, options.request, options);
      const { code, notes } = inWords(commands, () => commands.written(found.requests, images(), { account: options.account ?? found.account, region: options.region ?? found.region, vpcId: options.vpc },
        { isAdopted: options.adopt === true, isDescribed: options.request === undefined }));
      if (options.output !== undefined) { writeText(`--output ${options.output}`, options.output, code); }
      const { kind, request } = found.requests[found.requests.length - 1]!;
      if (options.json) {
        process.stdout.write(`${JSON.stringify({ kind, name: request[commands.KINDS[kind].nameMember], code, notes }, undefined, 2)}\n`);
      } else if (options.output === undefined) {
        process.stdout.write(code);
      }
      return 0;
    }));
}

/** @throws UsageError */
function checkOptions({ KINDS }: JobCommands, job: string | undefined, options: FromJobOptions): void {
  const { request, kind } = options;
  checkGiven('job', [job], options);
  if ((job === undefined) === (request === undefined)) { throw new UsageError(job === undefined ? 'give the name of a job, or --request with a file' : '--request says what is to be written: leave the name out'); }
  if (kind !== undefined && request === undefined) { throw new UsageError('--kind goes with --request: what is there has a kind'); }
  if (kind !== undefined && !Object.hasOwn(KINDS, kind)) { throw new UsageError(`--kind must be one of ${Object.keys(KINDS).join(', ')}, got ${kind}`); }
  const asking = request === undefined ? undefined : (['local', 'stack', 'profile', 'withModel'] as const).find((option) => options[option] !== undefined);
  if (asking !== undefined) { throw new UsageError(`--${asking === 'withModel' ? 'with-model' : asking} is about what is there, which --request does not ask for`); }
}

interface Found {
  readonly requests: readonly { readonly kind: KindName; readonly request: Tree }[];
  readonly account?: string;
  readonly region?: string;
}

async function described(commands: JobCommands, job: string, { stack, region, profile, local, state, withModel = false }: FromJobOptions, localEndpoint: (state: string) => string): Promise<Found> {
  const all = await commands.described({ job, stack, region, profile, withModel, json: false, color: false, localEndpoint: local ? localEndpoint(state) : undefined });
  const requests = all.described.map(({ kind, document, tags }) => ({ kind, request: commands.requestOf(kind, document, tags) }));
  // The local AWS calls each Region by one name; an image, for instance, says which it is of.
  return { ...all, requests, region: (local ? commands.targetOf(requests).region : undefined) ?? all.region };
}

/** A request, or a list of requests that name each other; also as what records calls writes it, with `operation` and `params`. */
function given(commands: JobCommands, file: string, { kind }: FromJobOptions): Found {
  const parsed = [parsedFile(file)].flat() as Tree[];
  const requests = parsed.map((entry, index) => {
    const request = (isStructure(entry) && isStructure(entry.params) ? entry.params : entry) as Tree;
    const where = `${file}${parsed.length > 1 ? `, entry ${index + 1}` : ''}`;
    inWords(commands, () => commands.checkKinds(request), `${where}: `);
    const found = (typeof entry.operation === 'string' ? entry.operation.replace(/^Create/, '') : kind ?? commands.kindOf(request)) as KindName | undefined;
    if (found === undefined || !Object.hasOwn(commands.KINDS, found)) {
      throw new CommandError(`${where}: ${found === undefined ? 'no request that makes a job, a model or an endpoint (or give --kind)' : `there is no construct to be written of ${found}; there is of ${Object.keys(commands.KINDS).join(', ')}`}`);
    }
    return { kind: found, request };
  });
  if (requests.length === 0) { throw new CommandError(`${file}: an empty list, and nothing to write`); }
  return { requests, ...commands.targetOf(requests) };
}

const isStructure = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

function parsedFile(file: string): unknown {
  const text = textOf(`--request ${file}`, file === '-' ? 0 : file);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CommandError(`${file} is no JSON that can be read: ${(error as Error).message}`);
  }
}

/** Which images there are says the installed library. It is loaded when a job is written, and with it the core of the CDK. */
function images(): Images {
  const { ImageUris } = require(join(__dirname, '..', 'lib', 'index.js')) as typeof import('../lib');
  return { frameworks: () => ImageUris.frameworks(), uri: (framework, region, query) => ImageUris.retrieve(framework, region, query as object) };
}

function inWords<T>(commands: JobCommands, write: () => T, where = ''): T {
  try {
    return write();
  } catch (error) {
    throw error instanceof commands.Unexpressible ? new CommandError(`${where}${error.message}`) : error;
  }
}
