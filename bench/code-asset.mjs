// Code of 1,000 files and 51 MB as an asset: packed, against tar and gzip of the system, and found unchanged, against CDK's own fingerprint: `node bench/code-asset.mjs [rounds]`.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alternate, figure, require, run, show } from './harness.mjs';

const [, , argument = '9', ...args] = process.argv;
const FILES = 1000;
const SIZE = 51_200;
/** Of the folder that `write` makes, on every machine. */
const OBJECT_KEY = '8fe2d60fcc6d658005ff3bd74109b86dd1360d92d4480a3130275ab33218ae5c.gz';

/** Seven files of ten are text; the others do not compress. */
function write(folder) {
  let seed = 1;
  const below = (limit) => { seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff; return (seed >>> 8) % limit; };
  const words = Array.from({ length: 3000 }, () => Array.from({ length: 2 + below(9) }, () => String.fromCharCode(97 + below(26))).join(''));
  for (let n = 0; n < FILES; n++) {
    const isText = n % 10 < 7;
    const directory = join(folder, `part${n % 20}`);
    mkdirSync(directory, { recursive: true });
    let bytes = Buffer.alloc(SIZE);
    if (isText) {
      let text = '';
      while (text.length < SIZE) { text += words[below(1 + below(3000))] + (below(10) === 0 ? '\n' : ' '); }
      bytes = Buffer.from(text.slice(0, SIZE));
    } else {
      for (let at = 0; at < SIZE; at += 32) { createHash('sha256').update(`${n} ${at}`).digest().copy(bytes, at); }
    }
    writeFileSync(join(directory, `file${n}.${isText ? 'py' : 'bin'}`), bytes);
  }
}

/** What one process does, timed from the call on: what an app has loaded anyway is loaded before. */
const CASES = {
  library: (source, outdir) => {
    const { App, Stack } = require('aws-cdk-lib/core');
    const { Role } = require('aws-cdk-lib/aws-iam');
    const { Script } = require('cdk-sagemaker');
    const stack = new Stack(new App({ outdir }), 'Bench');
    const role = Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::123456789012:role/jobs', { mutable: false });
    return timed(() => Script.fromDirectory(source, { entryPoint: 'part0/file0.py' }).bind(stack, role).fileName);
  },
  fingerprint: (source) => {
    const { FileSystem } = require('aws-cdk-lib/core');
    return timed(() => FileSystem.fingerprint(source));
  },
  system: (source, outdir) => timed(() => { execFileSync('sh', ['-c', 'tar -cf - -C "$1" . | gzip -n > "$2"', 'sh', source, join(outdir, 'sourcedir.tar.gz')]); }),
};

function timed(work) {
  const began = process.hrtime.bigint();
  const key = work();
  return { milliseconds: Number(process.hrtime.bigint() - began) / 1e6, key };
}

function bench(folder) {
  const [source, other, kept] = ['source', 'other', 'kept'].map((name) => join(folder, name));
  write(source);
  const measure = (kind, where, outdir) => run(fileURLToPath(import.meta.url), ['--measure', kind, where, outdir]);
  const fresh = (kind) => () => {
    const outdir = mkdtempSync(join(folder, 'out-'));
    try { return measure(kind, source, outdir); } finally { rmSync(outdir, { recursive: true }); }
  };
  const { key } = measure('library', source, kept);
  cpSync(source, other, { recursive: true });
  for (const file of readdirSync(other, { recursive: true }).map((name) => join(other, name)).reverse()) {
    if (statSync(file).isFile()) { chmodSync(file, 0o700); }
    utimesSync(file, 1, 1);
  }
  const isSame = [key, measure('library', other, kept).key, fresh('library')().key].every((one) => one === OBJECT_KEY);

  const result = alternate({ packed: fresh('library'), system: fresh('system'), unchanged: () => measure('library', source, kept), fingerprint: () => measure('fingerprint', source, kept) }, Number(argument));
  const packing = result.ratio('packed', 'system', 'milliseconds');
  const unchanged = result.ratio('unchanged', 'fingerprint', 'milliseconds');
  const milliseconds = (name) => figure(name, result.median(name, 'milliseconds').toFixed(0), '', undefined, ' ms');
  show('Code of 1,000 files and 51 MB', [
    figure('first synthesis, which hashes and packs it, against tar and gzip of the system', packing.toFixed(2), 'at most 1.1 x', packing <= 1.1, ' x'),
    figure('next synthesis, which finds it unchanged, against `FileSystem.fingerprint` of CDK', unchanged.toFixed(2), 'at most 3 x', unchanged <= 3, ' x'),
    figure('name of the asset, here and of a copy with other dates and modes', `${key.slice(0, 12)}…`, `${OBJECT_KEY.slice(0, 12)}…, as on every machine`, isSame),
    ...['packed', 'system', 'unchanged', 'fingerprint'].map(milliseconds),
  ], [`${argument} rounds, each case in a process of its own, timed from the call on`]);
}

if (argument === '--measure') {
  const [kind, source, outdir] = args;
  console.log(JSON.stringify(CASES[kind](source, outdir)));
} else {
  const folder = mkdtempSync(join(tmpdir(), 'bench-code-'));
  try { bench(folder); } finally { rmSync(folder, { recursive: true, force: true }); }
}
