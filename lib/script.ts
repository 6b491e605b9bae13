import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { statSync, type Stats } from 'node:fs';
import { posix } from 'node:path';
import { isArchiveName } from './request/archive-name';
import { isToken, refuse } from './request/checks';
import { checkArgument, type Kind, STRUCTURE, TEXT } from './request/kinds';
import type { FileScriptOptions, ModelDataScriptOptions, S3ScriptOptions, ScriptOptions } from './script-options';
import { grantRead, placeInBucket, placeOfUri, s3Uri, type S3Place } from './template/s3-access';
import { recordSource, sourceAsset } from './template/source-asset';
import { contentHash, namedRoot, sourceFiles, type SourceFile, type SourceRoot } from './template/source-files';

/** A script, ready to be named in a request. */
export interface ScriptConfig {
  /** The file to start. */
  readonly entryPoint: string;
  /** Where the container finds the archive, or the folder, that the script is in. */
  readonly submitDirectory: string;
  /**
   * What stands for the files where runs are compared: a hash of them, or their address in S3 with its revision.
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
   * Whether the code was given as one file, as the `entry_point` of the Python SDK without its `source_dir`.
   *
   * @default false
   */
  readonly isSingleFile?: boolean;
  /**
   * What of the code came as dependencies, by name.
   *
   * @default - nothing
   */
  readonly dependencies?: string[];
}

/**
 * The user's own code for an image that knows how to run it (script mode).
 *
 * Local code becomes a `sourcedir.tar.gz` when the app is synthesized: the files of the directory at its root, or the
 * one file, and each dependency by its own name beside them. It is uploaded with the assets of the app, and unpacked by
 * the container. Where the Python SDK packs what it finds, this archive is the same on every machine:
 *
 * - Order, dates and owners are fixed. A file that begins like a script (`#!`) or a program of Linux (ELF) is
 *   executable and no other, whatever its mode, which differs between machines.
 * - Links are followed, as the SDK follows them; but one that leads out of its directory is an error.
 * - A directory comes along with the files in it; an empty one, which version control does not keep, does not.
 * - Two files that would get the same name are an error; the SDK lets the dependency replace the file of the directory.
 *
 * What counts as a change of the code are names and bytes of its files. A directory that has not changed is read, and
 * not packed again, as long as the output directory of the app (`cdk.out`) is kept.
 *
 * @see https://github.com/aws/sagemaker-training-toolkit
 *
 * @example
 * const script = Script.fromDirectory('src', { entryPoint: 'train.py', exclude: ['tests'], dependencies: ['../common'] });
 * const training = new TrainingJob(this, 'Train', { algorithm: Algorithm.image(image, { script }), capacity });
 * training.toModel('Model', { script: script.withEntryPoint('serve.py') });
 *
 * const single = Script.fromFile('train.py');
 * const released = Script.fromBucket(bucket, 'code/3.1/sourcedir.tar.gz', { entryPoint: 'train.py' });
 */
export abstract class Script {
  /**
   * A directory of code: what is in it lies at the root of the archive.
   *
   * Throws when the directory or the entry point does not exist, a link leads outside the directory, or a dependency
   * does not exist or brings a name that is taken.
   */
  public static fromDirectory(directory: string, options: ScriptOptions): Script {
    checkArgument('Script.fromDirectory', 'directory', directory, TEXT);
    checkArgument('Script.fromDirectory', 'options', options, STRUCTURE);
    return new LocalScript({ root: { path: directory, name: '' }, options }, options.entryPoint);
  }

  /**
   * A single file, which is the one to start.
   *
   * Throws when it does not exist, or a dependency does not exist or brings a name that is taken.
   */
  public static fromFile(file: string, options: FileScriptOptions = {}): Script {
    checkArgument('Script.fromFile', 'file', file, FILE);
    checkArgument('Script.fromFile', 'options', options, STRUCTURE);
    const root = namedRoot(file);
    return new LocalScript({ root, options }, root.name);
  }

  /**
   * An archive that lies in a bucket, a `.tar.gz` with the code at its root. It is used as it lies there, and the
   * role may read this one object. A key whose end is known at deployment only is taken to end in `sourcedir.tar.gz`.
   *
   * Throws when the key is no object's, or does not end in `.tar.gz` or `.tgz`, nor as an asset of the CDK does (`<hash>.gz`).
   */
  public static fromBucket(bucket: IBucket, key: string, options: S3ScriptOptions): Script {
    checkArgument('Script.fromBucket', 'options', options, STRUCTURE);
    return new S3Script(() => placeInBucket(bucket, key, options.encryptionKey), options);
  }

  /**
   * An archive by its URI: `s3://bucket/code/sourcedir.tar.gz`, a `.tar.gz` with the code at its root. It is used as it
   * lies there, and the role may read this one object.
   *
   * Throws when it is no such URI, or does not end in `.tar.gz` or `.tgz`, nor as an asset of the CDK does (`<hash>.gz`).
   */
  public static fromS3Uri(uri: string, options: S3ScriptOptions): Script {
    checkArgument('Script.fromS3Uri', 'options', options, STRUCTURE);
    return new S3Script((scope) => placeOfUri(scope, uri, options.encryptionKey) ?? refuse(scope, 'script', 'be an archive at s3://bucket/key', uri), options);
  }

  /**
   * Code that training has put in the folder `code` of its artifact. For a model only; the way for a model under
   * network isolation, which can't download a script.
   */
  public static inModelData(options: ModelDataScriptOptions): Script {
    checkArgument('Script.inModelData', 'options', options, STRUCTURE);
    return new ModelDataScript(options.entryPoint);
  }

  /** Whether it was given as one file. */
  public readonly isSingleFile: boolean = false;
  /** Whether it lies in the artifact of the model already. */
  public readonly isInModelData: boolean = false;

  /** Lets the grantee read the script and says where it is. */
  public abstract bind(scope: Construct, grantee: IGrantable): ScriptConfig;

  /** The same code with another file to start. Throws, when it is bound, if local code has no such file. */
  public abstract withEntryPoint(entryPoint: string): Script;
}

/** What is at a path; nothing where there can't be anything. */
function statOf(path: string): Stats | undefined {
  try { return statSync(path, { throwIfNoEntry: false }); } catch { return undefined; }
}

/** The root of all files has no name to lie by in an archive, and is nobody's code. */
const FILE: Kind = ['a file', (path) => typeof path === 'string' && namedRoot(path).name !== ''];

/** What the Python SDK calls an archive of code, and takes every archive in S3 to be called. */
const USUAL_NAME = 'sourcedir.tar.gz';

/** The files of local code, read once for all that starts one of them. */
interface LocalCode {
  readonly root: SourceRoot;
  readonly options: FileScriptOptions;
  read?: { readonly files: readonly SourceFile[]; readonly hash: string };
}

class LocalScript extends Script {
  public readonly isSingleFile: boolean;

  public constructor(private readonly code: LocalCode, private readonly entryPoint: string) {
    super();
    this.isSingleFile = code.root.name !== '';
  }

  public bind(scope: Construct, grantee: IGrantable): ScriptConfig {
    const { root, options } = this.code;
    const { files, hash } = this.code.read ??= this.read(scope);
    const names = files.map(({ name }) => name);
    checkEntryPoint(scope, this.entryPoint);
    if (!isToken(this.entryPoint) && !names.includes(posix.normalize(this.entryPoint))) {
      refuse(scope, 'entryPoint', `be one of the files of ${root.path} (${names.slice(0, 20).join(', ')}${names.length > 20 ? ', …' : ''})`, this.entryPoint);
    }
    const location = this.packed(scope, () => sourceAsset(scope, files, hash));
    recordSource(scope, location, [root, ...(options.dependencies ?? []).map(namedRoot)]);
    const place = placeOfUri(scope, `s3://${location.bucketName}/${location.objectKey}`)!;
    grantRead({ ...place, isObject: true }, grantee);
    return {
      entryPoint: this.entryPoint,
      submitDirectory: s3Uri(place),
      contentHash: hash,
      fileName: lastPart(location.objectKey),
      isSingleFile: this.isSingleFile,
      // those that exclude or emptiness left something of
      dependencies: options.dependencies?.map((path) => namedRoot(path).name).filter((name) => names.some((each) => each === name || each.startsWith(`${name}/`))),
    };
  }

  public withEntryPoint(entryPoint: string): Script {
    return new LocalScript(this.code, entryPoint);
  }

  private read(scope: Construct): NonNullable<LocalCode['read']> {
    const { root, options } = this.code;
    const { path, name } = root;
    if (/^s3:/i.test(path)) { refuse(scope, 'script', 'be local (Script.fromS3Uri takes an archive that lies in S3)', path); }
    const found = statOf(path);
    if (name === '' && !found?.isDirectory()) { refuse(scope, 'script', 'be a directory', path); }
    if (name !== '' && !found?.isFile()) { refuse(scope, 'script', 'be a file', path); }
    const missing = options.dependencies?.find((dependency) => !statOf(dependency) || !FILE[1](dependency));
    if (missing !== undefined) { refuse(scope, 'script.dependencies', 'be files and directories', missing); }
    return this.packed(scope, () => {
      const files = sourceFiles([root, ...(options.dependencies ?? []).map(namedRoot)], options.exclude);
      return { files, hash: contentHash(files) };
    });
  }

  private packed<T>(scope: Construct, how: () => T): T {
    try {
      return how();
    } catch (error) {
      return refuse(scope, 'script', `be code that can be packed: ${(error as Error).message}`, this.code.root.path);
    }
  }
}

class S3Script extends Script {
  public constructor(private readonly place: (scope: Construct) => S3Place, private readonly options: S3ScriptOptions) { super(); }

  public bind(scope: Construct, grantee: IGrantable): ScriptConfig {
    const { entryPoint, revision } = this.options;
    checkEntryPoint(scope, entryPoint);
    const place = this.place(scope);
    const uri = s3Uri(place);
    if (place.prefix === '' || place.prefix.endsWith('/')) { refuse(scope, 'script', 'be one archive in S3: the container unpacks an object, and no folder', uri); }
    const fileName = lastPart(place.prefix);
    if (!isToken(fileName) && !isArchiveName(fileName)) { refuse(scope, 'script', 'be an archive that ends in .tar.gz (or .tgz), which is what the container unpacks', uri); }
    grantRead({ ...place, isObject: true }, grantee);
    return {
      entryPoint,
      submitDirectory: uri,
      contentHash: revision === undefined ? uri : `${uri} ${revision}`,
      fileName: isToken(fileName) ? USUAL_NAME : fileName,
    };
  }

  public withEntryPoint(entryPoint: string): Script {
    return new S3Script(this.place, { ...this.options, entryPoint });
  }
}

class ModelDataScript extends Script {
  public readonly isInModelData = true;

  public constructor(private readonly entryPoint: string) { super(); }

  public bind(scope: Construct): ScriptConfig {
    checkEntryPoint(scope, this.entryPoint);
    return { entryPoint: this.entryPoint, submitDirectory: '/opt/ml/model/code' };
  }

  public withEntryPoint(entryPoint: string): Script {
    return new ModelDataScript(entryPoint);
  }
}

function checkEntryPoint(scope: Construct, entryPoint: string): void {
  if (typeof entryPoint !== 'string' || entryPoint === '' || /^s3:/i.test(entryPoint)) { refuse(scope, 'entryPoint', 'be the name of a file of the code, relative to its root', entryPoint); }
}

const lastPart = (key: string) => key.split('/').pop()!;
