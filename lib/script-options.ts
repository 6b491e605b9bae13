import type { IKey } from 'aws-cdk-lib/aws-kms';

/** What `Script.fromFile` may be told. */
export interface FileScriptOptions {
  /**
   * Further files and directories, from anywhere, which lie by their own names beside the code: of `../lib/common`
   * the script imports `common`.
   *
   * @default - none
   */
  readonly dependencies?: string[];
  /**
   * Files and directories to leave out, as glob patterns relative to the root of the archive: a pattern without a slash
   * fits at any depth. `__pycache__`, `*.pyc`, `*.pyo`, `.git`, `.ipynb_checkpoints` and `.DS_Store` never go along.
   *
   * @default - everything else goes along
   */
  readonly exclude?: string[];
}

/** What `Script.fromDirectory` may be told. */
export interface ScriptOptions extends FileScriptOptions {
  /** The file to start, relative to the directory. */
  readonly entryPoint: string;
}

/** What `Script.fromBucket` and `Script.fromS3Uri` must and may be told. */
export interface S3ScriptOptions {
  /** The file to start, relative to the root of the archive. It can't be looked for before the job runs. */
  readonly entryPoint: string;
  /**
   * Says which archive lies there: nobody sees that an object was replaced, and another revision here is another run.
   *
   * @default - the address alone counts
   */
  readonly revision?: string;
  /**
   * The key the archive is encrypted with, if it is not the bucket's own.
   *
   * @default - the bucket's key, if it has one
   */
  readonly encryptionKey?: IKey;
}

/** What `Script.inModelData` must be told. */
export interface ModelDataScriptOptions {
  /** The file to start, relative to the folder `code` of the artifact. */
  readonly entryPoint: string;
}
