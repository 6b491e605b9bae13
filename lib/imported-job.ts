import type { Construct } from 'constructs';
import { resultOfAlgorithm } from './algorithm-result';
import { checkJobName, foundJob } from './found-job';
import { eventfulJob, JobBase, type EventfulJob } from './job-base';
import { JOB_KIND_FACTS } from './limits/job-kinds';
import { FoundArtifact, FoundImage } from './found-result';
import { Model, type TrainedModelProps } from './model';
import type { ModelData } from './model-data';
import { detailOfName } from './template/event-detail';
import type { JobOutcome } from './template/job-resource';
import type { ImportedTrainingJobOptions } from './training-job';

/** A job made elsewhere. What is asked of it is looked up when the stack is deployed, and a job that still runs is waited for. */
export abstract class ImportedJob<Kind extends 'TrainingJob' | 'HyperParameterTuningJob'> extends JobBase {
  public readonly modelData: ModelData;
  private outcome?: JobOutcome<Kind>;

  public constructor(scope: Construct, id: string, private readonly kind: Kind, private readonly jobName: string, nameProp: string, private readonly options: ImportedTrainingJobOptions) {
    super(scope, id);
    checkJobName(this, nameProp, jobName, kind);
    this.modelData = new FoundArtifact(this, () => this.found, options);
  }

  /** @internal */
  public get _eventful(): EventfulJob { return eventfulJob(this.kind, JOB_KIND_FACTS[this.kind], this.jobName, detailOfName(this.kind, this.jobName)); }

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
    return this.outcome ??= foundJob(this, this.kind, this.jobName);
  }
}
