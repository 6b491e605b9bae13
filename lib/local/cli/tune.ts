import type { Properties } from '../cloudformation/stack-record';
import type { Runnable } from '../run-one/construct';
import { countOf, pairsOf } from '../run-one/job-options';
import { changedByOptions, checkOptions } from '../run-one/job-request';
import { fileUri, outputFolder, takeOut, withRun } from '../run-one/one-run';
import { runJob, type Follow } from '../run-one/run-job';
import { UsageError, type Output } from './output';
import { endOf, jobRequest, modelOf, sayResults, type TrainOptions } from './train';

export interface TuneOptions extends TrainOptions {
  readonly maxJobs?: string;
  readonly parallel?: string;
}

const TUNING_JOB: Runnable = { noun: 'tuning job', types: ['Custom::SageMakerHyperParameterTuningJob'] };
const LONGEST_NAME = 32;

/** `cdk-sagemaker local tune`. @returns the exit code @throws CommandError */
export async function tune(path: string | undefined, options: TuneOptions, output: Output, follow: Follow): Promise<number> {
  checkOptions(options, LONGEST_NAME);
  countOf('max-jobs', options.maxJobs);
  countOf('parallel', options.parallel);
  return withRun(path, TUNING_JOB, options, output, async (run) => {
    const { construct, machine: { sageMaker } } = run;
    const results = outputFolder(run, options.output);
    const { name, request } = await jobRequest(run, options, LONGEST_NAME, (given) => limited(changedByOptions(notSearched(given, options), options), options));
    run.folder.write({ path: construct.path, kind: 'HyperParameterTuningJob', job: name });
    const ended = await runJob(run, 'HyperParameterTuningJob', name, request, follow, options.picture);
    const best = (ended.document.BestTrainingJob as { readonly TrainingJobName?: string } | undefined)?.TrainingJobName;
    const document = best === undefined ? {} : await sageMaker.call('DescribeTrainingJob', { TrainingJobName: best });
    const artifact = (document.ModelArtifacts as { readonly S3ModelArtifacts?: string } | undefined)?.S3ModelArtifacts;
    const files = artifact === undefined ? [] : await takeOut(run, artifact.replace(/\/[^/]+\/?$/, ''), results);
    const model = modelOf({ ...ended, document }, results);
    run.folder.write({ path: construct.path, kind: 'HyperParameterTuningJob', job: name, status: ended.status, model, output: results });
    sayResults(run, files, results, model);
    const { TrainingJobSummaries: jobs } = await sageMaker.call('ListTrainingJobsForHyperParameterTuningJob', { HyperParameterTuningJobName: name, MaxResults: 100 });
    const { status, reason, exitCode } = endOf(ended) as { status: string; reason?: string; exitCode: number };
    output.json({
      ok: exitCode === 0, path: construct.path, job: name, status, reason, exitCode, best, trainingJobs: (jobs as Properties[]).map(jobOf),
      model: model === undefined ? undefined : fileUri(model), output: fileUri(results), files, logs: run.folder.at('sagemaker', 'logs'),
    });
    return ended.exitCode;
  });
}

/** What a tuning job looks for can't be said beforehand. */
function notSearched(request: Properties, { hyperparameter }: TuneOptions): Properties {
  const ranges = JSON.stringify([request.HyperParameterTuningJobConfig, ...[request.TrainingJobDefinitions ?? []].flat().map((each) => (each as Properties).HyperParameterRanges)]);
  const searched = [...pairsOf('hyperparameter', hyperparameter).keys()].find((name) => ranges.includes(`"Name":${JSON.stringify(name)}`));
  if (searched !== undefined) { throw new UsageError(`--hyperparameter ${searched}: the tuning job searches for it; \`local train\` takes values`); }
  return request;
}

function limited(request: Properties, options: TuneOptions): Properties {
  const [jobs, parallel] = [countOf('max-jobs', options.maxJobs), countOf('parallel', options.parallel)];
  const config = request.HyperParameterTuningJobConfig as Properties;
  const limits = config.ResourceLimits as { readonly MaxNumberOfTrainingJobs?: number; readonly MaxParallelTrainingJobs: number };
  const most = jobs ?? limits.MaxNumberOfTrainingJobs;
  const atOnce = parallel ?? Math.min(limits.MaxParallelTrainingJobs, most ?? Infinity);
  return { ...request, HyperParameterTuningJobConfig: { ...config, ResourceLimits: { ...limits, ...most !== undefined && { MaxNumberOfTrainingJobs: most }, MaxParallelTrainingJobs: atOnce } } };
}

function jobOf(summary: Properties): object {
  const { TrainingJobName, TrainingJobStatus, TunedHyperParameters, FinalHyperParameterTuningJobObjectiveMetric: objective, FailureReason } = summary;
  const { MetricName, Value } = (objective ?? {}) as { MetricName?: string; Value?: number };
  return { job: TrainingJobName, status: TrainingJobStatus, reason: FailureReason, hyperparameters: TunedHyperParameters, objective: MetricName, value: Value };
}
