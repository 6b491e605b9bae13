import { mkdirSync, rmSync } from 'node:fs';
import { copyFile, mkdir, rename } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { assemblyOf } from '../cli/app';
import { deployedStacks } from '../cli/deployed';
import { CommandError, UsageError, type Output } from '../cli/output';
import type { Place } from '../publish';
import { parseS3Uri } from '../s3-folder';
import { ServiceError } from '../service-error';
import { chosenConstruct, type Runnable, type RunnableConstruct } from './construct';
import { checkNoneEmpty, modeOf, pairsOf, type RunOptions } from './job-options';
import { pathOf } from './local-path';
import { RunData } from './run-data';
import { assemblyFolder, RunFolder } from './run-folder';
import { RunMachine } from './run-machine';
import { TemplateValues } from './template-values';

/** The account of those who say none. */
const ACCOUNT = '123456789012';
const REGION = 'us-east-1';

/** One construct, ready to be run. */
export interface OneRun {
  readonly construct: RunnableConstruct;
  readonly folder: RunFolder;
  readonly machine: RunMachine;
  readonly values: TemplateValues;
  readonly data: RunData;
  readonly place: Place;
  readonly state: string;
  /** For training jobs: may be added to until a job is made. */
  readonly volumes: Map<string, string>;
  readonly output: Output;
}

/**
 * Opens a SageMaker of its own for a construct, lets something be done with it, and leaves nothing running.
 *
 * @param path of the construct. @default - the only one there is
 * @throws CommandError
 */
export async function withRun(path: string | undefined, runnable: Runnable, options: RunOptions, output: Output, work: (run: OneRun) => Promise<number>): Promise<number> {
  checkNoneEmpty(options);
  const [mode, state] = [modeOf(options), resolve(options.state)];
  const parameters = Object.fromEntries(pairsOf('parameters', options.parameters));
  const synthesized = assemblyFolder(state);
  let machine: RunMachine | undefined;
  let folder: RunFolder | undefined;
  try {
    const construct = chosenConstruct(await assemblyOf(options.app, synthesized, output, { 'aws:cdk:enable-asset-metadata': true }), path, runnable);
    const place = { account: construct.stack.account ?? ACCOUNT, region: construct.stack.region ?? REGION };
    folder = RunFolder.create(state, construct.path);
    const volumes = new Map<string, string>();
    machine = await RunMachine.open({ folder: folder.folder, ...place, mode, volumes }).catch((error: Error) => { throw new CommandError(error.message); });
    const resources = deployedStacks(state).find(({ stackName, status }) => stackName === construct.stack.stackName && status !== 'DELETE_COMPLETE')?.resources;
    const values = new TemplateValues({ construct, s3: machine.s3, ...place, parameters, deployed: (logicalId) => resources?.[logicalId]?.physical });
    const data = new RunData({ construct, values, machine, state, place });
    output.progress(output.paint('grey', `${construct.path}: ${machine.said}`));
    return await work({ construct, folder, machine, values, data, place, state, volumes, output });
  } catch (error) {
    throw error instanceof ServiceError ? new CommandError(error.message) : error;
  } finally {
    await machine?.close();
    rmSync(synthesized, { recursive: true, force: true });
    folder?.tidy();
  }
}

/** Where results go. @throws CommandError */
export function outputFolder({ folder, construct }: Pick<OneRun, 'folder' | 'construct'>, given: string | undefined): string {
  const path = given === undefined ? folder.at('output') : pathOf(given);
  if (path === undefined) { throw new UsageError(`${construct.path}: --output must be a folder or a file:// URI, got ${given}`); }
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new CommandError(`--output ${given} can't be used: ${(error as Error).message}`);
  }
  return path;
}

/** Takes the objects below a URI to a folder, out of the run's S3. @returns their paths in the folder */
export async function takeOut({ machine: { s3 } }: Pick<OneRun, 'machine'>, uri: string, folder: string): Promise<string[]> {
  const { bucket, key: prefix } = parseS3Uri(uri.replace(/\/*$/, '/')) as { bucket: string; key: string };
  const names = (await s3.list(bucket, prefix).catch(() => [])).map(({ key }) => key.slice(prefix.length));
  for (const name of names) {
    const [from, to] = [s3.pathOf(bucket, prefix + name), join(folder, name)];
    await mkdir(dirname(to), { recursive: true });
    // Another file system can't be moved to.
    await rename(from, to).catch(() => copyFile(from, to));
  }
  return names;
}

/** `file:///…` */
export const fileUri = (path: string) => pathToFileURL(path).href;
