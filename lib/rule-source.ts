import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct, IDependable } from 'constructs';
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { refuse } from './request/checks';
import { deployedInput } from './template/deployed-input';
import { grantRead, placeInBucket, placeOfUri, s3Uri, type S3Place } from './template/s3-access';

/** The source of a rule, ready to be named in a request. */
export interface RuleSourceConfig {
  /** Where it is in S3. */
  readonly s3Uri: string;
  /**
   * A hash of it, where that is known.
   *
   * @default - the address counts
   */
  readonly contentHash?: string;
  /**
   * What must have been deployed before it is there.
   *
   * @default - nothing
   */
  readonly dependencies?: IDependable[];
}

/**
 * The Python source of a custom rule.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/debugger-custom-rules.html
 *
 * @example
 * const rule = MonitoringRule.custom({
 *   image, instanceType: 'ml.t3.medium', volumeSize: Size.gibibytes(30),
 *   source: RuleSource.fromBucket(bucket, 'rules/custom_rule.py'), ruleToInvoke: 'CustomRule',
 * });
 */
export abstract class RuleSource {
  /**
   * A file or a directory of the app, unpacked in a bucket of the stack when the app is deployed. File names stay as they are.
   *
   * Throws when it does not exist.
   */
  public static fromFile(path: string): RuleSource { return new LocalSource(path); }

  /** An object of a bucket. */
  public static fromBucket(bucket: IBucket, key: string): RuleSource {
    return new StoredSource(() => ({ ...placeInBucket(bucket, key), isObject: true }));
  }

  /** An object by its URI: `s3://bucket/key`. Throws when it is no such URI. */
  public static fromS3Uri(uri: string): RuleSource {
    return new StoredSource((scope) => ({ ...placeOfUri(scope, uri) ?? refuse(scope, 'source', 'be at s3://bucket/key', uri), isObject: true }));
  }

  /** Lets the rule read its source and says where it is. */
  public abstract bind(scope: Construct, grantee: IGrantable): RuleSourceConfig;
}

class StoredSource extends RuleSource {
  public constructor(private readonly place: (scope: Construct) => S3Place) { super(); }

  public bind(scope: Construct, grantee: IGrantable): RuleSourceConfig {
    const place = this.place(scope);
    grantRead(place, grantee);
    return { s3Uri: s3Uri(place) };
  }
}

class LocalSource extends RuleSource {
  public constructor(private readonly path: string) { super(); }

  /** Unpacked and not as an asset's object, whose name is a hash: the evaluator loads the file by its name. */
  public bind(scope: Construct, grantee: IGrantable): RuleSourceConfig {
    const kind = statSync(this.path, { throwIfNoEntry: false }) ?? refuse(scope, 'source', 'be a file that exists', this.path);
    const { place, contentHash, deployment } = this.deployed(scope);
    grantRead(place, grantee);
    return { s3Uri: kind.isDirectory() ? s3Uri(place) : `${s3Uri(place)}${basename(this.path)}`, contentHash, dependencies: [deployment] };
  }

  private deployed(scope: Construct): ReturnType<typeof deployedInput> {
    try {
      return deployedInput(scope, this.path);
    } catch (error) {
      return refuse(scope, 'source', `be files that can be uploaded: ${(error as Error).message}`, this.path);
    }
  }
}
