import { ListModelPackagesCommand, type ModelPackageSummary, type SageMakerClient } from '@aws-sdk/client-sagemaker';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { approvedVersionKey } from '../limits/approved-version';
import { partitionOf } from '../limits/partitions';
import { clientsFor, type Clients, type Target } from './clients';
import { CommandError, inWords, usageError } from './faults';
import { Screen } from './screen';
import { PROCESS, regionOfArn, type Surface } from './with-job';

export interface PinOptions extends Omit<Target, 'localEndpoint'> {
  /** The name or the ARN of a group. */
  readonly group: string;
  /** @default - that of the credentials */
  readonly account?: string;
  /** Another version than the latest. It must be approved as well. */
  readonly to?: string;
  /** The file that the CDK keeps its context in. */
  readonly context: string;
  readonly json: boolean;
  readonly color: boolean;
}

/** `cdk-sagemaker pin-model`. @returns the exit code @throws CommandError */
export async function pinModel(options: PinOptions, surface: Surface = PROCESS): Promise<number> {
  const screen = new Screen({ ...surface, json: options.json, color: options.color });
  const context = readContext(options.context);
  const clients = surface.clients ?? clientsFor({ ...options, region: regionOfArn(options.group) ?? options.region });
  const { key, version, arn } = pinOf(await approvedVersion(options, clients));
  const before = context[key];
  if (before !== version) { writeFileSync(options.context, `${JSON.stringify({ ...context, [key]: version }, undefined, 2)}\n`); }
  await screen.result(options.json ? JSON.stringify({ key, before: before ?? null, version, arn }) : `${arn}: version ${change(before, version)}`);
  return 0;
}

async function approvedVersion({ group, account, to }: PinOptions, { sageMaker, logs }: Clients): Promise<ModelPackageSummary> {
  try {
    const asked = account === undefined || group.startsWith('arn:') ? group : await groupArn(sageMaker, account, group);
    const wanted = versionOf(to);
    const found = await firstApproved(sageMaker, asked, wanted);
    return found ?? fail(`there is no ${wanted === undefined ? 'approved version' : `version ${wanted} that is approved`} in the model package group ${asked}; nothing was changed`);
  } catch (error) {
    throw error instanceof CommandError ? error : new CommandError(inWords(error, ''));
  } finally {
    sageMaker.destroy();
    logs.destroy();
  }
}

/** The newest first. One whose validation has failed, or goes on, can't be deployed. */
async function firstApproved(sageMaker: SageMakerClient, ModelPackageGroupName: string, wanted: number | undefined): Promise<ModelPackageSummary | undefined> {
  let NextToken: string | undefined;
  do {
    const page = await sageMaker.send(new ListModelPackagesCommand({ ModelPackageGroupName, ModelApprovalStatus: 'Approved', SortBy: 'CreationTime', SortOrder: 'Descending', NextToken }));
    const found = page.ModelPackageSummaryList?.find(({ ModelPackageStatus: status, ModelPackageVersion: version }) => status === 'Completed' && (wanted === undefined || version === wanted));
    if (found) { return found; }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return undefined;
}

/** By the ARN that SageMaker gives the version: the key is made of it, here as at synthesis. */
function pinOf({ ModelPackageArn: arn = '', ModelPackageVersion: version }: ModelPackageSummary): { readonly key: string; readonly version: number; readonly arn: string } {
  const parts = /^arn:[^:]+:sagemaker:([^:]+):([^:]+):model-package\/([^/]+)\/[0-9]+$/.exec(arn);
  if (!parts || version === undefined) { return fail(`SageMaker's answer is none of a version in a group: ${arn}`); }
  const [, region, account, group] = parts as unknown as [string, string, string, string];
  return { key: approvedVersionKey({ region, account, group }), version, arn };
}

/** A group of another account is known by its ARN alone. */
async function groupArn(sageMaker: SageMakerClient, account: string, group: string): Promise<string> {
  const region = await sageMaker.config.region();
  return `arn:${partitionOf(region)}:sagemaker:${region}:${account}:model-package-group/${group.toLowerCase()}`;
}

function versionOf(to: string | undefined): number | undefined {
  if (to !== undefined && !/^[1-9][0-9]{0,8}$/.test(to)) { throw usageError(`--to must be the number of a version, got ${to}`); }
  return to === undefined ? undefined : Number(to);
}

function readContext(file: string): { readonly [key: string]: unknown } {
  if (!existsSync(file)) { return {}; }
  try {
    const context: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof context === 'object' && context !== null && !Array.isArray(context)) { return context as { [key: string]: unknown }; }
  } catch { /* said below */ }
  return fail(`${file} is no JSON object; nothing was changed`);
}

const change = (before: unknown, version: number) => (before === undefined ? `${version} (none before)` : before === version ? `${version}, as before` : `${String(before)} -> ${version}`);

function fail(message: string): never {
  throw new CommandError(message);
}
