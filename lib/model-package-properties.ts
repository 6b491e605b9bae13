import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { CfnModelPackage, CfnModelPackageProps } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { keysOf } from './chosen-keys';
import { ModelCardStatus, type DriftBaselinesOptions, type ModelMetricsOptions, type ModelPackageOptions, type ModelQualityOptions } from './model-package-options';
import type { ModelReport } from './model-report';
import { countInRange, lengthInRange, oneOf, refuse, serviceName } from './request/checks';

type Reports = (prop: string, report: ModelReport | undefined) => CfnModelPackage.MetricsSourceProperty | undefined;

/** What is said of a package besides what is in it. */
export function modelPackageProperties(scope: Construct, props: ModelPackageOptions, models: IGrantable): Partial<CfnModelPackageProps> {
  const { origin, modelCard, metrics, driftBaselines, skipValidation, alternatives = {} } = props;
  check(scope, props);
  const key = props.encryptionKey ?? keysOf(scope, props.encryption).outputKey;
  const report: Reports = (prop, file) => file?._bind(scope, prop);
  return {
    modelApprovalStatus: props.approvalStatus,
    approvalDescription: props.approvalDescription,
    customerMetadataProperties: props.metadata,
    metadataProperties: origin && { commitId: origin.commit, repository: origin.repository, projectId: origin.project, generatedBy: origin.generatedBy },
    sourceUri: props.sourceUri,
    modelMetrics: metrics && modelMetrics(metrics, report),
    driftCheckBaselines: driftBaselines && baselines(driftBaselines, report),
    modelCard: modelCard && { modelCardContent: modelCard.content, modelCardStatus: modelCard.status ?? ModelCardStatus.DRAFT },
    additionalInferenceSpecifications: props.alternatives && Object.entries(alternatives).map(([name, source]) => {
      const { inferenceSpecification } = source.bind(new Construct(scope, `Alternative-${name}`), models);
      return inferenceSpecification ? { name, ...inferenceSpecification } : refuse(scope, `alternatives.${name}`, 'be ModelPackageSource.containers', 'an algorithm');
    }),
    domain: props.domain,
    task: props.task,
    samplePayloadUrl: report('samplePayload', props.samplePayload)?.s3Uri,
    securityConfig: key && { kmsKeyId: key.keyArn },
    skipModelValidation: skipValidation === undefined ? undefined : skipValidation ? 'All' : 'None',
  };
}

function check(scope: Construct, { approvalDescription, description, metadata, sourceUri, alternatives, domain, modelCard }: ModelPackageOptions): void {
  lengthInRange(scope, 'approvalDescription', approvalDescription, 0, 1024);
  lengthInRange(scope, 'description', description, 0, 1024);
  lengthInRange(scope, 'sourceUri', sourceUri, 0, 1024);
  countInRange(scope, 'metadata', metadata, 0, 50);
  countInRange(scope, 'alternatives', alternatives, 1, 15);
  Object.keys(alternatives ?? {}).forEach((name) => serviceName(scope, 'alternatives: the name', name));
  oneOf(scope, 'domain', domain, ['COMPUTER_VISION', 'NATURAL_LANGUAGE_PROCESSING', 'MACHINE_LEARNING']);
  oneOf(scope, 'modelCard.status', modelCard?.status, Object.values(ModelCardStatus));
}

function modelMetrics({ modelQuality, dataQuality, bias, explainability }: ModelMetricsOptions, report: Reports): CfnModelPackage.ModelMetricsProperty {
  return {
    modelQuality: quality('metrics.modelQuality', modelQuality, report),
    modelDataQuality: quality('metrics.dataQuality', dataQuality, report),
    bias: bias && {
      report: report('metrics.bias.report', bias.report),
      preTrainingReport: report('metrics.bias.preTraining', bias.preTraining),
      postTrainingReport: report('metrics.bias.postTraining', bias.postTraining),
    },
    explainability: explainability && { report: report('metrics.explainability', explainability) },
  };
}

function baselines({ modelQuality, dataQuality, bias, explainability }: DriftBaselinesOptions, report: Reports): CfnModelPackage.DriftCheckBaselinesProperty {
  return {
    modelQuality: quality('driftBaselines.modelQuality', modelQuality, report),
    modelDataQuality: quality('driftBaselines.dataQuality', dataQuality, report),
    bias: bias && {
      configFile: report('driftBaselines.bias.config', bias.config),
      preTrainingConstraints: report('driftBaselines.bias.preTrainingConstraints', bias.preTrainingConstraints),
      postTrainingConstraints: report('driftBaselines.bias.postTrainingConstraints', bias.postTrainingConstraints),
    },
    explainability: explainability && {
      configFile: report('driftBaselines.explainability.config', explainability.config),
      constraints: report('driftBaselines.explainability.constraints', explainability.constraints),
    },
  };
}

/** The same four files wherever quality is spoken of. */
function quality(prop: string, options: ModelQualityOptions | undefined, report: Reports): CfnModelPackage.ModelQualityProperty | undefined {
  return options && { statistics: report(`${prop}.statistics`, options.statistics), constraints: report(`${prop}.constraints`, options.constraints) };
}
