import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { CreateProcessingJobRequest } from '@aws-sdk/client-sagemaker';
import { awsImage } from '../aws-image';
import type { ProcessEnd } from '../process-group';
import { CannotStart, Container, imageFiles, localImage, type LocalImage } from './container';
import { JobFailure, reasonOfEntrypoint } from './failure-reason';
import type { JobLog } from './job-log';
import { awsVariables, machineVariables, type Machine } from './machine';
import type { OptMl } from './opt-ml';
import { processProgram, type Program } from './program-run';

/** A job whose program is to be found. */
export interface ProcessingToRun {
  readonly request: CreateProcessingJobRequest;
  readonly machine: Machine;
  readonly log: JobLog;
  /** Stands for the root of the container, with `/opt/ml` in it. */
  readonly folder: string;
  readonly ml: OptMl;
  readonly signal: AbortSignal;
}

/** @throws JobFailure, PythonEnvironmentError: why there is none */
export async function processingProgram(job: ProcessingToRun): Promise<Program> {
  for (const file of await filesThatNameOptMl(job.ml.here('/opt/ml/processing'))) {
    job.log.note(`${file.replace(job.ml.base, '/opt/ml')} names /opt/ml, which is ${job.ml.base} here: `
      + 'arguments and variables of the job are told so, and the variable SAGEMAKER_BASE_DIR says it to a program.');
  }
  const image = localImage(job.machine, job.request.AppSpecification?.ImageUri);
  return image === undefined ? entrypointProgram(job) : imageProgram(job, image);
}

/** The program of an image of the user's own, or the one that the request names in its place. */
async function imageProgram(job: ProcessingToRun, image: LocalImage): Promise<Program> {
  const { ContainerEntrypoint: entrypoint, ContainerArguments: args } = job.request.AppSpecification ?? {};
  const container = await Container.create(image, imageFiles(image, job.folder), job.machine, job.log, { signal: job.signal });
  const reasonOf = (end: ProcessEnd, said: string) => reasonOfEntrypoint(end, container.asInside(said), job.ml.base);
  try {
    const command = container.command(entrypoint, args ?? (entrypoint === undefined ? image.plan.cmd ?? [] : []));
    return processProgram({ log: job.log, command, workingFolder: container.workingFolder, reasonOf, environment: { ...container.environment(), ...jobVariables(job) } });
  } catch (error) {
    throw error instanceof CannotStart ? new JobFailure(reasonOf({ code: 127, error: error.message }, '')) : error;
  }
}

/** The request's own command, with what AWS's image brings for Python. */
async function entrypointProgram(job: ProcessingToRun): Promise<Program> {
  const { request, machine, ml } = job;
  const aws = awsImage(request.AppSpecification?.ImageUri);
  const python = await machine.python.environment({ packages: aws?.packages ?? [], expected: aws?.expected, log: (line) => job.log.note(line), signal: job.signal });
  const { ContainerEntrypoint: entrypoint = [], ContainerArguments: given = [] } = request.AppSpecification ?? {};
  const [command = '', ...args] = [...entrypoint, ...given].map((part) => ml.argument(part));
  return processProgram({
    log: job.log,
    // Images have it under names and at paths that a machine need not have.
    command: [/^python[\d.]*$/.test(basename(command)) ? python.python : command, ...args],
    workingFolder: ml.here('/opt/ml/processing'),
    environment: { ...machineVariables(ml.temporary), ...python.variables, SAGEMAKER_BASE_DIR: ml.base, ...jobVariables(job) },
    reasonOf: (end, said) => reasonOfEntrypoint(end, said, ml.base),
  });
}

function jobVariables({ request, machine, ml }: ProcessingToRun): Record<string, string> {
  return {
    ...request.NetworkConfig?.EnableNetworkIsolation === true ? { AWS_REGION: machine.region } : awsVariables(machine),
    ...Object.fromEntries(Object.entries(request.Environment ?? {}).map(([name, value]) => [name, ml.argument(value)])),
  };
}

/** Files among the inputs that are small enough to be written by hand. */
async function filesThatNameOptMl(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      found.push(...await filesThatNameOptMl(path));
    } else if (/\.(py|sh|R|r)$/.test(entry.name) && (await stat(path)).size < 256 * 1024) {
      const text = await readFile(path, 'latin1');
      if (text.includes('/opt/ml') && !text.includes('SAGEMAKER_BASE_DIR')) { found.push(path); }
    }
  }
  return found;
}
