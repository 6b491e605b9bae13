import type { Construct } from 'constructs';
import type { IHyperparameterTuningJob } from './hyperparameter-tuning-job';
import { ImportedJob } from './imported-job';
import { jobArn } from './template/names';
import type { ImportedTrainingJobOptions } from './training-job';

/** A tuning job made elsewhere: `HyperparameterTuner.attach` of the Python SDK. Its result is that of its best job. */
export class ImportedHyperparameterTuningJob extends ImportedJob<'HyperParameterTuningJob'> implements IHyperparameterTuningJob {
  public readonly hyperParameterTuningJobName: string;
  public readonly hyperParameterTuningJobArn: string;

  public constructor(scope: Construct, id: string, name: string, options: ImportedTrainingJobOptions = {}) {
    super(scope, id, 'HyperParameterTuningJob', name, 'tuningJobName', options);
    this.hyperParameterTuningJobName = name;
    this.hyperParameterTuningJobArn = jobArn(this, 'HyperParameterTuningJob', name);
  }
}
