import type { Tag } from '@aws-sdk/client-sagemaker';
import { ServiceError, validationException } from '../service-error';
import type { StateFile } from './state-file';
import { checkTags } from './training-job-rules';

type Answer = Record<string, unknown>;
const MOST_TAGS = 50;

/** Tags of everything the local SageMaker has. */
export class Tags {
  constructor(private readonly file: StateFile) {}

  public add(arn: string, tags: readonly Tag[]): Answer {
    const old = this.of(arn);
    checkTags(tags);
    const merged = [...old.filter((tag) => !tags.some((each) => each.Key === tag.Key)), ...tags];
    if (merged.length > MOST_TAGS) { throw new ServiceError('ResourceLimitExceeded', `The maximum number of tags for a resource is ${MOST_TAGS}; ${arn} would have ${merged.length}.`); }
    this.file.state.tags[arn] = merged;
    this.file.save();
    return { Tags: merged };
  }

  public list(arn: string): Answer {
    return { Tags: this.of(arn) };
  }

  public delete(arn: string, keys: readonly string[]): Answer {
    this.file.state.tags[arn] = this.of(arn).filter((tag) => !keys.includes(tag.Key as string));
    this.file.save();
    return {};
  }

  private of(arn: string): Tag[] {
    const { tags, ...kinds } = this.file.state;
    const known = Object.values(kinds).some((records) => Object.values<{ readonly arn: string }>(records).some((record) => record.arn === arn));
    if (!known) { throw validationException(`Could not find resource "${arn}".`); }
    return tags[arn] ?? [];
  }
}
