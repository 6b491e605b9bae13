import { OUTCOME_RESOURCE_TYPE } from '../handler/contract';
import { referencesIn } from '../local/cloudformation/dependencies';
import type { Properties } from '../local/cloudformation/stack-record';
import type { Template } from '../local/cloudformation/template';

type Tree = { readonly [member: string]: unknown };

/** A template, and what its expressions come to: of what is deployed, or of what will be. */
export interface ModelSource {
  readonly template: Template;
  /** Resolved; nothing of a resource that there is not. */
  properties(logicalId: string): Properties | undefined;
  /** What people call the result of a job of the stack: `the artifact of Digits/Train (retrains)`. */
  artifactOf(jobId: string): string | undefined;
  /** For people. */
  shown(text: string): string;
}

/** Resources of a type that an expression refers to; usually one. */
export function referredTo(template: Template, expression: unknown, type: string): string | undefined {
  return referencesIn(expression, () => true).find((id) => template.Resources[id]?.Type === type);
}

/** The model that something names, for people: what it is made of and runs in. */
export function modelText(source: ModelSource, expression: unknown, resolved: unknown): string | undefined {
  const id = referredTo(source.template, expression, 'AWS::SageMaker::Model');
  const properties = id === undefined ? undefined : source.properties(id);
  if (id === undefined || properties === undefined) { return resolved === undefined ? undefined : source.shown(String(resolved)); }
  const declared = source.template.Resources[id]?.Properties ?? {};
  const resolvedAll = [(properties.PrimaryContainer ?? properties.Containers ?? []) as Tree | Tree[]].flat();
  const declaredAll = [(declared.PrimaryContainer ?? declared.Containers ?? []) as Tree | Tree[]].flat();
  return resolvedAll.map((container, index) => containerText(source, declaredAll[index] ?? {}, container)).join(', then ');
}

/** One container of a model, or of an inference component. */
export function containerText(source: ModelSource, declared: Tree, resolved: Tree): string {
  const { Image: image, ModelPackageName: version } = resolved;
  const data = dataOf(resolved);
  const result = data === undefined ? undefined : resultText(source, dataOf(declared)) ?? source.shown(String(data));
  const what = [...(result === undefined ? [] : [result]), ...(version === undefined ? [] : [`the model package ${source.shown(String(version)).replace(/^arn:.*:model-package\//, '')}`])].join(' and ');
  const where = image === undefined ? '' : imageText(source.shown(String(image)));
  return [what, where].filter((part) => part !== '').join(' in ') || 'a model';
}

/** Where the model is, wherever that is written. */
function dataOf(container: Tree): unknown {
  const source = (container.ModelDataSource as { readonly S3DataSource?: Tree } | undefined)?.S3DataSource?.S3Uri;
  return container.ModelDataUrl ?? container.ArtifactUrl ?? source;
}

/** Of a job of the stack, that it is its result; what else the expression comes to is said by its value. */
function resultText(source: ModelSource, expression: unknown): string | undefined {
  const outcome = referredTo(source.template, expression, OUTCOME_RESOURCE_TYPE);
  const job = outcome === undefined ? undefined : referencesIn(source.template.Resources[outcome]?.Properties?.JobName, () => true)[0];
  return job === undefined ? undefined : source.artifactOf(job);
}

/** Without the registry. */
const imageText = (image: string) => image.replace(/^[^/]*\.dkr\.ecr[^/]*\//, '').replace(/@sha256:([0-9a-f]{12})[0-9a-f]*$/, '@$1');
