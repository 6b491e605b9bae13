import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resourcePaths } from './resource-paths';
import type { ResourcePaths } from './resource-paths';

/** A stack as `cdk synth` has written it. */
export interface AssemblyStack {
  /** Id of its artifact. */
  readonly id: string;
  /** What the CDK calls it: `Stage/Stack`. */
  readonly displayName: string;
  readonly stackName: string;
  /** Folder of the assembly that it is in. */
  readonly folder: string;
  readonly templateFile: string;
  readonly assetFiles: readonly string[];
  /** undefined: wherever it is deployed. */
  readonly account?: string;
  readonly region?: string;
  readonly parameters: { readonly [name: string]: string };
  /** The role that CloudFormation is given for it, that of the bootstrap as a rule. */
  readonly roleArn?: string;
  /** Ids of the stacks that come before it. */
  readonly dependencies: readonly string[];
  /** What its resources are called by the app. */
  readonly paths: ResourcePaths;
  readonly metadata: Metadata;
}

/** Construct path -> what is known of it. */
export interface Metadata { readonly [path: string]: readonly { readonly type: string; readonly data?: unknown }[] }

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly displayName?: string;
  readonly dependencies?: readonly string[];
  readonly additionalMetadataFile?: string;
  readonly metadata?: Metadata;
  readonly properties?: { readonly templateFile?: string; readonly stackName?: string; readonly parameters?: { readonly [name: string]: string }; readonly file?: string; readonly directoryName?: string; readonly cloudFormationExecutionRoleArn?: string };
}

/** The stacks of a cloud assembly, those of its stages included. @throws Error when there is none, or one that is not complete */
export function stacksOf(folder: string): AssemblyStack[] {
  const file = join(folder, 'manifest.json');
  if (!existsSync(file)) { throw new Error(`${folder} is no cloud assembly: it has no manifest.json`); }
  const { artifacts = {}, missing = [] } = JSON.parse(readFileSync(file, 'utf8')) as { artifacts?: { [id: string]: Artifact }; missing?: readonly { readonly provider: string }[] };
  if (missing.length > 0) {
    throw new Error(`${folder} is not complete: the app looks things up in an AWS account (${missing.map(({ provider }) => provider).join(', ')}). Run \`cdk synth\` with credentials once, and keep cdk.context.json`);
  }
  return Object.entries(artifacts).flatMap(([id, artifact]) => {
    if (artifact.type === 'cdk:cloud-assembly') { return stacksOf(join(folder, artifact.properties?.directoryName ?? '.')); }
    return artifact.type === 'aws:cloudformation:stack' ? [stackOf(id, artifact, artifacts, folder)] : [];
  });
}

/** What the app has written down: the logical ids of a stack and of what is nested in it, each with the path of its construct. */
export function logicalIdsIn(metadata: Metadata): (readonly [logicalId: string, path: string])[] {
  return Object.entries(metadata).flatMap(([path, entries]) => entries.filter(({ type }) => type === 'aws:cdk:logicalId').map(({ data }) => [String(data), path.replace(/^\//, '')] as const));
}

function stackOf(id: string, artifact: Artifact, artifacts: { readonly [id: string]: Artifact }, folder: string): AssemblyStack {
  const [, account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(artifact.environment ?? '') ?? [];
  const needed = artifact.dependencies ?? [];
  const metadataFile = join(folder, artifact.additionalMetadataFile ?? '');
  const metadata = artifact.metadata ?? (artifact.additionalMetadataFile === undefined ? {} : JSON.parse(readFileSync(metadataFile, 'utf8')) as Metadata);
  return {
    id, folder,
    displayName: artifact.displayName ?? id,
    stackName: artifact.properties?.stackName ?? id,
    templateFile: join(folder, artifact.properties?.templateFile ?? `${id}.template.json`),
    assetFiles: needed.filter((name) => artifacts[name]?.type === 'cdk:asset-manifest').map((name) => join(folder, artifacts[name]?.properties?.file ?? '')),
    account: account === 'unknown-account' ? undefined : account,
    region: region === 'unknown-region' ? undefined : region,
    parameters: artifact.properties?.parameters ?? {},
    roleArn: artifact.properties?.cloudFormationExecutionRoleArn,
    dependencies: needed.filter((name) => artifacts[name]?.type === 'aws:cloudformation:stack'),
    paths: resourcePaths(new Map(logicalIdsIn(metadata))),
    metadata,
  };
}

export const templateOfStack = ({ templateFile }: AssemblyStack): unknown => JSON.parse(readFileSync(templateFile, 'utf8'));
