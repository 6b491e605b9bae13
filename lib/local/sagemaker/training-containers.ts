import { chmod, mkdir, stat } from 'node:fs/promises';
import { basename, join, posix } from 'node:path';
import type { CreateTrainingJobRequest } from '@aws-sdk/client-sagemaker';
import type { Mount } from '../containers/container-process';
import { parseS3Uri } from '../s3-folder';
import type { Host } from './hosts';
import type { JobContainers } from './job-containers';
import { letRead } from './left-files';
import type { Machine } from './machine';
import type { OptMl } from './opt-ml';
import type { Program } from './program-run';
import { programOf } from './script';

export interface TrainingContainersProps {
  readonly name: string;
  readonly arn: string;
  readonly request: CreateTrainingJobRequest;
  readonly machine: Machine;
  readonly hosts: readonly Host[];
  /** Of each host; model, checkpoints and code are those of the first. */
  readonly folders: readonly OptMl[];
  readonly containers: JobContainers;
  /** Of this machine. */
  readonly checkpoints: string;
  readonly signal: AbortSignal;
}

/** Brings inputs and code to their places. @throws JobFailure: why there are none */
export async function trainingContainers(job: TrainingContainersProps): Promise<Program[]> {
  const { request, machine, hosts, folders, containers, signal } = job;
  const [shared] = folders as [OptMl];
  const script = programOf(request.HyperParameters);
  // What is not in S3 is in the image.
  const bringsCode = script?.directory !== undefined && parseS3Uri(script.directory) !== undefined;
  if (bringsCode) { await shared.bringCode(machine.s3, script); }
  const asSeen = bringsCode ? { ...request, HyperParameters: { ...request.HyperParameters, sagemaker_submit_directory: JSON.stringify(CODE) } } : request;
  for (const [index, host] of hosts.entries()) {
    const ml = folders[index] as OptMl;
    await ml.writeConfiguration(asSeen, host, hosts, containers.interfaceName);
    await ml.downloadChannels(machine, request, host, hosts, signal);
    // Where a folder of this machine is mounted in one of ours; the engine would make it as root.
    for (const path of [...machine.volumes?.keys() ?? []].filter((each) => each.startsWith('/opt/ml/'))) { await mkdir(ml.here(path), { recursive: true }); }
    // The image's user need not be root.
    await letRead(ml.base);
    for (const folder of [shared.model, job.checkpoints, join(ml.base, 'output'), ml.outputData]) { await chmod(folder, 0o777); }
  }
  return Promise.all(hosts.map(async (host, index) => {
    const ml = folders[index] as OptMl;
    return containers.program(host, {
      failureFile: ml.failureFile,
      environment: { TRAINING_JOB_NAME: job.name, TRAINING_JOB_ARN: job.arn, ...request.Environment },
      mounts: await mountsOf(ml, shared, job, bringsCode),
    });
  }));
}

async function mountsOf(ml: OptMl, shared: OptMl, { request, checkpoints, machine }: TrainingContainersProps, withCode: boolean): Promise<Mount[]> {
  const volumes = [...machine.volumes ?? []].map(async ([path, from]) => ({ from, to: (await stat(from)).isFile() ? posix.join(path, basename(from)) : path }));
  const mounts: Mount[] = [
    ...await Promise.all(volumes),
    { from: join(ml.base, 'input'), to: '/opt/ml/input' },
    { from: join(ml.base, 'output'), to: '/opt/ml/output' },
    { from: shared.model, to: '/opt/ml/model' },
    { from: checkpoints, to: checkpointPath(request) },
    ...withCode ? [{ from: shared.code, to: CODE }] : [],
  ];
  // Checkpoints may be in the model's folder, for instance.
  return mounts.filter((mount, index) => mounts.findIndex(({ to }) => to === mount.to) === index);
}

/** Where a container has its checkpoints. */
export const checkpointPath = (request: CreateTrainingJobRequest) => (request.CheckpointConfig?.LocalPath ?? '/opt/ml/checkpoints').replace(/(?<=.)\/+$/, '');

const CODE = '/opt/ml/code';
