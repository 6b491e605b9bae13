import type { Command } from 'commander';
import { executions } from '../lib/local/cli/executions';
import { messages } from '../lib/local/cli/messages';
import type { Output } from '../lib/local/cli/output';
import { start } from '../lib/local/cli/start';

type Declare = <T extends { state: string; json?: boolean }>(
  declaration: string, description: string, run: (args: readonly (string | string[] | undefined)[], options: T, output: Output) => Promise<number | void>,
) => Command;

interface Common { readonly state: string; readonly json?: boolean }

/** `local start`, `executions` and `messages`: state machines, and what they tell. */
export function workflowCommands(declare: Declare, program: string): void {
  declare<Common & { input?: string; name?: string; follow?: boolean }>('start <stack-or-workflow>', 'start a workflow by hand',
    ([name], options, output) => start(name as string, { ...options, program }, output))
    .option('--input <json>', 'what it is started with (default: {})')
    .option('--name <name>', 'of the execution (default: a new one)')
    .option('--follow', 'print its states until it has ended')
    .addHelpText('after', `
<stack-or-workflow> is a stack with one workflow, or the path, the logical id or the name of a state machine. Without --follow
prints the ARN of the execution, with it the states on standard error and the output on standard output. Ctrl-C leaves the
command, not the execution; \`aws stepfunctions stop-execution\` ends that, and the jobs that it waits for.

With --json: one document, {"ok", "path", "executionArn", "status", "output", "error", "cause", ...}.
Exit code: 0; with --follow 1 when it has failed or taken too long, 3 when it was stopped.

  cdk-sagemaker local start Digits --follow
  cdk-sagemaker local start Digits/Retraining --input '{"reason": "by hand"}' --json`);

  declare<Common>('executions <stack-or-workflow>', 'when workflows ran, and how that ended',
    ([name], options, output) => executions(name as string, { ...options, program }, output))
    .addHelpText('after', `
Of each state machine the last 200, the newest first, also after a restart of the local AWS. What ran while that ended is
ABORTED. With --json: a list with a document for each state machine, {"path", "stateMachineArn", "executions"}. Exit code: 0,
or 1 where there is no such workflow.

  cdk-sagemaker local executions Digits
  cdk-sagemaker local executions Digits/Retraining --json`);

  declare<Common>('messages [topic]', 'what was published to topics',
    async ([topic], options, output) => messages(topic as string | undefined, options, output))
    .addHelpText('after', `
[topic] is the name or the ARN of a topic; without it all of them. Messages are sent to nobody here. With --json: a list of
{"time", "topicArn", "messageId", "subject", "message"}. Exit code: 0.

  cdk-sagemaker local messages
  cdk-sagemaker local messages digits-news --json`);
}
