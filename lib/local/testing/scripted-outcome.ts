import type { ScriptedOutcome } from '../sagemaker/interference';
import type { Outcome, OutcomeDocument } from './outcome';
import { millisecondsOf, type Time } from './time';

/** What the local SageMaker does for an outcome. @param jobs which jobs it was scripted for. @returns nothing for a job that is run */
export function scriptedOutcome(outcome: Outcome, jobs: string): ScriptedOutcome | undefined {
  const document = outcome.toJSON();
  if (document.runs === true) { return undefined; }
  const { fails: reason, artifact, metrics, log, objects } = document as { fails?: string } & Pick<ScriptedOutcome, 'artifact' | 'metrics' | 'log' | 'objects'>;
  const { after, starting } = timesOf(document);
  const what = reason !== undefined ? `fails after ${after / 1000} seconds` : after === Infinity ? 'runs until it is stopped' : `completes after ${after / 1000} seconds`;
  return { note: `This job is not run: it was scripted, for the jobs ${jobs}, that it ${what}.`, after, starting, reason, artifact, metrics, log, objects };
}

/** In milliseconds. */
export function timesOf(document: OutcomeDocument): { readonly after: number; readonly starting: number } {
  const { completesAfter, fails, after = 0, starting = 0 } = document as { completesAfter?: Time; fails?: string; after?: Time; starting?: Time };
  return {
    after: completesAfter !== undefined ? millisecondsOf(completesAfter, 'completesAfter') : fails !== undefined ? millisecondsOf(after, 'after') : Infinity,
    starting: millisecondsOf(starting, 'starting'),
  };
}
