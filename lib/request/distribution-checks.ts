import { Annotations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { DistributionContext } from '../distribution-options';
import { isToken, refuse, unique } from './checks';
import { strategiesOf, type Strategy } from './distribution-strategies';
import { checkVersion, checkVersionAtLeast, SMDATAPARALLEL, TORCHRUN_ON_GPU, TORCHRUN_ON_TRAINIUM } from './distribution-versions';
import { instanceTypes } from './instance-types';

/** Of the family p, which otherwise has several GPUs to an instance. */
const SINGLE_GPU = ['ml.p2.xlarge', 'ml.p3.2xlarge', 'ml.p5.4xlarge'];
/** In the tag of an image whose CUDA is newer than the libraries of SageMaker that `mpirun` starts. */
const WITHOUT_LIBRARIES = '2.0.1-gpu-py310-cu121';

/** Refuses what the container could not run. Returns the groups it is run on; none for a capacity without groups. */
export function checkDistribution(job: IConstruct, strategy: Strategy, context: DistributionContext, chosen: string[] = []): string[] | undefined {
  const { framework, capacity } = context;
  checkFramework(job, strategy, context);
  if (!capacity.instanceType && !capacity.instanceGroups && !capacity.instancePreferences) { refuse(job, 'capacity', 'have instances for a distribution', 'none'); }
  const groups = groupsOf(job, strategy, context, chosen);
  // a type known at deployment is not judged
  const types = instanceTypes(capacity, groups).filter(([, type]) => !isToken(type));
  for (const [prop, type] of types) {
    if (isTrainium(type) && framework !== 'mxnet') { checkTrainium(job, strategy, type, chosen); }
    checkInstance(job, strategy, context, prop, type);
  }
  checkLibrary(job, strategy, context);
  checkVersions(job, strategy, context, types.some(([, type]) => isTrainium(type)));
  if (strategy.torchrun && !context.entryPoint.endsWith('.py')) { refuse(job, 'entryPoint', `be a Python file (.py) for Distribution.${strategy.name}`, context.entryPoint); }
  return groups;
}

function checkFramework(job: IConstruct, { name, frameworks, needsPytorch }: Strategy, { framework, baseFramework }: DistributionContext): void {
  const its = strategiesOf(framework);
  if (its.length === 0) { refuse(job, 'distribution', `be left out for ${framework}, whose containers have none`, name); }
  if (!frameworks.includes(framework)) { refuse(job, 'distribution', `be one of ${its.join(', ')} for ${framework}`, name); }
  if (needsPytorch && baseFramework !== undefined && baseFramework !== 'pytorch') { refuse(job, 'distribution', `be one that needs no PyTorch for ${framework} on ${baseFramework}`, name); }
}

/** The only group of a capacity is meant without a word; one of several must be named. */
function groupsOf(job: IConstruct, { name, onGroups }: Strategy, { framework, capacity }: DistributionContext, chosen: string[]): string[] | undefined {
  const all = capacity.instanceGroups && Object.keys(capacity.instanceGroups);
  if (!all) {
    if (chosen.length > 0) { refuse(job, 'distribution.instanceGroups', 'be left out for a capacity without groups', chosen); }
    return undefined;
  }
  // Chainer's own toolkit has never heard of groups, and takes all instances alike.
  if (framework === 'chainer') { return undefined; }
  if (!onGroups || framework === 'mxnet') { refuse(job, 'capacity', `be without groups for Distribution.${name} with ${framework}`, all); }
  const groups = chosen.length > 0 ? chosen : all;
  unique(job, 'distribution.instanceGroups', groups);
  const stranger = groups.find((group) => !all.includes(group));
  if (stranger !== undefined) { refuse(job, 'distribution.instanceGroups', `name one of the groups of the capacity (${all.join(', ')})`, stranger); }
  if (groups.length !== 1) { refuse(job, 'distribution.instanceGroups', `name one of the groups of the capacity (${all.join(', ')})`, chosen); }
  return groups;
}

function checkTrainium(job: IConstruct, { name, torchrun, smdistributed }: Strategy, type: string, chosen: string[]): void {
  if (!torchrun) { refuse(job, 'distribution', `be torchDistributed for ${type}`, name); }
  if (smdistributed) { refuse(job, 'distribution.smp', `be left out for ${type}`, 'parameters'); }
  // Trainium works alone: in a capacity of one group, which need not be named.
  if (chosen.length > 0) { refuse(job, 'distribution.instanceGroups', `be left out for ${type}`, chosen); }
}

/** What the data parallel library is documented for; elsewhere it fails when the job has begun. */
const OF_DATA_PARALLEL = ['ml.p3.16xlarge', 'ml.p3dn.24xlarge', 'ml.p4d.24xlarge', 'ml.p4de.24xlarge'];

function checkInstance(job: IConstruct, { name, torchrun, smdistributed }: Strategy, { hasOwnImage }: DistributionContext, prop: string, type: string): void {
  if (torchrun && !hasOwnImage && !/^ml\.[pg]/.test(type) && !isTrainium(type)) { refuse(job, prop, `be a type with GPUs or Trainium for Distribution.${name}`, type); }
  if (name === 'parameterServer' && /^ml\.p/.test(type) && !SINGLE_GPU.includes(type)) {
    Annotations.of(job).addWarningV2('cdk-sagemaker:parameterServerOnSeveralGpus', `Distribution.parameterServer runs one worker on each instance, however many GPUs it has; all but one of ${type} stay idle`);
  }
  if (smdistributed === 'dataparallel' && !OF_DATA_PARALLEL.includes(type)) {
    Annotations.of(job).addWarningV2('cdk-sagemaker:dataParallelInstances', `Distribution.${name} is documented for ${OF_DATA_PARALLEL.join(', ')}; on ${type} the job may fail`);
  }
}

/** The libraries that `mpirun` starts ended before some hardware and images came; by `torchrun` they go on. */
function checkLibrary(job: IConstruct, { name, smdistributed, torchrun }: Strategy, { capacity, imageUri }: DistributionContext): void {
  if (!smdistributed || torchrun) { return; }
  if (imageUri?.includes(WITHOUT_LIBRARIES)) { refuse(job, 'the image', `have the library of Distribution.${name}`, imageUri); }
  // In whatever group: all of them run the same image.
  const p5 = instanceTypes(capacity).find(([, type]) => type.includes('p5.48xlarge'));
  if (p5) { refuse(job, p5[0], `be one that Distribution.${name} works on, or the distribution be torchDistributed`, p5[1]); }
}

function checkVersions(job: IConstruct, { name, smdistributed, torchrun }: Strategy, context: DistributionContext, onTrainium: boolean): void {
  const { framework, frameworkVersion, baseFramework = 'pytorch', baseFrameworkVersion, hasOwnImage, pyVersion } = context;
  const of = `Distribution.${name}`;
  // A version that is given is judged in these two cases, whatever the image.
  if (framework === 'mxnet') { checkVersionAtLeast(job, of, framework, frameworkVersion, '1.3'); }
  if (name === 'multiWorkerMirrored') { checkVersionAtLeast(job, of, framework, frameworkVersion, '2.9'); }
  if (hasOwnImage || !(torchrun || smdistributed === 'dataparallel')) { return; }
  const [base, version] = framework === 'huggingface' ? [baseFramework, baseFrameworkVersion] : [framework, frameworkVersion];
  if (!torchrun) { checkVersion(job, of, base, version, SMDATAPARALLEL[base]); }
  if (torchrun) { checkVersion(job, onTrainium ? `${of} on Trainium` : of, base, version, onTrainium ? TORCHRUN_ON_TRAINIUM : TORCHRUN_ON_GPU); }
  if (pyVersion !== undefined && !isToken(pyVersion) && !pyVersion.includes('py3')) { refuse(job, 'the version of Python', `be a Python 3 for ${of}`, pyVersion); }
}

const isTrainium = (type: string) => type.startsWith('ml.trn');
