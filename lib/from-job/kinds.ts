import { isTree } from './tree';
import { Unexpressible } from './unexpressible';

type Kind = readonly [words: string, is: (value: unknown) => boolean];
const TEXT: Kind = ['a text', (value) => typeof value === 'string'];
const STRUCTURE: Kind = ['a structure', isTree];
const LIST: Kind = ['a list', Array.isArray];

/** What members are, by their names, which mean the same in all requests. Of others nothing is known. */
const KINDS: readonly (readonly [names: RegExp, kind: Kind, entry?: Kind])[] = [
  [/(Variants|Definitions|Configurations|(us|al|Integer)ParameterRanges|DataSources|Instance(Config|Group|Pool|Preference)s)$|^(Tags|InputDataConfig|Containers|Alarms|CaptureOptions|PlacementSpecifications|ParentHyper.+|AutoParameters|MetricsEndpoints)$/, LIST, STRUCTURE],
  [/(GroupNames|GroupIds|Arns|ContentTypes|Headers|FeatureTypes)$|^(Subnets|AttributeNames|Values|ContainerArguments|ContainerEntrypoint|IncludeInferenceResponseIn)$/, LIST, TEXT],
  [/(Hyper|Collection|Hook|Rule|Profiling)Parameters$|^Environment$/, STRUCTURE, TEXT],
  [/^(Enable(?!Ex).+|DisableProfiler|AcceptEula|GenerateInferenceId|UseLogit)$/, ['true or false', (value) => typeof value === 'boolean']],
  [/Weight$|MetricValue$/, ['a number', Number.isFinite]],
  [/(In(Seconds|Minutes|Milliseconds|GB|MB)|Count|Seed|Concurrency|Percentage|yIndex|lIndex|TrainingJobs|sNotImproving|yThreshold|Retries|Attempts|mStepSize|[nx]Resource|Transforms|PerInstance|Size\.Value)$|^(NumberOfSamples|PrefixLength|Priority)$/, ['a whole number', Number.isInteger]],
  [/(Config|Configuration|Specification|Data(set)?Source|Limits|Ranges|UpdatePolicy|InPolicy|(Canary|Batch|rStep)Size|Condition|Criteria|Objective|BestObjectiveNotImproving|eDetected|JobDefinition|yContainer|DataProcessing|Transform(Input|Output|Resources)|TypeHeader|InstanceScaling)$|^(RetryStrategy|Autotune)$/, STRUCTURE],
  [/(Name|Hostname|Arn|Uri|Url|Path|Type|Mode|Image|Strategy|Filter|Version|Id|Preference|Attribute|Topic|Override|E[Tt]ag|Status|CacheSetting|[nx]Value|Explanations|Technique|OnConvergence|Tags\[\d+\]\.Value)$|^(Key|ValueHint|Regex|Accept|AssembleWith|JoinSource|Language|Granularity|ShapBaseline|Peft|SequenceLength|ContentTemplate)$/, TEXT],
];

/**
 * Refuses what boto3 would: nothing where a value belongs, and values of another kind.
 *
 * @throws Unexpressible that names the member
 */
export function checkKinds(request: unknown): void {
  requireKind('the request', STRUCTURE, request);
  checkMembers(request as object, '', true);
}

/** @param isKnown whether the names mean something, which they don't in maps and within what is not known */
function checkMembers(structure: object, path: string, isKnown: boolean): void {
  for (const [member, value] of Object.entries(structure)) {
    const place = path === '' ? member : `${path}.${member}`;
    const [, kind, entry] = isKnown ? KINDS.find(([names]) => names.test(member === 'Value' ? place : member)) ?? [] : [];
    check(value, place, kind, entry);
  }
}

function check(value: unknown, place: string, kind?: Kind, entry?: Kind): void {
  requireKind(place, kind, value);
  if (Array.isArray(value)) { value.forEach((each, index) => check(each, `${place}[${index}]`, entry)); } else if (isTree(value)) {
    if (entry) { for (const [member, each] of Object.entries(value)) { check(each, `${place}.${member}`, entry); } } else { checkMembers(value, place, kind !== undefined); }
  }
}

function requireKind(place: string, kind: Kind | undefined, value: unknown): void {
  if (value === null) { throw new Unexpressible(`${place}: it is null, which says nothing; leave it out`); }
  if (kind && !kind[1](value)) { throw new Unexpressible(`${place} must be ${kind[0]}, got ${typeof value === 'number' ? String(value) : JSON.stringify(value)}`); }
}
