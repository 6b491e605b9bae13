import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Stack, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { ContainerImageConfig } from './container-image';
import type { ImageOptions } from './images/image-options';
import { imageReference, uriOf, type ImageReference } from './images/image-reference';
import { accountIn } from './images/registry';
import { UnsupportedImage } from './images/unsupported-image';
import { urlSuffixOf } from './limits/partitions';
import { refuse } from './request/checks';
import { grantPull } from './template/execution-role';
import { mappedAccount } from './template/registry-account';

/** An image of SageMaker in a Region, or in whichever Region the stack is deployed to. */
export interface SageMakerImage {
  readonly imageUri: string;
  readonly repositoryArn: string;
  /** Repository and tag, by which two images are known to be one. */
  readonly name: string;
}

/**
 * An image of SageMaker in the Region of the construct's stack. A stack that knows its Region at deployment only looks
 * the account up in a mapping.
 *
 * @param prop the prop that errors are about
 * @param instanceProp the prop that errors about the instance type are about
 */
export function sageMakerImage(scope: IConstruct, framework: string, options: ImageOptions, prop = 'image', instanceProp = `${prop}.instanceType`): SageMakerImage {
  const stack = Stack.of(scope);
  const isKnown = !Token.isUnresolved(stack.region);
  try {
    const image = referenceOf(scope, framework, options, prop);
    const account = isKnown ? accountIn(framework, image.registry, stack.region) : mappedAccount(stack, image.registry, image.accounts);
    return {
      imageUri: uriOf(image, account, stack.region, isKnown ? urlSuffixOf(stack.region) : stack.urlSuffix),
      repositoryArn: stack.formatArn({ service: 'ecr', account, resource: 'repository', resourceName: image.repository }),
      name: `${image.repository}:${image.tag}`,
    };
  } catch (error) {
    if (!(error instanceof UnsupportedImage)) { throw error; }
    if (error.prop === 'instanceType' && Token.isUnresolved(options.instanceType)) { refuse(scope, instanceProp, `${error.rule}, when the app is synthesized`, options.instanceType); }
    const isAboutInstances = error.prop === 'instanceType' || (error.prop === 'framework' && options.instanceType !== undefined);
    return refuse(scope, isAboutInstances ? instanceProp : `${prop}.${error.prop}`, `${error.rule} (${framework})`, isAboutInstances ? options.instanceType : error.value);
  }
}

/** The same, which the grantee may pull from then on. */
export function boundSageMakerImage(scope: IConstruct, grantee: IGrantable, framework: string, options: ImageOptions, prop = 'image'): ContainerImageConfig {
  const { imageUri, repositoryArn } = sageMakerImage(scope, framework, options, prop);
  grantPull(grantee, repositoryArn);
  return { imageUri };
}

function referenceOf(scope: IConstruct, framework: string, options: ImageOptions, prop: string): ImageReference {
  const { instanceType, ...others } = options;
  for (const [name, value] of Object.entries({ framework, ...others })) {
    if (Token.isUnresolved(value)) { refuse(scope, `${prop}.${name}`, 'be known when the app is synthesized, for the image depends on it', value); }
  }
  // the SDK's answer is a tag with None in it, and no such image exists
  if (framework === 'huggingface' && !options.version) { refuse(scope, `${prop}.version`, 'be given: it is the version of transformers', 'none'); }
  // a type known at deployment is of no consequence where the images don't differ by it
  return imageReference(framework, Token.isUnresolved(instanceType) ? others : options);
}
