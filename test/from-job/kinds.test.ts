import TUNING_JOB from '../../lib/request/hyperparameter-tuning-job-members.json';
import TRAINING_JOB from '../../lib/request/training-job-members.json';
import TRANSFORM_JOB from '../../lib/request/transform-job-members.json';
import { checkKinds } from '../../lib/from-job';
import type { Tree } from '../../lib/from-job/tree';
import { FIXTURES, training } from './fixtures';

test.each([
  ['StoppingCondition.MaxRuntimeInSeconds must be a whole number, got "7200"', { StoppingCondition: { MaxRuntimeInSeconds: '7200' } }],
  ['ResourceConfig: it is null, which says nothing; leave it out', { ResourceConfig: null }],
  ['Tags must be a list, got {"team":"a"}', { Tags: { team: 'a' } }],
  ['Tags[0] must be a structure, got "team"', { Tags: ['team'] }],
  ['Tags[0].Value must be a text, got 3', { Tags: [{ Key: 'a', Value: 3 }] }],
  ['InputDataConfig[0].DataSource.S3DataSource.S3Uri: it is null', { InputDataConfig: [{ ChannelName: 'train', DataSource: { S3DataSource: { S3Uri: null } } }] }],
  ['InputDataConfig must be a list, got {}', { InputDataConfig: {} }],
  ['AlgorithmSpecification must be a structure, got "x"', { AlgorithmSpecification: 'x' }],
  ['HyperParameters.epochs must be a text, got 3', { HyperParameters: { epochs: 3 } }],
  ['ResourceConfig.InstanceCount must be a whole number, got 1.5', { ResourceConfig: { InstanceCount: 1.5 } }],
  ['ResourceConfig.VolumeSizeInGB must be a whole number, got Infinity', { ResourceConfig: { VolumeSizeInGB: Infinity } }],
  ['EnableNetworkIsolation must be true or false, got "true"', { EnableNetworkIsolation: 'true' }],
  ['VpcConfig.Subnets[0] must be a text, got 1', { VpcConfig: { Subnets: [1] } }],
  ['Newer.Entries[1].Deep: it is null', { Newer: { Entries: [{}, { Deep: null }] } }],
])('%s', (message, members) => {
  expect(() => checkKinds(training(members))).toThrow(message);
});

test.each(['text', null, [], 3])('a request that is %j is none', (request) => { expect(() => checkKinds(request)).toThrow('the request'); });

test('of what is not known, nothing but null is refused, also where names are users\' own', () => {
  checkKinds(training({ Newer: { Tags: 'x', InstanceCount: 'many', S3Uri: 3 }, NewerToo: 3, Environment: { Tags: 'x', RoleArn: '1' }, HyperParameters: { InputDataConfig: '{}' } }));
});

test('requests of every sort have the kinds that they are asked for', () => {
  for (const { requests } of Object.values(FIXTURES)) { for (const [, request] of requests) { checkKinds(request); } }
});

type Shape = string | readonly Shape[] | { readonly [member: string]: Shape };
const VALUES: { readonly [kind: string]: unknown } = { string: 'x', number: 3, boolean: true };
const valueOf = (shape: Shape): unknown => (typeof shape === 'string' ? VALUES[shape] : Array.isArray(shape) ? (shape as readonly Shape[]).map(valueOf) : Object.fromEntries(Object.entries(shape).map(([member, each]) => [member, valueOf(each)])));

/** Every member by itself, with its shape. */
const members = (shape: Shape): (readonly [string, Shape])[] => (typeof shape === 'string' ? [] : Array.isArray(shape) ? (shape as readonly Shape[]).flatMap(members)
  : Object.entries(shape as Tree).flatMap(([member, each]) => [...(member === '*' || member === 'Value' ? [] : [[member, each as Shape] as const]), ...members(each as Shape)]));

test.each([['training', TRAINING_JOB], ['tuning', TUNING_JOB], ['transform', TRANSFORM_JOB]] as [string, Shape][])('every member of a request for a %s job is known by its kind', (_what, shape) => {
  checkKinds(valueOf(shape));
  for (const [member, each] of members(shape)) {
    for (const wrong of ['x', 3, true, [], {}]) {
      if (typeof wrong === typeof valueOf(each) && Array.isArray(wrong) === Array.isArray(valueOf(each))) { continue; }
      expect(() => checkKinds({ [member]: wrong })).toThrow(`${member} must be`);
    }
  }
});
