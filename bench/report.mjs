// Runs every benchmark and writes docs/performance.md from what they print: `npm run bench`. No figure in the page is written by hand.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { machine, root } from './harness.mjs';

const BENCHMARKS = ['template', 'load', 'package', 'handler', 'waiting', 'synth', 'code-asset', 'endpoint-update'];
/** Those that measure sources rather than what is built. */
const FROM_SOURCES = ['waiting', 'endpoint-update'];

const results = BENCHMARKS.map((name) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...(FROM_SOURCES.includes(name) ? ['--import', 'tsx'] : []), join('bench', `${name}.mjs`)], { cwd: root, encoding: 'utf8', maxBuffer: 64 << 20 });
  if (status !== 0) { throw new Error(`${name}: ${stderr}`); }
  const lines = stdout.trim().split('\n');
  console.log(lines.slice(0, -1).join('\n'));
  return { script: name, ...JSON.parse(lines.at(-1)) };
});

const row = ({ name, value, goal, holds, unit }) => `| ${name} | ${value}${unit} | ${goal} | ${holds === undefined ? '' : holds ? 'yes' : '**no**'} |`;
const section = ({ script, title, figures, notes, machine: where }) => `## ${title}

${notes.map((note) => `${note[0].toUpperCase()}${note.slice(1)}.`).join('\n')}

| figure | measured | goal | holds |
| --- | --- | --- | --- |
${figures.map(row).join('\n')}

\`bench/${script}.mjs\`; ${where}.
`;

writeFileSync(join(root, 'docs', 'performance.md'), `# Performance

Written by \`npm run bench\` from its own output; the last run was on ${machine().replace(/, load.*/, '')}. Ratios are medians over rounds in which the cases take turns,
each in a process of its own, so that a busy machine slows them alike. What does not depend on time is held by tests (\`test/figures.test.ts\`):
sizes, bytes of templates, what is loaded, and the simulated waiting.

${results.map(section).join('\n')}`);
const missed = results.flatMap(({ figures }) => figures.filter(({ holds }) => holds === false).map(({ name }) => name));
console.log(missed.length === 0 ? '\nevery goal is met' : `\nmissed: ${missed.join('; ')}`);
