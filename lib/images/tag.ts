import { familyOf, GRAVITON } from './instance-family';
import { supported } from './unsupported-image';

/** What a tag is made of. */
export interface TagParts {
  readonly framework: string;
  readonly scope?: string;
  readonly instanceType?: string;
  readonly smdistributed?: boolean;
  /** Whether the version is one that the table may not have. */
  readonly unlisted: boolean;
  readonly version: string;
  readonly prefix: string;
  /** Processor, or the tool that stands for it. */
  readonly processor?: string;
  readonly tool?: string;
  readonly pyVersion?: string;
  readonly container?: string;
}

/** Versions with an arm64 image in the repository of the others, and what follows the version in its tag. */
const ARM64: { readonly [framework: string]: { readonly versions: readonly string[]; readonly suffix: string } } = {
  xgboost: { versions: ['1.3-1', '1.5-1'], suffix: 'arm64' },
  sklearn: { versions: ['1.0-1'], suffix: 'arm64-cpu-py3' },
};

/** Images that p4d instances and the smdistributed libraries need a later CUDA for, which is at the end of the tag. */
const LATER_CUDA: { readonly [image: string]: string } = {
  'tensorflow-2.3-gpu-py37': 'cu110-ubuntu18.04-v3',
  'tensorflow-2.3.1-gpu-py37': 'cu110-ubuntu18.04',
  'tensorflow-2.3.2-gpu-py37': 'cu110-ubuntu18.04',
  'tensorflow-1.15-gpu-py37': 'cu110-ubuntu18.04-v8',
  'tensorflow-1.15.4-gpu-py37': 'cu110-ubuntu18.04',
  'tensorflow-1.15.5-gpu-py37': 'cu110-ubuntu18.04',
  'mxnet-1.8-gpu-py37': 'cu110-ubuntu16.04-v1',
  'mxnet-1.8.0-gpu-py37': 'cu110-ubuntu16.04',
  'pytorch-1.6-gpu-py36': 'cu110-ubuntu18.04-v3',
  'pytorch-1.6.0-gpu-py36': 'cu110-ubuntu18.04',
  'pytorch-1.6-gpu-py3': 'cu110-ubuntu18.04-v3',
  'pytorch-1.6.0-gpu-py3': 'cu110-ubuntu18.04',
};

/** The tag of an image; empty where its repository has no tags to choose from. */
export function tagOf(parts: TagParts): string {
  const family = familyOf(parts.instanceType);
  const arm64 = ARM64[parts.framework];
  const isGraviton = GRAVITON.families.includes(family);
  if (arm64 && family !== '' && parts.scope === 'inference_graviton') {
    supported(parts.framework, 'instanceType', family, GRAVITON.families, ' by its family');
  }
  if (arm64 && (isGraviton || parts.scope === 'inference_graviton')) {
    const version = parts.unlisted ? parts.version : supported(parts.framework, 'version', parts.version, arm64.versions, ' for arm64');
    return `${version}-${arm64.suffix}`;
  }
  const tag = [parts.prefix, parts.tool || parts.processor, parts.pyVersion, parts.container].filter((part) => part).join('-');
  // images of Triton for a GPU say nothing of it, and what is cut off is any of these characters
  if (parts.framework === 'sagemaker-tritonserver' && parts.processor === 'gpu') { return tag.replace(/[-gpu]+$/, ''); }
  const cuda = parts.instanceType !== undefined && (family === 'p4d' || parts.smdistributed) ? LATER_CUDA[`${parts.framework}-${tag}`] : undefined;
  return cuda === undefined || arm64 ? tag : `${tag}-${cuda}`;
}
