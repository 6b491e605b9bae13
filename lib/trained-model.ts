import { StringParameter, type ParameterOptions } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { resultOfAlgorithm, type ServedAlgorithm } from './algorithm-result';
import { ContainerLogLevel, type AlgorithmConfig } from './algorithm-options';
import type { ContainerProps, TrainedContainerOptions } from './container-options';
import type { JobNetworkProps } from './job-network';
import { Model, type ModelProps, type TrainedModelProps } from './model';
import type { ModelData } from './model-data';
import { ModelPackage, type ModelPackageProps } from './model-package';
import { ModelPackageSource } from './model-package-source';
import type { RegisterOptions } from './register-options';
import { ScriptPlacement } from './repack-options';
import { refuse } from './request/checks';
import { frameworkRow, servingFramework } from './request/framework-rows';
import { definedMembers } from './request/members';
import type { Script } from './script';
import type { TrainingDefinitionProps } from './training-definition-props';

/** What a model of a job's result takes over of the job. */
export interface Served extends Partial<ModelProps> {
  readonly trainingScript?: Script;
  readonly servedAlgorithm?: ServedAlgorithm;
  /** Its network isolation where the model says `isolated: false`. */
  readonly isolationOtherwise?: boolean;
}

/** A job whose result becomes a model. */
export interface TrainedJob {
  readonly served: Served;
  readonly network?: JobNetworkProps;
  readonly modelData: ModelData;
  readonly jobName: string;
  /** Read late: only then the handler is asked for it. */
  readonly jobArn: () => string;
}

export function servedBy(props: TrainingDefinitionProps, bound: AlgorithmConfig, modelData: ModelData): Served {
  const { algorithm, networkIsolation, encryption } = props;
  const { scriptFramework: framework, script, logLevel } = algorithm;
  return {
    modelData,
    networkIsolation: networkIsolation ?? bound.networkIsolation,
    isolationOtherwise: isolationOtherwise(props, bound),
    framework,
    image: framework ? undefined : algorithm.containerImage,
    trainingScript: script,
    servedAlgorithm: bound.algorithmName === undefined ? undefined : { algorithmName: bound.algorithmName, image: bound.specification?._image },
    logLevel: logLevel ?? ContainerLogLevel.INFO,
    encryption,
  };
}

/** What remains without `isolated`: the word of an algorithm that runs under network isolation alone. */
export function isolationOtherwise({ isolated, networkIsolation }: TrainingDefinitionProps, bound: AlgorithmConfig): boolean | undefined {
  return isolated ? bound.networkIsolation : networkIsolation ?? bound.networkIsolation;
}

/** A model of what a job has made, as the Python SDK's `deploy()` makes it. Props given replace what is taken over. */
export function modelOf(job: Construct, id: string, trained: TrainedJob, props: TrainedModelProps = {}): Model {
  const { inheritNetwork = true, ...given } = definedMembers(props ?? {});
  const network = networkOf(trained, given.vpc !== undefined, inheritNetwork);
  const { servedAlgorithm, encryption } = trained.served;
  const networkIsolation = given.isolated === false ? trained.served.isolationOtherwise : trained.served.networkIsolation;
  if (servedAlgorithm && !given.image && !given.framework && !trained.served.image) {
    const modelPackage = resultOfAlgorithm(job, servedAlgorithm, trained.modelData, trained.jobName);
    return new Model(job, id, { networkIsolation, encryption, ...network, ...given, modelPackage });
  }
  return new Model(job, id, { networkIsolation, encryption, ...network, ...given, ...containerOf(job, 'toModel', trained.served, given) });
}

/** In another VPC than the job's it is as isolated as the job. */
function networkOf({ network }: TrainedJob, isElsewhere: boolean, inherits: boolean): JobNetworkProps {
  if (!network || !inherits) { return {}; }
  return definedMembers(isElsewhere ? { isolated: network.isolated } : network);
}

/** A version of a group of what a job has made: the container that a model of it would have. */
export function packageOf(job: Construct, id: string, trained: TrainedJob, options: RegisterOptions): ModelPackage {
  return new ModelPackage(job, id, packageProps(job, trained, options));
}

/** What that version is made of, whoever registers it. */
export function packageProps(job: Construct, trained: TrainedJob, options: RegisterOptions): ModelPackageProps {
  const { container = {}, contentTypes, responseTypes, endpointInstanceTypes, transformInstanceTypes, frameworkName, frameworkVersion, nearestModelName, dataInputConfiguration, ...props } = options;
  if (trained.served.servedAlgorithm && !container.image && !container.framework && !trained.served.image) {
    refuse(job, 'register: container.image', 'be given for an algorithm resource, whose result SageMaker packs without a group alone (toModel does it)', undefined);
  }
  const made = containerOf(job, 'register', trained.served, definedMembers(container));
  // whoever is isolated when it trains will be when it serves, and can't fetch a script then
  const scriptPlacement = trained.served.networkIsolation && made.script ? ScriptPlacement.PACKED : made.scriptPlacement;
  const source = ModelPackageSource.containers([{ ...made, scriptPlacement }], {
    contentTypes, responseTypes, endpointInstanceTypes, transformInstanceTypes, frameworkName, frameworkVersion, nearestModelName, dataInputConfiguration,
  });
  return { origin: { generatedBy: trained.jobArn() }, ...props, encryption: props.encryption ?? trained.served.encryption, source };
}

/** What is said of the container is what is said of the job, where nothing else is given. */
function containerOf(job: Construct, method: string, { trainingScript, logLevel, framework: trainedBy, image: trainedIn, modelData, encryption }: Served, given: TrainedContainerOptions): ContainerProps {
  const framework = given.framework ?? trainedBy;
  const inherits = given.entryPoint !== undefined || (framework && frameworkRow(servingFramework(framework.config)).servesTrainingScript);
  const script = given.script ?? (inherits ? trainingScript : undefined);
  const image = given.image ?? (given.framework ? undefined : trainedIn);
  if (!image && !framework) { refuse(job, `${method}: image`, 'be given, for the image of the algorithm is not known', undefined); }
  return { modelData, logLevel: framework || script ? logLevel : undefined, encryption, ...given, framework, script, image };
}

/** A parameter that says where the artifact of a job is, for whoever serves it elsewhere. */
export function publishedIn(job: Construct, id: string, artifact: string, options: ParameterOptions): StringParameter {
  return new StringParameter(job, id, { description: `The artifact of ${job.node.path}`, ...options, stringValue: artifact });
}
