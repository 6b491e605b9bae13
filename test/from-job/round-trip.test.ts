import { kindOf, KINDS, targetOf, written, type KnownRequest } from '../../lib/from-job';
import { comparable, complaints, IMAGES, namesIn, requestsOf, stackOf } from '../support/from-job';
import { FIXTURES, TARGET, training, type Fixture } from './fixtures';

jest.setTimeout(240_000);

const known = ({ requests }: Fixture): KnownRequest[] => requests.map(([kind, request]) => ({ kind, request }));
const program = (fixture: Fixture) => written(known(fixture), IMAGES, TARGET).code;

test.each(Object.keys(FIXTURES))('%s: the program asks for the same', (name) => {
  const fixture = FIXTURES[name]!;
  const code = program(fixture);
  for (const words of fixture.has ?? []) { expect(code.replace(/\s+/g, ' ').replace(/([({[]) | (?=[)}\]])|,(?= [)}\]])/g, '$1')).toContain(words.replace(/([({[]) | (?=[)}\]])/g, '$1')); }
  for (const words of fixture.hasNot ?? []) { expect(code).not.toContain(words); }
  const made = requestsOf(stackOf(code, TARGET));
  for (const { kind, request } of known(fixture)) {
    const names = namesIn(request, request[KINDS[kind].nameMember] as string);
    expect(made.filter((each) => each.kind === kind).map((each) => comparable(each.request, names))).toEqual([comparable(request, names)]);
  }
});

test('all programs compile, in one run, and import nothing that they don\'t use', () => {
  expect(complaints(Object.fromEntries(Object.entries(FIXTURES).map(([, fixture], index) => [`program-${index}`, program(fixture)])))).toEqual([]);
});

test('a request is known by its members', () => {
  for (const fixture of Object.values(FIXTURES)) { for (const [kind, request] of fixture.requests) { expect(kindOf(request)).toBe(kind); } }
  expect(kindOf({ Nothing: 1 })).toBeUndefined();
});

test('account and Region are those that the request names', () => {
  expect(targetOf([{ kind: 'TrainingJob', request: training() }])).toEqual(TARGET);
  // an image's registry is known by the domain of any partition
  for (const [region, domain] of [['cn-north-1', 'amazonaws.com.cn'], ['us-iso-east-1', 'c2s.ic.gov'], ['eusc-de-east-1', 'amazonaws.eu']]) {
    expect(targetOf([{ kind: 'Model', request: { PrimaryContainer: { Image: `123456789012.dkr.ecr.${region}.${domain}/digits:1` } } }]).region).toBe(region);
  }
  // the SDK's bucket is where the job is, also where the image is of elsewhere
  expect(targetOf([{ kind: 'TrainingJob', request: training({ OutputDataConfig: { S3OutputPath: 's3://sagemaker-us-gov-east-1-123456789012/' } }) }]).region).toBe('us-gov-east-1');
});
