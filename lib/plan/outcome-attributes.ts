import type { OutcomeProperties } from '../handler/contract';
import { derivedData } from '../handler/derived-data';
import type { JobKindName } from '../limits/job-kinds';
import { JOB_RULES } from './job-kinds';

type Details = { readonly [member: string]: unknown };

/** What the function has answered for the outcome of a job, as its description has it now. */
export async function outcomeAttributes(
  properties: OutcomeProperties, job: Details | undefined, describe: (kind: JobKindName, name: string) => Promise<Details | undefined>,
): Promise<{ readonly [attribute: string]: string }> {
  const row = JOB_RULES[properties.Kind];
  const name = job === undefined ? undefined : row.best?.(job);
  const best = name === undefined ? undefined : await describe(row.launches as JobKindName, name);
  const data = derivedData(row, properties, job === undefined ? undefined : { job: { details: job }, best });
  // What nobody knows any more is not the empty text.
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== ''));
}
