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
    const [pattern, words] = [/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,31}$/, 'the name of a tuning job, and not its ARN: 1 to 32 letters, digits and dashes'];
    super(scope, id, { kind: 'HyperParameterTuningJob', prop: 'tuningJobName', name, pattern, words }, options);
    this.hyperParameterTuningJobName = name;
    this.hyperParameterTuningJobArn = jobArn(this, 'HyperParameterTuningJob', name);
  }
}
