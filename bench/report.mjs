// Runs every benchmark and writes docs/performance.md from what they print: `npm run bench`. No figure in the page is written by hand.
// `npm run bench -- endpoint-update` runs those that are named, and writes their sections anew.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { machine, root } from './harness.mjs';

const BENCHMARKS = ['template', 'load', 'package', 'handler', 'waiting', 'synth', 'code-asset', 'endpoint-update', 'local'];
/** Those that measure sources rather than what is built. */
const FROM_SOURCES = ['waiting', 'endpoint-update', 'local'];

const named = process.argv.slice(2);
const unknown = named.find((name) => !BENCHMARKS.includes(name));
if (unknown !== undefined) { throw new Error(`there is no benchmark ${unknown}: ${BENCHMARKS.join(', ')}`); }

const results = (named.length > 0 ? named : BENCHMARKS).map((name) => {
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

const page = join(root, 'docs', 'performance.md');
const whole = () => `# Performance

Written by \`npm run bench\` from its own output; the last run was on ${machine().replace(/, load.*/, '')}. Ratios are medians over rounds in which the cases take turns,
each in a process of its own, so that a busy machine slows them alike. What does not depend on time is held by tests (\`test/figures.test.ts\`):
sizes, bytes of templates, what is loaded, and the simulated waiting.

${results.map(section).join('\n')}`;

/** The page as it is, with the sections of what was measured in place of theirs, or at its end. */
function renewed(text) {
  const parts = text.split(/^(?=## )/m);
  for (const result of results) {
    const at = parts.findIndex((part) => part.startsWith(`## ${result.title}\n`));
    if (at < 0) { parts.push(`\n${section(result)}`); } else { parts[at] = section(result) + (at === parts.length - 1 ? '' : '\n'); }
  }
  return parts.join('');
}

writeFileSync(page, named.length > 0 ? renewed(readFileSync(page, 'utf8')) : whole());
const missed = results.flatMap(({ figures }) => figures.filter(({ holds }) => holds === false).map(({ name }) => name));
console.log(missed.length === 0 ? '\nevery goal is met' : `\nmissed: ${missed.join('; ')}`);
