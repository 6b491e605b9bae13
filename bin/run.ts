import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError, type Option } from 'commander';
import { Output, USAGE, UsageError } from '../lib/local/cli/output';
import { helpOf } from './help';

/** Of an option that may be repeated. */
export const listOf = (value: string, before: string[]) => [...before, value];

/** The options that say where a job is, at AWS or here. @param region where the Region comes from otherwise */
export const whereJobsAre = (command: Command, region = 'that of the profile') => command
  .option('--stack <name>', 'the CloudFormation stack, where several have a job at that path')
  .option('--local', 'a job of the local AWS (default: of AWS, with the credentials that the AWS CLI has too)')
  .option('--state <folder>', 'where the local AWS keeps everything', '.cdk-sagemaker')
  .option('--region <region>', `the AWS region (default: ${region})`)
  .option('--profile <name>', 'the AWS profile');

/** An empty value can't be meant. @param names arguments @throws UsageError */
export function checkGiven(argument: string, names: readonly (string | undefined)[], options: object): void {
  if (names.includes('')) { throw new UsageError(`[${argument}] must not be empty`); }
  const empty = Object.entries(options).find(([, value]) => value === '' || Array.isArray(value) && value.includes(''))?.[0];
  if (empty !== undefined) { throw new UsageError(`--${empty.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} must not be empty`); }
}

/** The command line as a whole: what holds for every command is said here, once. Exit codes: docs/command-line.md. */
export function commandLine(name: string, description: string): Command {
  const { version } = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')) as { version: string };
  return new Command(name).description(description).version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'what a command does, and its options')
    .configureHelp({ optionDescription }).exitOverride();
}

/** An option that may be repeated begins with an empty list, which tells nobody anything. */
function optionDescription({ description, defaultValue }: Option): string {
  const isSaid = defaultValue === undefined || typeof defaultValue === 'boolean' || Array.isArray(defaultValue);
  return isSaid ? description : `${description} (default: ${String(defaultValue)})`;
}

/** Runs the command that was asked for. */
export async function runAsked(program: Command): Promise<void> {
  quietPipes();
  addHelp(program);
  await program.parseAsync().catch((error: unknown) => {
    if (!(error instanceof CommanderError)) { return failed(error, false); }
    // Help that was asked for is an answer; help in place of an answer is not.
    const isAnswer = error.exitCode === 0;
    process.exitCode = isAnswer ? 0 : USAGE;
    if (!isAnswer && process.argv.includes('--json')) { printFailure(error.message.replace(/^error: /, '')); }
  });
}

/**
 * Runs the work of a command: its errors become a message and an exit code, and with `--json` a document.
 *
 * @param work answers the exit code. @default 0
 */
export async function ended({ json }: { readonly json?: boolean }, work: (output: Output) => Promise<number | void>): Promise<void> {
  const output = new Output(json === true);
  try {
    process.exitCode = await work(output) ?? 0;
  } catch (error) {
    failed(error, json === true && !output.hasDocument);
  }
}

/** What is told as an error knows its exit code, except for those of the clients. */
function failed(error: unknown, inJson: boolean): void {
  const { message, stack, name, exitCode } = error as Error & { exitCode?: number };
  const output = new Output(false);
  output.progress(process.env.DEBUG === undefined ? output.paint('red', message) : stack ?? message);
  if (inJson) { printFailure(message); }
  process.exitCode = exitCode ?? (name === 'UsageError' ? USAGE : 1);
}

const printFailure = (message: string) => process.stdout.write(`${JSON.stringify({ ok: false, message })}\n`);

/** Whoever reads no further, as `head` does, ends a command that only tells something. What changes something goes on. */
function quietPipes(): void {
  const changes = process.argv[2] === 'local' && ['deploy', 'destroy', 'rollback'].includes(process.argv[3] ?? '');
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => { if (!changes) { process.exit(code === 'EPIPE' ? 0 : 1); } });
  process.stderr.on('error', () => undefined);
}

/** The texts after the options of commands that have none of their own. */
function addHelp(program: Command, path = ''): void {
  for (const command of program.commands) {
    const name = `${path}${command.name()}`;
    const text = helpOf(name);
    if (text !== undefined) { command.addHelpText('after', `\n${text}`); }
    addHelp(command, `${name} `);
  }
}
