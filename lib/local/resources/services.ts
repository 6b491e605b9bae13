import type { CloudWatchApi } from '../cloudwatch-api';
import type { EventBus } from '../events/event-bus';
import type { Functions } from '../lambda/functions';
import type { S3Folder } from '../s3-folder';
import type { SageMakerApi } from '../sagemaker-api';
import type { LocalSsm } from '../ssm/local-ssm';
import type { StepFunctions } from '../workflows/step-functions';

/** What the resources of a stack are made of. */
export interface LocalServices {
  readonly sageMaker: SageMakerApi;
  readonly cloudWatch: CloudWatchApi;
  readonly s3: S3Folder;
  readonly functions: Functions;
  readonly events: EventBus;
  readonly ssm: LocalSsm;
  readonly stepFunctions: StepFunctions;
  /** Where the code of functions is unpacked. */
  readonly codeFolder: string;
}
