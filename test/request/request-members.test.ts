import { CreateHyperParameterTuningJobRequest$, CreateTrainingJobRequest$, CreateTransformJobRequest$ } from '@aws-sdk/client-sagemaker';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { membersOf } from '../support/sdk-members';

describe('the table of members that overrides are checked against', () => {
  test.each([
    ['CreateTrainingJob', 'training-job', CreateTrainingJobRequest$],
    ['CreateHyperParameterTuningJob', 'hyperparameter-tuning-job', CreateHyperParameterTuningJobRequest$],
    ['CreateTransformJob', 'transform-job', CreateTransformJobRequest$],
  ])('knows what %s of the SDK knows, no more and no less', (_operation, name, schema) => {
    const file = join(__dirname, '..', '..', 'lib', 'request', `${name}-members.json`);
    const members = membersOf(schema);
    if (process.env.UPDATE_GOLDEN) { writeFileSync(file, `${JSON.stringify(members)}\n`); }
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(members);
  });
});
