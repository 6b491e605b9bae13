import type { Construct } from 'constructs';
import { ImportedJob } from './imported-job';
import { jobArn } from './template/names';
import type { ImportedTrainingJobOptions, ITrainingJob } from './training-job';

/** A training job made elsewhere: `Estimator.attach` of the Python SDK. */
export class ImportedTrainingJob extends ImportedJob<'TrainingJob'> implements ITrainingJob {
  public readonly trainingJobName: string;
  public readonly trainingJobArn: string;

  public constructor(scope: Construct, id: string, name: string, options: ImportedTrainingJobOptions = {}) {
    super(scope, id, 'TrainingJob', name, 'trainingJobName', options);
    this.trainingJobName = name;
    this.trainingJobArn = jobArn(this, 'TrainingJob', name);
  }
}
