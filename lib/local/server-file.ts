import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from './whole-file';

/** How to reach the local AWS of a state folder. */
export interface ServerInfo {
  readonly pid: number;
  readonly apiPort: number;
  readonly s3Port: number;
  /** Whoever can read this file may control it. */
  readonly token: string;
}

/** The exit code of a local AWS whose state folder another one has. */
export const LOCKED = 75;

/** The error of what comes when it has begun to end: a new one can do it. */
export const ENDING = 'LocalAwsEnding';

/** How SDKs and the AWS CLI find it. */
export function endpointVariables({ apiPort, s3Port }: ServerInfo): { readonly [name: string]: string } {
  const api = `http://127.0.0.1:${apiPort}`;
  return {
    AWS_ENDPOINT_URL_SAGEMAKER: api, AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: api, AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: api, AWS_ENDPOINT_URL_CLOUDWATCH: api,
    AWS_ENDPOINT_URL_SSM: api, AWS_ENDPOINT_URL_SFN: api, AWS_ENDPOINT_URL_CLOUDFORMATION: api, AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${s3Port}`,
  };
}

const fileOf = (state: string) => join(state, 'server.json');

export function writeServerInfo(state: string, info: ServerInfo): void {
  writeWhole(fileOf(state), JSON.stringify(info, undefined, 2), 0o600);
}

/** Nothing when there is none, or when its process is gone. */
export function readServerInfo(state: string): ServerInfo | undefined {
  try {
    const info = JSON.parse(readFileSync(fileOf(state), 'utf8')) as ServerInfo;
    return isAlive(info.pid) ? info : undefined;
  } catch {
    return undefined;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return !isZombie(pid);
}

/** Ended, but not yet collected by its parent: in a container that can take a while. */
function isZombie(pid: number): boolean {
  try {
    return /^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;                                                               // no such file where there is no /proc
  }
}
