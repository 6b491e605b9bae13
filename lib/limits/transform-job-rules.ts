import { beyondLimits, type IsUnknown, type Violation } from './constraints';
import { EXPRESS, given, wrong, type Rule, type Tree } from './training-job-rules';
import { MOST_PAYLOAD_MB, TRANSFORM_JOB_LIMITS } from './transform-job';

/**
 * What CreateTransformJob takes together. The handler refuses a request by the same rules before it launches anything.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTransformJob.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/batch-transform-data-processing.html
 */
const RULES: readonly Rule[] = [payload, processing, output];

/** Everything wrong with a request for a transform job, as far as it is known: members first, then what they are together. */
export function transformJobViolations(request: object, isUnknown: IsUnknown = () => false): Violation[] {
  const single = beyondLimits(TRANSFORM_JOB_LIMITS, request, isUnknown);
  return single.length > 0 ? single : RULES.flatMap((rule) => [...rule(request as Tree, isUnknown)]);
}

function* payload({ MaxPayloadInMB: size, MaxConcurrentTransforms: count }: Tree, isUnknown: IsUnknown): Iterable<Violation> {
  if (!given(size) || !given(count) || isUnknown(size) || isUnknown(count) || size * count <= MOST_PAYLOAD_MB) { return; }
  yield wrong(['MaxPayloadInMB'], `be at most ${MOST_PAYLOAD_MB} MB for all requests that are sent at once, which are ${count}`, `${size} MB`);
}

/** Types whose records a path can be looked up in; parameters may follow. */
const READABLE = /^\s*(text\/csv|application\/json|application\/jsonlines|application\/x-jsonlines)\s*(;|$)/i;
const PATHS = ['InputFilter', 'OutputFilter'];

function* processing({ DataProcessing: paths, TransformInput: input, TransformOutput: output }: Tree, isUnknown: IsUnknown): Iterable<Violation> {
  if (!given(paths) || isUnknown(paths) || isUnknown(input) || isUnknown(output)) { return; }
  const isJoined = !isUnknown(paths.JoinSource) && !isNone(paths.JoinSource);
  const member = isJoined ? 'JoinSource' : PATHS.find((name) => given(paths[name]) && !isUnknown(paths[name]) && paths[name] !== '$');
  if (member === undefined) { return; }
  const because = `for DataProcessing.${member}, which is for CSV and JSON`;
  for (const [path, type] of [[['TransformInput', 'ContentType'], input.ContentType], [['TransformOutput', 'Accept'], output.Accept]] as const) {
    if (given(type) && !isUnknown(type) && !READABLE.test(type)) { yield wrong(path, `be text/csv, application/json or application/jsonlines ${because}`, type); }
  }
  if (['RecordIO', 'TFRecord'].includes(input.SplitType)) { yield wrong(['TransformInput', 'SplitType'], `be Line or None ${because}`, input.SplitType); }
  if (isJoined) { yield* assembled(input.SplitType, output.AssembleWith, isUnknown); }
}

/** Answers are joined with their records: both are lines, or whole files. What is said of one alone is no contradiction yet. */
function* assembled(split: unknown, assembleWith: unknown, isUnknown: IsUnknown): Iterable<Violation> {
  if (!given(split) || !given(assembleWith) || isUnknown(split) || isUnknown(assembleWith) || split === assembleWith) { return; }
  yield wrong(['TransformOutput', 'AssembleWith'], `be ${String(split)}, as the SplitType of the input is, for DataProcessing.JoinSource`, assembleWith);
}

function* output({ TransformOutput, DataCaptureConfig }: Tree, isUnknown: IsUnknown): Iterable<Violation> {
  for (const [member, place, uri] of [['TransformOutput', TransformOutput, 'S3OutputPath'], ['DataCaptureConfig', DataCaptureConfig, 'DestinationS3Uri']] as const) {
    const text = place?.[uri];
    if (given(place?.KmsKeyId) && typeof text === 'string' && !isUnknown(text) && EXPRESS.test(text)) {
      yield wrong([member, 'KmsKeyId'], 'be left out for a bucket of S3 Express One Zone', place.KmsKeyId);
    }
  }
}

const isNone = (value: unknown): boolean => !given(value) || value === 'None';
