import { frameworkRow, isBefore, rlToolkit, sdkClass } from '../request/framework-rows';
import { call, literal, name, object, type Code } from './code';
import { distributionOf, type FoundDistribution } from './distribution';
import { ecrImage, isImage, queriesFor, type ImageQuery, type Images, type EcrImage } from './images';
import type { Program } from './program';

/** A framework whose image it is. */
export interface FoundFramework {
  readonly name: string;
  readonly version: string;
  readonly code: Code;
  readonly distribution?: FoundDistribution;
}

const FRAMEWORKS = ['pytorch', 'tensorflow', 'mxnet', 'chainer', 'sklearn', 'xgboost', 'huggingface', 'coach-tensorflow', 'coach-mxnet', 'ray-tensorflow', 'ray-pytorch'];

/** The framework that trains in this image on these instances; none where the library would choose another image. */
export function trainingFramework(
  program: Program, images: Images, uri: unknown, hyperparameters: { readonly [word: string]: unknown }, instanceType: string | undefined, oneType: string | undefined,
): FoundFramework | undefined {
  const image = ecrImage(uri);
  if (!image || image.region !== program.target.region) { return undefined; }
  const isCompiled = hyperparameters.sagemaker_training_compiler_enabled === true;
  for (const framework of FRAMEWORKS) {
    const distribution = distributionOf(framework, hyperparameters, oneType);
    for (const options of optionsFor(framework, image)) {
      const query = trainingQuery(framework, options, instanceType, isCompiled, distribution);
      if (isImage(images, distribution?.usesSmpImage ? 'pytorch-smp' : framework, image, query)) {
        return { name: framework, version: options.version!, code: frameworkCode(framework, options), distribution };
      }
    }
  }
  return undefined;
}

/** What may have been said of the framework; a version that the table does not have comes last. */
function optionsFor(framework: string, image: EcrImage): ImageQuery[] {
  const listed = queriesFor(framework, image);
  const [, py, containerVersion] = /-(py\d+)(?:-(.+))?$/.exec(image.tag) ?? [];
  return [...listed, ...listed.filter(({ pyVersion }) => pyVersion === py).map((query) => ({ ...query, unlistedVersion: true, containerVersion }))];
}

/** What the library asks its table of images for. */
function trainingQuery(framework: string, options: ImageQuery, instanceType: string | undefined, isCompiled: boolean, distribution: FoundDistribution | undefined): ImageQuery {
  const isSmp = distribution?.usesSmpImage ?? false;
  const smp = () => (options.version?.startsWith('2.5') ? 'cu124' : instanceType?.includes('p5') || /^2\.[1-4]/.test(options.version ?? '') ? 'cu121' : 'cu118');
  const isGpu = /^ml\.(g|p)\d/.test(instanceType ?? '');
  return {
    ...options,
    pyVersion: options.pyVersion ?? (['sklearn', 'xgboost'].includes(framework) ? 'py3' : undefined),
    instanceType,
    imageScope: framework === 'sklearn' || framework.includes('-') ? undefined : 'training',
    smdistributed: distribution?.usesSmdistributed,
    trainingCompiler: isCompiled,
    containerVersion: options.containerVersion ?? (isSmp ? smp() : framework === 'huggingface' && !isCompiled && isGpu ? 'cu110-ubuntu18.04' : undefined),
  };
}

const FACTORIES: { readonly [name: string]: string } = { pytorch: 'pytorch', tensorflow: 'tensorflow', mxnet: 'mxnet', chainer: 'chainer', sklearn: 'sklearn', xgboost: 'xgboost' };

export function frameworkCode(framework: string, { version, pyVersion, baseFrameworkVersion, unlistedVersion, containerVersion }: ImageQuery): Code {
  const python = framework === 'sklearn' || framework === 'xgboost' ? undefined : pyVersion;
  const options = Object.fromEntries(Object.entries({ pyVersion: python, unlistedVersion, containerVersion: unlistedVersion ? containerVersion : undefined })
    .map(([option, value]) => [option, value === undefined ? undefined : literal(value)]));
  if (framework === 'huggingface') {
    const [, base, number] = /^(pytorch|tensorflow)(.*)$/.exec(baseFrameworkVersion!)!;
    return call('Framework.huggingFace', object({ transformersVersion: literal(version), [`${base}Version`]: literal(number), ...options }));
  }
  if (FACTORIES[framework]) { return call(`Framework.${FACTORIES[framework]}`, literal(version), object(options)); }
  const [toolkit, below] = framework.split('-');
  return call('Framework.reinforcementLearning', name(`RlToolkit.${toolkit!.toUpperCase()}`), literal(version), name(`RlFramework.${below!.toUpperCase()}`), object(options));
}

const config = ({ name: framework, version }: FoundFramework) => ({ name: framework, version, options: {} });

/** Whether the library asks for metrics over time by itself. */
export function keepsSeries(framework: FoundFramework): boolean {
  const { seriesFrom } = frameworkRow(config(framework));
  return seriesFrom !== undefined && (seriesFrom === '0' || !isBefore(framework.version, seriesFrom));
}

/** By which the Python SDK's tuner knows the framework. */
export const tunerWords = (framework: FoundFramework) => {
  const { className, module } = sdkClass(config(framework));
  return { sagemaker_estimator_class_name: className, sagemaker_estimator_module: module };
};

export const isRl = (framework: FoundFramework): boolean => rlToolkit(config(framework)) !== undefined;
