import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mount } from '../containers/container-process';
import type { Invocation } from '../sagemaker-api';
import { ServiceError } from '../service-error';
import type { ServingAnswer } from './container-server';
import { JobFailure } from './failure-reason';
import { letRead } from './left-files';
import { loadFailure, targetModelOf } from './multi-model-server';
import { bringModel } from './opt-ml';
import { ServingContainer } from './serving-container';

/** A model in the container. */
interface LoadedModel {
  readonly loading: Promise<void>;
  underway: number;
}

/** A multi-model container by SageMaker's contract: it loads, unloads and asks models as it is told. */
export class MultiModelContainer extends ServingContainer {
  /** By artifact, the one asked last at the end. */
  private readonly models = new Map<string, LoadedModel>();
  /** Those that the container is giving up. */
  private readonly unloading = new Map<string, Promise<void>>();

  public override executionParameters(): Promise<undefined> { return Promise.resolve(undefined); }

  public override invoke(invocation: Invocation, timeout?: number): Promise<ServingAnswer> {
    const name = targetModelOf(invocation);
    return this.client.whileBusy(() => this.ask(name, invocation, timeout));
  }

  protected override async mounts(): Promise<Mount[]> {
    await mkdir(this.modelsFolder, { recursive: true });
    await letRead(this.modelsFolder);
    return [{ from: this.modelsFolder, to: '/opt/ml/models', readOnly: true }];
  }

  protected override environment(): Record<string, string> {
    return { SAGEMAKER_MULTI_MODEL: 'true', ...super.environment() };
  }

  private get modelsFolder(): string {
    return join(this.folder, 'models');
  }

  private async ask(name: string, invocation: Invocation, timeout: number | undefined, isAgain = false): Promise<ServingAnswer> {
    const model = this.model(name);
    model.underway += 1;
    try {
      await model.loading;
      const answer = await this.withRoom(name, () => this.client.invoke(invocation, timeout, `/models/${idOf(name)}/invoke`, { [TARGET_MODEL]: name }));
      if (answer.status !== 404 || isAgain || await this.hasLoaded(name)) { return answer; }
      if (this.models.get(name) === model) { this.models.delete(name); }
    } catch (error) {
      throw error instanceof JobFailure ? loadFailure(name, error) : error;
    } finally {
      model.underway -= 1;
    }
    return this.ask(name, invocation, timeout, true);
  }

  /** A container may give up a model by itself; a 404 may as well be the model's own answer. */
  private hasLoaded(name: string): Promise<boolean> {
    return this.client.send({ method: 'GET', path: `/models/${idOf(name)}`, headers: { [TARGET_MODEL]: name } }).then(({ status }) => status !== 404, () => true);
  }

  private model(name: string): LoadedModel {
    const model = this.models.get(name) ?? { loading: this.load(name), underway: 0 };
    this.models.delete(name);
    this.models.set(name, model);
    return model;
  }

  private async load(name: string): Promise<void> {
    // What the container would still say of it, and what is still in its folder, is about to go.
    await this.unloading.get(name)?.catch(() => undefined);
    const id = idOf(name);
    const folder = join(this.modelsFolder, id);
    this.log.note(`Loading model ${name}`);
    try {
      await mkdir(join(folder, 'model'), { recursive: true });
      await bringModel(this.machine.s3, `${this.served.definition.ModelDataUrl?.replace(/\/?$/, '/')}${name}`, true, join(folder, 'model'));
      await letRead(folder);
      const body = Buffer.from(JSON.stringify({ model_name: id, url: `/opt/ml/models/${id}/model` }));
      const answer = await this.withRoom(name, () => this.client.send({ method: 'POST', path: '/models', body, headers: { 'Content-Type': 'application/json', 'Accept': 'application/json', [TARGET_MODEL]: name } }));
      // 409: it has it already.
      if (answer.status >= 300 && answer.status !== 409) { throw new JobFailure(`the container answered ${answer.status}: ${answer.body.toString()}`); }
    } catch (error) {
      // The folder first: who asks from then on loads it again, into the same one.
      await rm(folder, { recursive: true, force: true });
      this.models.delete(name);
      throw error;
    }
  }

  /** 507 says that there is no room: the models that were asked longest ago make some, one after the other. */
  private async withRoom(name: string, ask: () => Promise<ServingAnswer>): Promise<ServingAnswer> {
    for (;;) {
      const answer = await ask();
      const oldest = answer.status === 507 ? [...this.models].find(([other, { underway }]) => other !== name && underway === 0)?.[0] : undefined;
      if (oldest === undefined) { return answer; }
      await this.unload(oldest);
    }
  }

  private unload(name: string): Promise<void> {
    const model = this.models.get(name);
    this.models.delete(name);
    const unloading = this.giveUp(name, model).finally(() => { if (this.unloading.get(name) === unloading) { this.unloading.delete(name); } });
    this.unloading.set(name, unloading);
    return unloading;
  }

  private async giveUp(name: string, model: LoadedModel | undefined): Promise<void> {
    await model?.loading.catch(() => undefined);
    this.log.note(`Unloading model ${name}`);
    const { status, body } = await this.client.send({ method: 'DELETE', path: `/models/${idOf(name)}`, headers: { [TARGET_MODEL]: name } });
    if (status >= 300 && status !== 404) { throw new ServiceError('ModelError', `Failed to unload model ${name}: the container answered ${status}: ${body.toString()}`, 424); }
    await rm(join(this.modelsFolder, idOf(name)), { recursive: true, force: true });
  }
}

/** What the container knows an artifact by. */
const idOf = (name: string) => createHash('sha256').update(name).digest('hex').slice(0, 32);
const TARGET_MODEL = 'X-Amzn-SageMaker-Target-Model';
