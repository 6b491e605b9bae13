import type { Properties } from '../cloudformation/stack-record';
import { withNumbers } from '../resources/sagemaker-values';
import type { Runnable } from '../run-one/construct';
import { checkChoice, checkName, secondsOf } from '../run-one/job-options';
import { withJobName } from '../run-one/job-request';
import { checkKnown } from '../run-one/known';
import { createModel, type ModelOptions } from '../run-one/model';
import { fileUri, outputFolder, takeOut, withRun, type OneRun } from '../run-one/one-run';
import { jobName, runJob, type Follow } from '../run-one/run-job';
import { CommandError, UsageError, type Output } from './output';
import { endOf, sayResults } from './train';

export interface TransformOptions extends ModelOptions {
  readonly input?: string;
  readonly output?: string;
  readonly name?: string;
  readonly contentType?: string;
  readonly accept?: string;
  readonly splitType?: string;
  readonly strategy?: string;
  readonly assembleWith?: string;
  readonly maxPayload?: string;
  readonly maxRuntime?: string;
}

const TRANSFORM_JOB: Runnable = { noun: 'transform job', types: ['Custom::SageMakerTransformJob'] };
const LONGEST_NAME = 63;

/** `cdk-sagemaker local transform`. @returns the exit code @throws CommandError */
export function transform(path: string | undefined, options: TransformOptions, output: Output, follow: Follow): Promise<number> {
  if (options.maxRuntime !== undefined) { secondsOf('max-runtime', options.maxRuntime); }
  checkName(options.name, LONGEST_NAME);
  checkChoice('split-type', options.splitType, ['None', 'Line']);
  checkChoice('strategy', options.strategy, ['SingleRecord', 'MultiRecord']);
  checkChoice('assemble-with', options.assembleWith, ['None', 'Line']);
  return withRun(path, TRANSFORM_JOB, options, output, async (run) => {
    const { construct, values, data, folder } = run;
    const results = outputFolder(run, options.output);
    const properties = await values.properties(construct.logicalId);
    const name = jobName(String(properties.NamePrefix), LONGEST_NAME, options.name);
    const { ModelName: _, ...template } = withNumbers(withJobName(properties.Request as Properties, (properties.JobNameIn ?? []) as string[], name));
    const ModelName = await createModel(run, modelOfTransform(run, properties), options);
    const { S3OutputPath } = template.TransformOutput as { S3OutputPath: string };
    const changed = await withInput(run, withOptions(template, options), options.input);
    const to = await data.writable(S3OutputPath, `output/${name}`);
    const request = checkKnown(run, { ...changed, ModelName, TransformOutput: { ...changed.TransformOutput as Properties, S3OutputPath: to } });
    folder.write({ path: construct.path, kind: 'TransformJob', job: name });
    const ended = await runJob(run, 'TransformJob', name, request, follow);
    const files = await takeOut(run, to, results);
    folder.write({ path: construct.path, kind: 'TransformJob', job: name, status: ended.status, output: results });
    sayResults(run, files, results, undefined);
    const { status, reason, exitCode } = endOf(ended) as { status: string; reason?: string; exitCode: number };
    output.json({ ok: exitCode === 0, path: construct.path, job: name, status, reason, exitCode, output: fileUri(results), files, logs: folder.at('sagemaker', 'logs') });
    return exitCode;
  });
}

function modelOfTransform({ construct, values }: OneRun, properties: Properties): string {
  const { ModelName: name } = properties.Request as { readonly ModelName?: unknown };
  const logicalId = values.unknowns.in(name)?.logicalId;
  if (logicalId !== undefined && values.resources[logicalId]?.Type === 'AWS::SageMaker::Model') { return logicalId; }
  throw new CommandError(`${construct.path}: the model ${values.unknowns.in(name)?.what ?? String(name)} is none of the job's stack, and only such can be made here`);
}

function withOptions(request: Properties, options: TransformOptions): Properties {
  const { contentType, accept, splitType, strategy, assembleWith, maxPayload } = options;
  const megabytes = maxPayload === undefined ? undefined : Number(maxPayload);
  if (megabytes !== undefined && !/^\d{1,3}$/.test(maxPayload as string)) { throw new UsageError(`--max-payload must be a number of megabytes, got ${maxPayload}`); }
  return {
    ...request,
    ...strategy !== undefined && { BatchStrategy: strategy },
    ...megabytes !== undefined && { MaxPayloadInMB: megabytes },
    TransformInput: { ...request.TransformInput as Properties, ...contentType !== undefined && { ContentType: contentType }, ...splitType !== undefined && { SplitType: splitType } },
    TransformOutput: { ...request.TransformOutput as Properties, ...accept !== undefined && { Accept: accept }, ...assembleWith !== undefined && { AssembleWith: assembleWith } },
  };
}

async function withInput({ construct, values, data, output }: OneRun, request: Properties, given: string | undefined): Promise<Properties> {
  const input = request.TransformInput as { readonly DataSource: { readonly S3DataSource: { readonly S3Uri: string } } };
  const uri = input.DataSource.S3DataSource.S3Uri;
  const unknown = values.unknowns.in(uri);
  const last = given === undefined && unknown !== undefined ? data.lastResult(unknown) : undefined;
  if (last !== undefined) { output.progress(`input: what the last run of ${last.job} has left, ${last.path}`); }
  const from = given ?? last?.path;
  if (from === undefined || from.startsWith('s3://')) {
    const known = from ?? uri;
    if (values.unknowns.in(known) === undefined && !await data.bring(known)) {
      throw new CommandError(`${construct.path}: the input is not here: there is nothing at ${known} in the local S3, and the app deploys nothing there. Give --input <folder or file>`);
    }
    return from === undefined ? request : { ...request, TransformInput: { ...input, DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: from } } } };
  }
  return { ...request, TransformInput: { ...input, DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: await data.add('input', from) } } } };
}
