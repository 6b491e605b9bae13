/** What an image of AWS brings for Python scripts, as far as process mode knows. */
export interface AwsImage {
  readonly repository: string;
  /** Distributions that process mode installs in its place. */
  readonly packages: readonly string[];
  /** Distributions that must be there already, or in the script's requirements.txt: too large, or too particular, to install unasked. */
  readonly expected: readonly string[];
  /** `SM_FRAMEWORK_MODULE`. */
  readonly frameworkModule?: string;
}

const IMAGES: readonly AwsImage[] = [
  { repository: 'sagemaker-scikit-learn', packages: ['scikit-learn', 'numpy', 'pandas', 'joblib'], expected: [], frameworkModule: 'sagemaker_sklearn_container.training:main' },
  { repository: 'sagemaker-xgboost', packages: [], expected: ['xgboost'], frameworkModule: 'sagemaker_xgboost_container.training:main' },
  { repository: 'pytorch-training', packages: [], expected: ['torch'], frameworkModule: 'sagemaker_pytorch_container.training:main' },
  { repository: 'pytorch-inference', packages: [], expected: ['torch'] },
  { repository: 'tensorflow-training', packages: [], expected: ['tensorflow'], frameworkModule: 'sagemaker_tensorflow_container.training:main' },
  { repository: 'tensorflow-inference', packages: [], expected: ['tensorflow'] },
  { repository: 'mxnet-training', packages: [], expected: ['mxnet'], frameworkModule: 'sagemaker_mxnet_container.training:main' },
  { repository: 'mxnet-inference', packages: [], expected: ['mxnet'] },
  { repository: 'sagemaker-chainer', packages: [], expected: ['chainer'], frameworkModule: 'sagemaker_chainer_container.training:main' },
  { repository: 'huggingface-pytorch-training', packages: [], expected: ['torch', 'transformers'], frameworkModule: 'sagemaker_pytorch_container.training:main' },
  { repository: 'huggingface-pytorch-inference', packages: [], expected: ['torch', 'transformers'] },
  { repository: 'huggingface-tensorflow-training', packages: [], expected: ['tensorflow', 'transformers'], frameworkModule: 'sagemaker_tensorflow_container.training:main' },
  { repository: 'huggingface-tensorflow-inference', packages: [], expected: ['tensorflow', 'transformers'] },
];

/** The known image of AWS behind an image URI; nothing for a user's own image, whose requirements.txt says it all. */
export function awsImage(uri: string | undefined): AwsImage | undefined {
  const repository = (uri ?? '').replace(/@sha256:.*$/, '').replace(/:[^/:]*$/, '').split('/').slice(1).join('/');
  return IMAGES.find((image) => image.repository === repository);
}
