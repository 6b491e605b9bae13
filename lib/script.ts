import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { AssetHashType, AssetStaging, FileAssetPackaging, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { refuse } from './request/checks';
import { grantRead, placeOfUri } from './template/s3-access';
import { sourceArchive, type SourceArchive } from './template/source-archive';

/** What `Script.fromDirectory` may be told. */
export interface ScriptOptions {
  /** The file to start, relative to the directory. */
  readonly entryPoint: string;
  /**
   * Files and directories to leave out, as glob patterns relative to the directory.
   * `__pycache__`, `*.pyc` and `.DS_Store` never go along.
   *
   * @default - everything goes along
   */
  readonly exclude?: string[];
}

/** What `Script.inModelData` must be told. */
export interface ModelDataScriptOptions {
  /** The file to start, relative to the folder `code` of the artifact. */
  readonly entryPoint: string;
}

/** A script, ready to be named in a request. */
export interface ScriptConfig {
  /** The file to start. */
  readonly entryPoint: string;
  /** Where the container finds the archive, or the folder, that the script is in. */
  readonly submitDirectory: string;
  /**
   * A hash of the files.
   *
   * @default - the script lies in the model's artifact
   */
  readonly contentHash?: string;
  /**
   * The name of the archive's object, without the way to it.
   *
   * @default - the script lies in the model's artifact
   */
  readonly fileName?: string;
  /**
   * Whether it is one file, given without a directory.
   *
   * @default false
   */
  readonly isSingleFile?: boolean;
}

/**
 * The user's own code for an image that knows how to run it (script mode).
 *
 * @see https://github.com/aws/sagemaker-training-toolkit
 *
 * @example
 * const script = Script.fromDirectory('src', { entryPoint: 'train.py', exclude: ['tests'] });
 * const training = new TrainingJob(this, 'Train', { algorithm: Algorithm.image(image, { script }), capacity });
 * training.toModel('Model', { script: script.withEntryPoint('serve.py') });
 */
export abstract class Script {
  /**
   * A directory of code: packed when the app is synthesized, uploaded with the assets of the app when it is deployed,
   * unpacked by the container. The same files give the same archive on every machine.
   *
   * Throws when the directory or the entry point does not exist, or a link leads outside the directory.
   */
  public static fromDirectory(directory: string, options: ScriptOptions): Script {
    return new DirectoryScript(directory, options);
  }

  /**
   * Code that training has put in the folder `code` of its artifact. For a model only; the way for a model under
   * network isolation, which can't download a script.
   */
  public static inModelData(options: ModelDataScriptOptions): Script {
    return new ModelDataScript(options.entryPoint);
  }

  /** Lets the grantee read the script and says where it is. */
  public abstract bind(scope: Construct, grantee: IGrantable): ScriptConfig;

  /** The same code with another file to start. Throws when the code has no such file. */
  public abstract withEntryPoint(entryPoint: string): Script;
}

class DirectoryScript extends Script {
  private archive?: SourceArchive;

  public constructor(private readonly directory: string, private readonly options: ScriptOptions) { super(); }

  public bind(scope: Construct, grantee: IGrantable): ScriptConfig {
    const archive = this.archive ??= this.packed(scope);
    if (!archive.files.includes(this.options.entryPoint)) {
      refuse(scope, 'entryPoint', `be one of the files of ${this.directory} (${archive.files.slice(0, 20).join(', ')})`, this.options.entryPoint);
    }
    const location = upload(scope, archive);
    const place = placeOfUri(scope, `s3://${location.bucketName}/${location.objectKey}`)!;
    grantRead({ ...place, isObject: true }, grantee);
    return {
      entryPoint: this.options.entryPoint,
      submitDirectory: `s3://${place.bucketName}/${place.prefix}`,
      contentHash: archive.hash,
      fileName: location.objectKey.split('/').pop()!,
    };
  }

  public withEntryPoint(entryPoint: string): Script {
    return new DirectoryScript(this.directory, { ...this.options, entryPoint });
  }

  private packed(scope: Construct): SourceArchive {
    if (!statSync(this.directory, { throwIfNoEntry: false })?.isDirectory()) { refuse(scope, 'script', 'be a directory', this.directory); }
    try {
      return sourceArchive(this.directory, this.options.exclude);
    } catch (error) {
      return refuse(scope, 'script', `be a directory that can be packed: ${(error as Error).message}`, this.directory);
    }
  }
}

class ModelDataScript extends Script {
  public constructor(private readonly entryPoint: string) { super(); }

  public bind(): ScriptConfig {
    return { entryPoint: this.entryPoint, submitDirectory: '/opt/ml/model/code' };
  }

  public withEntryPoint(entryPoint: string): Script {
    return new ModelDataScript(entryPoint);
  }
}

/** By way of core's staging, which is a tenth of the cost of an Asset of aws-s3-assets. */
function upload(scope: Construct, archive: SourceArchive): { bucketName: string; objectKey: string } {
  const folder = mkdtempSync(join(tmpdir(), 'cdk-sagemaker-'));
  try {
    const sourcePath = join(folder, 'sourcedir.tar.gz');
    writeFileSync(sourcePath, archive.bytes);
    const staging = new AssetStaging(scope, 'Script', { sourcePath, assetHash: archive.hash, assetHashType: AssetHashType.CUSTOM });
    const stack = Stack.of(scope);
    return stack.synthesizer.addFileAsset({
      packaging: FileAssetPackaging.FILE, sourceHash: staging.assetHash, fileName: staging.relativeStagedPath(stack),
      displayName: `${scope.node.path} script`,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
