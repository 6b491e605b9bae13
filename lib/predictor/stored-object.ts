export interface StoredObject {
  readonly body: Uint8Array;
  readonly contentType: string;
}

/** S3 calls what is not there `forbidden` to whoever may not list the bucket, as it calls what may not be read. */
export type Absence = 'missing' | 'forbidden';

/** Where answers of asynchronous endpoints are. */
export interface ObjectStore {
  /** @param uri `s3://bucket/key` @throws PredictorError when it can't be known */
  read(uri: string): Promise<StoredObject | Absence>;
}
