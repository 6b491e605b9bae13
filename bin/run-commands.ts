import { join } from 'node:path';
import type { Command } from 'commander';
import type { Output } from '../lib/local/cli/output';
import type { ServeOptions } from '../lib/local/cli/serve';
import type { TrainOptions } from '../lib/local/cli/train';
import type { TransformOptions } from '../lib/local/cli/transform';
import type { TuneOptions } from '../lib/local/cli/tune';
import { listOf } from './run';

type LocalRun = typeof import('./local-run');
type JobCommands = typeof import('./job-commands');
type Declare = <T extends { state: string; json?: boolean }>(
  declaration: string, description: string, run: (args: readonly (string | string[] | undefined)[], options: T, output: Output) => Promise<number | void>,
) => Command;

/** The part of the local AWS that runs jobs in this process. */
const localRun = () => require(join(__dirname, '..', 'local', 'local-run.js')) as LocalRun;
const color = process.env.NO_COLOR === undefined;

/** `local train`, `tune`, `transform` and `serve`: one construct, without a stack. */
export function runCommands(declare: Declare, jobCommands: () => JobCommands): void {
  const follow = (job: Parameters<JobCommands['followRun']>[0] | Omit<Parameters<JobCommands['followRun']>[0], 'color'>) => jobCommands().followRun({ ...job, color });
  const checked = <T extends { readonly picture?: string }>(options: T) => {
    if (options.picture !== undefined) { jobCommands().checkPicture(options.picture); }
    return options;
  };

  job(declare<TrainOptions & { state: string; json?: boolean }>('train [path]', 'run one training job of an app on this machine, without its stack',
    ([path], options, output) => localRun().train(path as string | undefined, checked(options), output, follow)))
    .addHelpText('after', help('training job', `
  cdk-sagemaker local train Digits/Train
  cdk-sagemaker local train Digits/Train --channel train=./data/train --hyperparameter epochs=1 --output ./out
  cdk-sagemaker local train --app cdk.out --max-runtime 10m --picture metrics.svg
  cdk-sagemaker local train Digits/Train --source ./src --json`));

  job(declare<TuneOptions & { state: string; json?: boolean }>('tune [path]', 'run one tuning job of an app on this machine, without its stack',
    ([path], options, output) => localRun().tune(path as string | undefined, checked(options), output, follow)))
    .option('--max-jobs <n>', 'how many training jobs there are at most')
    .option('--parallel <n>', 'how many of them run at once')
    .addHelpText('after', help('tuning job', `
  cdk-sagemaker local tune Churn/Tune --max-jobs 4 --parallel 2
  cdk-sagemaker local tune Churn/Tune --channel train=./data --picture tuning.html`));

  serving(declare<TransformOptions & { state: string; json?: boolean }>('transform [path]', 'run one transform job of an app on this machine, without its stack',
    ([path], options, output) => localRun().transform(path as string | undefined, options, output, follow)))
    .option('--input <where>', 'what is transformed: a folder, a file, file://..., or s3://bucket/prefix of the local S3')
    .option('--output <folder>', 'where the results go (default: the folder of the run)')
    .option('--name <name>', 'of the job')
    .option('--content-type <type>', 'of the input')
    .option('--accept <type>', 'of the results')
    .option('--split-type <how>', 'None or Line')
    .option('--strategy <strategy>', 'SingleRecord or MultiRecord')
    .option('--assemble-with <how>', 'None or Line')
    .option('--max-payload <megabytes>', 'how much the model is sent at once')
    .addHelpText('after', help('transform job', `
  cdk-sagemaker local transform Meters/Score --input ./readings --output ./scores
  cdk-sagemaker local transform Meters/Score --input ./one.csv --model ./model.tar.gz --content-type text/csv --split-type Line`));

  serving(declare<ServeOptions & { state: string; json?: boolean }>('serve [path]', 'serve one endpoint, model or training job\'s model of an app on this machine, without its stack',
    ([path], options, output) => localRun().serve(path as string | undefined, options, output, (log, ended) => jobCommands().tailLog({ ...log, color }, ended))))
    .option('--port <port>', 'of 127.0.0.1; 0 for one that is free', '8080')
    .option('--variant <name>', 'of an endpoint (default: the first)')
    .addHelpText('after', `
[path] is the path of an endpoint, a model, or a training job of whose artifact a model is made. GET /ping and POST
/invocations answer as a container does; the operations of boto3's sagemaker-runtime answer at the same port. Ctrl-C
ends it. Exit code: 0 after Ctrl-C, 1 when the model can't be served.

  cdk-sagemaker local serve Digits/Train/Model/Endpoint
  cdk-sagemaker local serve Digits/Train --model ./out/model.tar.gz --port 0
  cdk-sagemaker local serve Shop/Endpoint --variant challenger`);
}

/** What all of them take. */
const running = (command: Command) => command
  .option('--app <folder-or-command>', 'a cloud assembly, or the command that writes one (default: the app of cdk.json, or cdk.out)')
  .option('--parameters <Name=value>', 'a parameter of the template; may be repeated', listOf, [])
  .option('--source <folder>', 'the script\'s files (default: those the app was made with, as they are on disk now)')
  .option('--environment <NAME=value>', 'a variable for the program; may be repeated', listOf, [])
  .option('--mode <mode>', 'auto, container or process (default: that of CDK_SAGEMAKER_LOCAL_MODE, or auto)');

const job = (command: Command) => running(command)
  .option('--channel <name=where>', 'a folder, a file, file://..., or s3://bucket/prefix of the local S3; may be repeated', listOf, [])
  .option('--hyperparameter <name=value>', 'in place of the app\'s, or in addition; may be repeated', listOf, [])
  .option('--instance-type <type>', 'whose memory a container has, and whose GPUs where there are some')
  .option('--instance-count <n>', 'how many hosts there are')
  .option('--max-runtime <time>', 'how long it may run: 90s, 10m, 2h')
  .option('--output <folder>', 'where model.tar.gz and output.tar.gz go (default: the folder of the run)')
  .option('--name <name>', 'of the job')
  .option('--picture <file>', 'draw its metrics: a file that ends in .svg or .html');

const serving = (command: Command) => running(command)
  .option('--model <file-or-folder>', 'the model: a .tar.gz or a folder; of several containers <container>=<file-or-folder>', listOf, []);

const help = (noun: string, examples: string) => `
[path] is the construct's, as \`describe\` and \`logs\` have it; without one it is the only ${noun} of the app. What the
app deploys to buckets is there, and what a job before it has left when it was run in the same state folder. The log goes
to standard output, everything else to standard error.

Exit code: 0 it is completed, 1 it has failed or the command has, 2 for options that can't be, 3 it was stopped or out of time; 130 after
Ctrl-C, 143 after SIGTERM, 129 when its terminal ends. The first Ctrl-C stops the job, which may still leave its results; the second ends it at once.
${examples}`;
