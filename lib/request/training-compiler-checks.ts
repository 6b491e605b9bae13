import type { IConstruct } from 'constructs';
import type { CapacityConfig } from '../capacity';
import type { FrameworkConfig } from '../framework';
import { isToken, refuse } from './checks';
import { isBefore } from './framework-rows';

const INSTANCES = ['p3', 'p3dn', 'g4dn', 'p4d', 'g5'];

/** The versions whose images have the compiler, and from which on several instances need PyTorch on XLA. */
const RANGES: { readonly [framework: string]: { readonly first: string; readonly beyond?: string; readonly xlaFrom?: string } } = {
  pytorch: { first: '1.12', xlaFrom: '1.12' },
  tensorflow: { first: '2.9', beyond: '2.12' },
  huggingface: { first: '1.9', beyond: '1.12', xlaFrom: '1.11' },
};

/** What the training compiler does not go with. `distribution` are the hyperparameters that a distribution brings. */
export function checkTrainingCompiler(scope: IConstruct, { name, version, baseVersion, options }: FrameworkConfig, capacity: CapacityConfig, distribution: { [name: string]: unknown }): void {
  const prop = 'algorithm.trainingCompiler';
  const range = RANGES[name] ?? refuse(scope, prop, `be left out for other frameworks than ${Object.keys(RANGES).join(', ')}`, name);
  if (options.image) { refuse(scope, prop, 'be left out with an image of one\'s own', 'an image'); }
  const type = capacity.instanceType ?? refuse(scope, 'capacity', `be of one instance type for the training compiler (${INSTANCES.join(', ')})`, 'several');
  if (!isToken(type) && !INSTANCES.includes(type.split('.')[1])) { refuse(scope, 'capacity.instanceType', `be of the families ${INSTANCES.join(', ')} for the training compiler`, type); }
  const onTensorFlow = baseVersion?.startsWith('tensorflow') ?? name === 'tensorflow';
  const judged = name === 'huggingface' ? /^pytorch(.*)$/.exec(baseVersion ?? '')?.[1] : version;
  if (judged !== undefined && (isBefore(judged, range.first) || (range.beyond !== undefined && !isBefore(judged, range.beyond)))) {
    refuse(scope, prop, `be left out for versions other than ${range.first} to before ${range.beyond ?? 'those without the compiler'}`, judged);
  }
  if ('sagemaker_distributed_dataparallel_enabled' in distribution) { refuse(scope, 'algorithm.distribution', 'be none of SageMaker\'s parallel libraries with the training compiler', 'smdistributed'); }
  if ('sagemaker_multi_worker_mirrored_strategy_enabled' in distribution) { refuse(scope, 'algorithm.distribution', 'be another one with the training compiler', 'multiWorkerMirrored'); }
  const isXla = XLA in distribution;
  const takesXla = range.xlaFrom !== undefined && judged !== undefined && !onTensorFlow && !isBefore(judged, range.xlaFrom);
  if (isXla && !takesXla) { refuse(scope, 'algorithm.distribution', `be pytorchXla for PyTorch from ${range.xlaFrom ?? '1.12'} on alone`, judged ?? baseVersion); }
  if (!isXla && takesXla && Object.keys(distribution).length > 0) { refuse(scope, 'algorithm.distribution', `be Distribution.pytorchXla for PyTorch from ${range.xlaFrom} on with the training compiler`, 'another'); }
}

/** By this hyperparameter PyTorch on XLA is told apart, which needs the compiler. */
export const XLA = 'sagemaker_pytorch_xla_multi_worker_enabled';
