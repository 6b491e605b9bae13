// What a user installs: `node bench/package.mjs`.
import { execFileSync } from 'node:child_process';
import { figure, require, root, show } from './harness.mjs';

const [{ size, unpackedSize, files }] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
const { dependencies = {} } = require('./package.json');

show('The package', [
  figure('packed', size, 'at most 1,000,000', size <= 1_000_000, ' bytes'),
  figure('unpacked', unpackedSize, '', undefined, ' bytes'),
  figure('files', files.length, '', undefined),
  figure('dependencies beyond the peers', Object.keys(dependencies).length, 'none', Object.keys(dependencies).length === 0),
]);
