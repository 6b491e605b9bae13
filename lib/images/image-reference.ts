import { urlSuffixOf } from '../limits/partitions';
import { checkFramework, familyOf, GRAVITON, processorOf } from './instance-family';
import { checkName, isInTable, scopesOf, sectionOf, type ImageEntry, type ImageSection } from './image-table';
import type { ImageOptions } from './image-options';
import { accountIn, accountsOf } from './registry';
import { tagOf } from './tag';
import { supported, UnsupportedImage } from './unsupported-image';
import { compareVersions, newestOf } from './version-order';

/** An image, but for the region it is pulled in. */
export interface ImageReference {
  readonly repository: string;
  /** Empty where the repository is named without one. */
  readonly tag: string;
  /** Name of the registry: the same for all images that are in the same accounts of the same regions. */
  readonly registry: string;
  /** Accounts of the registry by region. */
  readonly accounts: { readonly [region: string]: string };
}

/** What the rules about one image share. */
interface Asked extends ImageOptions {
  readonly framework: string;
  /** The scope the user means, before an accelerator changes it. */
  readonly scope: string | undefined;
  readonly tool: string | undefined;
  readonly section: ImageSection;
  readonly where: string;
}

const BASE_PYTHON = 'sagemaker-base-python';
const NEWER = '; a newer one is named with unlistedVersion';
const HUGGING_FACE = 'huggingface';
/** Repositories whose tags end with the version of the Neuron SDK and the container. */
const WITH_NEURON_SDK = [
  'pytorch-training-neuron', 'pytorch-training-neuronx', 'huggingface-vllm-inference-neuronx',
  'huggingface-pytorch-inference-neuron', 'huggingface-pytorch-inference-neuronx',
];

/**
 * The image that the SageMaker Python SDK takes for the same words.
 *
 * Throws an `UnsupportedImage` that lists what there is, where the SDK has none.
 */
export function imageReference(framework: string, options: ImageOptions = {}): ImageReference {
  const asked = askedOf(framework, options);
  const version = versionOf(asked);
  const { entries, unlisted } = entryOf(asked, version);
  const pyVersion = pyVersionOf(asked, version, entries, unlisted);
  const image = entries.find((each) => pyVersion !== undefined && each.pyVersions.includes(pyVersion)) ?? entries[0]!;
  const processor = processorOf(framework, image.processors, options);
  checkDeprecation(asked, version);
  return {
    repository: image.repository,
    registry: image.registry,
    accounts: accountsOf(image.registry),
    tag: tagOf({
      framework, version, unlisted, processor, pyVersion,
      scope: asked.scope, tool: asked.tool, instanceType: options.instanceType, smdistributed: options.smdistributed,
      prefix: prefixOf(asked, version, image, unlisted),
      container: containerOf(asked, image, processor, unlisted),
    }),
  };
}

/** The URI of an image in a region. */
export function imageUri(framework: string, region: string, options: ImageOptions = {}): string {
  const image = imageReference(framework, options);
  return uriOf(image, accountIn(framework, image.registry, region), region, urlSuffixOf(region));
}

/** The URI of the image with Python alone, which SageMaker Studio's functions run in. */
export function basePythonUri(region: string, pyVersion: string): string {
  const [image] = sectionOf(BASE_PYTHON, 'base').entries as [ImageEntry];
  supported(BASE_PYTHON, 'pyVersion', pyVersion, image.pyVersions);
  const account = accountIn(BASE_PYTHON, image.registry, region);
  return uriOf({ repository: `${image.repository}-${pyVersion}`, tag: image.version }, account, region, urlSuffixOf(region));
}

export function uriOf(image: Pick<ImageReference, 'repository' | 'tag'>, account: string, region: string, urlSuffix: string): string {
  return `${account}.dkr.ecr.${region}.${urlSuffix}/${image.repository}${image.tag === '' ? '' : `:${image.tag}`}`;
}

function askedOf(framework: string, options: ImageOptions): Asked {
  checkName(framework);
  let [table, tool, scope] = [framework, options.inferenceTool, options.imageScope];
  if (options.trainingCompiler && (framework === HUGGING_FACE || framework === 'pytorch')) {
    table = `${framework}-training-compiler`;
  } else {
    if (framework === HUGGING_FACE || framework === 'pytorch') {
      if (!tool && /^(inf|trn)/.test(familyOf(options.instanceType))) { tool = 'neuron'; }
      if (tool === 'neuron' || tool === 'neuronx') { table = neuronTable(framework, tool); }
    }
    if (GRAVITON.frameworks.includes(framework) && GRAVITON.families.includes(familyOf(options.instanceType))) {
      scope = 'inference_graviton';
    } else if (scope === undefined && (framework === 'xgboost' || framework === 'sklearn')) {
      scope = 'training';                                    // their images serve as well as they train
    }
    checkFramework(framework, options.instanceType);
  }
  const found = scopeOf(framework, table, scope, options.acceleratorType);
  return { ...options, framework, tool, scope, section: sectionOf(table, found), where: ` for the ${found} images of ${table}` };
}

function neuronTable(framework: string, tool: string): string {
  const tools = ['neuron', 'neuronx'].filter((each) => isInTable(`${framework}-${each}`));
  return `${framework}-${supported(framework, 'inferenceTool', tool, tools)}`;
}

function scopeOf(framework: string, table: string, wanted: string | undefined, acceleratorType: string | undefined): string {
  const { shared, scopes } = scopesOf(table);
  if (acceleratorType && !acceleratorType.startsWith('ml.eia') && acceleratorType !== 'local_sagemaker_notebook') {
    throw new UnsupportedImage(framework, 'acceleratorType', 'be one of Elastic Inference, like ml.eia2.medium, or local_sagemaker_notebook', acceleratorType);
  }
  const scope = acceleratorType ? 'eia' : wanted;
  if (scopes.length === 1) { return scopes[0]!; }
  const forBoth = shared && scopes.length === 2 && scopes.includes('training') && scopes.includes('inference');
  return !scope && forBoth ? scopes[0]! : supported(framework, 'imageScope', scope, scopes);
}

/** The version as it is written: an alias chooses the image, and the tag keeps it. */
function versionOf({ framework, section, where, version: wanted, imageScope, unlistedVersion }: Asked): string {
  const listed = [...section.versions, ...[...section.aliases.keys()].filter((alias) => !alias.includes(' '))];
  if (wanted && unlistedVersion) { return wanted; }
  if (section.versions.length === 1 && !(wanted !== undefined && section.aliases.has(wanted))) { return section.versions[0]!; }
  return supported(framework, 'version', wanted || latestOf(framework, imageScope), listed, `${where}${NEWER}`);
}

/** What stands for a version that is not given: nothing where the scope isn't given either and there is a choice. */
function latestOf(framework: string, scope: string | undefined): string | undefined {
  const { shared, scopes } = scopesOf(framework);
  const own = shared ? scopes[0] : scopes.find((each) => each === scope) ?? scopes.find((each) => each === 'processing');
  if (own === undefined) { return undefined; }
  const { aliases, versions } = sectionOf(framework, own);
  return (shared ? undefined : aliases.get('latest')) ?? newestOf(versions);
}

/** The entries of the version, which differ by their Python versions; for one that isn't listed the newest instead. */
function entryOf({ framework, section, where, baseFrameworkVersion, unlistedVersion }: Asked, version: string): { entries: readonly ImageEntry[]; unlisted: boolean } {
  const listed = section.aliases.get(version) ?? version;
  const entries = section.entries.filter((entry) => entry.version === listed);
  if (framework !== HUGGING_FACE) {
    return entries.length > 0 ? { entries, unlisted: false } : { entries: newestIn(section.entries), unlisted: true };
  }
  const base = section.aliases.get(`${listed} ${baseFrameworkVersion}`) ?? baseFrameworkVersion;
  const same = entries.filter((entry) => entry.base === base);
  if (same.length > 0) { return { entries: same, unlisted: false }; }
  if (unlistedVersion) {
    const engine = /^(pytorch|tensorflow)\d/.exec(base ?? '')?.[1];
    const candidates = section.entries.filter((entry) => engine !== undefined && entry.base!.startsWith(engine));
    if (candidates.length > 0) { return { entries: newestIn(candidates), unlisted: true }; }
    throw new UnsupportedImage(framework, 'baseFrameworkVersion', `be pytorch or tensorflow with its version${where}`, base);
  }
  const aliases = [...section.aliases.keys()].filter((alias) => alias.startsWith(`${listed} `)).map((alias) => alias.slice(listed.length + 1));
  supported(framework, 'baseFrameworkVersion', base, [...entries.map((entry) => entry.base!), ...aliases], `${where} ${version}`);
  return { entries, unlisted: false };
}

function newestIn(entries: readonly ImageEntry[]): ImageEntry[] {
  const newest = newestOf(entries.map((entry) => entry.version))!;
  return entries.filter((entry) => entry.version === newest).slice(-1);
}

function pyVersionOf({ framework, where, pyVersion, unlistedVersion }: Asked, version: string, entries: readonly ImageEntry[], unlisted: boolean): string | undefined {
  const known = entries.flatMap((entry) => entry.pyVersions);
  if (known.length === 0) { return undefined; }
  if (pyVersion && unlistedVersion) { return pyVersion; }
  if (unlisted) { throw new UnsupportedImage(framework, 'pyVersion', 'be given with a version that is not listed', pyVersion); }
  if (pyVersion === undefined && framework === 'spark') { return undefined; }
  if (pyVersion === undefined && known.length === 1) { return known[0]; }
  return supported(framework, 'pyVersion', pyVersion, known, `${where} ${version}`);
}

/** What the tag begins with. */
function prefixOf(asked: Asked, version: string, image: ImageEntry, unlisted: boolean): string {
  return asked.framework === HUGGING_FACE ? transformersPrefix(asked, version, image) : unlisted ? version : image.tag ?? version;
}

/** Both versions as they are written, but in full for serving on Inferentia; the SDK too writes None of one that isn't given. */
function transformersPrefix({ section, version: wanted, baseFrameworkVersion }: Asked, version: string, image: ImageEntry): string {
  const inFull = image.repository.includes('-inference-neuron');
  const asWritten = image.repository.includes('-trcomp-') ? version : wanted ?? 'None';
  const transformers = inFull ? section.aliases.get(asWritten) ?? asWritten : asWritten;
  const base = (inFull && section.aliases.get(`${transformers} ${baseFrameworkVersion}`)) || baseFrameworkVersion!;
  return `${base.replace(/^(pytorch|tensorflow)/, '')}-transformers${transformers}`;
}

/** What the tag ends with. */
function containerOf({ framework, containerVersion, sdkVersion }: Asked, image: ImageEntry, processor: string | undefined, unlisted: boolean): string | undefined {
  const known = Object.keys(image.containers);
  let container = containerVersion;
  if (known.length > 0 && unlisted) {
    if (!container) { throw new UnsupportedImage(framework, 'containerVersion', `be given with a version that is not listed, like ${image.containers[known[0]!]}`, container); }
  } else if (known.length > 0) {
    if (!known.includes(processor ?? '')) { throw new UnsupportedImage(framework, 'instanceType', `have a processor that there are such images for (${known.join(', ')})`, processor); }
    container = image.containers[processor!];
  }
  if (WITH_NEURON_SDK.includes(image.repository)) {
    const sdk = sdkVersion || (unlisted ? undefined : [...image.sdkVersions].sort().at(-1));
    if (!sdk || !container) { throw new UnsupportedImage(framework, sdk ? 'containerVersion' : 'sdkVersion', 'be given for this image', undefined); }
    container = `${sdk}-${container}`;
  }
  return image.repository === `${framework}-inference-graviton` ? `${container}-sagemaker` : container;
}

function checkDeprecation({ framework, instanceType }: Asked, version: string): void {
  const last: { [framework: string]: string } = { pytorch: '1.13', tensorflow: '2.12' };
  if (familyOf(instanceType) === 'p2' && framework in last && compareVersions(version, last[framework]!) >= 0) {
    throw new UnsupportedImage(framework, 'instanceType', `not be of the family p2 from version ${last[framework]}`, instanceType);
  }
}
