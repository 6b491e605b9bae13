import type { IncomingMessage, ServerResponse } from 'node:http';
import { bodyOf, send } from '../aws-json';
import type { Properties } from '../cloudformation/stack-record';
import { chosenVariant } from '../run-one/served-model';
import type { Runnable } from '../run-one/construct';
import { createModel, type ModelOptions } from '../run-one/model';
import { withRun, type OneRun } from '../run-one/one-run';
import { Interrupts } from '../run-one/run-job';
import { ServiceError } from '../service-error';
import { CommandError, UsageError, type Output } from './output';

export interface ServeOptions extends ModelOptions {
  readonly port: string;
  readonly variant?: string;
}

/** Prints the log of what serves until it has ended. */
export type TailLog = (log: { readonly endpoint: string; readonly group: string }, ended: () => boolean) => Promise<void>;

const SERVED: Runnable = { noun: 'endpoint, model or training job', types: ['AWS::SageMaker::Endpoint', 'AWS::SageMaker::Model', 'Custom::SageMakerTrainingJob'] };
const ENDPOINT = 'local';
const LOOK = 50;
const LARGEST_PAYLOAD = 25 * 1024 * 1024;
const ATTRIBUTES = 'X-Amzn-SageMaker-Custom-Attributes';

/** `cdk-sagemaker local serve`: a container's /ping and /invocations until Ctrl-C. @returns the exit code @throws CommandError */
export function serve(path: string | undefined, options: ServeOptions, output: Output, tail: TailLog): Promise<number> {
  const port = portOf(options.port);
  return withRun(path, SERVED, options, output, async (run) => {
    const { construct, machine } = run;
    // Before a model is loaded, which may take a while.
    const serving = new Serving(run);
    const url = `http://127.0.0.1:${await machine.listen((request, response) => void serving.answer(request, response), port).catch(() => { throw new CommandError(`port ${port} of 127.0.0.1 is taken; --port 0 takes one that is free`); })}`;
    const { modelId, variant } = await chosenVariant(run, options.variant);
    let isOver = false;
    const interrupts = new Interrupts(() => { isOver = true; }, (exitCode) => process.exit(exitCode));
    const log = output.isJson ? Promise.resolve() : tail({ endpoint: machine.endpoint, group: `/aws/sagemaker/Endpoints/${ENDPOINT}` }, () => isOver);
    try {
      await serving.start(await createModel(run, modelId, options), variant, () => isOver);
      if (!isOver) {
        say(output, construct.path, url);
        output.json({ ok: true, path: construct.path, url, endpoint: ENDPOINT });
      }
      while (!isOver) { await new Promise((resolve) => { setTimeout(resolve, LOOK); }); }
      return 0;
    } finally {
      isOver = true;
      await log;
      interrupts.forget();
    }
  });
}

class Serving {
  private isReady = false;

  constructor(private readonly run: OneRun) {}

  /** @throws CommandError with the reason why the model can't be served */
  async start(model: string, variant: Properties, isOver: () => boolean): Promise<void> {
    const { sageMaker } = this.run.machine;
    const { VariantName, InstanceType, ContainerStartupHealthCheckTimeoutInSeconds: seconds } = variant;
    const served = { VariantName: VariantName ?? 'AllTraffic', ModelName: model, InitialInstanceCount: 1, InstanceType: InstanceType ?? 'ml.m5.large', ...seconds !== undefined && { ContainerStartupHealthCheckTimeoutInSeconds: seconds } };
    await sageMaker.call('CreateEndpointConfig', { EndpointConfigName: ENDPOINT, ProductionVariants: [served] });
    await sageMaker.call('CreateEndpoint', { EndpointName: ENDPOINT, EndpointConfigName: ENDPOINT });
    for (;;) {
      const { EndpointStatus: status, FailureReason: reason } = await sageMaker.call('DescribeEndpoint', { EndpointName: ENDPOINT });
      if (status === 'InService') { break; }
      if (isOver()) { return; }
      if (status !== 'Creating') { throw new CommandError(`${this.run.construct.path}: ${String(reason ?? status)}`); }
      await new Promise((resolve) => { setTimeout(resolve, LOOK); });
    }
    this.isReady = true;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?')[0];
    if (path === '/ping') {
      send(response, this.isReady ? 200 : 503, {}, Buffer.alloc(0));
    } else if (path === '/invocations' && request.method === 'POST') {
      await this.invoke(request, response);
    } else if (!this.run.machine.api(request, response)) {
      send(response, 404, { 'Content-Type': 'text/plain' }, Buffer.from('this serves GET /ping and POST /invocations\n'));
    }
  }

  /** As a container answers: with the model's own status, whatever it is. */
  private async invoke(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const header = (name: string) => request.headers[name.toLowerCase()] as string | undefined;
    try {
      const body = await bodyOf(request, LARGEST_PAYLOAD);
      const answer = await this.run.machine.sageMaker.invoke(ENDPOINT, { body, contentType: header('content-type'), accept: header('accept'), customAttributes: header(ATTRIBUTES) });
      send(response, 200, { 'Content-Type': answer.contentType, ...answer.customAttributes !== undefined && { [ATTRIBUTES]: answer.customAttributes } }, answer.body);
    } catch (error) {
      const { OriginalStatusCode: status, OriginalMessage: message } = (error instanceof ServiceError ? error.details ?? {} : {}) as { OriginalStatusCode?: number; OriginalMessage?: string };
      send(response, status ?? (error instanceof ServiceError && error.status < 500 ? 400 : 500), { 'Content-Type': 'text/plain' }, Buffer.from(message ?? (error as Error).message));
    }
  }
}

function portOf(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) { throw new UsageError(`--port must be a number from 0 to 65535, got ${text}`); }
  return Number(text);
}

function say(output: Output, path: string, url: string): void {
  output.progress(`${path} answers at ${output.paint('bold', url)} (GET /ping, POST /invocations); Ctrl-C ends it`);
  output.progress(`  curl ${url}/invocations -H 'Content-Type: application/json' -d '[[1, 2, 3]]'`);
  output.progress(`  boto3.client("sagemaker-runtime", endpoint_url="${url}", region_name="us-east-1", aws_access_key_id="local", aws_secret_access_key="local")`);
  output.progress(`    .invoke_endpoint(EndpointName="${ENDPOINT}", ContentType="application/json", Body=b"[[1, 2, 3]]")["Body"].read()`);
}
