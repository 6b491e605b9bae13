import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FunctionErrorBody, InvokeMessage } from './messages';

type Handler = (event: unknown, context: object, callback: (error: unknown, result?: unknown) => void) => unknown;

/** Serves a function over IPC: loads the handler with the first invocation and keeps it, as Lambda does with a warm environment. */
export function serveFunction(): void {
  let handler: Promise<Handler> | undefined;
  const send = process.send?.bind(process);
  // Lambda has none; code that finds one would speak into ours.
  process.send = undefined;
  process.on('message', (message: InvokeMessage) => {
    handler ??= loadHandler(process.env.LAMBDA_TASK_ROOT ?? '.', process.env._HANDLER ?? 'index.handler');
    handler.then((loaded) => invoke(loaded, message)).then(
      // A function is no JSON.
      (result) => send?.({ id: message.id, result: JSON.stringify(result) ?? 'null' }),
      (error: unknown) => send?.({ id: message.id, error: errorBody(error) }),
    );
  });
  // Whoever started this process is gone, and nobody would ask any more.
  process.on('disconnect', () => process.exit(0));
}

async function loadHandler(root: string, name: string): Promise<Handler> {
  const [, path = '', member = ''] = /^(.*)\.([^./]+)$/.exec(name) ?? [];
  const file = ['.js', '.cjs', '.mjs'].map((ending) => join(root, `${path}${ending}`)).find((candidate) => existsSync(candidate));
  if (file === undefined) { throw Object.assign(new Error(`Error: Cannot find module '${path}'`), { name: 'Runtime.ImportModuleError' }); }
  const loaded = (file.endsWith('.mjs') ? await import(pathToFileURL(file).href) : createRequire(file)(file)) as { [member: string]: unknown };
  if (typeof loaded[member] !== 'function') { throw Object.assign(new Error(`${name} is undefined or not exported`), { name: 'Runtime.HandlerNotFound' }); }
  return loaded[member] as Handler;
}

function invoke(handler: Handler, { id, event, functionName, functionArn, memoryMB, deadline }: InvokeMessage): Promise<unknown> {
  const context = {
    awsRequestId: id, functionName, functionVersion: '$LATEST', invokedFunctionArn: functionArn, memoryLimitInMB: String(memoryMB),
    logGroupName: `/aws/lambda/${functionName}`, logStreamName: 'local', callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
  return new Promise((resolve, reject) => {
    const answer = handler(event, context, (error, result) => (error ? reject(error) : resolve(result)));
    if (handler.length < 3 || answer instanceof Promise) { resolve(answer); }
  });
}

function errorBody(error: unknown): FunctionErrorBody {
  return error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') }
    : { errorType: typeof error, errorMessage: String(error), trace: [] };
}
