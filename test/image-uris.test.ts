import { Aws } from 'aws-cdk-lib/core';
import { ImageScope, ImageUris } from 'cdk-sagemaker';

describe('ImageUris', () => {
  test('answers as image_uris.retrieve of the Python SDK does', () => {
    expect(ImageUris.retrieve('tensorflow', 'cn-north-1', { version: '2.14', pyVersion: 'py310', instanceType: 'ml.p3.2xlarge', imageScope: ImageScope.TRAINING }))
      .toBe('727897471807.dkr.ecr.cn-north-1.amazonaws.com.cn/tensorflow-training:2.14-gpu-py310');
    expect(ImageUris.retrieve('xgboost', 'eu-central-1', { version: '1.7-1' })).toBe('492215442770.dkr.ecr.eu-central-1.amazonaws.com/sagemaker-xgboost:1.7-1');
    expect(ImageUris.basePython('eu-west-1')).toMatch(/\/sagemaker-base-python-310:1\.0$/);
  });

  test('lists frameworks, scopes, versions and Regions', () => {
    expect(ImageUris.frameworks()).toEqual(expect.arrayContaining(['pytorch', 'huggingface', 'kmeans', 'xgboost']));
    expect(ImageUris.scopes('sklearn')).toEqual([ImageScope.INFERENCE, ImageScope.TRAINING, ImageScope.INFERENCE_GRAVITON]);
    expect(ImageUris.versions('pytorch', ImageScope.TRAINING)).toContain('2.6.0');
    expect(ImageUris.versions('kmeans')).toEqual(['1']);
    expect(ImageUris.versions('spark')).toEqual(['2.4', '3.0', '3.1', '3.2', '3.3', '3.5']);
    expect(ImageUris.regions('lda')).toHaveLength(16);
  });

  test('has versions of one purpose at a time', () => {
    expect(() => ImageUris.versions('pytorch')).toThrow('imageScope must be one of eia, inference, inference_graviton, training, got none');
    expect(() => ImageUris.versions('huggingface-neuronx')).toThrow('framework must be huggingface with inferenceTool neuronx');
  });

  test('is for a Region that is known', () => {
    expect(() => ImageUris.retrieve('kmeans', Aws.REGION)).toThrow('kmeans: region must be known when the app is synthesized (ContainerImage.fromSageMaker is for a stack that knows no Region), got a value known at deployment');
  });

  test('knows each version it lists', () => {
    for (const framework of ImageUris.frameworks().filter((name) => name !== 'huggingface')) {
      for (const imageScope of ImageUris.scopes(framework)) {
        for (const version of ImageUris.versions(framework, imageScope)) {
          expect(() => ImageUris.regions(framework, { version, imageScope })).not.toThrow(/version must be one of/);
        }
      }
    }
  });
});
