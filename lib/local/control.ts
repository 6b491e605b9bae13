import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { stacksOf, templateOfStack } from './assembly';
import type { Attendance } from './attendance';
import { answering, bodyOf, requireLocalCaller, send } from './aws-json';
import type { PartialListener } from './aws-json';
import type { CloudFormation, Started } from './cloudformation/engine';
import { isInProgress } from './cloudformation/stack-record';
import type { StackEvent, StackRecord } from './cloudformation/stack-record';
import type { LocalMode } from './containers/containers';
import type { ImageStore } from './images/image-store';
import type { JobProgress, JobProgresses } from './job-progress';
import { publishAssets } from './publish';
import { missedOf } from './resources/recorded';
import type { S3Folder } from './s3-folder';
import { ENDING } from './server-file';
import { ServiceError } from './service-error';

/** What an operation begun through the control API says of itself. */
export interface BegunOperation extends Omit<Started, 'finished'> {
  readonly stackName: string;
  readonly images?: number;
  /** They are built when a job or an endpoint wants them; otherwise their Dockerfiles are followed. */
  readonly buildsImages?: boolean;
  /** What of the stack does not happen here. */
  readonly missed?: readonly string[];
}

/** The news of a stack since an event. */
export interface News {
  readonly status: StackRecord['status'];
  readonly statusReason?: string;
  readonly isInProgress: boolean;
  readonly events: readonly StackEvent[];
  readonly outputs: StackRecord['outputs'];
  readonly jobs: readonly JobProgress[];
}

export interface ControlWorld {
  readonly token: string;
  readonly cloudFormation: CloudFormation;
  readonly s3: S3Folder;
  readonly images: ImageStore;
  readonly jobs: JobProgresses;
  readonly attendance: Attendance;
  readonly mode: LocalMode;
  /** What runs jobs and endpoints, in a sentence. */
  readonly runsIn: string;
  /** Whether images are built, or only followed. */
  readonly buildsImages: boolean;
  /** Whether a job is under way. */
  hasJobs(): boolean;
  /** Whether nobody but who asks wants anything of it. */
  isAlone(): boolean;
  /** Ends the local AWS. */
  stop(): void;
  log(line: string): void;
}

/** A stack as whoever is about to change it has to know it. */
export interface StackNow {
  readonly stackName: string;
  readonly stackId: string;
  readonly status: StackRecord['status'];
  readonly isInProgress: boolean;
  /** A command waits for the operation under way. */
  readonly isAttended: boolean;
  /** The number of its next event. */
  readonly nextEvent: number;
}

type Input = { readonly [name: string]: unknown };
/** @param gone when whoever asks is no longer there */
type Command = (input: Input, gone: AbortSignal) => unknown;
/** What can be asked for, by its name in the path. */
export type ControlCommands = { readonly [command: string]: Command };

/** How the command line speaks to the local AWS: `POST /control/<command>` with the token of the state folder. */
export function controlListener(world: ControlWorld, more: ControlCommands = {}): PartialListener {
  const commands: ControlCommands = { ...commandsOf(world), ...more };
  return (request, response) => {
    if (!/^\/control(\/|$)/.test(request.url ?? '')) { return false; }
    const command = /^\/control\/([a-z]+)$/.exec(request.url ?? '')?.[1] ?? '';
    const gone = new AbortController();
    response.once('close', () => { if (!response.writableFinished) { gone.abort(); } });
    void answering(response, (line) => world.log(line), ({ name, message }) => ({ name, message }), async () => {
      requireLocalCaller(request);
      requireToken(request, world.token);
      const run = Object.hasOwn(commands, command) ? commands[command] : undefined;
      if (run === undefined) { throw new ServiceError('UnknownCommand', `there is no ${request.url ?? ''}`, 404); }
      if (request.method !== 'POST') { throw new ServiceError('MethodNotAllowed', `${request.url ?? ''} takes POST, got ${request.method ?? ''}`, 405); }
      const input = inputOf((await bodyOf(request)).toString());
      send(response, 200, { 'Content-Type': 'application/json' }, Buffer.from(JSON.stringify(await run(input, gone.signal) ?? null)));
    });
    return true;
  };
}

function commandsOf(world: ControlWorld): ControlCommands {
  const { cloudFormation, attendance } = world;
  let isEnding = false;
  const begun = (stackName: string, { kind, stackId, firstEvent, finished }: Started, more: { images?: number; buildsImages?: boolean; missed?: readonly string[] } = {}): BegunOperation => {
    finished.catch((error: Error) => world.log(error.stack ?? error.message));
    attendance.begin(stackId);
    return { stackName, kind, stackId, firstEvent, ...more };
  };
  return {
    ping: () => ({ pid: process.pid, mode: world.mode, runsIn: world.runsIn }),
    async deploy({ assembly, id, parameters, rollback }) {
      if (isEnding) { throw new ServiceError(ENDING, 'the local AWS is ending', 503); }
      const stack = stacksOf(String(assembly)).find((candidate) => candidate.id === id);
      if (stack === undefined) { throw new ServiceError('ValidationError', `${String(assembly)} has no stack ${String(id)}`); }
      const { stackName, region = 'us-east-1', account = '123456789012' } = stack;
      const { images } = await publishAssets(stack, world, { region, account });
      await cloudFormation.restoreAgain();
      const template = templateOfStack(stack);
      const started = cloudFormation.deploy({
        stackName, region, account, template, paths: stack.paths, roleArn: stack.roleArn, rollback: rollback !== false,
        parameters: { ...stack.parameters, ...parameters as { [name: string]: string } },
      });
      return begun(stackName, started, { images, buildsImages: world.buildsImages, missed: missedOf(template as object) });
    },
    destroy: ({ stackName, stackId, after }) => begun(String(stackName), cloudFormation.isDeleted(String(stackId))
      ? { kind: 'delete', stackId: String(stackId), firstEvent: Number(after) + 1, finished: Promise.resolve(cloudFormation.describe(String(stackId))) }
      : cloudFormation.delete(String(stackName))),
    cancel: ({ stackName }) => begun(String(stackName), cloudFormation.cancelUpdate(String(stackName))),
    rollback: ({ stackName, skip }) => begun(String(stackName), cloudFormation.rollBack(String(stackName), skip as string[])),
    stacks: () => cloudFormation.list().map(({ stackName, status }) => ({ stackName, status })),
    stack: ({ stackName }) => stackNow(world, String(stackName)),
    async news({ stackId, after, wait, attends }, gone) {
      const leave = attends === true ? attendance.wait(String(stackId), gone) : () => undefined;
      try { return await newsOf(world, String(stackId), Number(after), Number(wait ?? 0), gone); } finally { leave(); }
    },
    stop({ unless }) {
      const isBusy = !world.isAlone() || world.hasJobs() || cloudFormation.list().some(({ status }) => isInProgress(status));
      if (unless === 'busy' && isBusy || unless === 'needed' && (cloudFormation.list().length > 0 || !world.isAlone())) { return { ends: false }; }
      isEnding = true;
      // After the answer has gone.
      setTimeout(() => world.stop(), 20);
      return { ends: true };
    },
  };
}

async function stackNow({ cloudFormation, attendance }: ControlWorld, stackName: string): Promise<StackNow | undefined> {
  const find = () => cloudFormation.list().find((record) => record.stackName === stackName);
  const before = find();
  const isAttended = before !== undefined && isInProgress(before.status) && await attendance.isAttended(before.stackId);
  const record = find();
  if (record === undefined) { return undefined; }
  const { stackId, status, events } = record;
  return { stackName, stackId, status, isInProgress: isInProgress(status), isAttended, nextEvent: (events.at(-1)?.number ?? -1) + 1 };
}

/** Waits until there is something new, but no longer than told. */
async function newsOf({ cloudFormation, jobs }: ControlWorld, stackId: string, after: number, wait: number, gone: AbortSignal): Promise<News> {
  const until = Date.now() + Math.min(wait, 30_000);
  for (;;) {
    const { status, statusReason, events, outputs } = cloudFormation.describe(stackId);
    const news = events.filter(({ number }) => number > after);
    if (news.length > 0 || !isInProgress(status) || Date.now() >= until || gone.aborted) {
      return { status, statusReason, isInProgress: isInProgress(status), events: news, outputs, jobs: isInProgress(status) ? await jobs.of(stackId) : [] };
    }
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}

/** @throws ServiceError for what is no JSON object */
function inputOf(body: string): Input {
  let input: unknown;
  try { input = JSON.parse(body || '{}'); } catch { /* said below */ }
  if (typeof input !== 'object' || input === null || Array.isArray(input)) { throw new ServiceError('ValidationError', 'the body must be a JSON object'); }
  return input as Input;
}

function requireToken(request: IncomingMessage, token: string): void {
  const given = Buffer.from(String(request.headers.authorization ?? ''));
  const wanted = Buffer.from(`Bearer ${token}`);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) { throw new ServiceError('AccessDeniedException', 'the token of the state folder is needed', 403); }
}
