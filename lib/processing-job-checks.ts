import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { CapacityConfig } from './capacity';
import type { ProcessingJobProps } from './processing-job-props';
import { countInRange, durationInRange, inRange, isToken, lengthInRange, matches, refuse, wholeGibibytes } from './request/checks';
import {
  BOOLEAN, boundBy, can, checkKind, checkKinds, checkTexts, DURATION, ENCRYPTION, has, KEY, LIST, OF_A_NETWORK, ROLE, SECRETS, STRUCTURE, TEXT, type Kind, type Kinds,
} from './request/kinds';

const OPTIONAL: Kinds = {
  image: boundBy('a ContainerImage, for instance ContainerImage.fromUri(uri)'), framework: has('a Framework, for instance Framework.pytorch(\'2.6.0\')', 'config'),
  script: ['a Script, for instance Script.fromFile(\'prepare.py\')', can('bind', 'withEntryPoint')], command: LIST, entrypoint: LIST, arguments: LIST,
  inputs: ['a map of ProcessingInput by name', STRUCTURE[1]], outputs: ['a map of ProcessingOutput by name', STRUCTURE[1]], outputKey: KEY, encryption: ENCRYPTION, secrets: SECRETS, maxRuntime: DURATION,
  environment: STRUCTURE, networkIsolation: BOOLEAN, encryptInterContainerTraffic: BOOLEAN, role: ROLE, experiment: STRUCTURE, revision: TEXT, ...OF_A_NETWORK,
};

/** Wrong programs end at synthesis. What CreateProcessingJob takes is in the docs of its members. */
export function checkProcessingJobProps(job: Construct, props: ProcessingJobProps): void {
  if (!STRUCTURE[1](props)) { refuse(job, 'props', 'be given', props); }
  checkKind(job, 'capacity', props.capacity ?? null, has('a Capacity, for instance Capacity.onDemand({ instanceType })', 'config'));
  checkKinds(job, props, OPTIONAL);
  checkCode(job, props);
  checkCapacity(job, props.capacity.config);
  durationInRange(job, 'maxRuntime', props.maxRuntime, Duration.seconds(1), Duration.days(9));
  for (const prop of ['command', 'entrypoint', 'arguments'] as const) { checkWords(job, prop, props[prop], prop === 'command' ? 95 : 100); }
  checkEnvironment(job, props.environment);
  checkParts(job, props);
  for (const [name, value] of Object.entries(props.experiment ?? {})) {
    matches(job, `experiment.${name}`, value as string, /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,119}$/, '1 to 120 letters, digits and dashes, with no dash at either end');
  }
  checkRevision(job, 'revision', props.revision);
}

/** It is written in a tag. */
export function checkRevision(job: Construct, prop: string, revision: string | undefined): void {
  lengthInRange(job, prop, revision, 1, 256);
  matches(job, prop, revision, /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u, 'of letters, digits, spaces and _ . : / = + - @');
}

function checkCode(job: Construct, { image, framework, script, command, entrypoint }: ProcessingJobProps): void {
  if (!image && !framework) { refuse(job, 'image', 'be given, or framework', undefined); }
  if (image && framework) { refuse(job, 'image', 'be left out with framework (its own option image replaces the image)', 'both'); }
  if (framework && !script) { refuse(job, 'script', 'be given: a framework runs a script', undefined); }
  if (script?.isInModelData) { refuse(job, 'script', 'be Script.fromDirectory or another that is there before the job: there is no artifact to find it in', 'Script.inModelData'); }
  if (script && entrypoint) { refuse(job, 'entrypoint', 'be left out with script, whose entry point is started (command says by what)', entrypoint); }
  if (command && !script) { refuse(job, 'command', 'come with script: it starts its entry point', command); }
}

const OTHER_CAPACITY = { instanceGroups: 'groups', instancePreferences: 'preferences', maxWait: 'maxWait', keepAlive: 'keepAlive', trainingPlan: 'trainingPlan', placement: 'placement' } as const;

function checkCapacity(job: Construct, capacity: CapacityConfig): void {
  if (capacity.isServerless) { refuse(job, 'capacity', 'have instances', 'Capacity.serverless()'); }
  for (const [member, prop] of Object.entries(OTHER_CAPACITY)) {
    if (capacity[member as keyof CapacityConfig] !== undefined) { refuse(job, `capacity.${prop}`, 'be left out: a processing job of CloudFormation has instances of one type at the usual price', 'given'); }
  }
  checkKind(job, 'capacity.instanceType', capacity.instanceType ?? null, TEXT);
  matches(job, 'capacity.instanceType', capacity.instanceType, /^ml\.[a-z0-9-]+\.[a-z0-9-]+$/, 'an instance type of SageMaker, for instance ml.m5.xlarge');
  inRange(job, 'capacity.instanceCount', capacity.instanceCount, 1, 100);
  inRange(job, 'capacity.volumeSize', capacity.volumeSize && wholeGibibytes(job, 'capacity.volumeSize', capacity.volumeSize), 1, 16_384, 'GiB');
}

/** What starts a script is part of an entry point, beside what unpacks it. */
function checkWords(job: Construct, prop: string, words: string[] | undefined, most: number): void {
  countInRange(job, prop, words, 1, most);
  if (isToken(words)) { return; }
  words?.forEach((word, index) => {
    checkKind(job, `${prop}[${index}]`, word ?? null, TEXT);
    lengthInRange(job, `${prop}[${index}]`, word, 0, 256);
  });
}

function checkEnvironment(job: Construct, environment: { [name: string]: string } | undefined): void {
  countInRange(job, 'environment', environment, 0, 100);
  checkTexts(job, 'environment', environment);
  if (isToken(environment)) { return; }
  for (const [name, value] of Object.entries(environment ?? {})) {
    matches(job, `environment: the name ${name.slice(0, 40)}`, name, /^[A-Za-z_][A-Za-z0-9_]{0,255}$/, 'of 1 to 256 letters, digits and underscores, without a digit first');
    lengthInRange(job, `environment.${name}`, value, 0, 256);
  }
}

/** The name that the script comes by. */
export const CODE = 'code';

/** A DataSource can be bound too, and is none. */
const INPUT: Kind = ['a ProcessingInput, for instance ProcessingInput.fromData(data)', (value) => can('bind')(value) && !('_isFileSystem' in value)];

function checkParts(job: Construct, { inputs, outputs, script }: ProcessingJobProps): void {
  if (script && inputs && CODE in inputs) { refuse(job, 'inputs', `leave the name ${CODE} to the script, which comes by that input`, CODE); }
  countInRange(job, 'inputs', inputs, 0, script ? 9 : 10);
  countInRange(job, 'outputs', outputs, 0, 10);
  for (const [prop, map, kind] of [['inputs', inputs, INPUT], ['outputs', outputs, boundBy('a ProcessingOutput, for instance ProcessingOutput.toStackBucket()')]] as const) {
    for (const [name, part] of Object.entries(map ?? {})) {
      if (isToken(name)) { refuse(job, prop, 'have names that are known at synthesis', name); }
      matches(job, `${prop}.${name.slice(0, 40)}`, name, /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'named with 1 to 64 letters, digits, dots, dashes and underscores');
      checkKind(job, `${prop}.${name}`, part ?? null, kind);
    }
  }
}

/** A folder of a container: from its root, on one line. */
export function folderInContainer(scope: Construct, prop: string, path: string): void {
  lengthInRange(scope, prop, path, 1, 256);
  matches(scope, prop, path, /^\/.*$/, 'a folder from the root of the container, for instance /opt/ml/processing/input/raw');
}
