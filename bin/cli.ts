#!/usr/bin/env node
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { deploy } from '../lib/local/cli/deploy';
import { destroy } from '../lib/local/cli/destroy';
import { diff } from '../lib/local/cli/diff';
import { events } from '../lib/local/cli/events';
import { invoke } from '../lib/local/cli/invoke';
import { list } from '../lib/local/cli/list';
import { localJob } from '../lib/local/cli/local-job';
import { CommandError, Output } from '../lib/local/cli/output';
import { rollback } from '../lib/local/cli/rollback';

interface Common {
  readonly state: string;
  readonly json?: boolean;
}

const program = new Command('cdk-sagemaker').description('SageMaker jobs and endpoints as AWS CDK constructs');
const local = program.command('local').description('the same stack on this machine, with jobs that really run');
const server = join(__dirname, 'local-server.js');

/** A command with the options that all of them have; its errors become a message and an exit code. */
function command<T extends Common>(declaration: string, description: string, run: (args: readonly (string | string[] | undefined)[], options: T, output: Output) => Promise<number | void>): Command {
  return local.command(declaration).description(description)
    .option('--state <folder>', 'where the local AWS keeps everything', '.cdk-sagemaker')
    .option('--json', 'one JSON document on standard output, and no progress')
    .action(async (...received: unknown[]) => {
      const options = received.at(-2) as T;
      const output = new Output(options.json === true);
      try {
        process.exitCode = await run(received.slice(0, -2) as string[], { ...options, state: resolve(options.state) }, output) ?? 0;
      } catch (error) {
        console.error(error instanceof CommandError || process.env.DEBUG === undefined ? output.paint('red', (error as Error).message) : (error as Error).stack);
        process.exitCode = error instanceof CommandError ? error.exitCode : 1;
      }
    });
}

const listOf = (value: string, before: string[]) => [...before, value];
const APP = ['--app <folder-or-command>', 'a cloud assembly, or the command that writes one (default: the app of cdk.json, or cdk.out)'] as const;

command<Common & { app?: string; rollback: boolean; parameters: string[] }>('deploy [stacks...]', 'create or update stacks, and wait for their jobs and endpoints',
  ([stacks], options, output) => deploy(stacks as string[], { ...options, program: server }, output))
  .option(...APP)
  .option('--no-rollback', 'leave what was done when something fails')
  .option('--parameters <Name=value>', 'a parameter of the template; may be repeated', listOf, []);

command<Common & { endpoint?: string; body?: string; file?: string; contentType: string; accept?: string; variant?: string }>('invoke <stack-or-endpoint>', 'ask an endpoint',
  ([name], options, output) => invoke(name as string, options, output))
  .option('--endpoint <name>', 'which endpoint of the stack: its name, path or logical id')
  .option('--body <text>', 'what to send (default: standard input)')
  .option('--file <path>', 'a file to send')
  .option('--content-type <type>', 'what is sent', 'application/json')
  .option('--accept <type>', 'what is wanted')
  .option('--variant <name>', 'which variant is to answer');

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

command<Common>('list', 'the stacks, and where the local AWS listens', (_, options, output) => list(options, output));

/** Commands on single jobs, of AWS or of the local AWS. Their file has the SDK's clients, which the other commands don't wait for. */
type JobCommands = typeof import('../lib/operate/commands');
const jobCommands = () => require(join(__dirname, 'job-commands.js')) as JobCommands;

interface JobOptions { readonly local?: boolean; readonly state: string; readonly region?: string; readonly profile?: string; readonly json?: boolean }

function jobCommand<T extends JobOptions>(declaration: string, description: string, run: (job: string, connection: { endpoint?: string; region?: string; profile?: string }, options: T) => Promise<number>): Command {
  return program.command(declaration).description(description)
    .option('--local', 'a job of the local AWS; its name, or its path in a stack there: Digits/Train')
    .option('--state <folder>', 'where that local AWS keeps everything', '.cdk-sagemaker')
    .option('--region <region>', 'where the job is (default: as the AWS CLI has it)')
    .option('--profile <name>', 'a profile of the AWS CLI')
    .action(async (job: string, options: T) => {
      try {
        const local = options.local === true ? await localJob(resolve(options.state), job) : { name: job };
        process.exitCode = await run(local.name, { ...local, region: options.region, profile: options.profile }, options);
      } catch (error) {
        console.error(process.env.DEBUG === undefined ? (error as Error).message : (error as Error).stack);
        process.exitCode = 1;
      }
    });
}

jobCommand<JobOptions & { follow?: boolean; since?: string; tail?: string }>('logs <job>', 'the log of a training job, by its name or ARN, with its metrics picked out',
  (job, connection, { follow, json, since, tail }) => jobCommands().logs(job, { ...connection, follow, json, since: timeOf(since), tail: tail === undefined ? undefined : wholeNumber('--tail', tail) }, { out: process.stdout, err: process.stderr }))
  .option('--follow', 'until the job has ended; exit code 0 when it is completed, 1 when it failed, 3 when it was stopped')
  .option('--since <time>', 'only lines after a time, or of the last 30s, 10m, 2h, 1d')
  .option('--tail <count>', 'only the last lines; not with --follow')
  .option('--json', 'one JSON document a line');

jobCommand<JobOptions>('describe <job>', 'what a training job is, was made of and came to', (job, connection, { json }) => jobCommands().describe(job, { ...connection, json }, { out: process.stdout, err: process.stderr }))
  .option('--json', 'what DescribeTrainingJob says');

const UNITS: { readonly [unit: string]: number } = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function timeOf(text: string | undefined): number | undefined {
  if (text === undefined) { return undefined; }
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const time = unit === undefined ? Date.parse(text) : Date.now() - Number(count) * (UNITS[unit] as number);
  if (Number.isNaN(time)) { throw new Error(`--since must be a time or a length like 10m, got ${text}`); }
  return time;
}

function wholeNumber(option: string, text: string): number {
  if (!/^[1-9]\d*$/.test(text)) { throw new Error(`${option} must be a whole number from 1 on, got ${text}`); }
  return Number(text);
}

program.parseAsync().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
