import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Duration, Size, type Stack } from 'aws-cdk-lib/core';
import { ClarifyTextLanguage as SdkLanguage } from '@aws-sdk/client-sagemaker';
import {
  ContainerImage, Explainer, FeatureType, Model, ModelData, ShapBaseline, TextGranularity, TextLanguage, type ClarifyExplainerOptions,
} from 'cdk-sagemaker';
import { allowing, bucketNamed, emptyStack, flat, IMAGE_URI, only } from './support/stacks';

const baseline = ShapBaseline.of('0.5,1,blue');
const text = { granularity: TextGranularity.TOKEN, language: TextLanguage.ENGLISH };

function explained(options: (stack: Stack) => Partial<ClarifyExplainerOptions>): Template {
  const stack = emptyStack();
  new Model(stack, 'Model', { image: ContainerImage.fromUri(IMAGE_URI) }).deploy('Endpoint', { instanceType: 'ml.m5.large', explainer: Explainer.clarify({ baseline, ...options(stack) }) });
  return Template.fromStack(stack);
}
const asked = (options: Partial<ClarifyExplainerOptions>) => only(explained(() => options), 'AWS::SageMaker::EndpointConfig').Properties.ExplainerConfig;

describe('Explainer', () => {
  test('compares records with a baseline, and asks for no more', () => {
    expect(asked({})).toEqual({ ClarifyExplainerConfig: { ShapConfig: { ShapBaselineConfig: { ShapBaseline: '0.5,1,blue' } } } });
  });

  test('asks for everything it is given', () => {
    expect(asked({
      baseline: ShapBaseline.of('{"features":[0,1]}', { mimeType: 'application/jsonlines' }), enableExplanations: '`true`', numberOfSamples: 100, useLogit: true, seed: 0, text,
      featuresAttribute: 'features', contentTemplate: '{"features":$features}', maxRecordCount: 1, maxPayload: Size.mebibytes(25), probabilityIndex: 0, labelIndex: 0, probabilityAttribute: 'p', labelAttribute: 'l',
      labelHeaders: ['cat', 'dog'], featureHeaders: ['title', 'age'], featureTypes: [FeatureType.TEXT, FeatureType.NUMERICAL],
    })).toEqual({
      ClarifyExplainerConfig: {
        EnableExplanations: '`true`',
        InferenceConfig: {
          FeaturesAttribute: 'features', ContentTemplate: '{"features":$features}', MaxRecordCount: 1, MaxPayloadInMB: 25, ProbabilityIndex: 0, LabelIndex: 0, ProbabilityAttribute: 'p', LabelAttribute: 'l',
          LabelHeaders: ['cat', 'dog'], FeatureHeaders: ['title', 'age'], FeatureTypes: ['text', 'numerical'],
        },
        ShapConfig: {
          ShapBaselineConfig: { ShapBaseline: '{"features":[0,1]}', MimeType: 'application/jsonlines' }, NumberOfSamples: 100, UseLogit: true, Seed: 0,
          TextConfig: { Granularity: 'token', Language: 'en' },
        },
      },
    });
  });

  test('lets the model read a baseline in S3, and decrypt it', () => {
    const template = explained((stack) => ({
      baseline: ShapBaseline.fromBucket(bucketNamed(stack, 'baselines'), 'digits.csv', { encryptionKey: Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:123456789012:key/k') }),
    }));
    expect(only(template, 'AWS::SageMaker::EndpointConfig').Properties.ExplainerConfig.ClarifyExplainerConfig.ShapConfig.ShapBaselineConfig).toEqual({ ShapBaselineUri: 's3://baselines/digits.csv' });
    expect(allowing(template, 'ModelRole', 's3:GetObject').map(({ Resource }) => flat(Resource))).toEqual(['arn:<AWS::Partition>:s3:::baselines/digits.csv']);
    expect(allowing(template, 'ModelRole', 'kms:Decrypt')).toHaveLength(1);
  });

  test('explains many models in one container as well', () => {
    const stack = emptyStack();
    new Model(stack, 'Model', { image: ContainerImage.fromUri(IMAGE_URI), modelData: ModelData.fromS3Uri('s3://models/all/'), multiModel: true })
      .deploy('Endpoint', { instanceType: 'ml.m5.large', explainer: Explainer.clarify({ baseline }), modelDataDownloadTimeout: Duration.minutes(2) });
    expect(only(Template.fromStack(stack), 'AWS::SageMaker::EndpointConfig').Properties).toHaveProperty('ExplainerConfig');
  });

  test('knows the languages that SageMaker knows', () => {
    expect(Object.values(TextLanguage).sort()).toEqual(Object.values(SdkLanguage).sort());
  });

  test.each<[string, Partial<ClarifyExplainerOptions>, string]>([
    ['no baseline', { baseline: undefined }, 'baseline must be a ShapBaseline, for instance ShapBaseline.of(records)'],
    ['an empty baseline', { baseline: ShapBaseline.of('') }, 'baseline must have 1 to 4096 characters, got 0 characters'],
    ['a baseline of another type', { baseline: ShapBaseline.of('0', { mimeType: 'text/tsv' }) }, 'baseline: mimeType must be one of text/csv, application/jsonlines, got text/tsv'],
    ['a long expression', { enableExplanations: 'x'.repeat(65) }, 'enableExplanations must have 1 to 64 characters, got 65 characters'],
    ['no expression', { featuresAttribute: '' }, 'featuresAttribute must have 1 to 64 characters'],
    ['no sample', { numberOfSamples: 0 }, 'numberOfSamples must be a whole number between 1 and'],
    ['half a seed', { seed: 0.5 }, 'seed must be a whole number between -2147483648 and'],
    ['an index below 0', { labelIndex: -1 }, 'labelIndex must be a whole number between 0 and'],
    ['no record', { maxRecordCount: 0 }, 'maxRecordCount must be a whole number between 1 and'],
    ['a large payload', { maxPayload: Size.mebibytes(26) }, 'maxPayload must be a whole number between 1 and 25 MiB, got 26'],
    ['17 labels', { labelHeaders: Array(17).fill('a') }, 'labelHeaders must have 1 to 16 entries, got 17'],
    ['257 features', { featureHeaders: Array(257).fill('a') }, 'featureHeaders must have 1 to 256 entries, got 257'],
    ['a long label', { labelHeaders: ['a', 'x'.repeat(65)] }, 'labelHeaders[1] must have 1 to 64 characters'],
    ['types without texts', { featureTypes: [FeatureType.TEXT] }, 'featureTypes must come with text, got ["text"]'],
    ['types without one of text', { text, featureTypes: [FeatureType.NUMERICAL] }, 'featureTypes must have a FeatureType.TEXT, got ["numerical"]'],
    ['fewer types than names', { text, featureTypes: [FeatureType.TEXT], featureHeaders: ['a', 'b'] }, 'featureTypes must have an entry for each of featureHeaders, which are 2, got 1'],
    ['an unknown type', { text, featureTypes: ['date' as FeatureType] }, 'featureTypes[0] must be one of numerical, categorical, text, got date'],
    ['an unknown language', { text: { ...text, language: 'tlh' as TextLanguage } }, 'text.language must be one of'],
    ['an unknown granularity', { text: { ...text, granularity: 'letter' as TextGranularity } }, 'text.granularity must be one of token, sentence, paragraph, got letter'],
  ])('refuses %s', (_what, options, message) => expect(() => asked(options)).toThrow(`Stack/Model/EndpointConfig: explainer.${message}`));
});
