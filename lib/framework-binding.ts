import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Annotations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { AlgorithmConfig, AlgorithmContext } from './algorithm-options';
import type { CapacityConfig } from './capacity';
import type { ContainerImageConfig } from './container-image';
import type { DistributionConfig } from './distribution-options';
import type { Framework, FrameworkAlgorithmOptions } from './framework';
import { processorOf } from './images/instance-family';
import { Metric } from './metric';
import { isToken, refuse } from './request/checks';
import { frameworkRow, isBefore, rlToolkit, sdkClass } from './request/framework-rows';
import { checkFramework } from './request/framework-rules';
import { instanceTypes } from './request/instance-types';
import { definedMembers } from './request/members';
import { pythonJson } from './request/python-text';
import { checkTrainingCompiler, XLA } from './request/training-compiler-checks';
import { JOB_NAME } from './request/training-job-hyperparameters';
import { sageMakerImage, type SageMakerImage } from './sage-maker-image';
import { grantPull } from './template/execution-role';
import { grantRead, placeInBucket } from './template/s3-access';

/** What the Python SDK's estimator of the framework would send for it. */
export function boundFramework(job: Construct, grantee: IGrantable, framework: Framework, options: FrameworkAlgorithmOptions, context: AlgorithmContext): AlgorithmConfig {
  const { config } = framework;
  checkFramework(job, config);
  if (!options?.script) { refuse(job, 'algorithm.script', 'be given: a framework runs a script', options?.script); }
  if (config.name === 'sklearn') { checkSingleInstance(job, context.capacity); }
  const script = options.script.bind(job, grantee);
  if (script.contentHash === undefined) { refuse(job, 'algorithm.script', 'be Script.fromDirectory or another that is there before the job: there is no artifact to find it in yet', 'Script.inModelData'); }
  const ownImage = config.options.image?.bind(job, grantee);
  const base = /^(pytorch|tensorflow)(.*)$/.exec(config.baseVersion ?? '');
  const distribution = options.distribution?.bind(job, {
    framework: config.name,
    frameworkVersion: config.version,
    baseFramework: base?.[1],
    baseFrameworkVersion: base?.[2],
    pyVersion: config.options.pyVersion,
    hasOwnImage: ownImage !== undefined,
    imageUri: ownImage?.imageUri,
    entryPoint: script.entryPoint,
    capacity: context.capacity,
  });
  checkCompiler(job, framework, options, context.capacity, distribution?.hyperparameters ?? {});
  return {
    image: ownImage ?? trainingImage(job, grantee, framework, options, context.capacity, distribution),
    inputMode: options.inputMode,
    script,
    logLevel: options.logLevel,
    hyperparameters: frameworkHyperparameters(job, grantee, framework, options, context, distribution),
    metricDefinitions: rewards(framework),
    entrypoint: options.entrypoint,
    arguments: options.arguments,
    // a tuning job has no member for it
    metricsTimeSeries: options.metricsTimeSeries ?? (context.ranges ? undefined : keepsSeries(framework)),
  };
}

function checkCompiler(job: Construct, { config }: Framework, { trainingCompiler }: FrameworkAlgorithmOptions, capacity: CapacityConfig, distribution: { [name: string]: unknown }): void {
  if (trainingCompiler) { return checkTrainingCompiler(job, config, capacity, distribution); }
  if (XLA in distribution) { refuse(job, 'algorithm.distribution', 'come with trainingCompiler, which PyTorch on XLA is part of', 'pytorchXla'); }
}

/** SageMaker's image for the framework where the instances are. A processing job has the same, as the Python SDK has it. */
export function trainingImage(
  job: Construct, grantee: IGrantable, framework: Framework, { trainingCompiler }: Pick<FrameworkAlgorithmOptions, 'trainingCompiler'>, capacity: CapacityConfig,
  distribution?: DistributionConfig, prop = 'algorithm.framework',
): ContainerImageConfig {
  const { name, version, baseVersion, options } = framework.config;
  const isCompiled = trainingCompiler !== undefined;
  const isSmp = distribution?.usesSmpImage ?? false;
  const instanceType = instanceTypeForImage(job, capacity);
  const containerOf = (type: string | undefined) => {
    if (isSmp) { return smpContainer(version ?? '', capacity); }
    // counts only where the table names no container of its own, which is with the oldest of Hugging Face's
    return name === 'huggingface' && !isCompiled && isGpu(type) ? 'cu110-ubuntu18.04' : undefined;
  };
  const query = (type: string | undefined) => ({
    version,
    pyVersion: options.pyVersion ?? (['sklearn', 'xgboost'].includes(name) ? 'py3' : undefined),
    unlistedVersion: options.unlistedVersion,
    baseFrameworkVersion: baseVersion,
    instanceType: type,
    imageScope: name === 'sklearn' || rlToolkit(framework.config) ? undefined : 'training',
    smdistributed: distribution?.usesSmdistributed,
    trainingCompiler: isCompiled,
    containerVersion: options.containerVersion ?? containerOf(type),
  });
  const table = isSmp ? 'pytorch-smp' : name;
  const image = sageMakerImage(job, table, query(instanceType), prop, 'capacity.instanceType');
  checkServed(job, name, version, instanceType, image);
  for (const { instanceType: type } of capacity.instancePreferences ?? []) {
    const other = isToken(type) ? image.name : sageMakerImage(job, table, query(type), prop, 'capacity.preferences').name;
    if (other !== image.name) { refuse(job, 'capacity.preferences', `be instances for one image (${image.name}), whichever of them is had`, `${type} (${other})`); }
  }
  grantPull(grantee, image.repositoryArn);
  return { imageUri: image.imageUri };
}

/** The Python SDK takes the one image there is for Trainium, and the one for serving on Graviton, whatever was asked for. */
function checkServed(job: Construct, name: string, version: string | undefined, instanceType: string | undefined, image: SageMakerImage): void {
  if (image.name.includes('-inference')) { refuse(job, 'capacity.instanceType', `be of another kind: there is no image of ${name} that trains there`, instanceType); }
  if (image.name.includes('-neuron') && version !== undefined && !image.name.includes(`:${version}`)) {
    Annotations.of(job).addWarningV2('cdk-sagemaker:otherFrameworkVersion', `${instanceType} has one image of ${name}, ${image.name}, which is of another version than ${version}`);
  }
}

/** Of a type that there is no image for, the image's own error tells. */
function isGpu(instanceType: string | undefined): boolean {
  try {
    return processorOf('huggingface', ['cpu', 'gpu'], { instanceType }) === 'gpu';
  } catch {
    return false;
  }
}

/** The CUDA that the model parallel library's images are built for. */
function smpContainer(version: string, capacity: CapacityConfig): string {
  if (version.startsWith('2.5')) { return 'cu124'; }
  return capacity.instanceType?.includes('p5') || /^2\.[1-4]/.test(version) ? 'cu121' : 'cu118';
}

/** The type that decides between images: in a mixed cluster the first that has GPUs, if one has. */
export function instanceTypeForImage(job: Construct, capacity: CapacityConfig): string | undefined {
  const types = instanceTypes(capacity).map(([, type]) => type);
  const type = types.find((name) => /^ml[._][gp]/.test(name)) ?? types[0];
  if (type !== undefined && isToken(type)) { refuse(job, 'capacity: the instance type', 'be known at synthesis, since the image follows from it (or give an image)', type); }
  return type;
}

function checkSingleInstance(job: Construct, { instanceCount, instanceGroups }: CapacityConfig): void {
  const count = instanceGroups ? Object.keys(instanceGroups).length + 1 : instanceCount ?? 1;
  if (!isToken(count) && count !== 1) { refuse(job, 'capacity.instanceCount', 'be 1 for Scikit-learn, which trains on one instance', instanceGroups ? 'instance groups' : instanceCount); }
}

function keepsSeries({ config }: Framework): boolean | undefined {
  const { seriesFrom } = frameworkRow(config);
  if (seriesFrom === '0') { return true; }
  return seriesFrom !== undefined && config.version !== undefined && !isBefore(config.version, seriesFrom) ? true : undefined;
}

function frameworkHyperparameters(
  job: Construct, grantee: IGrantable, framework: Framework, options: FrameworkAlgorithmOptions, { output, jobNamePrefix, ranges }: AlgorithmContext, distribution: DistributionConfig | undefined,
): { [name: string]: string } {
  const { name } = framework.config;
  const words: { [name: string]: unknown } = { ...distribution?.hyperparameters };
  const outputUri = `s3://${output.bucket.bucketName}/${output.prefix}`;
  if (name === 'tensorflow') {
    const usesMpi = words.sagemaker_mpi_enabled === true;
    if (options.modelDir) {
      words.model_dir = options.modelDir.bind(job, grantee);
    } else if (usesMpi) {
      words.model_dir = '/opt/ml/model';
    } else {
      if (ranges) {
        Annotations.of(job).addWarningV2('cdk-sagemaker:sharedModelDir', 'all jobs of the tuning job have one model_dir, and may go on from what another has left there; set modelDir, for instance ModelDir.inContainer');
      }
      words.model_dir = `${outputUri.replace(/\/$/, '')}/${JOB_NAME}/model`;
      // it writes there as it writes its artifact, and goes on from what is there
      grantRead(placeInBucket(output.bucket, `${output.prefix === '' ? '' : `${output.prefix}/`}${jobNamePrefix}-`, output.options.encryptionKey), grantee);
    }
  } else if (options.modelDir) {
    refuse(job, 'algorithm.modelDir', 'be left out for other frameworks than TensorFlow', name);
  }
  if (rlToolkit(framework.config)) {
    words.sagemaker_s3_output = outputUri;
    words.sagemaker_estimator = 'RLEstimator';
  }
  if (options.trainingCompiler) {
    words.sagemaker_training_compiler_enabled = true;
    words.sagemaker_training_compiler_debug_mode = options.trainingCompiler.debug ?? false;
  }
  if (ranges) {
    // by which HyperparameterTuner.attach of the Python SDK knows the framework
    const { className, module } = sdkClass(framework.config);
    Object.assign(words, { sagemaker_estimator_class_name: className, sagemaker_estimator_module: module });
  }
  return Object.fromEntries(Object.entries(definedMembers(words)).map(([word, value]) => [word, pythonJson(value)]));
}

const NUMBER = '[-+]?[0-9]*[.]?[0-9]+([eE][-+]?[0-9]+)?';

/** What a toolkit for reinforcement learning writes of its rewards. */
function rewards({ config }: Framework): Metric[] | undefined {
  if (config.options.image) { return undefined; }
  switch (rlToolkit(config)?.toolkit) {
    case 'coach': return [Metric.regex('reward-training', '^Training>.*Total reward=(.*?),'), Metric.regex('reward-testing', '^Testing>.*Total reward=(.*?),')];
    case 'ray': return [Metric.regex('episode_reward_mean', `episode_reward_mean: (${NUMBER})`), Metric.regex('episode_reward_max', `episode_reward_max: (${NUMBER})`)];
    default: return undefined;
  }
}
