import type { ImageOptions } from '../../lib/images/image-options';
import { basePythonUri, imageReference, imageUri } from '../../lib/images/image-reference';
import { frameworks } from '../../lib/images/image-table';
import { UnsupportedImage } from '../../lib/images/unsupported-image';
import EXPECTED from './expected-uris.json';

const ANSWERS = EXPECTED.answers as unknown as [string, string, ImageOptions, string][];
const ERRORS = EXPECTED.errors as unknown as [string, string, ImageOptions][];

const uri = (framework: string, options: ImageOptions = {}, region = 'us-west-2') => imageUri(framework, region, options);
const tag = (framework: string, options: ImageOptions = {}) => imageReference(framework, options).tag;
const message = (framework: string, options: ImageOptions = {}, region = 'us-west-2') => {
  try { return uri(framework, options, region); } catch (error) { return (error as Error).message; }
};

/** Answers of the SageMaker Python SDK 2.257.6, sampled from every framework, partition and kind of processor. */
describe('Images of SageMaker', () => {
  test('are what the Python SDK takes', () => {
    expect(ANSWERS.length).toBeGreaterThan(300);
    expect(ANSWERS.map(([framework, region, options]) => message(framework, options, region))).toEqual(ANSWERS.map(([, , , answer]) => answer));
  });

  test('are sampled from every framework', () => {
    expect([...new Set(ANSWERS.map(([framework]) => framework))].sort()).toEqual(frameworks().sort());
  });

  test('are refused where the Python SDK raises an error, with what there is', () => {
    expect(ERRORS.length).toBeGreaterThan(300);
    for (const [framework, region, options] of ERRORS) {
      expect(() => imageUri(framework, region, options)).toThrow(UnsupportedImage);
    }
  });
});

describe('The tag of an image', () => {
  const training: ImageOptions = { imageScope: 'training', instanceType: 'ml.p3.2xlarge' };

  test('keeps the version as it is written', () => {
    expect(tag('pytorch', { ...training, version: '1.9', pyVersion: 'py38' })).toBe('1.9-gpu-py38');
    expect(tag('pytorch', { ...training, version: '1.9.1', pyVersion: 'py38' })).toBe('1.9.1-gpu-py38');
  });

  test('has a later CUDA for old versions on p4d or with smdistributed', () => {
    const old = { ...training, version: '1.6.0', pyVersion: 'py36' };
    expect(tag('pytorch', { ...old, instanceType: 'ml.p4d.24xlarge' })).toBe('1.6.0-gpu-py36-cu110-ubuntu18.04');
    expect(tag('pytorch', { ...old, smdistributed: true })).toBe('1.6.0-gpu-py36-cu110-ubuntu18.04');
    expect(tag('pytorch', old)).toBe('1.6.0-gpu-py36');
  });

  test('has both versions of Hugging Face and the container', () => {
    expect(tag('huggingface', { ...training, version: '4.17', baseFrameworkVersion: 'pytorch1.10', pyVersion: 'py38' })).toBe('1.10-transformers4.17-gpu-py38-cu113-ubuntu20.04');
    expect(tag('huggingface', { ...training, version: '4.17', baseFrameworkVersion: 'pytorch1.10', trainingCompiler: true })).toBe('1.10-transformers4.17-gpu-py38-cu113-ubuntu20.04');
  });

  test('has the newest Neuron SDK unless one is named', () => {
    const trainium = { imageScope: 'training', version: '1.11.0', instanceType: 'ml.trn1.2xlarge' };
    expect(tag('pytorch', trainium)).toBe('1.11.0-neuron-py38-sdk2.4.0-ubuntu20.04');
    expect(tag('pytorch', { ...trainium, sdkVersion: 'sdk2.3.0' })).toBe('1.11.0-neuron-py38-sdk2.3.0-ubuntu20.04');
  });

  test('of Triton says cpu, and nothing for a GPU', () => {
    expect(tag('sagemaker-tritonserver', { version: '24.09', instanceType: 'ml.g5.xlarge' })).toBe('24.09-py3');
    expect(tag('sagemaker-tritonserver', { version: '24.09', instanceType: 'ml.c5.xlarge' })).toBe('24.09-py3-cpu');
  });

  test('is empty where the repository has none', () => {
    expect(uri('model-monitor')).toMatch(/\/sagemaker-model-monitor-analyzer$/);
  });

  test('is one for arm64 on Graviton', () => {
    expect(tag('xgboost', { version: '1.5-1', instanceType: 'ml.c7g.xlarge' })).toBe('1.5-1-arm64');
    expect(tag('sklearn', { version: '1.0-1', instanceType: 'ml.c6g.xlarge' })).toBe('1.0-1-arm64-cpu-py3');
    expect(uri('pytorch', { version: '2.4.0', instanceType: 'ml.c7g.xlarge' })).toMatch(/\/pytorch-inference-graviton:2\.4\.0-cpu-py311-ubuntu22\.04-sagemaker$/);
  });
});

describe('An image that there is none of', () => {
  test.each<[string, string, ImageOptions, string]>([
    ['framework', 'torch', {}, 'torch: framework must be one of autogluon, blazingtext,'],
    ['framework of the prototype', 'constructor', {}, 'constructor: framework must be one of autogluon,'],
    ['version', 'spark', { version: '1.0' }, 'spark: version must be one of 2.4, 3.0, 3.1, 3.2, 3.3, 3.5 for the processing images of spark; a newer one is named with unlistedVersion, got 1.0'],
    ['Python version', 'pytorch', { version: '2.6.0', pyVersion: 'py27', imageScope: 'training' }, 'pyVersion must be one of py312 for the training images of pytorch 2.6.0, got py27'],
    ['Python version that must be chosen', 'pytorch', { version: '1.4.0', imageScope: 'training' }, 'pyVersion must be one of py2, py3, py36 for the training images of pytorch 1.4.0, got none'],
    ['scope', 'pytorch', { version: '2.6.0', imageScope: 'processing' }, 'imageScope must be one of eia, inference, inference_graviton, training, got processing'],
    ['instance type', 'pytorch', { version: '2.6.0', imageScope: 'training', instanceType: 'm5.large' }, 'instanceType must be given like ml.c5.xlarge, or as local or local_gpu, for images of pytorch differ by processor (cpu, gpu), got m5.large'],
    ['processor', 'huggingface-llm', { version: '3.3.6', instanceType: 'ml.c5.xlarge' }, 'instanceType must have a processor that there are such images for (gpu), got ml.c5.xlarge (cpu)'],
    ['container for serverless inference', 'huggingface-llm', { version: '3.3.6', instanceType: 'ml.g5.xlarge', serverless: true }, 'instanceType must have a processor that there are such images for (gpu), got cpu'],
    ['framework on Trainium', 'tensorflow', { version: '2.9', instanceType: 'ml.trn1.2xlarge' }, 'framework must be one of pytorch on the Trainium instance ml.trn1.2xlarge, got tensorflow'],
    ['framework on Graviton', 'mxnet', { instanceType: 'ml.c6g.xlarge' }, 'framework must be one of tensorflow, pytorch, xgboost, sklearn on the Graviton instance'],
    ['P2 instance', 'pytorch', { version: '1.13.1', imageScope: 'training', instanceType: 'ml.p2.xlarge' }, 'instanceType must not be of the family p2 from version 1.13, got ml.p2.xlarge'],
    ['accelerator', 'mxnet', { acceleratorType: 'ml.p3.2xlarge' }, 'acceleratorType must be one of Elastic Inference, like ml.eia2.medium'],
    ['base framework', 'huggingface', { version: '4.17.0', imageScope: 'training' }, 'baseFrameworkVersion must be one of pytorch1.10.2, tensorflow2.6.3, pytorch1.10, tensorflow2.6 for the training images of huggingface 4.17.0, got none'],
    ['version with an arm64 image', 'xgboost', { version: '1.2-1', instanceType: 'ml.c7g.xlarge' }, 'version must be one of 1.3-1, 1.5-1'],
    ['name of its own', 'huggingface-neuronx', {}, 'framework must be huggingface with inferenceTool neuronx, got huggingface-neuronx'],
    ['name, but a way of its own', 'sagemaker-base-python', {}, 'framework must be asked for by ImageUris.basePython'],
    ['tool', 'pytorch', { inferenceTool: 'neuronx' }, 'inferenceTool must be one of neuron, got neuronx'],
  ])('is refused for its %s', (_what, framework, options, words) => {
    expect(message(framework, options)).toContain(words);
  });

  test('is refused for its Region, with those there are', () => {
    expect(message('lda', {}, 'eu-north-1')).toBe('lda: region must be one of ap-northeast-1, ap-northeast-2, ap-south-1, ap-southeast-1, ap-southeast-2, ca-central-1, eu-central-1, eu-west-1, '
      + 'eu-west-2, us-east-1, us-east-2, us-gov-west-1, us-iso-east-1, us-isob-east-1, us-west-1, us-west-2, got eu-north-1');
  });
});

describe('A version that is not listed', () => {
  const newer: ImageOptions = { version: '2.99.0', imageScope: 'training', instanceType: 'ml.g5.xlarge', unlistedVersion: true };

  test('is taken as it is written, in the repository of the newest', () => {
    expect(uri('pytorch', { ...newer, pyVersion: 'py313' })).toBe('763104351884.dkr.ecr.us-west-2.amazonaws.com/pytorch-training:2.99.0-gpu-py313');
    expect(uri('kmeans', { version: '2', unlistedVersion: true })).toBe('174872318107.dkr.ecr.us-west-2.amazonaws.com/kmeans:2');
    expect(uri('xgboost', { version: '9.0-1', pyVersion: 'py3', unlistedVersion: true })).toBe('246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-xgboost:9.0-1');
    expect(tag('djl-lmi', { version: '0.99.0-lmi99.0.0-cu140', unlistedVersion: true })).toBe('0.99.0-lmi99.0.0-cu140');
    expect(tag('xgboost', { version: '9.0-1', instanceType: 'ml.c7g.xlarge', unlistedVersion: true })).toBe('9.0-1-arm64');
  });

  test('is one of either framework that Hugging Face has', () => {
    const options = { imageScope: 'training', instanceType: 'ml.g5.xlarge', version: '9.0.0', pyVersion: 'py313', containerVersion: 'cu140-ubuntu24.04', unlistedVersion: true };
    expect(uri('huggingface', { ...options, baseFrameworkVersion: 'pytorch2.99.0' })).toMatch(/\/huggingface-pytorch-training:2\.99\.0-transformers9\.0\.0-gpu-py313-cu140-ubuntu24\.04$/);
    expect(uri('huggingface', { ...options, baseFrameworkVersion: 'tensorflow3.0.0' })).toMatch(/\/huggingface-tensorflow-training:3\.0\.0-transformers9\.0\.0-gpu-py313-cu140-ubuntu24\.04$/);
    expect(() => uri('huggingface', { ...options, baseFrameworkVersion: 'jax1' })).toThrow('baseFrameworkVersion must be pytorch or tensorflow with its version');
  });

  test('changes nothing for one that is listed', () => {
    expect(uri('pytorch', { ...newer, version: '2.6' })).toBe(uri('pytorch', { ...newer, version: '2.6', unlistedVersion: false }));
    expect(uri('djl-lmi', { version: '0.35.0', unlistedVersion: true })).toBe(uri('djl-lmi', { version: '0.35.0' }));
    expect(tag('pytorch', { ...newer, version: '2.6', pyVersion: 'py313' })).toBe('2.6-gpu-py313');
  });

  test('guesses nothing', () => {
    expect(() => uri('pytorch', newer)).toThrow('pyVersion must be given with a version that is not listed, got none');
    expect(() => uri('huggingface-llm', { ...newer, pyVersion: 'py313' })).toThrow('containerVersion must be given with a version that is not listed, like cu124-ubuntu22.04');
    expect(() => uri('pytorch', { ...newer, pyVersion: 'py313', containerVersion: 'ubuntu24.04', instanceType: 'ml.trn1.2xlarge' })).toThrow('sdkVersion must be given');
    expect(() => uri('pytorch', { ...newer, pyVersion: 'py313', instanceType: undefined })).toThrow('instanceType must be given like');
  });

  test('has the processors of the newest', () => {
    expect(() => uri('pytorch', { ...newer, pyVersion: 'py313', instanceType: 'ml.p2.xlarge' })).toThrow('instanceType must not be of the family p2');
  });
});

describe('The image with Python alone', () => {
  test('is in a repository for each version of Python', () => {
    expect(basePythonUri('us-west-2', '310')).toBe('236514542706.dkr.ecr.us-west-2.amazonaws.com/sagemaker-base-python-310:1.0');
    expect(() => basePythonUri('us-west-2', '27')).toThrow('pyVersion must be one of 310, 38, got 27');
    expect(() => basePythonUri('mars-1', '38')).toThrow('region must be one of af-south-1,');
  });
});
