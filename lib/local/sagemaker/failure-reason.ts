import type { ProcessEnd } from '../process-group';

/** SageMaker cuts a failure reason there. */
export const LONGEST_REASON = 1024;

/** A failure that is the job's or the model's: its message is the reason that SageMaker shows. */
export class JobFailure extends Error {}

/** The reason of an algorithm that has written its own, to /opt/ml/output/failure. */
export function reasonFromFile(text: string, code: number): string {
  return shortened(`AlgorithmError: ${text.trim()}`, `, exit code: ${code}`);
}

/** The reason of a script that AWS's training toolkit would have run, in the toolkit's form. */
export function reasonOfScript(end: ProcessEnd, command: readonly string[], stderr: string, base: string): string {
  const extra = end.code === 137 || end.code === -9 ? '\nExtraInfo "OutOfMemory: Process killed by SIGKILL (signal 9)"' : '';
  const tail = `"${extra}\nCommand "${cutAtEnd(command.join(' ').replaceAll(base, '/opt/ml'), 200)}", exit code: ${end.code < 0 ? 128 - end.code : end.code}`;
  const head = `AlgorithmError: ExecuteUserScriptError:\nExitCode ${end.code}\nErrorMessage "`;
  return head + cutAtStart(end.error ?? lastError(stderr, base), LONGEST_REASON - head.length - tail.length) + tail;
}

/** The reason of a container's own entry point. */
export function reasonOfEntrypoint(end: ProcessEnd, stderr: string, base: string): string {
  const tail = `, exit code: ${end.code < 0 ? 128 - end.code : end.code}`;
  const head = 'AlgorithmError: ';
  return head + cutAtStart(end.error ?? lastWords(end, stderr, base), LONGEST_REASON - head.length - tail.length) + tail;
}

/** What it said last, and what its end may mean. */
export const lastWords = (end: ProcessEnd, stderr: string, base: string) => [lastError(stderr, base), end.remark ?? ''].filter((text) => text !== '').join('\n');

/** The reason of a container that the engine could not start; nothing for one that it has started. */
export function cannotStartContainer(end: ProcessEnd, stderr: string, command: string): string | undefined {
  const said = engineRefusal(end, stderr);
  return said && cutAtEnd(`ClientError: CannotStartContainerError. Please make sure the container can be run with '${command}'. ${said}`, LONGEST_REASON);
}

/** Why the engine could not start a container, in its own words; nothing for one that it has started. */
export function engineRefusal({ code }: ProcessEnd, stderr: string): string | undefined {
  // A program too may end with these codes; then it is not the engine that speaks.
  if (code < 125 || code > 127) { return undefined; }
  return stderr.trim().split('\n').filter((line) => /^(\w+: )?Error(: | response from daemon)/.test(line)).pop()?.trim();
}

/**
 * What a process said last: the end of its last traceback where there is one, otherwise its last lines.
 * Without the import system's own frames, and with paths as a container has them: `base` is /opt/ml.
 */
export function lastError(stderr: string, base: string): string {
  const lines = stderr.replaceAll(base, '/opt/ml').split(/\r?\n/).map((line) => line.trimEnd())
    .filter((line) => line !== '' && !line.includes('File "<frozen importlib'));
  const traceback = lines.lastIndexOf('Traceback (most recent call last):');
  return lines.slice(traceback >= 0 ? traceback : -LAST_LINES).join('\n');
}

/** The most telling part of a text is its end. */
export function cutAtStart(text: string, most: number): string {
  return text.length <= most ? text : `...${text.slice(text.length - most + 3)}`;
}

export function cutAtEnd(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 3)}...`;
}

const LAST_LINES = 20;
const shortened = (text: string, tail: string) => cutAtEnd(text, LONGEST_REASON - tail.length) + tail;
