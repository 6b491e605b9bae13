import { artifactUri, namedAttribute, waits } from '../../lib/template/job-resource';
import { JOB_KIND_FACTS, type JobKindName } from '../../lib/limits/job-kinds';
import { ENDPOINT_CHECK_RESOURCE_TYPE, jobKind, OUTCOME_RESOURCE_TYPE, OWNER_TAG_PREFIX, STATE_MACHINE_VARIABLE, WAIT_RESOURCE_TYPE } from '../../lib/template/job-kind';
import * as contract from '../../lib/handler/contract';

describe('what template and handler have agreed on', () => {
  test('is the same on both sides', () => {
    expect(Object.keys(JOB_KIND_FACTS).map((kind) => jobKind(kind as JobKindName).resourceType)).toEqual(contract.JOB_RESOURCE_TYPES);
    expect(ENDPOINT_CHECK_RESOURCE_TYPE).toBe(contract.ENDPOINT_CHECK_RESOURCE_TYPE);
    expect(WAIT_RESOURCE_TYPE).toBe(contract.WAIT_RESOURCE_TYPE);
    expect(OUTCOME_RESOURCE_TYPE).toBe(contract.OUTCOME_RESOURCE_TYPE);
    expect(STATE_MACHINE_VARIABLE).toBe(contract.STATE_MACHINE_VARIABLE);
    for (const tag of Object.values(contract.OWNER_TAGS)) { expect(tag.startsWith(OWNER_TAG_PREFIX)).toBe(true); }
  });
});

describe('the parts of a wait', () => {
  test.each([[1, [1]], [3300, [3300]], [3301, [1651, 1650]], [6601, [2201, 2201, 2199]]])('of %d seconds are %j', (seconds, parts) => {
    expect(waits(seconds)).toEqual(parts);
  });
});

describe('the attribute of a metric', () => {
  test.each([['loss', 'Metric.loss'], ['validation:accuracy', 'Metric.validation.3aaccuracy'], ['a.b', 'Metric.a.2eb'], ['größe', 'Metric.gr.c3.b6.c3.9fe']])('%s is %s', (metric, attribute) => {
    expect(namedAttribute('Metric', metric)).toBe(attribute);
    expect(attribute).toMatch(/^[A-Za-z0-9.]+$/);
  });

  test('is never that of another metric', () => {
    const names = ['a:b', 'a.b', 'a.3ab', 'a3ab', 'a b', 'a-b', 'a_b', 'ab', 'a:3ab'];
    expect(new Set(names.map((name) => namedAttribute('Metric', name))).size).toBe(names.length);
  });
});

test('an artifact lies below its output path, with one slash between', () => {
  expect(artifactUri('s3://b/', 'job', true)).toBe('s3://b/job/output/model.tar.gz');
  expect(artifactUri('s3://b/x', 'job', false)).toBe('s3://b/x/job/output/model/');
});
