import { Place, type Setting } from './place';

/** Instances of one type, and how many there are. */
export interface Instances {
  readonly type: Setting;
  readonly count: Setting;
  /** One of several types that will do, of which one is taken; otherwise all work together. */
  readonly isAlternative?: boolean;
}

/** What a resource, or one of the jobs in it, says of what there are rules for. What it can't say is left out. */
export interface Facts {
  readonly vpc?: Setting;
  readonly networkIsolation?: Setting;
  readonly interContainerEncryption?: Setting;
  readonly volumeKey?: Setting;
  readonly outputKeys?: readonly Setting[];
  readonly maxRuntime?: Setting;
  /** How long it may run where it doesn't say. */
  readonly usualRuntimeSeconds?: number;
  /** The instances that the storage is of, and that talk to each other. */
  readonly instances?: readonly Instances[];
  /** Types of instances beside these. */
  readonly otherTypes?: readonly Setting[];
  readonly images?: readonly Setting[];
  /** Model packages and algorithms that have their images with them. */
  readonly sources?: readonly Setting[];
  readonly tags?: Setting;
  readonly directInternet?: Setting;
  /** Nobody can say until deployment whether there is any of this. */
  readonly isDoubtful?: boolean;
}

type Properties = { readonly [name: string]: unknown };
type Reader = (place: Place) => Facts[];

/** What SageMaker takes where a job doesn't say how long it may run. */
const A_DAY_SECONDS = 86_400;

/** By resource type, what is read from its properties. A new type is a line here. */
const READERS: { readonly [resourceType: string]: Reader } = {
  'Custom::SageMakerTrainingJob': (place) => [{ tags: place.at('Request.Tags') }, ...trainingJob(place.within('Request'))],
  'Custom::SageMakerHyperParameterTuningJob': (place) => [
    { tags: place.at('Request.Tags') },
    ...ofPart(place.within('Request.TrainingJobDefinition'), trainingJob),
    ...place.each('Request.TrainingJobDefinitions').flatMap((definition) => ofPart(definition, trainingJob)),
  ],
  'Custom::SageMakerTransformJob': (place) => [transformJob(place.within('Request'))],
  'AWS::SageMaker::ProcessingJob': (place) => [processingJob(place)],
  'AWS::SageMaker::Model': (place) => [model(place)],
  'AWS::SageMaker::EndpointConfig': endpointConfig,
  'AWS::SageMaker::InferenceComponent': (place) => [{
    tags: place.at('Tags'), images: imagesOf([place.within('Specification'), ...place.each('Specifications')].map((each) => each.at('Container.Image'))),
  }],
  'AWS::SageMaker::ModelPackage': (place) => [{ tags: place.at('Tags'), images: imagesOf(containersOfPackage(place).map((each) => each.at('Image'))), sources: algorithmsOfPackage(place) }, ...validationJobs(place)],
  'AWS::SageMaker::Endpoint': (place) => [{ tags: place.at('Tags') }],
  'AWS::SageMaker::ModelPackageGroup': (place) => [{ tags: place.at('Tags') }],
  'AWS::SageMaker::NotebookInstance': (place) => [notebook(place)],
  'AWS::SageMaker::DataQualityJobDefinition': (place) => [monitoringJob(place, 'DataQuality')],
  'AWS::SageMaker::ModelQualityJobDefinition': (place) => [monitoringJob(place, 'ModelQuality')],
  'AWS::SageMaker::ModelBiasJobDefinition': (place) => [monitoringJob(place, 'ModelBias')],
  'AWS::SageMaker::ModelExplainabilityJobDefinition': (place) => [monitoringJob(place, 'ModelExplainability')],
  'AWS::SageMaker::MonitoringSchedule': (place) => [{ tags: place.at('Tags') }, ...ofPart(place.within(SCHEDULED), (job) => [scheduledJob(job)])],
};
const SCHEDULED = 'MonitoringScheduleConfig.MonitoringJobDefinition';

export const JUDGED_TYPES = Object.keys(READERS);

export function factsOf(resourceType: string, properties: Properties): Facts[] {
  const type = judgedType(resourceType, properties);
  return type === undefined ? [] : READERS[type]!(new Place(properties));
}

/** The type that it is judged as: another custom resource that is sent what a job of this library is, is one. */
function judgedType(resourceType: string, properties: Properties): string | undefined {
  const { Kind, Request } = properties ?? {};
  const isJob = /^(Custom::|AWS::CloudFormation::CustomResource$)/.test(resourceType) && typeof Kind === 'string' && Request !== undefined;
  return [resourceType, ...(isJob ? [`Custom::SageMaker${Kind}`] : [])].find((type) => Object.hasOwn(READERS, type));
}

/** What is read from a part that is there; with doubt where only the deployment can tell. */
function ofPart(part: Place, read: Reader): Facts[] {
  const { kind } = part.at();
  return kind === 'absent' ? [] : kind === 'unsure' ? doubtful(read(part)) : read(part);
}

const doubtful = (facts: readonly Facts[]): Facts[] => facts.map((each) => ({ ...each, isDoubtful: true }));

/** A training job, or what a tuning job says of its training jobs. */
function trainingJob(job: Place): Facts[] {
  const ruleConfigurations = ['DebugRuleConfigurations', 'ProfilerRuleConfigurations'].flatMap((list) => job.each(list));
  const ofAny: Facts = {
    vpc: vpcAt(job, 'VpcConfig'),
    outputKeys: job.whereThere('OutputDataConfig', 'KmsKeyId'),
    images: imagesOf([job.at('AlgorithmSpecification.TrainingImage'), ...ruleConfigurations.map((rule) => rule.at('RuleEvaluatorImage'))]),
    sources: imagesOf([job.at('AlgorithmSpecification.AlgorithmName')]),
    otherTypes: ruleConfigurations.map((rule) => rule.at('InstanceType')).filter(({ kind }) => kind !== 'absent'),
    maxRuntime: job.at('StoppingCondition.MaxRuntimeInSeconds'),
  };
  // a serverless job runs no container of its user's, on no instances
  const serverless = job.at('ServerlessJobConfig').kind;
  if (serverless !== 'absent' && serverless !== 'unsure') { return [ofAny]; }
  const ofOthers: Facts[] = [{ networkIsolation: job.at('EnableNetworkIsolation') }, ...ofInstances(job)];
  const withDay = { ...ofAny, usualRuntimeSeconds: A_DAY_SECONDS };
  if (serverless === 'absent') { return [withDay, ...ofOthers]; }
  const saysNoTime = ofAny.maxRuntime?.kind === 'absent';
  return [saysNoTime ? { ...ofAny, maxRuntime: { ...ofAny.maxRuntime!, kind: 'unsure' } } : ofAny, ...doubtful(ofOthers)];
}

/** Tuning jobs have a member of their own for instances, and take that of training jobs. */
function ofInstances(job: Place): Facts[] {
  const own = job.within('HyperParameterTuningResourceConfig');
  const { kind } = own.at();
  const isOfTraining = kind === 'absent' || (kind === 'unsure' && job.at('ResourceConfig').kind !== 'absent');
  const read = (resources: Place): Facts[] => [{
    interContainerEncryption: job.at('EnableInterContainerTrafficEncryption'), volumeKey: resources.at('VolumeKmsKeyId'), instances: instancesOf(resources),
  }];
  const ofTraining = isOfTraining ? read(job.within('ResourceConfig')) : [];
  return [...ofPart(own, read), ...(kind === 'unsure' ? doubtful(ofTraining) : ofTraining)];
}

/** A network without subnets is none. */
function vpcAt(place: Place, path: string): Setting {
  const vpc = place.at(path);
  if (vpc.kind === 'absent' || (vpc.kind === 'later' && vpc.either === undefined)) { return vpc; }
  const subnets = place.at(`${path}.Subnets`);
  const kinds = subnets.kind === 'known' && Array.isArray(subnets.value) ? place.each(`${path}.Subnets`).map((each) => each.at().kind) : undefined;
  if (kinds?.length === 0) { return { kind: 'absent', path: vpc.path }; }
  return kinds?.every((kind) => kind === 'unsure') ? { kind: 'unsure', path: vpc.path } : { ...subnets, path: vpc.path };
}

function instancesOf(resources: Place): Instances[] {
  const count = resources.at('InstanceCount');
  const of = (each: Place, isAlternative: boolean) => ({ type: each.at('InstanceType'), count: each.at('InstanceCount').kind === 'absent' ? count : each.at('InstanceCount'), isAlternative });
  const groups = resources.each('InstanceGroups').map((each) => of(each, false));
  const alternatives = ['InstancePreferences', 'InstanceConfigs'].flatMap((list) => resources.each(list)).map((each) => of(each, true));
  return groups.length + alternatives.length > 0 ? [...groups, ...alternatives] : [of(resources, false)];
}

function transformJob(request: Place): Facts {
  return {
    volumeKey: request.at('TransformResources.VolumeKmsKeyId'),
    instances: instancesOf(request.within('TransformResources')),
    outputKeys: [request.at('TransformOutput.KmsKeyId'), ...request.whereThere('DataCaptureConfig', 'KmsKeyId')],
    tags: request.at('Tags'),
  };
}

function processingJob(job: Place): Facts {
  return {
    ...cluster(job, 'ProcessingResources.ClusterConfig', 'AppSpecification.ImageUri'),
    outputKeys: job.whereThere('ProcessingOutputConfig', 'KmsKeyId'),
    tags: job.at('Tags'),
  };
}

/** `Data quality` and its siblings are processing jobs that are made again and again. */
function monitoringJob(definition: Place, kind: string): Facts {
  return {
    ...cluster(definition, 'JobResources.ClusterConfig', `${kind}AppSpecification.ImageUri`),
    outputKeys: [definition.at(`${kind}JobOutputConfig.KmsKeyId`)],
    tags: definition.at('Tags'),
  };
}

function scheduledJob(job: Place): Facts {
  return { ...cluster(job, 'MonitoringResources.ClusterConfig', 'MonitoringAppSpecification.ImageUri'), outputKeys: [job.at('MonitoringOutputConfig.KmsKeyId')] };
}

function cluster(job: Place, resources: string, image: string): Facts {
  return {
    vpc: vpcAt(job, 'NetworkConfig.VpcConfig'),
    networkIsolation: job.at('NetworkConfig.EnableNetworkIsolation'),
    interContainerEncryption: job.at('NetworkConfig.EnableInterContainerTrafficEncryption'),
    volumeKey: job.at(`${resources}.VolumeKmsKeyId`),
    instances: instancesOf(job.within(resources)),
    maxRuntime: job.at('StoppingCondition.MaxRuntimeInSeconds'),
    usualRuntimeSeconds: A_DAY_SECONDS,
    images: imagesOf([job.at(image)]),
  };
}

function model(place: Place): Facts {
  const containers = [place.within('PrimaryContainer'), ...place.each('Containers')];
  return {
    vpc: vpcAt(place, 'VpcConfig'), networkIsolation: place.at('EnableNetworkIsolation'), tags: place.at('Tags'),
    images: imagesOf(containers.map((each) => each.at('Image'))), sources: imagesOf(containers.map((each) => each.at('ModelPackageName'))),
  };
}

/** Models have networks of their own; the configuration has that of inference components. */
function endpointConfig(config: Place): Facts[] {
  const variants = ['ProductionVariants', 'ShadowProductionVariants'].flatMap((list) => config.each(list));
  const without = (member: string, kind: 'absent' | 'unsure') => variants.filter((variant) => variant.at(member).kind === kind);
  const network: Facts = { vpc: vpcAt(config, 'VpcConfig'), networkIsolation: config.at('EnableNetworkIsolation') };
  const onInstances = (some: readonly Place[]): Facts[] => (some.length === 0 ? [] : [{ volumeKey: config.at('KmsKeyId'), instances: some.flatMap(instancesOfVariant) }]);
  return [
    {
      outputKeys: [
        ...config.whereThere('AsyncInferenceConfig', 'OutputConfig.KmsKeyId'), ...config.whereThere('DataCaptureConfig', 'KmsKeyId'),
        ...variants.flatMap((variant) => variant.whereThere('CoreDumpConfig', 'KmsKeyId')),
      ],
      tags: config.at('Tags'),
    },
    ...(without('ModelName', 'absent').length > 0 ? [network] : without('ModelName', 'unsure').length > 0 ? doubtful([network]) : []),
    ...onInstances(without('ServerlessConfig', 'absent')), ...doubtful(onInstances(without('ServerlessConfig', 'unsure'))),
  ];
}

function instancesOfVariant(variant: Place): Instances[] {
  const pools = variant.each('InstancePools');
  return (pools.length > 0 ? pools : [variant]).map((each) => ({ type: each.at('InstanceType'), count: variant.at('InitialInstanceCount') }));
}

function notebook(place: Place): Facts {
  return {
    vpc: place.at('SubnetId'), directInternet: place.at('DirectInternetAccess'), volumeKey: place.at('KmsKeyId'),
    instances: [{ type: place.at('InstanceType'), count: place.at('InstanceCount') }], tags: place.at('Tags'),
  };
}

function containersOfPackage(place: Place): Place[] {
  const specifications = [place.within('InferenceSpecification'), ...place.each('AdditionalInferenceSpecifications')];
  return specifications.flatMap((each) => each.each('Containers'));
}

function algorithmsOfPackage(place: Place): Setting[] {
  return imagesOf(place.each('SourceAlgorithmSpecification.SourceAlgorithms').map((each) => each.at('AlgorithmName')));
}

/** A package is validated by transform jobs. */
function validationJobs(place: Place): Facts[] {
  return place.each('ValidationSpecification.ValidationProfiles').flatMap((profile) => ofPart(profile.within('TransformJobDefinition'), (job) => [{ ...transformJob(job), tags: undefined }]));
}

/** A model package, or an algorithm, has its image elsewhere. */
function imagesOf(images: readonly Setting[]): Setting[] {
  return images.filter(({ kind }) => kind !== 'absent');
}
