import { CommandError, UsageError } from '../cli/output';
import type { Properties } from '../cloudformation/stack-record';
import { withNumbers } from '../resources/sagemaker-values';
import type { OneRun } from './one-run';

const MODEL = 'AWS::SageMaker::Model';

/** The model to serve, and what the endpoint's configuration says of its variant. @throws CommandError */
export async function chosenVariant(run: OneRun, wanted: string | undefined): Promise<{ readonly modelId: string; readonly variant: Properties }> {
  const { construct } = run;
  if (construct.type === 'AWS::SageMaker::Endpoint') { return variantOfEndpoint(run, wanted); }
  if (wanted !== undefined) { throw new UsageError(`${construct.path}: --variant is for endpoints`); }
  return { modelId: construct.type === MODEL ? construct.logicalId : await modelOfJob(run), variant: {} };
}

/** The first variant, unless another one is named. */
async function variantOfEndpoint({ construct, values, output }: OneRun, wanted: string | undefined): Promise<{ readonly modelId: string; readonly variant: Properties }> {
  const { EndpointConfigName: config } = await values.properties(construct.logicalId);
  const configId = values.unknowns.in(config)?.logicalId;
  if (configId === undefined) { throw new CommandError(`${construct.path}: its configuration ${String(config)} is none of its stack`); }
  const variants = (withNumbers(await values.properties(configId)).ProductionVariants ?? []) as readonly Properties[];
  const names = variants.map(({ VariantName: name }) => String(name));
  const variant = wanted === undefined ? variants[0] : variants[names.indexOf(wanted)];
  if (variant === undefined) { throw new UsageError(`--variant must be one of ${names.join(', ')}, which ${construct.path} has; got ${String(wanted)}`); }
  if (wanted === undefined && names.length > 1) { output.progress(`variant ${names[0]}; --variant takes another: ${names.slice(1).join(', ')}`); }
  const modelId = values.unknowns.in(variant.ModelName)?.logicalId;
  if (modelId === undefined || values.resources[modelId]?.Type !== MODEL) { throw new CommandError(`${construct.path}: variant ${String(variant.VariantName)} has no model of its stack`); }
  return { modelId, variant };
}

/** The model that is made of a training job's artifact. */
async function modelOfJob({ construct, values, data }: OneRun): Promise<string> {
  const found: string[] = [];
  for (const [logicalId] of Object.entries(values.resources).filter(([, { Type: type }]) => type === MODEL)) {
    const { PrimaryContainer: primary } = await values.properties(logicalId) as { PrimaryContainer?: { readonly ModelDataUrl?: string } };
    const unknown = values.unknowns.in(primary?.ModelDataUrl);
    if (data.jobOf(unknown?.logicalId) === construct.path) { found.push(logicalId); }
  }
  const [only] = found;
  if (only === undefined) { throw new CommandError(`${construct.path}: no model of its stack is made of its artifact, so that nothing says how it is served`); }
  if (found.length > 1) { throw new CommandError(`${construct.path} has several models, say which:${found.map((each) => `\n  ${values.pathOf(each)}`).join('')}`); }
  return only;
}
