import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { CloudWatch } from './cloudwatch';

/** Whom to ask, and how to wait. */
export interface Clients {
  readonly sageMaker: SageMakerClient;
  readonly logs: CloudWatchLogsClient;
  readonly cloudWatch: CloudWatch;
}

export interface Target {
  /** @default - AWS_REGION, AWS_DEFAULT_REGION, or that of the profile */
  readonly region?: string;
  /** @default - as the SDKs find it */
  readonly profile?: string;
  /** The local AWS, which takes any credentials. @default - AWS, with the credentials that the SDKs find */
  readonly localEndpoint?: string;
}

const LOCAL_REGION = 'us-east-1';

export function clientsFor({ region, profile, localEndpoint }: Target): Clients {
  // The SDKs are bundled in a version that runs here; what later ones need is no concern of whoever reads a log.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const settings = localEndpoint === undefined
    // The SDK for JavaScript does not know the variable that the AWS CLI and boto3 go by.
    ? { region: region ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION, profile, maxAttempts: 5 }
    : { region: LOCAL_REGION, endpoint: localEndpoint, credentials: { accessKeyId: 'local', secretAccessKey: 'local' }, maxAttempts: 2 };
  const sageMaker = new SageMakerClient(settings);
  return { sageMaker, logs: new CloudWatchLogsClient(settings), cloudWatch: new CloudWatch(sageMaker.config, SYSTEM_CLOCK) };
}

/** Time, so that tests can have their own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); }),
};
