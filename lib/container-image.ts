import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import type { DockerImageAssetOptions } from 'aws-cdk-lib/aws-ecr-assets';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Stack, Token } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ImageUriOptions } from './image-uris';
import { URL_SUFFIXES } from './limits/partitions';
import { lengthInRange, refuse } from './request/checks';
import { boundSageMakerImage } from './sage-maker-image';
import { grantPull, grantRegistryLogin, invocationOf } from './template/execution-role';

/** A container image, ready to be named in a request. */
export interface ContainerImageConfig {
  /** The full URI, with tag or digest. */
  readonly imageUri: string;
  /**
   * What the image holds, where that is known: a digest, or the hash of what it is built from. A job counts this
   * and not the registry, so that an identical image elsewhere trains nothing again.
   *
   * @default - the repository's name and the tag count
   */
  readonly contentHash?: string;
  /**
   * Whether the image is in a registry that is reached through the VPC of the job or the model.
   *
   * @default false
   */
  readonly isInVpc?: boolean;
  /**
   * The function that knows how to log in to that registry.
   *
   * @default - the registry asks for no login
   */
  readonly credentialsProvider?: IFunction;
}

/** How a registry of one's own is reached. */
export interface RegistryOptions {
  /**
   * A function that answers with `{ Credentials: { Username, Password } }`. The role may invoke exactly this function.
   *
   * @default - the registry asks for no login
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/docker-containers-adapt-your-own-private-registry-authentication.html
   */
  readonly credentialsProvider?: IFunction;
}

/**
 * The container image of a job or a model: one of SageMaker's own, in Amazon ECR, or in a registry of one's own within the VPC.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo.html
 *
 * @example
 * const fromRepository = ContainerImage.fromEcrRepository(repository, '1.0');
 * const built = ContainerImage.fromAsset('image');
 * const ofSageMaker = ContainerImage.fromSageMaker('xgboost', { version: '3.0-5' });
 * const byUri = ContainerImage.fromUri('123456789012.dkr.ecr.eu-west-1.amazonaws.com/digits:1.0');
 */
export abstract class ContainerImage {
  /**
   * An image in an ECR repository.
   *
   * A tag that is moved to another image does not train again; a digest or a tag of its own for each image does.
   *
   * @param tagOrDigest the tag, or the digest (`sha256:...`); `latest` if left out
   */
  public static fromEcrRepository(repository: IRepository, tagOrDigest: string = 'latest'): ContainerImage {
    return new RepositoryImage(repository, tagOrDigest);
  }

  /**
   * An image built from a directory with a Dockerfile when the app is deployed, for linux/amd64 unless the options say otherwise.
   * `cdk-sagemaker local` builds nothing: it follows the Dockerfile and runs the image's own `train` and `serve` as processes.
   */
  public static fromAsset(directory: string, options: DockerImageAssetOptions = {}): ContainerImage {
    return new AssetImage(directory, options);
  }

  /**
   * An image in Amazon ECR by its full URI: `<account>.dkr.ecr.<region>.<suffix>/<repository>:<tag>` or `...@sha256:<digest>`.
   *
   * The role may pull exactly this repository. Throws when the URI is none of ECR.
   */
  public static fromUri(uri: string): ContainerImage {
    return new UriImage(uri);
  }

  /**
   * An image in a registry of one's own: `registry.example.com/team/image:1.0`. SageMaker reaches it through the VPC of the job or the model,
   * which must have one.
   */
  public static fromRegistry(uri: string, options: RegistryOptions = {}): ContainerImage {
    return new RegistryImage(uri, options);
  }

  /**
   * The image that SageMaker has for a framework or a built-in algorithm, in the Region of the stack. The role may pull exactly its repository.
   *
   * A stack that knows no Region gets a mapping of the accounts by Region, and is deployed to any of them. Which images there are says
   * `ImageUris`; a version newer than those is named with `unlistedVersion`. When there is no such image, the error at synthesis lists what
   * there is.
   *
   * @param framework the name, like `pytorch` or `kmeans`; one of `ImageUris.frameworks()`
   */
  public static fromSageMaker(framework: string, options: ImageUriOptions = {}): ContainerImage {
    return new SageMakerImage(framework, options);
  }

  /** Lets the grantee pull the image and says what it is called. */
  public abstract bind(scope: Construct, grantee: IGrantable): ContainerImageConfig;
}

class RepositoryImage extends ContainerImage {
  public constructor(private readonly repository: IRepository, private readonly tagOrDigest: string) { super(); }

  public bind(_scope: Construct, grantee: IGrantable): ContainerImageConfig {
    // IRepository.grantPull would do, and add the registry's token once more for every image
    this.repository.grant(grantee, 'ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer');
    grantRegistryLogin(grantee);
    const isDigest = !Token.isUnresolved(this.tagOrDigest) && this.tagOrDigest.startsWith('sha256:');
    return {
      imageUri: this.repository.repositoryUriForTagOrDigest(this.tagOrDigest),
      contentHash: isDigest ? this.tagOrDigest : undefined,
    };
  }
}

class AssetImage extends ContainerImage {
  public constructor(private readonly directory: string, private readonly options: DockerImageAssetOptions) { super(); }

  public bind(scope: Construct, grantee: IGrantable): ContainerImageConfig {
    // loaded when used: it costs every synthesis that has no image of its own
    const { DockerImageAsset, Platform } = require('aws-cdk-lib/aws-ecr-assets') as typeof import('aws-cdk-lib/aws-ecr-assets');
    const asset = new DockerImageAsset(scope, 'Image', { platform: Platform.LINUX_AMD64, ...this.options, directory: this.directory });
    asset.repository.grant(grantee, 'ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer');
    grantRegistryLogin(grantee);
    return { imageUri: asset.imageUri, contentHash: asset.assetHash };
  }
}

/** Account and region may be tokens, which have dots of their own. */
const TOKEN = String.raw`\$\{Token\[[^\]]*\]\}`;
const PART = `(${TOKEN}|[a-z0-9-]+)`;
/** Any other domain is one that somebody has registered. */
const SUFFIX = [TOKEN, ...URL_SUFFIXES.map((domain) => domain.replaceAll('.', '\\.'))].join('|');
const ECR_URI = new RegExp(String.raw`^${PART}\.dkr\.ecr(?:-fips)?\.${PART}\.(?:${SUFFIX})/((?:${TOKEN}|[^:@*?$])+)(?::([^:@]+))?(?:@(sha256:[0-9a-f]{64}))?$`);

class UriImage extends ContainerImage {
  public constructor(private readonly uri: string) { super(); }

  public bind(scope: Construct, grantee: IGrantable): ContainerImageConfig {
    const parts = ECR_URI.exec(this.uri);
    if (!parts) {
      return refuse(scope, 'image', 'be in Amazon ECR: <account>.dkr.ecr.<region>.<suffix>/<repository>:<tag> (for a URI known at deployment use fromEcrRepository)', this.uri);
    }
    lengthInRange(scope, 'image', this.uri, 1, 255);
    const [, account, region, resourceName, , digest] = parts;
    grantPull(grantee, Stack.of(scope).formatArn({ service: 'ecr', account, region, resource: 'repository', resourceName }));
    return { imageUri: this.uri, contentHash: digest };
  }
}

class SageMakerImage extends ContainerImage {
  public constructor(private readonly framework: string, private readonly options: ImageUriOptions) { super(); }

  public bind(scope: Construct, grantee: IGrantable): ContainerImageConfig {
    return boundSageMakerImage(scope, grantee, this.framework, this.options);
  }
}

class RegistryImage extends ContainerImage {
  public constructor(private readonly uri: string, private readonly options: RegistryOptions) { super(); }

  public bind(scope: Construct, grantee: IGrantable): ContainerImageConfig {
    lengthInRange(scope, 'image', this.uri, 1, 255);
    const { credentialsProvider } = this.options;
    if (credentialsProvider) {
      // IFunction.grantInvoke would let it invoke every version and alias as well
      grantee.grantPrincipal.addToPrincipalPolicy(invocationOf(credentialsProvider));
    }
    return { imageUri: this.uri, contentHash: /@(sha256:[0-9a-f]{64})$/.exec(this.uri)?.[1], isInVpc: true, credentialsProvider };
  }
}
