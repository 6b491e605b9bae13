import type { CfnRole } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { CfnResource, Names, Stack } from 'aws-cdk-lib/core';
import { Construct, type IConstruct, type IDependable } from 'constructs';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { defaultsOf, type Defaults } from './defaults';
import { placeInBucket, type S3Place } from './s3-access';
import { contentHash, filesOf } from './source-files';
import { stackBucket } from './stack-bucket';

/** Files of the app that a deployment unpacks in a bucket. */
export interface DeployedInput {
  readonly place: S3Place;
  readonly contentHash: string;
  readonly deployment: IDependable;
}

/**
 * SageMaker reads files, and what CDK uploads is a zip: so the files are unpacked under `inputs/<hash>/`, once per
 * stack, bucket and content. What lies there is never changed or removed, since the job of an earlier deployment,
 * and a rollback to it, go on reading it.
 */
export function deployedInput(job: Construct, path: string, bucket: IBucket = stackBucket(job)): DeployedInput {
  const isFile = !statSync(path).isDirectory();
  const directory = isFile ? dirname(path) : path;
  const files = isFile ? [basename(path)] : filesOf(path);
  if (files.length === 0) { throw new Error('there are no files in it'); }
  const hash = contentHash(files.map((name) => ({ name, path: join(directory, name) })));
  const prefix = `inputs/${hash}/`;
  const scope = inputsOf(Stack.of(job));
  const id = `${hash.slice(0, 12)}${bucket === scope.node.scope!.node.tryFindChild('SageMakerBucket') ? '' : Names.nodeUniqueId(bucket.node).slice(-8)}`;
  const deployment = scope.node.tryFindChild(id) ?? deploy(scope, id, directory, files, hash, bucket, prefix);
  return { place: placeInBucket(bucket, prefix), contentHash: hash, deployment };
}

function inputsOf(stack: Stack): Construct {
  return (stack.node.tryFindChild('SageMakerInputs') as Construct | undefined) ?? new Construct(stack, 'SageMakerInputs');
}

function deploy(scope: Construct, id: string, directory: string, files: readonly string[], hash: string, bucket: IBucket, prefix: string): Construct {
  // loaded when used: it costs every synthesis that has no data of its own
  const { BucketDeployment, Source } = require('aws-cdk-lib/aws-s3-deployment') as typeof import('aws-cdk-lib/aws-s3-deployment');
  const folder = mkdtempSync(join(tmpdir(), 'cdk-sagemaker-'));
  try {
    // a copy of the files that count: the source may be one file of a large folder, or be reached through links
    for (const file of files) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      copyFileSync(join(directory, file), join(folder, file));
    }
    const deployment = new BucketDeployment(scope, id, {
      sources: [Source.asset(folder, { assetHash: hash, displayName: `${scope.node.path} ${basename(directory)}` })],
      destinationBucket: bucket,
      destinationKeyPrefix: prefix,
      prune: false,
      retainOnDelete: true,
      memoryLimit: 512,                                      // the 128 MB it has by itself are not enough for the zip of a small data set
    });
    quieten(deployment.handlerRole.node.scope?.node.defaultChild);
    confine(deployment.handlerRole.node.defaultChild as CfnRole, defaultsOf(scope));
    return deployment;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The role of CDK's function is made for ours. */
function confine(role: CfnRole, { permissionsBoundary, rolePath }: Defaults): void {
  role.path ??= rolePath;
  role.permissionsBoundary ??= permissionsBoundary?.managedPolicyArn;
}

/** CDK lets its function depend on a role that the function names anyway; cfn-lint remarks on it (W3005). */
function quieten(handler: IConstruct | undefined): void {
  if (handler && CfnResource.isCfnResource(handler)) { handler.addMetadata('cfn-lint', { config: { ignore_checks: ['W3005'] } }); }
}
