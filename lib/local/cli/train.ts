import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Properties } from '../cloudformation/stack-record';
import { withNumbers } from '../resources/sagemaker-values';
import { withChannels } from '../run-one/channels';
import type { Runnable } from '../run-one/construct';
import { checkKnown } from '../run-one/known';
import type { JobOptions } from '../run-one/job-options';
import { changedByOptions, checkOptions, eachDefinition, withJobName } from '../run-one/job-request';
import { fileUri, outputFolder, takeOut, withRun, type OneRun } from '../run-one/one-run';
import { jobName, runJob, type EndedJob, type Follow } from '../run-one/run-job';
import { withLiveSource } from '../run-one/training-source';
import type { Output } from './output';

export interface TrainOptions extends JobOptions {
  readonly picture?: string;
}

const TRAINING_JOB: Runnable = { noun: 'training job', types: ['Custom::SageMakerTrainingJob'] };
const LONGEST_NAME = 63;

/** `cdk-sagemaker local train`. @returns the exit code @throws CommandError */
export async function train(path: string | undefined, options: TrainOptions, output: Output, follow: Follow): Promise<number> {
  checkOptions(options, LONGEST_NAME);
  return withRun(path, TRAINING_JOB, options, output, async (run) => {
    const results = outputFolder(run, options.output);
    const { name, request } = await jobRequest(run, options, LONGEST_NAME, (given) => changedByOptions(given, options));
    run.folder.write({ path: run.construct.path, kind: 'TrainingJob', job: name });
    const ended = await runJob(run, 'TrainingJob', name, request, follow, options.picture);
    const files = await takeOut(run, `${String((request.OutputDataConfig as { S3OutputPath: string }).S3OutputPath).replace(/\/+$/, '')}/${name}/output`, results);
    const model = modelOf(ended, results);
    run.folder.write({ path: run.construct.path, kind: 'TrainingJob', job: name, status: ended.status, model, output: results });
    sayResults(run, files, results, model);
    output.json({ ok: ended.exitCode === 0, path: run.construct.path, job: name, ...endOf(ended), model: model === undefined ? undefined : fileUri(model), output: fileUri(results), files, logs: run.folder.at('sagemaker', 'logs') });
    return ended.exitCode;
  });
}

/** The request of a job as the template has it, with what the options say, its data in the run's S3, and nothing that is not known. */
export async function jobRequest(run: OneRun, options: JobOptions, longestName: number, change: (request: Properties) => Properties): Promise<{ readonly name: string; readonly request: Properties }> {
  const { construct, values, data } = run;
  const properties = await values.properties(construct.logicalId);
  const name = jobName(String(properties.NamePrefix), longestName, options.name);
  let request = withNumbers(change(withNumbers(withJobName(properties.Request as Properties, (properties.JobNameIn ?? []) as string[], name))));
  request = await withLiveSource(run, request, options.source);
  request = await withChannels(run, request, options.channel);
  request = await withWritableOutput(run, request);
  request = checkKnown(run, request);
  await data.publish(request);
  return { name, request };
}

/** Results and checkpoints are written to buckets of the run. */
async function withWritableOutput({ data }: OneRun, request: Properties): Promise<Properties> {
  const uris = new Map<string, string>();
  const each = (change: (uri: string, key: string) => string) => eachDefinition(request, (definition) => {
    const { OutputDataConfig: output, CheckpointConfig: checkpoints } = definition as { OutputDataConfig?: { S3OutputPath: string }; CheckpointConfig?: { S3Uri: string } };
    return {
      ...definition,
      ...output && { OutputDataConfig: { ...output, S3OutputPath: change(output.S3OutputPath, 'jobs') } },
      ...checkpoints && { CheckpointConfig: { ...checkpoints, S3Uri: change(checkpoints.S3Uri, 'checkpoints') } },
    };
  });
  const wanted = new Map<string, string>();
  each((uri, key) => { wanted.set(uri, key); return uri; });
  for (const [uri, key] of wanted) { uris.set(uri, await data.writable(uri, key)); }
  return each((uri) => uris.get(uri) as string);
}

/** What a job's end is to programs. */
export function endOf({ document, status, exitCode }: EndedJob): object {
  const { SecondaryStatus, FailureReason, TrainingTimeInSeconds, FinalMetricDataList = [] } = document as {
    SecondaryStatus?: string; FailureReason?: string; TrainingTimeInSeconds?: number; FinalMetricDataList?: readonly { MetricName: string; Value: number }[];
  };
  return {
    status, secondaryStatus: SecondaryStatus, reason: FailureReason, exitCode, trainingSeconds: TrainingTimeInSeconds,
    metrics: Object.fromEntries(FinalMetricDataList.map(({ MetricName, Value }) => [MetricName, Value])),
  };
}

/** Where the model is by now. */
export function modelOf({ document }: EndedJob, results: string): string | undefined {
  const uri = (document.ModelArtifacts as { readonly S3ModelArtifacts?: string } | undefined)?.S3ModelArtifacts;
  const path = uri === undefined || uri === '' ? undefined : join(results, basename(uri.replace(/\/$/, '')));
  return path !== undefined && existsSync(path) ? path : undefined;
}

export function sayResults({ output }: Pick<OneRun, 'output'>, files: readonly string[], results: string, model: string | undefined): void {
  if (model !== undefined) { output.progress(`Model: ${fileUri(model)}`); }
  const others = files.filter((file) => model === undefined || !join(results, file).startsWith(model));
  for (const file of others.slice(0, 10)) { output.progress(`Output: ${fileUri(join(results, file))}`); }
  if (others.length > 10) { output.progress(`Output: ${others.length - 10} more files in ${fileUri(results)}`); }
}
