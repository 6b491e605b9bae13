import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..');
const EXAMPLE = join(ROOT, 'examples', 'platform-team');

/** Its own tests are beside it. */
describe('The package of the example of a platform team', () => {
  test('is what its manifest says: a package with peers, none of which it brings along', () => {
    const manifest = JSON.parse(readFileSync(join(EXAMPLE, 'secure-sagemaker', 'package.json'), 'utf8'));
    const own = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(manifest).not.toHaveProperty('dependencies');
    expect(manifest.peerDependencies).toEqual({ ...own.peerDependencies, 'cdk-sagemaker': `^${own.version}` });
  });

  test('compiles, and the app that uses it', () => {
    const tsc = join(dirname(require.resolve('typescript')), 'tsc.js');
    expect(execFileSync(process.execPath, [tsc, '-p', EXAMPLE], { cwd: ROOT, encoding: 'utf8' })).toBe('');
  }, 180_000);
});
