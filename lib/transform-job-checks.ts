import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { checkLifecycle } from './launched-job';
import { refuse } from './request/checks';
import {
  boundBy, checkKind, checkKinds, checkLifeKinds, checkTexts, DURATION, ENCRYPTION, KEY, MODEL, NUMBER, OF_A_LIFE, SIZE, STRUCTURE, TEXT, type Kinds,
} from './request/kinds';
import type { TransformJobProps } from './transform-job-props';

const REQUIRED: Kinds = {
  model: MODEL,
  input: boundBy('a DataSource, for instance DataSource.fromBucket(bucket, prefix)'),
  instanceType: TEXT,
};

const OPTIONAL: Kinds = {
  splitType: TEXT, output: boundBy('an OutputLocation'), assembleWith: TEXT, accept: TEXT, instanceCount: NUMBER, volumeKey: KEY, encryption: ENCRYPTION, amiVersion: TEXT, strategy: TEXT,
  maxPayload: SIZE, maxConcurrentTransforms: NUMBER, environment: STRUCTURE, inputFilter: TEXT, outputFilter: TEXT, joinSource: TEXT,
  dataCapture: boundBy('a BatchDataCapture, for instance BatchDataCapture.toBucket(bucket, prefix)'), invocationTimeout: DURATION, maxInvocationRetries: NUMBER,
  experiment: STRUCTURE, overrides: STRUCTURE, ...OF_A_LIFE,
};

/** What only the props of a job can tell, before anything is made of them. What a request can tell is checked with the request. */
export function checkTransformJobProps(job: Construct, props: TransformJobProps): void {
  if (!STRUCTURE[1](props)) { refuse(job, 'props', 'be given', props); }
  for (const [prop, kind] of Object.entries(REQUIRED)) { checkKind(job, prop, props[prop as keyof TransformJobProps] ?? null, kind); }
  checkKinds(job, props, OPTIONAL);
  checkLifeKinds(job, props);
  checkTexts(job, 'environment', props.environment);
  checkLifecycle(job, 'TransformJob', props);
  if (props.removalPolicy === RemovalPolicy.DESTROY) {
    refuse(job, 'removalPolicy', 'be RETAIN or left out: SageMaker can\'t delete the record of a transform job, and its name is never free again', 'DESTROY');
  }
}
