import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { whyEverything } from '../../lib/audit/wildcards';
import { lackingOf, rolesIn, unexplainedOf } from '../support/audited-app';

const EXAMPLES = join(__dirname, '..', '..', 'examples');
const NAMES = readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, 'app.ts')));
const scratch = mkdtempSync(join(tmpdir(), 'audited-examples-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** The folder that an app is synthesized to, which does so itself when it is loaded or has an `app`. */
function synthesized(name: string, file = join(EXAMPLES, name, 'app')): string {
  const before = { ...process.env };
  Object.assign(process.env, { CDK_OUTDIR: join(scratch, name), CDK_VALIDATION: 'false', CDK_CONTEXT_JSON: '{}' });
  try {
    jest.isolateModules(() => require(file).app?.synth());
  } finally {
    process.env = before;
  }
  return join(scratch, name);
}

describe.each(NAMES)('Of the roles of examples/%s', (name) => {
  const roles = rolesIn(synthesized(name));

  test('there is one for each job, and the two of the function of each stack', () => {
    const ofProviders = roles.filter(({ path }) => path.includes('/SageMakerJobProvider/'));
    expect(ofProviders).toHaveLength(2 * new Set(ofProviders.map(({ stack }) => stack)).size);
    expect(ofProviders).not.toEqual([]);
    expect(roles.filter(({ isOfLibrary }) => isOfLibrary).length).toBeGreaterThan(2);
  });

  test('every statement is needed by a prop', () => expect(unexplainedOf(roles)).toEqual([]));

  test('nothing is lacking that a prop needs', () => expect(lackingOf(roles)).toEqual([]));

  test('what is about every resource has a reason', () => {
    const statements = roles.filter(({ isOfLibrary }) => isOfLibrary).flatMap((role) => role.statements);
    expect(statements.filter((statement) => statement.resources.includes('*') && whyEverything(statement) === undefined)).toEqual([]);
    expect(statements.filter(({ isNotAction, isNotResource }) => isNotAction ?? isNotResource)).toEqual([]);
  });
});

describe('Of the roles of an app with every prop', () => {
  const roles = rolesIn(synthesized('every-prop', join(__dirname, '..', 'support', 'every-prop-app')));

  test('every statement is needed by a prop', () => expect(unexplainedOf(roles)).toEqual([]));

  test('nothing is lacking that a prop needs', () => expect(lackingOf(roles)).toEqual([]));

  test('what is about every resource has a reason', () => {
    const statements = roles.filter(({ isOfLibrary }) => isOfLibrary).flatMap((role) => role.statements);
    expect(statements.filter((statement) => statement.resources.includes('*') && whyEverything(statement) === undefined)).toEqual([]);
  });
});
