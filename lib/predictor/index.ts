// What applications import as `cdk-sagemaker/predictor`. It knows nothing of the CDK, and its declarations nothing of the SDK.
export { AsyncPrediction, type WaitOptions } from './async-prediction';
export type { CsvData, CsvField, CsvRow } from './csv';
export { Deserializer } from './deserializer';
export { ModelError, PredictorError } from './errors';
export type { FrameworkData, FrameworkName } from './frameworks';
export type { LibSvmRow } from './lib-svm';
export { NumpyArray, type DType, type Nested } from './npy';
export { PredictionStream } from './prediction-stream';
export { Predictor } from './predictor';
export type { ClientOptions, Credentials, PredictAsyncOptions, Prediction, PredictOptions, PredictorOptions, TargetOptions } from './predictor-options';
export type { NumberArray, Sequence } from './sequence';
export { Serializer } from './serializer';
export type { Absence, ObjectStore, StoredObject } from './stored-object';
