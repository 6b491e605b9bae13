/** What `--help` of a command says after its options; commands that have it in their declaration are not here. */
export const helpOf = (command: string): string | undefined => (Object.hasOwn(TEXTS, command) ? TEXTS[command] : undefined);

const TEXTS: { readonly [command: string]: string } = {
  'local': `Everything is kept in a folder, .cdk-sagemaker or that of --state, and goes on where it was after a crash. Two folders know
nothing of each other. docs/local-aws.md has what is where, and what survives.

Exit code: 0 done, 1 failed or refused, 2 the command line is wrong, 130 Ctrl-C (143 SIGTERM, 129 the terminal is gone).

  cdk-sagemaker local deploy Digits
  cdk-sagemaker local invoke Digits --file digit.csv --content-type text/csv
  cdk-sagemaker local destroy Digits`,
  'local deploy': `[stacks...] are names, ids or paths, in which * stands for anything; stacks that they need are deployed before them. Progress goes
to standard error, outputs to standard output. Ctrl-C leaves the command, not the deployment: the next command on the stack
waits for it. A stack that another command is at work on is refused.

With --json: a list with a document for each stack, {"ok", "stackName", "operation", "status", "failures", "outputs", ...}.
Exit code: 0, or 1 when a stack has failed or is refused.

  cdk-sagemaker local deploy
  cdk-sagemaker local deploy Digits --app cdk.out --parameters Epochs=3
  cdk-sagemaker local deploy 'Prod/*' --mode process --json`,
  'local invoke': `<stack-or-endpoint> is a stack with one endpoint, or the name of an endpoint. The answer goes to standard output as it came,
everything else to standard error. Exit code: 0, or 1 when the model answers with an error, or there is no such endpoint.

  cdk-sagemaker local invoke Digits --file digit.csv --content-type text/csv
  cdk-sagemaker local invoke Digits --data '[[0.5, 1]]' --serializer numpy --deserializer numpy --json`,
  'local diff': `Compares the app with what is deployed here; nothing is started. With --json: a list with a document for each stack,
{"stackName", "deployed", "changes", "sections"}. Exit code: 0; with --fail 1 where there are differences.

  cdk-sagemaker local diff Digits
  cdk-sagemaker local diff --fail --json`,
  'local events': `<stack> is the name or the id of a stack; the last one of a name is there when it has been deleted, too. With --json: one
document, {"stackName", "stackId", "status", "events"}; with --follow as it is at the end.

  cdk-sagemaker local events Digits
  cdk-sagemaker local events Digits --follow`,
  'local rollback': `Of a stack in state UPDATE_FAILED (deployed with --no-rollback) or UPDATE_ROLLBACK_FAILED. With --json: {"stackName",
"status"}. Exit code: 0, or 1 when the stack is not in state UPDATE_ROLLBACK_COMPLETE then.

  cdk-sagemaker local rollback Digits
  cdk-sagemaker local rollback Digits --skip Digits/Train/Resource`,
  'local destroy': `A stack that is being created is deleted at once; an update under way is cancelled and rolled back first. Buckets that are
retained keep their objects. With the last stack ends the local AWS. With --json: {"stacks", "retained", "serverEnded"}.
Exit code: 0, or 1 when something could not be deleted.

  cdk-sagemaker local destroy
  cdk-sagemaker local destroy --all --state /tmp/state`,
  'local list': `Starts nothing. With --json: {"stacks", "server"}, of which the server is null where none runs.

  cdk-sagemaker local list
  cdk-sagemaker local list --json`,
};
