import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

describe('The README', () => {
  test('shows the example as it is in its file', () => {
    const shown = /<!-- (examples\/\S+) -->\n```ts nofixture\n([\s\S]*?)```/.exec(README);
    expect(shown?.[2]).toBe(readFileSync(join(ROOT, shown![1]!), 'utf8'));
  });

  test('names commands that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
    const named = [...README.matchAll(/npm run (\w+)/g)].map(([, name]) => name!);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});
