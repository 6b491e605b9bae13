import { definitionsOf } from './models';
import type { EndpointPlan, EndpointRecord, VariantState } from './state-file';

type Answer = Record<string, unknown>;

/** An endpoint in SageMaker's words. */
export function endpointSummary(record: EndpointRecord): Answer {
  const { plan, next, status } = record;
  const isThere = status !== 'Creating' && status !== 'Failed';
  return {
    EndpointName: record.name,
    EndpointArn: record.arn,
    EndpointConfigName: plan.configName,
    ProductionVariants: isThere ? variantsOf(plan, record.modified, false) : undefined,
    ShadowProductionVariants: isThere ? variantsOf(plan, record.modified, true) : undefined,
    DataCaptureConfig: isThere ? captureOf(plan) : undefined,
    AsyncInferenceConfig: isThere ? plan.async : undefined,
    EndpointStatus: status,
    FailureReason: record.reason,
    CreationTime: new Date(record.created),
    LastModifiedTime: new Date(record.modified),
    LastDeploymentConfig: record.deployment,
    PendingDeploymentSummary: next === undefined ? undefined : {
      EndpointConfigName: next.configName,
      ProductionVariants: variantsOf(next, record.modified, false),
      ShadowProductionVariants: variantsOf(next, record.modified, true),
      StartTime: new Date(record.modified),
    },
  };
}

function variantsOf({ variants }: EndpointPlan, time: number, isShadow: boolean): Answer[] | undefined {
  const summaries = variants.filter((state) => (state.isShadow === true) === isShadow).map((state) => variantSummary(state, time));
  return isShadow && summaries.length === 0 ? undefined : summaries;
}

function variantSummary({ variant, model, weight, instances }: VariantState, time: number): Answer {
  return {
    VariantName: variant.VariantName,
    DeployedImages: definitionsOf(model).map(({ Image }) => ({ SpecifiedImage: Image, ResolvedImage: Image, ResolutionTime: new Date(time) })),
    CurrentWeight: weight,
    DesiredWeight: weight,
    CurrentInstanceCount: instances,
    DesiredInstanceCount: instances,
    CurrentServerlessConfig: variant.ServerlessConfig,
  };
}

function captureOf({ capture }: EndpointPlan): Answer | undefined {
  if (capture === undefined) { return undefined; }
  const { EnableCapture: isOn = true, InitialSamplingPercentage, DestinationS3Uri, KmsKeyId = '' } = capture;
  return { EnableCapture: isOn, CaptureStatus: isOn ? 'Started' : 'Stopped', CurrentSamplingPercentage: InitialSamplingPercentage, DestinationS3Uri, KmsKeyId };
}
