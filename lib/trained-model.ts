import type { Construct } from 'constructs';
import { resultOfAlgorithm, type ServedAlgorithm } from './algorithm-result';
import { ContainerLogLevel, type AlgorithmConfig } from './algorithm-options';
import type { JobNetworkProps } from './job-network';
import { Model, type ModelProps, type TrainedModelProps } from './model';
import type { ModelData } from './model-data';
import { refuse } from './request/checks';
import { frameworkRow, servingFramework } from './request/framework-rules';
import { definedMembers } from './request/members';
import type { Script } from './script';
import type { TrainingDefinitionProps } from './training-definition-props';

/** What a model of a job's result takes over of the job. */
export interface Served extends Partial<ModelProps> {
  readonly trainingScript?: Script;
  readonly servedAlgorithm?: ServedAlgorithm;
}

/** A job whose result becomes a model. */
export interface TrainedJob {
  readonly served: Served;
  readonly network?: JobNetworkProps;
  readonly modelData: ModelData;
  readonly jobName: string;
}

export function servedBy({ algorithm, networkIsolation }: TrainingDefinitionProps, bound: AlgorithmConfig, modelData: ModelData): Served {
  const { scriptFramework: framework, script, logLevel } = algorithm;
  return {
    modelData,
    networkIsolation: networkIsolation ?? bound.networkIsolation,
    framework,
    image: framework ? undefined : algorithm.containerImage,
    trainingScript: script,
    servedAlgorithm: bound.algorithmName === undefined ? undefined : { algorithmName: bound.algorithmName, image: bound.specification?._image },
    logLevel: logLevel ?? ContainerLogLevel.INFO,
  };
}

/** A model of what a job has made, as the Python SDK's `deploy()` makes it. Props given replace what is taken over. */
export function modelOf(job: Construct, id: string, trained: TrainedJob, props: TrainedModelProps = {}): Model {
  const { inheritNetwork = true, ...given } = definedMembers(props ?? {});
  const network = given.vpc || !trained.network || !inheritNetwork ? {} : trained.network;
  const { trainingScript, servedAlgorithm, logLevel, ...served } = trained.served;
  const framework = given.framework ?? served.framework;
  const inherits = given.entryPoint !== undefined || (framework && frameworkRow(servingFramework(framework.config)).servesTrainingScript);
  const script = given.script ?? (inherits ? trainingScript : undefined);
  const image = given.image ?? (given.framework ? undefined : served.image);
  if (!image && !given.framework && servedAlgorithm) {
    const modelPackage = resultOfAlgorithm(job, servedAlgorithm, trained.modelData, trained.jobName);
    return new Model(job, id, { networkIsolation: served.networkIsolation, ...network, ...given, modelPackage });
  }
  if (!image && !given.framework && !served.framework) { refuse(job, 'toModel: image', 'be given, for the image of the algorithm is not known', undefined); }
  return new Model(job, id, { ...served, logLevel: framework || script ? logLevel : undefined, ...network, ...given, script, image });
}
