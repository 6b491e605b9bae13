import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HandlerModule } from '../support/simulated-cloud';
import { TranscriptPlayer } from '../support/transcript-player';
import type { Variant } from '../support/transcript-player';
import { TESTED_KINDS } from '../support/tested-kinds';
import { transcripts } from '../support/transcripts';
import type { TranscriptStep } from '../support/transcripts';

const ROOT = join(__dirname, '..', '..');
const AS_WRITTEN: Variant = { name: 'as written' };

/** The two updates of a rollback the other way round: CloudFormation's order follows dependencies, the handler must not care. */
function rollbackSwapped(steps: readonly TranscriptStep[]): readonly TranscriptStep[] {
  const from = steps.findIndex((step) => step.stack === 'UPDATE_ROLLBACK_IN_PROGRESS') + 1;
  const pairs = [steps.slice(from, from + 2), steps.slice(from + 2, from + 4)];
  return [...steps.slice(0, from), ...pairs[1]!, ...pairs[0]!, ...steps.slice(from + 4)];
}

const withoutRollbackUpdate = (steps: readonly TranscriptStep[]) => steps.slice(0, steps.findIndex((step) => step.stack === 'UPDATE_ROLLBACK_IN_PROGRESS'));
const withOldProperties = (old: string) => (steps: readonly TranscriptStep[]) =>
  steps.map((step, index) => (index > 1 && step.event === 'Update' ? { ...step, oldProperties: old } : step));
const numbered = (what: string, count: number): Variant[] => Array.from({ length: count }, (_, index) => ({ name: `${what} ${index + 1}`, number: index + 1 }));

const VARIANTS: { readonly [transcript: string]: readonly Variant[] } = {
  'create cancelled before the launch is answered': [0, 1, 500, 5_000, 60_000].map((gapMs) => ({ name: `the delete comes ${gapMs} ms later`, gapMs })),
  'update: the new job fails': [AS_WRITTEN, { name: 'Resource before Outcome', steps: rollbackSwapped }],
  'update succeeds, a later resource fails': [AS_WRITTEN, { name: 'Outcome before Resource', steps: rollbackSwapped }],
  'update cancelled while the new job runs': [AS_WRITTEN, { name: 'Resource before Outcome', steps: rollbackSwapped }],
  'update of the launch itself fails': [
    AS_WRITTEN, { name: 'no rollback update', steps: withoutRollbackUpdate },
    { name: 'old properties are A', steps: withOldProperties('A') },
  ],
  'rollback to a job that was accepted at its time limit, or started() and failed later': ['Stopped: MaxRuntimeExceeded', 'Failed'].map((ends) => ({ name: ends, ends })),
  'the same event twice': [0, 200, 30_000, 3_600_000, 6 * 3_600_000].map((secondAfterMs) => ({ name: `${secondAfterMs} ms later`, secondAfterMs })),
  'the handler dies at any await': numbered('at call', 10),
  'the answer\'s PUT fails': numbered('times', 6),
};

const CASES = transcripts().flatMap((transcript) => (VARIANTS[transcript.name] ?? [AS_WRITTEN]).map((variant) => [transcript.name, variant.name, transcript, variant] as const));

describe('The bundled handler survives', () => {
  let handler: HandlerModule;

  // in a folder of its own: other tests read dist/handler meanwhile
  const folder = mkdtempSync(join(tmpdir(), 'transcripts-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  beforeAll(() => {
    execFileSync(process.execPath, ['-e', `import('./scripts/bundle.mjs').then((bundle) => bundle.bundleHandler('${folder}'))`], { cwd: ROOT });
    handler = require(join(folder, 'index.js')) as HandlerModule;
    jest.spyOn(console, 'error').mockImplementation(() => {});
    jest.spyOn(console, 'warn').mockImplementation(() => {});
  });

  test('every transcript there is, each with its variants', () => {
    expect(Object.keys(VARIANTS).filter((name) => !transcripts().some((transcript) => transcript.name === name))).toEqual([]);
    expect(transcripts().length).toBeGreaterThanOrEqual(20);
  });

  describe.each(TESTED_KINDS)('for a $kind:', (kind) => {
    test.each(CASES)('%s (%s)', async (_name, _variant, transcript, variant) => {
      const player = new TranscriptPlayer(handler, transcripts(), variant, kind);
      await player.play(transcript);
      expect(player.differences).toEqual([]);
    });
  });
});
