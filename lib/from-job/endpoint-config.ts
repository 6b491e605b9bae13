import { call, list, literal, object, optional, type Code } from './code';
import { bucket, key, network, placeOf, role, topic } from './elsewhere';
import { Parts } from './parts';
import { prepared, tagStatements, withoutTime } from './prepared';
import type { Program } from './program';
import { propertyOverrides } from './property-overrides';
import { isEmpty, only, type Tree } from './tree';
import { Unexpressible } from './unexpressible';
import { duration, gibibytes, mebibytes, member } from './values';

/** The construct of an endpoint configuration. @param model the constant of a model @returns its constant */
export function endpointConfig(program: Program, request: Tree, model: (modelName: string) => Code): string {
  const configName = request.EndpointConfigName as string | undefined;
  const { wanted: asGiven } = prepared(program, request, ['EndpointConfigName', 'Tags', 'ExecutionRoleArn'], {}, () => false);
  const wanted = { ...asGiven, ProductionVariants: asRendered(asGiven.ProductionVariants), ShadowProductionVariants: asRendered(asGiven.ShadowProductionVariants) } as Tree;
  const parts = new Parts();
  for (const [prop, member_] of [['variants', 'ProductionVariants'], ['shadowVariants', 'ShadowProductionVariants']] as const) {
    const variants = ((wanted[member_] ?? []) as Tree[]).map((each) => variant(program, each, model));
    parts.say(prop, object(Object.fromEntries(variants.map(({ code, made }) => [made.VariantName, code]))), { [member_]: variants.map(({ made }) => made) });
  }
  asyncInference(program, parts, wanted.AsyncInferenceConfig);
  dataCapture(program, parts, wanted.DataCaptureConfig);
  explainer(program, parts, wanted.ExplainerConfig);
  const storageKey = key(program, wanted.KmsKeyId);
  parts.say('encryptionKey', storageKey?.code, { KmsKeyId: storageKey?.arn });
  const metrics = wanted.MetricsConfig as Tree | undefined;
  parts.say('enhancedMetrics', optional(metrics?.EnableEnhancedMetrics), { MetricsConfig: { EnableEnhancedMetrics: metrics?.EnableEnhancedMetrics } });
  parts.say('detailedObservability', optional(metrics?.EnableDetailedObservability), { MetricsConfig: { EnableDetailedObservability: metrics?.EnableDetailedObservability } });
  parts.say('metricsFrequency', duration(metrics?.MetricPublishFrequencyInSeconds), { MetricsConfig: { MetricPublishFrequencyInSeconds: metrics?.MetricPublishFrequencyInSeconds } });
  for (const [prop, code] of Object.entries(network(program, wanted.VpcConfig))) { parts.say(prop, code); }
  parts.makes({ VpcConfig: wanted.VpcConfig });
  parts.say('networkIsolation', optional(wanted.EnableNetworkIsolation), { EnableNetworkIsolation: wanted.EnableNetworkIsolation });
  const hasComponents = ((wanted.ProductionVariants ?? []) as Tree[]).some(({ ModelName }) => isEmpty(ModelName));
  if (hasComponents) {
    parts.say('role', role(program, request.ExecutionRoleArn));
    program.note('inference components: a variant without a model serves those that are put on it, which are not asked for here; write them as InferenceComponent');
  }
  const constant = program.construct('EndpointConfig', `${withoutTime(configName ?? 'endpoint').replace(/-?config$/i, '')}-config`, 'Config', object(parts.props));
  const others = hasComponents || isEmpty(request.ExecutionRoleArn) ? wanted : { ...wanted, ExecutionRoleArn: request.ExecutionRoleArn };
  propertyOverrides(program, constant, 'CfnEndpointConfig', others, parts.made);
  tagStatements(program, constant, request.Tags);
  return constant;
}

/** In the order in which an object has its members, names that are numbers first: overrides find variants by their places in it. */
function asRendered(variants: readonly Tree[] | undefined): readonly Tree[] | undefined {
  if (!variants) { return undefined; }
  const byName = new Map(variants.map((each) => [String(each.VariantName), each]));
  if (byName.size < variants.length) { throw new Unexpressible('ProductionVariants: two variants have the same name, which the service refuses'); }
  return Object.keys(Object.fromEntries(byName)).map((variantName) => byName.get(variantName)!);
}

interface FoundVariant {
  readonly code: Code;
  readonly made: Tree;
}

function variant(program: Program, given: Tree, model: (modelName: string) => Code): FoundVariant {
  const { VariantName, ModelName, ServerlessConfig: serverless, InitialVariantWeight: weight } = given;
  const share = { weight: weight === undefined || weight === 1 ? undefined : literal(weight) };
  if (serverless) {
    const { MemorySizeInMB: memory, MaxConcurrency, ProvisionedConcurrency } = serverless;
    return {
      code: call('Variant.serverless', model(ModelName), object({
        memorySize: memory === 2048 ? undefined : mebibytes(memory), maxConcurrency: MaxConcurrency === 5 ? undefined : optional(MaxConcurrency), provisionedConcurrency: optional(ProvisionedConcurrency), ...share,
      })),
      made: { VariantName, ModelName, InitialVariantWeight: weight ?? 1, ServerlessConfig: { MemorySizeInMB: memory ?? 2048, MaxConcurrency: MaxConcurrency ?? 5, ProvisionedConcurrency } },
    };
  }
  const instances = instancesOf(program, given, model);
  if (isEmpty(ModelName)) { return { code: call('Variant.ofComponents', object(instances.props)), made: { VariantName, ...instances.made } }; }
  return {
    code: call('Variant.onInstances', model(ModelName), object({ ...instances.props, ...share, acceleratorType: optional(given.AcceleratorType) })),
    made: { VariantName, ModelName, InitialVariantWeight: weight ?? 1, AcceleratorType: given.AcceleratorType, ...instances.made },
  };
}

function instancesOf(program: Program, given: Tree, model: (modelName: string) => Code): { readonly props: { readonly [prop: string]: Code | undefined }; readonly made: Tree } {
  const { ManagedInstanceScaling: scaling, RoutingConfig: routing, CapacityReservationConfig: reservation, CoreDumpConfig: dumps, InstancePools: pools } = given;
  const count = given.InitialInstanceCount ?? 1;
  const isManaged = scaling?.Status === 'ENABLED';
  const min = isManaged ? scaling.MinInstanceCount as number | undefined : undefined;
  const usualCount = min !== undefined && min > 1 ? min : 1;
  const policy = isManaged ? scaling.ScaleInPolicy as Tree | undefined : undefined;
  const place = placeOf(dumps?.DestinationS3Uri);
  const dumpKey = key(program, dumps?.KmsKeyId);
  const prefix = place?.prefix.replace(/\/+$/, '') ?? '';
  const props = {
    instanceType: optional(given.InstanceType),
    instancePools: pools?.length > 0 ? list((pools as Tree[]).map((pool) => object({ instanceType: literal(pool.InstanceType), model: pool.ModelNameOverride === undefined ? undefined : model(pool.ModelNameOverride) })!)) : undefined,
    provisionTimeout: duration(given.VariantInstanceProvisionTimeoutInSeconds),
    instanceCount: count === usualCount ? undefined : literal(count),
    minInstanceCount: optional(min),
    maxInstanceCount: isManaged ? optional(scaling.MaxInstanceCount) : undefined,
    scaleIn: policy && scaleIn(policy),
    routing: routing && routingOf(routing),
    capacityReservation: reservation && (reservation.MlReservationArn === undefined
      ? call('CapacityReservation.any')
      : call('CapacityReservation.fromArn', literal(reservation.MlReservationArn), reservation.CapacityReservationPreference === 'capacity-reservations-only' ? undefined : object({ exclusive: literal(false) }))),
    inferenceAmi: given.InferenceAmiVersion === undefined ? undefined : call('InferenceAmi.of', literal(given.InferenceAmiVersion)),
    coreDumps: place && call('CoreDumps.toBucket', bucket(program, place.bucket), literal(prefix), object({ encryptionKey: dumpKey?.code })),
    ssmAccess: optional(given.EnableSSMAccess),
    volumeSize: gibibytes(given.VolumeSizeInGB),
    modelDataDownloadTimeout: duration(given.ModelDataDownloadTimeoutInSeconds),
    containerStartupTimeout: duration(given.ContainerStartupHealthCheckTimeoutInSeconds),
  };
  const { ModelName: _model, VariantName: _name, InitialVariantWeight: _weight, AcceleratorType: _accelerator, ServerlessConfig: _serverless, ...known } = given;
  return {
    props,
    made: {
      ...Object.fromEntries(Object.entries(known).filter(([each]) => KNOWN.includes(each))),
      InitialInstanceCount: count,
      InstancePools: pools && (pools as Tree[]).map(({ InstanceType, ModelNameOverride }, index) => ({ InstanceType, ModelNameOverride, Priority: index + 1 })),
      ManagedInstanceScaling: isManaged ? { Status: 'ENABLED', MinInstanceCount: min ?? count, MaxInstanceCount: scaling.MaxInstanceCount, ScaleInPolicy: policy } : undefined,
      CoreDumpConfig: place && { DestinationS3Uri: `s3://${place.bucket}${prefix === '' ? '' : `/${prefix}`}`, KmsKeyId: dumpKey?.arn },
      CapacityReservationConfig: reservation && {
        MlReservationArn: reservation.MlReservationArn,
        CapacityReservationPreference: reservation.MlReservationArn === undefined || reservation.CapacityReservationPreference === 'capacity-reservations-only' ? 'capacity-reservations-only' : undefined,
      },
    },
  };
}

/** Members that the props above say to the letter. */
const KNOWN = [
  'InstanceType', 'VariantInstanceProvisionTimeoutInSeconds', 'RoutingConfig', 'InferenceAmiVersion', 'EnableSSMAccess', 'VolumeSizeInGB', 'ModelDataDownloadTimeoutInSeconds', 'ContainerStartupHealthCheckTimeoutInSeconds',
];

function scaleIn({ Strategy, MaximumStepSize, CooldownInMinutes }: Tree): Code {
  if (Strategy === 'IDLE_RELEASE') { return call('ScaleIn.whenIdle'); }
  return call('ScaleIn.consolidating', object({ maxStepSize: optional(MaximumStepSize), cooldown: typeof CooldownInMinutes === 'number' ? duration(CooldownInMinutes * 60) : undefined }));
}

function routingOf({ RoutingStrategy, PrefixAwareRoutingConfig: prefix }: Tree): Code {
  if (RoutingStrategy === 'PREFIX_AWARE') { return call('Routing.prefixAware', object({ prefixLength: optional(prefix?.PrefixLength), concurrencyThreshold: optional(prefix?.ConcurrencyThreshold) })); }
  return call(RoutingStrategy === 'RANDOM' ? 'Routing.random' : 'Routing.leastOutstandingRequests');
}

/** Where something is written, without a slash at its end. */
function written(uri: unknown): { readonly bucket: string; readonly prefix: string; readonly uri: string } | undefined {
  const place = placeOf(uri);
  const prefix = place?.prefix.replace(/\/+$/, '') ?? '';
  return place && { bucket: place.bucket, prefix, uri: `s3://${place.bucket}${prefix === '' ? '' : `/${prefix}`}` };
}

function asyncInference(program: Program, parts: Parts, config: Tree | undefined): void {
  const output = config?.OutputConfig as Tree | undefined;
  const [answers, failures] = [written(output?.S3OutputPath), written(output?.S3FailurePath)];
  if (!config || !output || !answers) { return; }
  const { NotificationConfig: notices, KmsKeyId } = output;
  const outputKey = key(program, KmsKeyId);
  const within = (notices?.IncludeInferenceResponseIn ?? []) as string[];
  const concurrent = config.ClientConfig?.MaxConcurrentInvocationsPerInstance as number | undefined;
  const options = object({
    failurePrefix: failures && literal(failures.prefix),
    failureBucket: failures && failures.bucket !== answers.bucket ? bucket(program, failures.bucket) : undefined,
    maxConcurrentInvocationsPerInstance: optional(concurrent),
    successTopic: topic(program, notices?.SuccessTopic), errorTopic: topic(program, notices?.ErrorTopic),
    answerInSuccessMessage: within.includes('SUCCESS_NOTIFICATION_TOPIC') ? literal(true) : undefined, answerInErrorMessage: within.includes('ERROR_NOTIFICATION_TOPIC') ? literal(true) : undefined,
    encryptionKey: outputKey?.code,
  });
  parts.say('asyncInference', call('AsyncInference.toBucket', bucket(program, answers.bucket), answers.prefix === '' && !options ? undefined : literal(answers.prefix), options), {
    AsyncInferenceConfig: {
      ClientConfig: { MaxConcurrentInvocationsPerInstance: concurrent },
      OutputConfig: { S3OutputPath: answers.uri, S3FailurePath: failures?.uri, KmsKeyId: outputKey?.arn, NotificationConfig: notices && only(notices, 'SuccessTopic', 'ErrorTopic', 'IncludeInferenceResponseIn') },
    },
  });
}

function dataCapture(program: Program, parts: Parts, config: Tree | undefined): void {
  const place = written(config?.DestinationS3Uri);
  if (!config || !place) { return; }
  const captureKey = key(program, config.KmsKeyId);
  const { CsvContentTypes: csv = [], JsonContentTypes: json = [] } = config.CaptureContentTypeHeader ?? {};
  const modes = ((config.CaptureOptions ?? []) as Tree[]).map(({ CaptureMode }) => CaptureMode as string);
  const isUsual = (values: readonly string[], usual: string) => values.length === 0 || values.join() === usual;
  const options = object({
    samplingPercentage: config.InitialSamplingPercentage === 20 ? undefined : optional(config.InitialSamplingPercentage),
    modes: isUsual(modes, 'Input,Output') ? undefined : list(modes.map((mode) => member('CaptureMode', mode) ?? literal(mode))),
    csvContentTypes: isUsual(csv, 'text/csv') ? undefined : literal(csv), jsonContentTypes: isUsual(json, 'application/json') ? undefined : literal(json),
    encryptionKey: captureKey?.code, enabled: config.EnableCapture === false ? literal(false) : undefined,
  });
  parts.say('dataCapture', call('DataCapture.toBucket', bucket(program, place.bucket), place.prefix === '' && !options ? undefined : literal(place.prefix), options), {
    DataCaptureConfig: {
      EnableCapture: config.EnableCapture ?? true, InitialSamplingPercentage: config.InitialSamplingPercentage ?? 20, DestinationS3Uri: place.uri, KmsKeyId: captureKey?.arn,
      CaptureOptions: (modes.length > 0 ? modes : ['Input', 'Output']).map((CaptureMode) => ({ CaptureMode })),
      CaptureContentTypeHeader: { CsvContentTypes: csv.length > 0 ? csv : ['text/csv'], JsonContentTypes: json.length > 0 ? json : ['application/json'] },
    },
  });
}

const OF_REQUESTS: { readonly [member: string]: string } = {
  FeaturesAttribute: 'featuresAttribute', ContentTemplate: 'contentTemplate', MaxRecordCount: 'maxRecordCount', ProbabilityIndex: 'probabilityIndex', LabelIndex: 'labelIndex',
  ProbabilityAttribute: 'probabilityAttribute', LabelAttribute: 'labelAttribute', LabelHeaders: 'labelHeaders', FeatureHeaders: 'featureHeaders',
};

function explainer(program: Program, parts: Parts, config: Tree | undefined): void {
  const clarify = config?.ClarifyExplainerConfig as Tree | undefined;
  const shap = clarify?.ShapConfig as Tree | undefined;
  const { ShapBaseline: records, ShapBaselineUri: uri, MimeType } = shap?.ShapBaselineConfig ?? {};
  const place = placeOf(uri);
  if (!clarify || !shap || (records === undefined && !place)) { return; }
  const requests = (clarify.InferenceConfig ?? {}) as Tree;
  const kept = object({ mimeType: optional(MimeType) });
  const text = shap.TextConfig as Tree | undefined;
  parts.say('explainer', call('Explainer.clarify', object({
    baseline: records === undefined ? call('ShapBaseline.fromBucket', bucket(program, place!.bucket), literal(place!.prefix), kept) : call('ShapBaseline.of', literal(records), kept),
    enableExplanations: optional(clarify.EnableExplanations),
    ...Object.fromEntries(Object.entries(OF_REQUESTS).map(([each, prop]) => [prop, optional(requests[each])])),
    maxPayload: mebibytes(requests.MaxPayloadInMB),
    featureTypes: requests.FeatureTypes && list((requests.FeatureTypes as string[]).map((type) => member('FeatureType', type) ?? literal(type))),
    numberOfSamples: optional(shap.NumberOfSamples), useLogit: optional(shap.UseLogit), seed: optional(shap.Seed),
    text: text && object({ granularity: known('TextGranularity', text.Granularity, 'Granularity'), language: known('TextLanguage', text.Language, 'Language') }),
  })), { ExplainerConfig: config });
}

/** Of texts the construct has to know both, and takes no others. */
function known(type: 'TextGranularity' | 'TextLanguage', value: unknown, of: string): Code {
  const found = member(type, value);
  if (!found) { throw new Unexpressible(`ExplainerConfig.ClarifyExplainerConfig.ShapConfig.TextConfig.${of}: ${JSON.stringify(value)} is none that the library knows`); }
  return found;
}
