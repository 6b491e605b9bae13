import type { ContinuousUpload } from './continuous-upload';
import type { HostLogs } from './host-logs';

/** For the log: nothing is uploaded from a folder of the container. */
export const noFolder = (path: string) => `${path} is not the folder any more that it was: nothing of it is uploaded.`;

/** Says in the log what is not uploaded from a folder of the container, since it is neither a file nor a folder. */
export function noteLeftOut(logs: HostLogs, path: string, others: readonly string[]): void {
  if (others.length === 0) { return; }
  const names = [...others].slice(0, MOST_NAMES).map((name) => `${path}/${name}`);
  logs.note(`Not uploaded, since they are links, pipes, sockets or devices: ${names.join(', ')}${others.length > MOST_NAMES ? ` and ${others.length - MOST_NAMES} more` : ''}`);
}

/** Uploads what is left in a folder of the container; the answer is what could not be. */
export async function finishUpload(upload: ContinuousUpload, path: string, logs: HostLogs): Promise<string[]> {
  const { failed, others } = await upload.finish();
  noteLeftOut(logs, path, others);
  // An error of a file system ends with a path of this machine.
  return failed.map(({ path: name, error }) => `${path}/${name}: ${(error as NodeJS.ErrnoException).path === undefined ? error.message : error.message.replace(/, \w+ '.*$/s, '')}`);
}

const MOST_NAMES = 10;
