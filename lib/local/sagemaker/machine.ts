import { partitionOf } from '../../limits/partitions';
import type { Clock } from '../clock';
import type { Containers } from '../containers/containers';
import type { ImageStore } from '../images/image-store';
import type { LogStore } from '../logs/log-store';
import type { PythonEnvironments } from '../python-environment';
import type { S3Folder } from '../s3-folder';
import type { Interference } from './interference';

/** What jobs and endpoints are run with. */
export interface Machine {
  /** Everything is written below it. */
  readonly folder: string;
  readonly s3: S3Folder;
  /** Where scripts reach the S3 folder, for instance http://127.0.0.1:4566. */
  readonly s3Endpoint: string;
  readonly region: string;
  readonly accountId: string;
  readonly clock: Clock;
  readonly python: PythonEnvironments;
  /** Where images of the user's own are looked up. */
  readonly images: ImageStore;
  /** Nothing where everything runs as a process. */
  readonly containers?: Containers;
  /** What training jobs use from where it lies: path in the container -> folder or file of this machine. */
  readonly volumes?: ReadonlyMap<string, string>;
  /** Where jobs and endpoints write their logs. */
  readonly logs: LogStore;
  /** How long a process has between SIGTERM and SIGKILL, in milliseconds. */
  readonly stopGrace: number;
  /** How long a minute of a deployment's waits and of an alarm's periods is here, in milliseconds. */
  readonly minute: number;
  /** What a test wants to happen. */
  readonly interference?: Interference;
  readonly log: (line: string) => void;
}

/** The variables that a script gets from this machine: none of the user's own credentials, names or settings. */
export function machineVariables(temporary: string): Record<string, string> {
  const passed = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'LD_LIBRARY_PATH', 'SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'];
  const given = Object.fromEntries(passed.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name] as string]])));
  return { ...given, TMPDIR: temporary, PYTHONUNBUFFERED: '1', PYTHONDONTWRITEBYTECODE: '1' };
}

/** How a script's SDK finds the local AWS. Not for a network-isolated job: it has neither network nor credentials. */
export function awsVariables(machine: Machine): Record<string, string> {
  return {
    AWS_REGION: machine.region,
    AWS_DEFAULT_REGION: machine.region,
    AWS_ENDPOINT_URL_S3: machine.s3Endpoint,
    S3_ENDPOINT_URL: machine.s3Endpoint,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
}

export function arnOf(machine: Machine, kind: string, name: string): string {
  return `arn:${partitionOf(machine.region)}:sagemaker:${machine.region}:${machine.accountId}:${kind}/${name.toLowerCase()}`;
}
