import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Duration } from 'aws-cdk-lib/core';
import type { Capacity } from './capacity';
import type { ContainerImage } from './container-image';
import type { Encryption } from './encryption';
import type { ExperimentOptions } from './experiment';
import type { Framework } from './framework';
import type { JobNetworkProps } from './job-network';
import type { ProcessingInput } from './processing-input';
import type { ProcessingOutput } from './processing-output';
import type { Script } from './script';

/** What a processing job is made of. */
export interface ProcessingJobProps extends JobNetworkProps {
  /**
   * The image that is run. `Processor` and `ScriptProcessor` of the Python SDK. In Amazon ECR: CloudFormation knows no login for another registry.
   *
   * @default - that of the framework; one of image and framework must be given
   */
  readonly image?: ContainerImage;
  /**
   * The framework whose image runs the script, the one that trains: `FrameworkProcessor`, `PyTorchProcessor`, `SKLearnProcessor` and siblings of the Python SDK.
   *
   * @default - the image is given
   */
  readonly framework?: Framework;
  /**
   * The user's code. It is unpacked in `/opt/ml/processing/input/code`, what its `requirements.txt` names is installed with pip, and its entry point is started there.
   *
   * @default - the image has its code inside; must be given for a framework
   */
  readonly script?: Script;
  /**
   * What starts the entry point of the script; 1 to 95 texts of at most 256 characters.
   *
   * @default - ['python3'], and ['bash'] for an entry point that ends in `.sh`
   */
  readonly command?: string[];
  /**
   * The entry point of the container; 1 to 100 texts of at most 256 characters. Not with `script`, which has its own.
   *
   * @default - that of the image
   */
  readonly entrypoint?: string[];
  /**
   * Arguments of the entry point, or of the script; 1 to 100 texts of at most 256 characters.
   *
   * @default - none
   */
  readonly arguments?: string[];
  /**
   * What it reads, by name; at most 10, the script among them.
   *
   * @default - nothing
   */
  readonly inputs?: { [name: string]: ProcessingInput };
  /**
   * What it writes, by name; at most 10.
   *
   * @default - nothing that is kept
   */
  readonly outputs?: { [name: string]: ProcessingOutput };
  /**
   * The key that all outputs are encrypted with.
   *
   * @default - as their buckets encrypt by themselves
   */
  readonly outputKey?: IKey;
  /**
   * What the storage of the instances and the outputs are encrypted with, where `capacity` and `outputKey` name no key.
   *
   * @default - as `SageMakerDefaults` says, else as the service and the buckets encrypt by themselves
   */
  readonly encryption?: Encryption;
  /**
   * The instances it runs on: `Capacity.onDemand` with a type, 1 to 100 instances, and storage of 1 to 16,384 GiB with its key. CloudFormation knows no other capacity.
   */
  readonly capacity: Capacity;
  /**
   * Longest run time, in whole seconds up to 9 days. What runs longer is stopped.
   *
   * @default - a day, which is what the service takes by itself
   */
  readonly maxRuntime?: Duration;
  /**
   * Environment variables; at most 100 together with those of `secrets`, of at most 256 characters. A secret is never written here: `secrets` names it.
   *
   * @default - none
   */
  readonly environment?: { [name: string]: string };
  /**
   * Secrets that the containers read, by the environment variable that has the ARN of each. The role may read them, and use their keys for that.
   * Not with `networkIsolation`, under which a container can't ask Secrets Manager. Names are of variables, and others than in `environment`.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets.html
   */
  readonly secrets?: { [variableName: string]: ISecret };
  /**
   * Cuts the containers off from every network but what SageMaker itself brings. pip installs nothing then.
   *
   * @default false
   */
  readonly networkIsolation?: boolean;
  /**
   * Encrypts what instances send each other.
   *
   * @default false
   */
  readonly encryptInterContainerTraffic?: boolean;
  /**
   * The role of the containers. A role of the app is allowed what the props need, also one that is given; one made elsewhere is used as it is, and
   * a warning lists what it must be allowed.
   *
   * @default - one of its own, which may do what the props need
   */
  readonly role?: IRole;
  /**
   * What the job is called in SageMaker Experiments. The experiment and the trial exist already.
   *
   * @default - it is in no experiment
   */
  readonly experiment?: ExperimentOptions;
  /**
   * Any text of 1 to 256 letters, digits, spaces and `_ . : / = + - @`; another one runs the job again.
   *
   * @default - none
   */
  readonly revision?: string;
}
