import type { CsvData } from './csv';
import { Deserializer } from './deserializer';
import type { LibSvmRow } from './lib-svm';
import type { Nested, NumpyArray } from './npy';
import { Serializer } from './serializer';

/** What the predictors of the Python SDK take and give by default: a row for each framework, `[data, answer]`. */
export interface FrameworkData {
  readonly 'chainer': [Nested | NumpyArray, NumpyArray];
  readonly 'hugging-face': [unknown, any];
  readonly 'ip-insights': [CsvData, any];
  readonly 'mxnet': [unknown, any];
  readonly 'pytorch': [Nested | NumpyArray, NumpyArray];
  readonly 'scikit-learn': [Nested | NumpyArray, NumpyArray];
  readonly 'spark-ml': [CsvData, Uint8Array];
  readonly 'tensorflow': [unknown, any];
  readonly 'xgboost': [string | readonly LibSvmRow[], string[][]];
}

export type FrameworkName = keyof FrameworkData;

const json = () => ({ serializer: Serializer.json(), deserializer: Deserializer.json() });
const numpy = () => ({ serializer: Serializer.numpy(), deserializer: Deserializer.numpy() });

export const FRAMEWORK_FORMATS: { readonly [F in FrameworkName]: () => { readonly serializer: Serializer<FrameworkData[F][0]>; readonly deserializer: Deserializer<FrameworkData[F][1]> } } = {
  'chainer': numpy,
  'hugging-face': json,
  'ip-insights': () => ({ serializer: Serializer.csv(), deserializer: Deserializer.json() }),
  'mxnet': json,
  'pytorch': numpy,
  'scikit-learn': numpy,
  'spark-ml': () => ({ serializer: Serializer.csv(), deserializer: Deserializer.bytes() }),
  'tensorflow': json,
  'xgboost': () => ({ serializer: Serializer.libSvm(), deserializer: Deserializer.csv() }),
};
