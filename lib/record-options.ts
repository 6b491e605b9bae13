import type { ManifestOptions } from './channel-options';

/** What is known of the records that an algorithm of Amazon's own gets. */
export interface RecordOptions {
  /**
   * How many records there are, over all files. Some algorithms take them by batches that depend on it.
   *
   * @default - it is not known
   */
  readonly numRecords?: number;
  /**
   * How many features a record has.
   *
   * @default - it is not known, or the algorithm's props say it
   */
  readonly featureDim?: number;
}

/** Where the records of a set lie, what is known of them, and how they are handed over: by default each instance gets a part of the files. */
export interface RecordSetOptions extends ManifestOptions, RecordOptions {}
