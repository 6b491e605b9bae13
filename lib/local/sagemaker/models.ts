import type { ContainerDefinition, CreateModelInput } from '@aws-sdk/client-sagemaker';
import { unsupported, validationException } from '../service-error';
import { parseS3Uri } from '../s3-folder';
import { page, type ListInput } from './listing';
import { arnOf, type Machine } from './machine';
import { checkServedAsProcess } from './process-serving-rules';
import type { ModelRecord, StateFile } from './state-file';
import { checkTags } from './training-job-rules';

type Answer = Record<string, unknown>;

export class Models {
  constructor(private readonly machine: Machine, private readonly file: StateFile) {}

  public create(request: CreateModelInput): Answer {
    const name = request.ModelName as string;
    const arn = arnOf(this.machine, 'model', name);
    if (Object.values(this.file.state.models).some((model) => model.arn === arn)) { throw validationException(`Cannot create already existing model "${arn}".`); }
    checkModel(request, this.machine);
    const { Tags, ...rest } = request;
    checkTags(Tags);
    this.file.state.models[name] = { arn, request: rest, created: this.machine.clock.now() };
    if ((Tags ?? []).length > 0) { this.file.state.tags[arn] = [...Tags ?? []]; }
    this.file.save();
    return { ModelArn: arn };
  }

  public describe(name: string): Answer {
    const { arn, request, created } = this.find(name);
    return { ...request, ModelArn: arn, EnableNetworkIsolation: request.EnableNetworkIsolation ?? false, CreationTime: new Date(created) };
  }

  public delete(name: string): Answer {
    const { arn } = this.find(name);
    delete this.file.state.models[name];
    delete this.file.state.tags[arn];
    this.file.save();
    return {};
  }

  public list(input: ListInput): Answer {
    return page('Models', Object.entries(this.file.state.models).map(([name, { arn, created }]) => ({
      name, created, modified: created, summary: { ModelName: name, ModelArn: arn, CreationTime: new Date(created) },
    })), input);
  }

  public find(name: string): ModelRecord {
    const model = Object.hasOwn(this.file.state.models, name) ? this.file.state.models[name] : undefined;
    if (model === undefined) { throw validationException(`Could not find model "${arnOf(this.machine, 'model', name)}".`); }
    return model;
  }
}

/** A model's containers, in the order in which they are asked. */
export function definitionsOf(request: CreateModelInput): readonly ContainerDefinition[] {
  return request.PrimaryContainer === undefined ? request.Containers ?? [] : [request.PrimaryContainer];
}

function checkModel(request: CreateModelInput, machine: Machine): void {
  if ((request.PrimaryContainer === undefined) === ((request.Containers ?? []).length === 0)) {
    throw validationException('You must specify exactly one of PrimaryContainer and Containers.');
  }
  if (request.ExecutionRoleArn === undefined) { throw validationException('ExecutionRoleArn is required.'); }
  const containers = definitionsOf(request);
  containers.forEach((container) => checkContainer(container, containers.length > 1, machine));
  const hosts = containers.flatMap(({ ContainerHostname: host }) => host ?? []);
  const twice = hosts.find((host, index) => hosts.indexOf(host) !== index);
  if (twice !== undefined) { throw validationException(`Duplicate container hostname: ${twice}`); }
  if (request.InferenceExecutionConfig?.Mode === 'Direct' && hosts.length < containers.length) {
    throw validationException('ContainerHostname is required for every container of a model whose InferenceExecutionConfig has the mode Direct.');
  }
}

function checkContainer(container: ContainerDefinition, isOneOfSeveral: boolean, machine: Machine): void {
  for (const member of ['ModelPackageName', 'InferenceSpecificationName', 'AdditionalModelDataSources'] as const) {
    if (container[member] !== undefined) { throw unsupported(`${member} of a model's container`); }
  }
  if (container.Image === undefined) { throw validationException('Image is required in a container definition.'); }
  if (container.ModelDataUrl !== undefined && container.ModelDataSource !== undefined) {
    throw validationException('ModelDataUrl and ModelDataSource cannot be specified together.');
  }
  const source = container.ModelDataSource?.S3DataSource;
  const uri = container.ModelDataUrl ?? source?.S3Uri;
  if (uri !== undefined && parseS3Uri(uri) === undefined) { throw unsupported(`a model's data must be an s3:// URI here, got ${uri}`); }
  if (source?.S3DataType === 'S3Prefix' && !source.S3Uri?.endsWith('/')) { throw validationException(`S3Uri of an S3Prefix ModelDataSource must end with "/", got ${source.S3Uri}`); }
  if (container.Mode === 'MultiModel') {
    if (isOneOfSeveral) { throw unsupported('Mode MultiModel of one of several containers'); }
    if (container.ModelDataUrl === undefined) { throw validationException('ModelDataUrl is required for a container of mode MultiModel.'); }
  }
  if (machine.containers === undefined) { checkServedAsProcess(container, machine); }
}
