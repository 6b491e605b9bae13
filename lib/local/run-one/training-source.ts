import type { Properties } from '../cloudformation/stack-record';
import { hyperparameterValue, programOf } from '../sagemaker/script';
import { CommandError } from '../cli/output';
import { eachDefinition } from './job-request';
import { liveSource } from './live-source';
import type { OneRun } from './one-run';

type Texts = Readonly<Record<string, string>>;
/** Where the Python SDK's local mode puts code that it does not pack. */
const CODE = '/opt/ml/code';

/** The script of a training job as it is on disk now, where that is known; says which files are used. @throws CommandError */
export async function withLiveSource(run: OneRun, request: Properties, given: string | undefined): Promise<Properties> {
  const archives = new Map<string, string>();
  eachDefinition(request, (definition, { hyperparameters }) => {
    const script = programOf(definition[hyperparameters] as Texts | undefined);
    if (script?.directory !== undefined) { archives.set(script.directory, script.program); }
    return definition;
  });
  if (archives.size === 0) {
    if (given !== undefined) { throw new CommandError(`${run.construct.path}: --source is for jobs with a script, and this one runs a program of its image`); }
    return request;
  }
  // Several definitions may have scripts of their own; there is one folder for code.
  const [[archive, program]] = [...archives] as [[string, string]];
  const name = archive.slice(archive.lastIndexOf('/') + 1);
  const source = archives.size > 1 && given === undefined ? undefined : await liveSource(run.construct.stack, name, given, program, run.folder.at('source'));
  if (source === undefined) {
    for (const uri of archives.keys()) { if (run.values.unknowns.in(uri) === undefined) { await run.data.bring(uri); } }
    run.output.progress(`source: ${name}, as synthesized; --source <folder> takes the files on disk`);
    return request;
  }
  run.output.progress(`source: ${source.from}, as on disk now`);
  run.volumes.set(CODE, source.folder);
  return eachDefinition(request, (definition, { hyperparameters }) => {
    const texts = definition[hyperparameters] as Texts | undefined;
    const wasJson = typeof hyperparameterValue(texts?.sagemaker_submit_directory ?? '') === 'string';
    return texts === undefined || !wasJson ? definition : { ...definition, [hyperparameters]: { ...texts, sagemaker_submit_directory: JSON.stringify(CODE) } };
  });
}
