import type { ContainerDefinition } from '@aws-sdk/client-sagemaker';
import type { Invocation } from '../sagemaker-api';

/** What a model server answers. */
export interface ServingAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
  /** What the container says in a header of its own. */
  readonly customAttributes?: string;
}

/** What a model is served for. */
export interface ServedFor {
  /** In sentences. */
  readonly name: string;
  readonly startupSeconds?: number;
  /** Its containers have no more memory than that. @default - serverless */
  readonly instanceType?: string;
  /** Bytes, of a serverless variant. */
  readonly memory?: number;
}

/** A container of a model, as messages name it: `primary`, `container-2` or its host name. */
export interface ServedContainer {
  readonly name: string;
  readonly definition: ContainerDefinition;
  readonly isIsolated: boolean;
  /** One of several on its instance. */
  readonly hasNeighbours: boolean;
}

/** What serves a container of a model. */
export interface ContainerServer {
  readonly isRunning: boolean;
  /** @throws JobFailure with the reason why the model can't be served */
  start(): Promise<void>;
  invoke(invocation: Invocation, timeout?: number): Promise<ServingAnswer>;
  executionParameters(): Promise<Buffer | undefined>;
  stop(drainMilliseconds: number): Promise<void>;
}
