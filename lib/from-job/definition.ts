import { isArchiveName } from '../request/archive-name';
import { jsonSpelling } from '../request/python-spelling';
import { builtInAlgorithm } from './built-in';
import { inputsOf, texts } from './channels';
import { call, list, literal, object, optional, type Code } from './code';
import { bucket, key, lambda, network, placeOf, role } from './elsewhere';
import { isRl, keepsSeries, trainingFramework, tunerWords, type FoundFramework } from './framework';
import { textOfJson, valueOfJson, valueOfStr } from './hyperparameters';
import { containerImage, type Images } from './images';
import { Parts } from './parts';
import type { Program } from './program';
import { isEmpty, type Tree } from './tree';
import type { FoundCapacity } from './capacity';
import { duration, member } from './values';

type Texts = { readonly [name: string]: string };

/** What is known of the job besides its definition. */
export interface DefinitionContext {
  readonly program: Program;
  readonly images: Images;
  readonly capacity: FoundCapacity;
  /** The member that hyperparameters are in. */
  readonly member: 'HyperParameters' | 'StaticHyperParameters';
  /** What a tuning job searches, in SageMaker's words. */
  readonly ranges?: Tree;
  readonly jobName?: string;
  /** Whether it is what a Describe call says, which has the metrics of Amazon's own algorithms too. */
  readonly isDescribed?: boolean;
}

/** How an algorithm is written, and what becomes of the hyperparameters. */
export interface FoundAlgorithm {
  readonly code: Code;
  readonly made: Tree;
  /** Those of the prop `hyperparameters`. */
  readonly values: { readonly [name: string]: unknown };
  /** All that come out. */
  readonly texts: Texts;
  /** A channel that the script comes by, and the library makes. */
  readonly codeChannel?: Tree;
  readonly framework?: FoundFramework;
  /** Whether hyperparameters are texts in JSON. */
  readonly isJson?: boolean;
  /** It knows its metrics by itself. */
  readonly hasMetrics?: boolean;
}

/** What is trained, on what, with what: the same for a job of its own and for the jobs of a tuning job. */
export function definitionParts(context: DefinitionContext, request: Tree): { readonly parts: Parts; readonly algorithm: FoundAlgorithm; readonly output: string } {
  const { program, capacity } = context;
  const parts = new Parts();
  const output = outputLocation(program, request.OutputDataConfig);
  const algorithm = algorithmOf(context, request, output.path);
  const mode = request.AlgorithmSpecification?.TrainingInputMode ?? 'File';
  const channels = ((request.InputDataConfig ?? []) as Tree[]).filter((channel) => channel.ChannelName !== 'code' || !algorithm.codeChannel);
  const inputs = inputsOf(program, channels, mode, request.VpcConfig);
  parts.say('algorithm', algorithm.code, algorithm.made);
  parts.say('hyperparameters', Object.keys(algorithm.values).length === 0 ? undefined : call('Hyperparameters.of', object(Object.fromEntries(Object.entries(algorithm.values).map(([name, value]) => [name, literal(value)])))));
  parts.makes({ [context.member]: algorithm.texts });
  parts.say('inputs', inputs.code);
  parts.makes({ InputDataConfig: [...inputs.made, ...(algorithm.codeChannel ? [algorithm.codeChannel] : [])] });
  parts.say('output', output.code);
  parts.makes({ OutputDataConfig: output.made });
  parts.say('capacity', capacity.code, capacity.made);
  limits(parts, request);
  const { CheckpointConfig: checkpoints } = request;
  const place = placeOf(checkpoints?.S3Uri);
  if (place?.hasSlash) {
    const options = object({ localPath: optional(checkpoints.LocalPath) });
    parts.say('checkpoints', call('Checkpoints.fromBucket', bucket(program, place.bucket), place.prefix === '' && !options ? undefined : literal(place.prefix), options), { CheckpointConfig: checkpoints });
  }
  const { MetricDefinitions: metrics } = request.AlgorithmSpecification ?? {};
  if (metrics?.length > 0 && algorithm.hasMetrics) { parts.makes({ AlgorithmSpecification: { MetricDefinitions: metrics } }); } else if (metrics?.length > 0) {
    parts.say('metrics', list((metrics as Tree[]).map(({ Name, Regex }) => call('Metric.regex', literal(Name), literal(Regex)))), { AlgorithmSpecification: { MetricDefinitions: metrics } });
  }
  for (const [prop, code] of Object.entries(network(program, request.VpcConfig))) { parts.say(prop, code); }
  parts.makes({ VpcConfig: request.VpcConfig });
  if (request.EnableNetworkIsolation === true) { parts.say('networkIsolation', literal(true), { EnableNetworkIsolation: true }); }
  if (request.EnableInterContainerTrafficEncryption === true) { parts.say('encryptInterContainerTraffic', literal(true), { EnableInterContainerTrafficEncryption: true }); }
  if (!isEmpty(request.Environment)) { parts.say('environment', literal(request.Environment), { Environment: request.Environment }); }
  if (request.RetryStrategy) { parts.say('maxRetries', literal(request.RetryStrategy.MaximumRetryAttempts), { RetryStrategy: request.RetryStrategy }); }
  parts.say('role', role(program, request.RoleArn));
  return { parts, algorithm, output: output.path };
}

const DEFAULT_MAX_RUNTIME = 3600;

function limits(parts: Parts, { StoppingCondition: limit = {}, ResourceConfig, HyperParameterTuningResourceConfig }: Tree): void {
  const { MaxRuntimeInSeconds: run, MaxPendingTimeInSeconds: pending } = limit;
  const isServerless = !ResourceConfig && !HyperParameterTuningResourceConfig;
  if (run !== undefined && (run !== DEFAULT_MAX_RUNTIME || isServerless)) { parts.say('maxRuntime', duration(run)); }
  parts.makes({ StoppingCondition: { MaxRuntimeInSeconds: run ?? (isServerless ? undefined : DEFAULT_MAX_RUNTIME) } });
  if (pending !== undefined) { parts.say('maxPending', duration(pending), { StoppingCondition: { MaxPendingTimeInSeconds: pending } }); }
}

/** Where the library writes; a slash at the end is left out, and one behind a bucket alone is added. */
export function outputLocation(program: Program, config: Tree | undefined): { readonly code?: Code; readonly made: Tree; readonly path: string } {
  const place = placeOf(config?.S3OutputPath);
  if (!place) { return { made: {}, path: '' }; }
  const prefix = place.prefix.replace(/\/+$/, '');
  const outputKey = key(program, config!.KmsKeyId);
  const compression = member('OutputCompression', config!.CompressionType);
  const options = object({ encryptionKey: outputKey?.code, compression });
  const path = `s3://${place.bucket}/${prefix}`;
  return {
    code: call('OutputLocation.fromBucket', bucket(program, place.bucket), prefix === '' && !options ? undefined : literal(prefix), options),
    made: { S3OutputPath: path, KmsKeyId: outputKey?.arn, CompressionType: compression && config!.CompressionType }, path,
  };
}

function algorithmOf(context: DefinitionContext, request: Tree, output: string): FoundAlgorithm {
  const { program, images, capacity, ranges } = context;
  const { AlgorithmSpecification: specification = {}, ServerlessJobConfig: serverless } = request;
  const given = (request[context.member] ?? {}) as Texts;
  if (serverless) { return serverlessAlgorithm(serverless, given); }
  const said = { inputMode: specification.TrainingInputMode === 'File' ? undefined : member('InputMode', specification.TrainingInputMode), metricsTimeSeries: optional(specification.EnableSageMakerMetricsTimeSeries) };
  const plain = { TrainingInputMode: specification.TrainingInputMode ?? 'File', EnableSageMakerMetricsTimeSeries: specification.EnableSageMakerMetricsTimeSeries };
  if (specification.AlgorithmName !== undefined) {
    return { code: call('Algorithm.fromAlgorithmName', literal(specification.AlgorithmName), object(said)), made: { AlgorithmSpecification: { AlgorithmName: specification.AlgorithmName, ...plain } }, ...asStr(given) };
  }
  const command = { entrypoint: texts(specification.ContainerEntrypoint), arguments: texts(specification.ContainerArguments) };
  const made = { AlgorithmSpecification: { TrainingImage: specification.TrainingImage, ...plain, ContainerEntrypoint: specification.ContainerEntrypoint, ContainerArguments: specification.ContainerArguments } };
  const script = scriptOf(context, request, given);
  if (!script && given.sagemaker_job_name !== undefined) {
    program.note(`sagemaker_submit_directory: ${given.sagemaker_submit_directory ?? 'nothing'} is nothing that Script.fromBucket takes: hyperparameters stay as they are, and later jobs are told the name ${given.sagemaker_job_name} too`);
  }
  if (script) {
    const framework = frameworkOf(context, request, given, script, output, { ...said, ...command }, made);
    if (framework) { return framework; }
  } else {
    const builtIn = builtInAlgorithm(program, images, specification, given, {
      channels: ((request.InputDataConfig ?? []) as Tree[]).map(({ ChannelName }) => ChannelName), hasMetrics: (!isEmpty(specification.MetricDefinitions) && !context.isDescribed) || !isEmpty(specification.ContainerEntrypoint),
      isManifestOfAttributes: (request.InputDataConfig as Tree[] | undefined)?.some(({ ChannelName, DataSource }) => ChannelName === 'train' && DataSource?.S3DataSource?.S3DataType === 'AugmentedManifestFile') ?? false,
      ranges: Object.keys(ranges ?? {}),
    });
    if (builtIn) { return { code: builtIn.code, made, values: builtIn.others, texts: builtIn.texts, hasMetrics: true }; }
  }
  const { TrainingImageConfig: access } = specification;
  const login = access?.TrainingRepositoryAuthConfig?.TrainingRepositoryCredentialsProviderArn as string | undefined;
  const isInVpc = access?.TrainingRepositoryAccessMode === 'Vpc';
  const image = isInVpc
    ? call('ContainerImage.fromRegistry', literal(specification.TrainingImage), object({ credentialsProvider: login === undefined ? undefined : lambda(program, login) }))
    : containerImage(program, images, specification.TrainingImage, 'training', capacity.types[0]);
  const code = call('Algorithm.image', image, object({ script: script?.code, logLevel: script?.logLevel, ...said, ...command }));
  const all = { AlgorithmSpecification: { ...made.AlgorithmSpecification, TrainingImageConfig: isInVpc ? access : undefined } };
  if (!script) { return { code, made: all, ...asStr(given) }; }
  return { code, made: all, ...asJson(given, Object.keys(script.texts), script.texts), codeChannel: script.channel, isJson: true };
}

/** As Python's `str` writes them: every text is one. */
function asStr(given: Texts): { readonly values: { readonly [name: string]: unknown }; readonly texts: Texts } {
  return { values: Object.fromEntries(Object.entries(given).map(([hyperparameter, text]) => [hyperparameter, valueOfStr(text)])), texts: given };
}

/** As JSON: what is none is left to the overrides. @param own those that the algorithm makes, whatever they are */
function asJson(given: Texts, own: readonly string[], made: Texts): { readonly values: { readonly [name: string]: unknown }; readonly texts: Texts } {
  const users = Object.entries(given).filter(([hyperparameter]) => !own.includes(hyperparameter)).flatMap(([hyperparameter, text]) => {
    const found = valueOfJson(text);
    return found ? [[hyperparameter, found.value, text] as const] : [];
  });
  return { values: Object.fromEntries(users.map(([hyperparameter, value]) => [hyperparameter, value])), texts: { ...Object.fromEntries(users.map(([hyperparameter, , text]) => [hyperparameter, text])), ...made } };
}

interface FoundScript {
  readonly code: Code;
  readonly logLevel?: Code;
  readonly texts: Texts;
  readonly channel?: Tree;
}

/** Whether it is what Script.fromBucket takes. */
export const isArchive = (uri: string | undefined): uri is string => placeOf(uri)?.hasSlash === true && isArchiveName(/[^/]*$/.exec(uri!)![0]);

/** Code that stays where it is. */
export function archivedScript(program: Program, uri: string, entryPoint: string): Code {
  program.note(`the code is taken as it lies at ${uri}: unpack it into the app and take Script.fromDirectory to have it change with the app; ${entryPoint} is what is started`);
  const { bucket: bucketName, prefix } = placeOf(uri)!;
  return call('Script.fromBucket', bucket(program, bucketName), literal(prefix), object({ entryPoint: literal(entryPoint) }));
}

const CODE_FOLDER = '/opt/ml/input/data/code/';

/** An archive in S3 that a container is told of. What a script comes by otherwise is left as it is. */
function scriptOf({ program, jobName }: DefinitionContext, request: Tree, given: Texts): FoundScript | undefined {
  const [directory, entryPoint] = [textOfJson(given.sagemaker_submit_directory), textOfJson(given.sagemaker_program)];
  if (directory === undefined || entryPoint === undefined || entryPoint === '') { return undefined; }
  const isIsolated = request.EnableNetworkIsolation === true;
  const source = ((request.InputDataConfig ?? []) as Tree[]).find(({ ChannelName }) => ChannelName === 'code')?.DataSource?.S3DataSource;
  const uri = isIsolated ? (source?.S3DataType === 'S3Prefix' ? source.S3Uri as string : undefined) : directory;
  const fileName = /[^/]*$/.exec(uri ?? '')![0];
  if (!isArchive(uri) || (isIsolated && directory !== `${CODE_FOLDER}${fileName}`)) { return undefined; }
  const code = archivedScript(program, uri, entryPoint);
  const level = given.sagemaker_container_log_level ?? '20';
  const logLevel = member('ContainerLogLevel', level);
  return {
    code,
    logLevel: level === '20' ? undefined : logLevel,
    texts: {
      sagemaker_submit_directory: given.sagemaker_submit_directory!, sagemaker_program: given.sagemaker_program!, sagemaker_container_log_level: logLevel ? level : '20',
      // whatever the name of the run is
      sagemaker_job_name: given.sagemaker_job_name ?? jsonSpelling(jobName ?? '{JobName}'), sagemaker_region: jsonSpelling(program.target.region ?? ''),
    },
    channel: isIsolated ? { ChannelName: 'code', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: uri, S3DataDistributionType: 'FullyReplicated' } } } : undefined,
  };
}

function frameworkOf(
  context: DefinitionContext, request: Tree, given: Texts, script: FoundScript, output: string, said: { readonly [option: string]: Code | undefined }, made: Tree,
): FoundAlgorithm | undefined {
  const { program, images, capacity, ranges } = context;
  const values = Object.fromEntries(Object.entries(given).flatMap(([hyperparameter, text]) => { const found = valueOfJson(text); return found ? [[hyperparameter, found.value]] : []; }));
  const type = capacity.types.find((each) => /^ml[._][gp]/.test(each)) ?? capacity.types[0];
  const framework = trainingFramework(program, images, request.AlgorithmSpecification.TrainingImage, values, type, capacity.type);
  if (!framework || isEmpty(request.OutputDataConfig) || (ranges && !areChoicesOfFramework(ranges))) { return undefined; }
  if (framework.name === 'sklearn' && (capacity.types.length > 1 || Number(request.ResourceConfig?.InstanceCount ?? 1) !== 1)) { return undefined; }
  const own: { [hyperparameter: string]: string } = { ...script.texts };
  const say = (words: { readonly [word: string]: unknown }) => Object.entries(words).forEach(([word, value]) => { if (value !== undefined) { own[word] = jsonSpelling(value); } });
  const options: { [option: string]: Code | undefined } = { script: script.code, logLevel: script.logLevel };
  if (framework.distribution) {
    options.distribution = framework.distribution.code;
    say(framework.distribution.values);
  }
  if (framework.name === 'tensorflow') { Object.assign(options, modelDir(program, given, output, own)); }
  if (isRl(framework)) { say({ sagemaker_s3_output: output, sagemaker_estimator: 'RLEstimator' }); }
  if (values.sagemaker_training_compiler_enabled === true) {
    options.trainingCompiler = values.sagemaker_training_compiler_debug_mode === true ? object({ debug: literal(true) }) : { members: [] };
    say({ sagemaker_training_compiler_enabled: true, sagemaker_training_compiler_debug_mode: values.sagemaker_training_compiler_debug_mode === true });
  }
  if (ranges) { say(tunerWords(framework)); }
  const series = request.AlgorithmSpecification.EnableSageMakerMetricsTimeSeries ?? (ranges ? undefined : keepsSeries(framework) || undefined);
  const isSeriesImplied = !ranges && keepsSeries(framework) && request.AlgorithmSpecification.EnableSageMakerMetricsTimeSeries !== false;
  const code = call('Algorithm.framework', framework.code, object({ ...options, ...said, metricsTimeSeries: isSeriesImplied ? undefined : said.metricsTimeSeries }));
  const rewards = isRl(framework) && isEmpty(request.AlgorithmSpecification.MetricDefinitions) ? [{ Name: 'of the toolkit' }] : undefined;
  return {
    code, framework, codeChannel: script.channel, isJson: true, ...asJson(given, Object.keys(own), own),
    made: { AlgorithmSpecification: { ...made.AlgorithmSpecification, EnableSageMakerMetricsTimeSeries: series, MetricDefinitions: rewards } },
  };
}

/** A framework's estimator sends each choice as a text in JSON. */
const areChoicesOfFramework = (ranges: Tree) => ((ranges.CategoricalParameterRanges ?? []) as Tree[]).every(({ Values }) => (Values as string[]).every((value) => textOfJson(value) !== undefined));

/** Where TensorFlow keeps its model while it trains. */
function modelDir(program: Program, given: Texts, output: string, own: { [hyperparameter: string]: string }): { readonly modelDir?: Code } {
  const [path, job] = [textOfJson(given.model_dir), textOfJson(given.sagemaker_job_name)];
  const usual = own.sagemaker_mpi_enabled === 'true' ? '/opt/ml/model' : `${output.replace(/\/$/, '')}/${job ?? '{JobName}'}/model`;
  if (given.model_dir === undefined) { return { modelDir: call('ModelDir.none') }; }
  own.model_dir = path === undefined ? jsonSpelling(usual) : given.model_dir;
  if (path === undefined || path === usual) { return {}; }
  const place = placeOf(path);
  return { modelDir: place?.hasSlash ? call('ModelDir.fromBucket', bucket(program, place.bucket), literal(place.prefix)) : call('ModelDir.inContainer', literal(path)) };
}

function serverlessAlgorithm(job: Tree, given: Texts): FoundAlgorithm {
  const isTuning = job.JobType === 'FineTuning';
  const options = {
    baseModel: literal(job.BaseModelArn), acceptEula: optional(job.AcceptEula), evaluator: optional(job.EvaluatorArn),
    ...(isTuning
      ? { technique: member('CustomizationTechnique', job.CustomizationTechnique), peft: member('ParameterEfficientFineTuning', job.Peft), sequenceLength: optional(job.SequenceLength) }
      : { evaluationType: member('EvaluationType', job.EvaluationType) }),
  };
  return { code: call('Algorithm.serverless', call(`ServerlessJob.${isTuning ? 'fineTuning' : 'evaluation'}`, object(options))), made: { ServerlessJobConfig: job }, ...asStr(given) };
}
