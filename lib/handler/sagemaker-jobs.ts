import { AddTagsCommand, DeleteTagsCommand, ListTagsCommand } from '@aws-sdk/client-sagemaker';
import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { JobKindName } from './contract';
import { isNotFound } from './errors';
import { JOB_KINDS } from './job-kinds';
import type { Tree } from './job-kind';
import { jobOf } from './run';
import type { Jobs, Tags } from './world';

/** The narrow client, over the SDK's. It does not retry: whether to is decided where it is known what the call was for. */
export function sageMakerJobs(client: SageMakerClient): Jobs {
  const send = (Command: new (input: any) => any, input: Tree): Promise<Tree> => client.send(new Command(input)) as Promise<Tree>;
  const named = (kind: JobKindName, name: string) => ({ [JOB_KINDS[kind].nameMember]: name });
  return {
    async describe(kind, name) {
      try {
        return jobOf(JOB_KINDS[kind], name, await send(JOB_KINDS[kind].describe, named(kind, name)));
      } catch (error) {
        if (isNotFound(error)) { return undefined; }
        throw error;
      }
    },
    async create(kind, request) { await send(JOB_KINDS[kind].create, request); },
    async stop(kind, name) { await send(JOB_KINDS[kind].stop, named(kind, name)); },
    async update(kind, name, changes) {
      const { update } = JOB_KINDS[kind];
      if (update) { await send(update, { ...named(kind, name), ...changes }); }
    },
    async remove(kind, name) {
      const { remove } = JOB_KINDS[kind];
      try {
        if (remove) { await send(remove, named(kind, name)); }
      } catch (error) {
        if (!isNotFound(error)) { throw error; }
      }
    },
    async tags(arn) {
      const tags: Tags = {};
      for (let token: string | undefined, first = true; first || token; first = false) {
        const page = await send(ListTagsCommand, { ResourceArn: arn, NextToken: token });
        for (const tag of (page.Tags ?? []) as Tree[]) { tags[tag.Key] = tag.Value; }
        token = page.NextToken;
      }
      return tags;
    },
    async tag(arn, tags) { await send(AddTagsCommand, { ResourceArn: arn, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }); },
    async untag(arn, keys) { await send(DeleteTagsCommand, { ResourceArn: arn, TagKeys: keys }); },
  };
}
