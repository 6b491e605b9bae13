import { execFile } from 'node:child_process';
import { chmod, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { CreateTrainingJobRequest } from '@aws-sdk/client-sagemaker';
import { awsImage } from '../aws-image';
import type { ProcessEnd } from '../process-group';
import type { PythonEnvironment } from '../python-environment';
import { pythonFile } from '../python-files';
import { CannotStart, Container, imageFiles, localImage, type LocalImage } from './container';
import { JobFailure, reasonOfEntrypoint, reasonOfScript } from './failure-reason';
import type { JobLog } from './job-log';
import { awsVariables, machineVariables, type Machine } from './machine';
import type { OptMl } from './opt-ml';
import { processProgram, type Program } from './program-run';
import { commandOf, programOf } from './script';

/** A job whose program is to be found. */
export interface JobToRun {
  readonly name: string;
  readonly arn: string;
  readonly request: CreateTrainingJobRequest;
  readonly machine: Machine;
  readonly log: JobLog;
  /** Stands for the root of the container, with `/opt/ml` in it. */
  readonly folder: string;
  readonly ml: OptMl;
  readonly signal: AbortSignal;
}

/** @throws JobFailure, PythonEnvironmentError: why there is none */
export async function trainingProgram(job: JobToRun): Promise<Program> {
  const algorithm = job.request.AlgorithmSpecification;
  const image = localImage(job.machine, algorithm?.TrainingImage);
  return image !== undefined && (!image.runsScripts || algorithm?.ContainerEntrypoint !== undefined) ? imageProgram(job, image) : scriptProgram(job, image);
}

/** The image's own program, or the one that the request names in its place, with the argument `train` unless the request has others. */
async function imageProgram(job: JobToRun, image: LocalImage): Promise<Program> {
  const { ContainerEntrypoint: entrypoint, ContainerArguments: args } = job.request.AlgorithmSpecification ?? {};
  const container = await Container.create(image, imageFiles(image, job.folder), job.machine, job.log, { signal: job.signal });
  const reasonOf = (end: ProcessEnd, said: string) => reasonOfEntrypoint(end, container.asInside(said), job.ml.base);
  try {
    const command = container.command(entrypoint, args ?? (entrypoint === undefined ? ['train'] : []));
    return processProgram({ log: job.log, failureFile: job.ml.failureFile, command, workingFolder: container.workingFolder, reasonOf, environment: { ...container.environment(), ...jobVariables(job), ...job.request.Environment } });
  } catch (error) {
    throw error instanceof CannotStart ? new JobFailure(reasonOf({ code: 127, error: error.message }, '')) : error;
  }
}

/** A script as AWS's training toolkit starts it, or the request's own command. */
async function scriptProgram(job: JobToRun, image: LocalImage | undefined): Promise<Program> {
  const { request, ml } = job;
  const files = image && imageFiles(image, job.folder);
  const script = programOf(request.HyperParameters);
  if (script !== undefined) { await ml.bringCode(job.machine.s3, script); }
  job.signal.throwIfAborted();
  const needs = { requirementsFile: join(ml.code, 'requirements.txt'), mayInstallRequirements: request.EnableNetworkIsolation !== true, log: (line: string) => job.log.note(line), signal: job.signal };
  const container = image && files && await Container.create(image, files, job.machine, job.log, needs);
  const aws = awsImage(image?.plan.base ?? request.AlgorithmSpecification?.TrainingImage);
  const python = container?.python ?? await job.machine.python.environment({ packages: aws?.packages ?? [], expected: aws?.expected, ...needs });
  const { environment, arguments: args } = await toolkitEnvironment(job, python, aws?.frameworkModule ?? '');
  const entrypoint = request.AlgorithmSpecification?.ContainerEntrypoint;
  const command = entrypoint !== undefined
    ? [...entrypoint, ...request.AlgorithmSpecification?.ContainerArguments ?? []].map((part) => ml.argument(part))
    : [...commandOf(script?.program as string, await readdir(ml.code), python.python), ...args];
  if (entrypoint === undefined && command[0] === '/bin/sh') { await chmod(join(ml.code, script?.program as string), 0o755); }
  return processProgram({
    log: job.log,
    failureFile: ml.failureFile,
    command,
    workingFolder: ml.code,
    environment: {
      ...machineVariables(ml.temporary), ...python.variables, ...container?.environment(), ...environment, ...jobVariables(job), SAGEMAKER_BASE_DIR: ml.base, PYTHONPATH: ml.code, ...request.Environment,
    },
    reasonOf: (end, said) => (entrypoint !== undefined ? reasonOfEntrypoint(end, said, ml.base) : reasonOfScript(end, [basename(command[0] as string), ...command.slice(1)], said, ml.base)),
  });
}

function jobVariables({ name, arn, request, machine }: JobToRun): Record<string, string> {
  return { ...request.EnableNetworkIsolation === true ? { AWS_REGION: machine.region } : awsVariables(machine), TRAINING_JOB_NAME: name, TRAINING_JOB_ARN: arn };
}

async function toolkitEnvironment({ ml, name, machine }: JobToRun, python: PythonEnvironment, module: string): Promise<{ readonly environment: Record<string, string>; readonly arguments: string[] }> {
  const args = [pythonFile('training_environment.py'), ml.base, name, machine.region, module];
  const { stdout } = await promisify(execFile)(python.python, args, { env: { ...process.env, ...python.variables } });
  return JSON.parse(stdout) as { environment: Record<string, string>; arguments: string[] };
}
