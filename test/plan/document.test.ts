import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gatesOf, GATE_WORDS, missedGates } from '../../lib/plan/gates';
import { assemblySide } from '../../lib/plan/assembly-side';
import { markdownOf } from '../../lib/plan/markdown';
import { planOf } from '../../lib/plan/plan-of';
import { priceListOf } from '../../lib/plan/prices';
import { totalsOf } from '../../lib/plan/totals';
import { payments } from './pull-request';

const DOCUMENT = readFileSync(join(__dirname, '..', '..', 'docs', 'plan.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'plan-document-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the comment that the document shows is that of the pull request it tells of', async () => {
  const prices = priceListOf({ 'currency': 'USD', 'ml.m5.large': 0.128 });
  const plan = { stacks: [{ ...await planOf(payments(folder, true), assemblySide(payments(folder, false)), undefined, prices), comparedWith: 'base/cdk.out' }] };
  const totals = totalsOf(plan, prices);
  const markdown = markdownOf(plan, totals, missedGates(plan, totals, gatesOf({ failOn: [], maxInstanceHours: '5' })));
  expect(DOCUMENT).toContain(`\n\`\`\`\`md\n${markdown}\`\`\`\`\n`);
});

test('the document has each word of --fail-on, and each verdict', () => {
  for (const word of GATE_WORDS) { expect(DOCUMENT).toContain(`\`${word}\``); }
  for (const verdict of ['launches', 'retrains', 'adopts', 'in place', 'unchanged', 'stops', 'leaves', 'unknown', 'fails', 'blocked', 'creates', 'updates', 'replaces', 'deletes']) { expect(DOCUMENT).toContain(`| ${verdict} |`); }
});

test('the permissions in the document are those that are asked for', () => {
  const source = readFileSync(join(__dirname, '..', '..', 'lib', 'plan', 'aws-account.ts'), 'utf8');
  const asked = [...source.matchAll(/asked\('([a-z]+:\w+)'/g)].map(([, action]) => action as string);
  expect(asked.length).toBeGreaterThan(4);
  for (const action of [...asked, 'cloudformation:ListStackResources', 'cloudformation:ListExports', 'sagemaker:DescribeTrainingJob']) { expect(DOCUMENT).toContain(`\`${action}\``); }
});
