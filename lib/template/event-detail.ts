import { Stack } from 'aws-cdk-lib/core';
import type { EventDetail, EventfulKind } from '../limits/events';
import { JOB_KIND_FACTS } from '../limits/job-kinds';
import { OWNER_TAG_PREFIX } from './job-kind';
import type { JobResource } from './job-resource';
import { namePrefix } from './names';

export const detailOfName = (kind: EventfulKind, name: string): EventDetail => ({ [`${kind}Name`]: [name] });

/**
 * All jobs of a resource and no other's. Their names are `<prefix>-<run key>`, and `<prefix>-<run key>-2` where one was launched again. Of what begins with the prefix, a name
 * without another dash is a first one. A further one might be the first of a neighbour (`…-train`, `…-train-two`), and is known by the tags that say whose it is.
 */
export function detailOfJobs(job: JobResource): EventDetail {
  const { kind, scope } = job;
  const prefix = `${namePrefix(scope, JOB_KIND_FACTS[kind].longestName)}-`;
  const [stack, logicalId] = [Stack.of(scope).stackId, job.logicalId];
  return {
    [`${kind}Name`]: [{ prefix }],
    $or: [
      { [`${kind}Arn`]: [{ 'anything-but': { wildcard: `*/${prefix}*-*` } }] },
      // Doubtful: the guide shows tags as a map, and programs that read them find one; EventBridge's registry of schemas says that they are a list.
      { Tags: { [`${OWNER_TAG_PREFIX}stack`]: [stack], [`${OWNER_TAG_PREFIX}logical-id`]: [logicalId] } },
      { Tags: { Key: [`${OWNER_TAG_PREFIX}logical-id`], Value: [logicalId] } },
    ],
  };
}
