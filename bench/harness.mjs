// One way to measure: cases alternate within each round, each run is a process of its own, and what counts is the median of each round's ratio.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
export const require = createRequire(join(root, 'package.json'));

export const median = (numbers) => { const sorted = [...numbers].sort((a, b) => a - b); return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2; };

/** Runs a script in a process; its last line is JSON, to which the wall time is added. */
export function run(script, args, env = {}) {
  const began = process.hrtime.bigint();
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args.map(String)], { encoding: 'utf8', maxBuffer: 64 << 20, env: { ...process.env, ...env } });
  const wall = Number(process.hrtime.bigint() - began) / 1e6;
  if (status !== 0) { throw new Error(`${script} ${args.join(' ')}: ${stderr || stdout}`); }
  return { wall, ...JSON.parse(stdout.trim().split('\n').at(-1)) };
}

/** `{ case: { figure: median } }` and `ratio(a, b, figure)`, the median over the rounds. */
export function alternate(cases, rounds) {
  for (const measure of Object.values(cases)) { measure(); }                     // warms the file cache
  const all = Array.from({ length: rounds }, () => Object.fromEntries(Object.entries(cases).map(([name, measure]) => [name, measure()])));
  return {
    median: (name, figure) => median(all.map((round) => round[name][figure])),
    ratio: (one, other, figure) => median(all.map((round) => round[one][figure] / round[other][figure])),
    difference: (one, other, figure) => median(all.map((round) => round[one][figure] - round[other][figure])),
  };
}

export const machine = () => `${cpus().length} cores (${cpus()[0].model.trim()}), Node ${process.versions.node}, load ${loadavg()[0].toFixed(1)} at the start`;

/** Milliseconds of processor time this process has used. */
export function cpu() { const { user, system } = process.cpuUsage(); return (user + system) / 1000; }

/** A figure with its goal, for the page. */
export const figure = (name, value, goal, holds, unit = '') => ({ name, value, goal, holds, unit });

/** Prints figures, and as the last line all of them as JSON for bench/report.mjs. */
export function show(title, figures, notes = []) {
  console.log(`\n${title}\n  ${machine()}`);
  for (const { name, value, goal, holds, unit } of figures) { console.log(`  ${holds === undefined ? ' ' : holds ? 'holds ' : 'MISSED'} ${name}: ${value}${unit}${goal ? ` (goal ${goal})` : ''}`); }
  for (const note of notes) { console.log(`  ${note}`); }
  console.log(JSON.stringify({ title, machine: machine(), figures, notes }));
}
