import {
  InvokeEndpointAsyncCommand, InvokeEndpointCommand, InvokeEndpointWithResponseStreamCommand, type InvokeEndpointWithResponseStreamOutput, type SageMakerRuntimeClient,
} from '@aws-sdk/client-sagemaker-runtime';
import { randomUUID } from 'node:crypto';
import { AsyncPrediction } from './async-prediction';
import { Deserializer } from './deserializer';
import { PredictorError } from './errors';
import { FRAMEWORK_FORMATS, type FrameworkData, type FrameworkName } from './frameworks';
import { PredictionStream } from './prediction-stream';
import type { PredictAsyncOptions, Prediction, PredictOptions, PredictorOptions } from './predictor-options';
import { inOurWords, runtimeClient } from './runtime';
import { S3, s3Location } from './s3';
import type { NumberArray } from './sequence';
import { Serializer } from './serializer';

/** What InvokeEndpointAsync takes in the request itself. */
const LARGEST_INLINE = 128_000;
const CLOCK = { now: () => Date.now(), sleep: (milliseconds: number) => new Promise<void>((resolve) => { setTimeout(resolve, milliseconds); }) };

/** Asks an endpoint of SageMaker: data goes through a serializer, and its answer through a deserializer. */
export class Predictor<I = string | NumberArray, O = Uint8Array> {
  /** With the serializer and deserializer that the Python SDK's predictor of a framework has, unless the options name others. */
  static forFramework<F extends FrameworkName, I = FrameworkData[F][0], O = FrameworkData[F][1]>(framework: F, endpointName: string, options: PredictorOptions<I, O> = {}): Predictor<I, O> {
    const formats = Object.hasOwn(FRAMEWORK_FORMATS, framework) ? FRAMEWORK_FORMATS[framework]() : undefined;
    if (formats === undefined) { throw new PredictorError('ValidationError', `framework must be one of ${Object.keys(FRAMEWORK_FORMATS).join(', ')}, got ${framework}`); }
    return new Predictor<I, O>(endpointName, { ...formats as unknown as PredictorOptions<I, O>, ...options });
  }

  private readonly serializer: Serializer<I>;
  private readonly deserializer: Deserializer<O>;
  private readonly client: SageMakerRuntimeClient;
  private readonly s3: S3;

  /** @throws PredictorError for a name that no endpoint can have */
  constructor(public readonly endpointName: string, private readonly options: PredictorOptions<I, O> = {}) {
    const isUnset = (endpointName as unknown) === undefined || endpointName === '';
    if (isUnset) { throw new PredictorError('ValidationError', `an endpoint's name is needed, got ${endpointName === '' ? 'an empty text' : 'undefined'}: is the variable of the environment set that has it?`); }
    if (typeof endpointName !== 'string' || !/^[a-zA-Z0-9](-*[a-zA-Z0-9])*$/.test(endpointName)) { throw new PredictorError('ValidationError', `an endpoint's name is of letters, digits and hyphens, got ${String(endpointName)}`); }
    this.serializer = options.serializer ?? Serializer.bytes() as unknown as Serializer<I>;
    this.deserializer = options.deserializer ?? Deserializer.bytes() as unknown as Deserializer<O>;
    this.client = runtimeClient(options);
    this.s3 = new S3(this.client.config, options.s3EndpointUrl, CLOCK.sleep);
  }

  /**
   * The model's answer.
   *
   * @throws ModelError when the model answers with an error; PredictorError for all else
   */
  async predict(data: I, options: PredictOptions = {}): Promise<O> {
    return (await this.invoke(data, options)).body;
  }

  /** As `predict`, with what comes with the answer: its content type, the variant, custom attributes. */
  async invoke(data: I, options: PredictOptions = {}): Promise<Prediction<O>> {
    const input = { ...this.common(options), ...this.targets(options), Body: this.serializer.serialize(data), EnableExplanations: options.enableExplanations, SessionId: options.sessionId };
    const answer = await this.asked(() => this.client.send(new InvokeEndpointCommand(input)));
    const contentType = answer.ContentType ?? '';
    return {
      body: this.deserializer.deserialize(answer.Body ?? new Uint8Array(), contentType), contentType,
      invokedVariant: answer.InvokedProductionVariant, customAttributes: answer.CustomAttributes, newSessionId: answer.NewSessionId, closedSessionId: answer.ClosedSessionId,
    };
  }

  /**
   * The answer part by part, while the model makes it.
   *
   * @throws ModelError when the model answers with an error, or while reading, when it breaks off
   */
  async predictStream(data: I, options: Omit<PredictOptions, 'enableExplanations'> = {}): Promise<PredictionStream> {
    const input = { ...this.common(options), ...this.targets(options), Body: this.serializer.serialize(data), SessionId: options.sessionId };
    const answer = await this.asked(() => this.client.send(new InvokeEndpointWithResponseStreamCommand(input)));
    return new PredictionStream(this.parts(answer.Body), answer.ContentType ?? '', answer.InvokedProductionVariant, answer.CustomAttributes);
  }

  /**
   * Leaves a request with an asynchronous endpoint, whose answer will be in S3.
   *
   * @throws PredictorError when the service refuses it, or the data can't be uploaded
   */
  async predictAsync(options: PredictAsyncOptions<I>): Promise<AsyncPrediction<O>> {
    if (typeof options !== 'object' || (options as unknown) === null) { throw new PredictorError('ValidationError', `predictAsync takes { data } or { inputLocation }, got ${String(options)}`); }
    const input = {
      ...this.common(options), ...await this.asyncInput(options),
      // What is in S3 already has a type of its own, which the serializer does not know.
      ...(options.inputLocation === undefined ? {} : { ContentType: options.contentType }),
      RequestTTLSeconds: options.requestTtlSeconds, InvocationTimeoutSeconds: options.invocationTimeoutSeconds,
    };
    const answer = await this.asked(() => this.client.send(new InvokeEndpointAsyncCommand(input)));
    if (answer.OutputLocation === undefined) { throw new PredictorError('ServiceError', `the service does not say where the answer of ${this.endpointName} will be`); }
    return new AsyncPrediction(answer.InferenceId, answer.OutputLocation, answer.FailureLocation, this.s3, this.deserializer, CLOCK);
  }

  /** Closes what connections there are. */
  close(): void { this.client.destroy(); }

  private common(options: Pick<PredictOptions, 'contentType' | 'accept' | 'customAttributes' | 'inferenceId'>) {
    return {
      // A deserializer may leave it to the container what its answer is.
      EndpointName: this.endpointName, ContentType: options.contentType ?? this.serializer.contentType, Accept: (options.accept ?? this.deserializer.accept) || undefined,
      CustomAttributes: options.customAttributes ?? this.options.customAttributes, InferenceId: options.inferenceId,
    };
  }

  private targets(options: PredictOptions) {
    const { targetVariant, targetModel, targetContainer, inferenceComponent } = { ...this.options, ...definedMembers(options) };
    return { TargetVariant: targetVariant, TargetModel: targetModel, TargetContainerHostname: targetContainer, InferenceComponentName: inferenceComponent };
  }

  private async asyncInput({ data, inputLocation, upload, contentType }: PredictAsyncOptions<I>): Promise<{ Body?: Uint8Array; InputLocation?: string }> {
    if ((data === undefined) === (inputLocation === undefined)) { throw new PredictorError('ValidationError', 'give data or inputLocation, and not both'); }
    if (inputLocation !== undefined) {
      if (upload !== undefined) { throw new PredictorError('ValidationError', 'upload is for data; what is at inputLocation is there already'); }
      s3Location(inputLocation);
      return { InputLocation: inputLocation };
    }
    const body = this.serializer.serialize(data as I);
    if (upload === undefined) {
      if (body.length > LARGEST_INLINE) { throw new PredictorError('ValidationError', `the request itself takes ${LARGEST_INLINE} bytes, the data has ${body.length}: say where to put it with upload: 's3://bucket/prefix/'`); }
      return { Body: body };
    }
    const location = s3Location(upload).key === '' || upload.endsWith('/') ? `${upload}${randomUUID()}` : upload;
    await this.asked(() => this.s3.write(location, body, contentType ?? this.serializer.contentType));
    return { InputLocation: location };
  }

  private async* parts(body: InvokeEndpointWithResponseStreamOutput['Body']): AsyncGenerator<Uint8Array> {
    try {
      for await (const event of body ?? []) {
        const failure = event.ModelStreamError ?? event.InternalStreamFailure;
        if (failure !== undefined) { throw failure; }
        if (event.PayloadPart?.Bytes !== undefined) { yield event.PayloadPart.Bytes; }
      }
    } catch (error) {
      throw inOurWords(error, this.endpointName);
    }
  }

  private async asked<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw inOurWords(error, this.endpointName);
    }
  }
}

const definedMembers = (options: PredictOptions): PredictOptions => Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
