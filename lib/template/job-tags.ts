import { Aws, Lazy, TagManager, TagType, type IResolvable, type ITaggableV2 } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { OWNER_TAG_PREFIX } from './job-kind';
import { tagErrors, tagList } from './tag-list';

/** The tags of jobs that are no resources: those of the scope (`Tags.of`), and whose they are. */
export class JobTags extends Construct implements ITaggableV2 {
  public readonly cdkTagManager = new TagManager(TagType.KEY_VALUE, 'AWS::SageMaker::TrainingJob');

  public constructor(private readonly owner: Construct, id: string) {
    super(owner, id);
    this.node.addValidation({ validate: () => tagErrors(owner, this.cdkTagManager) });
  }

  /** Known when the template is written. */
  public get rendered(): IResolvable {
    return Lazy.any({
      produce: () => [
        ...tagList(this.cdkTagManager),
        { Key: `${OWNER_TAG_PREFIX}stack`, Value: Aws.STACK_ID },
        // tags know fewer signs than paths do
        { Key: `${OWNER_TAG_PREFIX}workflow`, Value: this.owner.node.path.replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '-').slice(-256) },
      ],
    });
  }
}
