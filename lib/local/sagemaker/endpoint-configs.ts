import type { CreateEndpointConfigInput, ProductionVariant } from '@aws-sdk/client-sagemaker';
import { unsupported, validationException } from '../service-error';
import { page, type ListInput } from './listing';
import { arnOf, type Machine } from './machine';
import { definitionsOf, type Models } from './models';
import type { EndpointConfigRecord, StateFile } from './state-file';
import { checkTags } from './training-job-rules';

type Answer = Record<string, unknown>;

export class EndpointConfigs {
  constructor(private readonly machine: Machine, private readonly file: StateFile, private readonly models: Models) {}

  public create(request: CreateEndpointConfigInput): Answer {
    const name = request.EndpointConfigName as string;
    const arn = arnOf(this.machine, 'endpoint-config', name);
    if (Object.values(this.file.state.endpointConfigs).some((config) => config.arn === arn)) {
      throw validationException(`Cannot create already existing endpoint configuration "${arn}".`);
    }
    this.check(request);
    const { Tags, ...rest } = request;
    checkTags(Tags);
    this.file.state.endpointConfigs[name] = { arn, request: rest, created: this.machine.clock.now() };
    if ((Tags ?? []).length > 0) { this.file.state.tags[arn] = [...Tags ?? []]; }
    this.file.save();
    return { EndpointConfigArn: arn };
  }

  public describe(name: string): Answer {
    const { arn, request, created } = this.find(name);
    return {
      ...request,
      ProductionVariants: request.ProductionVariants?.map((variant) => ({ InitialVariantWeight: 1, ...variant })),
      ShadowProductionVariants: request.ShadowProductionVariants?.map((variant) => ({ InitialVariantWeight: 1, ...variant })),
      EndpointConfigArn: arn,
      EnableNetworkIsolation: request.EnableNetworkIsolation ?? false,
      CreationTime: new Date(created),
    };
  }

  public delete(name: string): Answer {
    const { arn } = this.find(name);
    delete this.file.state.endpointConfigs[name];
    delete this.file.state.tags[arn];
    this.file.save();
    return {};
  }

  public list(input: ListInput): Answer {
    return page('EndpointConfigs', Object.entries(this.file.state.endpointConfigs).map(([name, { arn, created }]) => ({
      name, created, modified: created, summary: { EndpointConfigName: name, EndpointConfigArn: arn, CreationTime: new Date(created) },
    })), input);
  }

  public find(name: string): EndpointConfigRecord {
    const config = Object.hasOwn(this.file.state.endpointConfigs, name) ? this.file.state.endpointConfigs[name] : undefined;
    if (config === undefined) { throw validationException(`Could not find endpoint configuration "${arnOf(this.machine, 'endpoint-config', name)}".`); }
    return config;
  }

  private check(request: CreateEndpointConfigInput): void {
    for (const member of ['ExplainerConfig', 'ExecutionRoleArn', 'MetricsConfig'] as const) {
      if (request[member] !== undefined) { throw unsupported(`${member} of an endpoint configuration`); }
    }
    this.checkAsync(request);
    const production = request.ProductionVariants ?? [];
    const shadows = request.ShadowProductionVariants ?? [];
    const names = [...production, ...shadows].map((variant) => variant.VariantName as string);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) { throw validationException(`Duplicate production variant name: ${twice}`); }
    if (shadows.length > 0 && (shadows.length > 1 || production.length > 1)) { throw validationException('ShadowProductionVariants requires exactly one shadow and one production variant.'); }
    [...production, ...shadows].forEach((variant) => this.checkVariant(variant));
    if (production.every((variant) => variant.InitialVariantWeight === 0)) { throw validationException('At least one production variant must have a weight above 0.'); }
    if (request.DataCaptureConfig?.EnableCapture !== false && production.some(({ ServerlessConfig }) => ServerlessConfig !== undefined) && request.DataCaptureConfig !== undefined) {
      throw validationException('DataCaptureConfig cannot be used with serverless variants.');
    }
  }

  private checkAsync({ AsyncInferenceConfig: config, ShadowProductionVariants: shadows = [] }: CreateEndpointConfigInput): void {
    if (config === undefined) { return; }
    if (config.OutputConfig?.NotificationConfig !== undefined) { throw unsupported('NotificationConfig of an AsyncInferenceConfig: nothing is published to SNS topics here'); }
    if (config.OutputConfig?.S3OutputPath === undefined) { throw unsupported('an AsyncInferenceConfig without S3OutputPath'); }
    if (shadows.length > 0) { throw validationException('ShadowProductionVariants cannot be used with AsyncInferenceConfig.'); }
  }

  private checkVariant(variant: ProductionVariant): void {
    const name = variant.VariantName;
    if (variant.ModelName === undefined) { throw unsupported(`variant ${name} without a ModelName (inference components)`); }
    const { request: model } = this.models.find(variant.ModelName);
    const isInstance = variant.InstanceType !== undefined || variant.InitialInstanceCount !== undefined;
    if (isInstance === (variant.ServerlessConfig !== undefined)) {
      throw validationException(`Variant ${name} must have either InstanceType and InitialInstanceCount, or ServerlessConfig.`);
    }
    if (isInstance && (variant.InstanceType === undefined || (variant.InitialInstanceCount ?? 0) < 1)) {
      throw validationException(`Variant ${name} must have InstanceType and an InitialInstanceCount of at least 1.`);
    }
    if (!isInstance && (definitionsOf(model).length > 1 || definitionsOf(model)[0]?.Mode === 'MultiModel')) {
      throw validationException(`Serverless variant ${name} cannot serve a model of several containers or a multi-model container.`);
    }
    for (const member of ['CoreDumpConfig', 'CapacityReservationConfig', 'AcceleratorType', 'InstancePools', 'ManagedInstanceScaling'] as const) {
      if ((variant as unknown as Record<string, unknown>)[member] !== undefined) { throw unsupported(`${member} of variant ${name}`); }
    }
  }
}
