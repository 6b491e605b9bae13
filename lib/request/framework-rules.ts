import type { IConstruct } from 'constructs';
import type { FrameworkConfig, HuggingFaceOptions } from '../framework';
import { isToken, refuse } from './checks';
import { frameworkRow, isBefore, RL_TOOLKITS, rlToolkit } from './framework-rows';

/** What is refused whatever images there are; of what only serves, less is. */
export function checkFramework(scope: IConstruct, config: FrameworkConfig, onlyServes = false): void {
  const { name, version, options } = config;
  if (options.image) { return; }
  if (name === 'huggingface') { return checkHuggingFace(scope, options, onlyServes); }
  if (version === undefined || version === '') { refuse(scope, 'framework', 'have a version, or an image of its own', version); }
  if (isToken(version)) { refuse(scope, 'framework', 'have a version that is known at synthesis, since the image follows from it', version); }
  const { pyVersion } = options;
  if (['sklearn', 'xgboost'].includes(name) && pyVersion !== undefined && pyVersion !== 'py3') { refuse(scope, 'framework: pyVersion', `be py3 for ${frameworkRow(config).noun}`, pyVersion); }
  if (name === 'xgboost' && version.split('-')[0] === '1.1') {
    refuse(scope, 'framework', 'be another XGBoost, for instance 1.2-1: 1.1 can\'t predict for data with fewer features than it was trained with', version);
  }
  if (name === 'tensorflow') { checkTensorFlow(scope, version, pyVersion, onlyServes); }
  const rl = rlToolkit(config);
  if (rl && rl.frameworkVersion === undefined) {
    const known = Object.entries(RL_TOOLKITS[rl.toolkit]).map(([number, frameworks]) => `${number} on ${Object.keys(frameworks).join(' or ')}`);
    refuse(scope, 'framework', `be a combination there is: ${rl.toolkit} ${known.join(', ')}`, `${rl.toolkit} ${version} on ${rl.framework}`);
  }
}

function checkTensorFlow(scope: IConstruct, version: string, pyVersion: string | undefined, onlyServes: boolean): void {
  if (pyVersion === 'py2' && isBefore('2.1.1', version)) { refuse(scope, 'framework: pyVersion', 'be of Python 3 for TensorFlow after 2.1.1', pyVersion); }
  if (!onlyServes && !isBefore('1.10.0', version)) {
    refuse(scope, 'framework', 'be TensorFlow 1.11 or newer: older images run no scripts (take such an image with Algorithm.image and pass its parameters as hyperparameters)', version);
  }
}

function checkHuggingFace(scope: IConstruct, options: HuggingFaceOptions, onlyServes: boolean): void {
  const { transformersVersion, pytorchVersion, tensorflowVersion, pyVersion } = options;
  if (transformersVersion === undefined) { refuse(scope, 'framework: transformersVersion', 'be given, or an image', transformersVersion); }
  if ((pytorchVersion === undefined) === (tensorflowVersion === undefined)) {
    refuse(scope, 'framework', 'have either pytorchVersion or tensorflowVersion', pytorchVersion === undefined ? 'neither' : 'both');
  }
  const [ours, below] = [transformersVersion, pytorchVersion ?? tensorflowVersion!];
  for (const version of [ours, below]) {
    if (isToken(version)) { refuse(scope, 'framework', 'have versions that are known at synthesis, since the image follows from them', version); }
  }
  if (!onlyServes && ours.split('.').length !== below.split('.').length) { refuse(scope, 'framework', 'have two full or two short versions', `${ours} and ${below}`); }
  if (pyVersion === 'py2') { refuse(scope, 'framework: pyVersion', 'be of Python 3 for Hugging Face', pyVersion); }
}
