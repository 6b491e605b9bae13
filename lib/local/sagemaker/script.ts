/** A script in an archive, as AWS's framework images are told of it by hyperparameters (training) or environment (serving). */
export interface Script {
  /** The file to run, relative to the archive's root. */
  readonly program: string;
  /** `s3://…/sourcedir.tar.gz`, a path of the container (`/opt/ml/…`), or nothing: the code is where it should be already. */
  readonly directory?: string;
}

/** A hyperparameter's value: JSON where it is JSON, otherwise the text itself, as the training toolkit reads it. */
export function hyperparameterValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** The script that the hyperparameters of a training job name. */
export function programOf(hyperparameters: Readonly<Record<string, string>> | undefined): Script | undefined {
  const program = hyperparameters?.sagemaker_program;
  if (program === undefined) { return undefined; }
  const directory = hyperparameters?.sagemaker_submit_directory;
  return { program: String(hyperparameterValue(program)), directory: directory === undefined ? undefined : String(hyperparameterValue(directory)) };
}

/** The script that the environment of a model's container names. */
export function servingScriptOf(environment: Readonly<Record<string, string>> | undefined): Script | undefined {
  const program = environment?.SAGEMAKER_PROGRAM;
  return program === undefined || program === '' ? undefined : { program, directory: environment?.SAGEMAKER_SUBMIT_DIRECTORY };
}

/**
 * How the training toolkit runs an entry point: a package with a setup.py, a Python file, or else a command.
 * A command goes through `sh` because a script without `#!` is one too; its name and arguments stay arguments.
 */
export function commandOf(program: string, filesBeside: readonly string[], python: string): readonly string[] {
  const isCommand = program.endsWith('.sh');
  if (!isCommand && filesBeside.includes('setup.py')) { return [python, '-m', program.replace(/\.py$/, '').replaceAll('/', '.')]; }
  return !isCommand && program.endsWith('.py') ? [python, program] : ['/bin/sh', '-c', '"$0" "$@"', `./${program}`];
}
