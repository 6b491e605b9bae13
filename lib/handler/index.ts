import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { SageMakerClientConfig } from '@aws-sdk/client-sagemaker';
import type { CloudFormationEvent, Task } from './events';
import { sendOverHttp } from './http';
import type { Send } from './http';
import { putAnswer } from './put-answer';
import { giveUp, receive, send } from './receive';
import { sageMakerJobs } from './sagemaker-jobs';
import { signedCalls } from './signed-calls';
import { step } from './step';
import { flawOf } from './well-formed';
import type { World } from './world';

/** The real world, at the point of sending: `http` for everything, or for SageMaker whatever the SDK is configured with. */
export function realWorld(http: Send = sendOverHttp, sageMaker: SageMakerClientConfig = {}): World {
  return {
    jobs: sageMakerJobs(new SageMakerClient({ maxAttempts: 1, retryMode: 'standard', ...sageMaker })),
    ...signedCalls(http),
    put: (url, body) => putAnswer(http, url, body),
    now: () => Date.now(),
    sleep: (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); }),
    random: () => Math.random(),
  };
}

/** Called by CloudFormation with an event, and by the state machine with the state of an execution. */
export async function handle(input: CloudFormationEvent | Task, functionArn: string, world: World): Promise<Task | Record<string, never>> {
  const flaw = flawOf(input);
  if (flaw) {
    console.error(`nothing was done for an input that CloudFormation does not send: ${flaw}`);
    return {};
  }
  if ('ResponseURL' in input) {
    await receive(input, functionArn, world);
    return {};
  }
  if (input.answer) {
    await send(input, world);
    return {};
  }
  return input.error ? giveUp(input, world) : step(input, world);
}

/** For `plan`, which loads the function for them: they are large, and once in the package. */
export { JOB_KINDS } from './job-kinds';

let world: World | undefined;

export const handler = (input: CloudFormationEvent | Task, context: { readonly invokedFunctionArn: string }) =>
  handle(input, context.invokedFunctionArn, world ??= realWorld());
