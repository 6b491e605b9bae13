import TABLE from './image-table.json';
import { supported, UnsupportedImage } from './unsupported-image';

/** One image of the table. */
export interface ImageEntry {
  readonly repository: string;
  /** Name in the table of registries. */
  readonly registry: string;
  readonly version: string;
  /** PyTorch or TensorFlow with its version, where the version is one of transformers. */
  readonly base?: string;
  readonly pyVersions: readonly string[];
  readonly processors: readonly string[];
  /** What the tag begins with, where that is not the version. */
  readonly tag?: string;
  /** What the tag ends with, by processor. */
  readonly containers: { readonly [processor: string]: string };
  readonly sdkVersions: readonly string[];
}

/** The images of a framework for one purpose. */
export interface ImageSection {
  readonly entries: readonly ImageEntry[];
  readonly versions: readonly string[];
  /** Other names of versions, and of base versions as `<version> <alias>`. */
  readonly aliases: ReadonlyMap<string, string>;
}

interface SectionText { readonly processors?: string; readonly images: { readonly [repositoryAndRegistry: string]: readonly string[] } }
type FrameworkText = (SectionText & { readonly scopes: string }) | { readonly [scope: string]: SectionText };

const sections = new Map<string, ImageSection>();
const textOf = (framework: string) => (TABLE as unknown as { readonly [framework: string]: FrameworkText })[framework];

/** Images that are asked for in another way than by their name, and which way that is. */
const BY_ANOTHER_WAY: { readonly [name: string]: string } = {
  'huggingface-neuron': 'huggingface with inferenceTool neuron',
  'huggingface-neuronx': 'huggingface with inferenceTool neuronx',
  'huggingface-training-compiler': 'huggingface with trainingCompiler',
  'sagemaker-base-python': 'asked for by ImageUris.basePython',
};

/** The frameworks and algorithms that are asked for by name. */
export function frameworks(): string[] {
  return Object.keys(TABLE).filter((name) => !Object.hasOwn(BY_ANOTHER_WAY, name));
}

export function isInTable(name: string): boolean {
  return textOf(name) !== undefined;
}

/** Ends with an error unless a framework is asked for by this name. */
export function checkName(framework: string): void {
  if (Object.hasOwn(BY_ANOTHER_WAY, framework)) { throw new UnsupportedImage(framework, 'framework', `be ${BY_ANOTHER_WAY[framework]}`, framework); }
  supported(framework, 'framework', framework, frameworks());
}

/** Whether the same images are for all scopes, and which those are. */
export function scopesOf(framework: string): { readonly shared: boolean; readonly scopes: readonly string[] } {
  supported(framework, 'framework', framework, Object.keys(TABLE));
  const text = textOf(framework)!;
  const shared = typeof text.scopes === 'string';
  return { shared, scopes: shared ? (text.scopes as string).split(' ') : Object.keys(text) };
}

/** The images of a framework for a scope that it has. */
export function sectionOf(framework: string, scope: string): ImageSection {
  const key = scopesOf(framework).shared ? framework : `${framework} ${scope}`;
  const known = sections.get(key);
  if (known) { return known; }
  const text = textOf(framework)!;
  const section = sectionFrom((key === framework ? text : (text as { [scope: string]: SectionText })[scope]) as SectionText);
  sections.set(key, section);
  return section;
}

function sectionFrom(text: SectionText): ImageSection {
  const aliases = new Map<string, string>();
  const entries = Object.entries(text.images).flatMap(([place, lines]) => lines.map((line) => entryFrom(place, line, text.processors, aliases)));
  return { entries, versions: [...new Set(entries.map(({ version }) => version))], aliases };
}

/**
 * `<version>[=<alias>,...] [<base>[=<alias>,...]] [<python>,...] [<key>:<value> ...]`, where a key is `for` (processors),
 * `tag` (what the tag begins with), `sdk` (versions of the Neuron SDK) or a processor (what the tag ends with).
 */
function entryFrom(place: string, line: string, processors: string | undefined, aliases: Map<string, string>): ImageEntry {
  const [repository, registry] = place.split(' @') as [string, string];
  const [first, ...words] = line.split(' ') as [string, ...string[]];
  const named = (word: string, prefix = '') => {
    const [name, ...others] = word.split(/[=,]/) as [string, ...string[]];
    others.forEach((other) => aliases.set(prefix + other, name));
    return name;
  };
  const version = named(first);
  const baseWord = words.find((word) => /^(pytorch|tensorflow)\d/.test(word));
  const { for: own, tag, sdk, ...containers } = Object.fromEntries(words.filter((word) => word.includes(':')).map((word) => word.split(':') as [string, string])) as { [key: string]: string };
  return {
    repository, registry, version, tag, containers,
    base: baseWord === undefined ? undefined : named(baseWord, `${version} `),
    pyVersions: listOf(words.find((word) => word !== baseWord && !word.includes(':'))),
    processors: processors?.split(' ') ?? listOf(own),
    sdkVersions: listOf(sdk),
  };
}

const listOf = (text: string | undefined) => text?.split(',') ?? [];
