import { frameworkRow } from '../request/framework-rows';
import { Unexpressible } from './unexpressible';
import { call, list, literal, name, object, optional, type Code } from './code';
import { archivedScript, isArchive } from './definition';
import { bucket, lambda, network, placeOf, role } from './elsewhere';
import { frameworkCode } from './framework';
import { containerImage, ecrImage, isImage, queriesFor, type Images } from './images';
import { Parts } from './parts';
import { prepared, tagStatements, withoutTime } from './prepared';
import type { Program } from './program';
import { propertyOverrides } from './property-overrides';
import { isEmpty, type Tree } from './tree';
import { member } from './values';

/** What of a container CloudFormation has no member for. */
const UNKNOWN_TO_CLOUDFORMATION = ['AdditionalModelDataSources', 'ContainerMetricsConfig'];

/** The construct of a model. @param instanceType what it is put on, where that is known @returns its constant */
export function model(program: Program, images: Images, request: Tree, instanceType?: string): string {
  const modelName = request.ModelName as string | undefined;
  const { wanted } = prepared(program, request, ['ModelName', 'Tags', 'ExecutionRoleArn'], { EnableNetworkIsolation: false }, () => false);
  const isIsolated = wanted.EnableNetworkIsolation === true;
  const parts = new Parts();
  const given = [...(wanted.PrimaryContainer ? [wanted.PrimaryContainer as Tree] : []), ...(wanted.Containers ?? []) as Tree[]];
  for (const each of given) {
    const odd = UNKNOWN_TO_CLOUDFORMATION.find((unknown) => !isEmpty(each[unknown]));
    if (odd) { throw new Unexpressible(`${odd}: AWS::SageMaker::Model of CloudFormation has no such member of a container`); }
  }
  const containers = given.map((each) => container(program, images, each, isIsolated, instanceType));
  const isPipeline = containers.length > 1;
  const isPackage = !isEmpty(given[0]?.ModelPackageName);
  if (isPipeline) {
    parts.say('containers', list(containers.map(({ props }) => object(props)!)), { Containers: containers.map(({ made }) => made) });
    const mode = wanted.InferenceExecutionConfig?.Mode;
    parts.say('execution', member('PipelineExecution', mode), { InferenceExecutionConfig: { Mode: mode } });
  } else {
    for (const [prop, code] of Object.entries(containers[0]?.props ?? {})) { parts.say(prop, code); }
    parts.makes(isPackage ? { Containers: [containers[0]!.made] } : { PrimaryContainer: containers[0]?.made });
  }
  if (containers.some(({ props }) => props.framework)) { parts.say('instanceType', optional(instanceType)); }
  for (const [prop, code] of Object.entries(network(program, wanted.VpcConfig))) { parts.say(prop, code); }
  parts.makes({ VpcConfig: wanted.VpcConfig });
  if (isIsolated) { parts.say('networkIsolation', literal(true), { EnableNetworkIsolation: true }); }
  parts.say('role', role(program, request.ExecutionRoleArn));
  const constant = program.construct('Model', `${withoutTime(modelName ?? 'model').replace(/-?model$/i, '')}-model`, 'Model', object(parts.props));
  // one container is the primary one, and a package alone is in a list, whichever way that was said
  const { PrimaryContainer: _one, Containers: _list, ...others } = wanted;
  propertyOverrides(program, constant, 'CfnModel', isPipeline ? wanted : { ...others, [isPackage ? 'Containers' : 'PrimaryContainer']: isPackage ? given : given[0] }, parts.made);
  tagStatements(program, constant, request.Tags);
  return constant;
}

interface FoundContainer {
  readonly props: { readonly [prop: string]: Code | undefined };
  readonly made: Tree;
}

function container(program: Program, images: Images, given: Tree, isIsolated: boolean, instanceType: string | undefined): FoundContainer {
  const { ModelPackageName: modelPackage, Environment: environment, ContainerHostname } = given;
  const named = { containerName: optional(ContainerHostname) };
  if (!isEmpty(modelPackage)) {
    const factory = `ModelPackage.fromModelPackage${modelPackage.startsWith('arn:') ? 'Arn' : 'Name'}`;
    const code = program.shared('Package', modelPackage, `${/[^/:]*(\/\d+)?$/.exec(modelPackage)![0]}-package`, (id) => call(factory, name('this'), literal(id), literal(modelPackage)));
    return {
      props: { modelPackage: code, environment: isEmpty(environment) ? undefined : literal(environment), ...named }, // a name becomes an ARN
      made: { ModelPackageName: modelPackage.startsWith('arn:') ? modelPackage : undefined, Environment: environment, ContainerHostname },
    };
  }
  const isMulti = given.Mode === 'MultiModel';
  const data = modelData(program, given, isMulti);
  const access = given.ImageConfig as Tree | undefined;
  const login = access?.RepositoryAuthConfig?.RepositoryCredentialsProviderArn as string | undefined;
  const isInVpc = access?.RepositoryAccessMode === 'Vpc';
  const cache = given.MultiModelConfig?.ModelCacheSetting as string | undefined;
  const framework = isInVpc ? undefined : servingFramework(program, images, given, instanceType);
  const served = servedScript(program, given, framework, isIsolated);
  const image = isInVpc
    ? call('ContainerImage.fromRegistry', literal(given.Image), object({ credentialsProvider: login === undefined ? undefined : lambda(program, login) }))
    : containerImage(program, images, given.Image, 'inference', instanceType);
  return {
    props: {
      ...(served && framework ? { framework: framework.code } : { image }),
      ...served?.props,
      modelData: data?.code,
      multiModel: isMulti ? literal(true) : undefined,
      modelCache: isMulti && cache !== undefined ? literal(cache === 'Enabled') : undefined,
      environment: isEmpty(served ? served.environment : environment) ? undefined : literal(served ? served.environment : environment),
      ...named,
    },
    made: {
      ContainerHostname, Image: given.Image, ImageConfig: isInVpc ? access : undefined, Mode: isMulti ? 'MultiModel' : undefined, MultiModelConfig: isMulti ? given.MultiModelConfig : undefined,
      Environment: environment, ...data?.made,
    },
  };
}

const PACKED_CODE = '/opt/ml/model/code';
/** Variables that a container with a script is told by. */
const TOLD = ['SAGEMAKER_PROGRAM', 'SAGEMAKER_SUBMIT_DIRECTORY', 'SAGEMAKER_CONTAINER_LOG_LEVEL', 'SAGEMAKER_REGION'];
const WORKERS = 'SAGEMAKER_MODEL_SERVER_WORKERS';
/** Frameworks whose containers are told so. One image of some trains and serves. */
const SERVING: { readonly [framework: string]: { readonly isShared: boolean; readonly byPython: boolean } } = {
  pytorch: { isShared: false, byPython: true }, mxnet: { isShared: false, byPython: true }, chainer: { isShared: false, byPython: true }, huggingface: { isShared: false, byPython: true },
  sklearn: { isShared: true, byPython: true }, xgboost: { isShared: true, byPython: false },
};
const USUAL_INSTANCE = 'ml.m5.xlarge';

interface ServingFramework {
  readonly code: Code;
  /** Whether it takes a script from the artifact alone. */
  readonly readsPacked: boolean;
}

/** The framework whose image it is on these instances. */
function servingFramework(program: Program, images: Images, { Image, Mode }: Tree, instanceType: string | undefined): ServingFramework | undefined {
  const image = ecrImage(Image);
  if (!image || image.region !== program.target.region || Mode === 'MultiModel') { return undefined; }
  for (const [name_, { isShared, byPython }] of Object.entries(SERVING)) {
    for (const options of queriesFor(name_, image)) {
      const query = { version: options.version, baseFrameworkVersion: options.baseFrameworkVersion, pyVersion: byPython ? options.pyVersion : undefined, instanceType: instanceType ?? USUAL_INSTANCE, imageScope: isShared ? undefined : 'inference' };
      if (!isImage(images, name_, image, query)) { continue; }
      const packing = frameworkRow({ name: name_, version: options.version, options: {} }).packing(options.version);
      return { code: frameworkCode(name_, { ...options, pyVersion: query.pyVersion }), readsPacked: packing === 'always' || packing === 'withEntryPoint' };
    }
  }
  return undefined;
}

/** What a container with a script, or of a framework, is told by: all its variables, or none. */
function servedScript(program: Program, { Environment = {} }: Tree, framework: ServingFramework | undefined, isIsolated: boolean): { readonly props: FoundContainer['props']; readonly environment: Tree } | undefined {
  const [entryPoint, directory, level, region] = TOLD.map((variable) => Environment[variable] as string | undefined);
  if (entryPoint === undefined && directory === undefined) { return undefined; }
  const logLevel = member('ContainerLogLevel', level);
  const isFetched = entryPoint !== '' && isArchive(directory);
  const isNone = framework !== undefined && entryPoint === '' && directory === '';
  const obstacle = !entryPoint && !isNone || !directory && !isNone || !logLevel || region !== program.target.region ? `${TOLD.join(', ')} aren't all as a construct says them`
    : !isFetched && !isNone && directory !== PACKED_CODE ? `${directory} is nothing that Script.fromBucket takes`
      : isFetched && isIsolated ? 'under networkIsolation a script is in the artifact'
        : isFetched && framework?.readsPacked ? 'images of the framework read a script from the artifact' : undefined;
  if (obstacle !== undefined) {
    if (entryPoint || directory) { program.note(`environment: SAGEMAKER_SUBMIT_DIRECTORY stays as it is: ${obstacle}`); }
    return undefined;
  }
  const workers = framework && /^[1-9]\d{0,8}$/.test(Environment[WORKERS] ?? '') ? Number(Environment[WORKERS]) : undefined;
  const own = [...TOLD, ...(workers === undefined ? [] : [WORKERS])];
  return {
    props: {
      script: isNone ? undefined : isFetched ? archivedScript(program, directory, entryPoint!) : call('Script.inModelData', object({ entryPoint: literal(entryPoint) })),
      // an image of one's own is fetched for where that is said
      scriptPlacement: isFetched && !framework ? name('ScriptPlacement.DOWNLOADED') : undefined,
      logLevel: level === '20' ? undefined : logLevel,
      modelServerWorkers: optional(workers),
    },
    environment: Object.fromEntries(Object.entries(Environment as Tree).filter(([variable]) => !own.includes(variable))),
  };
}

/** The artifact: an archive, a folder, or a file as it is. */
function modelData(program: Program, { ModelDataUrl: url, ModelDataSource: source }: Tree, isMulti: boolean): { readonly code: Code; readonly made: Tree } | undefined {
  const s3 = source?.S3DataSource as Tree | undefined;
  const uri = (s3?.S3Uri ?? url) as string | undefined;
  if (uri === undefined || uri === '') { return undefined; }
  const place = placeOf(uri);
  if (!place?.hasSlash) { throw new Unexpressible(`${s3 ? 'ModelDataSource' : 'ModelDataUrl'}: ${uri} is no object and no folder in S3 (s3://bucket/key)`); }
  const isFolder = place.prefix === '' || place.prefix.endsWith('/');
  const isOneFile = !isFolder && s3?.CompressionType === 'None';
  const terms = { acceptEula: optional(s3?.ModelAccessConfig?.AcceptEula), hubContent: optional(s3?.HubAccessConfig?.HubContentArn) };
  const options = object({ compression: isOneFile ? name('OutputCompression.NONE') : undefined, ...terms });
  const code = place.prefix.startsWith('/') ? call('ModelData.fromS3Uri', literal(uri), options) : call('ModelData.fromBucket', bucket(program, place.bucket), literal(place.prefix), options);
  const isPlain = isMulti || (!isFolder && !isOneFile && !object(terms));
  return {
    code,
    made: isPlain ? { ModelDataUrl: uri } : {
      ModelDataSource: {
        S3DataSource: {
          S3Uri: uri, S3DataType: isFolder ? 'S3Prefix' : 'S3Object', CompressionType: isFolder || isOneFile ? 'None' : 'Gzip', ModelAccessConfig: s3?.ModelAccessConfig, HubAccessConfig: s3?.HubAccessConfig,
        },
      },
    },
  };
}
