import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import { FeatureType, TextGranularity, TextLanguage, type ClarifyExplainerOptions } from './explainer-options';
import { countInRange, inRange, lengthInRange, oneOf, refuse, wholeMebibytes } from './request/checks';
import { OF_AN_EXPLAINER } from './request/hosting-prop-kinds';
import { checkOptions } from './request/kinds';
import { nonEmpty, definedMembers } from './request/members';

/**
 * Answers with explanations: how much each feature contributed. `ExplainerConfig` of the Python SDK. On instances, where an answer comes with the
 * request; also for many models in one container.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/clarify-online-explainability.html
 *
 * @example
 * model.deploy('Endpoint', {
 *   instanceType: 'ml.m5.large',
 *   explainer: Explainer.clarify({ baseline: ShapBaseline.of('0.5,1,blue'), enableExplanations: '`true`', featureHeaders: ['age', 'income', 'color'] }),
 * });
 */
export abstract class Explainer {
  /** By SHAP, as SageMaker Clarify does it. The models may read the baseline. */
  public static clarify(options: ClarifyExplainerOptions): Explainer {
    return new Clarify(options);
  }

  /** Lets a model read what explanations need, and says what the endpoint configuration asks for. */
  public abstract bind(config: Construct, model: IGrantable): CfnEndpointConfig.ExplainerConfigProperty;
}

/** JMESPath expressions, a template, and names: all as long. */
const TEXTS = ['enableExplanations', 'featuresAttribute', 'contentTemplate', 'probabilityAttribute', 'labelAttribute'] as const;
const LONGEST_LISTS = { labelHeaders: 16, featureHeaders: 256, featureTypes: 256 } as const;
const LARGEST = 2147483647;

class Clarify extends Explainer {
  public constructor(private readonly options: ClarifyExplainerOptions) { super(); }

  public bind(config: Construct, model: IGrantable): CfnEndpointConfig.ExplainerConfigProperty {
    this.check(config);
    return { clarifyExplainerConfig: { enableExplanations: this.options.enableExplanations, inferenceConfig: this.requests(config), shapConfig: this.shap(config, model) } };
  }

  private check(config: Construct): void {
    const { options } = this;
    checkOptions(config, 'explainer.', options, OF_AN_EXPLAINER);
    if (typeof options.baseline?.bind !== 'function') { refuse(config, 'explainer.baseline', 'be a ShapBaseline, for instance ShapBaseline.of(records)', options.baseline); }
    for (const name of TEXTS) { lengthInRange(config, `explainer.${name}`, options[name], 1, 64); }
    for (const [name, longest] of Object.entries(LONGEST_LISTS) as [keyof typeof LONGEST_LISTS, number][]) {
      countInRange(config, `explainer.${name}`, options[name], 1, longest);
      if (name !== 'featureTypes') { options[name]?.forEach((header, index) => lengthInRange(config, `explainer.${name}[${index}]`, header, 1, 64)); }
    }
    for (const [name, least] of [['numberOfSamples', 1], ['maxRecordCount', 1], ['probabilityIndex', 0], ['labelIndex', 0], ['seed', -LARGEST - 1]] as const) {
      inRange(config, `explainer.${name}`, options[name], least, LARGEST);
    }
    this.checkTexts(config);
  }

  private checkTexts(config: Construct): void {
    const { text, featureTypes, featureHeaders } = this.options;
    oneOf(config, 'explainer.text.granularity', text?.granularity, Object.values(TextGranularity));
    oneOf(config, 'explainer.text.language', text?.language, Object.values(TextLanguage));
    featureTypes?.forEach((type, index) => oneOf(config, `explainer.featureTypes[${index}]`, type, Object.values(FeatureType)));
    if (featureTypes && !text) { refuse(config, 'explainer.featureTypes', 'come with text', featureTypes); }
    if (featureTypes && !featureTypes.includes(FeatureType.TEXT)) { refuse(config, 'explainer.featureTypes', 'have a FeatureType.TEXT', featureTypes); }
    if (featureTypes && featureHeaders && featureTypes.length !== featureHeaders.length) {
      refuse(config, 'explainer.featureTypes', `have an entry for each of featureHeaders, which are ${featureHeaders.length}`, featureTypes.length);
    }
  }

  private requests(config: Construct): CfnEndpointConfig.ClarifyInferenceConfigProperty | undefined {
    const { featuresAttribute, contentTemplate, maxRecordCount, maxPayload, probabilityIndex, labelIndex, probabilityAttribute, labelAttribute, labelHeaders, featureHeaders, featureTypes } = this.options;
    const maxPayloadInMb = maxPayload && wholeMebibytes(config, 'explainer.maxPayload', maxPayload);
    inRange(config, 'explainer.maxPayload', maxPayloadInMb, 1, 25, 'MiB');
    return nonEmpty(definedMembers({
      featuresAttribute, contentTemplate, maxRecordCount, maxPayloadInMb, probabilityIndex, labelIndex, probabilityAttribute, labelAttribute, labelHeaders, featureHeaders, featureTypes,
    }));
  }

  private shap(config: Construct, model: IGrantable): CfnEndpointConfig.ClarifyShapConfigProperty {
    const { baseline, numberOfSamples, useLogit, seed, text } = this.options;
    const { records, s3Uri, mimeType } = baseline.bind(config, model);
    return {
      shapBaselineConfig: { shapBaseline: records, shapBaselineUri: s3Uri, mimeType },
      numberOfSamples, useLogit, seed,
      textConfig: text && { granularity: text.granularity, language: text.language },
    };
  }
}
