import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { Algorithm } from './algorithm';
import type { AlgorithmConfig, AlgorithmContext } from './algorithm-options';
import { Capacity } from './capacity';
import { InputMode } from './channel-options';
import { ContainerImage, type ContainerImageConfig } from './container-image';
import { DataSource } from './data-source';
import type { DataSourceConfig } from './data-source-config';
import type { Encryption } from './encryption';
import type { FrameworkConfig } from './framework';
import type { JobNetworkProps } from './job-network';
import type { ModelData } from './model-data';
import type { RepackOptions } from './repack-options';
import { refuse } from './request/checks';
import type { Script, ScriptConfig } from './script';
import { usualServingImage } from './serving-image';
import { grantPull } from './template/execution-role';
import { TrainingJob } from './training-job';
import { TrainingJobArtifact } from './training-job-artifact';

/**
 * What the Python SDK does on the user's machine: unpack the artifact and put the script in place of its folder `code`. SageMaker packs what is
 * there in the end. Libraries lie beside the script and, as the Python SDK has them, below `lib`. One entry of a command has at most
 * 256 characters. The variables are those of the local SageMaker; a container has none of them.
 */
const REPACK = 'set -e;m=${SM_MODEL_DIR:-/opt/ml/model};i=${SM_INPUT_DIR:-/opt/ml/input}/data;tar xzf $i/model/* -C $m;rm -rf $m/code;mkdir $m/code;tar xzf $i/code/* -C $m/code;'
  + 'for l;do mkdir -p $m/code/lib;tar xzf $i/code/* -C $m/code/lib "$l";done';

/** What is said of the model, and so of the job that packs its script. */
interface RepackScope extends JobNetworkProps { readonly encryption?: Encryption }

/** The artifact with the script inside, and what of the script is started. */
export function repacked(
  scope: Construct, modelData: ModelData, script: Script, options: RepackOptions = {}, { vpc, vpcSubnets, securityGroups, isolated, encryption }: RepackScope = {}, framework?: FrameworkConfig,
): { readonly entryPoint: string; readonly data: ModelData } {
  const { instanceType = 'ml.m5.large', volumeSize, volumeKey, maxRuntime = Duration.minutes(25), output, role } = options;
  const code = new ScriptData(script);
  const job = new TrainingJob(scope, 'Repack', {
    algorithm: new RepackAlgorithm(code, options.image ?? new ShellImage(framework)),
    role,
    inputs: { model: new ArtifactData(modelData), code },
    capacity: Capacity.onDemand({ instanceType, volumeSize, volumeKey }),
    maxRuntime,
    output: output ?? (modelData instanceof TrainingJobArtifact ? modelData.outputLocation : undefined),
    networkIsolation: true,                                  // it needs nothing but its two channels
    vpc, vpcSubnets, securityGroups, isolated,
    encryption,
  });
  return { entryPoint: code.bound!.entryPoint, data: job.modelData };
}

/** An artifact as data. */
class ArtifactData extends DataSource {
  public constructor(private readonly modelData: ModelData) { super(); }

  public bind(job: Construct, grantee: IGrantable): DataSourceConfig {
    const { s3Uri, isCompressed, isOneFile, ...options } = this.modelData.bind(job, grantee);
    if (!isCompressed) {
      refuse(job.node.scope!, 'script', `be Script.inModelData for an artifact that is ${isOneFile ? 'one file' : 'a folder of files'}: let training put its code there, or compress the artifact`, 'code that is packed into it');
    }
    return { s3Uri, options };
  }
}

/** The archive of a script as data. */
class ScriptData extends DataSource {
  public bound?: ScriptConfig;

  public constructor(private readonly script: Script) { super(); }

  public bind(job: Construct, grantee: IGrantable): DataSourceConfig {
    this.bound = this.script.bind(job, grantee);
    return { s3Uri: this.bound.submitDirectory, options: {}, contentHash: this.bound.contentHash };
  }
}

/** An image with a shell and tar: that of the framework, which is where the model is, or else one that is in most Regions. */
class ShellImage extends ContainerImage {
  public constructor(private readonly framework: FrameworkConfig | undefined) { super(); }

  public bind(job: Construct, grantee: IGrantable): ContainerImageConfig {
    const own = this.framework && usualServingImage(job, this.framework);
    if (!own || own instanceof Error) { return ContainerImage.fromSageMaker('sklearn', { version: '1.2-1' }).bind(job, grantee); }
    grantPull(grantee, own.repositoryArn);
    return { imageUri: own.imageUri };
  }
}

/** A shell in an image of SageMaker, told of the libraries. */
class RepackAlgorithm extends Algorithm {
  public readonly containerImage?: ContainerImage;
  public readonly script?: Script;

  public constructor(private readonly code: ScriptData, private readonly image: ContainerImage) { super(); }

  public bind(job: Construct, grantee: IGrantable, _context: AlgorithmContext): AlgorithmConfig {
    const libraries = this.code.bound?.dependencies ?? [];
    return {
      image: this.image.bind(job, grantee),
      inputMode: InputMode.FILE,
      entrypoint: ['/bin/sh'],
      arguments: ['-c', REPACK, 'repack', ...libraries],
    };
  }
}
