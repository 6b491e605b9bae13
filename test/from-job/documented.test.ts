import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kindOf, targetOf, written } from '../../lib/from-job';
import type { Tree } from '../../lib/from-job/tree';
import { comparable, IMAGES, isSameRequest, namesIn, requestsOf, stackOf } from '../support/from-job';

const FILE = join(__dirname, '..', '..', 'docs', 'from-job.md');

test('the program in docs/from-job.md is what is written of the request there, and asks for the same', () => {
  const text = readFileSync(FILE, 'utf8');
  const [, json] = /^```json\n([^]*?)^```/m.exec(text)!;
  const [, shown] = /^```ts nofixture\n([^]*?)^```/m.exec(text)!;
  const request = JSON.parse(json!) as Tree;
  const requests = [{ kind: kindOf(request)!, request }];
  const target = targetOf(requests);
  const { code } = written(requests, IMAGES, target);
  expect(shown).toBe(code);
  const [made] = requestsOf(stackOf(code, target));
  expect(isSameRequest(comparable(made!.request, namesIn(request)), comparable(request, namesIn(request)))).toBe(true);
});
