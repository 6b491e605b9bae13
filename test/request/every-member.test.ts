import { CreateTrainingJobRequest$ } from '@aws-sdk/client-sagemaker';
import { TRAINING_JOB_LIMITS } from '../../lib/limits/training-job';
import { propOf } from '../../lib/request/training-job-limits';
import { EVERY_PROP } from '../support/every-prop';
import { leaves, leavesOf, membersOf, unknownMembers } from '../support/sdk-members';
import { jobOf, jobTemplate } from '../support/stacks';

/** Members that no prop stands for, and why. */
const WITHOUT_PROP: { readonly [path: string]: string } = {
  'TrainingJobName': 'the handler makes it of the run key',
  'Tags[].Key': 'Tags.of(job)',
  'Tags[].Value': 'Tags.of(job)',
  'ResourceConfig.SelectedInstanceType': 'the service answers with it and takes it in no request',
  'ResourceConfig.SelectedInstanceCount': 'the service answers with it and takes it in no request',
};

const SCHEMA = membersOf(CreateTrainingJobRequest$);
const REQUESTS = Object.entries(EVERY_PROP).map(([name, props]): [string, any] => [name, jobOf(jobTemplate(props)).Request]);

describe('Every member of a training job', () => {
  test.each(REQUESTS)('%s: asks only for what CreateTrainingJob knows', (_name, request) => {
    expect(unknownMembers(CreateTrainingJobRequest$, request)).toEqual([]);
  });

  test('comes from a prop', () => {
    const made = new Set(REQUESTS.flatMap(([, request]) => leavesOf(SCHEMA, request)));
    expect(leaves(SCHEMA).filter((path) => !made.has(path) && !(path in WITHOUT_PROP))).toEqual([]);
  });

  test('is without a prop for a reason that still holds', () => {
    const made = new Set(REQUESTS.flatMap(([, request]) => leavesOf(SCHEMA, request)));
    expect(Object.keys(WITHOUT_PROP).filter((path) => made.has(path) || !leaves(SCHEMA).includes(path))).toEqual([]);
  });
});

/** Members whose type is all there is to say: true or false. */
const YES_OR_NO = leaves(SCHEMA).filter((path) => /(^|\.)(Enable\w+|AcceptEula|DisableProfiler)$/.test(path));

describe('The limits of a training job', () => {
  test('have a row for every member, but for those that are true or false', () => {
    const limited = (path: string) => path in TRAINING_JOB_LIMITS || path.startsWith('ResourceConfig.Selected') || YES_OR_NO.includes(path);
    expect(leaves(SCHEMA).filter((path) => !limited(path))).toEqual([]);
  });

  test('have no row for a member that the service does not have', () => {
    const structures = leaves(SCHEMA).flatMap((path) => [...path.matchAll(/[^.[{]+|\[\]|\{\}/g)].map((match) => path.slice(0, match.index + match[0].length)));
    const known = new Set(['', ...leaves(SCHEMA), ...structures]);
    expect(Object.keys(TRAINING_JOB_LIMITS).filter((path) => !known.has(path.replace('{name}', '{}')))).toEqual([]);
  });

  test('are told of by props: no member is known by its path alone', () => {
    const paths = leaves(SCHEMA).filter((path) => !(path in WITHOUT_PROP)).map((path) => path.replace('{}', '.name').split(/\.|(?=\[\])/).map((part) => (part === '[]' ? 0 : part)));
    expect(paths.filter((path) => propOf(path, {}).startsWith('overrides.'))).toEqual([]);
  });
});
