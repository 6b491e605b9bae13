import { CreateTrainingJobRequest$ } from '@aws-sdk/client-sagemaker';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { membersOf } from '../support/sdk-members';

const FILE = join(__dirname, '..', '..', 'lib', 'request', 'training-job-members.json');

describe('the table of members that overrides are checked against', () => {
  test('knows what CreateTrainingJob of the SDK knows, no more and no less', () => {
    const members = membersOf(CreateTrainingJobRequest$);
    if (process.env.UPDATE_GOLDEN) { writeFileSync(FILE, `${JSON.stringify(members)}\n`); }
    expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(members);
  });
});
