import type { OutcomeProperties } from './contract';
import type { JobRules, Tree } from './job-kind';

/** A job as it is described, and where it has launched jobs by itself, the best of them. */
interface Described {
  readonly job: { readonly details: Tree };
  readonly best?: Tree;
}

/** What can be said of a job that is not asked to be good: the result is where it always was. */
export function derivedData(row: JobRules, properties: OutcomeProperties, ended: Described | undefined): { [attribute: string]: string } {
  const data: { [attribute: string]: string } = {};
  for (const attribute of properties.Attributes ?? []) {
    const known = ended && Object.hasOwn(row.attributes, attribute) ? row.attributes[attribute](ended.job.details, ended.best) : undefined;
    data[attribute] = attributeText(properties, row, attribute, known === '' ? undefined : known);
  }
  for (const [attribute, metric] of Object.entries(properties.Metrics ?? {})) {
    const found = ended && row.metrics?.(ended.job.details, ended.best).find((value) => value.MetricName === metric);
    data[attribute] = String(found?.Value ?? '');
  }
  const found = (ended && row.hyperparameters?.(ended.job.details)) ?? {};
  for (const [attribute, name] of Object.entries(properties.Hyperparameters ?? {})) { data[attribute] = String((Object.hasOwn(found, name) ? found[name] : undefined) ?? ''); }
  return data;
}

/** The result is where it always was, whatever became of the job's record. */
export function attributeText({ Artifact }: OutcomeProperties, row: JobRules, attribute: string, known: unknown): string {
  return String(known ?? (attribute === row.derived ? Artifact : undefined) ?? '');
}
