import { logicalIdsIn, stacksOf, templateOfStack, type AssemblyStack } from '../assembly';
import { CommandError } from '../cli/output';
import type { Template } from '../cloudformation/template';

/** A construct of an app that can be run by itself. */
export interface RunnableConstruct {
  /** As the app calls it, stages and stack included: `Prod/Digits/Train`. */
  readonly path: string;
  readonly stack: AssemblyStack;
  readonly template: Template;
  readonly logicalId: string;
  /** Of its resource. */
  readonly type: string;
}

/** What a command can run. */
export interface Runnable {
  /** For sentences. */
  readonly noun: string;
  /** Types of resources; where several are found, one of an earlier type is meant. */
  readonly types: readonly string[];
}

/** Everything of an assembly that a command can run, by path. @throws CommandError for what is no assembly */
export function runnableConstructs(assembly: string, { types }: Pick<Runnable, 'types'>): RunnableConstruct[] {
  return stacksIn(assembly).flatMap((stack) => {
    const template = templateOfStack(stack) as Template;
    return Object.entries(template.Resources ?? {}).filter(([, { Type: type }]) => types.includes(type))
      .map(([logicalId, { Type: type }]) => ({ path: pathOf(stack, logicalId), stack, template, logicalId, type }));
  }).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * The construct of a path, or the only one at or below it. Without a path: the only one there is.
 *
 * @throws CommandError that lists what there is
 */
export function chosenConstruct(assembly: string, path: string | undefined, runnable: Runnable): RunnableConstruct {
  const all = runnableConstructs(assembly, runnable);
  const wanted = path?.replace(/^\/+|\/+$/g, '').replace(/\/Resource$/, '');
  const exact = all.filter((construct) => construct.path === wanted);
  const found = wanted === undefined ? all : exact.length > 0 ? exact : all.filter((construct) => construct.path.startsWith(`${wanted}/`));
  // Of several kinds the first that is there: an endpoint before its model.
  const kind = runnable.types.find((type) => found.some((construct) => construct.type === type));
  const preferred = found.filter(({ type }) => type === kind);
  if (preferred.length === 1) { return preferred[0] as RunnableConstruct; }
  if (all.length === 0) { throw new CommandError(`the app has no ${runnable.noun}`); }
  const list = (constructs: readonly RunnableConstruct[]) => constructs.map((construct) => `\n  ${construct.path}`).join('');
  if (wanted === undefined) { throw new CommandError(`the app has several, say which ${runnable.noun}:${list(found)}`); }
  if (found.length > 1) { throw new CommandError(`${wanted} has several, say which ${runnable.noun}:${list(found)}`); }
  const other = kindAt(assembly, wanted);
  throw new CommandError(`there is no ${runnable.noun} at ${wanted}${other === undefined ? '' : `, which is a ${other}`}; the app has${list(all)}`);
}

/** Other things that can be run, and by what. */
const KINDS: { readonly [type: string]: string } = {
  'Custom::SageMakerTrainingJob': 'training job: `local train` runs it', 'Custom::SageMakerHyperParameterTuningJob': 'tuning job: `local tune` runs it',
  'Custom::SageMakerTransformJob': 'transform job: `local transform` runs it', 'AWS::SageMaker::Model': 'model: `local serve` serves it', 'AWS::SageMaker::Endpoint': 'endpoint: `local serve` serves it',
};

function kindAt(assembly: string, path: string): string | undefined {
  return KINDS[runnableConstructs(assembly, { types: Object.keys(KINDS) }).find((construct) => construct.path === path)?.type ?? ''];
}

/** What the app calls a resource; its logical id where it has not said. */
export function pathOf(stack: AssemblyStack, logicalId: string): string {
  const [, path] = logicalIdsIn(stack.metadata).find(([id]) => id === logicalId) ?? [];
  return path === undefined ? `${stack.displayName}/${logicalId}` : path.replace(/\/Resource$/, '');
}

function stacksIn(assembly: string): AssemblyStack[] {
  try {
    return stacksOf(assembly);
  } catch (error) {
    throw new CommandError((error as Error).message);
  }
}
