import { sameValue } from '../cloudformation/resource-type';
import type { ResourceType } from '../cloudformation/resource-type';
import type { SageMakerApi } from '../sagemaker-api';
import { isGone, nameOf, withNumbers } from './sagemaker-values';

/** How often a job that is being stopped is looked at, in milliseconds. */
const LOOK = 250;

/**
 * A processing job: whatever changes, tags included, another one runs in its place.
 *
 * It is made as soon as SageMaker has accepted it, whatever becomes of it later. Whether CloudFormation waits for its end at
 * AWS is not documented. Deleted, it is stopped, and SageMaker keeps its record.
 */
export function processingJobType(sageMaker: SageMakerApi): ResourceType {
  const describe = (name: unknown) => sageMaker.call('DescribeProcessingJob', { ProcessingJobName: name });
  return {
    replaces: (old, wanted) => !sameValue(old, wanted),
    async create(request) {
      const name = nameOf(request, 'ProcessingJobName');
      request.planned({ physicalId: name, attributes: { ProcessingJobName: name } });
      const { ProcessingJobArn: arn } = await sageMaker.call('CreateProcessingJob', { ...withNumbers(request.properties), ProcessingJobName: name });
      const { ProcessingJobStatus: status, CreationTime: created } = await describe(name);
      return {
        physicalId: String(arn),
        attributes: {
          ProcessingJobArn: String(arn), ProcessingJobName: name, ProcessingJobStatus: String(status),
          ...created instanceof Date ? { CreationTime: created.toISOString() } : {},
        },
      };
    },
    async delete({ clock }, { attributes: { ProcessingJobName: name } }) {
      for (let asked = false; ;) {
        const job = await describe(name).catch((error: unknown) => {
          if (isGone(error)) { return undefined; }
          throw error;
        });
        if (job?.ProcessingJobStatus !== 'InProgress' && job?.ProcessingJobStatus !== 'Stopping') { return; }
        // It may end by itself meanwhile.
        if (!asked) { await sageMaker.call('StopProcessingJob', { ProcessingJobName: name }).catch(() => undefined); }
        asked = true;
        await clock.sleep(LOOK);
      }
    },
  };
}
