import { Token, type TagManager } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { beyondLimits } from '../limits/constraints';
import { TRAINING_JOB_LIMITS } from '../limits/training-job';
import { OWNER_TAG_PREFIX } from './job-kind';

/** Three of SageMaker's 50 tags say whose the job is. */
const MOST_TAGS = 47;

interface Tag { readonly Key: string; readonly Value: string }

/** As a list, by key, so that the order in which a program tags doesn't matter: in a map, a tag called `__proto__` would be lost. */
export function tagList(manager: TagManager): Tag[] {
  const tags = (manager.renderTags() ?? []) as Tag[];
  return tags.map(({ Key, Value }) => ({ Key, Value })).sort((one, other) => (one.Key < other.Key ? -1 : 1));
}

/** What SageMaker would not take. */
export function tagErrors(job: IConstruct, manager: TagManager): string[] {
  const keys = tagList(manager).map(({ Key }) => Key);
  const reserved = keys.filter((key) => key.startsWith(OWNER_TAG_PREFIX));
  const scope = job.node.path;
  return [
    ...(keys.length > MOST_TAGS ? [`${scope}: tags must have at most ${MOST_TAGS} entries, got ${keys.length}`] : []),
    ...beyond(manager).map((violation) => `${scope}: ${violation}`),
    ...reserved.map((key) => `${scope}: tags must not begin with ${OWNER_TAG_PREFIX}, got ${key}`),
  ];
}

/** Tags of all kinds of job have the same limits. */
function beyond(manager: TagManager): string[] {
  const Tags = tagList(manager);
  return beyondLimits(TRAINING_JOB_LIMITS, { Tags }, (value) => Token.isUnresolved(value)).filter(({ path }) => path.length === 3).map(({ path, rule, value }) => {
    const { Key } = Tags[path[1] as number];
    return `${path[2] === 'Key' ? `tags: the name ${Key.slice(0, 40)}` : `tags.${Key}`} must ${rule}, got ${String(value).slice(0, 200)}`;
  });
}
