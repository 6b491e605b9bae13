#!/usr/bin/env node
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { audit } from '../lib/audit';
import { deploy } from '../lib/local/cli/deploy';
import { destroy } from '../lib/local/cli/destroy';
import { diff } from '../lib/local/cli/diff';
import { events } from '../lib/local/cli/events';
import { deployedEndpoint } from '../lib/local/cli/invoke';
import { list } from '../lib/local/cli/list';
import { CommandError, hasColor, type Output } from '../lib/local/cli/output';
import { rollback } from '../lib/local/cli/rollback';
import { endpointVariables, readServerInfo } from '../lib/local/server-file';
import type { InvokeOptions } from '../lib/predictor/command';
import { fromJobCommand } from './from-job-command';
import { planCommand } from './plan-command';
import { commandLine, ended, listOf, runAsked, whereJobsAre } from './run';
import { runCommands } from './run-commands';
import { serverCommand } from './server-command';
import { workflowCommands } from './workflow-commands';

interface Common {
  readonly state: string;
  readonly json?: boolean;
}

const program = commandLine('cdk-sagemaker', 'SageMaker jobs and endpoints as AWS CDK constructs');
const local = program.command('local').description('the same stack on this machine, with jobs that really run');
const server = join(__dirname, '..', 'local', 'local-server.js');
type JobCommands = typeof import('./job-commands');
/** The commands that ask AWS, or what stands for it. They bring the SDKs, which are loaded when they run. */
const jobCommands = () => require(join(__dirname, 'job-commands.js')) as JobCommands;

/** A command with the options that all of them have; its errors become a message and an exit code. */
function command<T extends Common>(declaration: string, description: string, run: (args: readonly (string | string[] | undefined)[], options: T, output: Output) => Promise<number | void>): Command {
  return local.command(declaration).description(description)
    .option('--state <folder>', 'where the local AWS keeps everything', '.cdk-sagemaker')
    .option('--json', 'one JSON document on standard output, and no progress')
    .action((...received: unknown[]) => {
      const options = received.at(-2) as T;
      return ended(options, (output) => run(received.slice(0, -2) as string[], { ...options, state: resolve(options.state) }, output));
    });
}

const APP = ['--app <folder-or-command>', 'a cloud assembly, or the command that writes one (default: the app of cdk.json, or cdk.out)'] as const;

command<Common & { app?: string; rollback: boolean; parameters: string[]; mode?: string }>('deploy [stacks...]', 'create or update stacks, and wait for their jobs and endpoints',
  ([stacks], options, output) => deploy(stacks as string[], { ...options, program: server }, output))
  .option(...APP)
  .option('--no-rollback', 'leave what was done when something fails')
  .option('--parameters <Name=value>', 'a parameter of the template; may be repeated', listOf, [])
  .option('--mode <mode>', 'auto, container or process (default: as the local AWS runs, or that of CDK_SAGEMAKER_LOCAL_MODE, or auto)');

/** What is sent to an endpoint, at AWS or here, and how its answer is read. */
const asking = (command: Command) => command
  .option('--data <text>', 'what to send (default: standard input); --body is the same')
  .option('--body <text>', 'what to send')
  .option('--file <path>', 'a file to send')
  .option('--content-type <type>', 'what is sent (default: application/json, or that of --serializer)')
  .option('--accept <type>', 'what is wanted')
  .option('--serializer <name>', 'makes json, jsonlines, csv, libsvm or numpy of what to send, which is a value in JSON then')
  .option('--deserializer <name>', 'reads an answer in json, jsonlines, csv, numpy or text, and prints it as JSON')
  .option('--variant <name>', 'which variant is to answer')
  .option('--model <archive>', 'which model of a multi-model endpoint is to answer')
  .option('--container <host-name>', 'which container of a multi-container endpoint is to answer')
  .option('--component <name>', 'which inference component is to answer')
  .option('--attributes <text>', 'custom attributes for the container')
  .option('--inference-id <id>', 'an id to find the request by')
  .option('--stream', 'print the parts of the answer as they come')
  .option('--async', 'leave the request with an asynchronous endpoint, and print where its answer will be')
  .option('--input-location <s3-uri>', 'with --async: what to send, which is in S3')
  .option('--upload <s3-uri>', 'with --async: where to put what to send; below a prefix that ends in / it gets a name of its own')
  .option('--wait <seconds>', 'with --async: wait so long for the answer, and print it');

asking(command<Common & { endpoint?: string } & InvokeOptions>('invoke <stack-or-endpoint>', 'ask an endpoint',
  ([name], options) => jobCommands().invoke(options, async () => {
    const { endpointName, server: info } = await deployedEndpoint(name as string, { ...options, program: server });
    const { AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: endpointUrl, AWS_ENDPOINT_URL_S3: s3EndpointUrl } = endpointVariables(info);
    return { endpointName, endpointUrl, s3EndpointUrl, region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' }, maxAttempts: 1 };
  }))
  .option('--endpoint <name>', 'which endpoint of the stack: its name, path or logical id'));

command<Common & { app?: string; fail?: boolean }>('diff [stacks...]', 'what a deployment would change',
  async ([stacks], options, output) => (await diff(stacks as string[], options, output) && options.fail === true ? 1 : 0))
  .option(...APP)
  .option('--fail', 'exit code 1 when there are differences');

command<Common & { follow?: boolean }>('events <stack>', 'what has happened to a stack',
  ([name], options, output) => events(name as string, { ...options, follow: options.follow === true }, output))
  .option('--follow', 'until the stack is at rest');

command<Common & { skip: string[] }>('rollback <stack>', 'take back an update that failed, or go on with a rollback that failed',
  ([name], options, output) => rollback(name as string, { ...options, program: server }, output))
  .option('--skip <resource>', 'a resource that is left as it is; may be repeated', listOf, []);

command<Common & { all?: boolean }>('destroy [stacks...]', 'delete stacks; with the last one ends the local AWS',
  ([stacks], options, output) => destroy(stacks as string[], { ...options, all: options.all === true, program: server }, output))
  .option('--all', 'all stacks of the state folder');

runCommands(command, jobCommands);
workflowCommands(command, server);
serverCommand(local, ended);

command<Common>('list', 'the stacks, and where the local AWS listens', (_, options, output) => list(options, output));

interface JobOptions {
  readonly stack?: string;
  readonly local?: boolean;
  readonly state: string;
  readonly region?: string;
  readonly profile?: string;
  readonly json?: boolean;
  readonly color: boolean;
}

type Run<T> = (commands: JobCommands, job: string, options: T, localEndpoint: string | undefined) => Promise<number>;

/** Makes a command one about a job, at AWS or here. */
function aboutJob<T extends JobOptions>(command: Command, help: string, run: Run<T>): void {
  whereJobsAre(command)
    .option('--no-color', 'no colours; there are none anyway where the output is no terminal, or NO_COLOR is set')
    .addHelpText('after', `
<job> is a job's name, its ARN, or the path of its construct, which begins with the stack's: Digits/Train is the
newest job of that construct, also when its stack has been rolled back. A name is looked for among training jobs, then
tuning jobs, then transform jobs; the ARN says which is meant.

${help}`)
    .action(async (job: string, options: T) => {
      await withSdk(options, (commands) => run(commands, job, { ...options, color: options.color && hasColor() }, options.local === true ? localEndpoint(options.state) : undefined));
    });
}

/** Runs a command of those that bring the SDKs. */
const withSdk = (options: { readonly json?: boolean }, run: (commands: JobCommands) => Promise<number>) => ended(options, () => run(jobCommands()));

function localEndpoint(state: string): string {
  const server = readServerInfo(resolve(state));
  if (server === undefined) { throw new CommandError(`the local AWS of ${resolve(state)} does not run; \`cdk-sagemaker local deploy\` starts it`); }
  return `http://127.0.0.1:${server.apiPort}`;
}

/** The same command once more. */
const again = () => ['cdk-sagemaker', ...process.argv.slice(2)].map((word) => (/^[\w./:=@-]+$/.test(word) ? word : `'${word}'`)).join(' ');

aboutJob<JobOptions & { follow?: boolean; since?: string; tail?: string }>(
  program.command('logs <job>').description('the log of a job, with its history and metrics')
    .option('-f, --follow', 'until the job has ended; Ctrl-C leaves it running')
    .option('--since <time>', 'only lines from then on: 30s, 10m, 2h, 1d ago, or 2026-01-31T12:00:00Z')
    .option('--tail <lines>', 'only so many of the lines there are')
    .option('--json', 'one JSON document a line: {"type": "log" | "status" | "now" | "end", ...}'),
  `What fit(wait=True, logs="All") and sagemaker_session.logs_for_job(job, wait=True) print. On standard output: log lines,
with the name of their instance where there are several. On standard error: changes of status, and at the end a table of
metrics (by the job's metric definitions), training and billable seconds, and what managed spot training saved; on a
terminal also what the job is doing. The log of a tuning job is that of its training jobs.

Exit code: 0 the job is completed or runs, 1 it has failed or the command has, 3 it was stopped, by hand or by its time
limit; 130 after Ctrl-C.

  cdk-sagemaker logs Digits/Train --follow
  cdk-sagemaker logs Digits/Train --local --tail 20
  cdk-sagemaker logs digits-train-0a1b2c3d4e --profile research --region eu-west-1 --json`,
  ({ logs }, job, options, endpoint) => logs({ ...options, job, localEndpoint: endpoint, json: options.json === true, follow: options.follow === true, again: again() }),
);

aboutJob(
  program.command('describe <job>').description('what a job is, what it was given, and what became of it')
    .option('--json', 'the answer of the Describe call as it is'),
  `What describe() shows of training, tuning and transform jobs, for reading: status and history, the time that is billed, what
it was given and where it writes, hyperparameters and final metrics; of a tuning job how far it is, its best training job,
strategy, ranges and warm start; the stack it belongs to, its log and its page in the console. Exit code: 0, or 1 where
there is no such job.

  cdk-sagemaker describe Digits/Train
  cdk-sagemaker describe digits-train-0a1b2c3d4e --local --json`,
  ({ describe }, job, options, endpoint) => describe({ ...options, job, localEndpoint: endpoint, json: options.json === true }),
);

interface ResultOptions extends JobOptions {
  readonly format?: string;
  readonly output?: string;
  readonly picture?: string;
}

const withResults = (command: Command) => command
  .option('--format <format>', 'table, csv or json (default: by the ending of --output, otherwise table)')
  .option('--json', 'the same as --format json')
  .option('--output <file>', 'the file to write (default: standard output)')
  .option('--picture <file>', 'draw it too: a file that ends in .svg or .html');

aboutJob<ResultOptions>(
  withResults(program.command('analytics <job>').description('the training jobs of a tuning job, with what was tried and what came of it')),
  `The data frame of the Python SDK's HyperparameterTuningJobAnalytics, with its columns: each tuned hyperparameter,
TrainingJobName, TrainingJobStatus, FinalObjectiveValue, TrainingStartTime, TrainingEndTime, TrainingElapsedTimeSeconds and,
where there are several, TrainingJobDefinitionName. The table has the best training job first; CSV and JSON have the rows in
the SDK's order, by name, and hyperparameters as they were sent. The picture shows each training job's objective when it
ended, and the best until then.

Of a tuning job that goes on it is what there is so far, which is said on standard error. Exit code: 0, or 1 when there is
nothing to give.

  cdk-sagemaker analytics Digits/Tune
  cdk-sagemaker analytics Digits/Tune --output results.csv --picture results.svg
  cdk-sagemaker analytics digits-tune-0a1b2c3d4e --local --json`,
  ({ analytics }, job, options, endpoint) => analytics({ ...options, job, localEndpoint: endpoint, json: options.json === true }),
);

aboutJob<ResultOptions & { metric: string[]; period?: string; fromLog?: boolean }>(
  withResults(program.command('metrics <job>').description('the metrics of a training job over time'))
    .option('--metric <name>', 'only this metric; may be repeated', listOf, [])
    .option('--period <seconds>', 'each value is an average over so long (default: 60 of CloudWatch; of the log all values)')
    .option('--from-log', 'the values in the job\'s log, each with its time, in place of CloudWatch\'s; always so with --local'),
  `The data frame of the Python SDK's TrainingJobAnalytics, with its columns: timestamp (seconds since the first value of the
metric), metric_name and value. CloudWatch has averages over a minute for 15 days, over five minutes for 63 days and over an
hour for 455 days. With the table goes, on standard error, the range of each metric and its final value. The picture has a
line for each metric, each with an axis of its own. Exit code: 0, or 1 when there is nothing to give.

  cdk-sagemaker metrics Digits/Train --metric train:loss --metric test:accuracy
  cdk-sagemaker metrics Digits/Train --output metrics.csv --picture metrics.html
  cdk-sagemaker metrics Digits/Train --local --json`,
  ({ metrics }, job, options, endpoint) => metrics({ ...options, job, localEndpoint: endpoint, json: options.json === true }),
);

interface PinOptions {
  readonly account?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly to?: string;
  readonly context: string;
  readonly json?: boolean;
  readonly color: boolean;
}

program.command('pin-model <group>').description('pin the latest approved version of a model package group, which ModelPackage.latestApproved deploys')
  .option('--account <account>', 'the account of the group (default: that of the credentials)')
  .option('--region <region>', 'the AWS region (default: that of the profile)')
  .option('--profile <name>', 'the AWS profile')
  .option('--to <version>', 'another version than the latest, which must be approved too')
  .option('--context <file>', 'where the CDK keeps its context', 'cdk.context.json')
  .option('--json', 'one JSON document')
  .option('--no-color', 'no colours')
  .addHelpText('after', `
<group> is the name or the ARN of a group. The version is written to cdk.context.json, which belongs into Git: the next
\`cdk diff\` shows it, the next \`cdk deploy\` deploys it. Nothing is approved, and nothing else of the file is changed.
Asks sagemaker:ListModelPackages. Exit code: 0, or 1 where no version is approved.

  cdk-sagemaker pin-model digits --region eu-west-1
  cdk-sagemaker pin-model digits --to 3`)
  .action((group: string, options: PinOptions) => withSdk(options, ({ pinModel }) => pinModel({ ...options, group, json: options.json === true, color: options.color && hasColor() })));

interface AuditCommand {
  readonly app?: string;
  readonly role?: string;
  readonly failOnUnexplained?: boolean;
  readonly json?: boolean;
}

program.command('audit [stacks...]').description('what the roles of stacks may do, and which prop of which construct needs it')
  .option(...APP)
  .option('--role <path>', 'only this role, or the roles below that construct: Digits/Train')
  .option('--fail-on-unexplained', 'exit code 1 when a role of a job, a model or the function may do something that no prop needs')
  .option('--json', 'one JSON document on standard output')
  .addHelpText('after', `
[stacks...] are names or paths, in which * stands for anything; without any it is all of the app. Asks nothing of AWS: it
reads what the app synthesizes. Each statement has the constructs and props below it that need it. What none needs was
granted by the app, for instance by bucket.grantRead(job). Exit code: 0, or 1 for an app, a stack or a role that is not there.

  cdk-sagemaker audit Digits
  cdk-sagemaker audit 'Prod/*' --app cdk.out --role Prod/Digits/Train
  cdk-sagemaker audit --fail-on-unexplained`)
  .action((stacks: string[], options: AuditCommand) => ended(options, (output) => audit(stacks, { ...options, state: resolve('.cdk-sagemaker') }, output)));

planCommand(program, ended, jobCommands);
fromJobCommand(program, withSdk, localEndpoint);

asking(program.command('invoke <endpoint>').description('ask an endpoint'))
  .option('--region <region>', 'the AWS region (default: that of the profile)')
  .option('--profile <name>', 'the AWS profile')
  .option('--json', 'one JSON document: the answer, its content type, and the variant; with --stream one for each part')
  .addHelpText('after', `
The answer goes to standard output as it came, everything else to standard error. Exit code: 0, or 1 when the model
answers with an error, the service refuses the request, or there is no answer in time. AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME
asks another service, for instance the local AWS; \`cdk-sagemaker local invoke\` finds that by itself.

  cdk-sagemaker invoke digits --file digit.csv --content-type text/csv
  cdk-sagemaker invoke digits --data '[[0.5, 1]]' --serializer numpy --deserializer numpy
  cdk-sagemaker invoke chat --data '{"inputs": "Hello"}' --stream
  cdk-sagemaker invoke slow --async --file large.json --upload s3://my-bucket/inputs/ --wait 600`)
  .action((endpointName: string, { region, profile, ...options }: InvokeOptions & { region?: string; profile?: string }) =>
    withSdk(options, async ({ invoke }) => {
      await invoke(options, async () => ({ endpointName, region, profile }));
      return 0;
    }));

void runAsked(program);
