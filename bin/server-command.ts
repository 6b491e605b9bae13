import { join } from 'node:path';
import type { Command } from 'commander';
import type { Output } from '../lib/local/cli/output';
import { testServer, type TestServerOptions } from '../lib/local/cli/test-server';

type Testing = typeof import('../lib/local/testing');

/** Adds `local server`, which is what `cdk-sagemaker/local` is for other languages. */
export function serverCommand(local: Command, ended: (options: { readonly json?: boolean }, run: (output: Output) => Promise<number | void>) => Promise<void>): void {
  local.command('server').description('SageMaker, S3 and CloudWatch Logs for tests, in the foreground')
    .option('--port <port>', 'of SageMaker, its runtime and CloudWatch Logs (default: one that is free)')
    .option('--s3-port <port>', 'of S3 (default: one that is free)')
    .option('--state <folder>', 'where everything is kept (default: a temporary folder, which goes away)')
    .option('--faults <file>', 'what is to go wrong, and jobs that are not run, as JSON')
    .option('--clock <clock>', 'real, or virtual: time stands still but for `POST /control/advance`', 'real')
    .option('--mode <mode>', 'how jobs and endpoints run: auto, container or process', 'process')
    .option('--region <region>', 'the AWS region', 'us-east-1')
    .option('--json', 'where it is, as one JSON document')
    .addHelpText('after', `
Prints variables for the environment of whoever uses it: SDKs and the AWS CLI find it by them. Ctrl-C or SIGTERM ends it with
everything that it runs. docs/local-testing.md says what may go wrong, and how tests ask for it.

Exit code: 0 after Ctrl-C, 1 when it can't listen or a fault can't be.

  cdk-sagemaker local server --port 4566 --faults faults.json
  curl -H "Authorization: Bearer $CDK_SAGEMAKER_LOCAL_TOKEN" $CDK_SAGEMAKER_LOCAL_ENDPOINT/control/faults \\
    --data '{"faults": [{"throttle": {"operation": "CreateTrainingJob", "times": 2}}]}'`)
    .action((options: TestServerOptions & { readonly json?: boolean }) =>
      ended(options, (output) => testServer(options, (given) => (require(join(__dirname, '..', 'local', 'index.js')) as Testing).LocalSageMaker.start(given), output)));
}
