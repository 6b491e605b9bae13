import { App, Stack } from 'aws-cdk-lib/core';
import { assemblyWith, ENV, lackingOf, rolesIn, unexplainedOf } from '../support/audited-app';
import { TrainingJob } from 'cdk-sagemaker';
import { legalJob, Surroundings } from '../support/legal-jobs';

/** Each run has seeds of its own: what fails is made again by `legalJob(seed, ...)`. */
const FIRST_SEED = Number(process.env.SEED ?? 1);
const STACKS = 6;
const JOBS_EACH = 15;

describe('Of the roles of jobs with random legal props', () => {
  const folder = assemblyWith((app: App) => {
    for (let number = 0; number < STACKS; number++) {
      const stack = new Stack(app, `Stack${number}`, { env: { ...ENV.env, region: 'eu-west-1' } });
      stack.node.setContext('@aws-cdk/aws-iam:minimizePolicies', number % 2 === 0);
      const around = new Surroundings(stack);
      for (let job = 0; job < JOBS_EACH; job++) {
        const seed = FIRST_SEED + number * JOBS_EACH + job;
        new TrainingJob(stack, `Job${seed}`, legalJob(seed, around).props);
      }
    }
  });
  const roles = rolesIn(folder);

  test('there is one for each job, and two of each function', () => expect(roles.filter(({ isOfLibrary }) => isOfLibrary)).toHaveLength(STACKS * (JOBS_EACH + 2)));

  test('no statement is without a prop that needs it', () => expect(unexplainedOf(roles)).toEqual([]));

  test('nothing is lacking that a prop needs', () => expect(lackingOf(roles)).toEqual([]));
});
