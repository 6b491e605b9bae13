import { call, literal, object, type Code } from './code';
import { Unexpressible } from './unexpressible';
import type { Program } from './program';

/** Which image of SageMaker's. */
export interface ImageQuery {
  readonly version?: string;
  readonly pyVersion?: string;
  readonly instanceType?: string;
  readonly imageScope?: string;
  readonly containerVersion?: string;
  readonly smdistributed?: boolean;
  readonly baseFrameworkVersion?: string;
  readonly trainingCompiler?: boolean;
  readonly unlistedVersion?: boolean;
}

/** The library's own table of images. */
export interface Images {
  frameworks(): readonly string[];
  /** Throws where there is none. */
  uri(framework: string, region: string, query: ImageQuery): string;
}

/** An image of ECR taken apart. */
export interface EcrImage {
  readonly uri: string;
  readonly region: string;
  readonly repository: string;
  readonly tag: string;
}

export function ecrImage(uri: unknown): EcrImage | undefined {
  const [, region, repository, tag] = /^\d{12}\.dkr\.ecr\.([a-z0-9-]+)\.[a-z.-]+\/([^:@]+):([^:@]+)$/.exec(typeof uri === 'string' ? uri : '') ?? [];
  return region === undefined ? undefined : { uri: uri as string, region, repository: repository!, tag: tag! };
}

/** Whether the table has this image for a query. */
export function isImage(images: Images, framework: string, { uri, region }: EcrImage, query: ImageQuery): boolean {
  try {
    return images.uri(framework, region, query) === uri;
  } catch {
    return false;
  }
}

/** What a tag may say of versions: the longest first. */
export function versionsIn({ tag }: EcrImage): string[] {
  const [full] = /\d+(\.\d+)*(-\d+)?(?![\w.])/.exec(tag) ?? [];
  return full === undefined ? [tag] : [...new Set([full, full.replace(/-\d+$/, ''), tag])];
}

export const pythonsIn = ({ tag }: EcrImage): (string | undefined)[] => [undefined, /(?:^|-)(py\d+)(?=-|$)/.exec(tag)?.[1]].filter((each, index) => index === 0 || each !== undefined);

/** By an instance of each kind of processor, where the job has none of the image's. */
const USUAL_INSTANCES = ['ml.m5.xlarge', 'ml.g5.xlarge', 'ml.c7g.xlarge', 'ml.inf2.xlarge', 'ml.trn1.2xlarge'];

/** An image of SageMaker's by what the library calls it, else by its URI. */
export function containerImage(program: Program, images: Images, uri: string, scope: 'training' | 'inference', instanceType?: string): Code {
  const image = ecrImage(uri);
  const found = image && image.region === program.target.region ? ofSageMaker(images, image, scope, instanceType) : undefined;
  if (found) {
    const { framework, query: { imageScope, ...query } } = found;
    const options = object({ ...Object.fromEntries(Object.entries(query).map(([option, value]) => [option, value === undefined ? undefined : literal(value)])), imageScope: imageScope === undefined ? undefined : { text: `ImageScope.${imageScope.toUpperCase()}` } });
    return call('ContainerImage.fromSageMaker', literal(framework), options);
  }
  if (!/^\d{12}\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.[a-z.-]+\/[^:@*?$]+(:[^:@]+)?(@sha256:[0-9a-f]{64})?$/.test(uri)) { throw new Unexpressible(`${uri} is no image in Amazon ECR, by its whole URI, and the request doesn't say that it is in a registry of the VPC`); }
  return call('ContainerImage.fromUri', literal(uri));
}

/** The fewest words that the table answers with this image. */
function ofSageMaker(images: Images, image: EcrImage, scope: string, instanceType: string | undefined): { readonly framework: string; readonly query: ImageQuery } | undefined {
  const own = [undefined, instanceType].filter((each, index) => index === 0 || each !== undefined);
  for (const framework of images.frameworks().filter((each) => areAlike(each, image.repository))) {
    for (const imageScope of [undefined, scope]) {
      for (const type of [...own, ...USUAL_INSTANCES.filter((each) => each !== instanceType)]) {
        for (const { version, pyVersion, baseFrameworkVersion } of queriesFor(framework, image)) {
          const query = { version, pyVersion, baseFrameworkVersion, instanceType: type, imageScope };
          if (isImage(images, framework, image, query)) { return { framework, query }; }
        }
      }
    }
  }
  return undefined;
}

/** Words that repositories of many frameworks have. */
const COMMON = new Set(['sagemaker', 'training', 'inference', 'serving', 'container', 'processing', 'image']);

/** Whether a repository can be one of the framework's: they have a word in common. What is left out by that is named by its URI. */
function areAlike(framework: string, repository: string): boolean {
  const wordsOf = (text: string) => text.split(/[-_/]/).filter((word) => word.length > 1 && !COMMON.has(word));
  return framework === 'sklearn' ? repository.includes('scikit') : wordsOf(framework).some((word) => repository.includes(word));
}

/** What the tag may have been made of. */
export function queriesFor(framework: string, image: EcrImage): ImageQuery[] {
  if (framework === 'huggingface') {
    const [, base, version] = /^(\d[\d.]*)-transformers(\d[\d.]*)-/.exec(image.tag) ?? [];
    if (base === undefined) { return []; }
    return pythonsIn(image).map((pyVersion) => ({ version, pyVersion, baseFrameworkVersion: `${image.repository.includes('tensorflow') ? 'tensorflow' : 'pytorch'}${base}` }));
  }
  return versionsIn(image).flatMap((version) => pythonsIn(image).map((pyVersion) => ({ version, pyVersion })));
}
