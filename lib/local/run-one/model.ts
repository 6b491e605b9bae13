import { createReadStream, existsSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandError, UsageError } from '../cli/output';
import type { Properties } from '../cloudformation/stack-record';
import { withNumbers } from '../resources/sagemaker-values';
import { packFolder } from '../sagemaker/archive';
import { servingScriptOf } from '../sagemaker/script';
import { pairsOf, type RunOptions } from './job-options';
import { checkKnown } from './known';
import { bring, liveSource } from './live-source';
import { dataAt } from './local-path';
import type { OneRun } from './one-run';

/** A model's data and code, where they are not those of the app. */
export interface ModelOptions extends RunOptions {
  /** A file, a folder, or `<container host name>=<file or folder>`. */
  readonly model: readonly string[];
}

type Container = { readonly [member: string]: unknown };
type Texts = Readonly<Record<string, string>>;

/** Makes a model of the app in the run's SageMaker. @returns its name @throws CommandError */
export async function createModel(run: OneRun, logicalId: string, options: ModelOptions): Promise<string> {
  const properties = withNumbers(await run.values.properties(logicalId));
  const { PrimaryContainer: primary, Containers: several } = properties as { PrimaryContainer?: Container; Containers?: readonly Container[] };
  const containers = primary === undefined ? several ?? [] : [primary];
  const models = modelsOf(options.model, containers);
  const environment = pairsOf('environment', options.environment, /^[A-Za-z_][A-Za-z0-9_]*$/);
  const changed: Container[] = [];
  for (const [index, container] of containers.entries()) {
    const given = { ...container, Environment: { ...container.Environment as Texts, ...Object.fromEntries(environment) } };
    changed.push(await withLiveScript(run, await withModelData(run, given, models[index]), options.source, index));
  }
  const request = checkKnown(run, { ...properties, ...primary === undefined ? { Containers: changed } : { PrimaryContainer: changed[0] } });
  await run.data.publish(request);
  const name = `${run.values.pathOf(logicalId).replace(/[^A-Za-z0-9]+/g, '-').slice(-50).replace(/^-|-$/g, '')}-local`;
  await run.machine.sageMaker.call('CreateModel', { ...request, ModelName: name });
  return name;
}

/** What `--model` gives to each container. */
function modelsOf(texts: readonly string[], containers: readonly Container[]): (string | undefined)[] {
  const hosts = containers.map(({ ContainerHostname: host }) => host as string | undefined);
  const models: (string | undefined)[] = containers.map(() => undefined);
  for (const text of texts) {
    const [, host, path] = /^([A-Za-z0-9-]{1,63})=(.+)$/.exec(text) ?? [];
    const index = host === undefined ? containers.length === 1 ? 0 : -1 : hosts.indexOf(host);
    if (index < 0) { throw new UsageError(`--model must say of which container the model is, <container>=${path ?? text}: one of ${hosts.map((each, at) => each ?? `(container ${at + 1}, which has no name)`).join(', ')}`); }
    models[index] = path ?? text;
  }
  return models;
}

async function withModelData(run: OneRun, container: Container, given: string | undefined): Promise<Container> {
  const { values, data, output, construct } = run;
  const source = (container.ModelDataSource as { readonly S3DataSource?: { readonly S3Uri?: string } } | undefined)?.S3DataSource;
  const uri = container.ModelDataUrl as string | undefined ?? source?.S3Uri;
  const unknown = values.unknowns.in(uri);
  const last = given === undefined && unknown !== undefined ? data.lastResult(unknown) : undefined;
  if (last !== undefined) { output.progress(`model: what the last run of ${last.job} has left, ${last.path}`); }
  const path = given === undefined ? last?.path : dataAt(given);
  if (path !== undefined) { return withArtifact(container, await data.add('model', artifactIn(path))); }
  if (uri !== undefined && unknown === undefined && !await data.bring(uri)) {
    throw new CommandError(`${construct.path}: the model's data are not here: there is nothing at ${uri} in the local S3. Give --model <file or folder>`);
  }
  return container;
}

/** A folder of results has the archive in it. */
function artifactIn(path: string): string {
  const archive = join(path, 'model.tar.gz');
  if (statSync(path).isDirectory()) { return existsSync(archive) ? archive : path; }
  if (/\.(tar\.gz|tgz)$/.test(path)) { return path; }
  throw new UsageError(`--model must be a .tar.gz or a folder, got ${path}`);
}

function withArtifact({ ModelDataUrl: _url, ModelDataSource: _source, ...container }: Container, uri: string): Container {
  return uri.endsWith('/')
    ? { ...container, ModelDataSource: { S3DataSource: { S3Uri: uri, S3DataType: 'S3Prefix', CompressionType: 'None' } } }
    : { ...container, ModelDataUrl: uri };
}

/** The inference script as it is on disk now, where that is known. */
async function withLiveScript(run: OneRun, container: Container, given: string | undefined, index: number): Promise<Container> {
  const script = servingScriptOf(container.Environment as Texts | undefined);
  const archive = script?.directory;
  if (script === undefined || archive === undefined || (given === undefined && !archive.startsWith('s3://'))) { return container; }
  const key = archive.slice(archive.lastIndexOf('/') + 1);
  const source = await liveSource(run.construct.stack, key, given, script.program, run.folder.at('source', String(index)));
  if (source === undefined) {
    if (run.values.unknowns.in(archive) === undefined) { await run.data.bring(archive); }
    run.output.progress(`source: ${key}, as synthesized; --source <folder> takes the files on disk`);
    return container;
  }
  run.output.progress(`source: ${source.from}, as on disk now`);
  const uri = await packed(run, source.folder, index);
  return { ...container, Environment: { ...container.Environment as Properties, SAGEMAKER_SUBMIT_DIRECTORY: uri } };
}

async function packed({ folder, machine: { s3 }, data }: OneRun, source: string, index: number): Promise<string> {
  const [files, archive] = [folder.at('source', `packed-${index}`), folder.at('source', `${index}.tar.gz`)];
  await bring(source, files);
  await packFolder(files, archive);
  const { bucket, key } = await data.ours(`source/${index}/sourcedir.tar.gz`);
  await s3.put(bucket, key, createReadStream(archive));
  await rm(archive, { force: true });
  return `s3://${bucket}/${key}`;
}
