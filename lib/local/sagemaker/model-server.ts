import { join } from 'node:path';
import type { CreateModelInput } from '@aws-sdk/client-sagemaker';
import type { Invocation } from '../sagemaker-api';
import { ServiceError } from '../service-error';
import { ChosenServer } from './chosen-server';
import type { ContainerServer, ServedContainer, ServedFor, ServingAnswer } from './container-server';
import type { JobLog } from './job-log';
import type { Machine } from './machine';
import { definitionsOf } from './models';

/** What a model answers, and which of its containers did. */
export interface ModelAnswer extends ServingAnswer {
  readonly container: string;
}

/** The servers of a model on one instance: one for each of its containers, asked one after the other or each by its name. */
export class ModelServer {
  private readonly containers: ReadonlyArray<ServedContainer & { readonly server: ContainerServer }>;
  private readonly isDirect: boolean;

  /** @param logOf the log of a container; it gets what is put after the stream's name */
  constructor(servedFor: ServedFor, model: CreateModelInput, machine: Machine, logOf: (suffix: string) => JobLog, folder: string) {
    const definitions = definitionsOf(model);
    this.isDirect = definitions.length > 1 && model.InferenceExecutionConfig?.Mode === 'Direct';
    this.containers = definitions.map((definition, index) => {
      const isOnly = definitions.length === 1;
      const name = isOnly ? 'primary' : definition.ContainerHostname ?? `container-${index + 1}`;
      const served = { name, definition, isIsolated: model.EnableNetworkIsolation === true, hasNeighbours: !isOnly };
      const at = isOnly ? folder : join(folder, `container-${index + 1}`);
      return { ...served, server: new ChosenServer(servedFor, served, machine, logOf(isOnly ? '' : `/${name}`), at) };
    });
  }

  /** All containers or none. @throws JobFailure with the reason why the model can't be served */
  public async start(): Promise<void> {
    const starts = await Promise.allSettled(this.containers.map(({ server }) => server.start()));
    const failed = starts.find((start) => start.status === 'rejected');
    if (failed !== undefined) {
      await this.stop(0);
      throw (failed as PromiseRejectedResult).reason;
    }
  }

  public get isRunning(): boolean {
    return this.containers.every(({ server }) => server.isRunning);
  }

  /** How the first container wants to be asked by a batch transform, if it says so. */
  public executionParameters(): Promise<Buffer | undefined> {
    return (this.containers[0] as { server: ContainerServer }).server.executionParameters();
  }

  public async invoke(invocation: Invocation, timeout?: number): Promise<ModelAnswer> {
    const { targetContainer } = invocation;
    if (!this.isDirect) {
      if (targetContainer !== undefined) { throw new ServiceError('ValidationError', 'TargetContainerHostname can only be specified for an endpoint whose containers are invoked directly.'); }
      return this.inSeries(invocation, timeout);
    }
    if (targetContainer === undefined) { throw new ServiceError('ValidationError', 'TargetContainerHostname must be specified for an endpoint whose containers are invoked directly.'); }
    const target = this.containers.find(({ name }) => name === targetContainer);
    if (target === undefined) { throw new ServiceError('ValidationError', `Container ${targetContainer} not found; containers: ${this.containers.map(({ name }) => name).join(', ')}.`); }
    return { ...await target.server.invoke(invocation, timeout), container: target.name };
  }

  public async stop(drainMilliseconds: number): Promise<void> {
    await Promise.all(this.containers.map(({ server }) => server.stop(drainMilliseconds)));
  }

  /** Each gets the answer of the one before, with its content type; what the client accepts is for the last one. The first that fails answers. */
  private async inSeries(invocation: Invocation, timeout?: number): Promise<ModelAnswer> {
    let { body, contentType } = invocation;
    for (const { name, server } of this.containers.slice(0, -1)) {
      const answer = await server.invoke({ ...invocation, body, contentType, accept: undefined, sink: undefined }, timeout);
      if (answer.status >= 300) { return { ...answer, container: name }; }
      ({ body, contentType } = answer);
    }
    const last = this.containers.at(-1) as { name: string; server: ContainerServer };
    return { ...await last.server.invoke({ ...invocation, body, contentType }, timeout), container: last.name };
  }
}
