import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Output } from '../lib/local/cli/output';
import { plan, type PlanOptions } from '../lib/plan';
import { GATE_WORDS } from '../lib/plan/gates';
import { checkGiven, listOf } from './run';

type JobCommands = typeof import('./job-commands');

/** Adds `plan`. */
export function planCommand(program: Command, ended: (options: { readonly json?: boolean }, run: (output: Output) => Promise<number | void>) => Promise<void>, jobCommands: () => JobCommands): void {
  program.command('plan [stacks...]').description('what a deployment will do: which jobs run again and why, how endpoints move, and what that uses at most')
    .option('--app <folder-or-command>', 'a cloud assembly, or the command that writes one (default: the app of cdk.json, or cdk.out)')
    .option('--against <folder>', 'compare with another cloud assembly, for instance that of the base branch (default: with CloudFormation at AWS)')
    .option('--local', 'compare with what the local AWS has')
    .option('--state <folder>', 'where the local AWS keeps everything', '.cdk-sagemaker')
    .option('--region <region>', 'the AWS region of stacks that have none of their own (default: that of the profile)')
    .option('--profile <name>', 'the AWS profile')
    .option('--parameters <Name=value>', 'a parameter of the template, as the deployment will give it; may be repeated', listOf, [])
    .option('--prices <file>', 'what an hour of each instance type costs, as JSON: {"currency": "USD", "ml.m5.large": 0.115}')
    .option('--fail-on <verdicts>', `exit code 1 where one of these is planned: ${GATE_WORDS.join(', ')}; may be repeated`, listOf, [])
    .option('--max-instance-hours <number>', 'exit code 1 where jobs that are launched may use more, or nobody knows how much')
    .option('--max-cost <number>', 'exit code 1 where they may cost more, by --prices, or nobody knows how much')
    .option('--markdown', 'as the comment of a pull request')
    .option('--json', 'one JSON document: {"stacks", "totals", "missed"}')
    .addHelpText('after', `
[stacks...] are names or paths, in which * stands for anything; without any it is all of the app. Nothing is changed. A job
retrains, adopts a run that is there already, changes in place, stays, or stops, by the rules that the deployment goes by;
what hangs on values that only the deployment knows is unknown, and says so. docs/plan.md has the verdicts, the permissions
at AWS, and a workflow that comments on pull requests.

Exit code: 0, or 1 when a gate is missed (--fail-on, --max-instance-hours, --max-cost) or the command has failed.

  cdk-sagemaker plan
  cdk-sagemaker plan Digits --against base/cdk.out --markdown
  cdk-sagemaker plan 'Prod/*' --profile prod --fail-on replace,delete --max-instance-hours 50
  cdk-sagemaker plan Digits --local --prices prices.json --max-cost 20 --json`)
    .action((stacks: string[], options: PlanOptions & { readonly json?: boolean }) =>
      ended(options, (output) => {
        checkGiven('stacks...', stacks, options);
        return plan(stacks, { ...options, state: resolve(options.state) }, output, (target) => jobCommands().AwsAccount.of(target));
      }));
}
