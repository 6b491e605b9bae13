import { CfnModelPackage, type CfnModelPackageProps } from 'aws-cdk-lib/aws-sagemaker';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { createHash } from 'node:crypto';
import { namePrefix } from './names';

/** What an algorithm resource has made. */
export interface AlgorithmResult {
  /** The name or ARN of the algorithm. */
  readonly algorithmName: string;
  /** The artifact, one compressed archive. */
  readonly modelDataUrl: string;
  /** The job that made it, where that is known: each run has a name of its own. */
  readonly jobName?: string;
}

const ID = 'ModelPackage';

/**
 * The package by which the result of an algorithm is served: the algorithm knows the image that serves, and nobody else.
 * A scope has one, however many models are made of it. CreateModel takes its ARN as the name of a package.
 *
 * A package can't be changed, and its name is given by us: it is new with each artifact, so that the package of the run
 * before, which an endpoint may still be served by, is there until that endpoint has gone over.
 */
export function algorithmModelPackage(scope: Construct, result: AlgorithmResult): CfnModelPackage {
  const existing = scope.node.tryFindChild(ID) as CfnModelPackage | undefined;
  return existing ?? new CfnModelPackage(scope, ID, algorithmPackageProps(scope, result));
}

/** What CreateModelPackage is told of it. */
export function algorithmPackageProps(scope: Construct, { algorithmName, modelDataUrl, jobName }: AlgorithmResult): CfnModelPackageProps {
  return {
    modelPackageName: jobName ?? `${namePrefix(scope)}-${digest(scope, [algorithmName, modelDataUrl])}`,
    modelPackageDescription: `Result of the algorithm ${algorithmName}`,
    sourceAlgorithmSpecification: { sourceAlgorithms: [{ algorithmName, modelDataUrl }] },
  };
}

/** Of a text as the template writes it: what is known at deployment only counts by where it comes from. */
function digest(scope: Construct, texts: string[]): string {
  return createHash('sha256').update(JSON.stringify(Stack.of(scope).resolve(texts))).digest('hex').slice(0, 10);
}
