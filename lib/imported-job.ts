import { Resource } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { resultOfAlgorithm } from './algorithm-result';
import { FoundArtifact, FoundImage } from './found-result';
import { Model, type TrainedModelProps } from './model';
import type { ModelData } from './model-data';
import { isToken, matches, refuse } from './request/checks';
import { JobProviderResources } from './template/job-provider';
import { JobOutcome } from './template/job-resource';
import type { ImportedTrainingJobOptions } from './training-job';

/** CloudFormation waits for one resource at most an hour. */
const WITHIN_SECONDS = 55 * 60;

/** Which job, and by what it is called wrong: the name alone, and no ARN, for the handler asks by it, and the policy is made of it. */
export interface ImportedJobName<Kind> {
  readonly kind: Kind;
  readonly prop: string;
  readonly name: string;
  readonly pattern: RegExp;
  readonly words: string;
}

/** A job made elsewhere. What is asked of it is looked up when the stack is deployed, and a job that still runs is waited for. */
export abstract class ImportedJob<Kind extends 'TrainingJob' | 'HyperParameterTuningJob'> extends Resource {
  public readonly modelData: ModelData;
  private outcome?: JobOutcome<Kind>;

  public constructor(scope: Construct, id: string, private readonly job: ImportedJobName<Kind>, private readonly options: ImportedTrainingJobOptions) {
    super(scope, id);
    if (typeof job.name !== 'string' && !isToken(job.name)) { refuse(this, job.prop, 'be text', job.name); }
    matches(this, job.prop, job.name, job.pattern, job.words);
    this.modelData = new FoundArtifact(this, () => this.found, options);
  }

  public toModel(id: string, props: TrainedModelProps = {}): Model {
    const { algorithmName } = this.options;
    if (algorithmName !== undefined && !props.image && !props.framework) {
      return new Model(this, id, { ...props, modelPackage: resultOfAlgorithm(this, { algorithmName }, this.modelData) });
    }
    const image = props.image ?? (props.framework ? undefined : new FoundImage(() => this.found));
    return new Model(this, id, { modelData: this.modelData, ...props, image });
  }

  /** What the deployment finds out of it. */
  private get found(): JobOutcome<Kind> {
    return this.outcome ??= this.lookedUp();
  }

  private lookedUp(): JobOutcome<Kind> {
    const provider = JobProviderResources.of(this);
    const { kind, name } = this.job;
    provider.permissions.addAdopted(kind, name);
    const outcome = new JobOutcome<Kind>({ scope: this, provider, kind, jobName: name }, WITHIN_SECONDS, {});
    outcome.dependOn(...provider.lifelines);
    return outcome;
  }
}
