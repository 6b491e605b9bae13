import { URL_SUFFIXES } from '../limits/partitions';
import { Unexpressible } from './unexpressible';
import { call, literal, name } from './code';
import { endpoint } from './endpoint';
import { endpointConfig } from './endpoint-config';
import type { Images } from './images';
import { model } from './model';
import { refuseEmptyFolders, withoutTime } from './prepared';
import { Program, type Target } from './program';
import { trainingJob, type JobOptions } from './training-job';
import { transformJob } from './transform-job';
import { pruned, type Tree } from './tree';
import { tuningJob } from './tuning-job';

export { requestOf } from './described';
export { checkKinds } from './kinds';
export { Unexpressible } from './unexpressible';
export type { Images } from './images';
export type { Target } from './program';

/** What there are constructs of here, by the call that makes it. */
export const KINDS = {
  Model: { noun: 'model', nameMember: 'ModelName', knownBy: ['PrimaryContainer', 'Containers', 'ExecutionRoleArn'], isJob: false },
  EndpointConfig: { noun: 'endpoint configuration', nameMember: 'EndpointConfigName', knownBy: ['ProductionVariants'], isJob: false },
  Endpoint: { noun: 'endpoint', nameMember: 'EndpointName', knownBy: ['EndpointName'], isJob: false },
  TrainingJob: { noun: 'training job', nameMember: 'TrainingJobName', knownBy: ['TrainingJobName', 'AlgorithmSpecification', 'ServerlessJobConfig'], isJob: true },
  HyperParameterTuningJob: { noun: 'tuning job', nameMember: 'HyperParameterTuningJobName', knownBy: ['HyperParameterTuningJobConfig', 'TrainingJobDefinition', 'TrainingJobDefinitions'], isJob: true },
  TransformJob: { noun: 'transform job', nameMember: 'TransformJobName', knownBy: ['TransformInput', 'TransformJobName', 'TransformOutput'], isJob: true },
} as const;
export type KindName = keyof typeof KINDS;

/** A request and what it makes. */
export interface KnownRequest {
  readonly kind: KindName;
  readonly request: Tree;
}

export interface Written {
  readonly code: string;
  readonly notes: readonly string[];
}

/** By the members that only one kind has; undefined for none of these. */
export function kindOf(request: Tree): KindName | undefined {
  const order: readonly KindName[] = ['HyperParameterTuningJob', 'TransformJob', 'TrainingJob', 'EndpointConfig', 'Model', 'Endpoint'];
  return order.find((kind) => KINDS[kind].knownBy.some((member) => request[member] !== undefined));
}

/** What is known from the request itself of where it was made. */
export function targetOf(requests: readonly KnownRequest[]): Target {
  const text = JSON.stringify(requests.map(({ request }) => request));
  const regions = [
    /"sagemaker_region":"\\"([a-z0-9-]+)\\""/, /arn:[a-z-]+:(?:sagemaker|kms|lambda):([a-z]{2}(?:-[a-z]+)+-\d):/, /"s3:\/\/sagemaker-([a-z]{2}(?:-[a-z]+)+-\d)-\d{12}\//, new RegExp(`\\d{12}\\.dkr\\.ecr\\.([a-z0-9-]+)\\.(?:${URL_SUFFIXES.map((suffix) => suffix.replaceAll('.', '\\.')).join('|')})/`),
  ];
  const region = regions.map((each) => each.exec(text)?.[1]).find((each) => each !== undefined);
  return { account: /arn:[a-z-]+:iam::(\d{12}):role/.exec(text)?.[1], region };
}

const ORDER: readonly KindName[] = ['Model', 'EndpointConfig', 'Endpoint', 'TrainingJob', 'HyperParameterTuningJob', 'TransformJob'];

/**
 * The app whose constructs ask for the same. Requests name each other: a model that is among them is the one that a configuration or a transform job
 * means, any other is imported.
 *
 * Throws an `Unexpressible`, whose message names the member, for what no construct can ask for.
 */
export function written(requests: readonly KnownRequest[], images: Images, target: Target, { isAdopted = false, isDescribed = false }: Partial<JobOptions> = {}): Written {
  const program = new Program(target);
  const made = new Map<string, string>();
  const sorted = [...requests].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  const models = (modelName: string) => imported(program, made, 'Model', modelName);
  for (const { kind, request: given } of sorted) {
    const request = pruned(given);
    const nameOf = String(request[KINDS[kind].nameMember] ?? '');
    if (isAdopted && !KINDS[kind].isJob) { throw new Unexpressible(`--adopt: no construct takes over what CloudFormation makes by itself, as it does the ${KINDS[kind].noun} ${nameOf}; leave --adopt out, and the stack makes another one`); }
    if (KINDS[kind].isJob) { refuseEmptyFolders(request); }
    made.set(`${kind} ${nameOf}`, makeConstruct(kind, request));
  }
  const [main] = [...sorted].reverse() as [KnownRequest];
  const jobName = main.request[KINDS[main.kind].nameMember] as string | undefined;
  const title = jobName === undefined ? `A ${KINDS[main.kind].noun}, written by \`cdk-sagemaker from-job\`.` : `The ${KINDS[main.kind].noun} ${jobName}, written by \`cdk-sagemaker from-job\`.`;
  return { code: program.file(title, withoutTime(jobName ?? 'imported')), notes: program.notes };

  function makeConstruct(kind: KindName, request: Tree): string {
    switch (kind) {
      case 'TrainingJob': return trainingJob(program, images, request, { isAdopted, isDescribed });
      case 'HyperParameterTuningJob': return tuningJob(program, images, request, { isAdopted, isDescribed });
      case 'TransformJob': return transformJob(program, request, models, isAdopted);
      case 'Model': return model(program, images, request, instanceTypeFor(sorted, request.ModelName));
      case 'EndpointConfig': return endpointConfig(program, request, models);
      case 'Endpoint': return endpoint(program, request, imported(program, made, 'EndpointConfig', request.EndpointConfigName));
    }
  }
}

/** What is among the requests, else what is there. */
function imported(program: Program, made: ReadonlyMap<string, string>, kind: 'Model' | 'EndpointConfig', resource: string) {
  const own = made.get(`${kind} ${resource}`);
  if (own !== undefined) { return name(own); }
  return program.shared(kind, resource, withoutTime(resource), (id) => call(`${kind}.from${kind}Name`, name('this'), literal(id), literal(resource)));
}

/** What a model is put on decides between the images of a framework. */
function instanceTypeFor(requests: readonly KnownRequest[], modelName: string): string | undefined {
  for (const { kind, request } of requests) {
    if (kind === 'EndpointConfig') {
      const variant = (request.ProductionVariants as Tree[] | undefined)?.find((each) => each.ModelName === modelName);
      if (variant?.InstanceType !== undefined) { return variant.InstanceType as string; }
    }
    if (kind === 'TransformJob' && request.ModelName === modelName) { return request.TransformResources?.InstanceType as string | undefined; }
  }
  return undefined;
}
