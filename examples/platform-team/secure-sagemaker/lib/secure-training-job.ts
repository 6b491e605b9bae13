import { Tags } from 'aws-cdk-lib/core';
import { TrainingJob, type TrainingJobProps } from 'cdk-sagemaker';
import { Construct } from 'constructs';
import { PlatformTeam, type DataClass } from './platform-team';

/** Everything that a training job may be given, and whose it is. */
export interface SecureTrainingJobProps extends TrainingJobProps {
  /** The team that pays for it. */
  readonly team: string;
  /** How the data are classified that it learns from. */
  readonly dataClass: DataClass;
}

/** A training job as the organization allows it. What it is given counts, and is checked like all else. */
export class SecureTrainingJob extends Construct {
  /** The job: its model, its metrics, its outputs. */
  public readonly job: TrainingJob;

  constructor(scope: Construct, id: string, props: SecureTrainingJobProps) {
    super(scope, id);
    const { team, dataClass, ...own } = props;
    PlatformTeam.governs(this);
    this.job = new TrainingJob(this, 'Train', own);
    Tags.of(this).add('team', team);
    Tags.of(this).add('data-class', dataClass);
  }
}
